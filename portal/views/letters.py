"""« Vos courriels »: every letter that the portal sent to a person, for her to read again."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe
from django.views.generic import ListView

from accounts.queries import addresses_of
from notifications import rendering
from notifications.models import Letter


class Letters(ListView):
    """The list, the latest first."""

    paginate_by = 20
    template_name = "portal/letters.html"
    context_object_name = "letters"

    def get_queryset(self):
        return Letter.objects.sent_to(addresses_of(self.request.user)).only("subject", "sent_at")


@require_safe
def letter(request, pk):
    """One letter, as text."""
    found = get_object_or_404(Letter.objects.sent_to(addresses_of(request.user)), pk=pk)
    paragraphs, footer = rendering.to_page(found.body)
    return render(request, "portal/letter.html", {"letter": found, "paragraphs": paragraphs, "footer": footer})

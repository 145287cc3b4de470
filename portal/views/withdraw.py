"""Taking one's application back: here and not in `applications`, because it can touch an offer or a pair."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from applications import perms
from applications.models import Application
from lifecycle.doors import refusals_told
from matching import falls

_WITHDRAWN = gettext_lazy("Votre candidature est retirée. Un courriel vous le confirme.")
_GIVEN_BACK = gettext_lazy("Votre place est rendue. Merci de l’avoir dit\u00a0: un courriel vous le confirme.")


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request, reference):
    """Says what follows, then does it."""
    mine = Application.objects.visible_to(request.user).filter(candidate=request.user)
    application = get_object_or_404(mine.select_related("cohort", "candidate"), reference=reference)
    state = application.shown_state
    has_place = state in (Application.State.ACCEPTED, Application.State.CONFIRMED)
    if request.method == "POST":
        with refusals_told(request):
            falls.withdraw_application(application, actor=request.user)
            messages.success(request, _GIVEN_BACK if has_place else _WITHDRAWN)
        return redirect("portal:home")
    if not perms.can_withdraw(request.user, application):
        messages.info(request, _("Cette candidature n’est pas à retirer."))
        return redirect("portal:home")
    context = {
        "application": application,
        "state": state,
        "has_place": has_place,
        "can_confirm": perms.can_confirm(request.user, application, timezone.now()),
    }
    return render(request, "portal/withdraw.html", context)

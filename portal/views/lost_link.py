"""« J’ai perdu le lien »: a legal representative types her address. Whatever happens, the answer is the same."""

from time import monotonic, sleep

from allauth.core import ratelimit
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from applications.guardian_reminders import with_living_file
from consents import guardians
from consents.models import Guardian
from lifecycle.refusals import Refusal
from portal.guardian_forms import LostLinkForm
from portal.views.guardian import READ_OR_POST, kept_apart

LINKS_AT_ONCE = 10
"""A foster service may represent many: so many letters at most leave for one request."""
TAKES = 0.5
"""Seconds before the answer, known address or not: writing letters takes time, and time would tell."""


@kept_apart
@require_http_methods(READ_OR_POST)
def lost_link(request):
    """The form. What follows is the same for every address, known here or not."""
    form = LostLinkForm(request.POST if request.method == "POST" else None)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        if ratelimit.consume(request, action="guardian_link"):
            began = monotonic()
            _send_links(form.cleaned_data["email"].lower())
            sleep(max(0, began + TAKES - monotonic()))
            return redirect("portal:link_sent")
        form.add_error(
            None,
            _(
                "Beaucoup d’adresses viennent d’être écrites depuis votre connexion. Patientez une heure, puis "
                "recommencez\u00a0: celle que vous avez écrite est toujours là."
            ),
        )
        status = 429
    return render(request, "portal/guardian/lost.html", {"form": form}, status=status)


def _send_links(email: str) -> None:
    """One for each authorisation of this address that is still of use, the latest first.

    Never the first one: whom we have not written to, because a person of the team does it, has lost nothing.
    """
    known = Guardian.objects.filter(email=email, links_sent__gt=0)
    hers = with_living_file(known).select_related("authorisation__person")
    for guardian in hers.order_by("-asked_at", "-id")[:LINKS_AT_ONCE]:
        try:
            guardians.send_link(guardian, actor="guardian")
        except Refusal:
            continue  # one has just left, or enough of them today: she is told the same


@kept_apart
@require_safe
def link_sent(request):
    """« Si cette adresse nous a été donnée… »"""
    return render(request, "portal/guardian/lost_sent.html")

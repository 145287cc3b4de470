"""Coordinators' pages of pairs made by hand: choosing a mentor for somebody, and letting a pair go again."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.folding import plain
from applications import minors
from applications.models import Application
from lifecycle.doors import refusals_told
from lifecycle.refusals import Refusal
from matching import pinning
from matching.models import Pinned
from mentors.models import Commitment

SHOWN = 30
"""Mentors that are shown at once; a search by name or trade finds the others."""


class PinningPages:
    """For the admin of runs, beside `CohortPages`, which lends `_cohort` and `_page`."""

    def get_urls(self):
        def guarded(view):
            return self.admin_site.admin_view(view)

        one = "promotion/<int:cohort_id>/fixer/<int:application_id>/"
        asking = require_http_methods(["GET", "HEAD", "POST"])
        return [
            path(one, guarded(asking(self.pin_view)), name="matching_run_pin"),
            path(f"{one}liberer/", guarded(require_POST(self.unpin_view)), name="matching_run_unpin"),
            *super().get_urls(),
        ]

    def pin_view(self, request, cohort_id, application_id):
        """The mentors whom somebody could have, what each would cost, and a button each."""
        cohort, application = self._cohort(request, cohort_id), self._file(cohort_id, application_id)
        if request.method == "POST":
            return self._pin(request, application)
        choices = pinning.choices(application, timezone.now())
        query = request.GET.get("q", "").strip()[:80]
        found = [one for one in choices if _matches(one, query)]
        possible = [one for one in found if one.rule is None]
        return self._page(
            request,
            "pin",
            title=_("Fixer un binôme · %s") % application.candidate.get_full_name(),
            cohort=cohort,
            application=application,
            pinned=_pinned(application),
            query=query,
            possible=possible[:SHOWN],
            more=max(0, len(possible) - SHOWN),
            forbidden=[one for one in found if one.rule is not None][:SHOWN],
            waits=application.state == Application.State.CONFIRMED,
            lacks_authorisation=not minors.is_authorised(application),
        )

    def _pin(self, request, application: Application):
        said = request.POST.get("commitment", "")
        hers = Commitment.objects.filter(cohort=application.cohort_id)
        commitment = hers.filter(pk=said if said.isdecimal() and len(said) < 18 else 0).first()
        with refusals_told(request):
            if commitment is None:
                raise Refusal(_("Choisissez un·e mentor·e dans la liste."))
            pinning.pin_pair(application, commitment, actor=request.user)
            messages.success(request, _("C’est fixé. Le prochain calcul en tient compte, et en dit le prix exact."))
            return redirect("admin:matching_run_cohort", application.cohort_id)
        return redirect("admin:matching_run_pin", application.cohort_id, application.pk)

    def unpin_view(self, request, cohort_id, application_id):
        """Somebody is left to the calculation again."""
        self._cohort(request, cohort_id)
        with refusals_told(request):
            pinning.unpin_pair(self._file(cohort_id, application_id), actor=request.user)
            messages.success(request, _("Le prochain calcul choisit de nouveau pour cette personne."))
        return redirect("admin:matching_run_cohort", cohort_id)

    def _file(self, cohort_id, application_id) -> Application:
        files = Application.objects.select_related("candidate", "cohort").prefetch_related("wishes__trade")
        return get_object_or_404(files, pk=application_id, cohort=cohort_id)


def _pinned(application: Application) -> Pinned | None:
    hers = Pinned.objects.filter(application=application)
    return hers.select_related("commitment__mentor__person").first()


def _matches(choice: pinning.Choice, query: str) -> bool:
    """Whether each word is in the mentor's name or trades, with or without accents."""
    mentor = choice.commitment.mentor
    said = plain(" ".join([mentor.person.get_full_name(), *(trade.name for trade in mentor.trades.all())]))
    return all(word in said for word in plain(query).split())

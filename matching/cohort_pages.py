"""Coordinators' pages of one cohort's matching: where it stands, asking for a calculation, what the scores count, and
the pairs that are not to be proposed.
"""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts.models import Cohort
from lifecycle.doors import refusals_told
from matching import staff_queries, transitions, weights
from matching.forms import RunForm, WeightsForm
from matching.models import NeverPaired, Run
from matching.scoring import CHOSEN, MAX_SCORE


class CohortPages:
    """For the admin of runs, which are reached by their cohort."""

    def get_urls(self):
        def guarded(view):
            return self.admin_site.admin_view(view)

        one = "promotion/<int:cohort_id>/"
        asking = require_http_methods(["GET", "HEAD", "POST"])
        return [
            path("", guarded(require_safe(self.changelist_view)), name="matching_run_changelist"),
            path(one, guarded(require_safe(self.cohort_view)), name="matching_run_cohort"),
            path(f"{one}calculer/", guarded(require_POST(self.request_view)), name="matching_run_request"),
            path(f"{one}ponderation/", guarded(asking(self.weights_view)), name="matching_run_weights"),
            path(f"{one}permettre/<int:pair_id>/", guarded(require_POST(self.allow_view)), name="matching_run_allow"),
            *super().get_urls(),
        ]

    def changelist_view(self, request, extra_context=None):
        """Every cohort, the latest first, and where its matching stands."""
        self._require_coordinator(request)
        standings = staff_queries.standings(Cohort.objects.order_by("-starts_on"))
        return self._page(request, "list", title=_("Appariement"), standings=standings)

    def cohort_view(self, request, cohort_id):
        """One cohort: the figures of today, the button, and the calculations so far."""
        cohort = self._cohort(request, cohort_id)
        return self._cohort_page(request, cohort, RunForm(cohort=cohort))

    def request_view(self, request, cohort_id):
        cohort = self._cohort(request, cohort_id)
        form = RunForm(request.POST, cohort=cohort)
        if not form.is_valid():
            return self._cohort_page(request, cohort, form, status=422)
        with refusals_told(request):
            run = transitions.request_run(cohort, **form.cleaned_data, actor=request.user)
            return redirect(self.page_url(run))
        return redirect("admin:matching_run_cohort", cohort.pk)

    def weights_view(self, request, cohort_id):
        """What the scores count, for the calculations to come."""
        cohort = self._cohort(request, cohort_id)
        standing = weights.of(cohort)
        form = WeightsForm(request.POST if request.method == "POST" else None, instance=standing)
        if request.method == "POST" and form.is_valid():
            weights.save(cohort, chosen=form.cleaned_data, actor=request.user)
            messages.success(request, _("La pondération est enregistrée\u00a0: le prochain calcul en tient compte."))
            return redirect("admin:matching_run_cohort", cohort.pk)
        # A form that was refused has already written into its instance: what holds is read again.
        greatest = weights.of(cohort).scale.greatest
        context = {"title": _("Pondération · %s") % cohort.name, "cohort": cohort, "form": form, "fields": CHOSEN}
        context |= {"greatest": greatest, "most": MAX_SCORE, "is_own": standing.pk is not None}
        return self._page(request, "weights", **context, status=422 if form.errors else 200)

    def allow_view(self, request, cohort_id, pair_id):
        """A pair that was not to be proposed may be again."""
        cohort = self._cohort(request, cohort_id)
        pairs = NeverPaired.objects.select_related("application", "mentor")
        pair = get_object_or_404(pairs, pk=pair_id, application__cohort=cohort)
        with refusals_told(request):
            transitions.allow_pair(pair.application, pair.mentor, actor=request.user)
            messages.success(request, _("Le prochain calcul peut de nouveau proposer ce binôme."))
        return redirect("admin:matching_run_cohort", cohort.pk)

    def _cohort_page(self, request, cohort: Cohort, form: RunForm, **options):
        latest = list(staff_queries.runs_of([cohort])[:20])
        return self._page(
            request,
            "cohort",
            title=_("Appariement · %s") % cohort.name,
            cohort=cohort,
            form=form,
            standing=staff_queries.standings([cohort])[0],
            runs=latest,
            can_compare=sum(run.state == Run.State.DONE for run in latest) > 1,
            never=staff_queries.never_paired(cohort),
            pinned=staff_queries.pinned(cohort),
            **options,
        )

    def _cohort(self, request, cohort_id) -> Cohort:
        self._require_coordinator(request)
        return get_object_or_404(Cohort, pk=cohort_id)

    def _require_coordinator(self, request):
        if not self.has_view_permission(request):
            raise PermissionDenied

    def _page(self, request, template, *, status=200, **context):
        return TemplateResponse(
            request,
            f"admin/matching/run/{template}.html",
            {**self.admin_site.each_context(request), "opts": self.opts, **context},
            status=status,
        )

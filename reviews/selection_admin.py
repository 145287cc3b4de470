"""The coordinators' selection: where a cohort stands, sharing out the reading."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.staff_admin import CoordinatorAdmin
from cohorts.models import Cohort
from notifications import pulse
from reviews import queries, selection_queries
from reviews.models import Decision, Release
from reviews.release_admin import ReleasePages

Outcome = Decision.Outcome


class ReleaseAdmin(ReleasePages, CoordinatorAdmin):
    """In the place of a list of announcements: one page a cohort, which leads to them."""

    can_change = False

    def get_urls(self):
        def guarded(view):
            return self.admin_site.admin_view(view)

        one = "selection/<int:cohort_id>/"
        return [
            path("", guarded(require_safe(self.changelist_view)), name="reviews_release_changelist"),
            path(one, guarded(require_safe(self.selection_view)), name="reviews_selection"),
            *self.release_urls(),
        ]

    def changelist_view(self, request, extra_context=None):
        """Every cohort, the latest first, and where its selection stands."""
        self._require_coordinator(request)
        return self._page(request, "list", title=_("Sélection"), selections=queries.selections())

    def selection_view(self, request, cohort_id):
        """The selection of one cohort: figures, jury, pending decisions, announcements."""
        cohort = self._cohort(request, cohort_id)
        decisions = list(queries.pending_decisions(cohort))
        releases = queries.releases(cohort)
        return self._page(
            request,
            "page",
            title=_("Sélection · %s") % cohort.name,
            cohort=cohort,
            figures=queries.figures(cohort),
            lists=[_with_bounds(one) for one in selection_queries.lists(cohort)],
            jury=queries.jury_progress(cohort),
            readers_per_file=cohort.reviews_per_file,
            decisions=decisions,
            **self._awaiting(decisions, cohort),
            under_way=[progress for progress in releases if progress.release.state in Release.OPEN_STATES],
            announced=[progress for progress in releases if progress.release.state == Release.State.DONE],
            health=pulse.health(),
        )

    def _awaiting(self, decisions, cohort) -> dict:
        """Whose place rests on an authorisation that has not come, and how many of them are accepted."""
        awaiting = queries.awaiting_authorisation(decisions, cohort)
        accepted = [d for d in decisions if d.outcome == Outcome.ACCEPTED and d.application_id in awaiting]
        return {"awaiting": awaiting, "accepted_awaiting": len(accepted)}

    def _cohort(self, request, cohort_id) -> Cohort:
        self._require_coordinator(request)
        return get_object_or_404(Cohort, pk=cohort_id)

    def _require_coordinator(self, request):
        if not request.user.is_coordinator:
            raise PermissionDenied

    def _page(self, request, template, *, folder="selection", **context):
        return TemplateResponse(
            request,
            f"admin/reviews/{folder}/{template}.html",
            {**self.admin_site.each_context(request), "opts": self.opts, **context},
        )


def _with_bounds(selection):
    """The list, with what it asks for in words."""
    selection.bounds = selection_queries.bounds(selection)
    return selection

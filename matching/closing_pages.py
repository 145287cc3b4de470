"""Coordinators' page of the end of a cohort: what closing it does, and the button once its last day has come."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lifecycle.doors import refusals_told
from matching import falls, staff_queries


class ClosingPages:
    """For the admin of runs, beside `CohortPages`, which lends `_cohort` and `_page`."""

    def get_urls(self):
        view = self.admin_site.admin_view(require_http_methods(["GET", "HEAD", "POST"])(self.closing_view))
        return [
            path("promotion/<int:cohort_id>/clore/", view, name="matching_run_close"),
            *super().get_urls(),
        ]

    def closing_view(self, request, cohort_id):
        """GET says what would happen, POST does it."""
        cohort = self._cohort(request, cohort_id)
        if request.method == "POST":
            with refusals_told(request):
                falls.close_cohort(cohort, actor=request.user)
                messages.success(request, _("La promotion %s est close.") % cohort.name)
            return redirect("admin:matching_run_close", cohort.pk)
        return self._page(
            request,
            "close",
            title=_("Clore la promotion · %s") % cohort.name,
            cohort=cohort,
            left=staff_queries.left_open(cohort),
            has_come=cohort.is_at_its_end(timezone.now()),
        )

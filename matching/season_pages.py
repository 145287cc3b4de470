"""Coordinators' page that asks mentors to commit for a cohort: who is written to, an example, the button."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lifecycle.doors import refusals_told
from matching import emails, season


class SeasonPages:
    """For the admin of runs, beside `CohortPages`, which lends `_cohort` and `_page`."""

    def get_urls(self):
        view = require_http_methods(["GET", "HEAD", "POST"])(self.season_view)
        address = path(
            "promotion/<int:cohort_id>/engagements/", self.admin_site.admin_view(view), name="matching_run_season"
        )
        return [address, *super().get_urls()]

    def season_view(self, request, cohort_id):
        """GET says exactly who would get what; POST asks."""
        cohort = self._cohort(request, cohort_id)
        if request.method == "POST":
            with refusals_told(request):
                season.ask_for_commitments(cohort, actor=request.user)
                messages.success(request, _("C’est demandé\u00a0: les courriels partent dans la minute."))
            return redirect("admin:matching_run_season", cohort.pk)
        asked = season.to_ask(cohort)
        subject, body = emails.preview_season(asked[0], cohort) if asked else ("", "")
        answers = cohort.commitments.values_list("capacity", flat=True)
        return self._page(
            request,
            "season",
            title=_("Engagements · %s") % cohort.name,
            cohort=cohort,
            asked=asked,
            call=season.under_way(cohort),
            subject=subject,
            body=body,
            committed=sum(1 for capacity in answers if capacity),
            not_this_time=sum(1 for capacity in answers if not capacity),
            places=sum(answers),
        )

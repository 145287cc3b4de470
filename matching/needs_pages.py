"""Coordinators' page of what a cohort needs before anybody is paired, and the list of trades to recruit for."""

from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from documents.workbook import CSV, as_csv
from matching import needs


class NeedsPages:
    """For the admin of runs, beside `CohortPages`, which lends `_cohort` and `_page`."""

    def get_urls(self):
        def guarded(view):
            return self.admin_site.admin_view(require_safe(view))

        one = "promotion/<int:cohort_id>/besoins/"
        return [
            path(one, guarded(self.needs_view), name="matching_run_needs"),
            path(f"{one}metiers.csv", guarded(self.trades_view), name="matching_run_needs_csv"),
            *super().get_urls(),
        ]

    def needs_view(self, request, cohort_id):
        """Where mentors will lack, in words, then as a picture."""
        cohort = self._cohort(request, cohort_id)
        title = _("Vœux et places · %s") % cohort.name
        return self._page(request, "needs", title=title, cohort=cohort, needs=needs.of(cohort))

    def trades_view(self, request, cohort_id):
        """The trades to recruit for, as a table for a spreadsheet: numbers of people, and nobody's name."""
        cohort = self._cohort(request, cohort_id)
        titles = [_("Famille"), _("Métier"), _("Premiers vœux"), _("Tous les vœux"), _("Places"), _("Promises")]
        rows = [
            [line.family, line.name, line.first, line.wanted, line.given, line.promised, line.missing]
            for line in needs.of(cohort).trades
        ]
        response = HttpResponse(as_csv([[*titles, _("Il manque")], *rows]), content_type=CSV)
        response["Content-Disposition"] = f'attachment; filename="metiers-{cohort.slug}.csv"'
        return response

"""Coordinators' page of what a cohort needs before anybody is paired, and the trades to recruit for."""

from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from documents import serving
from documents.workbook import CSV, XLSX
from matching import needs, needs_tables


class NeedsPages:
    """For the admin of runs, beside `CohortPages`, which lends `_cohort` and `_page`."""

    def get_urls(self):
        def guarded(view):
            return self.admin_site.admin_view(require_safe(view))

        one = "promotion/<int:cohort_id>/besoins/"
        return [
            path(one, guarded(self.needs_view), name="matching_run_needs"),
            path(f"{one}metiers.csv", guarded(self.needs_csv_view), name="matching_run_needs_csv"),
            path(f"{one}metiers.xlsx", guarded(self.needs_xlsx_view), name="matching_run_needs_xlsx"),
            *super().get_urls(),
        ]

    def needs_view(self, request, cohort_id):
        """Where mentors will lack, in words, then as pictures."""
        cohort = self._cohort(request, cohort_id)
        title = _("Vœux et places · %s") % cohort.name
        return self._page(request, "needs", title=title, cohort=cohort, needs=needs.of(cohort))

    def needs_csv_view(self, request, cohort_id):
        """The trades to recruit for, as a table for any tool."""
        cohort = self._cohort(request, cohort_id)
        made = needs_tables.csv(needs.of(cohort))
        return serving.made(made, shown_as=f"metiers-a-recruter-{cohort.slug}.csv", content_type=CSV)

    def needs_xlsx_view(self, request, cohort_id):
        """The same for Excel, with all the numbers of the page on a second sheet."""
        cohort = self._cohort(request, cohort_id)
        made = needs_tables.xlsx(needs.of(cohort), _("Métiers à recruter · %s") % cohort.name)
        return serving.made(made, shown_as=f"metiers-a-recruter-{cohort.slug}.xlsx", content_type=XLSX)

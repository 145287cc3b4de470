"""« À placer à la main »: whom the latest calculation leaves to the coordination, why, and where to go on."""

from django.core.paginator import Paginator
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from matching import repairs, run_pages
from matching.models import Unmatched

ROWS = 25


class ByHandPages:
    """For the admin of runs, beside `CohortPages`."""

    def get_urls(self):
        view = self.admin_site.admin_view(require_safe(self.by_hand_view))
        one = "promotion/<int:cohort_id>/a-placer-a-la-main/"
        return [path(one, view, name="matching_run_by_hand"), *super().get_urls()]

    def by_hand_view(self, request, cohort_id):
        """Each of them with the reason; nothing is kept of this list, it says what is true now."""
        cohort = self._cohort(request, cohort_id)
        waiting = repairs.to_place_by_hand([cohort]).select_related("run", "application__candidate")
        rows = waiting.prefetch_related("application__wishes__trade").order_by("application__reference")
        page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
        shown = run_pages.left_shown(page[0].run, page) if page.object_list else []
        return self._page(
            request,
            "by_hand",
            title=_("À placer à la main · %s") % cohort.name,
            cohort=cohort,
            page=page,
            shown=[(row, _pin_url(row.unmatched)) for row in shown],
        )


def _pin_url(unmatched: Unmatched) -> str:
    """Where a coordinator chooses a mentor for her."""
    return reverse("admin:matching_run_pin", args=[unmatched.run.cohort_id, unmatched.application_id])

"""Coordinators' page that sets two calculations of a cohort side by side: figures, conditions, and who changes."""

from django.core.paginator import Paginator
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from matching import comparing
from matching.forms import ComparisonForm
from matching.models import Run

ROWS = 50


class ComparingPages:
    """For the admin of runs, beside `CohortPages`, which lends `_cohort` and `_page`."""

    def get_urls(self):
        view = self.admin_site.admin_view(require_safe(self.compare_view))
        one = "promotion/<int:cohort_id>/comparer/"
        return [path(one, view, name="matching_run_compare"), *super().get_urls()]

    def compare_view(self, request, cohort_id):
        """The latest two, unless others are named; the one before, where only the later one is."""
        cohort = self._cohort(request, cohort_id)
        runs = list(comparing.runs_of(cohort))
        context = {"title": _("Comparer deux calculs · %s") % cohort.name, "cohort": cohort}
        if len(runs) < 2:
            return self._page(request, "comparison", **context)
        form = ComparisonForm(_asked(request.GET, runs), runs=runs)
        if not form.is_valid():
            return self._page(request, "comparison", **context, form=form, status=422)
        before, after = form.in_order
        form = ComparisonForm(initial={"avant": before.pk, "apres": after.pk}, runs=runs)
        return self._page(request, "comparison", **context, form=form, **self._compared(request, before, after))

    def _compared(self, request, before: Run, after: Run) -> dict:
        # One at a time with its figures; the proof, which may weigh megabytes, is not read.
        full = Run.objects.defer("certificate").in_bulk([before.pk, after.pk])
        before, after = full[before.pk], full[after.pk]
        changes = comparing.changes(before, after)
        page = Paginator(changes.rows, ROWS).get_page(request.GET.get("page"))
        return {
            "before": before,
            "after": after,
            "subjects": comparing.subjects(before, after),
            "conditions": comparing.conditions(before, after),
            "has_same_inputs": comparing.has_same_inputs(before, after),
            "has_same_weights": comparing.has_same_weights(before, after),
            "unnamed": max(comparing.unnamed(run) for run in (before, after)),
            "changes": changes,
            "page": page,
            "shown": comparing.shown(page),
        }


def _asked(typed, runs: list[Run]) -> dict[str, str]:
    """What the address names, the rest filled in."""
    numbers = [str(run.pk) for run in runs]
    after = typed.get("apres", numbers[0])
    older = numbers[numbers.index(after) + 1 :] if after in numbers else []
    return {"avant": typed.get("avant", next(iter(older), "")), "apres": after}

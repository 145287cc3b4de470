"""What the jury does with files."""

from django.utils import timezone

from accounts.models import User
from applications.models import Application
from cohorts.models import Cohort
from reviews import readings, selecting
from reviews.models import Assignment, Review, Selection


def assign(application: Application, reviewer: User, *, now=None) -> Assignment:
    """Entrust one file to one member of the jury."""
    return Assignment.objects.create(application=application, reviewer=reviewer, assigned_at=now or timezone.now())


def make_reading(
    application: Application,
    reviewer: User,
    *,
    score: int = 4,
    comment: str = "Projet clair, regard personnel.",
    now=None,
) -> Review:
    """One member of the jury read this file, which was assigned to her."""
    Assignment.objects.get_or_create(application=application, reviewer=reviewer)
    return readings.review(application, reviewer, scores=alike(application.cohort, score), comment=comment, now=now)


def alike(cohort: Cohort, score: int) -> dict[int, int]:
    """The same score for each criterion of the cohort."""
    return {criterion.pk: score for criterion in cohort.criteria.all()}


def give(application: Application, reviewer: User, scores: dict[int, int], *, comment: str = "", now=None) -> Review:
    """This member of the jury gives these scores, by criterion, on a file that was assigned to her."""
    return readings.review(application, reviewer, scores=scores, comment=comment, now=now)


def make_list(cohort: Cohort, coordinator: User, *, now=None, **wanted) -> Selection:
    """A list of what was read of this cohort, in draft: by plain means and without bounds, unless told otherwise."""
    plain = {
        "basis": Selection.Basis.MEAN,
        "places": min(2, selecting.free_places(cohort)),
        "waiting": 1,
        "audience_minimums": {},
        "parity_percent": None,
        "parity_reason": "",
    }
    return selecting.compose(cohort, **{**plain, **wanted}, actor=coordinator, now=now)

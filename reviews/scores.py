"""What the opinions of a cohort say of each file: the mean, the adjusted score, how far readers agree."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery, TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from cohorts.models import Cohort
from reviews.adjusting import HUNDREDTH, Adjusted, adjust
from reviews.models import Assignment, Review, Selection

FAR_APART = Decimal("2.00")
"""Points between two opinions on one file from which a third reader is asked."""


class Third(TextChoices):
    """Why a file waits for one more reading."""

    APART = "APART", _("les avis s’écartent d’au moins deux points")
    MISSING = "MISSING", _("il manque un avis")


@dataclass(frozen=True)
class Standing:
    """Where one file stands. `mean`, `adjusted` and `uncertainty` are None as long as nobody gave an opinion."""

    application_id: int
    reference: str
    state: str
    mean: Decimal | None
    adjusted: Decimal | None
    uncertainty: Decimal | None
    """The standard error of the adjusted score."""
    given: int
    """Opinions given."""
    asked: int
    """People the file was entrusted to, third readings included."""
    thirds: int
    """Those of them who were asked on top of the others."""
    per_file: int
    """Opinions that the cohort wants for each file."""
    spread: Decimal
    """The highest opinion less the lowest; zero for one alone."""

    @property
    def missing(self) -> int:
        """How many opinions are lacking."""
        return max(0, self.per_file - self.given)

    @property
    def is_apart(self) -> bool:
        """Whether its readers disagree by two points or more."""
        return self.spread >= FAR_APART

    def score(self, basis: str) -> Decimal | None:
        """The score that a list of that basis (`Selection.Basis`) goes by."""
        return self.adjusted if basis == Selection.Basis.ADJUSTED else self.mean

    def points(self, basis: str) -> int:
        """That score in hundredths, which is what a list adds up. A file without opinion has none: 0."""
        score = self.score(basis)
        return 0 if score is None else max(0, int(score * 100))


def adjusted_scores(cohort: Cohort) -> Adjusted:
    """The scores of the cohort freed from the severity of their readers, by application and reader ids (1 query)."""
    return adjust(_opinions(cohort))


def standings(cohort: Cohort) -> list[Standing]:
    """Every file of the cohort that was sent and not withdrawn, by reference (3 queries, whatever their number).

    Opinions on withdrawn files count for how severe their readers are.
    """
    opinions = _opinions(cohort)
    adjusted = adjust(opinions).files
    given, asked = defaultdict(list), defaultdict(list)
    for application_id, _reader, score in opinions:
        given[application_id].append(score)
    readings = Assignment.objects.filter(application__cohort=cohort)
    for application_id, is_third in readings.values_list("application_id", "is_third"):
        asked[application_id].append(is_third)
    files = Application.objects.filter(cohort=cohort).sent().exclude(state=Application.State.WITHDRAWN)
    return [
        _standing(cohort, file, given[file[0]], asked[file[0]], adjusted.get(file[0]))
        for file in files.order_by("reference").values_list("pk", "reference", "state")
    ]


def _standing(cohort, file, scores, readings, freed) -> Standing:
    pk, reference, state = file
    return Standing(
        application_id=pk,
        reference=reference,
        state=state,
        mean=mean_of(scores),
        adjusted=freed and freed.value,
        uncertainty=freed and freed.standard_error,
        given=len(scores),
        asked=len(readings),
        thirds=sum(readings),
        per_file=cohort.reviews_per_file,
        spread=max(scores) - min(scores) if scores else Decimal("0.00"),
    )


def _opinions(cohort: Cohort) -> list[tuple[int, int, Decimal]]:
    given = Review.objects.filter(application__cohort=cohort).order_by()
    return list(given.values_list("application_id", "reviewer_id", "score"))


def mean_of(scores: list[Decimal]) -> Decimal | None:
    """Their mean to the hundredth, halves rounded up; None for none."""
    return (sum(scores) / len(scores)).quantize(HUNDREDTH, ROUND_HALF_UP) if scores else None


def is_reading_over(cohort: Cohort, now) -> bool:
    """Whether a missing opinion is late by now: after the day set for the readings, or else once the call is closed."""
    if cohort.readings_due_on:
        return timezone.localdate(now) > cohort.readings_due_on
    return now >= cohort.closes_at


def files_apart(cohorts: list[Cohort]) -> QuerySet[Application]:
    """The files of these cohorts that `needs_third` finds apart, by the database."""
    asked = Assignment.objects.filter(application=OuterRef("pk"), is_third=True)
    opinions = Review.objects.filter(application=OuterRef("pk")).order_by().values("application")
    given = opinions.annotate(count=Count("pk")).values("count")
    apart = Application.objects.filter(cohort__in=cohorts, state="SUBMITTED", score_spread__gte=FAR_APART)
    return apart.filter(~Exists(asked)).alias(given=Subquery(given)).filter(given__lte=F("cohort__reviews_per_file"))


def needs_third(standing: Standing, *, is_over: bool = True) -> str:
    """Why the file is listed for one more reading (`Third`), or nothing.

    Not once somebody was asked for it. A missing opinion only counts when the time to read `is_over`.
    """
    if standing.thirds or standing.state != Application.State.SUBMITTED:
        return ""
    if standing.is_apart and standing.given <= standing.per_file:
        return Third.APART
    return Third.MISSING if is_over and standing.missing else ""

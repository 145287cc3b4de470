"""Reads for the coordinators' pages: where the matching of a cohort stands, and what a run proposes."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, Sum

from applications.minors import MAJORITY
from applications.models import Application
from cohorts.models import Cohort
from matching.models import NeverPaired, Pinned, Proposal, Run
from mentors.models import Commitment, MentorProfile
from mentorships.models import Mentorship

State = Proposal.State


@dataclass(frozen=True)
class Standing:
    """Where the matching of one cohort stands."""

    cohort: Cohort
    to_pair: int
    """Places confirmed, no mentor and no offer out."""
    offered: int
    paired: int
    places: int
    """Of the approved mentors, taken or not."""
    taken: int
    """Of those places: running pairs and offers out."""
    last_run: Run | None

    @property
    def free(self) -> int:
        return max(0, self.places - self.taken)

    @property
    def missing(self) -> int:
        """How many young people cannot have a mentor for want of places."""
        return max(0, self.to_pair - self.free)


def standings(cohorts: Iterable[Cohort]) -> list[Standing]:
    """In a constant number of queries, in the order given."""
    cohorts = list(cohorts)
    confirmed = Application.objects.filter(cohort__in=cohorts, state=Application.State.CONFIRMED)
    unoffered = confirmed.exclude(pk__in=Proposal.objects.live().values("application_id"))
    to_pair = _by_cohort(unoffered, "cohort_id")
    offers = Proposal.objects.filter(run__cohort__in=cohorts, state=State.OFFERED)
    offered = _by_cohort(offers, "run__cohort_id")
    pairs = Mentorship.objects.living().filter(commitment__cohort__in=cohorts)
    paired = _by_cohort(pairs, "commitment__cohort_id")
    approved = Q(commitment__mentor__state=MentorProfile.State.APPROVED)
    taken = [_by_cohort(rows.filter(approved), "commitment__cohort_id") for rows in (pairs, offers)]
    places = dict(
        Commitment.objects.filter(cohort__in=cohorts, mentor__state=MentorProfile.State.APPROVED)
        .order_by()
        .values_list("cohort_id")
        .annotate(Sum("capacity"))
    )
    last = {run.cohort_id: run for run in runs_of(cohorts).order_by("requested_at", "pk")}
    return [
        Standing(
            cohort=cohort,
            to_pair=to_pair.get(cohort.pk, 0),
            offered=offered.get(cohort.pk, 0),
            paired=paired.get(cohort.pk, 0),
            places=places.get(cohort.pk, 0),
            taken=sum(counts.get(cohort.pk, 0) for counts in taken),
            last_run=last.get(cohort.pk),
        )
        for cohort in cohorts
    ]


def _by_cohort(rows, key: str) -> dict[int, int]:
    return dict(rows.order_by().values_list(key).annotate(Count("pk")))


def runs_of(cohorts):
    """Calculations with `is_publishable`, the latest first."""
    publishable = Run.objects.publishable().filter(pk=OuterRef("pk"))
    return Run.objects.filter(cohort__in=cohorts).annotate(is_publishable=Exists(publishable))


def proposals_of(run: Run):
    """What a run proposes, the best pairs first, with all that its page shows."""
    return for_staff(run.proposals.all()).order_by("-score", "application__reference")


def for_staff(proposals):
    """With both people and the trades wanted, in two queries."""
    return proposals.select_related(
        "application__candidate", "application__cohort", "commitment__mentor__person", "run__cohort"
    ).prefetch_related("application__wishes__trade")


def never_paired(cohort: Cohort) -> list[NeverPaired]:
    """The pairs of this cohort that coordinators will not have proposed, the latest first."""
    pairs = NeverPaired.objects.filter(application__cohort=cohort)
    return list(pairs.select_related("application__candidate", "mentor__person"))


@dataclass(frozen=True)
class Move:
    """An offer that publishing takes back, because somebody else is proposed, or nobody can be any more."""

    application: Application
    before: Commitment
    after: Commitment | None


def pinned(cohort: Cohort) -> list[Pinned]:
    """The pairs that coordinators fixed in this cohort and that no pair has followed yet, the latest first."""
    waiting = Pinned.objects.filter(application__cohort=cohort, application__state=Application.State.CONFIRMED)
    return list(waiting.select_related("application__candidate", "commitment__mentor__person"))


@dataclass(frozen=True)
class Publication:
    """What publishing a run would send, and what it would take back."""

    offers: int
    mentors: int
    minors: int
    example: Commitment | None
    example_count: int
    moves: list[Move]
    beyond: list[Commitment]
    """The mentors who would have more than their places: nobody, or it is not published."""


def publication_of(run: Run) -> Publication | None:
    """None when nothing is left to publish. A constant number of queries."""
    drafts = run.proposals.filter(state=State.DRAFT)
    counts = list(drafts.order_by().values("commitment_id").annotate(n=Count("pk")).order_by("-n", "commitment_id"))
    moves = _moves_of(run)
    if not counts and not moves:
        return None
    people = drafts.annotate(born=F("application__candidate__birth_date")).values_list("born", flat=True)
    example = Commitment.objects.select_related("mentor__person", "cohort").filter(
        pk__in=[row["commitment_id"] for row in counts[:1]]
    )
    return Publication(
        offers=sum(row["n"] for row in counts),
        mentors=len(counts),
        minors=sum(born is None or run.cohort.age_at_start(born) < MAJORITY for born in people),
        example=example.first(),
        example_count=counts[0]["n"] if counts else 0,
        moves=moves,
        beyond=_beyond({row["commitment_id"]: row["n"] for row in counts}, moves),
    )


def _moves_of(run: Run) -> list[Move]:
    told = {row["proposal"]: row for row in run.figures.get("moved", [])}
    standing = Proposal.objects.filter(pk__in=told, state=State.OFFERED).order_by("application__reference")
    standing = list(standing.select_related("application__candidate", "commitment__mentor__person"))
    after = Commitment.objects.filter(pk__in=[row["after"] for row in told.values() if row["after"]])
    known = {one.pk: one for one in after.select_related("mentor__person")} if standing else {}
    return [Move(one.application, one.commitment, known.get(told[one.pk]["after"])) for one in standing]


def _beyond(new: dict[int, int], moves: list[Move]) -> list[Commitment]:
    """Pairs, offers that stay and new ones, counted against the places once more."""
    leaving = Counter(move.before.pk for move in moves)
    living = Q(mentorships__state__in=Mentorship.LIVING_STATES)
    commitments = Commitment.objects.filter(pk__in=new).select_related("mentor__person")
    counted = commitments.annotate(
        running=Count("mentorships", filter=living, distinct=True),
        offered=Count("proposals", filter=Q(proposals__state=State.OFFERED), distinct=True),
    )
    return [one for one in counted if one.running + one.offered - leaving[one.pk] + new[one.pk] > one.capacity]


@dataclass(frozen=True)
class LeftOpen:
    """What is still open in a cohort, and closing it would end."""

    pairs: int
    offers: int
    alone: int
    """Those who take part and have no mentor."""

    @property
    def people(self) -> int:
        return self.pairs + self.alone


def left_open(cohort: Cohort) -> LeftOpen:
    return LeftOpen(
        pairs=Mentorship.objects.living().filter(application__cohort=cohort).count(),
        offers=Proposal.objects.filter(application__cohort=cohort, state=State.OFFERED).count(),
        alone=Application.objects.filter(cohort=cohort, state=Application.State.CONFIRMED).count(),
    )

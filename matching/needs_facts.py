"""What `needs` counts, read in a constant number of queries: the young people of a cohort, and its mentors' places."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, F, Q

from applications.models import Application, Wish
from cohorts.models import Cohort, Trade
from matching.shortage import Where
from mentors import readiness
from mentors.models import Commitment, MentorProfile
from mentorships.models import Mentorship

State = Application.State
AWAITING = (State.ACCEPTED, State.CONFIRMED)
WAITING = (State.SUBMITTED, State.WAITLISTED)


@dataclass(frozen=True)
class Person:
    """What she asks for. `is_sure`: she confirmed her place, so that she does need a mentor."""

    where: Where
    is_sure: bool
    trades: tuple[int, ...]
    """The most wanted first."""
    families: frozenset[str]


@dataclass(frozen=True)
class Seats:
    """What one mentor gives: `places` are committed, and no pair has them; `promised` is what she said that she could
    give, and has not answered for this cohort. Whoever is not ready is proposed to nobody until she is.
    """

    where: Where
    places: int
    promised: int
    is_ready: bool
    trades: frozenset[int]
    families: frozenset[str]


@dataclass(frozen=True)
class Facts:
    people: list[Person]
    seats: list[Seats]
    trades: dict[int, Trade]
    """In the order in which they are shown."""
    states: Counter[str]
    """How many files are in each state."""


def of(cohort: Cohort) -> Facts:
    """Those who have a place and no mentor are counted; as long as nobody has a place, all who applied."""
    files = Application.objects.filter(cohort=cohort)
    states = Counter(dict(files.order_by().values_list("state").annotate(Count("pk"))))
    counted = files.filter(state__in=AWAITING if holds_a_place(states) else WAITING)
    trades = {trade.pk: trade for trade in Trade.objects.order_by("order", "name")}
    family = {pk: trade.family for pk, trade in trades.items()}
    return Facts(list(_people(counted, family)), list(_seats(cohort, family)), trades, states)


def holds_a_place(states: Counter[str]) -> bool:
    """Whether somebody has a place, or had one until the end."""
    return any(states[state] for state in Application.PLACE_STATES)


def _people(counted, family: dict[int, str]) -> Iterator[Person]:
    wishes: dict[int, list[int]] = defaultdict(list)
    rows = Wish.objects.filter(application__in=counted).order_by("application_id", "rank")
    for file, trade in rows.values_list("application_id", "trade_id"):
        wishes[file].append(trade)
    asked = counted.values_list("pk", "state", "candidate__region", "accepts_remote")
    for file, state, region, accepts_remote in asked:
        wanted = tuple(wishes[file])
        families = frozenset(family[trade] for trade in wanted)
        yield Person(Where(region, accepts_remote), state == State.CONFIRMED, wanted, families)


def _seats(cohort: Cohort, family: dict[int, str]) -> Iterator[Seats]:
    """Of each approved mentor (5 queries)."""
    approved, least = MentorProfile.State.APPROVED, readiness.least_charter()

    def given(mentor: MentorProfile, places: int, promised: int) -> Seats:
        trades = frozenset(trade.pk for trade in mentor.trades.all())
        families = frozenset(family[trade] for trade in trades)
        where = Where(mentor.region, mentor.accepts_remote)
        return Seats(where, places, promised, readiness.is_ready(mentor, least), trades, families)

    running = Count("mentorships", filter=Q(mentorships__state__in=Mentorship.LIVING_STATES))
    committed = Commitment.objects.filter(cohort=cohort, mentor__state=approved).annotate(running=running)
    free = committed.filter(capacity__gt=F("running"))
    for one in free.select_related("mentor__charter").prefetch_related("mentor__trades"):
        yield given(one.mentor, one.capacity - one.running, 0)
    silent = MentorProfile.objects.filter(state=approved, wished_capacity__gte=1).exclude(commitments__cohort=cohort)
    for mentor in silent.select_related("charter").prefetch_related("trades"):
        yield given(mentor, 0, mentor.wished_capacity)

"""Before anybody is paired: what the young people of a cohort want, and what its mentors can give, by trade and region.

What lacks in a family of trades is proven: whoever wants nothing else needs one of its places. It is told for cohorts
that pair nobody outside the family of a wish. By trade it is a hint at whom to invite, for a second wish may do.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass

from accounts.regions import Region
from applications.models import Application, Wish
from cohorts.models import Cohort, Trade
from matching import weights
from mentors.models import Commitment, MentorProfile

State = Application.State
PLACED = (State.ACCEPTED, State.CONFIRMED, State.MATCHED)
APPLIED = (State.SUBMITTED, State.WAITLISTED)


@dataclass(frozen=True)
class Line:
    """One trade, or one family of trades. `places` are committed; `promised` is what mentors who have not answered for
    this cohort said that they could give.
    """

    name: str
    family: str
    first: int
    wanted: int
    places: int
    promised: int
    only: int | None = None
    """Of a family: people all of whose wishes are in it. None for a trade, of which the first wishes are counted."""
    regions: tuple[str, ...] = ()
    """Where most of those people live, the most first."""

    @property
    def missing(self) -> int:
        return max(0, (self.first if self.only is None else self.only) - self.places)


@dataclass(frozen=True)
class Needs:
    """What a cohort needs. `is_placed`: places are given, and those who have one are counted; else all who applied."""

    people: int
    is_placed: bool
    is_proven: bool
    places: int
    promised: int
    families: list[Line]
    trades: list[Line]

    @property
    def lacking(self) -> list[Line]:
        return [line for line in self.families if line.missing]

    @property
    def most(self) -> int:
        """The longest bar of the picture."""
        return max((max(line.first, line.places + line.promised) for line in self.families), default=0) or 1


def of(cohort: Cohort) -> Needs:
    """A constant number of queries, whatever the size of the cohort."""
    files = Application.objects.filter(cohort=cohort)
    is_placed = files.filter(state__in=PLACED).exists()
    counted = files.filter(state__in=PLACED if is_placed else APPLIED)
    trades = {trade.pk: trade for trade in Trade.objects.order_by("order", "name")}
    wishes: dict[int, list[int]] = defaultdict(list)
    rows = Wish.objects.filter(application__in=counted).order_by("application_id", "rank")
    for file, trade in rows.values_list("application_id", "trade_id"):
        wishes[file].append(trade)
    region_of = dict(counted.values_list("pk", "candidate__region"))
    seats = list(_seats(cohort))
    return Needs(
        people=len(region_of),
        is_placed=is_placed,
        is_proven=not weights.of(cohort).scale.pairs_other_trades,
        places=sum(places for places, _promised, _trades in seats),
        promised=sum(promised for _places, promised, _trades in seats),
        families=_families(trades, wishes, region_of, seats),
        trades=_trades(trades, wishes, seats),
    )


def _seats(cohort: Cohort):
    """Of each mentor: places committed, places promised, trades (4 queries)."""
    approved = MentorProfile.State.APPROVED
    committed = Commitment.objects.filter(cohort=cohort, mentor__state=approved, capacity__gte=1)
    for one in committed.prefetch_related("mentor__trades").select_related("mentor"):
        yield one.capacity, 0, {trade.pk for trade in one.mentor.trades.all()}
    silent = MentorProfile.objects.filter(state=approved, wished_capacity__gte=1).exclude(commitments__cohort=cohort)
    for mentor in silent.prefetch_related("trades"):
        yield 0, mentor.wished_capacity, {trade.pk for trade in mentor.trades.all()}


def _trades(trades, wishes, seats) -> list[Line]:
    first = Counter(wanted[0] for wanted in wishes.values())
    every = Counter(trade for wanted in wishes.values() for trade in wanted)
    places, promised = _by(seats, lambda exercised: exercised)
    lines = [
        Line(trade.name, trade.family, first[pk], every[pk], places[pk], promised[pk]) for pk, trade in trades.items()
    ]
    wanted = [line for line in lines if line.wanted]
    return sorted(wanted, key=lambda line: (-line.missing, -line.wanted, line.name))


def _families(trades, wishes, region_of, seats) -> list[Line]:
    family = {pk: trade.family for pk, trade in trades.items()}
    first, every, only, where = Counter(), Counter(), Counter(), defaultdict(Counter)
    for file, wanted in wishes.items():
        hers = {family[trade] for trade in wanted}
        first[family[wanted[0]]] += 1
        every.update(hers)
        if len(hers) == 1:
            [name] = hers
            only[name] += 1
            where[name][region_of[file]] += 1
    places, promised = _by(seats, lambda exercised: {family[trade] for trade in exercised})
    return [
        Line(name, name, first[name], every[name], places[name], promised[name], only[name], _labels(where[name]))
        for name in dict.fromkeys(family.values())
        if every[name]
    ]


def _by(seats, kinds) -> tuple[Counter, Counter]:
    """Places and promised places by kind; one counts for each trade, or family, of its mentor's."""
    places, promised = Counter(), Counter()
    for given, said, exercised in seats:
        for kind in kinds(exercised):
            places[kind] += given
            promised[kind] += said
    return places, promised


def _labels(regions: Counter, most: int = 2) -> tuple[str, ...]:
    return tuple(str(Region(code).label) for code, _count in regions.most_common(most) if code)

"""Before anybody is paired: what the young people of a cohort want, and what its mentors can give, by trade and region.

What lacks in a family of trades is counted from those who want nothing else, for a second wish may do; by trade, from
first wishes: a hint at whom to invite. It is sure for those who confirmed, in a cohort that pairs nobody outside the
family of a wish; everything else is an estimation.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from accounts.regions import Region
from cohorts.models import Cohort
from matching import needs_facts, weights
from matching.needs_facts import WAITING, Facts, Person, Seats, State
from matching.shortage import Lack, Where, lack


@dataclass(frozen=True)
class Line:
    """One trade, or one family of trades. A mentor's place counts in each of hers."""

    name: str
    family: str
    first: int
    wanted: int
    people: Counter[Where]
    """Of a family, those all of whose wishes are in it; of a trade, those who want it first."""
    places: Counter[Where]
    promised: int
    lack: Lack
    sure: int
    """Of what lacks, what is proven."""

    @property
    def only(self) -> int:
        return self.people.total()

    @property
    def given(self) -> int:
        return self.places.total()

    @property
    def missing(self) -> int:
        return self.lack.total

    @property
    def is_guess(self) -> bool:
        return self.sure < self.missing

    @property
    def where_to_look(self) -> list[tuple[str, int]]:
        """How many places only a mentor of each region can bring, by name, then how many one of anywhere can."""
        anywhere = [(_("à\u00a0distance"), self.lack.anywhere)] if self.lack.anywhere else []
        return [*_named(self.lack.here), *anywhere]

    @property
    def asked_from(self) -> list[tuple[str, int]]:
        """Where the people who ask for it live, and how many."""
        return _named(_by_region(self.people))


@dataclass(frozen=True)
class RegionLine:
    """One region, whatever the trade. `elsewhere`: places of the other regions' mentors who can be met remotely."""

    code: str
    people: int
    in_person: int
    """Of them, those who cannot meet remotely."""
    places: int
    elsewhere: int
    missing: int
    sure: int

    @property
    def name(self) -> str:
        return region_name(self.code)

    @property
    def remote(self) -> int:
        return self.people - self.in_person

    @property
    def is_guess(self) -> bool:
        return self.sure < self.missing


@dataclass(frozen=True)
class Cell:
    """One family in one region: those who want nothing else and live there, and the places of its own mentors."""

    family: str
    people: int
    places: int
    missing: int
    """Places that only a mentor of the region can bring."""
    depth: int
    """0 to 3: how many people count on mentors of elsewhere, beside the greatest number of them."""

    @property
    def is_empty(self) -> bool:
        return not (self.people or self.places)


@dataclass(frozen=True)
class Needs:
    """What a cohort needs. `confirmed` and `to_confirm` have a place and no mentor; `paired` have one; `waiting` have
    no answer, or wait for a place.
    """

    is_placed: bool
    """Whether somebody has a place: then those who have one are counted, before that all who applied."""
    confirmed: int
    to_confirm: int
    paired: int
    waiting: int
    is_proven: bool
    """Whether what lacks in a family is sure for those who confirmed."""
    places: int
    unready: int
    """Of the places, those of mentors to whom nobody can be proposed yet."""
    promised: int
    lack: Lack
    sure: int
    families: list[Line]
    trades: list[Line]
    regions: list[RegionLine]

    @property
    def people(self) -> int:
        """Those who are counted."""
        return self.confirmed + self.to_confirm if self.is_placed else self.waiting

    @property
    def missing(self) -> int:
        return self.lack.total

    @property
    def is_guess(self) -> bool:
        return self.sure < self.missing

    @property
    def tells_sure(self) -> bool:
        """Whether a part of what lacks is told as sure, beside what is likely."""
        return any(one.sure and one.is_guess for one in (self, *self.lacking, *self.lacking_regions))

    @property
    def lacking(self) -> list[Line]:
        return [line for line in self.families if line.missing]

    @property
    def lacking_regions(self) -> list[RegionLine]:
        return [line for line in self.regions if line.missing]

    @property
    def to_recruit(self) -> list[Line]:
        """The trades in which first wishes lack places, the most first."""
        return [line for line in self.trades if line.missing]

    @property
    def others(self) -> list[Line]:
        """The trades whose first wishes have enough places."""
        return [line for line in self.trades if not line.missing]

    @property
    def most(self) -> int:
        """The longest bar of the picture of families."""
        return max((max(line.first, line.given + line.promised) for line in self.families), default=0) or 1

    @property
    def most_of_a_region(self) -> int:
        return max((max(line.people, line.places) for line in self.regions), default=0) or 1

    @cached_property
    def grid(self) -> list[tuple[RegionLine, list[Cell]]]:
        """Regions × families."""
        people, places = ([_by_region(getattr(line, side)) for line in self.families] for side in ("people", "places"))
        away = [count - places[at][code] for at, found in enumerate(people) for code, count in found.items()]
        deepest = max(away, default=0)

        def cell(at: int, line: Line, code: str) -> Cell:
            asking, given = people[at][code], places[at][code]
            depth = -(-3 * (asking - given) // deepest) if asking > given else 0
            return Cell(line.name, asking, given, line.lack.here[code], depth)

        return [
            (region, [cell(at, line, region.code) for at, line in enumerate(self.families)]) for region in self.regions
        ]


def of(cohort: Cohort) -> Needs:
    """A constant number of queries, whatever the size of the cohort."""
    facts = needs_facts.of(cohort)
    is_proven = not weights.of(cohort).scale.pairs_other_trades
    places = _places(facts.seats)
    whole, sure = lack(_where(facts.people), places), lack(_where(facts.people, is_sure=True), places)
    return Needs(
        is_placed=needs_facts.holds_a_place(facts.states),
        confirmed=facts.states[State.CONFIRMED],
        to_confirm=facts.states[State.ACCEPTED],
        paired=facts.states[State.MATCHED],
        waiting=sum(facts.states[state] for state in WAITING),
        is_proven=is_proven,
        places=places.total(),
        unready=sum(one.places for one in facts.seats if not one.is_ready),
        promised=sum(one.promised for one in facts.seats),
        lack=whole,
        sure=sure.total,
        families=_families(facts, is_proven=is_proven),
        trades=_trades(facts),
        regions=_regions(facts, whole, sure),
    )


def _families(facts: Facts, *, is_proven: bool) -> list[Line]:
    family = {pk: trade.family for pk, trade in facts.trades.items()}
    first = Counter(family[one.trades[0]] for one in facts.people if one.trades)
    every = Counter(name for one in facts.people for name in one.families)
    lines = []
    for name in dict.fromkeys(family.values()):
        if every[name]:
            only = [one for one in facts.people if one.families == {name}]
            seats = [one for one in facts.seats if name in one.families]
            lines.append(_line(name, name, first[name], every[name], only, seats, is_proven=is_proven))
    return lines


def _trades(facts: Facts) -> list[Line]:
    every = Counter(trade for one in facts.people for trade in one.trades)
    lines = []
    for pk, trade in facts.trades.items():
        if every[pk]:
            first = [one for one in facts.people if one.trades[:1] == (pk,)]
            seats = [one for one in facts.seats if pk in one.trades]
            lines.append(_line(trade.name, trade.family, len(first), every[pk], first, seats, is_proven=False))
    return sorted(lines, key=lambda line: (-line.missing, -line.wanted, line.name))


def _line(name, family, first, wanted, people: list[Person], seats: list[Seats], *, is_proven: bool) -> Line:
    counted, places = _where(people), _places(seats)
    return Line(
        name=name,
        family=family,
        first=first,
        wanted=wanted,
        people=counted,
        places=places,
        promised=sum(one.promised for one in seats),
        lack=lack(counted, places),
        sure=lack(_where(people, is_sure=True), places).total if is_proven else 0,
    )


def _regions(facts: Facts, whole: Lack, sure: Lack) -> list[RegionLine]:
    """Those where somebody lives, young person or mentor: where most lacks first, then where most people are."""
    people, places = _by_region(_where(facts.people)), _by_region(_places(facts.seats))
    in_person = _by_region(_where(facts.people), lambda where: not where.accepts_remote)
    remote = _by_region(_places(facts.seats), lambda where: where.accepts_remote)
    lines = [
        RegionLine(
            code=code,
            people=people[code],
            in_person=in_person[code],
            places=places[code],
            elsewhere=remote.total() - remote[code],
            missing=whole.here[code],
            sure=sure.here[code],
        )
        for code in people | places
    ]
    return sorted(lines, key=lambda line: (-line.missing, -line.people, -line.places, line.name))


# --- Counting -----------------------------------------------------------------------------------


def _where(people: Iterable[Person], *, is_sure: bool = False) -> Counter[Where]:
    return Counter(one.where for one in people if one.is_sure or not is_sure)


def _places(seats: Iterable[Seats]) -> Counter[Where]:
    places = Counter()
    for one in seats:
        places[one.where] += one.places
    return +places


def _by_region(counted: Counter[Where], keeps: Callable[[Where], bool] = lambda where: True) -> Counter[str]:
    found = Counter()
    for where, count in counted.items():
        if keeps(where):
            found[where.region] += count
    return found


def _named(regions: Counter[str]) -> list[tuple[str, int]]:
    """By name, the most first."""
    named = [(region_name(code), count) for code, count in regions.items()]
    return sorted(named, key=lambda one: (-one[1], one[0]))


def region_name(code: str) -> str:
    return str(Region(code).label) if code else _("région non renseignée")

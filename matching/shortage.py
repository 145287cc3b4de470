"""How many places lack, and where, for people who may only meet within their region. Pure: numbers in, numbers out.

Nothing else that forbids a pair is asked (minors, languages, whom somebody avoids), so that what lacks here lacks at
least. The trade is the caller's: it gives the people and the places of one trade, of one family, or all of them.
"""

from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

from matching.scoring import can_meet


class Where(NamedTuple):
    """A region, and whether one may be met from elsewhere."""

    region: str
    accepts_remote: bool


@dataclass(frozen=True)
class Lack:
    """`here`, by region: places that only mentors of that region can bring. `anywhere`: places that may be remote."""

    here: Counter[str]
    anywhere: int

    @property
    def total(self) -> int:
        return self.here.total() + self.anywhere


def lack(people: Counter[Where], places: Counter[Where]) -> Lack:
    """What lacks when as many people as can be have a place."""
    free, here, anywhere = Counter(places), Counter(), 0
    # Whoever has the least choice goes first, and takes the place that has the least: whatever she leaves is of use to
    # all who come after her, so that no other order serves one person more.
    for one in sorted(people, key=_choice):
        waiting = people[one]
        for place in sorted(free, key=_choice):
            if can_meet(one, place):
                taken = min(waiting, free[place])
                free[place] -= taken
                waiting -= taken
        if one.accepts_remote:
            anywhere += waiting
        elif waiting:
            here[one.region] += waiting
    return Lack(here, anywhere)


def _choice(where: Where) -> tuple[bool, str]:
    return where.accepts_remote, where.region

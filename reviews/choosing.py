"""From scores to a list: the best choice under bounds, exactly. Pure Python; knows no database.

What is looked for. As many files as there are places (all of them when there are fewer), with at least so many of
each audience that has a minimum, and at least a share, rounded up, of women and non-binary people when parity is on.
Among the lists that keep these bounds: the one with most points, all in whole hundredths.

The tie rule. Files stand in one order: points, then the plain mean of their opinions, then the number that each draws
in a lottery (`lottery`), which hashes the cohort and the reference. Neither the moment of sending nor the name counts.
Of two lists with as many points, the better one keeps the first file, in that order, on which they differ. Two
different lists are thus never equal: the best one is unique, the same in whatever order the files come, and anybody
can compute it again.

Method. Counts by audience × parity class are flows in a small transportation network: source → audience → class →
sink. An arc from an audience to a class carries the files of that cell, best first, so that its gain is concave; a
bound is a reward on the first units that it asks for, greater than any points. Successive longest augmenting paths,
one place at a time, are exact for such a network (R. K. Ahuja, T. L. Magnanti, J. B. Orlin, "Network Flows", Prentice
Hall, 1993: lower bounds, 2.4; successive shortest paths, 9.7; convex costs, chapter 14). With two classes a path takes
a file, or takes one and replaces another within a second audience; there are no others, so each step looks at a few
files whatever their number. Gains are compared in the order bounds, points, tie rule; the tie rule compares signed
ranks one by one, so integers stay small.

Where no list keeps the bounds, `conflicts` says why. The ways in which they can fail are the cuts of this network that
A. J. Hoffman's theorem on circulations (1960) asks about; there are no others.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256

PARITY = "PARITY"
"""The name of the parity bound, beside the audiences that have a minimum."""
TOGETHER = "TOGETHER"
"""The name of all bounds at once."""


@dataclass(frozen=True)
class Candidate:
    """A file that may be chosen. `points` and `mean` are whole hundredths of a score."""

    reference: str
    points: int
    audience: str = ""
    counts_for_parity: bool = False
    mean: int = 0


@dataclass(frozen=True)
class Bounds:
    """At least so many places for an audience; at least `parity_percent` of the chosen, rounded up (0: off)."""

    audiences: Mapping[str, int] = field(default_factory=dict)
    parity_percent: int = 0

    @property
    def names(self) -> list[str]:
        """Those that ask for something, audiences first, in alphabetical order."""
        asked = sorted(audience for audience, least in self.audiences.items() if least)
        return [*asked, PARITY] if self.parity_percent else asked

    def without(self, name: str) -> "Bounds":
        if name == PARITY:
            return replace(self, parity_percent=0)
        return replace(self, audiences={a: least for a, least in self.audiences.items() if a != name})

    def parity_count(self, chosen: int) -> int:
        """How many women and non-binary people that share asks for among so many chosen: rounded up."""
        return -(-self.parity_percent * chosen // 100)


@dataclass(frozen=True)
class Effect:
    """What a bound does: the points it costs, who is chosen and who is not because of it. References, best first."""

    price: int
    entered: tuple[str, ...]
    left: tuple[str, ...]


@dataclass(frozen=True)
class Choice:
    """The best list, and the others in their order; what each bound does, `TOGETHER` being all of them."""

    chosen: tuple[Candidate, ...]
    others: tuple[Candidate, ...]
    effects: Mapping[str, Effect]

    @cached_property
    def points(self) -> int:
        return sum(candidate.points for candidate in self.chosen)

    @cached_property
    def because(self) -> dict[str, tuple[str, ...]]:
        """Reference → the bounds without which that file would have stood on the other side.

        `TOGETHER` alone where no single bound does it: each of several would be enough, or only all of them are.
        """
        reasons: dict[str, list[str]] = {}
        for name, effect in self.effects.items():
            for reference in (*effect.entered, *effect.left):
                reasons.setdefault(reference, []).append(name)
        return {ref: tuple(n for n in names if n != TOGETHER) or (TOGETHER,) for ref, names in reasons.items()}


@dataclass(frozen=True)
class Conflict:
    """Bounds that no list can keep: `asked` for, `possible` at most, and the bounds named, audiences first.

    - `ALONE`: one bound asks for more than there are files for it.
    - `PLACES`: the audiences' minimums, each possible, ask together for more than the places.
    - `CROSSING`: `forced` places go to the audiences named and, for want of candidates in them, cannot go to women or
      non-binary people; too few places are left for the parity asked (fewer than none, when PLACES fails as well).
    """

    kind: str
    bounds: tuple[str, ...]
    asked: int
    possible: int
    forced: int = 0

    @property
    def missing(self) -> int:
        return self.asked - self.possible


class Impossible(Exception):
    """No list keeps the bounds. `conflicts` says why; `to_give_up` is the least that has to be given up in all."""

    def __init__(self, conflicts: list[Conflict]):
        super().__init__(conflicts)
        self.conflicts = conflicts

    @property
    def to_give_up(self) -> int:
        """How many units the bounds must lose in all: the same concession may serve PLACES and CROSSING at once."""
        alone = sum(conflict.missing for conflict in self.conflicts if conflict.kind == "ALONE")
        return alone + max((c.missing for c in self.conflicts if c.kind != "ALONE"), default=0)


def lottery(seed: str, reference: str) -> str:
    """What that file draws in the lottery of that seed (a cohort's slug): the lowest comes first."""
    return sha256(f"{seed}:{reference}".encode()).hexdigest()


def in_order(candidates: Iterable[Candidate], seed: str) -> list[Candidate]:
    """The order of files, best first: points, mean, lottery."""
    return sorted(candidates, key=lambda c: (-c.points, -c.mean, lottery(seed, c.reference), c.reference))


def choose(candidates: Iterable[Candidate], places: int, bounds: Bounds, *, seed: str = "") -> Choice:
    """The best list under these bounds, with the price and the effect of each. Raises Impossible when there is none.

    Raises ValueError when a reference comes twice, places or a minimum are negative, or a share exceeds 100.
    """
    ranked = in_order(candidates, seed)
    if len({candidate.reference for candidate in ranked}) < len(ranked):
        raise ValueError("a reference comes twice")
    if places < 0 or not 0 <= bounds.parity_percent <= 100 or any(least < 0 for least in bounds.audiences.values()):
        raise ValueError("places, minimums or share out of bounds")
    if failing := conflicts(ranked, places, bounds):
        raise Impossible(failing)
    best = _best(ranked, places, bounds)
    effects = {}
    for name in bounds.names:
        # A bound that leaves room changes nothing, the network's linear programme being integral: no second search.
        freer = _best(ranked, places, bounds.without(name)) if _is_tight(name, ranked, best, bounds) else best
        effects[name] = _effect(ranked, best, freer)
    if effects:
        effects[TOGETHER] = _effect(ranked, best, set(range(min(places, len(ranked)))))
    chosen = tuple(candidate for rank, candidate in enumerate(ranked) if rank in best)
    others = tuple(candidate for rank, candidate in enumerate(ranked) if rank not in best)
    return Choice(chosen, others, effects)


def _is_tight(name: str, ranked: list[Candidate], best: set[int], bounds: Bounds) -> bool:
    """Whether the best list gives that bound no more than it asks for."""
    if name == PARITY:
        return sum(ranked[rank].counts_for_parity for rank in best) <= bounds.parity_count(len(best))
    return sum(ranked[rank].audience == name for rank in best) <= bounds.audiences[name]


def _effect(ranked: list[Candidate], best: set[int], freer: set[int]) -> Effect:
    """What distinguishes the best list from the best one with a bound less."""
    entered, left = sorted(best - freer), sorted(freer - best)
    price = sum(ranked[rank].points for rank in left) - sum(ranked[rank].points for rank in entered)
    return Effect(price, tuple(ranked[r].reference for r in entered), tuple(ranked[r].reference for r in left))


# --- Which bounds cannot be kept -----------------------------------------------------------------


def conflicts(candidates: Iterable[Candidate], places: int, bounds: Bounds) -> list[Conflict]:
    """Every reason why no list keeps the bounds; empty when one does.

    A bound that fails alone is then taken for what it can have, so that the others are judged for themselves.
    """
    files = list(candidates)
    chosen, counts = min(places, len(files)), _counts(files)
    found, least = [], {}
    for audience, asked in sorted(bounds.audiences.items()):
        there = sum(counts.get(audience, (0, 0)))
        least[audience] = min(asked, there)
        if asked > there:
            found.append(Conflict("ALONE", (audience,), asked, there))
    parity, there = bounds.parity_count(chosen), sum(counting for _others, counting in counts.values())
    if parity > there:
        found.append(Conflict("ALONE", (PARITY,), parity, there))
        parity = there
    if sum(least.values()) > chosen:
        found.append(Conflict("PLACES", tuple(a for a, n in least.items() if n), sum(least.values()), chosen))
    forced = {audience: max(0, n - counts.get(audience, (0, 0))[1]) for audience, n in least.items()}
    room = chosen - sum(forced.values())
    if parity and parity > room:
        names = (*(audience for audience, n in forced.items() if n), PARITY)
        found.append(Conflict("CROSSING", names, parity, room, sum(forced.values())))
    return found


def _counts(files: list[Candidate]) -> dict[str, tuple[int, int]]:
    """Audience → how many files do not count for parity, how many do."""
    counts: dict[str, tuple[int, int]] = {}
    for candidate in files:
        others, counting = counts.get(candidate.audience, (0, 0))
        is_counting = candidate.counts_for_parity
        counts[candidate.audience] = (others + (not is_counting), counting + is_counting)
    return counts


# --- The best list --------------------------------------------------------------------------------

Cell = tuple[str, bool]
"""An audience, and whether it is the class that counts for parity."""


@dataclass(frozen=True)
class _Step:
    """Cells where the next file is taken, cells whose last taken file is given back, how many bounds that serves."""

    take: tuple[Cell, ...]
    give_back: tuple[Cell, ...] = ()
    served: int = 0


def _best(ranked: list[Candidate], places: int, bounds: Bounds) -> set[int]:
    """The ranks of the best list; bounds that cannot be kept are kept as far as possible."""
    chosen = min(places, len(ranked))
    flow = _Flow(ranked, bounds.audiences, bounds.parity_count(chosen))
    for _place in range(chosen):
        flow.augment()
    return {rank for cell, ranks in flow.cells.items() for rank in ranks[: flow.taken[cell]]}


class _Flow:
    """The files taken so far: in each cell, the first `taken` of its ranks."""

    def __init__(self, ranked: list[Candidate], minimums: Mapping[str, int], parity: int):
        self.ranked, self.minimums, self.parity = ranked, minimums, parity
        self.audiences = sorted({candidate.audience for candidate in ranked})
        self.cells: dict[Cell, list[int]] = {(a, c): [] for a in self.audiences for c in (False, True)}
        for rank, candidate in enumerate(ranked):
            self.cells[candidate.audience, candidate.counts_for_parity].append(rank)
        self.taken = dict.fromkeys(self.cells, 0)

    def augment(self) -> None:
        """Fill one more place in the best way."""
        step = max(self._paths(), key=self._gain)
        for cell in step.take:
            self.taken[cell] += 1
        for cell in step.give_back:
            self.taken[cell] -= 1

    def _paths(self) -> Iterator[_Step]:
        """The best path to the sink through each class alone, and through one class then the other.

        The gains of the parts of a path add up, so that the best path is made of the best parts. Where both parts fall
        into one audience, the plain path into its second class is better than their sum, and wins.
        """
        lacks_parity = sum(self.taken[audience, True] for audience in self.audiences) < self.parity
        for counting in (False, True):
            first = max(self._entries(counting), key=self._gain, default=None)
            if first is None:
                continue
            yield replace(first, served=first.served + (lacks_parity and counting))
            swap = max(self._swaps(counting), key=self._gain, default=None)
            if swap:
                served = first.served + (lacks_parity and not counting)
                yield _Step(first.take + swap.take, swap.give_back, served)

    def _entries(self, counting: bool) -> Iterator[_Step]:
        """From the source into that class: one more file of an audience."""
        for audience in self.audiences:
            if self._has_next(audience, counting):
                total = self.taken[audience, False] + self.taken[audience, True]
                yield _Step(((audience, counting),), served=int(total < self.minimums.get(audience, 0)))

    def _swaps(self, counting: bool) -> Iterator[_Step]:
        """From that class into the other: a file of an audience makes room for one of its other class."""
        for audience in self.audiences:
            if self.taken[audience, counting] and self._has_next(audience, not counting):
                yield _Step(((audience, not counting),), ((audience, counting),))

    def _has_next(self, audience: str, counting: bool) -> bool:
        return self.taken[audience, counting] < len(self.cells[audience, counting])

    def _gain(self, step: _Step) -> tuple[int, ...]:
        """Bounds served, points, then the tie rule, to be compared in that order.

        The tie rule reads the ranks that the step changes, the best first: to take a file is better than to leave all
        as it is, and to give one back is worse; the more so the better its rank.
        """
        signed = [(self.cells[cell][self.taken[cell]], 1) for cell in step.take]
        signed += [(self.cells[cell][self.taken[cell] - 1], -1) for cell in step.give_back]
        points = sum(sign * self.ranked[rank].points for rank, sign in signed)
        ties = (sign * (len(self.ranked) - rank) for rank, sign in sorted(signed))
        return (step.served, points, *ties, 0)

"""Floors whose groups cross: women, and people of priority neighbourhoods.

Such floors are no flow any more, and between the best pairs and what prices can prove a gap may stay, which is
published. How many are taken of each cell (who belongs to which groups) decides it: for given counts of the cells the
best pairs are found exactly (`floors`: cells do not cross), and their prices bound every other choice of counts from
above. So counts are tried from the most promising one on, until nothing can be better. There are few cells: with a
small cohort all counts are listed and the answer is exact; else the best after a number of trials is taken.

Cutting planes on a concave function of few variables: J. Kelley, "The cutting-plane method for solving convex
programs", Journal of SIAM 8, 1960. Counts that can be: J. Edmonds, "Submodular functions, matroids and certain
polyhedra", 1970. The bound: A. Geoffrion, "Lagrangean relaxation for integer programming", 1974.
"""

from itertools import combinations, product

from matching.engine import cover, reach
from matching.engine.floors import (
    Holding,
    Ladder,
    Snapshot,
    cells_of,
    members_by_cell,
    raise_home,
    targets,
    total_value,
)
from matching.engine.market import Market

MOST_COUNTS = 4_000
"""As many choices of counts are listed at most; beyond, the search is local."""
MOST_CELLS = 5
MOST_TRIALS = 40
SWEEPS = 4

Counts = tuple[int, ...]


def hold(market: Market) -> Holding:
    """Hold each floor as far as it can be, in their order, at a small loss in points; exact for small cohorts."""
    asked = targets(market)
    start, search = Snapshot(market), _Search(market, asked)
    free = total_value(market)
    mentor_of = search.best_pairs()
    value = sum(market.value_of(mentee, mentor) for mentee, mentor in mentor_of.items())
    start.restore(market)
    multipliers = _bound(market, start, search.held)
    loss = [free - value if multiplier else 0 for multiplier in multipliers]
    return Holding(asked, search.held, multipliers, loss, {}, mentor_of)


class _Search:
    """The counts of the cells that hold the floors, and the best of them."""

    def __init__(self, market: Market, asked: list[int]):
        self.market, self.start, self.groups = market, Snapshot(market), cells_of(market)
        self.members = members_by_cell(market)
        self.locked = [0] * len(self.members)
        for mentee in market.instance.locked:
            self.locked[market.cells[mentee]] += 1
        self.pairs = len(market.mentor_of())
        self.held, _cuts = reach.most_held(market, asked)
        self.choices = self._listed()
        if self.choices is not None:
            self._hold_lexicographically(asked)

    def _listed(self) -> list[Counts] | None:
        """Every choice of counts that some answer has; None when they are too many."""
        if len(self.members) > MOST_CELLS + 3:
            return None
        ranks = self._ranks()
        single = [ranks[frozenset([cell])] + self.locked[cell] for cell in range(len(self.members))]
        room = 1
        for most in single[1:]:
            room *= most + 1
        if room > MOST_COUNTS:
            return None
        found = []
        ranges = [range(locked, most + 1) for locked, most in zip(self.locked, single, strict=True)]
        for others in product(*ranges[1:]):
            counts = (self.pairs - sum(others), *others)
            if counts[0] >= self.locked[0] and all(
                sum(counts[cell] - self.locked[cell] for cell in cells) <= most for cells, most in ranks.items()
            ):
                found.append(counts)
        return found

    def _ranks(self) -> dict[frozenset[int], int]:
        """For each set of cells, how many of their people can have a mentor at once."""
        links, mentors = self.market.mentees.links, self.market.mentors
        ranks = {}
        for size in range(1, len(self.members) + 1):
            for cells in combinations(range(len(self.members)), size):
                rows = [links[mentee] for cell in cells for mentee in self.members[cell]]
                ranks[frozenset(cells)] = cover.most_pairs(rows, mentors.capacities[: mentors.count])
        return ranks

    def _hold_lexicographically(self, asked: list[int]) -> None:
        for floor, target in enumerate(asked):
            most = max(self._count(counts, floor) for counts in self.choices)
            self.held[floor] = min(target, most)
            self.choices = [c for c in self.choices if self._count(c, floor) >= self.held[floor]]

    def _count(self, counts: Counts, floor: int) -> int:
        return sum(counts[cell] for cell in self.groups[floor])

    def best_pairs(self) -> dict[int, int]:
        """The pairs of the best counts."""
        if self.choices is None:
            return self._pairs_at(self._reached())[1]
        bounds = dict.fromkeys(self.choices, None)
        best, pairs = None, {}
        while bounds:
            counts = max(bounds, key=lambda one: (bounds[one] is None, bounds[one] or 0, one))
            if best is not None and bounds[counts] <= best:
                break
            del bounds[counts]
            value, mentor_of, prices = self._pairs_at(counts)
            if best is None or value > best:
                best, pairs = value, mentor_of
            for other, bound in bounds.items():
                proven = value - sum(price * (b - a) for price, a, b in zip(prices, counts, other, strict=True))
                bounds[other] = proven if bound is None else min(bound, proven)
        return pairs

    def _reached(self) -> Counts:
        """Counts that hold the floors, from the exchanges that showed that they can be held."""
        return reach.counts_held(self.market, self.held)

    def _pairs_at(self, counts: Counts) -> tuple[int, dict[int, int], list[int]]:
        """The best pairs with these counts: their weight, themselves, and the prices of the cells."""
        self.start.restore(self.market)
        ladder = Ladder(self.market, [{cell} for cell in range(len(self.members))], list(counts))
        ladder.settle()
        market, locked = self.market, self.market.instance.locked
        mentor_of = market.mentor_of()
        weight = sum(market.weight_of(*pair) for pair in mentor_of.items() if pair[0] not in locked)
        return weight, mentor_of, ladder.levels


def _bound(market: Market, start: Snapshot, held: list[int]) -> list[int]:
    """Multipliers, in points, of a bound as low as turning them one by one gets it; leaves their prices standing."""
    multipliers = [0] * len(held)
    lowest = _relaxed(market, start, multipliers, held)
    for _sweep in range(SWEEPS):
        before = lowest
        for floor in range(len(held)):
            step = 1
            while step:
                tried = [m + step * (floor == other) for other, m in enumerate(multipliers)]
                bound = None if min(tried) < 0 else _relaxed(market, start, tried, held)
                if bound is not None and bound < lowest:
                    multipliers, lowest, step = tried, bound, step * 2
                else:
                    step = -1 if step == 1 else step // 2 if step > 0 else -(-step // 2)
        if lowest == before:
            break
    _relaxed(market, start, multipliers, held)
    return multipliers


def _relaxed(market: Market, start: Snapshot, multipliers: list[int], held: list[int]) -> int:
    """The bound that these multipliers prove, in points: no answer that holds the floors has more."""
    start.restore(market)
    members, total = members_by_cell(market), 0
    for cell, floors in enumerate(market.cell_floors):
        price = sum(multipliers[floor] for floor in floors)
        if price:
            raise_home(market, cell, price * market.unit, members[cell])
    for mentee, mentor in market.mentor_of().items():
        dues = sum(multipliers[floor] for floor in market.cell_floors[market.cells[mentee]])
        total += market.value_of(mentee, mentor) + dues
    return total - sum(multiplier * count for multiplier, count in zip(multipliers, held, strict=True))

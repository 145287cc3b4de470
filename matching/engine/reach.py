"""How many members of each floor's group can be among those paired, when the floors before it are held.

An exchange lets a member in and, through moves between mentors, somebody out whom no floor keeps. Where no exchange is
left, what the search went through is a cut: the mentors there are full, and whoever sits with them is either a member
already or kept by a floor that is held to the one. That is the proof which goes with the answer. (Augmenting paths and
minimum cuts: L. Ford, D. Fulkerson, "Flows in Networks", 1962; groups that do not cross.)
"""

from collections import Counter

from matching.engine.market import Market


class Cut:
    """Why no more can be held: the mentees and mentors that the search went through, and the floors in the way."""

    __slots__ = ("floors", "mentees", "mentors")

    def __init__(self, mentees: set[int], mentors: set[int], floors: set[int]):
        self.mentees, self.mentors, self.floors = mentees, mentors, floors


def most_held(market: Market, targets: list[int]) -> tuple[list[int], dict[int, Cut]]:
    """For each floor min(target, the most that can be held after those before it), and why not more. Moves nobody."""
    exchange = _Exchange(market)
    cuts = {}
    for floor, target in enumerate(targets):
        cut = exchange.reach(floor, target)
        if cut is not None:
            cuts[floor] = cut
        exchange.held.append(min(target, exchange.counts[floor]))
    return exchange.held, cuts


class _Exchange:
    """A copy of the pairs, in which members are let in."""

    def __init__(self, market: Market):
        self.links, self.cells, self.floors_of = market.mentees.links, market.cells, market.cell_floors
        self.mentor_of = {
            m: taken[0] for m, taken in enumerate(market.mentees.partners[: market.mentees.count]) if taken
        }
        self.mentees_of = [list(taken) for taken in market.mentors.partners[: market.mentors.count]]
        self.left_out: dict[int, set[int]] = {cell: set() for cell in range(len(self.floors_of))}
        for mentee, links in enumerate(self.links):
            if links and mentee not in self.mentor_of:
                self.left_out[self.cells[mentee]].add(mentee)
        self.counts: Counter[int] = Counter()
        for mentee in (*self.mentor_of, *market.instance.locked):
            self.counts.update(self.floors_of[self.cells[mentee]])
        names = range(len(market.instance.floors))
        cells = {floor: {c for c, floors in enumerate(self.floors_of) if floor in floors} for floor in names}
        self.wider = {floor: {o for o in names if o != floor and cells[floor] <= cells[o]} for floor in names}
        self.held: list[int] = []

    def reach(self, floor: int, target: int) -> Cut | None:
        """Let members of the floor in until the target; the cut where that ends before."""
        outside: set[int] = set()  # mentors and homes from which nobody can leave
        waiting = sorted(m for cell in self._cells(floor) for m in self.left_out[cell])
        for mentee in waiting:
            if self.counts[floor] >= target:
                return None
            if mentee not in self.mentor_of:  # an earlier chain may have let her in
                self._let_in(mentee, floor, outside)
        return self._cut(floor, outside, waiting) if self.counts[floor] < target else None

    def _cells(self, floor: int):
        return [cell for cell, floors in enumerate(self.floors_of) if floor in floors]

    def _is_tight(self, floor: int) -> bool:
        return floor < len(self.held) and self.counts[floor] <= self.held[floor]

    def _kept_by(self, cell: int, beside: set[int] | frozenset[int]) -> bool:
        """Whether a floor that is just held keeps the cell's people in, those of `beside` apart."""
        return any(self._is_tight(one) and one not in beside for one in self.floors_of[cell])

    def _let_in(self, start: int, floor: int, outside: set[int]) -> None:
        """A chain of moves from a member to somebody who may leave; breadth first.

        Where there is none, what it went through is `outside` from now on.
        """
        came: dict[int, int | None] = {start: None}  # mentee -> whose move, or whose leaving, called her
        queue, mentors, homes = [start], set(), set()
        for mentee in queue:
            for mentor in self.links[mentee]:
                if mentor in mentors or mentor in outside:
                    continue
                mentors.add(mentor)
                for other in self.mentees_of[mentor]:
                    if other in came:
                        continue
                    came[other] = mentee
                    cell = self.cells[other]
                    if floor not in self.floors_of[cell] and not self._kept_by(cell, self.wider[floor]):
                        self._move(other, came)
                        return
                    queue.append(other)
                    if floor not in self.floors_of[cell] and cell not in homes and ~cell not in outside:
                        homes.add(cell)
                        self._call(other, cell, floor, came, queue)
        outside |= mentors | {~cell for cell in homes}

    def _call(self, leaver: int, cell: int, floor: int, came, queue) -> None:
        """Whoever could come in if `leaver` left: people of the floors that keep her."""
        for other, waiting in self.left_out.items():
            if not self._kept_by(cell, self.floors_of[other]):
                for mentee in sorted(waiting):
                    if mentee not in came:
                        came[mentee] = ~leaver
                        queue.append(mentee)

    def _move(self, leaver: int, came) -> None:
        """Play the chain: `leaver` goes, everybody moves up."""
        while True:
            place = self.mentor_of.pop(leaver)
            self.mentees_of[place].remove(leaver)
            self.left_out[self.cells[leaver]].add(leaver)
            self.counts.subtract(self.floors_of[self.cells[leaver]])
            mover = came[leaver]
            while True:
                before = self.mentor_of.get(mover)
                self.mentor_of[mover] = place
                self.mentees_of[place].append(mover)
                if before is None:
                    break
                self.mentees_of[before].remove(mover)
                place, mover = before, came[mover]
            self.left_out[self.cells[mover]].discard(mover)
            self.counts.update(self.floors_of[self.cells[mover]])
            if came[mover] is None:
                return
            leaver = ~came[mover]

    def _cut(self, floor: int, outside: set[int], waiting: list[int]) -> Cut:
        mentors = {place for place in outside if place >= 0}
        mentees = {m for m in waiting if m not in self.mentor_of}
        mentees |= {m for mentor in mentors for m in self.mentees_of[mentor]}
        cells = {~place for place in outside if place < 0}
        stops = {self._stop(cell, floor) for cell in cells}
        stops = {stop for stop in stops if not stops & self.wider[stop]}
        for cell in range(len(self.floors_of)):
            if floor in self.floors_of[cell] or any(stop in self.floors_of[cell] for stop in stops):
                mentees |= self.left_out[cell]
        return Cut(mentees, mentors, stops)

    def _stop(self, cell: int, floor: int) -> int:
        """The innermost floor that keeps the cell's people and lets nobody out of itself."""
        keeping = [one for one in self.floors_of[cell] if self._is_tight(one) and one not in self.wider[floor]]
        return max(keeping, key=lambda one: len(self.wider[one]))


def counts_held(market: Market, held: list[int]) -> tuple[int, ...]:
    """How many of each cell are paired in some answer that holds these counts, which must have been reached."""
    exchange = _Exchange(market)
    for floor, count in enumerate(held):
        exchange.reach(floor, count)
        exchange.held.append(count)
    paired = Counter(market.cells[mentee] for mentee in (*exchange.mentor_of, *market.instance.locked))
    return tuple(paired[cell] for cell in range(len(market.cell_floors)))

"""Floors: at least so many of a group among those paired, never at the price of a pair, at the least cost in points.

How many can be held comes first, floor by floor in their order (`reach`): an exchange lets a member in and somebody
else out, and where none is left the mentors it could pass through prove that no more can be held.

What it costs comes next. Each floor has a level: being left out costs a member that much, so that members come in
instead of others, the cheapest first. A member of several floors counts the highest of their levels. The higher the
level, the more members: the level at which a floor is just held is found by halving, and from one level to the next
only those left out ask again, on the prices that stand. A floor whose level is above those around it is held exactly,
so the pairs are the best that hold the floors, and the levels prove it. That needs groups that do not cross; one
inside the other is settled first, and again whenever the outer one moves.

Reserves rather than quotas, and why: I. Hafalir, B. Yenmez, M. Yildirim, "Effective affirmative action in school
choice", Theoretical Economics 8, 2013. Exact because counts by nested groups are a flow; what is left out is a dual
price: Ahuja, Magnanti, Orlin, "Network Flows", 1993, ch. 16.4 (multipliers), and K. Murota, "Discrete Convex
Analysis", 2003, ch. 9 (nested groups, prices that only rise).
"""

from collections.abc import Set
from math import gcd

from matching.engine import lottery
from matching.engine.augmenting import enter
from matching.engine.market import Market


class Holding:
    """What became of the floors, in their order.

    `targets` were asked for, `held` is guaranteed; `multipliers` are what one member more would cost in points,
    `prices` what the pairs would gain without that floor. `shortfalls` maps a floor held below its target to the proof.
    `mentor_of` are the pairs, where they are not those that the market's prices stand with (`crossing`).
    """

    __slots__ = ("held", "mentor_of", "multipliers", "prices", "shortfalls", "targets")

    def __init__(self, targets, held, multipliers, prices, shortfalls, mentor_of=None):
        self.targets, self.held, self.multipliers = targets, held, multipliers
        self.prices, self.shortfalls, self.mentor_of = prices, shortfalls, mentor_of


def are_nested(market: Market) -> bool:
    """Whether any two groups are one inside the other, or have nobody in common."""
    floors = range(len(market.instance.floors))
    return not any(_cross(market.cell_floors, one, other) for one in floors for other in range(one))


def _cross(cells, one: int, other: int) -> bool:
    kinds = {(one in cell, other in cell) for cell in cells}
    return {(True, True), (True, False), (False, True)} <= kinds


def targets(market: Market) -> list[int]:
    """How many members each floor asks for."""
    pairs = len(market.mentor_of())
    return [floor.target(pairs) for floor in market.instance.floors]


def hold(market: Market) -> Holding:
    """Hold each floor as far as it can be, in their order, and lose as few points as can be. Groups must not cross."""
    if not market.instance.floors:
        return Holding([], [], [], [], {})
    from matching.engine import reach  # for floors alone, and starting must be quick

    asked = targets(market)
    held, shortfalls = reach.most_held(market, asked)
    ladder = Ladder(market, cells_of(market), held)
    if not ladder.needs_raising():
        return Holding(asked, held, [0] * len(held), [0] * len(held), shortfalls)
    start, free = Snapshot(market), total_value(market)
    market.mentees.look_at_prices(market.mentors)
    ladder.settle()
    value, multipliers = total_value(market), ladder.multipliers()
    if len(held) == 1:
        return Holding(asked, held, multipliers, [free - value], shortfalls)
    end, prices = Snapshot(market), [0] * len(held)
    for floor, level in enumerate(ladder.levels):
        if level:
            start.restore(market)
            others = [0 if floor == other else count for other, count in enumerate(held)]
            Ladder(market, ladder.cells, others).settle()
            prices[floor] = total_value(market) - value
    end.restore(market)
    return Holding(asked, held, multipliers, prices, shortfalls)


def cells_of(market: Market) -> list[set[int]]:
    """The cells that make up each floor's group."""
    floors = range(len(market.instance.floors))
    return [{cell for cell, mine in enumerate(market.cell_floors) if floor in mine} for floor in floors]


def total_value(market: Market) -> int:
    """What all pairs are worth, the lottery apart: a pair made is worth just its two prices."""
    prices, unit, toll = market.mentors.prices, market.unit, market.toll
    pairs = zip(market.mentees.prices, market.mentees.partners, strict=False)
    values = sum((price + prices[taken[0]] + toll) // unit for price, taken in pairs if taken)
    return values + sum(market.value_of(mentee, mentor) for mentee, mentor in market.instance.locked.items())


def members_by_cell(market: Market) -> list[list[int]]:
    """The mentees of each cell who may have a mentor, locked ones apart."""
    members: list[list[int]] = [[] for _cell in market.cell_floors]
    for mentee, cell in enumerate(market.cells):
        if market.mentees.links[mentee]:
            members[cell].append(mentee)
    return members


def raise_home(market: Market, cell: int, price: int, members: list[int]) -> None:
    """Being left out costs a member of the cell `price` from now on: those left out ask again."""
    market.mentors.prices[market.mentors.count + cell] = price
    for mentee in members:
        if not market.mentees.partners[mentee]:
            enter(market.mentees, market.mentors, mentee, market.toll)


class Snapshot:
    """Pairs and prices as they stand, to come back to."""

    __slots__ = ("mentee_prices", "mentor_prices", "partners")

    def __init__(self, market: Market):
        self.mentee_prices, self.mentor_prices = market.mentees.prices[:], market.mentors.prices[:]
        self.partners = [taken[0] if taken else None for taken in market.mentees.partners]

    def restore(self, market: Market) -> None:
        market.mentees.prices[:], market.mentors.prices[:] = self.mentee_prices, self.mentor_prices
        for taken in market.mentors.partners:
            taken.clear()
        for mentee, (taken, mentor) in enumerate(zip(market.mentees.partners, self.partners, strict=True)):
            taken.clear()
            if mentor is not None:
                taken.append(mentor)
                market.mentors.partners[mentor].append(mentee)


class Ladder:
    """The levels of floors whose groups do not cross, and the market as it stands at them.

    A group is a set of `cells`; `held` says how many of each must have a mentor, which must be possible.
    """

    def __init__(self, market: Market, cells: list[set[int]], held: list[int]):
        self.market, self.held, self.levels, self.cells = market, held, [0] * len(held), cells
        self.floors_at = [
            [floor for floor, mine in enumerate(cells) if cell in mine] for cell in range(len(market.cell_floors))
        ]
        around = [[o for o in range(len(held)) if _is_inside(cells, floor, o)] for floor in range(len(held))]
        self.around = around
        nearest = [max(outer, key=lambda o: len(around[o]), default=None) for outer in around]
        self.inside = {
            outer: [f for f, near in enumerate(nearest) if near == outer] for outer in (None, *range(len(held)))
        }
        self.members_of = members_by_cell(market)
        values = set().union(*market.instance.scores)
        self.grain = gcd(*values, market.keep if market.instance.previous else 0)
        self.locked = [market.cells[mentee] for mentee in market.instance.locked]

    def count(self, floor: int) -> int:
        """Members of the floor's group who have a mentor."""
        partners = self.market.mentees.partners
        paired = sum(1 for cell in self.cells[floor] for mentee in self.members_of[cell] if partners[mentee])
        return paired + sum(cell in self.cells[floor] for cell in self.locked)

    def needs_raising(self) -> bool:
        return any(self.count(floor) < count for floor, count in enumerate(self.held))

    def settle(self, outer: int | None = None) -> bool:
        """Raise the floors inside `outer` (all of them without it) until each is held; whether any had to be raised.

        What a floor takes in, those beside it may lose, also to one inside it: so all are looked at again.
        """
        was_raised, inside = False, self.inside[outer]
        while True:
            is_raised = False
            for floor in inside:
                is_raised |= self.settle(floor)
                if self.count(floor) < self.held[floor]:
                    self._raise(floor)
                    is_raised = True
            was_raised |= is_raised
            if not is_raised or len(inside) == 1:
                return was_raised

    def _raise(self, floor: int) -> None:
        """Bring a floor to a level at which it is just held.

        Levels at which somebody comes in lie close to whole units (to multiples of what divides every score), the
        lottery's share away: so does the level chosen, or else prices could not be rounded to points.
        """
        noise, search = self.market.noise, _Search(self, floor, self._base(floor))
        unit = self.market.unit * self.grain
        base = search.low // unit
        whole = base + 1
        while search.look(whole * unit) < 0:
            whole += max(1, (whole - base) // 2)  # going too far costs more than going once more
        while search.more and search.high - search.low > unit:
            search.look(max(search.guess() // unit, search.low // unit + 1) * unit)
        if search.more:
            search.look(max(search.high - unit, search.low) + noise)
            search.look(search.high - noise)
            drift = 1 << lottery.BITS  # from the end that is a whole unit, as far as the lottery goes
            rises = search.high % unit
            while search.more and search.high - search.low > drift:
                search.look(search.low + drift if rises else search.high - drift)
                drift *= 2
        while search.more and search.high - search.low > 1:
            search.look(search.guess())
        search.end()

    def _base(self, floor: int) -> int:
        return max([self.levels[floor], *(self.levels[outer] for outer in self.around[floor])])

    def try_level(self, floor: int, level: int, out: Set[int] = frozenset()) -> int:
        """The floor at that level, and those inside it held again; how many members it has then.

        `out` are members who need not ask, since they stay out at a higher level too.
        """
        self.levels[floor] = level
        for cell in sorted(self.cells[floor]):
            price = max(self.levels[one] for one in self.floors_at[cell])
            if price > self.market.mentors.prices[self.market.mentors.count + cell]:
                raise_home(self.market, cell, price, [m for m in self.members_of[cell] if m not in out])
        self.settle(floor)
        return self.count(floor)

    def left_out(self, floor: int) -> set[int]:
        """Members of the floor's group without a mentor."""
        partners = self.market.mentees.partners
        return {mentee for cell in self.cells[floor] for mentee in self.members_of[cell] if not partners[mentee]}

    def multipliers(self) -> list[int]:
        """In points: how far each level stands above those around it."""
        unit = self.market.unit
        points = [(level + unit // 2) // unit for level in self.levels]
        return [
            max(0, level - max((points[outer] for outer in outers), default=0))
            for level, outers in zip(points, self.around, strict=True)
        ]


class _Search:
    """The level of one floor, between `low`, where it is not held, and `high`, where it is.

    There it has `lacking` members less than wanted, here `more`; `high` is None until there is one.
    """

    def __init__(self, ladder: Ladder, floor: int, low: int):
        self.ladder, self.floor, self.low, self.high = ladder, floor, low, None
        self.lacking, self.more, self.out = ladder.held[floor] - ladder.count(floor), None, frozenset()
        self._mark()

    def look(self, level: int) -> int | None:
        """How many members more than wanted that level brings: it becomes `low` or `high`, and the market is there."""
        if level <= self.low or (self.high is not None and level >= self.high):
            return self.more
        ladder, floor = self.ladder, self.floor
        self._back_below(level)
        more = ladder.try_level(floor, level, self.out) - ladder.held[floor]
        if more < 0:
            self.low, self.lacking = level, -more
            self._mark()
        else:
            self.high, self.more = level, more
            if not ladder.inside[floor]:
                self.out = ladder.left_out(floor)
        return more

    def guess(self) -> int:
        """A level between, where just as many would be held if they came in evenly."""
        wide, share = self.high - self.low, 8
        even = wide * self.lacking // (self.lacking + self.more)
        return self.low + min(max(even, wide // share, 1), wide - max(wide // share, 1))

    def end(self) -> None:
        """The market at `high`, with everybody's prices as they are there."""
        ladder = self.ladder
        self._back_below(self.high)
        ladder.try_level(self.floor, self.high, self.out)
        for cell in sorted(ladder.cells[self.floor]):
            home = ladder.market.mentors.prices[ladder.market.mentors.count + cell]
            raise_home(ladder.market, cell, home, ladder.members_of[cell])

    def _back_below(self, level: int) -> None:
        if self.ladder.levels[self.floor] > level:
            self.snapshot.restore(self.ladder.market)
            self.ladder.levels[:] = self.levels

    def _mark(self) -> None:
        self.snapshot, self.levels = Snapshot(self.ladder.market), list(self.ladder.levels)


def _is_inside(cells: list[set[int]], floor: int, outer: int) -> bool:
    """Whether the group is part of the other; of two that are the same, the earlier floor is the outer one."""
    return floor != outer and cells[floor] <= cells[outer] and (cells[floor] != cells[outer] or outer < floor)

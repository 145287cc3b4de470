"""Who reads what: an exact sharing out of files among readers. Pure Python; knows no database.

The best sharing is, in this order: the one that gives most readings; among those, the one whose loads are the most
even (the least sum of their squares: they differ by one at most wherever recusals and what stands allow it); among
those, the one with most readings by somebody who knows a trade of the file; among those, the one that keeps most of
what stood already. What is left is dealt by hashing ids, so that the same people and files give the same answer in
whatever order they come, and so that readers meet one another on many files: two readers who always read together
could not be compared with the others (see `reviews.adjusting`).

Method: a flow of least cost, one reading at a time along a cheapest path. R. Ahuja, T. Magnanti, J. Orlin, "Network
Flows" (1993): successive shortest paths with potentials (§9.7), a growing cost for each reading more of one reader
(§14.3). That the least sum of squares is also the least of any other measure of unevenness: N. Harvey, R. Ladner,
L. Lovász, T. Tamir, "Semi-matchings for bipartite graphs and load balancing", Journal of Algorithms 59 (2006).
Files are many and readers few, so the search only walks from reader to reader: an arc is the cheapest file that one
could hand to the other.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from heapq import heappop, heappush

Pair = tuple[int, int]
"""(file, reader)."""
_PRIME = 2**61 - 1


@dataclass(frozen=True)
class Need:
    """A file, and how many readings it lacks. `closed_to`: who is recused, or reads it already and keeps it."""

    file: int
    readers: int
    trades: frozenset = frozenset()
    closed_to: frozenset = frozenset()


@dataclass(frozen=True)
class Reader:
    """Somebody who reads. `load`: the readings she has that stand, and do not move."""

    id: int
    trades: frozenset = frozenset()
    load: int = 0


@dataclass(frozen=True)
class Uneven:
    """Why loads differ by more than one.

    Nothing that the `heavy` readers have can go to a `light` one, even by passing from hand to hand: of their
    readings `standing` do not move, and each of the `movable` ones is of a file closed to, or read by, all the light.
    Not so where `is_final` is false: sharing out anew would bring them nearer.
    """

    heavy: tuple[int, ...]
    light: tuple[int, ...]
    standing: int
    movable: int
    is_final: bool = True


@dataclass(frozen=True)
class Sharing:
    """The answer: `pairs` sorted; `short`, by file, how many readings nobody could take; `loads`, by reader, in all.

    `known` of the pairs are by somebody who knows a trade of the file, `kept` stood already. `uneven` is None when
    loads differ by one at most.
    """

    pairs: list[Pair]
    short: Mapping[int, int]
    loads: Mapping[int, int]
    known: int
    kept: int
    uneven: Uneven | None


def assign(needs: Iterable[Need], readers: Iterable[Reader], preferred: Collection[Pair] = ()) -> Sharing:
    """The best sharing. `preferred`: what stands but may move; a pair that may not be counts for nothing.

    Raises ValueError when two files or two readers have one id, or a number is negative.
    """
    needs, readers = sorted(needs, key=lambda n: n.file), sorted(readers, key=lambda r: r.id)
    _check(needs, readers)
    flow = _Flow(needs, readers, frozenset(preferred))
    short = {}
    for file in sorted(range(len(needs)), key=lambda f: (len(flow.open_to[f]), flow.draw[f])):
        possible = min(needs[file].readers, len(flow.open_to[file]))
        for _reading in range(possible):
            flow.insert(file)
        if possible < needs[file].readers:
            short[needs[file].file] = needs[file].readers - possible
    return flow.sharing(short)


def _check(needs: list[Need], readers: list[Reader]) -> None:
    if len({n.file for n in needs}) < len(needs) or len({r.id for r in readers}) < len(readers):
        raise ValueError("an id comes twice")
    if any(n.readers < 0 for n in needs) or any(r.load < 0 for r in readers):
        raise ValueError("a number is negative")


def _draw(kind: str, number: int) -> int:
    """The number that this file or this reader draws. Modulo a prime, the product of two is as good as new."""
    return int.from_bytes(blake2b(f"{kind}:{number}".encode(), digest_size=7).digest(), "big") + 1


class _Flow:
    """The readings given so far, and the prices that prove them the best for the files inserted so far.

    Files and readers go by their place in the sorted lists. `cost[file][reader]`: less than zero for a trade known or
    a pair kept. `price`: a potential for each reader, such that no arc between readers, and none from a reader to the
    end (one reading more for her), costs less than the difference of prices.
    """

    def __init__(self, needs: list[Need], readers: list[Reader], preferred: frozenset[Pair]):
        self.needs, self.readers = needs, readers
        units = sum(need.readers for need in needs)
        self.one_known = units + 1
        self.one_square = self.one_known * (units + 1)
        everyone = range(len(readers))
        self.open_to = [[r for r in everyone if readers[r].id not in need.closed_to] for need in needs]
        self.cost = [
            {r: self._cost(need, readers[r], preferred) for r in open_to}
            for need, open_to in zip(needs, self.open_to, strict=True)
        ]
        self.draw = [_draw("file", need.file) for need in needs]
        self.drawn_by = [_draw("reader", reader.id) for reader in readers]
        self.load = [reader.load for reader in readers]
        self.price = [0] * len(readers)
        self.readers_of: list[set[int]] = [set() for _need in needs]
        self.offers: list[list[list[Pair]]] = [[[] for _taker in everyone] for _giver in everyone]
        """From a giver to a taker: a heap of (cost, file); some are out of date, see `_offer`."""

    def _cost(self, need: Need, reader: Reader, preferred: frozenset[Pair]) -> int:
        is_known, is_kept = bool(need.trades & reader.trades), (need.file, reader.id) in preferred
        return -(self.one_known * is_known + is_kept)

    def _turn(self, file: int, reader: int) -> int:
        """Among equals, the lowest comes first: for each file another order of readers."""
        return self.draw[file] * self.drawn_by[reader] % _PRIME

    def insert(self, file: int) -> None:
        """Give one reading more of this file, by the path that costs least: to a reader who may hand on one of hers,
        to another who may do so too, up to somebody who keeps what she is given. Dijkstra's search.
        """
        free = [r for r in self.open_to[file] if r not in self.readers_of[file]]
        start = max(self.price[r] - self.cost[file][r] for r in free)
        nearest = {r: self.cost[file][r] + start - self.price[r] for r in free}
        came_from = dict.fromkeys(free, (None, file))  # by whom, with which file
        heap = sorted((distance, self._turn(file, r), r) for r, distance in nearest.items())
        reached, least, last = {}, None, None
        while heap and (least is None or heap[0][0] < least):
            distance, _turn, giver = heappop(heap)
            if giver in reached:
                continue
            reached[giver] = distance
            keeping = distance + self.price[giver] + self.one_square * (2 * self.load[giver] + 1)
            if least is None or keeping < least:
                least, last = keeping, giver
            for taker, offers in enumerate(self.offers[giver]):
                if not offers or taker in reached:
                    continue
                before = distance + self.price[giver] - self.price[taker]
                bound = nearest.get(taker, least)
                bound = bound if bound < least else least
                if before + offers[0][0] >= bound:
                    continue  # an offer out of date is never dearer than the next
                offer = self._offer(giver, taker)
                if offer and (further := before + offer[0]) < bound:
                    nearest[taker], came_from[taker] = further, (giver, offer[1])
                    heappush(heap, (further, self._turn(offer[1], taker), taker))
        for reader, distance in reached.items():
            self.price[reader] += distance - least
        self._follow(came_from, last)

    def _follow(self, came_from: dict, last: int) -> None:
        """Pass the files along the path that ends with this reader. No two steps touch one pair: the path is simple."""
        self.load[last] += 1
        while last is not None:
            giver, file = came_from[last]
            others = self.readers_of[file]
            if giver is not None:
                others.remove(giver)
                for other in others:
                    self._make_offer(other, giver, file)
            others.add(last)
            for taker in self.open_to[file]:
                if taker not in others:
                    self._make_offer(last, taker, file)
            last = giver

    def _make_offer(self, giver: int, taker: int, file: int) -> None:
        cost = self.cost[file]
        heappush(self.offers[giver][taker], (cost[taker] - cost[giver], file))

    def _offer(self, giver: int, taker: int) -> Pair | None:
        """The cheapest file that she could hand to the other: (cost, file)."""
        heap = self.offers[giver][taker]
        while heap:
            readers = self.readers_of[heap[0][1]]
            if giver in readers and taker not in readers:
                return heap[0]
            heappop(heap)
        return None

    def sharing(self, short: dict[int, int]) -> Sharing:
        given = [(file, reader) for file, readers in enumerate(self.readers_of) for reader in sorted(readers)]
        costs = [-self.cost[file][reader] for file, reader in given]
        pairs = [(self.needs[file].file, self.readers[reader].id) for file, reader in given]
        return Sharing(
            pairs=pairs,
            short=dict(sorted(short.items())),
            loads={reader.id: load for reader, load in zip(self.readers, self.load, strict=True)},
            known=sum(cost >= self.one_known for cost in costs),
            kept=sum(cost % self.one_known for cost in costs),
            uneven=why_uneven(pairs, {need.file: need.closed_to for need in self.needs}, self.readers),
        )


def why_uneven(
    pairs: Iterable[Pair], closed_to: Mapping[int, Collection[int]], readers: Collection[Reader]
) -> Uneven | None:
    """Why the loads of these readers differ by more than one when they have these pairs too; None when they do not.

    Whoever has two readings more than the least loaded, and whoever the files of those could still reach: where the
    least loaded are among them, sharing out anew would do better.
    """
    files_of, readers_of = {reader.id: [] for reader in readers}, {}
    for file, reader in pairs:
        files_of[reader].append(file)
        readers_of.setdefault(file, set()).add(reader)
    load = {reader.id: reader.load + len(files_of[reader.id]) for reader in readers}
    least = min(load.values(), default=0)
    todo = [reader for reader in load if load[reader] > least + 1]
    reached = set(todo)
    if not todo:
        return None
    while todo:
        for file in files_of[todo.pop()]:
            takers = load.keys() - reached - readers_of[file] - set(closed_to.get(file, ()))
            reached |= takers
            todo += sorted(takers)
    light = tuple(sorted(reader for reader in load if load[reader] == least))
    return Uneven(
        heavy=tuple(sorted(reached)),
        light=light,
        standing=sum(reader.load for reader in readers if reader.id in reached),
        movable=sum(len(files_of[reader]) for reader in reached),
        is_final=reached.isdisjoint(light),
    )

"""One more person, by the cheapest chain of moves: the shortest augmenting path with integer prices.

Two sides face each other. A node of the left side asks for one more partner of the right side; whoever it takes the
place of asks in turn, until somebody is free, or goes to her `home`, which stands for « without a partner ». Every
node has a price, such that

    left.prices[l] + right.prices[r] + toll - weight(l, r) >= 0     for each link, and 0 for each pair made
    left.prices[l] + right.prices[home of l] >= 0                   and 0 for whoever is at home

So the chain that loses least is a shortest path, and Dijkstra's search finds it; then the prices move so that both
lines hold again. Bids do most of the work before where they can (`bid`). (R. Jonker, A. Volgenant, "A shortest
augmenting path algorithm for dense and sparse linear assignment problems", Computing 38, 1987: both. The textbook:
R. Ahuja, T. Magnanti, J. Orlin, "Network Flows", 1993, 9.7.)
A node has as many partners as `capacities` says; one side has one each, so that links need no capacity of their own.
"""

from bisect import bisect_left
from heapq import heappop, heappush
from operator import neg

ENDLESS = 1 << 200


class Side:
    """One side. The homes of the other side's nodes stand in `prices`, `partners` and `capacities` after its own.

    `links[n]` are the nodes that `n` may have, `weights[n]` what each is worth, greatest first, `homes[n]` where `n`
    goes alone, `lows[n]` a price that none of its links is below. `promises` maps nodes to a partner and what that
    link is worth more once they part.
    """

    __slots__ = ("capacities", "count", "homes", "links", "lows", "partners", "prices", "promises", "weights")

    def __init__(self, links: list, weights: list, capacities: list[int], homes: list[int], guests: int = 1):
        self.links, self.weights, self.homes, self.count = links, weights, homes, len(links)
        self.capacities = [*capacities, *[ENDLESS] * guests]
        self.partners: list[list[int]] = [[] for _node in self.capacities]
        self.prices, self.lows = [0] * len(self.capacities), [0] * len(links)
        self.promises: dict[int, tuple[int, int]] = {}

    def copy(self) -> "Side":
        """The same side, to be changed apart; rows of links and weights are shared."""
        copied = object.__new__(Side)
        copied.count, copied.homes, copied.capacities = self.count, self.homes, self.capacities
        copied.links, copied.weights = list(self.links), list(self.weights)
        copied.prices, copied.lows, copied.promises = self.prices[:], [0] * self.count, dict(self.promises)
        copied.partners = [taken[:] for taken in self.partners]
        return copied

    def look_at_prices(self, right: "Side") -> None:
        """Set `lows`, while the other side's prices do not fall."""
        price_of = right.prices.__getitem__
        self.lows = [min(map(price_of, row), default=0) for row in self.links]

    def cut(self, node: int, other: int) -> None:
        """Take a link away, if it is there. Rows are written anew: other sides may share them."""
        if other in self.links[node]:
            place = self.links[node].index(other)
            for rows in (self.links, self.weights):
                rows[node] = rows[node][:place] + rows[node][place + 1 :]

    def add(self, node: int, other: int, bonus: int) -> None:
        """Make a link worth more, if it is there; it moves to where its weight belongs."""
        if other in self.links[node]:
            weight = self.weights[node][self.links[node].index(other)] + bonus
            self.cut(node, other)
            place = bisect_left(self.weights[node], -weight, key=neg)
            for rows, worth in ((self.links, other), (self.weights, weight)):
                rows[node] = (*rows[node][:place], worth, *rows[node][place:])


def enter(left: Side, right: Side, node: int, toll: int) -> None:
    """A left node that has no partner yet comes in: its price is what it would gain; then it asks."""
    prices, best, choice, low = right.prices, ENDLESS, None, left.lows[node]
    for other, weight in zip(left.links[node], left.weights[node], strict=True):
        if low - weight >= best:
            break
        if (loss := prices[other] - weight) < best:
            best, choice = loss, other
    alone = prices[left.homes[node]]
    if choice is None or best + toll >= alone:
        left.prices[node] = -alone
    elif len(right.partners[choice]) < right.capacities[choice]:
        left.prices[node] = -best - toll
        pair(left, right, node, choice)
    else:
        left.prices[node] = -best - toll
        ask(left, right, node, toll)


def bid(left: Side, right: Side, node: int, toll: int) -> int | None:
    """Give `node` one partner more without a search: it outbids whoever has the partner that is best for it.

    The price of that partner rises until the next best one is as good: all links still hold, and one step is made for
    which a search would weigh many. Returns who lacks a partner now: the one outbid, `node` where bidding leads nowhere
    (no second choice, or two as good), or nobody. Partners of the right side must have one place each.
    """
    prices, mine = right.prices, left.partners[node]
    best = second = ENDLESS
    choice = node
    for other, weight in zip(left.links[node], left.weights[node], strict=True):
        if -weight >= second:
            break  # no price is below nothing
        loss = prices[other] - weight
        if loss < second and other not in mine:
            if loss < best:
                best, second, choice = loss, best, other
            else:
                second = loss
    price = -second - toll
    if best == second or price + prices[left.homes[node]] <= 0:
        return node
    for other in mine:
        prices[other] += left.prices[node] - price  # they are kept at its new price
    left.prices[node] = price
    prices[choice] += second - best
    outbid = right.partners[choice][0] if right.partners[choice] else None
    if outbid is not None:
        part(left, right, outbid, choice)
    pair(left, right, node, choice)
    return outbid


def ask(left: Side, right: Side, start: int, toll: int) -> None:
    """Give `start` one partner more, or leave somebody out, by the cheapest chain."""
    lefts, links, weights, homes, lows = left.prices, left.links, left.weights, left.homes, left.lows
    rights, partners, capacities = right.prices, right.partners, right.capacities
    least, end, mine = ENDLESS, start, left.partners
    nearest: dict[int, int] = {}
    came: dict[int, int] = {}
    left_of: dict[int, int | None] = {start: None}  # reached, and from whose place
    reached, settled, heap = [], [], []
    fresh, far = [start], 0
    while True:
        for node in fresh:
            reached.append((node, far))
            for other in mine[node]:
                if other != left_of[node]:  # its other partners go along with it
                    nearest[other] = -ENDLESS
                    settled.append((other, far))
            alone, base = homes[node], far + lefts[node]
            if (loss := base + rights[alone]) < least:
                least, end, came[alone] = loss, alone, node
            base += toll
            bound = base + lows[node]
            for other, weight in zip(links[node], weights[node], strict=True):
                if bound - weight >= least:
                    break  # what follows weighs less
                loss = base + rights[other] - weight
                if loss < least and loss < nearest.get(other, least):
                    nearest[other], came[other] = loss, node
                    if len(partners[other]) < capacities[other]:
                        least, end = loss, other
                    else:
                        heappush(heap, (loss, other))
        while heap and heap[0][0] < least:
            far, taken = heappop(heap)
            if far == nearest[taken]:
                break
        else:
            break
        settled.append((taken, far))
        nearest[taken] = -ENDLESS
        fresh = []
        for node in partners[taken]:
            if node not in left_of:
                left_of[node] = taken
                fresh.append(node)
    for node, far in reached:
        lefts[node] -= least - far
    for other, far in settled:
        rights[other] += least - far
    _follow(left, right, end, came, left_of)


def _follow(left: Side, right: Side, end: int, came: dict[int, int], left_of: dict[int, int | None]) -> None:
    """Everybody on the chain moves one place on, the last one first."""
    other: int | None = end
    while other is not None:
        node = came[other]
        place = left_of[node]
        if place is not None:
            part(left, right, node, place)
        if other < right.count:
            pair(left, right, node, other)
        other = place


def pair(left: Side, right: Side, node: int, other: int) -> None:
    """These two are partners now."""
    left.partners[node].append(other)
    right.partners[other].append(node)


def part(left: Side, right: Side, node: int, other: int) -> None:
    """These two are partners no more."""
    left.partners[node].remove(other)
    right.partners[other].remove(node)
    if left.promises or right.promises:
        for side, one, two in ((left, node, other), (right, other, node)):
            if side.promises.get(one, (None,))[0] == two:
                _two, bonus = side.promises.pop(one)
                left.add(node, other, bonus)
                right.add(other, node, bonus)

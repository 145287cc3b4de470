"""One more person, by the cheapest chain of moves: the shortest augmenting path with integer prices.

Two sides face each other. A node of the left side asks for one more partner of the right side; whoever it takes the
place of asks in turn, until somebody is free, or goes to her `home`, which stands for « without a partner ». Every
node has a price, such that

    left.prices[l] + right.prices[r] + toll - weight(l, r) >= 0     for each link, and 0 for each pair made
    left.prices[l] + right.prices[home of l] >= 0                   and 0 for whoever is at home

So the chain that loses least is a shortest path, and Dijkstra's search finds it; then the prices move so that both
lines hold again. (R. Jonker, A. Volgenant, "A shortest augmenting path algorithm for dense and sparse linear
assignment problems", Computing 38, 1987. The textbook: R. Ahuja, T. Magnanti, J. Orlin, "Network Flows", 1993, 9.7.)
A node has as many partners as `capacities` says; one side has one each, so that links need no capacity of their own.
"""

from heapq import heappop, heappush

ENDLESS = 1 << 200


class Side:
    """One side. The homes of the other side's nodes stand in `prices`, `partners` and `capacities` after its own.

    `links[n]` are the nodes that `n` may have, `weights[n]` what each is worth, greatest first, `homes[n]` where `n`
    goes alone.
    """

    __slots__ = ("capacities", "count", "homes", "links", "partners", "prices", "weights")

    def __init__(self, links: list, weights: list, capacities: list[int], homes: list[int], guests: int = 1):
        self.links, self.weights, self.homes, self.count = links, weights, homes, len(links)
        self.capacities = [*capacities, *[ENDLESS] * guests]
        self.partners: list[list[int]] = [[] for _node in self.capacities]
        self.prices = [0] * len(self.capacities)

    def copy(self) -> "Side":
        """The same side, to be changed apart; rows of links and weights are shared."""
        copied = object.__new__(Side)
        copied.count, copied.homes = self.count, self.homes
        copied.links, copied.weights = list(self.links), list(self.weights)
        copied.capacities, copied.prices = self.capacities[:], self.prices[:]
        copied.partners = [taken[:] for taken in self.partners]
        return copied


def enter(left: Side, right: Side, node: int, toll: int) -> None:
    """A left node that has no partner yet comes in: its price is what it would gain; then it asks."""
    prices, best, choice = right.prices, ENDLESS, None
    for other, weight in zip(left.links[node], left.weights[node], strict=True):
        if -weight >= best:
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


def ask(left: Side, right: Side, start: int, toll: int, *, limit: int = ENDLESS, passes=None) -> int | None:
    """Give `start` one partner more, or leave somebody out, by the cheapest chain. Returns what the chain loses.

    None, and nothing has changed, when no chain loses less than `limit`. `passes` maps a home that is full to the homes
    somebody may leave in exchange, with what that costs.
    """
    lefts, links, weights, homes = left.prices, left.links, left.weights, left.homes
    rights, partners, capacities, count = right.prices, right.partners, right.capacities, right.count
    least, end = limit, None
    nearest: dict[int, int] = {}
    came: dict[int, int] = {}
    left_of: dict[int, int | None] = {start: None}  # reached, and from whose place
    reached, settled, heap = [], [], []
    fresh, far = [start], 0
    while True:
        for node in fresh:
            reached.append((node, far))
            alone = homes[node]
            base = far + lefts[node]
            if (loss := base + rights[alone]) < least and loss < nearest.get(alone, least):
                nearest[alone], came[alone] = loss, node
                if capacities[alone]:
                    least, end = loss, alone
                else:
                    heappush(heap, (loss, alone))
            base += toll
            for other, weight in zip(links[node], weights[node], strict=True):
                if (loss := base - weight) >= least:
                    break  # what follows weighs less, and prices are not negative
                loss += rights[other]
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
        if passes and taken >= count:
            for onward, cost in passes[taken]:
                if (loss := far + cost) < nearest.get(onward, least):
                    nearest[onward], came[onward] = loss, ~taken
                    heappush(heap, (loss, onward))
        fresh = []
        for node in partners[taken]:
            if node not in left_of:
                left_of[node] = taken
                fresh.append(node)
    if end is None:
        return None
    for node, far in reached:
        lefts[node] -= least - far
    for other, far in settled:
        rights[other] += least - far
    _follow(left, right, end, came, left_of)
    return least


def _follow(left: Side, right: Side, end: int, came: dict[int, int], left_of: dict[int, int | None]) -> None:
    """Everybody on the chain moves one place on, the last one first."""
    other: int | None = end
    while other is not None:
        if (node := came[other]) < 0:
            other = ~node
            continue
        place = left_of[node]
        if place is not None and place < right.count:
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

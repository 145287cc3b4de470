"""From an instance to its answer: the best pairs, in the order of what counts, with their proof.

The mentors who are too few for those who have no other choice (`cover`) cut the problem in two, which touch no more:
there every place is taken, so each place looks for somebody; elsewhere everybody has a mentor, so each mentee looks for
a place. Both are searches that always succeed, from the side that is short, and those are the quick ones.
"""

from collections import deque
from functools import cached_property
from itertools import compress

from matching.engine import certificate, cover, floors, lottery
from matching.engine.augmenting import ask, bid, enter
from matching.engine.instance import Instance, Pair
from matching.engine.links import Rows
from matching.engine.market import Market

BIDS = 4
"""So many for each place, all in all: going on longer costs more than the searches it saves, and adds to what
`links` has to leave room for."""


class Solution:
    """The best pairs of an instance, and the prices that prove it.

    `held` is how many members of each floor's group are guaranteed, in the order of the floors.
    """

    def __init__(self, market: Market, holding: floors.Holding):
        self.market, self.holding, self.instance = market, holding, market.instance
        self.mentor_of = holding.mentor_of or market.mentor_of()

    @cached_property
    def mentees_of(self) -> dict[int, list[int]]:
        """Each mentor's mentees, by number."""
        found: dict[int, list[int]] = {}
        for mentee, mentor in self.mentor_of.items():
            found.setdefault(mentor, []).append(mentee)
        return found

    @cached_property
    def number_of(self) -> dict[str, int]:
        """The mentees' numbers by id."""
        return {name: number for number, name in enumerate(self.instance.mentee_ids)}

    @cached_property
    def floor_prices(self) -> dict[str, int]:
        """What the pairs would gain, in points, without each floor."""
        names = [floor.group for floor in self.instance.floors]
        return dict(zip(names, self.holding.prices, strict=True))

    @cached_property
    def pairs(self) -> list[Pair]:
        """(mentee's id, mentor's id), sorted."""
        mentees, mentors = self.instance.mentee_ids, self.instance.mentor_ids
        return [(mentees[mentee], mentors[mentor]) for mentee, mentor in self.mentor_of.items()]

    @cached_property
    def points(self) -> int:
        """The sum of the scores."""
        return sum(self.instance.score_of(mentee, mentor) for mentee, mentor in self.mentor_of.items())

    @cached_property
    def kept(self) -> int:
        """Announced pairs that still stand."""
        before = self.instance.previous
        return sum(before.get(mentee) == mentor for mentee, mentor in self.mentor_of.items())

    @cached_property
    def certificate(self) -> "certificate.Certificate":
        return certificate.draw_up(self)

    def answer(self) -> dict:
        """The answer as the contract writes it, ready for JSON."""
        proof, instance = self.certificate, self.instance
        names = [floor.group for floor in instance.floors]
        draws = zip(self.market.mentee_draws, map(self.mentor_of.get, range(len(instance.mentee_ids))), strict=True)
        stats = {
            "pairs": len(self.mentor_of),
            "points": self.points,
            "kept": self.kept,
            "broken": len(instance.previous) - self.kept,
            "targets": dict(zip(names, self.holding.targets, strict=True)),
            "bound": proof.bound,
            "gap": proof.gap,
            "weighting": {"kept": self.market.keep if instance.previous else 0},
            "floor_prices": self.floor_prices,
            "lottery": sum(
                draw * self.market.mentor_draws[mentor] % lottery.PRIME for draw, mentor in draws if mentor is not None
            ),
        }
        return {
            "pairs": [list(pair) for pair in self.pairs],
            "mins": dict(zip(names, self.holding.held, strict=True)),
            "certificate": proof.as_json(),
            "stats": stats,
        }


def solve(instance: Instance) -> Solution:
    """The best pairs of the instance."""
    market = Market(instance)
    fill(market)
    return Solution(market, hold(market))


def hold(market: Market) -> floors.Holding:
    """Hold the floors on the best pairs without them."""
    if floors.are_nested(market):
        return floors.hold(market)
    from matching.engine import crossing  # rarely needed, and starting must be quick

    return crossing.hold(market)


def fill(market: Market) -> None:
    """As many pairs as can be, and among those the best, floors apart."""
    mentees, mentors, toll = market.mentees, market.mentors, market.toll
    scarce = cover.scarce_mentors(mentees.links, mentors.capacities[: mentors.count])
    for mentor in range(mentors.count):
        if not mentors.capacities[mentor]:  # nobody can sit there: no price is too high
            mentors.prices[mentor] = -2 * toll
    links, weights = mentees.links, mentees.weights
    mentees.links, mentees.weights = _free(links, weights, scarce)
    for mentee in sorted(range(mentees.count), key=lambda one: len(mentees.links[one])):
        if mentees.links[mentee]:
            enter(mentees, mentors, mentee, toll)
    mentees.links, mentees.weights = links, weights
    places = sorted((m for m in range(mentors.count) if scarce[m]), key=lambda one: len(mentors.links[one]))
    fill_places(market, [mentor for mentor in places for _place in range(mentors.capacities[mentor])])


def fill_places(market: Market, places: list[int]) -> None:
    """Each place, given by its mentor, finds somebody: by bids that outbid each other for a while, then by searches."""
    mentees, mentors, toll = market.mentees, market.mentors, market.toll
    waiting, later = deque(places), []
    for _bid in range(BIDS * len(places)):
        if not waiting:
            break
        mentor = waiting.popleft()
        lacking = bid(mentors, mentees, mentor, toll)
        if lacking == mentor:
            later.append(mentor)
        elif lacking is not None:
            waiting.append(lacking)
    for mentor in (*later, *waiting):
        (ask if mentors.partners[mentor] else enter)(mentors, mentees, mentor, toll)


def _free(all_links: Rows, all_weights: Rows, scarce: list[bool]) -> tuple[Rows, Rows]:
    """Everybody's links with mentors who are not scarce."""
    is_free = [not one for one in scarce].__getitem__
    links, weights = [], []
    for row, worth in zip(all_links, all_weights, strict=True):
        kept = list(map(is_free, row))
        if not all(kept):
            row, worth = (tuple(compress(row, kept)), tuple(compress(worth, kept))) if any(kept) else ((), ())
        links.append(row)
        weights.append(worth)
    return links, weights

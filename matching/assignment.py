"""Who goes with whom: an exact assignment of mentees to mentors' places. Pure Python; knows no database.

The best list of pairs is, in this order: the one that pairs most people; among those, the one with most
points; among those, the one that a lottery favours. The lottery hashes the seed and the two ids, so the
same people give the same pairs in whatever order they come, and nobody is served by her number.

Method: shortest augmenting paths with integer prices, one mentee at a time, those with fewest options
first. R. Jonker and A. Volgenant, "A shortest augmenting path algorithm for dense and sparse linear
assignment problems", Computing 38 (1987), extended to mentors with several places and to people who
stay without a mentor.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from heapq import heappop, heappush

MAX_SCORE = 1000
_LOTTERY_BITS = 40

Pair = tuple[int, int]
"""(mentee, mentor)."""


@dataclass(frozen=True)
class Instance:
    """Places of each mentor, and the score, 1 to 1000, of each pair that may be; an absent pair is forbidden."""

    capacities: Mapping[int, int]
    scores: Mapping[Pair, int]
    seed: str = ""


def lottery(seed: str, pair: Pair) -> int:
    """The number that this pair draws."""
    digest = blake2b(f"{seed}:{pair[0]}:{pair[1]}".encode(), digest_size=_LOTTERY_BITS // 8)
    return int.from_bytes(digest.digest(), "big")


def solve(instance: Instance) -> list[Pair]:
    """The best pairs, sorted. Raises ValueError when a score is out of bounds or a mentor is unknown."""
    options = _weighted_options(instance)
    search = _Search(options, instance.capacities)
    for mentee in sorted(options, key=lambda one: (len(options[one]), one)):
        search.insert(mentee)
    return sorted(search.mentor_of.items())


def _weighted_options(instance: Instance) -> dict[int, dict[int, int]]:
    """For each mentee her possible mentors, with weights whose greatest sum is the best list of pairs.

    One pair more outweighs any points, and one point more any luck: exact, since integers do not overflow.
    """
    mentees = {mentee for mentee, _ in instance.scores}
    point = (len(mentees) + 1) << _LOTTERY_BITS
    pairing = point * MAX_SCORE * (len(mentees) + 1)
    options: dict[int, dict[int, int]] = {mentee: {} for mentee in mentees}
    for (mentee, mentor), score in sorted(instance.scores.items()):
        if not 1 <= score <= MAX_SCORE or instance.capacities.get(mentor, -1) < 0:
            raise ValueError(f"pair {mentee}, {mentor}: score {score}, unknown mentor or negative capacity")
        if instance.capacities[mentor]:
            options[mentee][mentor] = pairing + score * point + lottery(instance.seed, (mentee, mentor))
    return options


class _Search:
    """The pairs so far, and the prices that prove them the best among the mentees inserted so far.

    `price` is what one more place of a mentor would bring, `worth` what a mentee brings above the price of
    her mentor. Always: worth + price ≥ weight for each possible pair, and equal for the pairs made; a mentor
    with a free place has price 0, a mentee without mentor has worth 0.
    """

    def __init__(self, options: dict[int, dict[int, int]], capacities: Mapping[int, int]):
        self.options, self.capacities = options, capacities
        self.price = dict.fromkeys(capacities, 0)
        self.worth: dict[int, int] = {}
        self.mentor_of: dict[int, int] = {}
        self.mentees_of: dict[int, set[int]] = {mentor: set() for mentor in capacities}

    def insert(self, mentee: int) -> None:
        """Take one more mentee in, by the path that loses least.

        The path goes from her to a mentor, from that mentor's mentees to others, and ends where there is a
        free place, or with somebody (perhaps herself) who is left without a mentor. Dijkstra's search.
        """
        self.worth[mentee] = max([0, *(w - self.price[mentor] for mentor, w in self.options[mentee].items())])
        least, vacated, left_out = self.worth[mentee], None, mentee
        mentees, mentors = {mentee: 0}, {}  # reached, with the loss of the path so far
        nearest, came_from, heap = {}, {}, []
        arrivals = [mentee]
        while arrivals:
            for person in arrivals:
                loss = mentees[person] + self.worth[person]
                if loss < least:
                    least, left_out = loss, person
                for mentor, weight in self.options[person].items():
                    further = loss + self.price[mentor] - weight
                    if further < nearest.get(mentor, least):
                        nearest[mentor], came_from[mentor] = further, person
                        heappush(heap, (further, mentor))
            arrivals = []
            while heap and not arrivals and vacated is None and heap[0][0] < least:
                loss, mentor = heappop(heap)
                if mentor in mentors:
                    continue
                mentors[mentor] = loss
                if len(self.mentees_of[mentor]) < self.capacities[mentor]:
                    least, vacated = loss, mentor
                arrivals = sorted(self.mentees_of[mentor]) if vacated is None else []
                mentees.update(dict.fromkeys(arrivals, loss))
        for person, loss in mentees.items():
            self.worth[person] -= least - loss
        for mentor, loss in mentors.items():
            self.price[mentor] += least - loss
        if vacated is None:
            vacated = self._leave(left_out)
        while vacated is not None:
            person, taken = came_from[vacated], vacated
            vacated = self._leave(person)
            self.mentor_of[person] = taken
            self.mentees_of[taken].add(person)

    def _leave(self, mentee: int) -> int | None:
        """She leaves her mentor, if she has one; returns whom."""
        mentor = self.mentor_of.pop(mentee, None)
        if mentor is not None:
            self.mentees_of[mentor].remove(mentee)
        return mentor

"""The same matching by scipy, for the seconds and for the truth.

A row for each mentee; a column for each seat, and one that is hers alone and so dear that she takes it only where no
seat can be found: every mentee then has a column, and the cheapest choice has the most pairs, then the most points.
With `previous`, a pair that stands is worth more than all points together. Floors and locked pairs are not known here.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy
from scipy.sparse import csr_array, hstack
from scipy.sparse.csgraph import maximum_bipartite_matching, min_weight_full_bipartite_matching

HIGHEST_SCORE = 1000


@dataclass
class Problem:
    """The allowed pairs, mentee by mentee: how many she has, with whom, the points, whether the pair stood before."""

    sizes: numpy.ndarray
    mentors: numpy.ndarray
    scores: numpy.ndarray
    stood: numpy.ndarray
    capacities: numpy.ndarray

    @property
    def seats(self) -> int:
        return int(self.capacities.sum())


def read(path: Path) -> Problem:
    """The pairs of an instance, but those declined."""
    found = json.loads(path.read_text())
    mentees = {each["id"]: number for number, each in enumerate(found["mentees"])}
    mentors = {each["id"]: number for number, each in enumerate(found["mentors"])}
    rows = numpy.array([row[:3] for row in found["scores"]], dtype=numpy.int64)
    keys = rows[:, 0] * len(mentors) + rows[:, 1]
    declined, previous = (
        [mentees[mentee] * len(mentors) + mentors[mentor] for mentee, mentor in found.get(name, [])]
        for name in ("declined", "previous")
    )
    allowed = ~numpy.isin(keys, declined)
    rows, keys = rows[allowed], keys[allowed]
    order = numpy.argsort(keys)
    return Problem(
        numpy.bincount(rows[:, 0], minlength=len(mentees)),
        rows[order, 1],
        rows[order, 2],
        numpy.isin(keys[order], previous),
        numpy.array([each["capacity"] for each in found["mentors"]]),
    )


def matrix(problem: Problem) -> csr_array:
    """What each choice costs, all of them above zero, for an absent one is forbidden."""
    mentees = len(problem.sizes)
    for_standing = HIGHEST_SCORE * mentees + 1 if problem.stood.any() else 0
    highest = HIGHEST_SCORE + for_standing + 1
    costs = highest - problem.scores - for_standing * problem.stood
    alone = csr_array((numpy.full(mentees, float(highest * (mentees + 1))), numpy.arange(mentees), range(mentees + 1)))
    return hstack(
        [_seats(problem.sizes, problem.mentors, costs.astype(float), problem.capacities), alone], format="csr"
    )


def solve(costs: csr_array) -> tuple[numpy.ndarray, numpy.ndarray]:
    """The rows and the columns of the cheapest choice."""
    return min_weight_full_bipartite_matching(costs)


def worth(problem: Problem, found: tuple[numpy.ndarray, numpy.ndarray]) -> dict[str, int]:
    """Pairs, pairs that stood and still stand, points."""
    of_seat = numpy.repeat(numpy.arange(len(problem.capacities)), problem.capacities)
    mentees, columns = found
    seated = columns < problem.seats
    chosen = mentees[seated] * len(problem.capacities) + of_seat[columns[seated]]
    keys = numpy.repeat(numpy.arange(len(problem.sizes)), problem.sizes) * len(problem.capacities) + problem.mentors
    places = numpy.searchsorted(keys, chosen)
    kept, points = problem.stood[places].sum(), problem.scores[places].sum()
    return {"pairs": int(seated.sum()), "kept": int(kept), "points": int(points)}


def most_pairs(sizes: numpy.ndarray, mentors: numpy.ndarray, capacities: numpy.ndarray) -> int:
    """How many mentees can have a mentor at once."""
    graph = _seats(sizes, mentors, numpy.ones(len(mentors)), capacities)
    return int((maximum_bipartite_matching(graph, perm_type="column") >= 0).sum())


def _seats(sizes, mentors, weights, capacities) -> csr_array:
    """A row for each mentee, a column for each seat of each mentor."""
    first = numpy.cumsum(capacities) - capacities
    times = capacities[mentors]
    starts = numpy.repeat(first[mentors], times)
    within = numpy.arange(len(starts)) - numpy.repeat(numpy.cumsum(times) - times, times)
    ends = numpy.concatenate([[0], numpy.cumsum(times)])[numpy.concatenate([[0], numpy.cumsum(sizes)])]
    data = numpy.repeat(weights, times)
    return csr_array((data, starts + within, ends), shape=(len(sizes), int(capacities.sum())))

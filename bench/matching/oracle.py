"""The same matching by scipy, for the seconds and for the truth."""

import numpy
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching


def most_pairs(sizes, mentors, capacities) -> int:
    """How many mentees can have a mentor at once; `mentors` are those of the first mentee, then of the second, …"""
    graph = _seats(sizes, mentors, numpy.ones(len(mentors)), capacities)
    return int((maximum_bipartite_matching(graph, perm_type="column") >= 0).sum())


def _seats(sizes, mentors, weights, capacities) -> csr_array:
    """A row for each mentee, a column for each seat."""
    first = numpy.cumsum(capacities) - capacities
    times = capacities[mentors]
    starts = numpy.repeat(first[mentors], times)
    within = numpy.arange(len(starts)) - numpy.repeat(numpy.cumsum(times) - times, times)
    ends = numpy.concatenate([[0], numpy.cumsum(times)])[numpy.concatenate([[0], numpy.cumsum(sizes)])]
    data = numpy.repeat(weights, times)
    return csr_array((data, starts + within, ends), shape=(len(sizes), int(capacities.sum())))

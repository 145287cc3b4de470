"""The problem: mentees, mentors' places, the pairs that may be, floors, and what was announced before."""

import itertools
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from math import ceil

from matching.engine.links import MAX_SCORE, Links

MAX_SIDE = 65_535
"""Scores are 1..1000; each side's own points, which only serve to compare, are 0..65535."""

Pair = tuple[str, str]
"""(mentee's id, mentor's id)."""


class BadInstance(ValueError):
    """The instance says something that cannot be; the sentence names the place, on one line."""


class Floor:
    """At least so many of a group among those paired: `count`, or `share` (a Fraction) of the pairs, rounded up."""

    __slots__ = ("count", "group", "share")

    def __init__(self, group: str, count: int | None = None, share=None):
        self.group, self.count, self.share = group, count, share

    def target(self, pairs: int) -> int:
        """How many members are asked for when there are that many pairs."""
        return self.count if self.share is None else ceil(self.share * pairs)


class Instance:
    """People in the order of their ids, so that the order of the input changes nothing.

    For mentee number `i`, `mentors[i]` lists the numbers of the mentors she may have, ascending, and `scores[i]`,
    `mentee_sides[i]`, `mentor_sides[i]` say what each pair is worth, and to whom. `locked` maps mentees to the mentor
    they keep; `previous` and `declined` map them to mentors too. `links` are the same pairs, laid out for the search.
    """

    __slots__ = (
        "capacities",
        "declined",
        "floors",
        "groups",
        "links",
        "locked",
        "mentee_ids",
        "mentee_sides",
        "mentor_ids",
        "mentor_sides",
        "mentors",
        "previous",
        "scores",
        "seed",
    )

    @classmethod
    def build(
        cls,
        *,
        seed: int | str,
        mentees: Sequence[tuple[str, Iterable[str]]],
        mentors: Sequence[tuple[str, int]],
        scores: Iterable[Sequence[int]],
        floors: Sequence[Floor] = (),
        previous: Sequence[Pair] = (),
        declined: Sequence[Pair] = (),
        locked: Sequence[Pair] = (),
    ) -> "Instance":
        """`scores` are rows (mentee's index, mentor's index, score, mentee's side, mentor's side), in any order.

        Raises BadInstance.
        """
        self = cls()
        self.seed, self.floors = seed, tuple(floors)
        mentee_number = _numbers("mentees", [name for name, _groups in mentees])
        mentor_number = _numbers("mentors", [name for name, _capacity in mentors])
        self.mentee_ids, self.mentor_ids = list(mentee_number), list(mentor_number)
        self.groups = [frozenset(groups) for _name, groups in sorted(mentees, key=_name)]
        self.capacities = [capacity for _name, capacity in sorted(mentors, key=_name)]
        self._take_scores(
            scores,
            array("l", [mentee_number[name] for name, _groups in mentees]),
            array("l", [mentor_number[name] for name, _capacity in mentors]),
        )
        numbers = mentee_number, mentor_number
        self.previous = _one_each("previous", previous, numbers)
        self.declined = _pairs("declined", declined, numbers)
        self.locked = _one_each("locked", locked, numbers)
        self._check_locks()
        self.links = Links(self)
        return self

    def _take_scores(self, rows: Iterable[Sequence[int]], mentee_at: array, mentor_at: array) -> None:
        """Rows packed as one number a pair, sorted by mentor, then laid out in arrays: 7 bytes a pair, not 200."""
        packed = [array("Q") for _mentee in mentee_at]
        count_e, count_m = len(mentee_at), len(mentor_at)
        for number, row in enumerate(rows):
            try:
                mentee, mentor, score, hers, theirs = row
                if not (0 <= mentee < count_e and 0 <= mentor < count_m and 1 <= score <= MAX_SCORE):
                    raise ValueError
                if not (0 <= hers <= MAX_SIDE and 0 <= theirs <= MAX_SIDE):
                    raise ValueError
                if not type(mentee) is type(mentor) is type(score) is type(hers) is type(theirs) is int:
                    raise ValueError
                packed[mentee_at[mentee]].append(mentor_at[mentor] << 42 | score << 32 | hers << 16 | theirs)
            except (TypeError, ValueError):
                raise BadInstance(f"scores[{number}]: {_row_fault(row, count_e, count_m)}") from None
        self.mentors, self.scores, self.mentee_sides, self.mentor_sides = [], [], [], []
        for mentee, pairs in enumerate(packed):
            ordered = sorted(pairs)
            packed[mentee] = None
            mentors = array("l", [pair >> 42 for pair in ordered])
            for one, next_one in itertools.pairwise(mentors):
                if one == next_one:
                    twice = f"{self.mentee_ids[mentee]!r}, {self.mentor_ids[one]!r}"
                    raise BadInstance(f"scores: the pair ({twice}) stands twice")
            self.mentors.append(mentors)
            self.scores.append(array("H", [pair >> 32 & 1023 for pair in ordered]))
            self.mentee_sides.append(array("H", [pair >> 16 & MAX_SIDE for pair in ordered]))
            self.mentor_sides.append(array("H", [pair & MAX_SIDE for pair in ordered]))

    def _check_locks(self) -> None:
        taken: dict[int, int] = {}
        for mentee, mentor in self.locked.items():
            pair = f"({self.mentee_ids[mentee]!r}, {self.mentor_ids[mentor]!r})"
            if self.score_of(mentee, mentor) is None:
                raise BadInstance(f"locked: {pair} is not among the scores")
            if (mentee, mentor) in self.declined:
                raise BadInstance(f"locked: {pair} is declined too")
            taken[mentor] = taken.get(mentor, 0) + 1
            if taken[mentor] > self.capacities[mentor]:
                name = self.mentor_ids[mentor]
                raise BadInstance(f"locked: mentor {name!r} has more locked pairs than places")

    def place_of(self, mentee: int, mentor: int) -> int | None:
        """Where the mentor stands in the mentee's list; None when the pair may not be."""
        mentors = self.mentors[mentee]
        place = bisect_left(mentors, mentor)
        return place if place < len(mentors) and mentors[place] == mentor else None

    def score_of(self, mentee: int, mentor: int) -> int | None:
        """The points of a pair; None when it may not be."""
        place = self.place_of(mentee, mentor)
        return None if place is None else self.scores[mentee][place]

    @property
    def pair_count(self) -> int:
        """How many pairs may be."""
        return sum(map(len, self.mentors))


def is_text(name) -> bool:
    """Whether it is a text that can be written: JSON may hold halves of characters."""
    try:
        return isinstance(name, str) and bool(name.encode() or True)
    except UnicodeEncodeError:
        return False


def _name(person: tuple[str, object]) -> str:
    return person[0]


def _numbers(place: str, names: list[str]) -> dict[str, int]:
    """Each id's number, in the order of the ids."""
    for position, name in enumerate(names):
        if not is_text(name) or not name:
            raise BadInstance(f"{place}[{position}]: the id must be a text that is not empty")
    ordered = sorted(names)
    for one, next_one in itertools.pairwise(ordered):
        if one == next_one:
            raise BadInstance(f"{place}: the id {one!r} stands twice")
    return {name: number for number, name in enumerate(ordered)}


def _pairs(place: str, pairs: Sequence[Pair], numbers) -> dict[tuple[int, int], None]:
    """Pairs of numbers, each once."""
    mentees, mentors = numbers
    found: dict[tuple[int, int], None] = {}
    for position, (mentee, mentor) in enumerate(pairs):
        for name, known, kind in ((mentee, mentees, "mentee"), (mentor, mentors, "mentor")):
            if name not in known:
                raise BadInstance(f"{place}[{position}]: {kind} {name!r} does not exist")
        found[mentees[mentee], mentors[mentor]] = None
    return found


def _one_each(place: str, pairs: Sequence[Pair], numbers) -> dict[int, int]:
    """Mentee to mentor; a mentee stands there once."""
    found: dict[int, int] = {}
    for position, pair in enumerate(pairs):
        for mentee, mentor in _pairs(place, [pair], numbers):
            if found.setdefault(mentee, mentor) != mentor:
                raise BadInstance(f"{place}[{position}]: mentee {pair[0]!r} has two mentors there")
    return found


def _row_fault(row, mentees: int, mentors: int) -> str:
    """What is wrong with a row of the scores."""
    if not isinstance(row, list | tuple) or len(row) != 5:
        return "must be [mentee_index, mentor_index, score, mentee_side, mentor_side]"
    names = ("mentee_index", "mentor_index", "score", "mentee_side", "mentor_side")
    for name, value in zip(names, row, strict=True):
        if type(value) is not int:
            return f"{name} must be an integer"
    bounds = ((0, mentees - 1), (0, mentors - 1), (1, MAX_SCORE), (0, MAX_SIDE), (0, MAX_SIDE))
    for name, value, (least, most) in zip(names, row, bounds, strict=True):
        if not least <= value <= most:
            if name.endswith("_index"):
                return f"{name} {value} does not exist"
            return f"{name} {value} is not between {least} and {most}"
    raise AssertionError(row)

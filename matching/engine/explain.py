"""Why this pair, or why none: read off the proof of an answer, so that every word of it holds.

The price that a link lacks to be worth its two prices is what any answer with that pair would lose at least (the
reduced cost of linear programming). Whoever is left out shares, with the people a search from her goes through, mentors
who are all theirs and all full: the smallest such set is what stands in her way (P. Hall, "On representatives of
subsets", Journal of the London Mathematical Society 10, 1935).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from matching.engine.solving import Solution


@dataclass(frozen=True)
class Better:
    """A mentor who would score more for her: what any answer with that pair loses at least, and who has the places."""

    mentor_id: str
    score: int
    loss: int
    holders: Sequence[str]


@dataclass(frozen=True)
class PairExplanation:
    """A pair of the answer. `rank` is the mentor's place among the mentee's `options`, by score, 1 the best."""

    mentor_id: str
    score: int
    mentee_side: int
    mentor_side: int
    rank: int
    options: int
    better: Sequence[Better]


@dataclass(frozen=True)
class Scarcity:
    """People who have only these mentors, with fewer places between them than they are."""

    mentees: Sequence[str]
    mentors: Sequence[str]
    seats: int


@dataclass(frozen=True)
class Unmatched:
    """Somebody without mentor: how many she could have, and who competes with her for them; None without any."""

    options: int
    scarcity: Scarcity | None


def of_pair(solution: Solution, mentee_id: str) -> PairExplanation:
    """Why she has that mentor and not a better-scored one. Raises KeyError when she has none."""
    instance, mentee = solution.instance, solution.number_of[mentee_id]
    mentor = solution.mentor_of[mentee]
    place = instance.place_of(mentee, mentor)
    score, options = instance.scores[mentee][place], list(_options(solution, mentee))
    better = [(other, found) for other, found in options if found > score]
    return PairExplanation(
        mentor_id=instance.mentor_ids[mentor],
        score=score,
        mentee_side=instance.mentee_sides[mentee][place],
        mentor_side=instance.mentor_sides[mentee][place],
        rank=1 + len(better),
        options=len(options),
        better=[
            Better(instance.mentor_ids[other], found, _loss(solution, mentee, other, found), _holders(solution, other))
            for other, found in sorted(better, key=lambda one: (-one[1], one[0]))
        ],
    )


def of_unmatched(solution: Solution, mentee_id: str) -> Unmatched:
    """What stands in the way of somebody without mentor. Raises ValueError when she has one."""
    mentee = solution.number_of[mentee_id]
    if mentee in solution.mentor_of:
        raise ValueError(f"{mentee_id} has a mentor")
    options = sum(1 for _option in _options(solution, mentee))
    return Unmatched(options, _scarcity(solution, mentee) if options else None)


def _options(solution: Solution, mentee: int):
    """The mentors she may have, with their scores: declined pairs left out."""
    instance = solution.instance
    for mentor, score in zip(instance.mentors[mentee], instance.scores[mentee], strict=True):
        if (mentee, mentor) not in instance.declined and instance.locked.get(mentee, mentor) == mentor:
            yield mentor, score


def _loss(solution: Solution, mentee: int, mentor: int, score: int) -> int:
    """Points that every answer with this pair loses at least, or pairs announced that it breaks, counted as `keep`."""
    proof, market = solution.certificate, solution.market
    due = sum(proof.mu[floor] for floor in market.cell_floors[market.cells[mentee]])
    kept = market.keep if solution.instance.previous.get(mentee) == mentor else 0
    lacking = proof.u.get(mentee, 0) + proof.v.get(mentor, 0) + proof.toll - due - score - kept
    return max(0, lacking - proof.gap)


def _holders(solution: Solution, mentor: int) -> list[str]:
    return [solution.instance.mentee_ids[mentee] for mentee in solution.mentees_of.get(mentor, ())]


def _scarcity(solution: Solution, start: int) -> Scarcity:
    """Everybody whom moves could reach from her: they have no other mentors, and these have no place free."""
    instance, mentees, mentors = solution.instance, [start], {}
    known = {start}
    for mentee in mentees:
        for mentor, _score in _options(solution, mentee):
            if mentor not in mentors:
                mentors[mentor] = None
                sharing = [other for other in solution.mentees_of.get(mentor, ()) if other not in known]
                known.update(sharing)
                mentees += sharing
    return Scarcity(
        mentees=sorted(instance.mentee_ids[mentee] for mentee in mentees),
        mentors=sorted(instance.mentor_ids[mentor] for mentor in mentors),
        seats=sum(instance.capacities[mentor] for mentor in mentors),
    )

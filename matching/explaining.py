"""Why each pair, and why no pair, as data: codes, references and commitments' numbers. Names are looked up when shown.

What is proven comes from the engine; what the scores are made of, and which rule closes which door, from the scoring.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from matching import scoring
from matching.engine import explain
from matching.models import Unmatched
from matching.situation import Situation, commitment_of

Kind = Unmatched.Kind

BETTER = 5
"""How many better-scored mentors are told of at most, the best ones."""


@dataclass
class Explained:
    """Everything a run says about each person. `scarcities` are told once, for all whom they leave out."""

    parts: dict[str, list[scoring.Part]] = field(default_factory=dict)
    pairs: dict[str, dict] = field(default_factory=dict)
    unmatched: dict[str, tuple[str, dict]] = field(default_factory=dict)
    scarcities: list[dict] = field(default_factory=list)


def of(situation: Situation, solution) -> Explained:
    """Every pair and every person left out of the answer."""
    explained = Explained()
    for mentee, mentor in solution.pairs:
        explained.parts[mentee] = situation.parts(mentee, mentor)
        explained.pairs[mentee] = _pair(situation, solution, mentee)
    known: dict[tuple, int] = {}
    for mentee in sorted(situation.mentees.keys() - explained.pairs.keys()):
        explained.unmatched[mentee] = _unmatched(situation, solution, mentee, known)
    explained.scarcities = [_scarcity(*found) for found in known]
    for reference, kind in situation.waiting.items():
        tries = situation.tries.get(reference)
        explained.unmatched[reference] = (kind, {"tries": tries} if tries else {})
    return explained


def _pair(situation: Situation, solution, mentee: str) -> dict:
    """Where the mentor stands among those the mentee may have, and what each better one would cost everybody. A pair
    that was locked beforehand was not chosen among others.
    """
    told = explain.of_pair(solution, mentee)
    sides = {"mentee_side": told.mentee_side, "mentor_side": told.mentor_side}
    if mentee in situation.pins:
        return {**sides, "pinned": True}
    return {
        "rank": told.rank,
        "options": told.options,
        **sides,
        "better": [_better(solution, one) for one in told.better[:BETTER]],
    }


def _better(solution, one) -> dict:
    """What is lost beyond the points of everybody together can only be a pair that was announced."""
    found = {"mentor": commitment_of(one.mentor_id), "score": one.score, "holders": list(one.holders)}
    if one.loss > scoring.MAX_SCORE * len(solution.pairs):
        return {**found, "loss": 0, "breaks": True}
    return {**found, "loss": one.loss}


def _unmatched(situation: Situation, solution, mentee: str, known: dict[tuple, int]) -> tuple[str, dict]:
    told = explain.of_unmatched(solution, mentee)
    if told.options:
        data = {"options": told.options}
        if told.scarcity is not None:
            short = (tuple(told.scarcity.mentees), tuple(told.scarcity.mentors), told.scarcity.seats)
            data["scarcity"] = known.setdefault(short, len(known))
        return Kind.SCARCITY, data
    if not situation.mentors:
        return Kind.NOBODY, {}
    return Kind.RULES, {"rules": dict(situation.broken_rules(mentee).most_common())}


def _scarcity(mentees: Iterable[str], mentors: Iterable[str], seats: int) -> dict:
    return {"mentees": list(mentees), "mentors": [commitment_of(one) for one in mentors], "seats": seats}

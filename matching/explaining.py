"""Why each pair, and why no pair, as data: codes, references and commitments' numbers. Names are looked up when shown.

What is proven comes from the engine; what the scores are made of, and which rule closes which door, from the scoring.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from matching import scoring
from matching.engine import explain
from matching.instances import Situation, commitment_of
from matching.models import Unmatched

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
        explained.pairs[mentee] = _pair(explain.of_pair(solution, mentee))
    known: dict[tuple, int] = {}
    for mentee in sorted(situation.mentees.keys() - explained.pairs.keys()):
        explained.unmatched[mentee] = _unmatched(situation, solution, mentee, known)
    explained.scarcities = [_scarcity(*found) for found in known]
    explained.unmatched |= {reference: (kind, {}) for reference, kind in situation.waiting.items()}
    return explained


def _pair(told) -> dict:
    """Where the mentor stands among those the mentee may have, and what each better one would cost everybody."""
    return {
        "rank": told.rank,
        "options": told.options,
        "mentee_side": told.mentee_side,
        "mentor_side": told.mentor_side,
        "better": [
            {"mentor": commitment_of(one.mentor_id), "score": one.score, "loss": one.loss, "holders": list(one.holders)}
            for one in told.better[:BETTER]
        ],
    }


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

"""What a run found, in figures: how many pairs, how wishes are met, floors and their price, supply against demand."""

from collections import Counter
from math import ceil

from matching import scoring
from matching.explaining import Explained
from matching.situation import Situation, commitment_of
from matching.verifier import Verdict

MET = ("1", "2", "3", "family", "none")


def figures(situation: Situation, pairs: list, answer: dict, verdict: Verdict, explained: Explained) -> dict:
    """JSON that the run keeps: numbers, trades' ids, references and commitments' numbers. What the verifier counted by
    itself is taken from it.
    """
    met = [scoring.best_wish(situation.mentees[one], situation.mentors[other]) for one, other in pairs]
    ranks = Counter(rank for rank, _trade in met)
    return {
        "candidates": len(situation.mentees) + len(situation.waiting),
        "mentors": len(situation.seats),
        "seats": sum(situation.seats.values()),
        "possible": len(situation.rows),
        "shortened": situation.is_shortened,
        "pairs": verdict.pairs,
        "points": verdict.points,
        "gap": ceil(verdict.gap),
        "wishes": {rank: ranks[rank] for rank in MET},
        "unmatched": len(explained.unmatched),
        "floors": _floors(situation, pairs, answer["stats"], verdict),
        "supply": _supply(situation, Counter(trade for rank, trade in met if rank.isdigit())),
        "scarcities": explained.scarcities,
    }


def standing(situation: Situation, pairs: list, verdict: Verdict, unpinned: Verdict | None) -> dict:
    """What becomes of what stood before: offers kept, by number (this run writes none for them), and moved, pins held
    and what they cost, and how many pairs are new.
    """
    mentor_of = dict(pairs)
    kept = [situation.offers[name].proposal for name, mentor in pairs if situation.is_announced(name, mentor)]
    return {
        "new": len(pairs) - len(kept),
        "kept": len(kept),
        "kept_offers": sorted(kept),
        "moved": [
            {
                "proposal": offer.proposal,
                "person": name,
                "before": offer.commitment,
                "after": commitment_of(mentor_of[name]) if name in mentor_of else None,
            }
            for name, offer in sorted(situation.offers.items())
            if not situation.is_announced(name, mentor_of.get(name, ""))
        ],
        "pins": _pins(situation, verdict, unpinned),
    }


def _pins(situation: Situation, verdict: Verdict, unpinned: Verdict | None) -> dict:
    """How many pins are held, what they cost beside the best answer without any, and those that cannot be."""
    found: dict = {"held": len(situation.pins), "pairs": 0, "points": 0, "broken": 0}
    if unpinned is not None:
        found["pairs"] = unpinned.pairs - verdict.pairs
        found["points"] = unpinned.points - verdict.points
        found["broken"] = unpinned.kept - verdict.kept
    found["vain"] = [
        {"person": name, "mentor": commitment_of(mentor), "rule": rule.value if rule else None}
        for name, (mentor, rule) in sorted(situation.vain_pins.items())
    ]
    return found


def _floors(situation: Situation, pairs: list, stats: dict, verdict: Verdict) -> list[dict]:
    """What each floor asked for, what could be held without losing a pair, and what it cost in points."""
    return [
        {
            **floor,
            "target": stats["targets"][floor["group"]],
            "held": verdict.mins[floor["group"]],
            "among": sum(mentee in situation.counting for mentee, _mentor in pairs),
            "price": stats["floor_prices"].get(floor["group"]),
        }
        for floor in situation.floors
    ]


def _supply(situation: Situation, paired: Counter) -> list[dict]:
    """By trade that somebody wants: as a first wish, as any wish, places of those who exercise it, and pairs made.

    The trades that lack most places for the first wishes come first.
    """
    mentees, mentors = situation.mentees.values(), situation.mentors
    first = Counter(mentee.wishes[0] for mentee in mentees if mentee.wishes)
    wanted = Counter(trade for mentee in mentees for trade in mentee.wishes)
    places: Counter = Counter()
    for name, seats in situation.seats.items():
        places.update(dict.fromkeys(mentors[name].trades, seats))
    rows = [
        {"trade": trade, "first": first[trade], "wanted": count, "places": places[trade], "paired": paired[trade]}
        for trade, count in wanted.items()
    ]
    return sorted(rows, key=lambda row: (row["places"] - row["first"], -row["wanted"], row["trade"]))

"""What a run found, in figures: how many pairs, how wishes are met, floors and their price, supply against demand."""

from collections import Counter
from math import ceil

from matching import scoring
from matching.explaining import Explained
from matching.instances import Situation
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

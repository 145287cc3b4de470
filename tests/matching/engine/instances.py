"""Tiny instances in the form of the contract, drawn by hypothesis or by a seed: full of ties, and of what is scarce."""

import random
from itertools import product

from hypothesis import strategies as st

MAX_ANSWERS = 2000  # how many answers the oracle may have to look at, at most
SHARES = (0.5, 0, 0.1, 0.3, 0.34, 0.6, 1)


def tiny(seed: int) -> dict:
    """The same instance for the same seed, for ever."""
    chance = random.Random(seed)
    return _made(chance.choice)


@st.composite
def tiny_instances(draw) -> dict:
    return _made(lambda options: draw(st.sampled_from(options)))


def _made(pick) -> dict:
    """An instance made of nothing but picks among options, simplest options first."""
    mentees = [f"e{number}" for number in range(pick((3, 4, 5, 6, 7, 6, 7, 7, 2, 1)))]
    mentors = [f"m{number}" for number in range(pick((2, 3, 2, 3, 4, 5, 1)))]
    capacities = {mentor: pick((1, 1, 1, 2, 2, 0, 3)) for mentor in mentors}
    values = pick(((1,), (1, 2), (1, 500, 501), (300, 450, 540, 900, 1000), range(1, 1001)))
    density = pick((3, 2, 4))
    scores, answers = {}, 1
    for mentee in mentees:
        options = [mentor for mentor in mentors if pick(range(4)) < density]
        while options and answers * (len(options) + 1) > MAX_ANSWERS:
            options.pop()
        answers *= len(options) + 1
        scores |= {(mentee, mentor): pick(values) for mentor in options}
    groups, floors = _made_floors(pick, mentees)
    instance = {
        "seed": pick((7, "printemps 2026", 0, -1, "")),
        "mentees": [{"id": mentee, "groups": groups[mentee]} for mentee in _mixed(pick, mentees)],
        "mentors": [{"id": mentor, "capacity": capacities[mentor]} for mentor in _mixed(pick, mentors)],
        "constraints": floors,
        **_made_history(pick, mentees, mentors, capacities, scores),
    }
    mentee_at, mentor_at = (
        {person["id"]: place for place, person in enumerate(instance[side])} for side in ("mentees", "mentors")
    )
    instance["scores"] = [
        [mentee_at[mentee], mentor_at[mentor], scores[mentee, mentor], pick((0, 3)), pick((0, 5))]
        for mentee, mentor in _mixed(pick, list(scores))
    ]
    return instance


def _mixed(pick, things: list) -> list:
    """The things in an order of their own, turned or backwards."""
    turn = pick(range(len(things))) if things else 0
    turned = things[turn:] + things[:turn]
    return turned[::-1] if pick((False, True)) else turned


def _made_floors(pick, mentees: list) -> tuple[dict[str, list[str]], list[dict]]:
    """Groups of each mentee, and floors: none, one, nested, apart, crossing, or a ring; one may be about nobody.

    In a ring each mentee is in two of three groups or in none: where a mentee cut in halves would do better.
    """
    names = ["F", "P", "Q"]
    shape = pick(("none", "one", "nested", "apart", "crossing", "crossing", "ring", "ring"))
    groups = {}
    for mentee in mentees:
        if shape == "nested":
            mine = names[: pick(range(4))]
        elif shape == "apart":
            mine = pick(([], ["F"], ["P"], ["Q"]))
        elif shape == "ring":
            mine = pick(([], ["F", "P"], ["P", "Q"], ["F", "Q"]))
        else:
            mine = [name for name in names if pick((False, True))]
        groups[mentee] = mine if pick((True, True, False)) else mine[::-1]
    floored = _mixed(pick, names)[: {"none": 0, "one": 1, "ring": 3}.get(shape, pick((2, 3)))]
    if pick((*[False] * 7, True)):
        floored = [*floored, "NOBODY"]
    floors = [
        {"group": name, "min": pick((1, 2, 0, 1, 2, 3, 5))}
        if pick((True, False))
        else {"group": name, "min_share": pick(SHARES)}
        for name in floored
    ]
    return groups, floors


def _made_history(pick, mentees: list, mentors: list, capacities: dict, scores: dict) -> dict:
    """What was announced, declined and accepted before: none of it, or some, never in contradiction."""
    if pick((True, False)):
        return {}
    locked, free = {}, dict(capacities)
    for mentee, mentor in scores:
        if mentee not in locked and free[mentor] and not pick(range(8)):
            locked[mentee] = mentor
            free[mentor] -= 1
    possible = [pair for pair in product(mentees, mentors) if locked.get(pair[0]) != pair[1]]
    declined = [pair for pair in possible if not pick(range(10))]
    previous = {mentee: pick(mentors) for mentee in mentees if pick((True, True, False))}
    history = {"previous": previous.items(), "declined": declined, "locked": locked.items()}
    return {key: [list(pair) for pair in pairs] for key, pairs in history.items() if pairs or pick((True, False))}

"""Another way to match, to compare with: deferred acceptance, and the pairs that would rather have each other.

The engine pairs as many people as can be and asks nobody's preferences but through the scores, so some pairs may block
its answer: both would be better off together, by their own sides of the score. Deferred acceptance leaves none, and
pairs fewer people (D. Gale, L. Shapley, "College admissions and the stability of marriage", American Mathematical
Monthly 69, 1962; with places: A. Roth, E. Peranson, American Economic Review 89, 1999).
"""

from heapq import heappop, heappush

from matching.engine import lottery
from matching.engine.instance import Instance


def deferred_acceptance(instance: Instance) -> dict[int, int]:
    """Mentor of each mentee: mentees ask from the best for them down, mentors keep whom they like best so far.

    Equal sides are told apart by the lottery. Locked pairs stand.
    """
    capacities, asked = list(instance.capacities), {}
    for mentor in instance.locked.values():
        capacities[mentor] -= 1
    mentee_draws = lottery.draws(instance.seed, "e", instance.mentee_ids)
    mentor_draws = lottery.draws(instance.seed, "m", instance.mentor_ids)
    for mentee in range(len(instance.mentee_ids)):
        if mentee not in instance.locked:
            asked[mentee] = _wishes(instance, mentee, mentee_draws, mentor_draws)
    kept: list[list] = [[] for _mentor in capacities]  # the least liked first
    free = list(asked)
    while free:
        mentee = free.pop()
        if not asked[mentee]:
            continue
        _hers, draw, mentor, theirs = asked[mentee].pop()
        heappush(kept[mentor], (theirs, draw, mentee))
        if len(kept[mentor]) > capacities[mentor]:
            free.append(heappop(kept[mentor])[2])
    return instance.locked | {mentee: mentor for mentor, taken in enumerate(kept) for *_liking, mentee in taken}


def _wishes(instance: Instance, mentee: int, mentee_draws: list[int], mentor_draws: list[int]) -> list[tuple]:
    """The mentors she may have, the one she likes best last."""
    sides = zip(instance.mentors[mentee], instance.mentee_sides[mentee], instance.mentor_sides[mentee], strict=True)
    return sorted(
        (hers, mentee_draws[mentee] * mentor_draws[mentor] % lottery.PRIME, mentor, theirs)
        for mentor, hers, theirs in sides
        if (mentee, mentor) not in instance.declined
    )


def blocking_pairs(instance: Instance, mentor_of: dict[int, int]) -> int:
    """How many allowed pairs would both rather have each other, by their own sides of the score."""
    loads: dict[int, int] = {}
    worst: dict[int, int] = {}
    for mentee, mentor in mentor_of.items():
        loads[mentor] = loads.get(mentor, 0) + 1
        theirs = instance.mentor_sides[mentee][instance.place_of(mentee, mentor)]
        worst[mentor] = min(worst.get(mentor, theirs), theirs)
    full = {mentor for mentor, load in loads.items() if load >= instance.capacities[mentor]}
    full |= {mentor for mentor, capacity in enumerate(instance.capacities) if not capacity}
    count = 0
    for mentee, mentors in enumerate(instance.mentors):
        if mentee in instance.locked:
            continue
        own = mentor_of.get(mentee)
        has = -1 if own is None else instance.mentee_sides[mentee][instance.place_of(mentee, own)]
        sides = zip(mentors, instance.mentee_sides[mentee], instance.mentor_sides[mentee], strict=True)
        for mentor, hers, theirs in sides:
            if hers > has and (mentor not in full or worst.get(mentor, theirs) < theirs):
                count += mentor != own and (mentee, mentor) not in instance.declined
    return count

"""Somebody declines: the best answer that keeps what was announced, from the prices that stand.

Each announced pair is worth `keep` more from now on, and its mentee's price with it, so the prices still prove the
pairs. A pair that is declined leaves a place and a person. Where mentors are too few, she waits with those who have
none, and the place looks for somebody; elsewhere she looks for a place; each by bids or one shortest chain (A.
Mills-Tettey, A. Stentz, M. Dias, "The dynamic Hungarian algorithm for the assignment problem with changing costs",
Carnegie Mellon CMU-RI-TR-07-27, 2007). Floors are let go for that and held again after. The answer is the one of
solving anew: fewest announced pairs broken, then most points, then the lottery.
"""

from copy import copy

from matching.engine import market
from matching.engine.augmenting import ENDLESS, enter, part
from matching.engine.instance import BadInstance, Instance, Pair
from matching.engine.links import Links
from matching.engine.solving import Solution, fill_places, hold, solve


def repair(solution: Solution, *, declined: list[Pair]) -> Solution:
    """The best answer once these pairs of the solution, which stays as it is, were declined; the others are announced.

    Raises BadInstance when one of them is not among its pairs, or is locked.
    """
    instance = _after(solution, declined)
    if solution.holding.mentor_of is not None:  # floors that cross: the prices are not those of the pairs
        instance.links = Links(instance)
        return solve(instance)
    mended = solution.market.copy_for(instance)
    mentees, mentors = mended.mentees, mended.mentors
    _announce(mended, solution.instance.previous)
    broken = {mentee: mentor for mentee, mentor in instance.declined if solution.mentor_of.get(mentee) == mentor}
    room = _room(mended, solution.instance.previous)
    broken |= _let_floors_go(mended, broken)
    for mentee, mentor in broken.items():
        part(mentees, mentors, mentee, mentor)
    for mentee, mentor in instance.declined:
        mentees.cut(mentee, mentor)
        mentors.cut(mentor, mentee)
    entering = _step_back(mended, broken, room)
    fill_places(mended, [mentor for mentor in broken.values() if mentors.prices[mentor]])
    for mentee in entering:
        enter(mentees, mentors, mentee, mended.toll)
    return Solution(mended, hold(mended))


def _after(solution: Solution, declined: list[Pair]) -> Instance:
    """The instance as it is now: what the solution announced, and what was declined since."""
    before, numbers = solution.instance, {}
    mentees = {name: number for number, name in enumerate(before.mentee_ids)}
    mentors = {name: number for number, name in enumerate(before.mentor_ids)}
    for position, (mentee, mentor) in enumerate(declined):
        pair = mentees.get(mentee), mentors.get(mentor)
        if solution.mentor_of.get(pair[0], -1) != pair[1]:
            raise BadInstance(f"declined[{position}]: ({mentee!r}, {mentor!r}) is not among the pairs")
        if pair[0] in before.locked:
            raise BadInstance(f"declined[{position}]: ({mentee!r}, {mentor!r}) is locked")
        numbers[pair] = None
    instance = copy(before)
    instance.previous = dict(solution.mentor_of)
    instance.declined = before.declined | dict(sorted(numbers.items()))
    instance.links = None  # those of the market are mended
    return instance


def _announce(mended: market.Market, before: dict[int, int]) -> None:
    """What makes an announced pair worth more moves from the pairs announced before to those announced now.

    For a pair that stands it is a promise: only where the pair is parted are the rows written anew.
    """
    mentees, mentors, bonus = mended.mentees, mended.mentors, mended.keep * mended.unit
    now = mended.instance.previous
    for mentee, mentor in before.items():
        if now.get(mentee) != mentor and mentees.promises.pop(mentee, None) is None:
            mentees.add(mentee, mentor, -bonus)
            mentors.add(mentor, mentee, -bonus)
    for mentee, mentor in now.items():
        if before.get(mentee) != mentor and mentee not in mended.instance.locked:
            mentees.promises[mentee] = (mentor, bonus)
            mentees.prices[mentee] += bonus


def _let_floors_go(mended: market.Market, broken: dict[int, int]) -> dict[int, int]:
    """Nobody's being left out has a price any more; returns the pairs that stood by such a price alone."""
    mentees, mentors = mended.mentees, mended.mentors
    mentors.prices[mentors.count :] = [0] * len(mended.cell_floors)
    alone = {}
    for mentee, taken in enumerate(mentees.partners[: mentees.count]):
        if not taken:
            mentees.prices[mentee] = 0
        elif mentees.prices[mentee] < 0 and mentee not in broken:
            alone[mentee] = taken[0]
    return alone


def _step_back(mended: market.Market, broken: dict[int, int], room: int) -> list[int]:
    """Those who lost their mentor wait at no price, or else have to come in again: returns the latter.

    Where mentors are too few, whoever has none costs nothing, and places look for her as for others. Her links must not
    be worth more than that, so her mentors' prices rise, and their mentees' prices fall, as far as there is `room`.
    """
    mentees, mentors, toll = mended.mentees, mended.mentors, mended.toll
    bonus, entering = mended.keep * mended.unit, []
    for mentee in broken:
        if not room or mentees.prices[mentee] > bonus + room:
            mentees.prices[mentee] = ENDLESS  # out of reach, until she comes in again
            entering.append(mentee)
            continue
        mentees.prices[mentee] = 0
        for mentor, weight in zip(mentees.links[mentee], mentees.weights[mentee], strict=True):
            rise = weight - toll - mentors.prices[mentor]
            if rise > 0:
                mentors.prices[mentor] += rise
                for other in mentors.partners[mentor]:
                    mentees.prices[other] -= rise
    return entering


def _room(mended: market.Market, before: dict[int, int]) -> int:
    """How much all prices of mentees may fall: half of the bonus, when every pair has just got it; else nothing.

    The other half outweighs the price of being left out that a floor may have set.
    """
    half = mended.keep * mended.unit // 2
    return 0 if before or max(mended.mentors.prices[mended.mentors.count :]) > half else half

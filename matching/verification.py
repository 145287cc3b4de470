"""Checking what the assignment answers, before anybody sees it. Shares no reasoning with `matching.assignment`.

Prices are sought from the pairs alone, the lowest that no mentee would pay less for elsewhere. They
exist if and only if nothing better does (duality of the assignment problem; D. Gale, "The Theory of
Linear Economic Models", 1960, ch. 5). What is compared is (pairs, points, lottery), in that order.
"""

from collections import Counter

from matching.assignment import Instance, Pair, lottery

_NOTHING = (0, 0, 0)


class Unsound(Exception):
    """The pairs break a rule, or better ones exist."""


def check(instance: Instance, pairs: list[Pair]) -> None:
    """Raises Unsound unless the pairs are allowed, within every capacity, one a mentee, and the best."""
    if len({mentee for mentee, _ in pairs}) < len(pairs):
        raise Unsound("a mentee has two mentors")
    for pair in pairs:
        if pair not in instance.scores:
            raise Unsound(f"pair {pair} is forbidden")
    load = Counter(mentor for _, mentor in pairs)
    for mentor, count in load.items():
        if count > instance.capacities[mentor]:
            raise Unsound(f"mentor {mentor} has {count} mentees for {instance.capacities[mentor]} places")
    _check_best(instance, dict(pairs), load)


def _check_best(instance: Instance, mentor_of: dict[int, int], load: Counter) -> None:
    values: dict[int, dict[int, tuple]] = {}
    for (mentee, mentor), score in instance.scores.items():
        if instance.capacities[mentor]:
            values.setdefault(mentee, {})[mentor] = (1, score, lottery(instance.seed, (mentee, mentor)))
    prices = dict.fromkeys(instance.capacities, _NOTHING)
    todo, rounds = sorted(values), 0
    while todo:  # prices only rise; each round settles one more mentor at least, or goes round in a circle
        if rounds > len(prices) + 1:
            raise Unsound("some mentees would do better by exchanging mentors")
        risen = set()
        for mentee in todo:
            own = mentor_of.get(mentee)
            gain = _less(values[mentee][own], prices[own]) if own is not None else _NOTHING
            for mentor, value in values[mentee].items():
                if (asked := _less(value, gain)) > prices[mentor]:
                    prices[mentor] = asked
                    risen.add(mentor)
        todo = [mentee for mentee in sorted(values) if mentor_of.get(mentee) in risen]
        rounds += 1
    for mentor, price in prices.items():
        if price > _NOTHING and load[mentor] < instance.capacities[mentor]:
            raise Unsound(f"a free place of mentor {mentor} would bring more")
    for mentee, mentor in mentor_of.items():
        if prices[mentor] > values[mentee][mentor]:
            raise Unsound(f"the place of mentee {mentee} would bring more to somebody else")


def _less(one: tuple, other: tuple) -> tuple:
    return (one[0] - other[0], one[1] - other[1], one[2] - other[2])

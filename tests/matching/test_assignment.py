"""The assignment against brute force, against scipy, and against a second program that checks it."""

import random

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from matching.assignment import MAX_SCORE, Instance, lottery, solve
from matching.verification import Unsound, check


@st.composite
def tiny_instances(draw):
    mentees, mentors = draw(st.integers(0, 5)), draw(st.integers(1, 4))
    capacities = {100 + j: draw(st.integers(0, 3)) for j in range(mentors)}
    scores = st.integers(1, draw(st.sampled_from([2, MAX_SCORE])))
    possible = [(i, mentor) for i in range(mentees) for mentor in capacities]
    allowed = draw(st.lists(st.sampled_from(possible), unique=True)) if possible else []
    return Instance(capacities, {pair: draw(scores) for pair in allowed}, draw(st.sampled_from(["", "printemps"])))


def value(instance, pairs) -> tuple:
    """What is compared: pairs, then points, then the lottery."""
    return (
        len(pairs),
        sum(instance.scores[pair] for pair in pairs),
        sum(lottery(instance.seed, pair) for pair in pairs),
    )


def best_by_brute_force(instance) -> tuple:
    mentees = sorted({mentee for mentee, _mentor in instance.scores})

    def best(index, free, pairs):
        if index == len(mentees):
            return value(instance, pairs)
        found = [best(index + 1, free, pairs)]
        for mentor in free:
            pair = (mentees[index], mentor)
            if free[mentor] and pair in instance.scores:
                found.append(best(index + 1, {**free, mentor: free[mentor] - 1}, [*pairs, pair]))
        return max(found)

    return best(0, dict(instance.capacities), [])


@settings(max_examples=400, deadline=None)
@given(tiny_instances())
def test_nothing_better_exists(instance):
    pairs = solve(instance)
    assert value(instance, pairs) == best_by_brute_force(instance)
    check(instance, pairs)


@settings(max_examples=100, deadline=None)
@given(tiny_instances(), st.randoms())
def test_the_order_of_the_input_changes_nothing(instance, chance):
    capacities, scores = list(instance.capacities.items()), list(instance.scores.items())
    chance.shuffle(capacities)
    chance.shuffle(scores)
    assert solve(Instance(dict(capacities), dict(scores), instance.seed)) == solve(instance)


def crowd(mentees: int, mentors: int, *, seed: int, density: float = 0.4) -> Instance:
    chance = random.Random(seed)
    capacities = {j: chance.choice([1, 1, 2, 3]) for j in range(mentors)}
    pairs = [(i, j) for i in range(mentees) for j in range(mentors) if chance.random() < density]
    return Instance(capacities, {pair: chance.choice([105, 265, 480, 665, 865]) for pair in pairs}, "printemps-2027")


@pytest.mark.parametrize(("mentees", "mentors", "seed"), [(200, 120, 1), (300, 100, 2), (150, 150, 3)])
def test_agrees_with_scipy(mentees, mentors, seed):
    instance = crowd(mentees, mentors, seed=seed, density=0.05)
    places = [mentor for mentor, capacity in instance.capacities.items() for _place in range(capacity)]
    gains = numpy.zeros((mentees, len(places)))
    for place, mentor in enumerate(places):
        for mentee in range(mentees):
            if score := instance.scores.get((mentee, mentor)):
                gains[mentee, place] = 1_000_000 + score
    total = int(gains[linear_sum_assignment(gains, maximize=True)].sum())
    assert value(instance, solve(instance))[:2] == divmod(total, 1_000_000)


def test_another_seed_draws_another_lot():
    tied = {(i, j): 500 for i in range(8) for j in range(4)}
    drawn = {tuple(solve(Instance(dict.fromkeys(range(4), 1), tied, str(seed)))) for seed in range(20)}
    assert len(drawn) > 10


@pytest.mark.parametrize("score", [0, -5, MAX_SCORE + 1])
def test_a_score_out_of_bounds_is_refused(score):
    with pytest.raises(ValueError, match="score"):
        solve(Instance({1: 1}, {(1, 1): score}))


def test_an_unknown_mentor_is_refused():
    with pytest.raises(ValueError, match="unknown mentor"):
        solve(Instance({1: 1}, {(1, 2): 500}))


# --- The second program ---------------------------------------------------------------------------

FOUR = Instance({1: 1, 2: 1}, {(1, 1): 900, (1, 2): 500, (2, 1): 800}, "")
"""The best pair alone, 1 with 1, would leave 2 without anybody."""


def test_the_best_list_is_sound():
    assert solve(FOUR) == [(1, 2), (2, 1)]
    check(FOUR, [(1, 2), (2, 1)])


@pytest.mark.parametrize(
    ("pairs", "flaw"),
    [
        ([(1, 1)], "a free place"),
        ([(1, 1), (1, 2)], "two mentors"),
        ([(2, 2)], "forbidden"),
        ([(1, 1), (2, 1)], "2 mentees for 1 places"),
        ([], "a free place"),
    ],
)
def test_a_lesser_list_is_refused(pairs, flaw):
    with pytest.raises(Unsound, match=flaw):
        check(FOUR, pairs)


def test_an_exchange_that_would_bring_more_is_seen():
    square = Instance({1: 1, 2: 1}, {(1, 1): 300, (1, 2): 700, (2, 1): 700, (2, 2): 300})
    check(square, [(1, 2), (2, 1)])
    with pytest.raises(Unsound, match="exchanging"):
        check(square, [(1, 1), (2, 2)])


def test_somebody_left_out_who_would_bring_more_is_seen():
    one_place = Instance({1: 1}, {(1, 1): 300, (2, 1): 700})
    check(one_place, [(2, 1)])
    with pytest.raises(Unsound, match="somebody else"):
        check(one_place, [(1, 1)])


@settings(max_examples=200, deadline=None)
@given(tiny_instances(), st.randoms())
def test_whatever_is_not_the_best_is_refused(instance, chance):
    """Some pairs taken at random: sound if and only if nothing better exists."""
    free, pairs = dict(instance.capacities), {}
    for mentee, mentor in chance.sample(sorted(instance.scores), len(instance.scores)):
        if free[mentor] and mentee not in pairs and chance.random() < 0.8:
            pairs[mentee] = mentor
            free[mentor] -= 1
    listed = list(pairs.items())
    if value(instance, listed) == best_by_brute_force(instance):
        check(instance, listed)
    else:
        with pytest.raises(Unsound):
            check(instance, listed)

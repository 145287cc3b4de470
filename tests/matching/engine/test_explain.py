"""What is said of a pair, or of somebody without one, holds in every answer: asked of all answers of tiny instances."""

import pytest

from matching.engine import explain, reading, stability
from matching.engine.solving import solve
from tests.matching.engine import oracle
from tests.matching.engine.instances import tiny


def answers_with_most_pairs(instance: dict):
    answers = list(oracle.all_answers(instance))
    most = max(map(len, answers))
    return [answer for answer in answers if len(answer) == most]


def test_what_a_better_mentor_would_cost_is_never_overstated():
    told = costly = 0
    for seed in range(800):
        instance = tiny(seed) | {"constraints": [], "previous": []}
        scores, solution = oracle.scores_of(instance), solve(reading.parse(instance))
        answers = answers_with_most_pairs(instance)
        for mentee, mentor in solution.pairs:
            found = explain.of_pair(solution, mentee)
            assert (found.mentor_id, found.score) == (mentor, scores[mentee, mentor])
            assert found.rank == len(found.better) + 1
            for one in found.better:
                with_it = [sum(scores[pair] for pair in a) for a in answers if (mentee, one.mentor_id) in a]
                told, costly = told + 1, costly + bool(one.loss)
                assert all(solution.points - points >= one.loss for points in with_it)
                assert one.score == scores[mentee, one.mentor_id] > found.score
                assert list(one.holders) == [who for who, whom in solution.pairs if whom == one.mentor_id]
    assert told > 200
    assert costly > 80


def test_whoever_is_left_out_shares_too_few_places():
    left_out = scarce = 0
    for seed in range(500):
        instance = tiny(seed)
        solution, capacities = solve(reading.parse(instance)), {m["id"]: m["capacity"] for m in instance["mentors"]}
        declined, locked = set(map(tuple, instance.get("declined", []))), dict(instance.get("locked", []))
        for mentee in {row["id"] for row in instance["mentees"]} - {mentee for mentee, _mentor in solution.pairs}:
            found = explain.of_unmatched(solution, mentee)
            left_out += 1
            if found.scarcity is None:
                assert found.options == 0
                continue
            scarce += 1
            assert mentee in found.scarcity.mentees
            allowed = {
                mentor
                for who, mentor in oracle.scores_of(instance)
                if who in found.scarcity.mentees and (who, mentor) not in declined and locked.get(who, mentor) == mentor
            }
            assert allowed == set(found.scarcity.mentors)
            assert found.scarcity.seats == sum(capacities[mentor] for mentor in found.scarcity.mentors)
            assert found.scarcity.seats < len(found.scarcity.mentees)
    assert left_out > 300
    assert scarce > 150


def test_nobody_is_explained_as_what_she_is_not():
    solution = solve(reading.parse(tiny(3)))
    paired = solution.pairs[0][0]
    with pytest.raises(ValueError, match="has a mentor"):
        explain.of_unmatched(solution, paired)
    with pytest.raises(KeyError):
        explain.of_pair(solution, "nobody")


def test_deferred_acceptance_leaves_no_pair_that_would_rather_have_each_other():
    blocking = 0
    for seed in range(400):
        instance = reading.parse(tiny(seed) | {"constraints": [], "previous": [], "locked": []})
        deferred = stability.deferred_acceptance(instance)
        assert stability.blocking_pairs(instance, deferred) == 0
        solution = solve(instance)
        assert len(deferred) <= len(solution.pairs)
        blocking += stability.blocking_pairs(instance, solution.mentor_of)
    assert blocking > 20

"""The engine against brute force, on thousands of tiny instances; the verifier accepts whatever it answers."""

import json
import random
from fractions import Fraction

import pytest
from hypothesis import given, settings
from scipy.optimize import linprog

from matching.engine.instance import Floor, Instance
from matching.engine.reading import read
from matching.engine.repair import repair
from matching.engine.solving import solve
from matching.verifier import Verdict, verify
from tests.matching.engine.instances import tiny, tiny_instances
from tests.matching.engine.oracle import best, has_laminar_floors
from tests.matching.engine.right_answers import ALL, trap

SEEDS_A_TEST = 400


def built(instance: dict) -> Instance:
    """The instance as the portal hands it over."""
    floors = [
        Floor(floor["group"], floor.get("min"), Fraction(str(floor["min_share"])) if "min_share" in floor else None)
        for floor in instance["constraints"]
    ]
    return Instance.build(
        seed=instance["seed"],
        mentees=[(mentee["id"], mentee["groups"]) for mentee in instance["mentees"]],
        mentors=[(mentor["id"], mentor["capacity"]) for mentor in instance["mentors"]],
        scores=map(tuple, instance["scores"]),
        floors=floors,
        **{key: list(map(tuple, instance.get(key, []))) for key in ("previous", "declined", "locked")},
    )


def check(instance: dict, solution) -> Verdict:
    """The solution is the oracle's, level by level, and proves itself."""
    answer = json.loads(json.dumps(solution.answer()))
    found = best(instance)
    assert answer["pairs"] == [list(pair) for pair in found.pairs]
    assert list(map(tuple, solution.pairs)) == found.pairs
    assert list(answer["mins"].items()) == list(found.mins.items())
    stats = answer["stats"]
    assert {name: stats[name] for name in ("pairs", "points", "kept", "broken", "targets")} == {
        "pairs": len(found.pairs),
        "points": found.points,
        "kept": found.kept,
        "broken": len(instance.get("previous", [])) - found.kept,
        "targets": found.targets,
    }
    verdict = verify(instance, answer)
    assert verdict.gap >= 0
    if has_laminar_floors(instance):
        assert (verdict.gap, verdict.unproven) == (0, ())
    return verdict


@pytest.mark.parametrize("first", range(0, 10 * SEEDS_A_TEST, SEEDS_A_TEST))
def test_nothing_better_exists(first):
    for seed in range(first, first + SEEDS_A_TEST):
        instance = tiny(seed)
        check(instance, solve(built(instance)))


@settings(max_examples=300, deadline=None, derandomize=True)
@given(tiny_instances())
def test_nothing_better_exists_where_hypothesis_looks(instance):
    check(instance, solve(built(instance)))


@pytest.mark.parametrize("name", ALL)
def test_the_instances_worked_out_by_hand(name):
    instance, answer = ALL[name]()
    assert solve(built(instance)).answer()["pairs"] == answer["pairs"]


def test_a_floor_inside_another_takes_nothing_from_the_one_beside():
    """Bringing e1 in for F, which is inside Q, leaves out e0, the only one of P, looked at before."""
    instance = {
        "seed": "",
        "mentees": [{"id": "e0", "groups": ["P"]}, {"id": "e1", "groups": ["Q", "F"]}, {"id": "e2", "groups": ["Q"]}],
        "mentors": [{"id": "m0", "capacity": 1}, {"id": "m1", "capacity": 1}],
        "scores": [[0, 0, 1, 0, 0], [1, 1, 1, 0, 0], [2, 0, 501, 0, 0], [2, 1, 501, 0, 0]],
        "constraints": [{"group": "P", "min": 1}, {"group": "F", "min": 1}, {"group": "Q", "min": 2}],
    }
    check(instance, solve(built(instance)))


def test_the_order_of_the_input_changes_nothing():
    for seed in range(200):
        instance = tiny(seed)
        pairs = solve(built(instance)).pairs
        assert solve(built(shuffled(instance, seed))).pairs == pairs, f"tiny({seed})"


def shuffled(instance: dict, seed: int) -> dict:
    """The same people and scores in another order; the floors keep theirs, which is their priority."""
    chance = random.Random(seed)
    orders = {side: chance.sample(range(len(instance[side])), len(instance[side])) for side in ("mentees", "mentors")}
    mixed = {side: [instance[side][place] for place in order] for side, order in orders.items()}
    place_of = {side: {old: new for new, old in enumerate(order)} for side, order in orders.items()}
    scores = [[place_of["mentees"][i], place_of["mentors"][j], *rest] for i, j, *rest in instance["scores"]]
    lists = {"scores": scores} | {key: list(instance.get(key, [])) for key in ("previous", "declined", "locked")}
    for one in lists.values():
        chance.shuffle(one)
    return instance | mixed | lists


def test_a_file_is_read_as_it_was_meant(tmp_path):
    path = tmp_path / "instance.json"
    for seed in range(200):
        instance = tiny(seed)
        path.write_text(json.dumps(instance, indent=seed % 3 or None))
        assert solve(read(path)).answer() == solve(built(instance)).answer(), f"tiny({seed})"


def test_a_repair_is_what_solving_anew_would_give():
    """Round after round of declined offers, where nobody declines what she has accepted."""
    declined_in_all = 0
    for seed in range(600):
        chance, instance = random.Random(seed), tiny(seed)
        solution = solve(built(instance))
        for _round in range(3):
            accepted = {tuple(pair) for pair in instance.get("locked", [])}
            offered = [tuple(pair) for pair in solution.pairs if tuple(pair) not in accepted]
            declined = [pair for pair in offered if chance.random() < 0.4]
            declined_in_all += len(declined)
            instance = instance | {
                "previous": [list(pair) for pair in solution.pairs],
                "declined": [*instance.get("declined", []), *map(list, declined)],
            }
            solution = repair(solution, declined=declined)
            check(instance, solution)
    assert declined_in_all > 500


# --- Floors that cross ------------------------------------------------------------------------


def test_the_trap_of_four_people():
    instance, _answer = trap()
    verdict = check(instance, solve(built(instance)))
    assert verdict.points == 900
    assert verdict.bound >= 900


def test_the_trap_is_one():
    """Were people divisible, 945 points would hold all three floors: no dual values prove less."""
    instance, answer = trap()
    scores = [row[2] for row in instance["scores"]]
    floors = [[-(name in mentee["groups"]) for mentee in instance["mentees"]] for name in "FPQ"]
    divided = linprog([-score for score in scores], floors, [-1] * 3, [[1] * 4], [2], bounds=(0, 1))
    assert round(-divided.fun, 6) == 945
    assert best(instance).points == 900
    assert verify(instance, answer).bound == 945


def test_traps_of_all_kinds():
    """Mentors, seats and people without a group added to the trap; some have a gap, and the best is found in all."""
    gaps = 0
    for seed in range(150):
        chance = random.Random(seed)
        instance, _answer = trap()
        instance["mentees"] += [{"id": f"e{number}", "groups": []} for number in range(chance.randrange(3))]
        instance["mentors"] = [{"id": "m0", "capacity": chance.choice((1, 2, 2, 3))}, {"id": "m1", "capacity": 1}]
        everybody = range(len(instance["mentees"]))
        instance["scores"] = [[i, 0, chance.choice((450, 450, 540, 700)), 0, 0] for i in everybody]
        instance["scores"] += [[i, 1, chance.choice((1, 450, 600)), 0, 0] for i in everybody if chance.random() < 0.3]
        gaps += check(instance, solve(built(instance))).gap > 0
    assert gaps > 0

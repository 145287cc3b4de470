"""The best list under bounds: against every list there is, tried one by one."""

from collections import Counter
from dataclasses import replace
from itertools import combinations
from random import Random

import pytest

from reviews.choosing import (
    PARITY,
    TOGETHER,
    Bounds,
    Candidate,
    Choice,
    Conflict,
    Effect,
    Impossible,
    choose,
    conflicts,
    lottery,
)

SEED = "printemps-2027"
AUDIENCES = ("PUPIL", "REINSERTION", "STUDENT")


# --- Small instances, and every list of them ------------------------------------------------------


def instance(number: int) -> tuple[list[Candidate], int, Bounds]:
    """A random one of at most 14 files, with many ties; about half of them cannot keep their bounds."""
    random = Random(number)
    size = random.randint(1, 14)
    step, chance = random.choice([5, 50, 100, 200]), random.random()
    audiences = AUDIENCES[: random.randint(1, 3)]
    files = [
        Candidate(
            f"P27-{index:04d}",
            points=random.randrange(100, 501, step),
            audience=random.choice(audiences),
            counts_for_parity=random.random() < chance,
            mean=random.randrange(100, 501, 200),
        )
        for index in range(size)
    ]
    places = random.randint(1, size + 1)
    greed = random.choice([2, 3, places + 2])
    minimums = {audience: random.randrange(greed) for audience in audiences if random.random() < 0.8}
    return files, places, Bounds(minimums, random.choice([0, 0, 30, 40, 50, 51, 70, 100]))


class EveryList:
    """Every list of an instance that fills the places, in the order of the tie rule."""

    def __init__(self, files, places):
        ticket = {file.reference: lottery(SEED, file.reference) for file in files}
        self.files = sorted(files, key=lambda file: (-file.points, -file.mean, ticket[file.reference]))
        self.chosen = min(places, len(files))
        # Lists come in lexicographic order of ranks: the first of those with most points is the best.
        self.lists = [frozenset(ranks) for ranks in combinations(range(len(files)), self.chosen)]

    def lacking(self, ranks, bounds) -> int:
        """How many units of the bounds this list does not keep."""
        files = [self.files[rank] for rank in ranks]
        audiences = [file.audience for file in files]
        short = sum(max(0, least - audiences.count(audience)) for audience, least in bounds.audiences.items())
        women = sum(file.counts_for_parity for file in files)
        while (women + 1e-9) * 100 < bounds.parity_percent * self.chosen:
            short, women = short + 1, women + 1
        return short

    def least_lacking(self, bounds) -> int:
        return min(self.lacking(ranks, bounds) for ranks in self.lists)

    def best(self, bounds) -> frozenset:
        return max((one for one in self.lists if not self.lacking(one, bounds)), key=self.points)

    def points(self, ranks) -> int:
        return sum(self.files[rank].points for rank in ranks)

    def references(self, ranks) -> tuple[str, ...]:
        return tuple(self.files[rank].reference for rank in sorted(ranks))

    def effect(self, bounds, freer) -> Effect:
        best, other = self.best(bounds), self.best(freer)
        price = self.points(other) - self.points(best)
        return Effect(price, self.references(best - other), self.references(other - best))


def agree(number: int) -> bool:
    """Whether the instance of that number can keep its bounds; checks everything that is said of it."""
    files, places, bounds = instance(number)
    every = EveryList(files, places)
    lacking = every.least_lacking(bounds)
    if lacking:
        with pytest.raises(Impossible) as refused:
            choose(files, places, bounds, seed=SEED)
        assert refused.value.to_give_up == lacking
        return False
    choice = choose(files, places, bounds, seed=SEED)
    best = every.best(bounds)
    assert tuple(file.reference for file in choice.chosen) == every.references(best)
    assert tuple(file.reference for file in choice.others) == every.references(set(range(len(files))) - best)
    assert choice.points == every.points(best)
    effects = {name: every.effect(bounds, bounds.without(name)) for name in bounds.names}
    if effects:
        effects[TOGETHER] = every.effect(bounds, Bounds())
    assert choice.effects == effects
    return True


def test_equals_every_list_tried_one_by_one():
    kept = [agree(number) for number in range(400)]
    assert (sum(kept), len(kept)) == (KEPT, 400)


KEPT = 203
"""Of the first 400 instances, those whose bounds can be kept: enough of both kinds."""


@pytest.mark.long
def test_equals_every_list_tried_one_by_one_for_long():
    kept = [agree(number) for number in range(400, 10_000)]
    assert 4000 < sum(kept) < 7000


def test_the_order_in_which_files_come_is_nothing():
    for number in range(100):
        files, places, bounds = instance(number)
        try:
            choice = choose(files, places, bounds, seed=SEED)
        except Impossible as impossible:
            choice = impossible.conflicts
        for again in range(3):
            Random(again).shuffle(files)
            try:
                other = choose(files, places, bounds, seed=SEED)
            except Impossible as impossible:
                other = impossible.conflicts
            assert other == choice


def lowered(bounds: Bounds, name: str, chosen: int) -> Bounds:
    """The same, with one unit less asked by that bound."""
    if name == PARITY:
        return replace(bounds, parity_percent=100 * (bounds.parity_count(chosen) - 1) // chosen)
    return replace(bounds, audiences={**bounds.audiences, name: bounds.audiences[name] - 1})


def test_the_bounds_named_are_those_that_have_to_give_way():
    """Where one thing is wrong: one unit less of a bound named helps by one unit, of another it does not."""
    kinds = Counter()
    for number in range(1200):
        files, places, bounds = instance(number)
        wrong = conflicts(files, places, bounds)
        if len(wrong) != 1:
            continue
        kinds[wrong[0].kind] += 1
        every = EveryList(files, places)
        for name in bounds.names:
            gain = wrong[0].missing - every.least_lacking(lowered(bounds, name, every.chosen))
            assert gain == (name in wrong[0].bounds), (number, name, wrong)
    assert kinds == NAMED


NAMED = Counter(ALONE=338, PLACES=49, CROSSING=14)
"""What is wrong where one thing is: enough of each kind."""


# --- Told as stories ------------------------------------------------------------------------------


def file(name: str, points: int, audience: str = "STUDENT", *, woman: bool = False, mean: int = 0) -> Candidate:
    return Candidate(name, points, audience, woman, mean)


def names(files) -> str:
    return " ".join(one.reference for one in files)


def because_of(*conflicts):
    """The refusal that says so, and nothing else."""
    return pytest.raises(Impossible, check=lambda impossible: impossible.conflicts == list(conflicts))


def test_without_bounds_the_best_come_first_and_the_others_wait_in_order():
    choice = choose([file("c", 300), file("a", 500), file("b", 400), file("d", 200)], 2, Bounds())
    assert (names(choice.chosen), names(choice.others), choice.points) == ("a b", "c d", 900)
    assert (choice.effects, choice.because) == ({}, {})


def test_fewer_files_than_places_are_all_chosen():
    assert names(choose([file("a", 100), file("b", 200)], 5, Bounds()).chosen) == "b a"
    assert choose([], 5, Bounds(parity_percent=50)) == Choice((), (), choose([], 5, Bounds(parity_percent=50)).effects)


def test_a_minimum_lets_the_best_of_the_audience_in_and_says_what_it_costs():
    files = [file("a", 500), file("b", 400), file("p", 350, "PUPIL"), file("q", 300, "PUPIL")]
    choice = choose(files, 2, Bounds({"PUPIL": 1}))
    assert names(choice.chosen) == "a p"
    assert choice.effects == {"PUPIL": Effect(50, ("p",), ("b",)), TOGETHER: Effect(50, ("p",), ("b",))}
    assert choice.because == {"p": ("PUPIL",), "b": ("PUPIL",)}


def test_parity_is_rounded_up():
    files = [file("a", 500), file("b", 400), file("c", 300), file("w", 200, woman=True), file("x", 100, woman=True)]
    assert names(choose(files, 3, Bounds(parity_percent=33)).chosen) == "a b w"
    assert names(choose(files, 3, Bounds(parity_percent=34)).chosen) == "a w x"


def test_one_person_may_serve_two_bounds_at_once():
    """A greedy loop serves the pupils with p, and has to take w for parity: 1,000 points in the place of 1,340."""
    files = [file("a", 500), file("b", 450), file("p", 400, "PUPIL"), file("z", 390, "PUPIL", woman=True)]
    files.append(file("w", 100, woman=True))
    choice = choose(files, 3, Bounds({"PUPIL": 1}, 30))
    assert (names(choice.chosen), choice.points) == ("a b z", 1340)
    assert choice.because == {"z": (PARITY,), "p": (PARITY,)}


def test_what_only_several_bounds_do_together_is_said_of_all():
    """Either bound alone lets z in: without one of them nothing changes, without both she leaves."""
    files = [file("a", 500), file("b", 450), file("z", 390, "PUPIL", woman=True)]
    choice = choose(files, 2, Bounds({"PUPIL": 1}, 50))
    nothing = Effect(0, (), ())
    assert choice.effects == {"PUPIL": nothing, PARITY: nothing, TOGETHER: Effect(60, ("z",), ("b",))}
    assert choice.because == {"z": (TOGETHER,), "b": (TOGETHER,)}


def test_equal_points_are_parted_by_the_mean_then_by_the_lottery():
    tied = [file("a", 400, mean=350), file("b", 400, mean=400), file("c", 400, mean=350), file("d", 400, mean=350)]
    drawn = sorted("acd", key=lambda name: lottery(SEED, name))
    choice = choose(tied, 2, Bounds(), seed=SEED)
    assert names([*choice.chosen, *choice.others]) == " ".join(["b", *drawn])
    assert sorted("acd", key=lambda name: lottery("automne-2027", name)) != drawn


def test_the_lottery_can_be_drawn_again_with_any_tool():
    """printf 'printemps-2027:P27-0001' | sha256sum"""
    assert lottery("printemps-2027", "P27-0001") == "713cdf615b39e4e8f8afdc17276f04ee4e94b1a4279cda19848c70ec2a65b55f"


# --- Bounds that cannot be kept -------------------------------------------------------------------


def test_too_few_files_of_an_audience():
    files = [file("a", 500), file("p", 400, "PUPIL")]
    with because_of(Conflict("ALONE", ("PUPIL",), asked=2, possible=1)):
        choose(files, 2, Bounds({"PUPIL": 2}))


def test_too_few_women():
    files = [file("a", 500), file("b", 400), file("c", 300), file("w", 400, woman=True)]
    with because_of(Conflict("ALONE", (PARITY,), asked=2, possible=1)):
        choose(files, 4, Bounds(parity_percent=50))


def test_minimums_that_ask_for_more_than_the_places():
    files = [file("a", 500), file("b", 400), file("p", 300, "PUPIL"), file("q", 200, "PUPIL")]
    with because_of(Conflict("PLACES", ("PUPIL", "STUDENT"), asked=4, possible=3)):
        choose(files, 3, Bounds({"STUDENT": 2, "PUPIL": 2}))


def test_minimums_that_leave_too_few_places_for_parity():
    """Two of three places go to pupils, none of whom is a woman: one place is left for the two that parity asks for."""
    files = [file("p", 300, "PUPIL"), file("q", 200, "PUPIL"), file("v", 100, woman=True), file("w", 400, woman=True)]
    crossing = Conflict("CROSSING", ("PUPIL", PARITY), asked=2, possible=1, forced=2)
    with because_of(crossing):
        choose(files, 3, Bounds({"PUPIL": 2, "STUDENT": 1}, 60))
    assert crossing.missing == 1
    assert names(choose(files, 3, Bounds({"PUPIL": 1, "STUDENT": 1}, 60)).chosen) == "w p v"
    assert names(choose(files, 3, Bounds({"PUPIL": 2, "STUDENT": 1}, 33)).chosen) == "w p q"


def test_a_bound_that_fails_alone_does_not_hide_the_others():
    files = [file("p", 300, "PUPIL"), file("r", 200, "REINSERTION"), file("s", 100), file("t", 100)]
    with pytest.raises(Impossible) as refused:
        choose(files, 2, Bounds({"PUPIL": 3, "STUDENT": 2}, 50))
    assert refused.value.conflicts == [
        Conflict("ALONE", ("PUPIL",), asked=3, possible=1),
        Conflict("ALONE", (PARITY,), asked=1, possible=0),
        Conflict("PLACES", ("PUPIL", "STUDENT"), asked=3, possible=2),
    ]
    assert refused.value.to_give_up == 4


def test_what_has_to_be_given_up_may_serve_two_conflicts_at_once():
    """One pupil less frees a place, and that place is the one that parity lacks."""
    files = [file(name, 300, "PUPIL") for name in "pqr"] + [file("v", 100, woman=True), file("w", 400, woman=True)]
    with pytest.raises(Impossible) as refused:
        choose(files, 4, Bounds({"PUPIL": 3, "STUDENT": 2}, 50))
    assert [(conflict.kind, conflict.missing) for conflict in refused.value.conflicts] == [
        ("PLACES", 1),
        ("CROSSING", 1),
    ]
    assert refused.value.to_give_up == 1


def test_nonsense_is_not_taken():
    twice = [file("a", 500), file("a", 400)]
    for files, places, bounds in [
        (twice, 1, Bounds()),
        ([], -1, Bounds()),
        ([], 1, Bounds({"PUPIL": -1})),
        ([], 1, Bounds(parity_percent=101)),
    ]:
        with pytest.raises(ValueError, match=r"twice|out of bounds"):
            choose(files, places, bounds)

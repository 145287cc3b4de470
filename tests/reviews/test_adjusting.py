"""Scores freed from severity: against a dense solution made another way, and where there is little to go by."""

from decimal import Decimal
from random import Random

import numpy as np
import pytest

from bench.adjusted_scores import Jury, found
from reviews.adjusting import PRIOR, PRIOR_WEIGHT, Adjusted, ReaderScore, adjust

HALF_A_HUNDREDTH = 0.00501  # what rounding may take


def panel(seed, files=25, readers=6, most=3):
    """A small jury: each file read by one to `most` readers."""
    chance = Random(seed)
    severity = [chance.gauss(0, 0.5) for _ in range(readers)]
    return [
        (f"file {file:02}", f"reader {reader}", round(3 + worth - severity[reader] + chance.gauss(0, 0.5), 2))
        for file in range(files)
        for worth in [chance.gauss(0, 0.7)]
        for reader in chance.sample(range(readers), chance.randint(1, min(most, readers)))
    ]


class Dense:
    """The same model, solved otherwise: generalised least squares, and projections for the variances."""

    def __init__(self, scores):
        self.files, self.readers = (sorted({row[column] for row in scores}) for column in (0, 1))
        self.y = np.array([row[2] for row in scores])
        self.of_files = np.array([[row[0] == file for file in self.files] for row in scores], float)
        self.of_readers = np.array([[row[1] == reader for reader in self.readers] for row in scores], float)

    def solve(self):
        of_files, of_readers, y = self.of_files, self.of_readers, self.y
        self.variances = files, readers, chance = self._variances()
        inverse = np.linalg.inv(readers * of_readers @ of_readers.T + chance * np.eye(len(y)))
        uncertain = np.linalg.inv(of_files.T @ inverse @ of_files)
        freed = uncertain @ of_files.T @ inverse @ y
        self.severities = -readers * of_readers.T @ inverse @ (y - of_files @ freed)
        uncertain = np.diag(uncertain)
        self.level = np.average(freed, weights=1 / (files + uncertain))
        trusted = files / (files + uncertain)
        self.values = trusted * freed + (1 - trusted) * self.level
        self.errors = np.sqrt(1 / (1 / files + 1 / uncertain))
        return self

    def _variances(self):
        y, of_files, of_readers = self.y, self.of_files, self.of_readers
        both = np.hstack([of_files, of_readers])
        onto = {name: x @ np.linalg.pinv(x) for name, x in (("f", of_files), ("r", of_readers), ("both", both))}
        rank = {name: round(np.trace(projection)) for name, projection in onto.items()}
        left = np.eye(len(y)) - onto["both"]
        chance = self._averaged(y @ left @ y, len(y) - rank["both"], PRIOR.chance)
        found = []
        for other, columns, prior in (("r", of_files, PRIOR.files), ("f", of_readers, PRIOR.readers)):
            beyond, free = onto["both"] - onto[other], rank["both"] - rank[other]
            weight = np.trace(columns.T @ beyond @ columns)
            estimate = max(0, y @ beyond @ y - free * chance) / weight if free else 0
            found.append(self._averaged(estimate * free, free, prior))
        return *found, chance

    @staticmethod
    def _averaged(total, free, prior):
        return (PRIOR_WEIGHT * prior + total) / (PRIOR_WEIGHT + free)


@pytest.mark.parametrize("seed", range(20))
def test_the_model_is_solved_as_a_dense_solution_solves_it(seed):
    scores = panel(seed, files=5 + seed, readers=2 + seed % 7)

    adjusted, dense = adjust(scores), Dense(scores).solve()

    assert np.allclose(adjusted.variances, dense.variances, atol=1e-9)
    assert float(adjusted.level) == pytest.approx(dense.level, abs=HALF_A_HUNDREDTH)
    assert list(adjusted.files) == dense.files
    assert list(adjusted.readers) == dense.readers
    for column, expected in ((0, dense.values), (1, dense.errors)):
        assert np.allclose([float(row[column]) for row in adjusted.files.values()], expected, atol=HALF_A_HUNDREDTH)
    severities = [float(row.severity) for row in adjusted.readers.values()]
    assert np.allclose(severities, dense.severities, atol=HALF_A_HUNDREDTH)


def test_the_order_in_which_scores_come_changes_nothing():
    scores = panel(3)
    shuffled = Random(0).sample(scores, len(scores))

    assert adjust(shuffled) == adjust(scores)
    assert list(adjust(shuffled).files) == sorted({file for file, _, _ in scores})


def test_the_readings_of_each_are_counted():
    adjusted = adjust([(1, "a", 4), (1, "b", 3), (2, "a", 2), (3, "b", 5), (3, "c", Decimal("4.25"))])

    assert {file: score.readings for file, score in adjusted.files.items()} == {1: 2, 2: 1, 3: 2}
    assert {reader: score.readings for reader, score in adjusted.readers.items()} == {"a": 2, "b": 2, "c": 1}


def test_who_was_read_by_the_severe_one_goes_before_her_equal():
    both_read = [(file, reader, score) for file in range(30) for reader, score in (("severe", 2), ("kind", 4))]
    hard_luck, good_luck = 101, 100

    adjusted = adjust([*both_read, (hard_luck, "severe", 3), (good_luck, "kind", 3)])

    assert adjusted.files[hard_luck].value > adjusted.files[good_luck].value
    assert adjusted.readers["severe"].severity > Decimal("0.5") > adjusted.readers["kind"].severity
    assert adjusted.readers["kind"].severity == -adjusted.readers["severe"].severity


def test_without_any_score_there_is_nothing_to_say():
    assert adjust([]) == Adjusted()
    assert adjust([]).is_connected


def test_one_score_alone_is_the_level():
    adjusted = adjust([(7, "a", 4)])

    assert (adjusted.level, adjusted.files[7].value, adjusted.files[7].readings) == (4, 4, 1)
    assert adjusted.readers == {"a": ReaderScore(Decimal("0.00"), Decimal("0.39"), 1, 1)}


def test_a_single_reader_keeps_her_order_and_is_neither_severe_nor_kind():
    given = {1: 2, 2: 5, 3: 3, 4: 4}

    adjusted = adjust([(file, "a", score) for file, score in given.items()])

    assert sorted(given, key=lambda file: adjusted.files[file].value) == sorted(given, key=given.get)
    assert adjusted.readers["a"].severity == 0
    assert str(adjusted.readers["a"].severity) == "0.00"


def test_a_single_file_takes_the_middle_of_what_it_got():
    adjusted = adjust([(1, "a", 2), (1, "b", 5)])

    assert adjusted.files[1].value == Decimal("3.50")
    assert adjusted.readers["a"].severity == -adjusted.readers["b"].severity > 0


def test_equal_scores_stay_what_they_are():
    adjusted = adjust([(file, (file + turn) % 3, 4) for file in range(9) for turn in range(2)])

    assert {score.value for score in adjusted.files.values()} == {Decimal("4.00")}
    assert {score.severity for score in adjusted.readers.values()} == {Decimal("0.00")}


def test_a_reader_of_one_file_is_hardly_called_severe():
    many = [(file, reader, 4) for file in range(20) for reader in ("a", "b")]

    adjusted = adjust([*many, (0, "passing", 1)])

    assert adjusted.readers["passing"].severity < Decimal("1.5")
    assert adjusted.files[0].value < adjusted.files[1].value


def test_a_second_opinion_makes_surer():
    adjusted = adjust([*panel(1), ("sure", "reader 0", 5), ("sure", "reader 1", 5), ("unsure", "reader 0", 5)])

    assert adjusted.files["sure"].value > adjusted.files["unsure"].value
    assert adjusted.files["sure"].standard_error < adjusted.files["unsure"].standard_error


def test_readers_without_a_file_in_common_stand_in_groups_apart():
    scores = [(1, "a", 4), (1, "b", 3), (2, "b", 3), (2, "c", 4), (3, "d", 2), (3, "e", 1), (4, "f", 5)]

    adjusted = adjust(scores)

    assert {reader: score.group for reader, score in adjusted.readers.items()} == {
        "a": 1,
        "b": 1,
        "c": 1,
        "d": 2,
        "e": 2,
        "f": 3,
    }
    assert (adjusted.groups, adjusted.is_connected) == (3, False)
    linked = adjust([*scores, (5, "c", 3), (5, "d", 3), (5, "f", 3)])
    assert (linked.groups, linked.is_connected) == (1, True)


def test_who_was_given_weak_files_is_not_called_severe():
    """Two readers who share no file: nothing tells whether one is severe, or had the weaker files."""
    strong = [(file, "of strong files", 4 + file % 2) for file in range(20)]
    weak = [(file + 20, "of weak files", 2 + file % 2) for file in range(20)]

    adjusted = adjust(strong + weak)

    assert {score.severity for score in adjusted.readers.values()} == {Decimal("0.00")}
    assert adjusted.files[20].value < adjusted.files[21].value < adjusted.files[0].value < adjusted.files[1].value


def test_beyond_the_scale_the_order_is_kept():
    severity = {"kind": -1, "severe": 1, "as severe": 1}
    scores = [(file, reader, 2 + file % 3 - severity[reader]) for file in range(60) for reader in severity]
    scores += [(100, "severe", 5), (100, "as severe", 5), (101, "kind", 5), (101, "severe", 5)]

    adjusted = adjust(scores)

    assert adjusted.files[100].value > 5
    assert adjusted.files[100].value > adjusted.files[101].value


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    "jury",
    [Jury("", 2000, 30), Jury("", 200, 8), Jury("", 2000, 30, criteria=4), Jury("", 200, 8, criteria=4)],
    ids=lambda jury: f"{jury.files} files, {jury.criteria or 'no'} criteria",
)
def test_a_known_order_is_found_better_than_by_the_mean(jury, seed):
    result = found(jury, seed)

    assert result.adjusted > result.mean


@pytest.mark.parametrize("seed", range(3))
def test_trades_of_unequal_level_do_not_pass_for_severe_readers(seed):
    result = found(Jury("", 2000, 30, by_trade=True), seed)

    assert result.adjusted > result.mean

"""Scores freed from how severe their readers are: an additive model, plain Python, the same result on every machine.

    score = general level + what the file is worth + how generous the reader is + chance

First the readers. Their generosity is a random effect and the files' worth a fixed one: the mixed model equations of
C. R. Henderson (« Best linear unbiased estimation and prediction under a selection model », Biometrics 31 (1975),
423-447). So a reader is compared only with those who read the same files, and never called severe for having been given
weak files, as happens where files are shared out by trade; and she is drawn towards the middle, the more so the fewer
files she shares. Files are eliminated exactly (a Schur complement), which leaves one dense system with a row for each
reader, solved by Cholesky.

Then the files. Each has the mean of its scores, freed from its readers' generosity, and the prediction error variance
of that, which the inverse of the same system gives. It is drawn towards the general level as far as it is uncertain
(B. Efron, C. Morris, « Stein's estimation rule and its competitors: an empirical Bayes approach », Journal of the
American Statistical Association 68 (1973), 117-130): one enthusiastic opinion alone does not make the best file of all.

How much is drawn towards the middle depends on how much files, readers and chance vary. That is estimated from the
scores by fitting constants (Henderson's third method: « Estimation of variance and covariance components »,
Biometrics 9 (1953), 226-252; S. R. Searle, G. Casella, C. E. McCulloch, « Variance components », Wiley 1992, ch. 5),
which takes one solution and no iteration. Its estimates are averaged with what one expects of a jury before having
read it, which counts like `PRIOR_WEIGHT` degrees of freedom: with few readers or one opinion a file it carries the
result, with thirty readers it weighs little, and no variance is ever zero.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from math import fsum, sqrt
from operator import mul
from typing import NamedTuple

PRIOR_WEIGHT = 4
HUNDREDTH = Decimal("0.01")


class Variances(NamedTuple):
    """How much of the differences between scores comes from the files, from the readers, and from chance."""

    files: float
    readers: float
    chance: float


PRIOR = Variances(files=0.35, readers=0.15, chance=0.50)
"""A third of what moves a score from 1 to 5 is the file: the agreement of two referees of one paper is 0.34 on average
(L. Bornmann, R. Mutz, H.-D. Daniel, « A reliability-generalization study of journal peer reviews », PLoS ONE 5 (2010),
e14331)."""


class FileScore(NamedTuple):
    """What a file is worth on the scale of the scores, and the standard error of that.

    Never cut at 1 and 5: the few that go beyond are the very best and the very weakest, and cutting would make them
    equal where the order matters most.
    """

    value: Decimal
    standard_error: Decimal
    readings: int


class ReaderScore(NamedTuple):
    """How far below the others a reader scores the same files (less than zero: above), and over how many readings.

    `group` numbers the readers who are linked to one another by files they share, from 1.
    """

    severity: Decimal
    standard_error: Decimal
    readings: int
    group: int


@dataclass(frozen=True)
class Adjusted:
    """What the model makes of all the scores of one jury. All empty when there are none."""

    files: dict[Hashable, FileScore] = field(default_factory=dict)
    readers: dict[Hashable, ReaderScore] = field(default_factory=dict)
    level: Decimal | None = None
    """The general level: what a middling file gets from a middling reader."""
    variances: Variances = PRIOR
    groups: int = 0
    """Into how many groups without any file in common the readers fall."""

    @property
    def is_connected(self) -> bool:
        """Whether chains of shared files lead from any reader to any other.

        If not, nothing tells a severe group from one that had weak files. Each group is then as severe as another by
        assumption: only the readers within it are freed from what separates them.
        """
        return self.groups <= 1


def adjust(scores: Iterable[tuple[Hashable, Hashable, float | Decimal]]) -> Adjusted:
    """Free every file's score from its readers' severity. `scores` holds (file, reader, score), in any order.

    Files and readers must each be sortable among themselves: the sums run in their order, so that the order of what
    comes in changes nothing. Values and errors are rounded to hundredths, once, at the end.
    """
    panel = _Panel(sorted((file, reader, float(score)) for file, reader, score in scores))
    if not panel.size:
        return Adjusted()
    variances = _variances(panel)
    matrix, right = _without_files(panel)
    for row, line in enumerate(matrix):
        line[row] += variances.chance / variances.readers
    inverse = _inverse(_cholesky(matrix))
    generosity = [_dot(line, right) for line in inverse]
    level, files = _file_scores(panel, variances, inverse, generosity)
    return Adjusted(
        files=files,
        readers={
            reader: ReaderScore(
                _hundredths(-generosity[row]),
                _hundredths(sqrt(variances.chance * inverse[row][row])),
                panel.given[row],
                panel.groups[row],
            )
            for row, reader in enumerate(panel.readers)
        },
        level=_hundredths(level),
        variances=variances,
        groups=max(panel.groups),
    )


class _Panel:
    """The scores as sums, around their mean. Files read by the same people share every coefficient, so are kept by
    `sets`: {readers' rows: [(file, sum of its scores), …]}.
    """

    def __init__(self, scores):
        self.size = len(scores)
        self.mean = fsum(score for _file, _reader, score in scores) / self.size if scores else 0.0
        self.readers = sorted({reader for _file, reader, _score in scores})
        rows = {reader: row for row, reader in enumerate(self.readers)}
        by_file, by_reader = defaultdict(list), defaultdict(list)
        for file, reader, score in scores:
            by_file[file].append((rows[reader], score - self.mean))
            by_reader[rows[reader]].append(score - self.mean)
        self.squares = fsum((score - self.mean) ** 2 for _file, _reader, score in scores)
        self.given = [len(by_reader[row]) for row in range(len(self.readers))]
        self.reader_sums = [fsum(by_reader[row]) for row in range(len(self.readers))]
        self.sets = defaultdict(list)
        for file, given in by_file.items():
            self.sets[tuple(row for row, _ in given)].append((file, fsum(score for _, score in given)))
        self.set_sums = {rows: fsum(total for _, total in files) for rows, files in self.sets.items()}
        self.file_count = len(by_file)
        self.groups = self._groups()

    def _groups(self) -> list[int]:
        """For each reader, the number of her group: who is linked to whom by chains of shared files."""
        leader = list(range(len(self.readers)))

        def first(row):
            while leader[row] != row:
                leader[row] = row = leader[leader[row]]
            return row

        for rows in self.sets:
            for row in rows[1:]:
                low, high = sorted((first(rows[0]), first(row)))
                leader[high] = low
        numbers = {}
        return [numbers.setdefault(first(row), len(numbers) + 1) for row in range(len(self.readers))]


def _without_files(panel: _Panel):
    """The equations for the readers once those of the files are eliminated: differences within a file are left."""
    matrix = [[0.0] * len(panel.readers) for _ in panel.readers]
    right = list(panel.reader_sums)
    for row, given in enumerate(panel.given):
        matrix[row][row] = float(given)
    for rows, files in panel.sets.items():
        weight, total = len(files) / len(rows), panel.set_sums[rows] / len(rows)
        for reader in rows:
            right[reader] -= total
            for other in rows:
                matrix[reader][other] -= weight
    return matrix, right


def _variances(panel: _Panel) -> Variances:
    """Fitting constants: what the scores say of the three variances, averaged with `PRIOR`.

    Each reduction in sum of squares is set equal to its expectation: chance is what is left once files and readers are
    fitted, readers what they explain beyond the files, files what they explain beyond the readers.
    """
    by_files = fsum(
        total * total / len(rows) for rows, files in panel.sets.items() for _file, total in files
    )  # the general level is zero: the scores are taken around their mean
    by_readers = fsum(total * total / given for total, given in zip(panel.reader_sums, panel.given, strict=True))
    readers_beyond = _explained_by_readers(panel)
    readers_free = len(panel.readers) - max(panel.groups)
    files_free = panel.file_count - max(panel.groups)
    left = panel.squares - by_files - readers_beyond
    chance = _with_prior(left, panel.size - panel.file_count - readers_free, PRIOR.chance)
    overlaps = [(len(files), len(rows), _counts(rows)) for rows, files in panel.sets.items()]
    weigh_readers = panel.size - fsum(many * fsum(n * n for n in seen.values()) / of for many, of, seen in overlaps)
    squared = [0] * len(panel.readers)
    for many, _of, seen in overlaps:
        for row, times in seen.items():
            squared[row] += many * times * times
    weigh_files = panel.size - fsum(times / given for times, given in zip(squared, panel.given, strict=True))
    return Variances(
        files=_moment(by_files + readers_beyond - by_readers, files_free, chance, weigh_files, PRIOR.files),
        readers=_moment(readers_beyond, readers_free, chance, weigh_readers, PRIOR.readers),
        chance=chance,
    )


def _explained_by_readers(panel: _Panel) -> float:
    """The reduction in sum of squares due to readers, the files being fitted: one reader of each group is the measure
    of the others, since only differences within a group are left."""
    matrix, right = _without_files(panel)
    seen, kept = set(), []
    for row, group in enumerate(panel.groups):
        if group in seen:
            kept.append(row)
        seen.add(group)
    factor = _cholesky([[matrix[row][column] for column in kept] for row in kept])
    reduced = _forward(factor, [right[row] for row in kept])
    return _dot(reduced, reduced)


def _moment(explained: float, free: int, chance: float, weight: float, prior: float) -> float:
    """One variance from the sum of squares it explains, of expectation `free` × chance + `weight` × variance."""
    estimate = max(0.0, explained - free * chance) / weight if free > 0 and weight > 1e-9 else 0.0
    return _with_prior(estimate * free, free, prior)


def _with_prior(total: float, free: int, prior: float) -> float:
    return (PRIOR_WEIGHT * prior + max(0.0, total)) / (PRIOR_WEIGHT + max(0, free))


def _file_scores(panel, variances, inverse, generosity) -> tuple[float, dict[Hashable, FileScore]]:
    """The general level, and each file drawn towards it: what the readers' generosity leaves of its scores."""
    freed, uncertain = {}, {}
    for rows, files in panel.sets.items():
        count = len(rows)
        owed = fsum(generosity[row] for row in rows)
        among = fsum(inverse[row][other] for row in rows for other in rows)
        uncertain[rows] = variances.chance * (1 / count + among / count**2)
        freed[rows] = [(file, panel.mean + (total - owed) / count) for file, total in files]
    weights = {rows: 1 / (variances.files + variance) for rows, variance in uncertain.items()}
    level = fsum(weights[rows] * value for rows, values in freed.items() for _file, value in values)
    level /= fsum(weights[rows] * len(values) for rows, values in freed.items())
    scores = {}
    for rows, values in freed.items():
        trusted = variances.files * weights[rows]
        error = _hundredths(sqrt(trusted * uncertain[rows]))
        for file, value in values:
            scores[file] = FileScore(_hundredths(level + trusted * (value - level)), error, len(rows))
    return level, {file: scores[file] for file in sorted(scores)}


def _counts(rows) -> dict[int, int]:
    seen = defaultdict(int)
    for row in rows:
        seen[row] += 1
    return seen


def _dot(left, right) -> float:
    return sum(map(mul, left, right))


def _cholesky(matrix) -> list[list[float]]:
    """The lower triangle L, row by row, with L × its transpose = the positive definite `matrix`."""
    factor = []
    for row, line in enumerate(matrix):
        built = []
        for column in range(row):
            built.append((line[column] - _dot(built, factor[column])) / factor[column][column])
        built.append(sqrt(line[row] - _dot(built, built)))
        factor.append(built)
    return factor


def _forward(factor, right) -> list[float]:
    """Solve L x = right."""
    solved = []
    for line, value in zip(factor, right, strict=True):
        solved.append((value - _dot(line, solved)) / line[-1])
    return solved


def _inverse(factor) -> list[list[float]]:
    """The inverse of the factored matrix: the products of the columns of the inverse of L."""
    size = len(factor)
    columns = []
    for start in range(size):
        solved = [1.0 / factor[start][start]]
        for row in range(start + 1, size):
            solved.append(-_dot(factor[row][start:], solved) / factor[row][row])
        columns.append(solved)
    inverse = [[0.0] * size for _ in range(size)]
    for low in range(size):
        for high in range(low, size):
            inverse[low][high] = inverse[high][low] = _dot(columns[low][high - low :], columns[high])
    return inverse


def _hundredths(value: float) -> Decimal:
    """Rounded half up. Nine places first, so that what is exactly half a hundredth on paper is not decided by a last
    bit, which another machine might have otherwise. Never minus zero."""
    return Decimal(str(round(value, 9))).quantize(HUNDREDTH, ROUND_HALF_UP) + 0

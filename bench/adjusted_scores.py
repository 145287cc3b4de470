"""How well the mean and the adjusted score find a known order again: `python -m bench.adjusted_scores [SEEDS]`.

Juries are made up: what each file is worth is drawn (standard deviation 0.6), how severe each reader is (0.45), and
chance (0.6); what readers give is kept between 1 and 5. Spearman's rank correlation with what the files are worth, and
how many of the best tenth stand in the first tenth. Exits with 1 when the adjusted score finds less than the mean does
in one of the juries whose readers differ.
"""

import sys
import time
from dataclasses import dataclass
from random import Random
from statistics import fmean

from scipy.stats import spearmanr

from reviews.adjusting import adjust

LEVEL, FILES_DEVIATION, CHANCE_DEVIATION = 3.2, 0.6, 0.6


@dataclass(frozen=True)
class Jury:
    """One made-up jury."""

    name: str
    files: int
    readers: int
    severity: float = 0.45
    readings: int = 2
    missing: float = 0.0
    criteria: int = 0
    by_trade: bool = False


JURIES = [
    Jury("2 readings", 2000, 30),
    Jury("2 readings", 200, 8),
    Jury("2 readings, 4 criteria in whole marks", 2000, 30, criteria=4),
    Jury("2 readings, 4 criteria in whole marks", 200, 8, criteria=4),
    Jury("2 readings, one mark in whole", 2000, 30, criteria=1),
    Jury("3 readings", 2000, 30, readings=3),
    Jury("a fifth of the readings missing", 2000, 30, missing=0.2),
    Jury("readers of one trade, of unequal level", 2000, 30, by_trade=True),
    Jury("2 readings", 40, 5),
    Jury("readers all alike", 2000, 30, severity=0.0),
]


def simulated(jury: Jury, seed: int):
    """What each file is worth, and the scores (file, reader, score) that such a jury gives."""
    chance = Random(seed)
    severity = [chance.gauss(0, jury.severity) for _ in range(jury.readers)]
    trades = max(1, jury.readers // 6) if jury.by_trade else 1
    raised = [chance.gauss(0, 0.3) if jury.by_trade else 0.0 for _ in range(trades)]
    worth, scores = {}, []
    for file in range(jury.files):
        trade = file % trades
        worth[file] = chance.gauss(LEVEL + raised[trade], FILES_DEVIATION)
        pool = range(trade, jury.readers, trades)
        if jury.by_trade and chance.random() < 0.1:  # few files only link the trades
            pool = range(jury.readers)
        readers = chance.sample(pool, jury.readings)
        given = [reader for reader in readers if chance.random() >= jury.missing] or readers[:1]
        scores += [(file, reader, _mark(worth[file] - severity[reader], jury, chance)) for reader in given]
    return worth, scores


def _mark(expected: float, jury: Jury, chance: Random) -> float:
    if not jury.criteria:
        return _kept(chance.gauss(expected, CHANCE_DEVIATION))
    # Half of the chance is the reader's whole impression, half of its variance each criterion's own.
    impression = chance.gauss(expected, CHANCE_DEVIATION * 0.5**0.5)
    own = CHANCE_DEVIATION * (0.5 * jury.criteria) ** 0.5
    return fmean(round(_kept(chance.gauss(impression, own))) for _ in range(jury.criteria))


def _kept(score: float) -> float:
    return min(5.0, max(1.0, score))


@dataclass(frozen=True)
class Found:
    """Rank correlation with the truth, and the share of the best tenth found, by the mean and adjusted."""

    mean: float
    adjusted: float
    best_by_mean: float
    best_adjusted: float
    seconds: float


def found(jury: Jury, seed: int) -> Found:
    """How much of the true order the mean and the adjusted score find again, for one jury."""
    worth, scores = simulated(jury, seed)
    given = {file: [] for file in worth}
    for file, _reader, score in scores:
        given[file].append(score)
    means = {file: fmean(values) for file, values in given.items()}
    start = time.perf_counter()
    result = adjust(scores)
    seconds = time.perf_counter() - start
    adjusted = {file: float(result.files[file].value) for file in worth}
    return Found(
        _correlation(worth, means), _correlation(worth, adjusted), _best(worth, means), _best(worth, adjusted), seconds
    )


def _correlation(worth, other) -> float:
    return float(spearmanr([worth[file] for file in worth], [other[file] for file in worth]).statistic)


def _best(worth, other) -> float:
    tenth = len(worth) // 10
    first = [set(sorted(scores, key=lambda file: (-scores[file], file))[:tenth]) for scores in (worth, other)]
    return len(first[0] & first[1]) / tenth


def main(seeds: int) -> int:
    """Print the table of all juries, means over `seeds` seeds, and the least gain of any."""
    print(f"{'':42}{'files':>6}{'readers':>9}{'mean':>8}{'adjusted':>10}{'least gain':>12}{'best tenth':>16}{'s':>7}")
    failed = []
    for jury in JURIES:
        runs = [found(jury, seed) for seed in range(seeds)]
        mean, adjusted = fmean(run.mean for run in runs), fmean(run.adjusted for run in runs)
        least = min(run.adjusted - run.mean for run in runs)
        best = f"{fmean(run.best_by_mean for run in runs):.0%} → {fmean(run.best_adjusted for run in runs):.0%}"
        seconds = max(run.seconds for run in runs)
        print(
            f"{jury.name:42}{jury.files:>6}{jury.readers:>9}{mean:>8.3f}{adjusted:>10.3f}{least:>+12.3f}"
            f"{best:>16}{seconds:>7.2f}",
            flush=True,
        )
        if jury.severity and adjusted <= mean:
            failed.append(jury.name)
    print(*(f"not better than the mean: {name}" for name in failed), sep="\n", end="" if not failed else "\n")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10))

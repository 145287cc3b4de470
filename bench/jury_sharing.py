"""How long sharing a whole cohort's files out among its jury takes, and that the loads are even.

    python -m bench.jury_sharing

Needs no database. Exits with 1 when loads differ by more than one, or a sharing takes over two seconds of one core
(five for sixty readers).
"""

import random
import time
from dataclasses import dataclass

from reviews.assigning import Need, Reader, Sharing, assign


@dataclass(frozen=True)
class Case:
    """So many files and readers; `recusals` pairs are closed, and files are of one to three of `trades` trades."""

    name: str
    recusals: int = 500
    trades: int = 60
    files: int = 2000
    readers: int = 30
    readings: int = 2
    longest: float = 2.0


CASES = [
    Case("500 recusals"),
    Case("no recusal, no trade", recusals=0, trades=0),
    Case("few trades", trades=14),
    Case("three readings, 5,000 recusals", readings=3, recusals=5000),
    Case("60 readers", readers=60, longest=5.0),
]


def make(case: Case, seed: int = 5050) -> tuple[list[Need], list[Reader]]:
    rng = random.Random(seed)
    trades = range(case.trades)

    def some(most: int) -> frozenset:
        return frozenset(rng.sample(trades, min(case.trades, rng.randint(1, most))))

    readers = [Reader(number, some(4)) for number in range(1, case.readers + 1)]
    closed = [set() for _file in range(case.files)]
    for _recusal in range(case.recusals):
        rng.choice(closed).add(rng.choice(readers).id)
    return [Need(n, case.readings, some(3), frozenset(closed[n])) for n in range(case.files)], readers


def timed(needs, readers, preferred=()) -> tuple[Sharing, float]:
    started = time.process_time()
    sharing = assign(needs, readers, preferred)
    return sharing, time.process_time() - started


def main() -> None:
    is_good = True
    print("| | s | loads | knows a trade | s, again with one reader gone | kept |")
    print("|---|---|---|---|---|---|")
    for case in CASES:
        needs, readers = make(case)
        first, took = timed(needs, readers)
        again, took_again = timed(needs, readers[1:], first.pairs)
        loads, known, kept = sorted(first.loads.values()), first.known / len(first.pairs), again.kept / len(again.pairs)
        print(f"| {case.name} | {took:.1f} | {loads[0]}–{loads[-1]} | {known:.0%} | {took_again:.1f} | {kept:.0%} |")
        is_good &= max(took, took_again) < case.longest and first.uneven is None and again.uneven is None
    raise SystemExit(not is_good)


if __name__ == "__main__":
    main()

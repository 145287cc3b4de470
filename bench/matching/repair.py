"""Mentors who decline: `python -m bench.matching.repair [--sizes 200 10000] [--floor F:0.5]`, see README.md.

One pair in ten is declined. The repaired answer must be, pair for pair, the one of solving anew with the same previous
pairs, as good as scipy's, and accepted by the verifier; at 10,000 it must come eight times as fast. Exits with 1
otherwise.
"""

import argparse
import gc
import json
import sys
from pathlib import Path
from random import Random
from statistics import median
from time import process_time

from bench.matching import files
from matching.engine.reading import read
from matching.engine.repair import repair
from matching.engine.solving import solve

SIZES = (200, 10_000)
BARS = {10_000: 8}
DECLINED = 10
"""One pair out of so many."""
HEAD = [
    *("mentees", "seed", "floor", "declined", "kept", "pairs", "points", "anew s"),
    *("repair s", "ratio", "bar", "of which set-up s", "a decline ms", "verifier"),
]


def main() -> int:
    """Print the table line by line, then what went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--seeds", type=int, nargs="+", default=[files.SEED])
    parser.add_argument("--floor", action="append", default=[], help="F:0.5 or F:12; none when not given")
    parser.add_argument("--repeats", type=int, default=3)
    asked = parser.parse_args()
    print(files.table(HEAD), flush=True)
    missed = []
    for size in asked.sizes:
        for seed in asked.seeds:
            line, wrong = _line(size, seed, asked.floor, asked.repeats)
            print("| " + " | ".join(map(str, line)) + " |", flush=True)
            missed += [f"{size:,} of seed {seed}: {each}" for each in wrong]
    print(*(["", "missed:", *missed] if missed else ["", "every bar held"]), sep="\n")
    return bool(missed)


def _line(size: int, seed: int, floors: list[str], repeats: int) -> tuple[list, list[str]]:
    """Repair and solve anew in turn, and compare."""
    constraints = [files.floor(each) for each in floors]
    path = files.variant(files.instance(size, seed), "before", constraints=constraints)
    before = read(path)
    pairs = solve(before).pairs
    declined = sorted(Random(f"{seed}:declined").sample(pairs, len(pairs) // DECLINED))
    parts = {"constraints": constraints, "previous": pairs, "declined": declined}
    after = files.variant(files.instance(size, seed), "after", **parts)
    again = read(after)
    setting_up, repairing, anew = [], [], []
    for _repeat in range(repeats):
        # A new solution each time, as the repair may take over what the first one left warm.
        setting_up.append(_timed(repair, solve(before), declined=[])[0])
        seconds, repaired = _timed(repair, solve(before), declined=declined)
        repairing.append(seconds)
        seconds, solved = _timed(solve, again)
        anew.append(seconds)
    wrong = _wrong(repaired, solved, after, seeks_truth=not floors)
    accepted = _accepted(repaired, after)
    if accepted != "accepted":
        wrong.append(f"the verifier says: {accepted}")
    whole, setup, ratio = median(repairing), median(setting_up), median(anew) / median(repairing)
    bar = BARS.get(size)
    if bar and ratio < bar:
        wrong.append(f"{ratio:.1f} times as fast, {bar} at least")
    stats = repaired["stats"]
    return [
        *(f"{size:,}", seed, " ".join(floors) or "none", f"{len(declined):,} of {len(pairs):,}"),
        *(f"{stats['kept']:,}", f"{stats['pairs']:,}", f"{stats['points']:,}", f"{median(anew):.4g}"),
        *(f"{whole:.4g}", f"{ratio:.1f}", bar or "", f"{setup:.4g}"),
        *(f"{1000 * (whole - setup) / len(declined):.3f}", accepted.split(":")[0]),
    ], wrong


def _timed(function, *arguments, **options) -> tuple[float, dict]:
    """Seconds of processor, the certificate included, and the answer."""
    gc.collect()
    started = process_time()
    answer = function(*arguments, **options).answer()
    return process_time() - started, answer


def _wrong(repaired: dict, solved: dict, after: Path, seeks_truth: bool) -> list[str]:
    """Where repairing and solving anew differ, and where scipy does better."""
    wrong = []
    worths = [{name: answer["stats"][name] for name in ("pairs", "kept", "points")} for answer in (repaired, solved)]
    if worths[0] != worths[1]:
        wrong.append(f"repaired {worths[0]}, anew {worths[1]}")
    if repaired["pairs"] != solved["pairs"]:
        wrong.append("other pairs than those of solving anew")
    if seeks_truth:
        truth = json.loads(files.python("bench.matching.measure", "scipy", after).out)["stats"]
        if truth != worths[0]:
            wrong.append(f"repaired {worths[0]}, scipy {truth}")
    return wrong


def _accepted(answer: dict, after: Path) -> str:
    """What the verifier says."""
    out = Path(files.WORKSHOP.name) / "answer.json"
    out.write_text(json.dumps(answer))
    verdict = files.python("matching.verifier", after, out, may_fail=True)
    return "accepted" if not verdict.code else f"refused: {verdict.out}"


if __name__ == "__main__":
    sys.exit(main())

"""Mentors who decline: `python -m bench.matching.repair [--sizes 200 10000] [--floor F:0.5]`, see README.md.

One pair in ten is declined. The repaired answer must be, pair for pair, the one of solving anew with the same previous
pairs, as good as scipy's, and accepted by the verifier; at 10,000 it must come eight times as fast as solving afresh,
as if nothing had been announced. Exits with 1 otherwise.
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
from matching.engine.links import Links
from matching.engine.reading import read
from matching.engine.repair import repair
from matching.engine.solving import solve

SIZES = (200, 10_000)
BARS = {10_000: 8}
DECLINED = 10
"""One pair out of so many."""
HEAD = [
    *("mentees", "seed", "floor", "declined", "kept", "pairs", "points", "repair s", "of which set-up s"),
    *("a decline ms", "afresh s", "ratio", "bar", "laid out apart", "anew s", "ratio", "laid out apart", "verifier"),
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
    path_of_all = files.instance(size, seed)
    before = read(files.variant(path_of_all, "before", constraints=constraints))
    pairs = solve(before).pairs
    declined = sorted(Random(f"{seed}:declined").sample(pairs, len(pairs) // DECLINED))
    parts = {"constraints": constraints, "previous": pairs, "declined": declined}
    after = files.variant(path_of_all, "after", **parts)
    again, afresh = read(after), read(files.variant(path_of_all, "afresh", **parts | {"previous": []}))
    times = {name: [] for name in ("setting up", "repair", "afresh", "anew", "afresh laid out", "anew laid out")}
    for _repeat in range(repeats):
        # A new solution each time, as the repair may take over what the first one left warm.
        times["setting up"].append(_timed(repair, solve(before), declined=[])[0])
        seconds, repaired = _timed(repair, solve(before), declined=declined)
        times["repair"].append(seconds)
        for name, instance in (("afresh", afresh), ("anew", again)):
            laying_out, instance.links = _seconds(Links, instance)
            seconds, solved = _timed(solve, instance)
            times[name].append(laying_out + seconds)
            times[f"{name} laid out"].append(seconds)
    wrong = _wrong(repaired, solved, after, seeks_truth=not floors)
    accepted = _accepted(repaired, after)
    if accepted != "accepted":
        wrong.append(f"the verifier says: {accepted}")
    took = {name: median(seconds) for name, seconds in times.items()}
    whole = took["repair"]
    ratios = {name: seconds / whole for name, seconds in took.items()}
    bar = BARS.get(size)
    if bar and ratios["afresh"] < bar:
        wrong.append(f"{ratios['afresh']:.1f} times as fast, {bar} at least")
    stats = repaired["stats"]
    return [
        *(f"{size:,}", seed, " ".join(floors) or "none", f"{len(declined):,} of {len(pairs):,}"),
        *(f"{stats['kept']:,}", f"{stats['pairs']:,}", f"{stats['points']:,}", f"{whole:.4g}"),
        *(f"{took['setting up']:.4g}", f"{1000 * (whole - took['setting up']) / len(declined):.3f}"),
        *(f"{took['afresh']:.4g}", f"{ratios['afresh']:.1f}", bar or "", f"{ratios['afresh laid out']:.1f}"),
        *(f"{took['anew']:.4g}", f"{ratios['anew']:.1f}", f"{ratios['anew laid out']:.1f}", accepted.split(":")[0]),
    ], wrong


def _seconds(function, *arguments) -> tuple[float, object]:
    """Seconds of processor, and the result."""
    gc.collect()
    started = process_time()
    result = function(*arguments)
    return process_time() - started, result


def _timed(function, *arguments, **options) -> tuple[float, dict]:
    """Seconds of processor, the certificate included, and the answer."""
    return _seconds(lambda: function(*arguments, **options).answer())


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

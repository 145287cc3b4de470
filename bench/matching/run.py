"""The engine beside scipy: `python -m bench.matching.run [--sizes 200 2000] [--floor F:0.5] [--seeds 7 8]`.

See README.md. Exits with 1 when a bar is missed: seconds beside scipy's, memory, an answer that the verifier refuses,
a gap, or fewer pairs or points than scipy finds. Two floors may cross, which leaves a gap and takes its time: they have
no bar.
"""

import argparse
import json
import math
import sys
from pathlib import Path
from statistics import median

from bench.matching import files

SIZES = (200, 2000, 10_000, 100_000)
BARS = {200: 6, 2000: 6, 10_000: 5, 100_000: 2.2}
MOST_MEGABYTES = 1000
HEAD = [
    *("mentees", "seed", "floor", "held / asked, price", "pairs", "points", "verifier", "gap"),
    *("links s", "solve s", "its matrix s", "scipy s", "ratio", "bar", "whole run s", "MB"),
]


def main() -> int:
    """Print the table line by line, then what missed its bar."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--seeds", type=int, nargs="+", default=[files.SEED])
    parser.add_argument(
        "--floor", action="append", help="F:0.5 or F:12; again for a second one (F:0.53 when not given)"
    )
    parser.add_argument("--without-scipy", action="store_true", help="no ratio, no truth: to look at the engine alone")
    asked = parser.parse_args()
    print(files.table(HEAD), flush=True)
    missed = []
    for size in asked.sizes:
        for seed in asked.seeds:
            for line, wrong in _lines(size, seed, asked.floor or ["F:0.53"], asked.without_scipy):
                print("| " + " | ".join(map(str, line)) + " |", flush=True)
                missed += [f"{size:,} of seed {seed}, floor {line[2]}: {each}" for each in wrong]
    print(*(["", "missed:", *missed] if missed else ["", "every bar held"]), sep="\n")
    return bool(missed)


def _lines(size: int, seed: int, floors: list[str], without_scipy: bool):
    """Without a floor, then with those asked for; both solvers in turn."""
    plain = files.instance(size, seed)
    name = "+".join(floors)
    bound = files.variant(plain, f"floor-{name.replace(':', '-')}", constraints=[files.floor(each) for each in floors])
    rounds, repeats = _times(size)
    measures = {"": [], name: [], "scipy": []}
    for _round in range(rounds):
        measures[""].append(_measure("engine", plain, repeats))
        measures[name].append(_measure("engine", bound, repeats))
        if not without_scipy:
            measures["scipy"].append(_measure("scipy", plain, repeats))
    for floor, path in (("", plain), (name, bound)):
        yield _line(size, seed, floor, path, measures[floor], measures["scipy"])


def _times(size: int) -> tuple[int, int]:
    """Processes of each solver, and repeats in each."""
    return (3, 20) if size <= 500 else (3, 3) if size <= 5000 else (3, 1) if size <= 20_000 else (1, 1)


def _measure(solver: str, path: Path, repeats: int) -> dict:
    return json.loads(files.python("bench.matching.measure", solver, path, repeats).out)


def _line(size: int, seed: int, floor: str, path: Path, engine: list[dict], scipy: list[dict]) -> tuple[list, list]:
    """One line of the table, and the bars that it misses."""
    out = Path(files.WORKSHOP.name) / "answer.json"
    run = files.python("matching", path, out)
    verdict = files.python("matching.verifier", path, out, may_fail=True)
    answer = json.loads(out.read_text())
    stats, wrong = answer["stats"], []
    if any(measure["stats"] != stats for measure in engine):
        wrong.append("another run has other figures")
    if verdict.code:
        wrong.append(f"refused by the verifier: {verdict.out}")
    is_barred = len(answer["mins"]) <= 1
    if stats["gap"] and is_barred:
        wrong.append(f"a gap of {stats['gap']}")
    if run.megabytes >= MOST_MEGABYTES:
        wrong.append(f"{run.megabytes:.0f} MB")
    seconds, bar = _middle(engine, "seconds"), BARS.get(size, math.inf) if is_barred else math.inf
    beside = ["", "", ""]
    if scipy:
        theirs, truth = _middle(scipy, "seconds"), scipy[0]["stats"]
        beside = [f"{_middle(scipy, 'building'):.2g}", f"{theirs:.4g}", f"{seconds / theirs:.2f}"]
        if seconds > bar * theirs:
            wrong.append(f"{seconds / theirs:.2f} times scipy's seconds, {bar} at most")
        if stats["pairs"] != truth["pairs"] or (not floor and stats["points"] != truth["points"]):
            wrong.append(f"scipy finds {truth['pairs']} pairs and {truth['points']} points")
    line = [
        *(f"{size:,}", seed, floor or "none", _floors(answer), f"{stats['pairs']:,}", f"{stats['points']:,}"),
        *("refused" if verdict.code else "accepted", stats["gap"]),
        *(f"{_middle(engine, 'building'):.2g}", f"{seconds:.4g}", *beside),
        *("" if bar == math.inf else bar, f"{run.cpu:.4g}", f"{run.megabytes:.0f}"),
    ]
    return line, wrong


def _middle(measures: list[dict], name: str) -> float:
    return median(seconds for measure in measures for seconds in measure[name])


def _floors(answer: dict) -> str:
    """Each floor: how many are held, how many were asked for, what one more costs in points."""
    targets, prices = answer["stats"]["targets"], answer["certificate"].get("mu", {})
    return ", ".join(f"{held}/{targets[group]}, {prices.get(group, 0)}" for group, held in answer["mins"].items())


if __name__ == "__main__":
    sys.exit(main())

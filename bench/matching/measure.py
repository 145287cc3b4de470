"""One solver, one file, one process: `python -m bench.matching.measure engine|scipy FILE [REPEATS]`.

Prints JSON: the seconds of processor of each repeat, and what was found. Reading the file and writing the answer do not
count; laying the links out, as scipy's matrix, is counted apart.
"""

import json
import sys
from pathlib import Path
from time import process_time


def engine(path: Path, repeats: int) -> dict:
    """The engine: solving, then the answer with its certificate."""
    from matching.engine.links import Links
    from matching.engine.reading import read
    from matching.engine.solving import solve

    instance = read(path)
    building, solving, certifying = [], [], []
    for _repeat in range(repeats):
        instance.links = None  # let go of first: there is room for one
        laying_out = process_time()
        instance.links = Links(instance)
        started = process_time()
        building.append(started - laying_out)
        solution = solve(instance)
        solved = process_time()
        answer = solution.answer()
        solving.append(solved - started)
        certifying.append(process_time() - solved)
    totals = [sum(both) for both in zip(solving, certifying, strict=True)]
    return {
        **{"seconds": totals, "building": building, "solving": solving, "certifying": certifying},
        "stats": answer["stats"],
    }


def scipy(path: Path, repeats: int) -> dict:
    """scipy: the matrix, then the matching."""
    from bench.matching import oracle

    problem = oracle.read(path)
    building, solving = [], []
    for _repeat in range(repeats):
        started = process_time()
        costs = oracle.matrix(problem)
        built = process_time()
        found = oracle.solve(costs)
        solving.append(process_time() - built)
        building.append(built - started)
    return {"seconds": solving, "building": building, "stats": oracle.worth(problem, found)}


if __name__ == "__main__":
    _module, solver, file, *times = sys.argv
    print(json.dumps({"engine": engine, "scipy": scipy}[solver](Path(file), int(*times or [1]))))

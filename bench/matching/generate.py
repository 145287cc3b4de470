"""A programme as a file for the engine: `python -m bench.matching.generate 2000 1200 --seed 7 OUT.json`.

Prints what the file holds; up to 10,000 mentees, how many of them could have a mentor at best.
"""

import argparse
import json
from collections.abc import Iterable
from pathlib import Path
from time import perf_counter

import numpy

from bench.matching import oracle, pairs, programme

MATCHED_UP_TO = 10_000


def main() -> None:
    """Write one file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("mentees", type=int)
    parser.add_argument("mentors", type=int)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    print(write(asked.mentees, asked.mentors, asked.seed, asked.out))


def write(mentee_count: int, mentor_count: int, seed: int, out: Path) -> str:
    """Make the programme, write it, and tell what it holds."""
    started = perf_counter()
    mentees, mentors = programme.mentees(mentee_count, seed), programme.mentors(mentor_count, seed)
    tables = pairs.rows(mentees, mentors, seed)
    with out.open("w") as file:
        file.writelines(_text(mentees, mentors, tables, seed))
    return _figures(mentees, mentors, tables, perf_counter() - started)


def _text(mentees, mentors, tables: list[numpy.ndarray], seed: int) -> Iterable[str]:
    """The file, a line for each person and for the pairs of each mentee; what may vary comes last."""
    yield f'{{"seed": {seed},\n"mentees": [\n'
    yield ",\n".join(json.dumps({"id": f"e{n}", "groups": groups}) for n, groups in enumerate(mentees.groups))
    yield '],\n"mentors": [\n'
    capacities = enumerate(mentors.capacity.tolist())
    yield ",\n".join(json.dumps({"id": f"m{n}", "capacity": capacity}) for n, capacity in capacities)
    yield '],\n"scores": [\n'
    before = ""
    for mentee, table in enumerate(tables):
        if len(table):
            yield before + ",".join(f"[{mentee},{m},{score},{hers},{his}]" for m, score, hers, his in table.tolist())
            before = ",\n"
    yield '],\n"constraints": []}\n'


def _figures(mentees, mentors, tables: list[numpy.ndarray], seconds: float) -> str:
    sizes = numpy.array([len(table) for table in tables])
    people = len(sizes)
    scores = numpy.concatenate(tables)[:, 1]
    told = [
        f"{people:,} mentees × {len(mentors.capacity):,} mentors, {mentors.capacity.sum():,} seats",
        f"{sizes.sum():,} pairs; a mentee: {sizes.mean():.1f} (median {int(numpy.median(sizes))}, most {sizes.max()})",
        f"mentees with no pair: {(sizes == 0).sum():,} ({(sizes == 0).mean():.1%})",
        f"scores: {scores.min()} to {scores.max()}, mean {scores.mean():.0f}, {len(numpy.unique(scores))} values",
        "groups: "
        + ", ".join(f"{g} {sum(g in each for each in mentees.groups) / people:.0%}" for g in ("F", "PRIO", "QPV"))
        + f"; minors {mentees.is_minor.mean():.0%}, mentors cleared for them {mentors.for_minors.mean():.0%}",
    ]
    if people <= MATCHED_UP_TO:
        most = oracle.most_pairs(sizes, numpy.concatenate(tables)[:, 0], mentors.capacity)
        told.append(f"most pairs possible: {most:,} ({most / people:.1%})")
    return "\n".join([*told, f"made in {seconds:.1f} s"])


if __name__ == "__main__":
    main()

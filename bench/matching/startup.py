"""How long the engine takes to start: `python -m bench.matching.startup`, see README.md.

Twenty times in turn: bare Python, the engine asked for help, the engine on a programme of one. Exits with 1 when the
last takes 50 ms of a processor, or more.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from bench.matching import files

TIMES = 20
MOST_MS = 50
TINY = {
    "seed": 7,
    "mentees": [{"id": "e0", "groups": ["F"]}],
    "mentors": [{"id": "m0", "capacity": 1}],
    "scores": [[0, 0, 500, 300, 200]],
    "constraints": [{"group": "F", "min_share": 0.5}],
}


def main() -> int:
    """Print the middle of each."""
    with tempfile.TemporaryDirectory() as name:
        there, answer = Path(name) / "tiny.json", Path(name) / "answer.json"
        there.write_text(json.dumps(TINY))
        commands = {
            "python -c pass": ["-c", "pass"],
            "python -m matching --help": ["-m", "matching", "--help"],
            "python -m matching, one mentee": ["-m", "matching", str(there), str(answer)],
        }
        taken = {name: [] for name in commands}
        for _time in range(TIMES):
            for name, arguments in commands.items():
                taken[name].append(_milliseconds(arguments))
        if not answer.exists():
            raise SystemExit("the engine wrote no answer")
    rows = [[name, *(f"{median(column):.1f}" for column in zip(*each, strict=True))] for name, each in taken.items()]
    print(files.table(["", "ms of a processor", "ms by the clock"], *rows))
    return median(cpu for cpu, _clock in taken["python -m matching, one mentee"]) >= MOST_MS


def _milliseconds(arguments: list[str]) -> tuple[float, float]:
    started = perf_counter()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    child = subprocess.Popen([sys.executable, *arguments], cwd=files.BASE_DIR, **quiet)  # noqa: S603
    _pid, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return 1000 * (usage.ru_utime + usage.ru_stime), 1000 * (perf_counter() - started)


if __name__ == "__main__":
    sys.exit(main())

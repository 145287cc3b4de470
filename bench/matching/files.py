"""The files that the measures share, and what a child process takes. Small: a child's memory is never below ours."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parents[2]
INSTANCES = Path(tempfile.gettempdir()) / "instances"
WORKSHOP = tempfile.TemporaryDirectory(prefix="matching-")
"""For what one run alone needs; gone with it."""
SEED = 7
ENDING = b'"constraints": []}\n'
"""How `generate` ends every file."""


@dataclass
class Run:
    """How a child process ended, and what it took."""

    code: int
    out: str
    seconds: float
    cpu: float
    megabytes: float


def instance(mentees: int, seed: int) -> Path:
    """The programme of that size, six mentors for ten mentees; made when it is not there yet."""
    path = INSTANCES / (f"{mentees}.json" if seed == SEED else f"{mentees}-{seed}.json")
    if not path.exists():
        INSTANCES.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(f".{os.getpid()}")
        python("bench.matching.generate", mentees, mentees * 6 // 10, "--seed", seed, partial)
        partial.rename(path)
    return path


def variant(path: Path, name: str, **parts) -> Path:
    """The same programme with other constraints, previous pairs or declined ones."""
    there = Path(WORKSHOP.name) / f"{path.stem}-{name}.json"
    shutil.copyfile(path, there)
    with there.open("r+b") as file:
        start = file.seek(-len(ENDING), os.SEEK_END)
        if file.read() != ENDING:
            raise SystemExit(f"{path}: not a file of bench.matching.generate")
        file.seek(start)
        file.truncate()
        file.write(json.dumps({"constraints": [], **parts})[1:].encode() + b"\n")
    return there


def floor(text: str) -> dict:
    """`F:0.5` is at least half; `F:12` at least twelve."""
    group, number = text.split(":")
    return {"group": group, "min_share": float(number)} if "." in number else {"group": group, "min": int(number)}


def python(module: str, *arguments, may_fail: bool = False) -> Run:
    """Run a module in a process of its own. Its highest memory is the system's count for that process alone."""
    started = time.perf_counter()
    command = [sys.executable, "-m", module, *map(str, arguments)]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=BASE_DIR, text=True)  # noqa: S603
    out = child.stdout.read()
    _pid, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    child.stdout.close()
    seconds = time.perf_counter() - started
    if child.returncode and not may_fail:
        raise SystemExit(f"{' '.join(command)} ended with {child.returncode}")
    return Run(child.returncode, out.strip(), seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def table(*rows: list) -> str:
    """A table in Markdown; the first row is its head."""
    lines = ["| " + " | ".join(map(str, row)) + " |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]])

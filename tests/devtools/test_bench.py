"""Small runs of the benches: they work, and find nothing lost or late."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent

pytestmark = pytest.mark.long


def test_a_small_run_of_the_matching_ends_in_time():
    command = [sys.executable, "-m", "bench.matching_runs", "40x24"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert (result.returncode, result.stdout.count("40x24")) == (0, 2), result.stderr


def evening(*arguments: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "bench.deadline_evening", *arguments, "--people=20", "--seconds=3"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)


@pytest.mark.parametrize("arguments", [("send",), ("send", "--burst", "--threads=4"), ("write", "--threads=4")])
def test_nothing_is_lost_in_a_small_evening(arguments):
    result = evening(*arguments)
    last = result.stdout.splitlines()[-1]
    assert (result.returncode, last) == (0, "Nothing lost, nothing doubled, every answer a page."), result.stderr

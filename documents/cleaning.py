"""Making a file harmless: in a process of its own, that has nothing to steal and little to spend."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from documents.limits import WALL_SECONDS
from documents.reasons import Reason, Unavailable, Unusable

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Cleaned:
    """What came out: the file that may be kept and shown."""

    content_type: str
    pages: int
    size: int


class SandboxDown(Unavailable):
    """The sandbox did not even start: no memory, or a library is missing. Says nothing of the file."""


def clean(source: Path, target: Path) -> Cleaned:
    """Write at `target` a harmless copy of the file at `source`; for the worker, never within a request.

    Raises Unusable, and leaves nothing at `target`, when the file cannot be used: whatever happens to the process that
    opened it, a crash included. Raises SandboxDown when it could not be looked at.
    """
    try:
        verdict = _run(source, target)
        if "code" in verdict:
            raise Unusable(verdict["code"], verdict.get("detail", ""))
        return Cleaned(verdict["content_type"], verdict["pages"], target.stat().st_size)
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _run(source: Path, target: Path) -> dict:
    with (
        tempfile.TemporaryDirectory(prefix="mentorat-cleaning-") as scratch,
        source.open("rb") as given,
        target.open("wb") as result,
    ):
        child = subprocess.Popen(
            [sys.executable, "-s", "-P", "-m", "documents.sandbox"],
            cwd=scratch,
            env={"PYTHONPATH": str(ROOT)},
            stdin=given,
            stdout=result,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        try:
            said, _ = None, None
            _, said = child.communicate(timeout=WALL_SECONDS)
        except subprocess.TimeoutExpired:
            raise Unusable(Reason.TOO_SLOW) from None
        finally:
            _end(child)
    lines = said.decode("utf-8", "replace").splitlines()
    if "ready" not in lines:
        raise SandboxDown(lines[-1] if lines else f"exit {child.returncode}")
    try:
        return json.loads(lines[-1])
    except ValueError:
        slow = child.returncode == -signal.SIGXCPU
        raise Unusable(Reason.TOO_SLOW if slow else Reason.BROKEN, f"exit {child.returncode}") from None


def _end(child: subprocess.Popen) -> None:
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    child.wait()

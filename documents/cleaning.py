"""Making a file harmless: in a process of its own, that has nothing to steal and little to spend."""

import json
import logging
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from documents import scratch
from documents.kinds import JPEG, PDF, PNG
from documents.limits import MAX_RESULT, MAX_SAID, MAX_SIZE, WALL_SECONDS
from documents.reasons import Reason, Unavailable, Unusable

ROOT = Path(__file__).resolve().parent.parent
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Cleaned:
    """What came out: the file that may be kept and shown."""

    content_type: str
    pages: int
    size: int


class SandboxDown(Unavailable):
    """The sandbox did not even start, or had no room to write: no memory, no disk. Says nothing of the file."""


def clean(source: Path, target: Path) -> Cleaned:
    """Write at `target` a harmless copy of the file at `source`; for the worker, never within a request.

    Raises Unusable, and leaves nothing at `target`, when the file cannot be used: whatever happens to the process that
    opened it, a crash included. Raises SandboxDown when it could not be looked at, and must be tried again later.
    """
    if source.stat().st_size > MAX_SIZE:
        raise Unusable(Reason.TOO_LARGE)
    try:
        _require_room(target)
        said, code = _run(source, target)
        return _understood(said, code, target)
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _require_room(target: Path) -> None:
    """A result cut short by a full disk would be told as a broken file, when it only waits. Raises SandboxDown."""
    free = shutil.disk_usage(target.parent).free
    if free < MAX_RESULT:
        raise SandboxDown(f"only {free} bytes left in {target.parent}")


# --- The process ------------------------------------------------------------------------------


def _run(source: Path, target: Path) -> tuple[list[str], int]:
    """What the sandbox said, line by line, and how it ended. It lives at most WALL_SECONDS, and nothing survives it."""
    with (
        scratch.folder(purpose="sandbox") as empty,
        source.open("rb") as given,
        target.open("wb") as result,
    ):
        child = subprocess.Popen(
            [sys.executable, "-s", "-P", "-m", "documents.sandbox"],
            cwd=empty,
            env={"PYTHONPATH": str(ROOT)},  # no secret, no proxy, no address
            stdin=given,
            stdout=result,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        with child.stderr:
            try:
                said = _listen(child.stderr.fileno(), time.monotonic() + WALL_SECONDS)
            finally:
                _end(child)
    return said.decode("utf-8", "replace").splitlines(), child.returncode


def _listen(pipe: int, deadline: float) -> bytes:
    """All that is said until the pipe closes, and never more than MAX_SAID: the speaker may be out of its mind."""
    said, ready = b"", select.poll()
    ready.register(pipe, select.POLLIN)
    while len(said) < MAX_SAID:
        left = deadline - time.monotonic()
        if left <= 0 or not ready.poll(left * 1000):
            raise Unusable(Reason.TOO_SLOW, f"{WALL_SECONDS} seconds")
        piece = os.read(pipe, MAX_SAID)
        if not piece:
            break
        said += piece
    return said


def _end(child: subprocess.Popen) -> None:
    """Kill the whole group. Until `wait` its number is nobody else's, even when it has ended by itself."""
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass
    child.wait()


# --- The verdict ------------------------------------------------------------------------------


def _understood(said: list[str], code: int, target: Path) -> Cleaned:
    """What came of it. Nothing is taken on trust from a process that a stranger's bytes may have taken over."""
    if "ready" not in said:
        last_words = f"exit {code}: {said[-1] if said else 'nothing said'}"
        logger.error("the sandbox did not start, %s", last_words)
        raise SandboxDown(last_words)
    try:
        verdict = json.loads(said[-1])
        if "code" in verdict:
            raise Unusable(verdict["code"], str(verdict.get("detail", "")))
        content_type, pages, size = verdict["content_type"], int(verdict["pages"]), target.stat().st_size
        if content_type in (PDF, JPEG, PNG) and size:
            return Cleaned(content_type, pages, size)
    except (ValueError, TypeError, KeyError):
        pass
    _require_room(target)
    logger.warning("the sandbox ended with %s and no verdict", code)
    raise Unusable(_reason_of(code), f"exit {code}")


def _reason_of(code: int) -> Reason:
    """Why a process died without a word."""
    if code in (-signal.SIGXCPU, -signal.SIGKILL):  # the soft and the hard limit of processor time
        return Reason.TOO_SLOW
    if code == -signal.SIGABRT:  # what C++ does without memory
        return Reason.BOMB
    return Reason.BROKEN

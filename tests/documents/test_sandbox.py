"""The process that opens a stranger's file has nothing to steal, little to spend, and never outlives its task."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from documents import cleaning
from documents.limits import MAX_RESULT, MB, MEMORY
from documents.reasons import Reason, Unavailable, Unusable
from tests.documents.making import gradient, pdf, picture, saved

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def given(tmp_path, data: bytes) -> tuple[Path, Path]:
    source = tmp_path / "source"
    source.write_bytes(data)
    return source, tmp_path / "target"


@contextlib.contextmanager
def waiting_sandbox(tmp_path):
    """A sandbox that waits for its file, in a thread of ours: (its pid, where to write the file, what came of it)."""
    source, target, outcome = tmp_path / "pipe", tmp_path / "target", []
    os.mkfifo(source)

    def clean():
        try:
            outcome.append(cleaning.clean(source, target))
        except Exception as error:
            outcome.append(error)

    thread = threading.Thread(target=clean)
    thread.start()
    with source.open("wb") as pipe:
        yield wait_for(child_at_work), pipe, outcome
    thread.join(20)
    assert not thread.is_alive()


def wait_for(ask, seconds: float = 10):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if answer := ask():
            return answer
        time.sleep(0.02)
    raise AssertionError(f"{ask.__name__} never came true")


def child_at_work() -> int | None:
    """Our sandbox, once it has tied itself down."""
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            is_ours = f"\nPPid:\t{os.getpid()}\n" in (process / "status").read_text()
            if is_ours and b"documents.sandbox" in (process / "cmdline").read_bytes():
                return int(process.name) if str(MEMORY) in (process / "limits").read_text() else None
    return None


@linux_only
def test_it_inherits_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "a secret of the worker's")
    with (tmp_path / "ours").open("w") as ours, waiting_sandbox(tmp_path) as (pid, pipe, outcome):
        os.set_inheritable(ours.fileno(), True)
        process = Path(f"/proc/{pid}")
        assert (process / "environ").read_bytes() == f"PYTHONPATH={cleaning.ROOT}\0".encode()
        opened = {int(fd.name): os.readlink(fd) for fd in (process / "fd").iterdir()}
        assert {number for number in opened if number < 3} == {0, 1, 2}
        assert str(tmp_path / "ours") not in opened.values()
        assert not any(target.startswith("socket:") for target in opened.values())
        assert list(Path(os.readlink(process / "cwd")).iterdir()) == []
        assert os.getsid(pid) == pid
        pipe.write(saved(pdf()))
    assert outcome[0].pages == 1


@linux_only
def test_it_has_limits(tmp_path):
    with waiting_sandbox(tmp_path) as (pid, pipe, _):
        lines = Path(f"/proc/{pid}/limits").read_text().splitlines()
        limits = {line[:26].strip(): line[26:].split()[:2] for line in lines}
        assert limits["Max address space"] == [str(MEMORY)] * 2
        assert limits["Max cpu time"] == ["20", "22"]
        assert limits["Max file size"] == [str(MAX_RESULT)] * 2
        assert limits["Max core file size"] == ["0", "0"]
        assert limits["Max processes"] == ["0", "0"]
        assert limits["Max open files"] == ["16", "16"]
        pipe.write(picture())


@linux_only
def test_it_is_killed_when_it_takes_too_long(tmp_path, monkeypatch):
    monkeypatch.setattr(cleaning, "WALL_SECONDS", 1)
    with waiting_sandbox(tmp_path) as (pid, _, outcome):
        wait_for(lambda: outcome)
    assert isinstance(outcome[0], Unusable)
    assert outcome[0].reason == Reason.TOO_SLOW
    assert not Path(f"/proc/{pid}").exists()
    assert not (tmp_path / "target").exists()


@linux_only
@pytest.mark.parametrize(
    ("ending", "reason"),
    [
        (signal.SIGSEGV, Reason.BROKEN),
        (signal.SIGABRT, Reason.BOMB),
        (signal.SIGXCPU, Reason.TOO_SLOW),
        (signal.SIGKILL, Reason.TOO_SLOW),
    ],
)
def test_a_crash_is_a_reason(tmp_path, ending, reason):
    """Behind the walls, that is: the sandbox is killed while it works on a file that keeps it busy."""
    source, target = given(tmp_path, picture(gradient((3000, 3000)), "PNG"))
    killed = threading.Thread(target=lambda: os.kill(wait_for(behind_walls), ending))
    killed.start()
    with pytest.raises(Unusable) as raised:
        cleaning.clean(source, target)
    killed.join()
    assert raised.value.reason == reason
    assert not target.exists()


def behind_walls() -> int | None:
    pid = child_at_work()
    if pid:
        with contextlib.suppress(OSError):
            status = Path(f"/proc/{pid}/status").read_text()
            if "\nSeccomp:\t2\n" in status:
                time.sleep(0.15)  # past the rehearsal
                return pid
    return None


def test_a_sandbox_that_does_not_start_says_nothing_of_the_file(tmp_path, monkeypatch):
    source, target = given(tmp_path, saved(pdf()))
    assert cleaning.clean(source, target).pages == 1
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(cleaning.SandboxDown) as raised:
        cleaning.clean(source, target)
    assert isinstance(raised.value, Unavailable)
    assert not isinstance(raised.value, Unusable)
    assert not target.exists()


def test_a_library_that_is_missing_says_nothing_of_the_file(tmp_path, monkeypatch):
    source, target = given(tmp_path, saved(pdf()))
    monkeypatch.setattr(cleaning, "ROOT", tmp_path)
    with pytest.raises(cleaning.SandboxDown, match="No module named"):
        cleaning.clean(source, target)


def test_nothing_is_left_behind(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    source, target = given(tmp_path, saved(pdf()))
    cleaned = cleaning.clean(source, target)
    assert cleaned == cleaning.Cleaned("application/pdf", 1, target.stat().st_size)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["source", "target"]


def test_a_file_that_grew_after_the_first_look(tmp_path):
    source, target = given(tmp_path, saved(pdf()).ljust(10 * MB + 1))
    with pytest.raises(Unusable) as raised:
        cleaning.clean(source, target)
    assert raised.value.reason == Reason.TOO_LARGE


# --- The wall ---------------------------------------------------------------------------------

ATTEMPTS = {
    "nothing": "pass",
    "memory": "bytearray(50_000_000)",
    "open": "open('/etc/passwd')",
    "write": "open('/tmp/x', 'w')",
    "list": "os.listdir('/')",
    "delete": "os.unlink('/tmp/nothing')",
    "internet": "socket.socket(socket.AF_INET)",
    "local socket": "socket.socket(socket.AF_UNIX)",
    "fork": "os.fork()",
    "program": "os.execv('/bin/true', ['true'])",
    "signal": "os.kill(os.getppid(), 0)",
    "more memory": "resource.setrlimit(resource.RLIMIT_AS, (-1, -1))",
}


@linux_only
@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_behind_the_wall(attempt):
    """The same line before the wall and behind it: what works before, fails behind; reckoning works on both sides."""
    code = (
        "import ctypes, os, resource, socket, sys\n"
        "from documents import walls\n"
        "if sys.argv[1] == 'walls': assert walls.raise_()\n"
        f"try: {ATTEMPTS[attempt]}\n"
        "except (PermissionError, ValueError): sys.exit(13)\n"
        "except FileNotFoundError: pass\n"
        "os._exit(0)"
    )
    ended = [
        subprocess.run([sys.executable, "-c", code, side], cwd=cleaning.ROOT, stderr=subprocess.DEVNULL).returncode
        for side in ("open", "walls")
    ]
    assert ended == ([0, 0] if attempt in ("nothing", "memory") else [0, 13])

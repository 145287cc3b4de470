"""Processes that are started together, watched together, and never outlive whoever started them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

TETHER = Path(__file__).with_name("tether.py")


class Failure(Exception):
    """Something a person at the terminal can act on, told in one line."""


@dataclass
class Child:
    """One process: what it is called, where it writes, and the signal that asks it to end in order."""

    name: str
    process: subprocess.Popen
    log: Path
    stop_signal: int

    def last_words(self) -> str:
        """The line of its log that says most about why it ended."""
        lines = [line.strip() for line in self.log.read_text(errors="replace").splitlines()[-40:] if line.strip()]
        telling = [line for line in lines if "FATAL" in line or "rror" in line]
        return (telling or lines or ["nothing was written"])[-1][-300:]


@dataclass
class Children:
    """The processes of one folder. `lock` is a file descriptor each of them keeps open for as long as it lives."""

    logs: Path
    lock: int
    running: list[Child] = field(default_factory=list)

    def spawn(
        self, name: str, command: list, *, stop_signal: int = signal.SIGTERM, uid: int | None = None, **popen
    ) -> Child:
        """Start a process in its own session, so that a Ctrl-C reaches us alone and we choose the order of the ends.

        `uid` is whose process it becomes, ours by default.
        """
        log = self.logs / f"{name}.log"
        owner = os.getuid() if uid is None else uid
        tether = [sys.executable, "-I", "-S", TETHER, int(stop_signal), os.getpid(), owner]
        with log.open("ab") as output:
            process = subprocess.Popen(
                [str(part) for part in [*tether, *command]],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                pass_fds=[self.lock],
                **popen,
            )
        child = Child(name, process, log, stop_signal)
        self.running.append(child)
        return child

    def run(self, name: str, command: list, **spawn) -> None:
        """Run a process to its end; raises Failure when it ends badly."""
        self.finish(self.spawn(name, command, **spawn))

    def finish(self, child: Child) -> None:
        """Wait for the end of a process that has one; raises Failure when it ends badly."""
        code = child.process.wait()
        self.running.remove(child)
        if code:
            raise Failure(f"{child.name} failed: {child.last_words()} (see {child.log})")

    def wait_for(self, child: Child, is_ready: Callable[[], bool], seconds: float = 30) -> None:
        """Wait until `child` is ready; raises Failure when any of them ends first, or when it takes too long."""
        end = time.monotonic() + seconds
        while not is_ready():
            self.check()
            if time.monotonic() > end:
                raise Failure(f"{child.name} was not ready after {seconds:.0f} s (see {child.log})")
            time.sleep(0.02)

    def check(self) -> None:
        """Raise Failure when one of them has ended by itself, and say which and where its log is."""
        for child in self.running:
            if (code := child.process.poll()) is not None:
                raise Failure(f"{child.name} ended by itself (code {code}): {child.last_words()} (see {child.log})")

    def stop(self, patience: float = 15) -> None:
        """End them all, the last started first; one that does not listen is killed with all it started."""
        while self.running:
            child = self.running.pop()
            if child.process.poll() is None:
                child.process.send_signal(child.stop_signal)
            try:
                child.process.wait(patience)
            except subprocess.TimeoutExpired:
                os.killpg(child.process.pid, signal.SIGKILL)
                child.process.wait()

"""The folder where a demo, or a run of the tests, keeps all that it writes. One launcher at a time holds it."""

import fcntl
import hashlib
import os
import re
import shutil
import tempfile
import time
from pathlib import Path

from devtools.children import Failure

LONGEST_SOCKET_FOLDER = 80
"""A socket's path may have 107 bytes at most, the file's own name included."""


class DataFolder:
    """A folder, its lock and its sockets.

    The lock is inherited by every process started here, so it is held until the last of them has ended: whoever
    gets it knows that nothing runs on these data any more, even after a kill -9 of the launcher.
    """

    def __init__(self, root: Path):
        self.root = root.absolute()
        self.lock_file = self.root / "lock"
        self._lock = None

    def take(self, address: str = "", patience: float = 20) -> int:
        """Lock the folder, made if need be, and return the lock's descriptor. Raises Failure when it is taken.

        `address` is what a second start tells the person to open instead.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        self._lock = self.lock_file.open("a+")
        try:
            self._wait_for_lock(patience)
        except BaseException:
            self._lock.close()
            self._lock = None
            raise
        self._lock.truncate(0)
        self._lock.write(f"{os.getpid()} {address}")
        self._lock.flush()
        return self._lock.fileno()

    def _wait_for_lock(self, patience: float) -> None:
        """Wait only for the servers of a launcher that was killed: they are ending."""
        end = time.monotonic() + patience
        while not self._try_lock():
            pid, running_at = self._holder()
            if _is_alive(pid):
                where = f" at {running_at}" if running_at else ""
                raise Failure(f"already running{where} (process {pid}); stop it there with Ctrl-C, or with: kill {pid}")
            if time.monotonic() > end:
                raise Failure(f"a launcher was killed, and what it started still runs on {self.root}; end it first")
            time.sleep(0.1)

    def _try_lock(self) -> bool:
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _holder(self) -> tuple[int, str]:
        self._lock.seek(0)
        pid, _, address = self._lock.read().partition(" ")
        return int(pid) if pid.isdigit() else 0, address

    @property
    def sockets(self) -> Path:
        """Where the servers listen: inside, or in a short private folder when this one's path is long or unusual."""
        inside = self.root / "sockets"
        path = os.fspath(inside)
        if len(path) <= LONGEST_SOCKET_FOLDER and re.fullmatch(r"[A-Za-z0-9_./-]+", path):
            return inside
        digest = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"mentorat-{os.getuid()}-{digest}"

    def make_sockets(self) -> Path:
        """Make the private folder of the sockets. Raises Failure when somebody else sits in its place."""
        self.sockets.mkdir(mode=0o700, exist_ok=True)
        if self.sockets.is_symlink() or self.sockets.stat().st_uid not in (os.getuid(), nobody_uid()):
            raise Failure(f"{self.sockets} belongs to somebody else; remove it, or set TMPDIR")
        self.sockets.chmod(0o700)
        return self.sockets

    def release(self) -> None:
        """Let go of the lock; the sockets' folder goes with it."""
        shutil.rmtree(self.sockets, ignore_errors=True)
        if self._lock:
            self._lock.close()
            self._lock = None

    def delete(self) -> None:
        """Remove everything, the lock last so that nobody starts in between."""
        for entry in self.root.iterdir():
            if entry != self.lock_file:
                shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()
        self.release()
        shutil.rmtree(self.root)


def nobody_uid() -> int:
    """The uid under which root runs PostgreSQL where user namespaces are off."""
    import pwd

    try:
        return pwd.getpwnam("nobody").pw_uid
    except KeyError:
        return -1


def _is_alive(pid: int) -> bool:
    if not pid:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True

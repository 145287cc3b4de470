"""Run a command that ends when its parent ends, however the parent ends: `tether.py SIGNAL PARENT COMMAND…`.

Linux sends the signal by itself, also after a kill -9 of the parent. Elsewhere the command simply runs.
This is a program of its own because it must act between fork and exec without touching a threaded parent.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(death_signal: int, parent: int, command: list[str]) -> None:
    """Become the command; nothing is started when the parent is gone already."""
    for inherited in (signal.SIGPIPE, signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(inherited, signal.SIG_DFL)
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, death_signal)
    if os.getppid() != parent:
        sys.exit(1)
    os.execvp(command[0], command)  # noqa: S606 - that is the whole point


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])

"""Run a command that ends when its parent ends, however the parent ends: `tether.py SIGNAL PARENT UID COMMAND…`.

Linux sends the signal by itself, also after a kill -9 of the parent. Elsewhere the command simply runs.
A UID other than our own is taken first, with its group: the kernel forgets the signal on such a change.
This is a program of its own because it must act between fork and exec without touching a threaded parent.
"""

import ctypes
import os
import pwd
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(death_signal: int, parent: int, uid: int, command: list[str]) -> None:
    """Become the command; nothing is started when the parent is gone already."""
    if uid != os.getuid():
        os.setgroups([])
        os.setgid(pwd.getpwuid(uid).pw_gid)
        os.setuid(uid)
    for inherited in (signal.SIGPIPE, signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(inherited, signal.SIG_DFL)
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, death_signal)
    if os.getppid() != parent:
        sys.exit(1)
    os.execvp(command[0], command)  # noqa: S606 - that is the whole point


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]), sys.argv[4:])

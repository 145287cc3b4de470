"""The last wall around the sandbox: behind it the process can reckon, read what it was given and write its answer.

Nothing else: no file is opened, no address reached, no process started, no signal sent. So whoever knows a flaw in a
library that reads pictures has gained nothing yet. It is a filter of the kernel's on system calls (seccomp), for Linux
on x86-64 and ARM64; elsewhere the limits alone stand. A call that is not allowed fails, it does not kill: libraries
try.
"""

import ctypes
import errno
import platform
import struct
import sys

_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x80000000
# One instruction of the filter: code, jump when true, jump when false, value (linux/filter.h).
_LOAD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_AT_NUMBER, _AT_ARCHITECTURE = 0, 4

# The machine, as the kernel calls it, and its numbers of the calls that are allowed.
_MACHINES = {
    "x86_64": (
        0xC000003E,
        {
            **{"read": 0, "write": 1, "close": 3, "fstat": 5, "lseek": 8, "mmap": 9, "mprotect": 10, "munmap": 11},
            **{"brk": 12, "rt_sigaction": 13, "rt_sigprocmask": 14, "rt_sigreturn": 15, "pread64": 17, "mremap": 25},
            **{"sched_yield": 24, "madvise": 28, "getpid": 39, "exit": 60, "gettimeofday": 96, "sigaltstack": 131},
            **{"gettid": 186, "futex": 202, "clock_gettime": 228, "exit_group": 231, "tgkill": 234, "getrandom": 318},
            **{"rseq": 334, "restart_syscall": 219},
        },
    ),
    "aarch64": (
        0xC00000B7,
        {
            **{"read": 63, "write": 64, "close": 57, "fstat": 80, "lseek": 62, "mmap": 222, "mprotect": 226},
            **{"munmap": 215, "brk": 214, "rt_sigaction": 134, "rt_sigprocmask": 135, "rt_sigreturn": 139},
            **{"pread64": 67, "mremap": 216, "sched_yield": 124, "madvise": 233, "getpid": 172, "exit": 93},
            **{"gettimeofday": 169, "sigaltstack": 132, "gettid": 178, "futex": 98, "clock_gettime": 113},
            **{"exit_group": 94, "tgkill": 131, "getrandom": 278, "rseq": 293, "restart_syscall": 128},
        },
    ),
}


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p)]


def raise_() -> bool:
    """Put the wall up, for good; False where there is none for this machine. Raises OSError when the kernel refuses."""
    machine = _MACHINES.get(platform.machine())
    if sys.platform != "linux" or machine is None:
        return False
    instructions = ctypes.create_string_buffer(_filter(machine[0], sorted(machine[1].values())))
    program = _Program((len(instructions) - 1) // 8, ctypes.addressof(instructions))
    kernel = ctypes.CDLL(None, use_errno=True)
    for what in ((_NO_NEW_PRIVILEGES, 1, 0, 0, 0), (_SECCOMP, _FILTER, ctypes.byref(program), 0, 0)):
        if kernel.prctl(*what):
            raise OSError(ctypes.get_errno(), "the kernel has no such wall")
    return True


def _filter(architecture: int, allowed: list[int]) -> bytes:
    """Another architecture's numbers end the process; a call that is not allowed fails."""
    steps = [(_LOAD, 0, 0, _AT_ARCHITECTURE), (_JUMP_IF_EQUAL, 1, 0, architecture), (_RETURN, 0, 0, _KILL)]
    steps.append((_LOAD, 0, 0, _AT_NUMBER))
    for place, number in enumerate(allowed):
        steps.append((_JUMP_IF_EQUAL, len(allowed) - place, 0, number))
    steps += [(_RETURN, 0, 0, _REFUSE), (_RETURN, 0, 0, _ALLOW)]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)

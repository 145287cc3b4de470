"""`python -m documents.sandbox`: the process that opens a stranger's file.

The file comes on the standard input, its harmless copy goes to the standard output. On the standard error: « ready »
once nothing but the file can go wrong, then one line of JSON, the verdict. Started by `cleaning` and by nothing else.
"""

import json
import logging
import resource
import sys

from documents.limits import CPU_SECONDS, MAX_RESULT, MAX_SIZE, MEMORY, OPEN_FILES


def main() -> None:
    """Read, work, write, say."""
    _tie_down()
    logging.disable()  # what the libraries have to say of a stranger's file is a stranger's words
    from documents import inside, walls

    data = sys.stdin.buffer.read(MAX_SIZE + 1)
    samples = inside.samples_for(data)
    _rehearse(samples)  # what a library loads later would have to be opened
    walls.raise_()
    _rehearse(samples)  # if the wall is in its way, that is not the file's fault
    _say("ready")
    try:
        verdict, result = inside.work(data)
        sys.stdout.buffer.write(result)
        sys.stdout.buffer.flush()
    except inside.Refused as refused:
        verdict = {"code": refused.code, "detail": refused.detail[:200]}
    _say(json.dumps(verdict))


def _tie_down() -> None:
    """Before a library is loaded, and for good: what this process may spend, and that it starts no other."""
    for name, soft, hard in (
        ("RLIMIT_AS", MEMORY, MEMORY),
        ("RLIMIT_CPU", CPU_SECONDS, CPU_SECONDS + 2),
        ("RLIMIT_FSIZE", MAX_RESULT, MAX_RESULT),
        ("RLIMIT_CORE", 0, 0),
        ("RLIMIT_NPROC", 0, 0),
        ("RLIMIT_NOFILE", OPEN_FILES, OPEN_FILES),
    ):
        try:
            resource.setrlimit(getattr(resource, name), (soft, hard))
        except (AttributeError, ValueError, OSError):
            if sys.platform == "linux":
                raise


def _rehearse(samples: list[bytes]) -> None:
    from documents import inside

    for sample in samples:
        inside.work(sample)


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    main()

"""Where a worker copies a file while it looks at it: a folder of its own, that goes when it is done, or at night."""

import shutil
import tempfile
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path

_PREFIX = "mentorat-document-"


def folder(*, purpose: str = "raw") -> AbstractContextManager[str]:
    """A folder that nobody else may read, deleted at the end, whatever happens but the death of this process."""
    return tempfile.TemporaryDirectory(prefix=f"{_PREFIX}{purpose}-")


def forget_older(than: datetime) -> int:
    """Delete what killed workers left on this machine: a stranger's file may lie in it. Returns how many folders."""
    count = 0
    for left in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        try:
            is_old = left.stat().st_mtime < than.timestamp()
        except FileNotFoundError:  # its worker was alive, and has finished
            continue
        if is_old:
            shutil.rmtree(left, ignore_errors=True)
            count += 1
    return count

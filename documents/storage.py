"""Where files are kept: a storage of their own (`STORAGES["documents"]`), outside the web root, under names nobody can
guess and that say nothing. No address leads to it: `serving` is the only way out.
"""

import contextlib
import logging
import secrets
import shutil
from pathlib import Path

from django.core.files.storage import storages

from documents.reasons import NotKept

logger = logging.getLogger(__name__)


def keep(file) -> str:
    """Keep a file (a Django File, or a Path), and return the name it is kept under.

    Raises NotKept, and leaves no half of it, when the storage takes no more.
    """
    if isinstance(file, Path):
        from django.core.files import File

        with file.open("rb") as opened:
            return keep(File(opened))
    token = secrets.token_hex(32)
    name = f"{token[:2]}/{token[2:]}"
    file.seek(0)
    try:
        return _storage().save(name, file)
    except OSError as error:
        logger.error("the storage of documents takes no more: %s", error)
        with contextlib.suppress(OSError):
            _storage().delete(name)
        raise NotKept(str(error)) from error


def open_(name: str):
    """The file kept under this name, opened for reading; raises FileNotFoundError. For the worker, and `serving`."""
    return _storage().open(name, "rb")


def fetch(name: str, target: Path) -> None:
    """Copy what is kept under this name to a path of this machine, wherever the storage is."""
    with open_(name) as source, target.open("wb") as copy:
        shutil.copyfileobj(source, copy)


def is_kept(name: str) -> bool:
    """Whether there is something under this name."""
    return _storage().exists(name)


def forget(name: str) -> None:
    """Delete what is kept under this name; nothing happens when it is gone already."""
    if name:
        _storage().delete(name)


def _storage():
    return storages["documents"]

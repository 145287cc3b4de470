"""What strangers send: each item is made in code, has a name, and says what must come of it.

The items themselves are in the `corpus_*` modules: files that only pretend, pictures, PDFs that carry, PDFs that weigh.
"""

import importlib
from collections.abc import Callable
from dataclasses import dataclass

from documents.reasons import Reason

MARKER = b"PAYLOAD-OF-A-STRANGER"
"""Stands in everything that must not come through."""

MODULES = ("pretending", "pictures", "acting", "weighing", "broken")


@dataclass(frozen=True)
class Item:
    """One upload. `refused` says why it cannot be used; None: it comes out harmless."""

    name: str
    filename: str
    build: Callable[[], bytes]
    refused: Reason | None = None
    at_the_door: bool = False
    """Refused by the first look already, in the request."""
    in_the_sandbox: bool = False
    """Too dangerous, or too telling, to be opened anywhere else."""
    takes_long: bool = False


ITEMS: list[Item] = []


def bad(filename: str, refused: Reason | None = None, **how):
    """Enter what this function builds into the corpus, under its name."""

    def enter(build):
        ITEMS.append(Item(build.__name__, filename, build, refused, **how))
        return build

    return enter


def load() -> list[Item]:
    """All of them."""
    for module in MODULES:
        importlib.import_module(f"tests.documents.corpus_{module}")
    return ITEMS

"""What the rules of masking are made of."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from accounts.folding import Folded


class Kind(IntEnum):
    """What is masked. Where two overlap, the first kind is what is told."""

    ADDRESS = 1
    LINK = 2
    NUMBER = 3
    DATE = 4
    SCHOOL = 5
    NAME = 6


CHECKS: dict[str, Callable[[str], bool]] = {
    "cap": lambda written: written[:1].isupper(),
    "upper": str.isupper,
    "accent": lambda written: not unicodedata.normalize("NFC", written).isascii(),
    "camel": lambda written: re.search(r"[^\W\d_](?<=[^\WA-Z])[A-ZÀ-Þ]", written) is not None,
}
"""What the signs of a group of that name must look like in the text as it was written."""

START, END = r"(?<![^\W\d_])", r"(?![^\W\d_])"
"""The edges of a word: no letter beside it. A figure or a `_` is an edge: « zelie2005 »."""


@dataclass(frozen=True)
class Rule:
    """What to look for in a folded text. A group `v` says which part of it is masked; those of `CHECKS` (`cap`, `cap2`)
    narrow.
    """

    kind: Kind
    pattern: re.Pattern

    def spans(self, folded: Folded) -> Iterator[tuple[int, int]]:
        """Where in the text, as it was written, it is found."""
        named = self.pattern.groupindex
        checked = [(name, CHECKS[name.rstrip("2")]) for name in named if name != "v"]
        for match in self.pattern.finditer(folded.plain):
            if match.end() > match.start() and all(check(_written(folded, match, name)) for name, check in checked):
                yield folded.written(*match.span("v" if "v" in named else 0))


def _written(folded: Folded, match: re.Match, name: str) -> str:
    first, last = folded.written(*match.span(name))
    return folded.text[first:last]


def rule(kind: Kind, pattern: str) -> Rule:
    return Rule(kind, re.compile(pattern))


def either(words) -> str:
    """One of these words, the longest first. Never empty."""
    return "(?:" + "|".join(re.escape(word) for word in sorted(set(words), key=lambda w: (-len(w), w))) + ")"


def one_of(words: str) -> str:
    """One of the words of this line."""
    return either(words.split())

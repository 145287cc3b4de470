"""Texts made comparable, and the way back from what was compared to what was written."""

import unicodedata
from dataclasses import dataclass

_UNMARKED = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ł": "l", "ı": "i"}
    | dict.fromkeys("’‘‛ʼʹ`´′＇", "'")
    | dict.fromkeys("\u2212\u00ad", "-")
)
"""What no decomposition makes plain."""
INVISIBLE = ("Mn", "Cf")
"""Categories of what is written over or between letters: accents apart, joiners, marks of direction."""


@dataclass(frozen=True)
class Folded:
    """`plain`: without case, accents, invisible signs; hyphens, apostrophes and spaces of one kind; lines stay lines.

    The sign at `plain[i]` comes from the one at `origin[i]` of the text.
    """

    text: str
    plain: str
    origin: list[int]

    def written(self, start: int, end: int) -> tuple[int, int]:
        """Where in the text these plain signs stand, with the accents that follow the last one."""
        first, last = self.origin[start], self.origin[end - 1] + 1
        while last < len(self.text) and unicodedata.category(self.text[last]) in INVISIBLE:
            last += 1
        return first, last


def fold(text: str) -> Folded:
    """Make a text comparable, sign by sign."""
    plain, origin = [], []
    for place, sign in enumerate(text):
        for one in _folded(sign):
            plain.append(one)
            origin.append(place)
    return Folded(text, "".join(plain), origin)


def plain(text: str) -> str:
    """The folded text alone."""
    return fold(text).plain


def _folded(sign: str) -> str:
    if sign == "\u00ad":  # a soft hyphen shows nowhere but at the end of a line
        return ""
    if sign in "\n\r\u2028\u2029":
        return "\n"
    return "".join(_one(part) for part in unicodedata.normalize("NFKD", sign.lower().translate(_UNMARKED)).casefold())


def _one(part: str) -> str:
    category = unicodedata.category(part)
    if category in INVISIBLE:
        return ""
    if category == "Pd":
        return "-"
    return " " if part.isspace() else part

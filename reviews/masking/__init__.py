"""Masking, in a text, whatever says who wrote it: names, schools, addresses, links, numbers, dates.

Plain Python, no database. Each of them is replaced by words that say what stood there, so that a reader sees that
something was masked, and where. What it goes by:

- letters are compared folded: no case, no accents, one kind of hyphen, apostrophe and space, no invisible signs;
- only whole words: « roseraie » and « marinière » stay when somebody is called Rose Marin;
- words that are names and ordinary words too are masked where they are written as a name (see `words`);
- addresses, links, @names and French phone numbers are masked whoever's they are.

    masked("Moi, Zélie Kervadec, du lycée Roland-Garros", Identity(names=(("Zélie", "Kervadec"),), …))
    → « Moi, [nom masqué], du [établissement masqué] »
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from accounts.folding import fold
from reviews.masking.names import name_rules
from reviews.masking.rules import Kind, Rule
from reviews.masking.schools import school_rules
from reviews.masking.signs import sign_rules

MARKERS = {
    Kind.NAME: "[nom masqué]",
    Kind.SCHOOL: "[établissement masqué]",
    Kind.ADDRESS: "[adresse masquée]",
    Kind.LINK: "[lien masqué]",
    Kind.NUMBER: "[numéro masqué]",
    Kind.DATE: "[date masquée]",
}
"""What stands in the place of what was masked."""

_BETWEEN_TWO = re.compile(r"[\s\-–‐‑'’.,]{0,3}")
"""What may stand between two masked parts of one name: they become one."""


@dataclass(frozen=True)
class Identity:
    """What says who somebody is. `names` are (first, last); with an empty first name, one box held both."""

    names: tuple[tuple[str, str], ...] = ()
    schools: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    postcodes: tuple[str, ...] = ()
    born: date | None = None


def masked(text: str, identity: Identity) -> str:
    """The text with whatever tells `identity` replaced; the very same text when nothing does."""
    folded = fold(text)
    found = sorted((*span, one.kind) for one in _rules(identity) for span in one.spans(folded))
    said, here = [], 0
    for start, end, kind in _merged(found, text):
        said += [text[here:start], MARKERS[kind]]
        here = end
    return "".join([*said, text[here:]])


@lru_cache(maxsize=64)
def _rules(identity: Identity) -> tuple[Rule, ...]:
    rules = [one for first, last in identity.names for one in name_rules(first, last)]
    rules += [one for school in identity.schools for one in school_rules(school)]
    rules += sign_rules(
        emails=identity.emails,
        links=identity.links,
        phones=identity.phones,
        postcodes=identity.postcodes,
        born=identity.born,
    )
    return tuple(dict.fromkeys(rules))


def _merged(found: list[tuple[int, int, Kind]], text: str) -> Iterator[tuple[int, int, Kind]]:
    """Spans that overlap, or that are two parts of one name, made one."""
    kept: list[tuple[int, int, Kind]] = []
    for start, end, kind in found:
        if kept:
            first, last, before = kept[-1]
            is_one = kind is before and kind in (Kind.NAME, Kind.SCHOOL)
            if start < last or (is_one and _BETWEEN_TWO.fullmatch(text, last, start)):
                kept[-1] = (first, max(last, end), min(before, kind))
                continue
        kept.append((start, end, kind))
    yield from kept

"""Finding a school or a structure: its whole name, the words that are its own, its initials."""

import re
from collections.abc import Iterator
from itertools import pairwise

from accounts.folding import plain
from reviews.masking.rules import END, START, Kind, Rule, either, rule
from reviews.masking.words import FUNCTION_WORDS, GENERIC_PLACES, ORDINARY_WORDS

LINKS = r"(?:[\s\-'./_]{0,3}(?:(?:de|du|des|d|la|le|les|l|a|au|aux|en|et|pour|sur|sous|the|of)\b)?){0,3}[\s\-'./_]{0,3}"
"""What may stand between two words of its name: « Lycée du Tampon », « lycée le Tampon »."""
SHORTEST = 4
SCHOOL = r"(?:lycee|college|ecole|fac|faculte|universite|institut|foyer|association)"


def school_rules(structure: str) -> Iterator[Rule]:
    """What finds a structure of this name."""
    written = re.findall(r"\w+", structure)
    words = [plain(word) for word in written]
    own = _own(structure, written)
    ordinary = {word for word in own if word in ORDINARY_WORDS}
    if own - ordinary:
        yield _school(START + either(own - ordinary) + END)
    if ordinary:
        yield _school(rf"{START}(?P<cap>{either(ordinary)}){END}")
        yield _school(rf"{START}{SCHOOL}{LINKS}{either(ordinary)}{END}")
    kept = [word for word in words if word not in FUNCTION_WORDS]
    if len(kept) > 1:
        yield _school(START + LINKS.join(map(re.escape, kept)) + END)
    for one, other in pairwise(kept):
        if {one, other} & own or other.isdigit():
            yield _school(START + re.escape(one) + LINKS + re.escape(other) + r"(?!\w)")
    yield from _initials(written)


def _own(structure: str, written: list[str]) -> set[str]:
    """The words that say which one it is: long enough, or an acronym; no word that many schools have."""
    is_shouted = structure.isupper() and len(written) > 1
    own = set()
    for word in written:
        folded = plain(word)
        is_acronym = word.isupper() and not is_shouted and len(word) > 2
        if (len(folded) >= SHORTEST or is_acronym) and not folded.isdigit():
            own.add(folded)
    return own - GENERIC_PLACES - FUNCTION_WORDS


def _initials(written: list[str]) -> Iterator[Rule]:
    """Its words' first letters in capitals, with those of the small words or without: « LRG », « L.R.G. »."""
    kept = [word for word in written if plain(word) not in FUNCTION_WORDS]
    for words in (written, kept):
        is_mixed = not all(word.isupper() for word in words)
        letters = "".join(plain(word if word.isupper() and is_mixed else word[0]) for word in words)
        if len(letters) > 2:
            spelt = r"[.\s]?".join(map(re.escape, letters))
            yield _school(rf"{START}(?P<upper>{spelt}){END}\.?")


def _school(pattern: str) -> Rule:
    return rule(Kind.SCHOOL, pattern)

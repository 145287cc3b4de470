"""Finding somebody's name: whole or a part of it, in any order, with initials, spelt out, glued together."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise, product

from accounts.folding import plain
from reviews.masking.rules import END, START, Kind, Rule, either, rule
from reviews.masking.words import CIVILITIES, FUNCTION_WORDS, ORDINARY_WORDS

BETWEEN = r"[\s\-'.,_]{0,3}"
"""What may stand between two parts of a name: « Jean-Luc », « jean luc », « Luc, Jean », « jeanluc »."""
TITLE = r"(?:m|mr|mme|mlle|monsieur|madame|mademoiselle|famille)\b\.?\s+"
ANNOUNCED = r"(?:m'appel\w+|me nomme|me prenomme|prenom(?:\s+est)?|signee?|moi c'est|nom de famille(?:\s+est)?)\s*:?\s*"


def words_of(name: str) -> list[str]:
    """The words of a name, folded."""
    return re.findall(r"[^\W\d_]+", plain(name))


def name_rules(first: str, last: str) -> Iterator[Rule]:
    """What finds a person of these first and last names; for whoever gave one box for both, `first` is empty."""
    firsts, lasts = words_of(first), [word for word in words_of(last) if first or word not in CIVILITIES]
    words = set(firsts + lasts)
    if not words:
        return
    weak = {word for word in words if len(word) == 1 or word in FUNCTION_WORDS}
    ordinary = (words & ORDINARY_WORDS) - weak
    strong = words - weak - ordinary
    if strong:
        yield _name(rf"{START}(?:{TITLE})?{either(strong)}{END}")
        yield from _disguised(strong)
    if ordinary:
        yield _name(rf"{START}(?P<cap>{either(ordinary)}){END}")
    if weak | ordinary:
        yield _name(rf"{START}{ANNOUNCED}(?P<v>{either(weak | ordinary)}){END}")
        yield _name(rf"{START}{TITLE}(?P<v>(?P<cap>{either(weak | ordinary)})){END}")
    yield from _accented(f"{first} {last}", weak)
    yield from _together(firsts, lasts, weak)
    yield from _composite(firsts)
    yield from _initials(firsts, lasts, weak)


def _name(pattern: str) -> Rule:
    return rule(Kind.NAME, pattern)


def _disguised(strong: set[str]) -> Iterator[Rule]:
    """Letter by letter, « Z.é.l.i.e »; within a tag, « #zeliefilms », or a word with capitals inside, « ZelieProd »."""
    for word in sorted(word for word in strong if len(word) > 2):
        yield _name(START + r"[ .\-_*]".join(word) + END)
    long = [word for word in strong if len(word) > 3]
    if long:
        yield rule(Kind.LINK, rf"#\w*{either(long)}\w*")
        yield _name(rf"(?<!\w)(?P<camel>\w*{either(long)}\w*)")


def _accented(name: str, weak: set[str]) -> Iterator[Rule]:
    """« Vân », « Lê »: a small word that the name writes with an accent, where it bears one and a capital."""
    marked = {plain(word) for word in re.findall(r"\w+", unicodedata.normalize("NFC", name)) if not word.isascii()}
    if small := {word for word in weak & marked if len(word) > 1}:
        yield _name(rf"{START}(?P<accent>(?P<cap>{either(small)})){END}")


def _composite(firsts: list[str]) -> Iterator[Rule]:
    """« JB », « J.-B. » for Jean-Baptiste: in capitals, or in small letters after what announces a name."""
    for one, other in pairwise(firsts):
        letters = rf"{one[0]}\.?[\s\-]?{other[0]}"
        yield _name(rf"{START}(?P<upper>{letters}){END}\.?")
        yield _name(rf"{START}{ANNOUNCED}(?P<v>{letters}){END}")


def _together(firsts: list[str], lasts: list[str], weak: set[str]) -> Iterator[Rule]:
    """Two parts side by side, or glued. A small word beside the other name counts when it bears a capital."""
    inner = [pair for several in (firsts, lasts) for pair in pairwise(several)]
    across = [*product({*firsts[-1:], *firsts[:1]}, lasts[:1]), *product(lasts[-1:], firsts[:1])]
    for one, other in inner + sorted(across):
        both_count = {one, other}.isdisjoint(weak) or ((one, other) in inner and not {one, other} <= weak)
        between = BETWEEN if both_count else r"[\s\-'.,_]{1,3}"
        one, other = (
            word if both_count or word not in weak else f"(?P<{group}>{word})"
            for word, group in ((one, "cap"), (other, "cap2"))
        )
        yield _name(START + one + between + other + END)


def _initials(firsts: list[str], lasts: list[str], weak: set[str]) -> Iterator[Rule]:
    """« Z. Kervadec », « Zélie K. », « Z. K. »: the letters must be capitals, or have their dot."""
    if not (firsts and lasts):
        return
    of_first, of_last = either(word[0] for word in firsts), either(word[0] for word in lasts)
    whole_firsts, whole_lasts = ([w for w in words if w not in weak] for words in (firsts, lasts))
    small = rf"(?:{either(weak)}[\s\-']+){{0,2}}" if weak else ""
    if whole_lasts:
        initials = rf"{of_first}(?:[.\-\s]{{0,2}}{of_first}\b)?"
        yield _name(rf"{START}{initials}\.[\s\-]*{small}{either(whole_lasts)}{END}")
        yield _name(rf"{START}(?P<cap>{initials})[\s\-]+{small}{either(whole_lasts)}{END}")
    if whole_firsts:
        yield _name(rf"{START}{either(whole_firsts)}\s+{of_last}\.")
        yield _name(rf"{START}{either(whole_firsts)}\s+(?P<cap>{of_last}){END}")
    yield _name(rf"{START}(?P<upper>{of_first}\.\s?{of_last}){END}\.?")

"""Finding people by what somebody types of a name or an address: accents, case, hyphens and order do not matter.

A person's `search_text` is kept by the database, folded, with an index of its trigrams: among 100,000 people a word of
three letters or more is found in a few milliseconds, wherever it stands. A shorter one is found where a word begins, so
that « Li » is Li and Lina, and not every Amélie.
"""

import re
import unicodedata

from django.db.models import Func, Q, QuerySet, TextField, Value

MOST_WORDS = 8
LONGEST = 254
"""No name and no address has more: whatever is longer is nobody's, and is not even looked for."""
SHORT = 3
"""Words with fewer letters have no trigram of their own: they are looked for where a word begins."""

_BETWEEN_WORDS = re.compile(r"[\s\-'’]+")


class Folded(Func):
    """Text as it is compared: no accents, no capitals, one form of each character, spaces for hyphens and apostrophes.

    Several texts are put side by side, a space between. The SQL function is IMMUTABLE, so that columns and indexes may
    be made of it (`accounts/migrations/0004_search.py`).
    """

    function = "folded"
    arg_joiner = " || ' ' || "
    output_field = TextField()


def words_of(typed: str) -> list[str]:
    """The words of what was typed; a hyphen or an apostrophe parts two words."""
    plain = unicodedata.normalize("NFKC", typed.replace("\x00", " "))
    return list(dict.fromkeys(word for word in _BETWEEN_WORDS.split(plain) if word))


def named(typed: str, person: str = "") -> Q | None:
    """The condition that every word typed is in the person's name or address; None when that can be nobody's.

    `person` leads to the person from the model that is searched (`candidate__`).
    """
    words = words_of(typed)
    if not words or len(words) > MOST_WORDS or max(map(len, words)) > LONGEST:
        return None
    held = Q()
    for word in words:
        held &= Q(**{f"{person}search_text__contains": Folded(Value(word if len(word) >= SHORT else f" {word}"))})
    return held


def among(people: QuerySet, typed: str) -> QuerySet:
    """Those of these people whose name or address holds every word typed."""
    held = named(typed)
    return people.none() if held is None else people.filter(held)

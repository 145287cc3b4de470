"""Names as one hears them in France, from every background, and a generator that combines them plausibly.

Faker's `fr_FR` knows one background only. The weights are rough and are no statistic: what matters is that
lists, searches and letters meet accents, hyphens, apostrophes, particles, very short and very long names.
"""

import random
import unicodedata
from dataclasses import dataclass

from tests.season import words

WEIGHTS = {
    "france": 38,
    "maghreb": 17,
    "west_africa": 11,
    "central_africa": 6,
    "comoros": 3,
    "antilles": 5,
    "reunion": 4,
    "portugal": 4,
    "spain": 3,
    "italy": 3,
    "turkey": 3,
    "vietnam": 2,
    "china": 2,
    "tamil": 2,
    "armenia": 2,
    "poland": 2,
    "travellers": 2,
    "kanaky": 1,
    "polynesia": 1,
}
"""How often a family's names come from where."""

DOMAINS = ("example.org", "courriel.example.org", "boite.example.org", "lettres.example.org")
"""Nobody can receive mail there."""


@dataclass(frozen=True)
class Name:
    """A first name and a surname; `is_woman` only serves to write job titles and sentences that agree."""

    first: str
    last: str
    is_woman: bool


NAMES = {
    title: tuple(name.strip() for name in " ".join(lines).split(",") if name.strip())
    for title, lines in words.sections("names").items()
}


def draw(rng: random.Random) -> Name:
    """One name: mostly a first name of the family's background, at times a shared one, at times two surnames."""
    origin = _origin(rng)
    is_woman = rng.random() < 0.58
    is_shared = origin != "france" and rng.random() < 0.25
    first_names = NAMES[f"{'shared' if is_shared else origin} / {'women' if is_woman else 'men'}"]
    return Name(rng.choice(first_names), _surname(origin, rng), is_woman)


def _origin(rng: random.Random) -> str:
    return rng.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]


def _surname(origin: str, rng: random.Random) -> str:
    surname, other = rng.choice(NAMES[f"{origin} / surnames"]), rng.choice(NAMES[f"{_origin(rng)} / surnames"])
    is_double = rng.random() < 0.07 and surname != other and not any(sign in surname + other for sign in " -")
    return f"{surname}-{other}" if is_double else surname


def address(name: Name, rng: random.Random, taken: set[str]) -> str:
    """An address as this person might have chosen it, not one of `taken`; added to them."""
    first, last = _plain(name.first), _plain(name.last)
    shapes = (f"{first}.{last}", f"{first}{last}", f"{first[0]}.{last}", f"{last}.{first}", f"{first}-{last}")
    local, domain = rng.choice(shapes)[:50], rng.choice(DOMAINS)
    email = f"{local}@{domain}"
    while email in taken:
        email = f"{local}{rng.randrange(1, 999)}@{domain}"
    taken.add(email)
    return email


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.lower().replace("ı", "i").replace("ł", "l"))
    return "".join(c for c in decomposed if c.isascii() and c.isalnum())

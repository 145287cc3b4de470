"""Made-up programmes: who wishes for what, who offers what. The same seed gives the same people.

Demand follows Zipf's law over the trades, in the order of `TRADES`; mentors are spread otherwise, so that some trades
have too few of them and others too many.
"""

from dataclasses import dataclass
from itertools import accumulate
from random import Random

import numpy

ZIPF = 1.0
TRADES = (  # trade, family, weight among mentors; the most wished for first
    ("realisation", "directing", 33),
    ("scenario", "writing", 26),
    ("direction-photo", "image", 19),
    ("montage", "editing", 33),
    ("production", "production", 68),
    ("animation", "animation", 10),
    ("costumes", "sets", 10),
    ("assistanat-realisation", "directing", 41),
    ("musique-de-film", "sound", 10),
    ("ecriture-de-series", "writing", 19),
    ("effets-visuels", "animation", 13),
    ("prise-de-son", "sound", 29),
    ("decors", "sets", 19),
    ("realisation-documentaire", "directing", 29),
    ("cadre", "image", 22),
    ("storyboard", "animation", 4),
    ("maquillage", "sets", 6),
    ("casting", "directing", 6),
    ("distribution", "release", 50),
    ("direction-de-production", "production", 59),
    ("etalonnage", "editing", 10),
    ("mixage", "sound", 22),
    ("assistanat-camera", "image", 26),
    ("ecriture-documentaire", "writing", 10),
    ("festivals", "release", 33),
    ("scripte", "directing", 10),
    ("montage-son", "sound", 19),
    ("eclairage", "image", 16),
    ("exploitation", "release", 50),
    ("photographie-de-plateau", "image", 2),
    ("motion-design", "animation", 6),
    ("regie-generale", "production", 41),
    ("relations-presse", "release", 29),
    ("assistanat-montage", "editing", 16),
    ("accessoires", "sets", 8),
    ("developpement", "writing", 13),
    ("administration-de-production", "production", 50),
    ("postproduction", "editing", 26),
    ("bruitage", "sound", 2),
    ("machinerie", "image", 10),
)
FAMILIES = sorted({family for _trade, family, _weight in TRADES})
FAMILY_OF = [FAMILIES.index(family) for _trade, family, _weight in TRADES]
WOMEN = {"directing": 48, "writing": 55, "image": 40, "editing": 52, "production": 56, "animation": 46, "sets": 72}
"""Out of a hundred, by the family of the first wish; 44 elsewhere."""

REGIONS = {  # inhabitants in hundreds of thousands: young people, then mentors, whom cinema draws to Paris
    "ile-de-france": (200, 420),
    "auvergne-rhone-alpes": (82, 50),
    "nouvelle-aquitaine": (61, 40),
    "occitanie": (61, 45),
    "hauts-de-france": (60, 30),
    "grand-est": (55, 28),
    "provence-alpes-cote-d-azur": (52, 52),
    "pays-de-la-loire": (39, 24),
    "bretagne": (34, 26),
    "normandie": (33, 14),
    "bourgogne-franche-comte": (28, 10),
    "centre-val-de-loire": (26, 10),
    "corse": (4, 4),
    "la-reunion": (9, 6),
    "guadeloupe": (4, 2),
    "martinique": (4, 2),
    "guyane": (3, 1),
    "mayotte": (3, 1),
}
LANGUAGES = {"fr": (96, 97), "en": (35, 55), "ar": (12, 6), "es": (10, 12), "pt": (4, 4), "fsl": (1.5, 0.8)}
"""Out of a hundred young people, out of a hundred mentors."""
AUDIENCES = {"student": (45, 92), "self-taught": (30, 84), "pupil": (15, 80), "reinsertion": (10, 72)}
"""Out of a hundred young people; out of a hundred mentors, who takes them."""
CAPACITIES = (55, 28, 11, 4, 2)
"""Mentors out of a hundred with one place, two, … five."""
HALF_DAYS = 10


@dataclass
class Mentees:
    """One value for each young person; languages and half-days are sets of bits."""

    wishes: numpy.ndarray
    region: numpy.ndarray
    is_remote: numpy.ndarray
    languages: numpy.ndarray
    is_minor: numpy.ndarray
    audience: numpy.ndarray
    free: numpy.ndarray
    groups: list[list[str]]


@dataclass
class Mentors:
    """One value for each mentor; trades, families, languages, audiences and half-days are sets of bits."""

    capacity: numpy.ndarray
    main: numpy.ndarray
    trades: numpy.ndarray
    families: numpy.ndarray
    region: numpy.ndarray
    is_remote: numpy.ndarray
    languages: numpy.ndarray
    for_minors: numpy.ndarray
    audiences: numpy.ndarray
    favourite: numpy.ndarray
    free: numpy.ndarray
    takes_neighbours: numpy.ndarray


class Draw:
    """Weighted draws, with the sums made once."""

    def __init__(self, random: Random, weights):
        self.random = random
        self.sums = list(accumulate(weights))
        self.places = range(len(self.sums))

    def __call__(self) -> int:
        return self.random.choices(self.places, cum_weights=self.sums)[0]


def mentees(count: int, seed: int) -> Mentees:
    """Young people, with three wishes each, the second and the third often of the family of the first."""
    random = Random(f"{seed}:mentees")
    demand = [1 / rank**ZIPF for rank in range(1, len(TRADES) + 1)]
    wish, nearby = Draw(random, demand), _by_family(random, demand)
    region = Draw(random, [young for young, _old in REGIONS.values()])
    audience = Draw(random, [young for young, _old in AUDIENCES.values()])
    rows, groups = [], []
    for _number in range(count):
        wishes = [wish()]
        while len(wishes) < 3:
            drawn = nearby[FAMILY_OF[wishes[0]]]() if random.random() < 0.8 else wish()
            if drawn not in wishes:
                wishes.append(drawn)
        who = audience()
        is_minor = random.random() < {0: 0.16, 1: 0.10, 2: 0.90, 3: 0.10}[who]
        place = region()
        rows.append((wishes, place, random.random() < 0.8, _languages(random, 0), is_minor, who, _free(random, 0.35)))
        groups.append(_groups(random, FAMILIES[FAMILY_OF[wishes[0]]]))
    return Mentees(*_columns(rows), groups)


def mentors(count: int, seed: int) -> Mentors:
    """Mentors: one trade or several, mostly of one family."""
    random = Random(f"{seed}:mentors")
    supply = [weight for _trade, _family, weight in TRADES]
    trade, nearby = Draw(random, supply), _by_family(random, supply)
    region = Draw(random, [old for _young, old in REGIONS.values()])
    capacity, favourite = Draw(random, CAPACITIES), Draw(random, [1] * len(AUDIENCES))
    rows = []
    for _number in range(count):
        trades = [trade()]
        if random.random() < 0.6:
            trades.append(nearby[FAMILY_OF[trades[0]]]())
        if random.random() < 0.08:
            trades.append(trade())
        audiences = [random.random() < old / 100 for _young, old in AUDIENCES.values()]
        rows.append(
            (
                1 + capacity(),
                trades[0],
                _bits(trades),
                _bits(FAMILY_OF[each] for each in trades),
                region(),
                random.random() < 0.6,
                _languages(random, 1),
                random.random() < 0.5,
                _bits(place for place, taken in enumerate(audiences) if taken),
                favourite(),
                _free(random, 0.3),
                random.random() < 0.9,
            )
        )
    return Mentors(*_columns(rows))


def _by_family(random: Random, weights: list[float]) -> list[Draw]:
    """For each family, a draw among its own trades."""
    families = range(len(FAMILIES))
    return [Draw(random, [w * (FAMILY_OF[t] == family) for t, w in enumerate(weights)]) for family in families]


def _languages(random: Random, side: int) -> int:
    """A set of languages, French where chance gives none."""
    return _bits(n for n, shares in enumerate(LANGUAGES.values()) if random.random() < shares[side] / 100) or 1


def _free(random: Random, share: float) -> int:
    return _bits(half_day for half_day in range(HALF_DAYS) if random.random() < share)


def _groups(random: Random, family: str) -> list[str]:
    """Women, priority audiences, and among these who lives in a priority neighbourhood."""
    found = ["F"] if random.random() < WOMEN.get(family, 44) / 100 else []
    if random.random() < 0.3:
        found.append("PRIO")
        if random.random() < 1 / 3:
            found.append("QPV")
    return found


def _bits(places) -> int:
    found = 0
    for place in places:
        found |= 1 << place
    return found


def _columns(rows: list[tuple]) -> list[numpy.ndarray]:
    return [numpy.array(column) for column in zip(*rows, strict=True)]

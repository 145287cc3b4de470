"""Where people live: the regions in plausible proportions, overseas included, with towns to speak of."""

import random

from accounts.places import DEPARTMENTS
from accounts.regions import Region
from tests.season import words

WEIGHTS = {
    Region.ILE_DE_FRANCE: 31,
    Region.AUVERGNE_RHONE_ALPES: 10,
    Region.PROVENCE_ALPES_COTE_D_AZUR: 9,
    Region.HAUTS_DE_FRANCE: 8,
    Region.OCCITANIE: 8,
    Region.NOUVELLE_AQUITAINE: 6,
    Region.GRAND_EST: 6,
    Region.PAYS_DE_LA_LOIRE: 5,
    Region.BRETAGNE: 5,
    Region.NORMANDIE: 4,
    Region.CENTRE_VAL_DE_LOIRE: 2,
    Region.BOURGOGNE_FRANCHE_COMTE: 2,
    Region.CORSE: 1,
    Region.LA_REUNION: 4,
    Region.MARTINIQUE: 2,
    Region.GUADELOUPE: 2,
    Region.GUYANE: 2,
    Region.MAYOTTE: 2,
    Region.AUTRE_OUTRE_MER: 1,
}
"""About the population's, the young people of overseas a little more."""

MENTOR_WEIGHTS = WEIGHTS | {Region.ILE_DE_FRANCE: 95}
"""The industry lives in and around Paris; elsewhere mentors are spread as everybody is."""

TOWNS = {code: tuple(lines[0].split(", ")) for code, lines in words.sections("towns").items()}


def draw(rng: random.Random, weights=WEIGHTS) -> tuple[Region, str]:
    """A region and one of its towns."""
    region = rng.choices(list(weights), list(weights.values()))[0]
    return region, rng.choice(TOWNS[region])


def postcode_in(region: str) -> str:
    """The postcode of the prefecture of the first département of that region (Ajaccio's for Corsica)."""
    code = next(code for code, department in DEPARTMENTS.items() if department.region == region)
    return f"{'20' if code == '2A' else code}000"[:5]

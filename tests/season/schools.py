"""Where people learn, or who accompanies them: invented places that sound like the country's."""

import random

from cohorts.models import Audience

PLACES = {
    Audience.STUDENT: (
        "Université Agnès-Varda, licence de cinéma",
        "BTS audiovisuel, lycée Alice-Guy, Roubaix",
        "École des beaux-arts du Littoral",
        "Université du Grand-Large, master de documentaire",
        "BTS audiovisuel, lycée Sarah-Maldoror, Fort-de-France",
        "Conservatoire de l’Estuaire, musique à l’image",
    ),
    Audience.PUPIL: (
        "Lycée Alice-Guy, Roubaix",
        "Lycée Sarah-Maldoror, Fort-de-France",
        "Lycée professionnel Jeanne-Labourbe, Vénissieux",
        "Lycée Musidora, Montreuil",
        "Lycée agricole du Val-Doré",
    ),
    Audience.REINSERTION: (
        "Mission locale du Pays-Haut",
        "Mission locale des Deux-Rives",
        "École de la deuxième chance, Saint-Ouvrin",
        "Atelier chantier d’insertion La Bobine",
    ),
}
SHARE = 0.6
"""How many of them say it: it is optional."""


def draw(rng: random.Random, audience: str) -> str:
    """One of the places of that audience, or nothing."""
    known = PLACES.get(audience, ())
    return rng.choice(known) if known and rng.random() < SHARE else ""

"""The columns of a list of mentors: what they are called, and which one stands where."""

import re
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.folding import plain
from documents.tables import Row
from lifecycle.refusals import Refusal

Words = dict[str, str]
"""What a line says, as typed, by the name of the column."""


def comparable(text: str) -> str:
    """The words of a text without case, accents and punctuation."""
    return " ".join(re.findall(r"[^\W_]+", plain(text)))


@dataclass(frozen=True)
class Column:
    """A column we know. `others` are further names that people give it."""

    name: str
    title: str
    hint: str
    others: tuple[str, ...] = ()

    @property
    def known_as(self) -> set[str]:
        return {comparable(name) for name in (str(self.title), *self.others)}


COLUMNS = [
    Column("first_name", gettext_lazy("prénom"), gettext_lazy("obligatoire"), ("first name", "prénoms")),
    Column(
        "last_name", gettext_lazy("nom"), gettext_lazy("obligatoire"), ("nom de famille", "last name", "nom d’usage")
    ),
    Column(
        "email",
        gettext_lazy("e-mail"),
        gettext_lazy("obligatoire, une adresse par ligne"),
        ("email", "mail", "courriel", "adresse", "adresse e-mail", "adresse email", "adresse mail", "adresse courriel"),
    ),
    Column("position", gettext_lazy("fonction"), gettext_lazy("cheffe monteuse, productrice…"), ("poste", "titre")),
    Column(
        "employer",
        gettext_lazy("employeur"),
        gettext_lazy("ou structure"),
        ("structure", "société", "entreprise", "organisation", "employeur ou structure"),
    ),
    Column(
        "trades",
        gettext_lazy("métiers"),
        gettext_lazy("séparés par des virgules ou des points-virgules"),
        ("métier", "métier(s)"),
    ),
    Column(
        "seniority",
        gettext_lazy("ancienneté"),
        gettext_lazy("dans ces métiers\u00a0: 12\u00a0ans, ou plus de 10\u00a0ans"),
        ("expérience", "années d’expérience", "depuis", "depuis combien de temps"),
    ),
    Column(
        "region", gettext_lazy("région"), gettext_lazy("son nom, ou un département"), ("régions", "département", "lieu")
    ),
    Column(
        "accepts_remote",
        gettext_lazy("à distance"),
        gettext_lazy("oui ou non"),
        ("distance", "visio", "rendez-vous à distance"),
    ),
    Column(
        "languages",
        gettext_lazy("langues"),
        gettext_lazy("séparées par des virgules"),
        ("langue", "langues parlées"),
    ),
    Column(
        "accompanies_minors",
        gettext_lazy("mineur·es"),
        gettext_lazy("oui ou non"),
        ("mineurs", "mineures", "mineur.e.s", "mineur(e)s", "mineurs et mineures", "accompagne des mineur·es"),
    ),
    Column("partner", gettext_lazy("partenaire"), gettext_lazy("Netflix, par exemple"), ("partenaires",)),
    Column(
        "capacity",
        gettext_lazy("places"),
        gettext_lazy("de 1 à 5"),
        ("place", "nombre de places", "capacité", "nombre de mentoré·es"),
    ),
]
BY_NAME = {column.name: column for column in COLUMNS}
CORRECTION = gettext_lazy("à corriger")
"""A column that we add to the lines that are given back: read by people alone."""
NEEDED = ("email", "first_name", "last_name")


@dataclass(frozen=True)
class Header:
    """Where each column we know stands, and the titles of those we do not."""

    places: dict[str, int]
    unknown: list[str] = field(default_factory=list)


def header_of(cells: list[str]) -> Header:
    """What the first line says. Raises Refusal when a column is missing, or there twice."""
    by_title = {title: column.name for column in COLUMNS for title in column.known_as}
    places, unknown = {}, []
    for place, cell in enumerate(cells):
        name = by_title.get(comparable(cell))
        if comparable(cell) == comparable(str(CORRECTION)):
            continue
        if name is None:
            unknown += [cell[:80]] if cell else []
        elif name in places:
            raise Refusal(_("La colonne «\u00a0%s\u00a0» est là deux fois\u00a0: gardez-en une.") % BY_NAME[name].title)
        else:
            places[name] = place
    if missing := [str(BY_NAME[name].title) for name in NEEDED if name not in places]:
        told = _(
            "La première ligne doit nommer les colonnes\u00a0: il y manque «\u00a0%(missing)s\u00a0». "
            "Elle se lit ainsi\u00a0: %(found)s."
        )
        found = ", ".join(cell[:40] for cell in cells[:12] if cell) or _("rien")
        raise Refusal(told % {"missing": "\u00a0», «\u00a0".join(missing), "found": found})
    return Header(places, unknown)


def looks_like_a_header(cells: list[str]) -> bool:
    """Whether a line names columns rather than somebody."""
    return any(comparable(cell) in BY_NAME["email"].known_as for cell in cells)


def lines_of(rows: list[Row]) -> tuple[list[tuple[int, Words]], list[str]]:
    """(number, what it says) of each line under the header, and the titles nobody knows. Raises Refusal."""
    if not rows:
        raise Refusal(_("Il n’y a aucune ligne dans ce tableau."))
    header = header_of(rows[0].cells)
    lines = []
    for row in rows[1:]:
        said = {name: row.cells[place] for name, place in header.places.items() if place < len(row.cells)}
        lines.append((row.number, {name: words for name, words in said.items() if words}))
    if not lines:
        raise Refusal(_("Il n’y a aucune ligne sous les titres des colonnes."))
    return lines, header.unknown

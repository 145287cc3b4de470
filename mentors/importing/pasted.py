"""A list pasted from anywhere: « Prénom Nom <adresse> », one a line, or what was copied from a spreadsheet."""

import re

from django.utils.translation import gettext as _

from documents import tables
from documents.limits import MAX_LINES
from lifecycle.refusals import Refusal
from mentors.importing.columns import Words, lines_of, looks_like_a_header

_BRACKETED = re.compile(r"^(?P<name>[^<>]*)<(?:mailto:)?(?P<email>[^<>]*)>\s*$", re.IGNORECASE)
_NEXT = re.compile(r"(?<=>)\s*[;,]\s*(?=\S)")
"""Between two people whom a mail program has put on one line."""


def read(text: str) -> tuple[list[tuple[int, Words]], list[str]]:
    """(number, what it says) of each line, and the titles of columns that nobody knows.

    Raises Refusal, or TableRefused for a table whose quotes are not closed.
    """
    first = next((line for line in text.splitlines() if line.strip()), "")
    cells = [cell.strip(' "') for cell in first.split(tables.separator_of(first))]
    if looks_like_a_header(cells):
        return lines_of(tables.lines_of(text.lstrip("\r\n")))
    lines = []
    for number, line in enumerate(text.splitlines(), 1):
        lines += [(number, _person(one)) for one in _NEXT.split(line) if one.strip(" \t;,")]
    if not lines:
        raise Refusal(_("Il n’y a personne dans cette liste."))
    if len(lines) > MAX_LINES:
        raise Refusal(_("Cette liste a plus de %s lignes\u00a0: partagez-la.") % MAX_LINES)
    return lines, []


def _person(line: str) -> Words:
    """First name, last name and address, in whichever of the forms people paste."""
    line = line.replace("\u00a0", " ").strip(" ;,")
    if found := _BRACKETED.match(line):
        return _said(*_names(found["name"].strip(" \"';,\t")), found["email"].strip())
    for separator in "\t;,":
        cells = [cell.strip(' "') for cell in line.split(separator)]
        if len(cells) > 1 and "@" in line:
            email = next(cell for cell in cells if "@" in cell)
            others = [cell for cell in cells if cell and cell is not email]
            names = (others[0], " ".join(others[1:])) if len(others) > 1 else _names(" ".join(others))
            return _said(*names, email)
    *words, last = line.split() or [""]
    return _said(*_names(" ".join(words)), last) if "@" in last else _said(*_names(line), "")


def _names(words: str) -> tuple[str, str]:
    """First and last name. « Roche, Léa » begins with the last one, capitals are one; else it follows the first."""
    last, comma, first = words.partition(",")
    if comma:
        return first.strip(), last.strip()
    parts = words.split()
    loud = [part for part in parts if len(part) > 1 and part.isupper()]
    if loud and len(loud) < len(parts):
        return " ".join(part for part in parts if part not in loud), " ".join(loud)
    return (parts[0], " ".join(parts[1:])) if parts else ("", "")


def _said(first_name: str, last_name: str, email: str) -> Words:
    said = {"first_name": first_name, "last_name": last_name, "email": email}
    return {name: words for name, words in said.items() if words}

"""A table that somebody sends, a CSV file or an Excel workbook: lines of plain words, or a sentence that says no.

Nothing of it is run: a formula counts for the value that the spreadsheet last showed, macros and links are not read.
"""

import csv
import io
from dataclasses import dataclass

from django.utils.translation import gettext as _

from documents import workbooks
from documents.limits import MAX_CELL, MAX_COLUMNS, MAX_LINES, MAX_TABLE, MB
from documents.workbooks import TableRefused

SEPARATORS = ";\t,"
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(frozen=True)
class Row:
    """One line, by its number in the file, and its cells without what surrounds their words."""

    number: int
    cells: list[str]


def read(data: bytes) -> list[Row]:
    """The lines of a file that hold something, its header first. What the file is called does not count.

    Raises TableRefused with a sentence for whoever sent it.
    """
    if not data.strip():
        raise TableRefused(_("Ce fichier est vide."))
    if len(data) > MAX_TABLE:
        raise TableRefused(too_large())
    if workbooks.is_one(data):
        return _kept(workbooks.rows(data))
    return lines_of(decoded(data))


def too_large() -> str:
    """What is said of a file that weighs too much."""
    most = MAX_TABLE // MB
    return _("Ce fichier pèse plus de %s Mo. Gardez les seules colonnes utiles, ou partagez-le en deux.") % most


def decoded(data: bytes) -> str:
    """The text of a CSV file, as French spreadsheets write it: UTF-8 or Windows-1252. Raises TableRefused."""
    encodings = [name for mark, name in _BOMS if data.startswith(mark)] or ["utf-8", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not any(sign < " " and sign not in "\t\r\n\x0b\x0c" for sign in text):
            return text
    raise TableRefused(_("Ce fichier n’est pas un tableau lisible. Enregistrez-le en « .xlsx » ou en « CSV UTF-8 »."))


def lines_of(text: str) -> list[Row]:
    """The lines of a CSV text. Its separator is the one that parts its first line most. Raises TableRefused."""
    separator, start = separator_of(text), 1
    if text.lower().startswith("sep="):  # a line for Excel alone
        separator, text, start = text[4:5], text.partition("\n")[2], 2
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    return _kept(_numbered(reader, start))


def separator_of(text: str) -> str:
    """Semicolon, tab or comma."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(SEPARATORS, key=first.count)


def _numbered(reader, start: int):
    """Each record with the number of its first line."""
    while True:
        number = reader.line_num + start
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise TableRefused(_("Ligne %s\u00a0: un guillemet ouvert n’est pas refermé comme il faut.") % number)
        yield number, cells


def _kept(numbered) -> list[Row]:
    """The lines that hold something, within bounds."""
    found = []
    for number, cells in numbered:
        cells = [cell.replace("\u00a0", " ").strip() for cell in cells]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        if len(cells) > MAX_COLUMNS:
            raise TableRefused(
                _("Ligne %(line)s\u00a0: plus de %(most)s colonnes.") % {"line": number, "most": MAX_COLUMNS}
            )
        if any(len(cell) > MAX_CELL for cell in cells):
            told = _("Ligne %(line)s\u00a0: une case tient plus de %(most)s caractères.")
            raise TableRefused(told % {"line": number, "most": MAX_CELL})
        if len(found) > MAX_LINES:
            raise TableRefused(
                _("Ce tableau a plus de %s lignes\u00a0: partagez-le en plusieurs fichiers.") % MAX_LINES
            )
        found.append(Row(number, cells))
    return found

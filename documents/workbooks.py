"""The first sheet of an Excel workbook that somebody sends, read with openpyxl once its size is known to be small."""

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime

import openpyxl
from django.utils.translation import gettext as _

from documents.limits import MAX_COLUMNS, MAX_LINES, MAX_PARTS, MAX_TAGS, MAX_UNZIPPED

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_SPARE = 200
"""Empty lines that may stand between full ones."""


class TableRefused(Exception):
    """A table cannot be read. `sentence` is for whoever sent it."""

    def __init__(self, sentence: str):
        super().__init__(sentence)
        self.sentence = sentence


def is_one(data: bytes) -> bool:
    """Whether it begins as a workbook does, an old or encrypted one included."""
    return data.startswith((_ZIP, _OLE))


def rows(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """The number and the cells of each line of the first visible sheet, as text. Raises TableRefused."""
    if data.startswith(_OLE):
        raise TableRefused(
            _("Ce classeur est d’un ancien format, ou protégé par un mot de passe. Enregistrez-le en « .xlsx », sans.")
        )
    _look_at(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what openpyxl leaves out (drawings, styles) is nothing to us
            yield from _read(data)
    except TableRefused:
        raise
    # A library that opens a stranger's file raises whatever the stranger pleases.
    except Exception:
        raise _unreadable()


def _unreadable() -> TableRefused:
    return TableRefused(_("Ce classeur ne s’ouvre pas. Enregistrez-le de nouveau en « .xlsx », ou en « CSV UTF-8 »."))


def _too_heavy() -> TableRefused:
    return TableRefused(
        _("Ce classeur est trop lourd une fois ouvert. Copiez les seules lignes utiles dans un nouveau.")
    )


def _look_at(data: bytes) -> None:
    """Before anything is unzipped: its parts, their sizes. Raises TableRefused.

    zipfile unzips no more of a part than the size that it declares, so that the sum of these bounds the whole.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNZIPPED:
                raise _too_heavy()
            names = {part.filename.lower() for part in parts}
            if any(name.endswith("vbaproject.bin") for name in names):
                raise TableRefused(_("Ce classeur contient des macros. Enregistrez-le en « .xlsx », sans macros."))
            if "xl/workbook.xml" not in names:
                raise TableRefused(_("Ce fichier n’est pas un classeur Excel. Enregistrez-le en « .xlsx », ou en CSV."))
            tags = 0
            for part in parts:
                if part.filename.lower().endswith((".xml", ".rels")):
                    xml = archive.read(part)
                    tags += xml.count(b"<")
                    if _declares(xml):
                        raise _unreadable()
            if tags > MAX_TAGS:
                raise _too_heavy()
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        raise _unreadable()


def _declares(xml: bytes) -> bool:
    """Whether it declares a document type, where entities come from: Excel never does. In any encoding."""
    return re.search(rb"<!(?:DOCTYPE|ENTITY)", xml.replace(b"\x00", b""), re.IGNORECASE) is not None


def _read(data: bytes) -> Iterator[tuple[int, list[str]]]:
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    sheet = next((one for one in book.worksheets if one.sheet_state == "visible"), None)
    if sheet is None:
        raise _unreadable()
    sheet.reset_dimensions()  # what a file says of its own size does not count
    last, column = MAX_LINES + _SPARE, MAX_COLUMNS + 1
    for number, cells in enumerate(sheet.iter_rows(max_row=last + 2, max_col=column, values_only=True), 1):
        words = [_text(cell) for cell in cells]
        if number > last and any(words):
            raise TableRefused(
                _("Ce tableau a plus de %s lignes\u00a0: partagez-le en plusieurs fichiers.") % MAX_LINES
            )
        yield number, words


def _text(value) -> str:
    """A cell as one would type it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.strftime("%d/%m/%Y")
    return str(value)

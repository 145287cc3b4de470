"""Tables that leave: an .xlsx written row by row in constant memory, as French Excel likes it, or a CSV.

Text is written as text, whatever it begins with: « =1+1 » in a name is a name. Cells are typed: days are days, numbers
are numbers. Each sheet has a header that stays in sight, filters on it, and columns wide enough to read.
"""

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import xlsxwriter
from django.utils import timezone

from documents import scratch

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
LONGEST = 32_767
"""Characters that a cell of Excel holds."""


@dataclass(frozen=True)
class Column:
    """A column of a sheet: its title and its width, in characters."""

    title: str
    width: int = 14


class Workbook:
    """A spreadsheet being written at `path`; used as a context, it is whole once the block ends."""

    def __init__(self, path: Path, *, title: str):
        # In constant memory nothing is kept of a row once the next begins: cells come in order.
        self.book = xlsxwriter.Workbook(
            str(path),
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_numbers": False,
                "strings_to_urls": False,
                "tmpdir": str(path.parent),
            },
        )
        self.book.set_properties({"title": title, "author": "", "comments": ""})
        self.formats = {
            "header": self.book.add_format({"bold": True, "bg_color": "#FFE45C", "border": 0, "text_wrap": False}),
            "lead": self.book.add_format({"bold": True, "font_size": 14}),
            # « Texte » in Excel: a name that begins with = stays a name even when the cell is edited.
            "text": self.book.add_format({"num_format": "@"}),
            "moment": self.book.add_format({"num_format": "dd/mm/yyyy hh:mm"}),
            "day": self.book.add_format({"num_format": "dd/mm/yyyy"}),
            "number": self.book.add_format({"num_format": "#,##0"}),
            "decimal": self.book.add_format({"num_format": "0.00"}),
        }

    def __enter__(self):
        return self

    def __exit__(self, kind, *_rest):
        self.book.close()

    def table(self, name: str, columns: list[Column], rows: Iterable[list]) -> int:
        """A sheet of one table. Returns how many rows it has."""
        sheet = self.book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
            sheet.write_string(0, place, column.title, self.formats["header"])
        count = 0
        for count, row in enumerate(rows, 1):
            for place, value in enumerate(row):
                self._write(sheet, count, place, value)
        sheet.autofilter(0, 0, count, len(columns) - 1)
        return count

    def blocks(self, name: str, blocks: Iterable[tuple[str, list[str], list[list]]], *, widths: list[int]) -> None:
        """A sheet to read: several small tables, each under its title."""
        sheet = self.book.add_worksheet(name)
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width)
        line = 0
        for title, header, rows in blocks:
            sheet.write_string(line, 0, title, self.formats["lead"])
            for place, words in enumerate(header):
                sheet.write_string(line + 1, place, words, self.formats["header"])
            line += 2 if header else 1
            for row in rows:
                for place, value in enumerate(row):
                    self._write(sheet, line, place, value)
                line += 1
            line += 1

    def _write(self, sheet, line: int, place: int, value) -> None:
        if value is None or value == "":
            return
        if isinstance(value, datetime):
            local = timezone.localtime(value).replace(tzinfo=None)  # Excel knows no time zone
            sheet.write_datetime(line, place, local, self.formats["moment"])
        elif isinstance(value, date):
            sheet.write_datetime(line, place, datetime(value.year, value.month, value.day), self.formats["day"])
        elif isinstance(value, Decimal | float):
            sheet.write_number(line, place, value, self.formats["decimal"])
        elif isinstance(value, int) and not isinstance(value, bool):
            sheet.write_number(line, place, value, self.formats["number"])
        else:
            sheet.write_string(line, place, str(value)[:LONGEST], self.formats["text"])


def as_xlsx(title: str, fill: Callable[[Workbook], None]) -> bytes:
    """A small workbook, whole: `fill` writes its sheets."""
    with scratch.folder(purpose="workbook") as folder:
        path = Path(folder, "table.xlsx")
        with Workbook(path, title=title) as book:
            fill(book)
        return path.read_bytes()


def as_csv(rows: Iterable[list]) -> bytes:
    """A CSV that French Excel opens by a double click: UTF-8 with its mark, semicolons."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerows([_tame(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _tame(value) -> str:
    """A cell that no spreadsheet takes for a formula: a CSV has no types, so that « =1+1 » would be one."""
    text = "" if value is None else str(value)
    is_formula = not isinstance(value, int) and text.lstrip(" \t\r\n")[:1] in (
        "=",
        "+",
        "-",
        "@",
        "\uff1d",
        "\uff0b",
        "\uff0d",
        "\uff20",
    )
    return f"'{text}" if text and (is_formula or text[0] in "\t\r\n") else text

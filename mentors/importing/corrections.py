"""The lines of a list that cannot be used, as a workbook to correct and give again."""

from django.utils.translation import gettext as _

from documents.workbook import Column, Workbook, as_xlsx
from mentors.importing.columns import COLUMNS, CORRECTION
from mentors.importing.planning import WRONG
from mentors.models import MentorImport

WIDE = 60


def xlsx(checked: MentorImport) -> bytes:
    """The wrong lines as they were typed, each with what is to be corrected in a last column that an import skips."""
    said = dict(checked.lines)
    wrong = [line for line in checked.plan if line["action"] == WRONG]
    used = [column for column in COLUMNS if any(said[line["number"]].get(column.name) for line in wrong)]
    titles = [Column(str(column.title).capitalize(), 24) for column in used]
    rows = [[*(said[line["number"]].get(column.name, "") for column in used), _sentences(line)] for line in wrong]

    def fill(book: Workbook) -> None:
        book.table(_("À corriger"), [*titles, Column(str(CORRECTION).capitalize(), WIDE)], rows)

    return as_xlsx(_("Lignes à corriger"), fill)


def _sentences(line: dict) -> str:
    told = _("%(column)s\u00a0: il faut %(expected)s")
    return "\u00a0; ".join(told % {**fault, "column": fault["column"].capitalize()} for fault in line["faults"])

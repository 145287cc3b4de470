"""A file to fill in: the columns that an import knows, and in the workbook what each of them may say."""

from django.utils.translation import gettext as _

from accounts.regions import Region
from cohorts.models import Language, Partner, Trade
from documents.workbook import Column, Workbook, as_csv, as_xlsx
from mentors.importing.columns import COLUMNS

EXAMPLE = {
    "first_name": "Léa",
    "last_name": "Roche",
    "email": "lea.roche@exemple.fr",
    "position": "cheffe monteuse",
    "employer": "Studio Rosa",
    "trades": "Montage image, Montage son",
    "seniority": "plus de 10\u00a0ans",
    "region": "Bretagne",
    "accepts_remote": "oui",
    "languages": "français, anglais",
    "accompanies_minors": "non",
    "partner": "",
    "capacity": "2",
}


def titles() -> list[str]:
    return [str(column.title).capitalize() for column in COLUMNS]


def csv() -> bytes:
    """The titles alone: an example would be somebody to invite."""
    return as_csv([titles()])


def xlsx() -> bytes:
    """A sheet of titles to fill in, and one to read (3 queries)."""

    def fill(book: Workbook) -> None:
        book.table(_("Mentor·es"), [Column(title, max(16, len(title) + 4)) for title in titles()], [])
        book.blocks(_("Mode d’emploi"), _blocks(), widths=[30, 60, 34])

    return as_xlsx(_("Mentor·es à inviter"), fill)


def _blocks() -> list[tuple[str, list[str], list[list]]]:
    columns = [[str(c.title), str(c.hint), EXAMPLE[c.name]] for c in COLUMNS]
    trades = [[trade.name, trade.family] for trade in Trade.objects.filter(is_offered=True)]
    return [
        (_("Les colonnes"), [_("Colonne"), _("Ce qu’elle dit"), _("Exemple")], columns),
        (_("Les métiers"), [_("Métier"), _("Famille")], trades),
        (_("Les régions"), [], [[str(label)] for label in Region.labels]),
        (_("Les langues"), [], [[str(label)] for label in Language.labels]),
        (_("Les partenaires"), [], [[name] for name in Partner.objects.values_list("name", flat=True)]),
    ]

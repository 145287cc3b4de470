"""The trades to recruit for, and all that a cohort needs, as tables: numbers of people, and nobody's name."""

from django.utils.translation import gettext as _

from documents.workbook import Column, Workbook, as_csv, as_xlsx
from matching.needs import Needs

WIDTHS = [34, 30, *[16] * 7]


def csv(needs: Needs) -> bytes:
    return as_csv([[column.title for column in _columns()], *_to_recruit(needs)])


def xlsx(needs: Needs, title: str) -> bytes:
    """What to recruit for on the first sheet, everything else on the second."""

    def fill(book: Workbook) -> None:
        book.table(_("Métiers à recruter"), _columns(), _to_recruit(needs))
        book.blocks(_("Tout"), _blocks(needs), widths=WIDTHS)

    return as_xlsx(title, fill)


def _columns() -> list[Column]:
    return [
        Column(_("Famille"), 30),
        Column(_("Métier"), 34),
        Column(_("Il manque"), 12),
        Column(_("Où chercher"), 44),
        Column(_("Régions de celles et ceux qui le demandent"), 60),
        Column(_("Premiers vœux"), 16),
        Column(_("Tous les vœux"), 16),
        Column(_("Places"), 10),
        Column(_("Promises"), 12),
    ]


def _to_recruit(needs: Needs) -> list[list]:
    return [
        [
            *(line.family, line.name, line.missing, _listed(line.where_to_look), _listed(line.asked_from)),
            *(line.first, line.wanted, line.given, line.promised),
        ]
        for line in needs.to_recruit
    ]


def _listed(counts: list[tuple[str, int]]) -> str:
    return "\u00a0; ".join(f"{name} ({count})" for name, count in counts)


def _blocks(needs: Needs) -> list[tuple[str, list[str], list[list]]]:
    missing, sure = _("Il manque"), _("Dont à coup sûr")
    asked = [_("Premiers vœux"), _("Tous les vœux")]
    given = [_("Places"), _("Promises"), missing]
    families = [
        [*(line.name, line.first, line.wanted, line.only, line.given, line.promised), line.missing, line.sure]
        for line in needs.families
    ]
    trades = [
        [line.name, line.family, line.first, line.wanted, line.given, line.promised, line.missing]
        for line in needs.trades
    ]
    regions = [
        [*(line.name, line.people, line.in_person, line.places, line.elsewhere), line.missing, line.sure]
        for line in needs.regions
    ]
    near = [_("En personne seulement"), _("Places ici"), _("Ailleurs, à distance")]
    names = [line.name for line in needs.families]
    return [
        (_("Qui est compté"), [], _counted(needs)),
        (_("Par famille"), [_("Famille"), *asked, _("Ne veulent qu’elle"), *given, sure], families),
        (_("Par métier"), [_("Métier"), _("Famille"), *asked, *given], trades),
        (
            _("Par région"),
            [_("Région"), _("Personnes"), *near, missing, sure],
            regions,
        ),
        (_("Ne veulent que cette famille, par région"), [_("Région"), *names], _grid(needs, "people")),
        (_("Places de cette famille, par région"), [_("Région"), *names], _grid(needs, "places")),
        (_("Il manque, par région"), [_("Région"), *names], [*_grid(needs, "missing"), *_anywhere(needs)]),
    ]


def _counted(needs: Needs) -> list[list]:
    if needs.is_placed:
        people = [[_("Ont confirmé leur place"), needs.confirmed], [_("Doivent encore confirmer"), needs.to_confirm]]
    else:
        people = [[_("Ont candidaté"), needs.waiting]]
    return [
        *people,
        [_("Places"), needs.places],
        [_("Dont mentor·es pas encore prêt·es"), needs.unready],
        [_("Places promises"), needs.promised],
    ]


def _grid(needs: Needs, what: str) -> list[list]:
    return [[region.name, *(getattr(cell, what) for cell in cells)] for region, cells in needs.grid]


def _anywhere(needs: Needs) -> list[list]:
    return [[_("À distance"), *(line.lack.anywhere for line in needs.families)]]

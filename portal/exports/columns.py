"""What a line of « Candidatures » says of a file and its person; gender and social criteria are never among it."""

from collections.abc import Callable, Iterator

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from applications.models import Application, Wish
from cohorts.models import Audience
from consents.models import GuardianAuthorisation
from documents.workbook import Column
from portal import application_list
from portal.application_page import is_known_minor
from reviews.models import Decision

BATCH = 1_000
"""Files read at a time."""
LEFT_OUT = ("background", "project", "hopes")
"""Long answers, which nobody reads in a cell."""

Choice = GuardianAuthorisation.State


def columns() -> list[tuple[Column, Callable]]:
    """Each column, and what it holds of a file."""
    return [
        (Column(_("Référence"), 13), lambda f: f.reference),
        (Column(_("Prénom"), 18), lambda f: f.candidate.first_name),
        (Column(_("Nom"), 22), lambda f: f.candidate.last_name),
        (Column(_("Adresse e-mail"), 34), lambda f: f.candidate.email),
        (Column(_("Téléphone"), 20), lambda f: _phone(f.candidate.phone)),
        (Column(_("Région"), 24), lambda f: f.candidate.get_region_display()),
        (Column(_("Promotion"), 18), lambda f: f.cohort.name),
        (Column(_("Public"), 24), lambda f: Audience(f.audience).label if f.audience else None),
        *((Column(_("Métier %s") % (n + 1), 28), lambda f, n=n: _trade(f, n)) for n in range(3)),
        (Column(_("État"), 20), lambda f: _state(f)),
        (Column(_("Décision à publier"), 19), lambda f: _outcome(f)),
        (Column(_("Note moyenne"), 14), lambda f: f.mean),
        (Column(_("Avis donnés"), 13), lambda f: f.given or 0),
        (Column(_("Envoyée le"), 18), lambda f: f.sent_at),
        (Column(_("Réponse annoncée le"), 21), lambda f: f.announced_at),
        (Column(_("À confirmer avant le"), 21), lambda f: f.confirm_by),
        (Column(_("Confirmée le"), 18), lambda f: f.confirmed_at),
        (Column(_("Rang d’attente"), 15), lambda f: f.waitlist_rank),
        (Column(_("Mineur·e au début"), 18), lambda f: _("oui") if is_known_minor(f) else _("non")),
        (Column(_("Autorisation parentale"), 23), lambda f: _authorisation(f)),
        (Column(_("Suivi manuel"), 14), lambda f: _("oui") if f.candidate.is_followed_by_hand else None),
    ]


def read(ids: list[int]) -> Iterator[Application]:
    """These files in this order, a batch at a time, each with what its line says (2 queries a batch)."""
    wishes = Prefetch("wishes", queryset=Wish.objects.select_related("trade"))
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        found: QuerySet = application_list.detailed(Application.objects.filter(pk__in=batch))
        by_id = found.defer(*LEFT_OUT).prefetch_related(wishes).in_bulk()
        yield from (by_id[pk] for pk in batch if pk in by_id)


def _phone(phone) -> str:
    return phone.as_international if phone else ""


def _trade(file: Application, n: int) -> str | None:
    trades = file.ranked_trades
    return trades[n].name if n < len(trades) else None


def _state(file: Application) -> str:
    return _("en saisie") if file.state == Application.State.DRAFT else file.get_state_display()


def _outcome(file: Application) -> str | None:
    return Decision.Outcome(file.pending_outcome).label if file.pending_outcome else None


def _authorisation(file: Application) -> str | None:
    if file.authorisation_state:
        return Choice(file.authorisation_state).label
    return _("pas encore demandée") if is_known_minor(file) else None

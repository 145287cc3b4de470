"""An export is asked for, opened, forgotten. Personal data leave the portal here: the journal keeps each time."""

from datetime import datetime
from urllib.parse import parse_qs, urlencode

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import Application
from documents import storage
from lifecycle import journal
from lifecycle.refusals import Refusal
from portal import application_list
from portal.admin.application_filters import FILTERS
from portal.models import KEPT, Export

SEARCHED = "q"
"""The name under which the list's address bears what was searched."""


@transaction.atomic
def ask(actor, filters: str, *, now: datetime | None = None) -> Export:
    """A coordinator asks for a spreadsheet of the files that the list shows under these filters.

    The worker makes it within a minute. Raises Refusal while another of hers is being made.
    """
    now = now or timezone.now()
    kept = known(filters)
    try:
        with transaction.atomic():
            export = Export.objects.create(asked_by=actor, asked_at=now, filters=kept, words=words(kept))
    except IntegrityError:
        raise Refusal(_("Un export est déjà en préparation\u00a0: attendez qu’il soit prêt."))
    journal.record("export.requested", export, actor=actor, now=now)
    return export


def open_(export: Export, *, actor, now: datetime | None = None) -> None:
    """Note in the journal that a coordinator downloads it."""
    journal.record("export.opened", export, actor=actor, now=now)


def forget(now: datetime) -> int:
    """The clock: delete the exports of more than a day, and their files. Returns how many."""
    count = 0
    for export in Export.objects.filter(asked_at__lte=now - KEPT):
        storage.forget(export.stored_name)
        export.delete()
        count += 1
    return count


# --- What is in it --------------------------------------------------------------------------------


def known(filters: str) -> str:
    """The filters of an address that the list knows, in one form; pages, columns and the rest are left out."""
    given = parse_qs(filters)
    names = [*(kind.parameter_name for kind in FILTERS), SEARCHED]
    kept = [(name, given[name][-1].replace("\x00", "")[:200]) for name in names if name in given]
    return urlencode([(name, value) for name, value in kept if value])[:1000]


def narrowed(files: QuerySet[Application], filters: str) -> QuerySet[Application]:
    """The files that the list would show under these filters."""
    for one in _filters(filters):
        files = one.queryset(None, files)
    searched = parse_qs(filters).get(SEARCHED)
    if not searched:
        return files
    try:
        return application_list.search(files, searched[-1])
    except application_list.TooBroad:
        return files.none()


def words(filters: str) -> list[str]:
    """The filters as people read them: « promotion : Printemps 2027 »."""
    said = []
    for one in _filters(filters):
        label = {str(value): label for value, label in one.lookup_choices}.get(one.value())
        if one.value() is not None:
            said.append(f"{one.title}\u00a0: {label or one.value()}")
    searched = parse_qs(filters).get(SEARCHED)
    return [*said, *([_("recherche\u00a0: %s") % searched[-1]] if searched else [])]


def _filters(filters: str):
    given = parse_qs(filters)
    return [kind(None, given, Application, None) for kind in FILTERS]

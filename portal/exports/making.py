"""The worker's side of an export: claim one, write it, keep the file; all of it or nothing."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from cohorts.models import Cohort
from documents import scratch, storage
from documents.workbook import Workbook
from lifecycle import journal
from lifecycle.moves import lock, move
from portal import application_list
from portal.exports import asking, columns, sheets
from portal.models import Export

log = logging.getLogger(__name__)

State = Export.State

ALLOWED = {
    State.REQUESTED: {State.RUNNING},
    State.RUNNING: {State.REQUESTED, State.DONE, State.FAILED},
}
LEASE = timedelta(minutes=5)
"""A worker that says nothing for that long is taken for dead. It says something at every batch."""
MAX_ATTEMPTS = 3


class LeaseLost(Exception):
    """Another worker took the export over meanwhile: what this one wrote is dropped."""


@transaction.atomic
def claim(now: datetime) -> Export | None:
    """The oldest export to make, now RUNNING with a lease; none when there is nothing to do."""
    lost = Export.objects.filter(state=State.RUNNING, lease_until__lt=now)
    for export in lost.select_for_update(skip_locked=True, no_key=True).order_by("pk"):
        to = State.REQUESTED if export.attempts < MAX_ATTEMPTS else State.FAILED
        move(export, to, allowed=ALLOWED, actor=journal.CLOCK, now=now, lease_until=None)
    waiting = Export.objects.filter(state=State.REQUESTED).order_by("asked_at", "pk")
    export = waiting.select_for_update(skip_locked=True, no_key=True).first()
    if export is not None:
        begun = {"lease_until": now + LEASE, "attempts": export.attempts + 1, "rows": 0}
        move(export, State.RUNNING, allowed=ALLOWED, actor=journal.CLOCK, now=now, **begun)
    return export


def work(export: Export) -> None:
    """Write the spreadsheet as the files are now. Whatever goes wrong leaves the export FAILED, and no file."""
    try:
        with scratch.folder(purpose="export") as folder:
            path = Path(folder, "export.xlsx")
            write(export, path)
            _finish(export, path)
    except LeaseLost:
        log.warning("export %s was taken over by another worker", export.pk)
    except Exception:
        log.exception("export %s failed", export.pk)
        _fail(export)


def write(export: Export, path: Path) -> None:
    """The whole workbook at `path`, in constant memory whatever the number of files."""
    if not export.asked_by.is_coordinator:
        raise PermissionError(f"{journal.ref(export.asked_by)} coordinates no more")
    found = asking.narrowed(application_list.files(export.asked_by), export.filters)
    ids = list(found.order_by("-sent_at", "-id").values_list("pk", flat=True))
    export.total = len(ids)
    _alive(export, 0)
    tally, told = sheets.Tally(), columns.columns()
    cohorts = Cohort.objects.filter(pk__in=found.order_by().values("cohort"))
    with Workbook(path, title=export.file_name.removesuffix(".xlsx")) as book:
        book.table("Candidatures", [column for column, _value in told], _lines(export, ids, told, tally))
        book.blocks("Statistiques", tally.blocks(), widths=[60, 16])
        chiffres = [block for cohort in cohorts for block in sheets.figure_blocks(cohort)]
        book.blocks("Chiffres", chiffres, widths=[44, 14, 16, 12])
        book.blocks("À lire", sheets.notes(export), widths=[110])


def _lines(export: Export, ids: list[int], told, tally) -> Iterator[list]:
    for count, file in enumerate(columns.read(ids), 1):
        tally.add(file)
        yield [value(file) for _column, value in told]
        if count % columns.BATCH == 0:
            _alive(export, count)


def _alive(export: Export, rows: int) -> None:
    """Say how far it has come, and renew the lease. Raises LeaseLost."""
    lease = timezone.now() + LEASE
    mine = Export.objects.filter(pk=export.pk, state=State.RUNNING, attempts=export.attempts)
    if not mine.update(rows=rows, total=export.total, lease_until=lease):
        raise LeaseLost
    export.rows = rows


@transaction.atomic
def _finish(export: Export, path: Path) -> None:
    _hold(export)
    stored = storage.keep(path)
    try:
        size, now = path.stat().st_size, timezone.now()
        done = {"stored_name": stored, "size": size, "rows": export.total or 0, "done_at": now, "lease_until": None}
        move(export, State.DONE, allowed=ALLOWED, actor=journal.CLOCK, now=now, **done)
    except BaseException:
        storage.forget(stored)
        raise


def _hold(export: Export) -> None:
    attempts, total = export.attempts, export.total
    lock(export)
    if export.state != State.RUNNING or export.attempts != attempts:
        raise LeaseLost
    export.total = total


@transaction.atomic
def _fail(export: Export) -> None:
    try:
        _hold(export)
    except (LeaseLost, Export.DoesNotExist):
        return
    move(export, State.FAILED, allowed=ALLOWED, actor=journal.CLOCK, now=timezone.now(), lease_until=None)

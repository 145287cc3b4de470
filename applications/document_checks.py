"""The worker's part in documents: each is scanned, rebuilt without anything that could do harm, or found unusable.

A row is claimed for a while (`LEASE`): when the worker is killed in the middle, another one takes it up again.
"""

import logging
from datetime import datetime, time, timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from applications import drafting, emails, papers
from applications.models import Application, Document, Draft
from documents import cleaning, scanner, scratch, storage
from documents.first_look import display_name
from documents.limits import WALL_SECONDS
from documents.reasons import Reason, Unavailable, Unusable
from lifecycle import journal
from lifecycle.moves import lock, move

State = Document.State
ALLOWED = {State.RECEIVED: {State.CLEAN, State.UNUSABLE}}

LEASE = timedelta(seconds=2 * (WALL_SECONDS + scanner.SECONDS))
"""Longer than scanning and cleaning may take: who claimed a row that long ago is dead."""
MAX_ATTEMPTS = 3
"""A file that killed the worker so many times is not tried again."""
DAYS_TO_REPLACE = 3
"""How long a candidate has at least to send another file in the place of one that turned out to be unusable."""

logger = logging.getLogger(__name__)


def clean_next(*, now=None) -> Document | None:
    """The worker: take the oldest document that waits, and settle it. Returns it, or None when nothing waits.

    Raises Unavailable, and leaves the row waiting, when the scanner does not answer, the sandbox does not start, or the
    disk takes no more.
    """
    now = now or timezone.now()
    document = _claim(now)
    if document is None:
        return None
    if document.attempts > MAX_ATTEMPTS:
        _found_unusable(document, Reason.TOO_SLOW, now=now)
        return document
    try:
        with scratch.folder() as folder:
            _look(document, Path(folder), now=now)
    except Unavailable:
        _give_back(document)
        raise
    except OSError as error:
        _give_back(document)
        raise Unavailable(str(error)) from error
    return document


def _look(document: Document, folder: Path, *, now) -> None:
    if not storage.is_kept(document.stored_name):
        logger.error("%s has lost its file", document)
        _found_unusable(document, Reason.BROKEN, now=now)
        return
    raw, clean = folder / "raw", folder / "clean"
    try:
        storage.fetch(document.stored_name, raw)
        scanner.scan(raw)
        cleaned = cleaning.clean(raw, clean)
    except Unusable as unusable:
        logger.info("%s is unusable: %s %s", document, unusable.reason.value, unusable.detail)
        _found_unusable(document, unusable.reason, now=now)
    else:
        _found_clean(document, clean, cleaned, now=now)


def _claim(now) -> Document | None:
    """The oldest document that waits and that no living worker holds; `claimed_at` tells this claim from any other."""
    with transaction.atomic():
        free = Document.objects.to_clean().filter(Q(claimed_at=None) | Q(claimed_at__lt=now - LEASE))
        document = free.select_for_update(of=("self",), skip_locked=True, no_key=True).first()
        if document is not None:
            document.claimed_at, document.attempts = now, document.attempts + 1
            document.save(update_fields=["claimed_at", "attempts"])
    return document


def _give_back(document: Document) -> None:
    """Nothing was learnt of the file: this attempt does not count."""
    mine = Document.objects.filter(pk=document.pk, state=State.RECEIVED, claimed_at=document.claimed_at)
    mine.update(claimed_at=None, attempts=F("attempts") - 1)


def _still_mine(document: Document) -> bool:
    """Whether the document still waits for this very claim to be settled; locks its application, then its row."""
    lock(document.application)
    rows = Document.objects.select_for_update(of=("self",), no_key=True)
    return rows.filter(pk=document.pk, state=State.RECEIVED, claimed_at=document.claimed_at).exists()


def _found_clean(document: Document, clean: Path, cleaned: cleaning.Cleaned, *, now) -> None:
    raw_name, clean_name = document.stored_name, storage.keep(clean)
    is_settled = False
    try:
        with transaction.atomic():
            if _still_mine(document):
                move(
                    document,
                    State.CLEAN,
                    allowed=ALLOWED,
                    actor=journal.CLOCK,
                    now=now,
                    name=display_name(document.name, cleaned.content_type),
                    content_type=cleaned.content_type,
                    pages=cleaned.pages,
                    size=cleaned.size,
                    stored_name=clean_name,
                    checked_at=now,
                    is_scanned=scanner.is_configured(),
                )
                is_settled = True
    finally:
        if not is_settled:  # taken out meanwhile, or settled by somebody else
            storage.forget(clean_name)
    if is_settled:
        storage.forget(raw_name)


def _found_unusable(document: Document, reason: Reason, *, now) -> None:
    raw_name = document.stored_name
    with transaction.atomic():
        if not _still_mine(document):
            return
        move(
            document,
            State.UNUSABLE,
            allowed=ALLOWED,
            actor=journal.CLOCK,
            now=now,
            detail=reason.value,
            reason=reason,
            stored_name="",
            checked_at=now,
        )
        _tell(document, now=now)
    storage.forget(raw_name)


# --- Telling her ------------------------------------------------------------------------------


def _tell(document: Document, *, now) -> None:
    """She is written to with a date, as long as another file can still change something; a revision opens if need be.

    Nothing is written about a file that she took out meanwhile, nor about a copy redacted by staff: no answers name it.
    """
    application = Application.objects.select_related("cohort", "candidate").get(pk=document.application_id)
    draft = Draft.objects.filter(application=application).first()
    if draft is not None and document.pk not in papers.ids_in(draft.answers):
        return
    if application.state == Application.State.SUBMITTED and document.pk in papers.last_sent(application):
        if drafting.reopen_for_document(application, until=_time_to_replace(application, now), now=now):
            emails.ask_for_another_file(document, application, reason=document.why, is_sent=True, now=now)
    elif draft is not None and application.is_open(now) and not application.is_typed_by_staff:
        emails.ask_for_another_file(document, application, reason=document.why, is_sent=False, now=now)


def _time_to_replace(application: Application, now) -> datetime:
    """The end of the third day, or the file's own term when that is later; never after the cohort has started."""
    day = timezone.localdate(now) + timedelta(days=DAYS_TO_REPLACE)
    last = application.cohort.starts_on - timedelta(days=1)
    return max(application.term, timezone.make_aware(datetime.combine(min(day, last), time(23, 59))))

"""What is left behind: files in storage that no row names, documents that no draft and no sent copy holds.

Nobody misses them: they come from a worker killed at the wrong moment, and from changes that were given up.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from django.core.files.storage import storages
from django.db import transaction

from applications import attachments, papers
from applications.models import Document, Draft, SentCopy
from lifecycle.moves import lock

UNTOUCHED = timedelta(days=1)
"""Younger ones may be on their way: a file is stored before its row is written."""
BATCH = 500


def forget_documents(now: datetime) -> int:
    """The clock, at night: delete documents that nothing holds any more. Returns how many."""
    old = Document.objects.filter(redacts=None, received_at__lt=now - UNTOUCHED)
    files = old.order_by("application").values_list("application", flat=True).distinct().iterator(BATCH)
    count = 0
    while batch := list(islice(files, BATCH)):
        known = _held_in(batch)
        for document in old.filter(application__in=batch).select_related("application"):
            if document.pk not in known:
                count += _forget(document)
    return count


def _held_in(applications: list[int]) -> set[int]:
    drafts = Draft.objects.filter(application__in=applications).values_list("answers__documents", flat=True)
    copies = SentCopy.objects.filter(application__in=applications).values_list("content__documents", flat=True)
    return {pk for ids in (*drafts, *copies) for pk in ids or ()}


@transaction.atomic
def _forget(document: Document) -> bool:
    """Look again, now that nobody can write: somebody may have taken it up since."""
    lock(document.application)
    draft = Draft.objects.filter(application=document.application_id).first()
    if papers.is_in_a_copy(document) or (draft and document.pk in papers.ids_in(draft.answers)):
        return False
    attachments.delete(document)
    return True


def forget_files(now: datetime) -> int:
    """The clock, at night: delete stored files that no document names. Returns how many."""
    storage, count = storages["documents"], 0
    names = (name for name in _names(storage) if _is_older(storage, name, now - UNTOUCHED))
    while batch := list(islice(names, BATCH)):
        known = set(Document.objects.filter(stored_name__in=batch).values_list("stored_name", flat=True))
        for name in set(batch) - known:
            storage.delete(name)
            count += 1
    return count


def _is_older(storage, name: str, than: datetime) -> bool:
    """False for one that went meanwhile: the worker does not sleep at night."""
    try:
        return storage.get_modified_time(name) < than
    except FileNotFoundError:
        return False


def _names(storage, folder: str = "") -> Iterator[str]:
    """Every name in the storage. Folders are few: names begin with two letters of their own."""
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:  # nothing was ever stored
        return
    yield from (f"{folder}/{name}" if folder else name for name in files)
    for inner in folders:
        yield from _names(storage, f"{folder}/{inner}" if folder else inner)

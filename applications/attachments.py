"""The verbs of a file's documents: adding one, taking one out, giving a redacted copy, opening one as staff.

Which documents a candidate stands by is written in her draft and frozen in what she sends, like her answers. The file
itself lies in private storage: it is stored before its row is written, and deleted only once its row is gone for good,
so that no row ever lacks its file; what a crash leaves behind in storage, `orphans` deletes at night.
"""

import hashlib

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications import emails, papers
from applications.drafting import open_draft, require_not_own
from applications.models import Application, Document, Draft
from cohorts.models import MAX_FILES, DocumentAsked
from documents import storage
from documents.first_look import display_name, first_look
from lifecycle import journal
from lifecycle.moves import lock
from lifecycle.refusals import Refusal

State = Document.State


def attach(application: Application, asked: DocumentAsked, upload, *, actor, now=None) -> Document:
    """The candidate, or a coordinator who types the file for her, adds a file to what is being written.

    It waits for the worker (`document_checks`). The same file given twice for the same document is there once. When all
    the places are taken, a file that cannot be used gives up its own. Raises Unusable for what can be seen to be of no
    use, NotKept when the storage takes no more, Refusal when there are too many, IllegalTransition when nothing is open
    to be written.
    """
    now = now or timezone.now()
    content_type = first_look(upload)
    fields = {"sha256": _sha256(upload), "name": display_name(upload.name, content_type), "size": upload.size}
    stored_name = storage.keep(upload)
    try:
        with transaction.atomic():
            lock(application)
            draft = open_draft(application)
            document = _same(draft, asked, fields["sha256"])
            if document is None:
                _make_room(draft, asked, actor=actor, now=now)
                document = Document.objects.create(
                    application=application,
                    asked=asked,
                    content_type=content_type,
                    stored_name=stored_name,
                    received_at=now,
                    **fields,
                )
                _write(draft, [*papers.ids_in(draft.answers), document.pk], now=now)
                journal.record("document.received", document, actor=actor, now=now, detail=asked.label)
    except BaseException:
        storage.forget(stored_name)
        raise
    if document.stored_name != stored_name:
        storage.forget(stored_name)
    return document


def _sha256(upload) -> str:
    upload.seek(0)
    return hashlib.file_digest(upload, "sha256").hexdigest()


def _same(draft: Draft, asked: DocumentAsked, sha256: str) -> Document | None:
    """The same file, already there for the same document. One that could not be used may be tried anew."""
    given = (d for d in papers.held(draft.answers) if d.state != State.UNUSABLE)
    return next((d for d in given if (d.asked_id, d.sha256) == (asked.pk, sha256)), None)


def _make_room(draft: Draft, asked: DocumentAsked, *, actor, now) -> None:
    """A place for one file more, for this document and in all. Raises Refusal when there is none."""
    held = papers.held(draft.answers)
    of_this = [document for document in held if document.asked_id == asked.pk]
    for documents, most, sentence in (
        (of_this, asked.max_files, _too_many(asked)),
        (held, MAX_FILES, _("Votre candidature a déjà cinq fichiers, le maximum\u00a0: retirez-en un d’abord.")),
    ):
        usable = [document for document in documents if document.state != State.UNUSABLE]
        if len(usable) >= most:
            raise Refusal(sentence)
        of_no_use = [document for document in documents if document not in usable]
        for document in of_no_use[: max(0, len(documents) - most + 1)]:
            _take_out(draft, document, actor=actor, now=now)
            held.remove(document)


def _too_many(asked: DocumentAsked) -> str:
    return ngettext(
        "Il y a déjà un fichier ici\u00a0: retirez-le d’abord pour en mettre un autre à sa place.",
        "Il y a déjà %(count)s fichiers ici, le maximum\u00a0: retirez-en un d’abord.",
        asked.max_files,
    ) % {"count": asked.max_files}


def _write(draft: Draft, ids: list[int], *, now) -> None:
    draft.answers["documents"] = ids
    draft.saved_at = now
    draft.save(update_fields=["answers", "saved_at"])


@transaction.atomic
def detach(application: Application, document: Document, *, actor, now=None) -> None:
    """The candidate takes a file out of what is being written. It is deleted, unless something that was sent holds it.

    Nothing happens when it is out already. Raises IllegalTransition when nothing is open to be written.
    """
    now = now or timezone.now()
    lock(application)
    draft = open_draft(application)
    if document.pk in papers.ids_in(draft.answers):
        _take_out(draft, document, actor=actor, now=now)


def _take_out(draft: Draft, document: Document, *, actor, now) -> None:
    _write(draft, [pk for pk in papers.ids_in(draft.answers) if pk != document.pk], now=now)
    journal.record("document.removed", document, actor=actor, now=now, detail=document.asked.label)
    emails.drop_document_letters(document)
    if not papers.is_in_a_copy(document):
        delete(document)


def delete(document: Document) -> None:
    """Delete a document that nothing holds, and its redacted copy, with their files once that is certain.

    A step of the verbs here and of `orphans`.
    """
    gone = Document.objects.select_for_update().filter(pk=document.pk)
    redacted = Document.objects.select_for_update().filter(redacts=document.pk)
    names = [name for rows in (gone, redacted) for name in rows.values_list("stored_name", flat=True)]
    document.delete()
    transaction.on_commit(lambda: [storage.forget(name) for name in names])


def redact(document: Document, upload, *, actor, now=None) -> Document:
    """A coordinator gives a copy of a sent document without what says whose it is: a blind reading shows nothing else.

    It is made harmless like any other file, and takes the place of the one given before. Raises Unusable, NotKept, and
    Refusal when it is the coordinator's own file, or when the document is not part of what was last sent.
    """
    now = now or timezone.now()
    application = document.application
    require_not_own(application.candidate, actor)
    content_type = first_look(upload)
    sha256, stored_name = _sha256(upload), storage.keep(upload)
    try:
        with transaction.atomic():
            lock(application)
            if document.redacts_id or document.pk not in papers.last_sent(application):
                raise Refusal(_("Ce document ne fait plus partie de la dernière version envoyée."))
            if before := Document.objects.filter(redacts=document).first():
                delete(before)
            redacted = Document.objects.create(
                application=application,
                redacts=document,
                name=display_name(upload.name, content_type),
                content_type=content_type,
                size=upload.size,
                sha256=sha256,
                stored_name=stored_name,
                received_at=now,
            )
            journal.record("document.redacted", document, actor=actor, now=now, detail=document.asked.label)
    except BaseException:
        storage.forget(stored_name)
        raise
    return redacted


def note_opened(document: Document, *, actor, now=None) -> None:
    """Somebody of the staff or of the jury opens a document: the journal says who, and which. A redacted copy is told
    of the document that it stands for.
    """
    shown = document.redacts or document
    detail = shown.asked.label
    if document.redacts_id:
        detail = _("%s (version caviardée)") % detail
    journal.record("document.opened", shown, actor=actor, now=now, detail=detail)

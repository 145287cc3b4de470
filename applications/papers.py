"""Reads about the documents of a file: what its draft holds, what was sent, who may open which."""

from dataclasses import dataclass

from applications.models import Application, Document, SentCopy


def ids_in(answers: dict) -> list[int]:
    """The documents that some answers hold, in the order in which they were added."""
    return answers.get("documents") or []


def held(answers: dict) -> list[Document]:
    """Those documents themselves, in that order (1 query, none when there are none)."""
    ids = ids_in(answers)
    found = Document.objects.select_related("asked").in_bulk(ids) if ids else {}
    return [found[pk] for pk in ids if pk in found]


def last_sent(application: Application) -> list[int]:
    """The ids of the documents in what was last sent: what staff and jury see, and nothing else."""
    copy = application.copies.first()
    return ids_in(copy.content) if copy else []


def is_in_a_copy(document: Document) -> bool:
    """Whether something that was sent holds it: then it stays."""
    return SentCopy.objects.filter(
        application=document.application_id, content__documents__contains=[document.pk]
    ).exists()


@dataclass(frozen=True)
class Paper:
    """A document of what was sent, as staff see it: under the words of that day, with its redacted copy if any."""

    label: str
    name: str
    document: Document
    redacted: Document | None


def sent_papers(copy: SentCopy | None) -> list[Paper]:
    """The documents of a sent copy (2 queries, none when it has none)."""
    ids = ids_in(copy.content) if copy else []
    if not ids:
        return []
    found = Document.objects.select_related("asked").in_bulk(ids)
    redacted = {document.redacts_id: document for document in Document.objects.filter(redacts__in=ids)}
    words = copy.content.get("files", [])
    return [
        Paper(said["label"], said["name"], found[pk], redacted.get(pk))
        for pk, said in zip(ids, words, strict=False)
        if pk in found
    ]


def openable_by(user, token: str) -> Document | None:
    """The document of that token, when this person may know of it through the candidates' pages or the admin.

    A candidate: her own, not the copies that staff redacted. A coordinator: those of what was last sent, with their
    redacted copies, and those of a file that staff type from paper. Whether it may be opened yet is another question:
    only a clean one is.
    """
    found = Document.objects.visible_to(user).filter(token=token)
    document = found.select_related("application__cohort", "application__candidate", "asked", "redacts__asked").first()
    if document is None:
        return None
    application = document.application
    if application.candidate_id == user.pk:
        return None if document.redacts_id else document
    is_sent = (document.redacts_id or document.pk) in last_sent(application)
    return document if is_sent or application.is_typed_by_staff else None

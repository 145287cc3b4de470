"""Freezing what was sent."""

import hashlib
import json

from applications import outline
from applications.files import File
from applications.models import SentCopy


def freeze(file: File, *, now) -> SentCopy:
    """Keep what the draft says now as the file's next numbered copy, with a SHA-256 over its canonical JSON."""
    content = _content(file)
    application = file.application
    return SentCopy.objects.create(
        application=application,
        number=application.copies.count() + 1,
        sent_at=now,
        content=content,
        checksum=checksum(content),
    )


def checksum(content: dict) -> str:
    """SHA-256, in hexadecimal, of the canonical JSON of a copy's content."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _content(file: File) -> dict:
    """The answers to what the form asks now, and what the cohort asked in the words of the day.

    A document that cannot be used is not sent.
    """
    names = [name for step in file.steps for name in step.answers]
    answers = {name: file.answers[name] for name in names if name in file.answers}
    answers["trades"] = [trade.slug for trade in file.trades]
    said = answers.pop("questions", {})
    said = {str(q.pk): said[str(q.pk)] for q in file.questions if str(q.pk) in said}
    asked = [{"text": q.text, "kind": q.kind, "answer": said.get(str(q.pk), "")} for q in file.questions]
    return {**answers, **_documents(file), "questions": said, "asked": asked}


def _documents(file: File) -> dict:
    if not file.asks(outline.DOCUMENTS):
        return {}
    sent = file.usable_documents
    files = [{"label": d.asked.label, "name": d.name, "sha256": d.sha256} for d in sent]
    return {"documents": [document.pk for document in sent], "files": files}

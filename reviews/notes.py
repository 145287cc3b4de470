"""The verbs of the jury's notes: what a reader tells the coordination about a file, and what becomes of it."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications import drafting
from applications.models import Application
from lifecycle import journal
from lifecycle.moves import lock, move
from lifecycle.refusals import IllegalTransition, Refusal
from reviews import emails
from reviews.models import Decision, Note
from reviews.queries import readable_by

ALLOWED = {Note.State.OPEN: {Note.State.FORWARDED, Note.State.CLOSED}}
LONGEST = Note._meta.get_field("text").max_length
WRITTEN = {Note.Kind.FLAG: "application.flagged", Note.Kind.QUESTION: "application.question_asked"}
"""What the journal says of a new note."""


@transaction.atomic
def write(application: Application, author, *, kind: str, text: str, now=None) -> Note:
    """A jury member writes to the coordination about a file she may read; the candidate hears nothing of it.

    The same words twice are one note. Raises Refusal when the file is not hers to read, when there are no words or too
    many, or when a question comes after the decision.
    """
    now = now or timezone.now()
    lock(application)
    if not readable_by(author).filter(pk=application.pk).exists():
        raise Refusal(_("Ce dossier ne vous est pas confié."))
    text = _tidy(text)
    if kind == Note.Kind.QUESTION and application.state != Application.State.SUBMITTED:
        raise Refusal(_("Ce dossier a déjà reçu une décision\u00a0: il n’y a plus rien à demander."))
    known = {"application": application, "author": author, "kind": kind, "text": text, "state": Note.State.OPEN}
    note, is_new = Note.objects.get_or_create(**known, defaults={"written_at": now})
    if is_new:
        journal.record(WRITTEN[kind], application, actor=author, now=now)
    return note


@transaction.atomic
def forward(note: Note, words: str, *, until=None, actor, now=None) -> None:
    """A coordinator asks the candidate what the jury would like to know, in words of her own.

    One letter leaves; it never says who asked. With `until` the file is open again until then, so that she answers in
    it; otherwise she answers by e-mail. Raises Refusal when the note is no question, the words are missing or too long,
    the moment will not do, or the decision is being announced; IllegalTransition when the note was handled already, or
    the file decided.
    """
    now = now or timezone.now()
    application = note.application
    drafting.require_not_own(application.candidate, actor)
    lock(application)
    words = _tidy(words)
    if note.kind != Note.Kind.QUESTION:
        raise Refusal(_("Ce point est pour la coordination\u00a0: il n’a pas de question à transmettre."))
    if application.state != Application.State.SUBMITTED:
        raise IllegalTransition(journal.ref(application), application.state, Application.State.SUBMITTED)
    if Decision.objects.filter(application=application, release__done_at=None, release__isnull=False).exists():
        raise Refusal(_("La décision de ce dossier est en cours d’annonce."))
    move(note, Note.State.FORWARDED, allowed=ALLOWED, actor=actor, now=now, handled_at=now, words=words)
    if until is None:
        emails.ask_for_information(note, now=now)
    else:
        drafting.reopen(application, until=until, request=words, actor=actor, now=now)


@transaction.atomic
def close(note: Note, *, actor, now=None) -> None:
    """A coordinator has dealt with a note in another way, or leaves it at that. Raises IllegalTransition when it was
    handled already.
    """
    now = now or timezone.now()
    lock(note.application)
    move(note, Note.State.CLOSED, allowed=ALLOWED, actor=actor, now=now, handled_at=now)


def _tidy(text: str) -> str:
    text = "\n".join(line.rstrip() for line in text.replace("\x00", "").splitlines()).strip()
    if not text:
        raise Refusal(_("Écrivez d’abord quelques mots."))
    if len(text) > LONGEST:
        raise Refusal(_("2 000 caractères au plus\u00a0: raccourcissez votre texte."))
    return text

"""The door to the outbox for the verbs: post, cancel, release, forget. Nothing here speaks SMTP."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from lifecycle import journal
from lifecycle.refusals import Refusal
from notifications import kinds, rendering
from notifications.models import Letter

FORGOTTEN = {"to": "", "body": "", "error": ""}
"""What becomes of a letter whose kind is forgotten: servers repeat the address in their errors."""

STUCK_FOR = timedelta(days=7)
"""How long staff may still do something about such a letter when it is in failure, or uncertain."""


def post(
    kind: str,
    *,
    to: str,
    key: str,
    context: dict,
    about="",
    now=None,
    not_before=None,
    not_after=None,
    hold: str = "",
) -> bool:
    """Render a letter now and put it in the outbox; do nothing when `key` stands there already.

    `key` names the fact (`application:12:accepted`): one fact, one letter, whoever asks and how often.
    `about` is the object the letter speaks of. Not claimed before `not_before`, dropped and shown as
    such after `not_after`; with `hold`, kept back until `release(hold)`.

    Returns whether a row was written. Raises KeyError for a kind nobody registered, and ValueError for a key that
    would keep the address of a letter to be forgotten.
    """
    now = now or timezone.now()
    if kinds.get(kind).is_forgotten and to.lower() in key.lower():
        raise ValueError(f"{kind} is forgotten once sent, and its key holds the address")
    subject, body = rendering.render(kinds.get(kind), context)
    _letter, is_new = Letter.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "about": journal.ref(about),
            "to": to,
            "subject": subject,
            "body": body,
            "hold": hold,
            "created_at": now,
            "not_before": not_before or now,
            "not_after": not_after,
        },
    )
    return is_new


def post_each(kind: str, letters: Iterable[tuple[str, str, dict, object]], *, now=None) -> int:
    """Post a letter of one kind to many: (to, key, context, about) of each, in one query. As `post` for the rest.

    Returns how many were given; one whose key stands there already is left as it is.
    """
    now, known = now or timezone.now(), kinds.get(kind)
    if known.is_forgotten:
        raise ValueError(f"{kind} is forgotten once sent: its letters are posted one by one")
    rows = []
    for to, key, context, about in letters:
        subject, body = rendering.render(known, context)
        row = Letter(kind=kind, about=journal.ref(about), to=to, key=key, subject=subject, body=body)
        row.created_at = row.not_before = now
        rows.append(row)
    Letter.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def cancel(letters: QuerySet[Letter]) -> int:
    """Cancel those not yet handed over; the verb that makes a letter moot calls this. Returns how many."""
    return letters.filter(status=Letter.Status.QUEUED).update(status=Letter.Status.CANCELLED)


def fingerprint(address: str) -> str:
    """What stands for an address in a key: always the same, and nothing to the reader who lacks the secret key."""
    return salted_hmac("notifications.outbox", address.lower()).hexdigest()[:32]


def forget(letters: QuerySet[Letter]) -> int:
    """Of these, blank those whose kind is forgotten and that have left, or never will. Returns how many."""
    status = Letter.Status
    ended = letters.filter(kind__in=_forgotten_kinds(), status__in=[status.SENT, status.CANCELLED, status.EXPIRED])
    return ended.exclude(to="").update(**FORGOTTEN)


def forget_due(now) -> int:
    """The clock blanks whatever is left to blank, and gives up what has been stuck for long. Returns how many."""
    status = Letter.Status
    stuck = Letter.objects.filter(kind__in=_forgotten_kinds(), status__in=[status.FAILED, status.SENDING])
    stuck.filter(claimed_at__lt=now - STUCK_FOR).update(status=status.CANCELLED)
    return forget(Letter.objects.all())


def _forgotten_kinds() -> list[str]:
    return [kind.name for kind in kinds.every() if kind.is_forgotten]


def release(hold: str) -> int:
    """Let go every letter held under that name. Returns how many."""
    return Letter.objects.filter(hold=hold).exclude(hold="").update(hold="")


def discard(letters: QuerySet[Letter], *, hold: str) -> int:
    """Of these, delete those held under that name: they never left, and what they told was undone. Returns how many."""
    deleted, _rows = letters.filter(hold=hold, status__in=[Letter.Status.QUEUED, Letter.Status.CANCELLED]).delete()
    return deleted


def readdress(old: str, new: str) -> int:
    """The address of an account was corrected: its letters that have not left go to the right one. Returns how many.

    A letter to that address for another reason stays: the same school may be somebody's referent.
    """
    elsewhere = [kind.name for kind in kinds.every() if not kind.is_for_account]
    waiting = Letter.objects.filter(status=Letter.Status.QUEUED, to=old).exclude(kind__in=elsewhere)
    return waiting.update(to=new)


def resend(letter: Letter, *, actor) -> None:
    """A person puts an uncertain or failed letter back into the queue, knowing that it may arrive twice.

    Raises Refusal when it is neither.
    """
    now = timezone.now()
    stuck = Letter.objects.filter(status=Letter.Status.FAILED) | Letter.objects.uncertain(now)
    moved = stuck.filter(pk=letter.pk).update(
        status=Letter.Status.QUEUED, claimed_at=None, next_try_at=None, attempts=0, error=""
    )
    if not moved:
        raise Refusal("Ce courriel n’est ni incertain ni en échec : il n’y a rien à relancer.")
    journal.record("letter.requeued", letter, actor=actor, now=now)


def settle(letter: Letter, *, actor) -> None:
    """A person states that an uncertain letter did arrive. Raises Refusal when it is not uncertain."""
    now = timezone.now()
    moved = Letter.objects.uncertain(now).filter(pk=letter.pk).update(status=Letter.Status.SENT, sent_at=now)
    if not moved:
        raise Refusal("Ce courriel n’est pas incertain.")
    forget(Letter.objects.filter(pk=letter.pk))
    journal.record("letter.settled", letter, actor=actor, now=now)

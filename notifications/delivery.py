"""Handing letters over to SMTP: claim one, send it, mark it. Safe with any number of workers, killed at any moment."""

import hashlib
import logging
import smtplib
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.utils import DNS_NAME
from django.db import transaction
from django.utils import timezone

from notifications import addresses, kinds, links, outbox, rendering
from notifications.models import Letter, Preference

log = logging.getLogger(__name__)

PAUSES = [timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 360, 720)]
"""How long to wait after each temporary failure; after the last one the letter is FAILED."""


class Unavailable(Exception):
    """The server did not take the letter, for certain, and may take it later."""


def send_due(*, limit: int = 500) -> int:
    """Send what is due, one letter after the other, over one connection. Returns how many were sent."""
    drop_expired(timezone.now())
    connection, sent = get_connection(), 0
    try:
        for _ in range(limit):
            letter = claim(timezone.now())
            if letter is None:
                break
            sent += hand_over(letter, connection)
    finally:
        connection.close()
    return sent


def drop_expired(now) -> int:
    """Mark the letters whose moment has passed; staff see them as such. Returns how many."""
    late = Letter.objects.filter(status=Letter.Status.QUEUED, not_after__lt=now)
    return late.update(status=Letter.Status.EXPIRED)


@transaction.atomic
def claim(now) -> Letter | None:
    """Take the oldest letter due, mark it SENDING, and commit before anything is said to SMTP."""
    letter = Letter.objects.waiting(now).select_for_update(skip_locked=True).order_by("not_before", "id").first()
    if letter is None:
        return None
    letter.status = Letter.Status.SENDING
    letter.claimed_at = now
    letter.attempts += 1
    letter.save(update_fields=["status", "claimed_at", "attempts"])
    return letter


def hand_over(letter: Letter, connection) -> bool:
    """Send one claimed letter and mark what became of it. Returns whether it was sent.

    An error after which nobody can know whether the server kept the letter leaves it SENDING: staff
    see it as uncertain, and it is never sent again on its own.
    """
    if _unwanted(letter):
        _mark(letter, Letter.Status.CANCELLED, claimed_at=None)
        return False
    try:
        _ready(connection)
        connection.send_messages([message(letter)])
    except Unavailable as error:
        _try_later(letter, str(error))
    except smtplib.SMTPRecipientsRefused as error:
        code, text = next(iter(error.recipients.values()))
        _refused(letter, code, text, at_recipient=True)
    except smtplib.SMTPResponseException as error:
        _refused(letter, error.smtp_code, error.smtp_error)
    except (smtplib.SMTPException, OSError) as error:
        log.error("letter %s uncertain: %r", letter.key, error)
        Letter.objects.filter(pk=letter.pk).update(error=repr(error)[:300])
        connection.close()
    else:
        _accepted(letter)
        return True
    return False


def message(letter: Letter) -> EmailMultiAlternatives:
    """The e-mail as it leaves. Its Message-ID comes from the key, so that a doubled one can be recognised."""
    body = links.filled(letter)
    digest = hashlib.sha256(letter.key.encode()).hexdigest()[:32]
    headers = {"Message-ID": f"<{digest}@{_domain()}>", "Auto-Submitted": "auto-generated"}
    if not kinds.get(letter.kind).essential:
        headers["List-Unsubscribe"] = f"<{links.stop_reminders_url(letter.to)}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail = EmailMultiAlternatives(
        letter.subject, body, to=[letter.to], reply_to=[settings.CONTACT_EMAIL], headers=headers
    )
    mail.attach_alternative(rendering.to_html(letter.subject, body), "text/html")
    return mail


def _domain() -> str:
    return settings.CONTACT_EMAIL.rpartition("@")[2] or str(DNS_NAME)


def _unwanted(letter: Letter) -> bool:
    return not kinds.get(letter.kind).essential and Preference.objects.filter(email__iexact=letter.to).exists()


def _ready(connection) -> None:
    """Have an open connection, a dead one replaced, before anything of the letter is said."""
    if not _answers(connection):
        connection.close()
    try:
        connection.open()
    except (smtplib.SMTPException, OSError) as error:
        raise Unavailable(repr(error)) from error


def _answers(connection) -> bool:
    smtp = getattr(connection, "connection", None)  # only the SMTP backend has one
    try:
        return smtp is None or smtp.noop()[0] == 250
    except (smtplib.SMTPException, OSError):
        return False


@transaction.atomic
def _accepted(letter: Letter) -> None:
    kept = outbox.FORGOTTEN if kinds.get(letter.kind).is_forgotten else {"error": ""}
    _mark(letter, Letter.Status.SENT, sent_at=timezone.now(), **kept)
    addresses.note_acceptance(letter.to)


@transaction.atomic
def _refused(letter: Letter, code: int, text, *, at_recipient: bool = False) -> None:
    words = text.decode(errors="replace") if isinstance(text, bytes) else str(text)
    said = f"{code} {words}"[:300]
    if 400 <= code < 500:
        _try_later(letter, said)
        return
    _mark(letter, Letter.Status.FAILED, error=said)
    is_kept = not kinds.get(letter.kind).is_forgotten  # of the others we promised to keep no address
    if is_kept and addresses.is_about_the_address(code, words, at_recipient=at_recipient):
        addresses.note_refusal(letter.to, said, now=timezone.now())


def _try_later(letter: Letter, error: str) -> None:
    if letter.attempts > len(PAUSES):
        _mark(letter, Letter.Status.FAILED, error=error[:300])
        return
    next_try_at = timezone.now() + PAUSES[letter.attempts - 1]
    _mark(letter, Letter.Status.QUEUED, claimed_at=None, next_try_at=next_try_at, error=error[:300])


def _mark(letter: Letter, status: str, **changes) -> None:
    Letter.objects.filter(pk=letter.pk, status=Letter.Status.SENDING).update(status=status, **changes)

"""Addresses that refuse mail: noted when a server says so for good, or when staff know it."""

import re
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lifecycle import journal
from lifecycle.refusals import Refusal
from notifications.models import Letter, RefusingAddress

_ENHANCED = re.compile(r"^[#(\s]*5\.(\d{1,3})\.(\d{1,3})\b")

ADDRESS_REPLIES = {550, 551, 552, 553, 556}
"""Replies to RCPT, without an enhanced code, that speak of the mailbox or of its domain (RFC 5321 §4.2.3, RFC 7504)."""

ADDRESS_CODES = {
    *((1, detail) for detail in (1, 2, 3, 4, 6, 10)),  # no such mailbox or domain, moved, null MX (RFC 7505)
    *((2, detail) for detail in (1, 2, 4)),  # disabled, full, a list that cannot be expanded
    *((7, detail) for detail in (17, 18)),  # the mailbox or the domain belongs to somebody else now (RFC 7293)
}
"""Enhanced codes 5.subject.detail that speak of the address, at whatever moment they come (RFC 3463 §3).

Left out on purpose: 5.1.7 and 5.1.8 (our own address), 5.2.3 (this letter's length), 5.3 to 5.6 (systems, routes,
protocol, contents), and 5.7.1 with the other policies: a server that takes us for a spammer says so of all its
addresses, and not one of them is wrong."""

RECIPIENT_CODES = ADDRESS_CODES | {(1, 0), (2, 0), (4, 1), (4, 4)}
"""Those that also do when they answer RCPT itself: « other address status », and the two « no route » codes that large
hosts give for a mailbox that does not exist."""


def is_about_the_address(code: int, said: str, *, at_recipient: bool) -> bool:
    """Whether a server that answered so refuses this address for good, rather than this letter, or us.

    `at_recipient`: it answered RCPT, where only the address had been named. The enhanced code decides where there is
    one, else the reply code, which says something of the mailbox only in answer to RCPT.
    """
    if not 500 <= code < 600:
        return False
    if found := _ENHANCED.match(said):
        known = RECIPIENT_CODES if at_recipient else ADDRESS_CODES
        return (int(found[1]), int(found[2])) in known
    return at_recipient and code in ADDRESS_REPLIES


def refusing(emails: Iterable[str]) -> dict[str, RefusingAddress]:
    """Those of these addresses that refuse mail, by the address in lower case (1 query)."""
    wanted = {email.lower() for email in emails} - {""}
    return {row.email: row for row in RefusingAddress.objects.filter(email__in=wanted)} if wanted else {}


def note_refusal(email: str, said: str, *, now) -> None:
    """A server refused this address for good. Called by `notifications.delivery` alone."""
    row, is_new = RefusingAddress.objects.get_or_create(email=email.lower(), defaults={"since": now, "said": said})
    if not is_new and row.said != said:
        RefusingAddress.objects.filter(pk=row.pk).update(said=said)


def note_acceptance(email: str) -> None:
    """A server took a letter for this address after all. Called by `notifications.delivery` alone.

    What staff marked stands: they know it from a letter that came back later, which the first server had taken too.
    """
    RefusingAddress.objects.filter(email=email.lower(), is_marked_by_staff=False).delete()


@transaction.atomic
def mark(letter: Letter, *, actor, now=None) -> None:
    """A coordinator notes that the address of this letter refuses mail: the letter came back, or nobody reads there.

    The journal names the letter, never the address. Raises Refusal when it is noted already, or was forgotten.
    """
    now = now or timezone.now()
    if not letter.to:
        raise Refusal(_("L’adresse de ce courriel est effacée : il n’y a rien à noter."))
    known = {"since": now, "is_marked_by_staff": True}
    row, is_new = RefusingAddress.objects.get_or_create(email=letter.to.lower(), defaults=known)
    if not is_new and not RefusingAddress.objects.filter(pk=row.pk, is_marked_by_staff=False).update(
        is_marked_by_staff=True
    ):
        raise Refusal(_("Cette adresse est déjà notée comme refusant le courrier."))
    journal.record("letter.address_marked", letter, actor=actor, now=now)


@transaction.atomic
def unmark(address: str, *, about: Letter | RefusingAddress, actor, now=None) -> None:
    """A coordinator notes that an address works again. `about` is what the journal names in its place.

    Raises Refusal when nothing says that it refuses mail.
    """
    deleted, _rows = RefusingAddress.objects.filter(email=address.lower()).delete()
    if not deleted:
        raise Refusal(_("Cette adresse n’est pas notée comme refusant le courrier."))
    journal.record("letter.address_cleared", about, actor=actor, now=now or timezone.now())

"""Signed links that work without signing in. They are made when a letter leaves, and are never stored.

Whoever reads the outbox (staff, a backup) must not be able to act in the place of the person a letter is for. So a
stored body holds a mark, `[[lien:confirm]]`, where the link goes; `filled` puts the link there at hand-over, and
`hidden` puts harmless words there on staff's screens. Only the marks of the letter's own kind become links: words
that somebody typed into a form stay words, whatever they look like.
"""

import re
from collections.abc import Mapping

from django.conf import settings
from django.core import signing
from django.shortcuts import resolve_url
from django.urls import reverse

from notifications import kinds
from notifications.kinds import Kind, PersonalLink
from notifications.models import Letter

_SALT = "notifications.stop-reminders"
_MARK = re.compile(r"\[\[lien:([a-z_]+)\]\]")


def mark(name: str) -> str:
    """What stands in a stored body where the link of that name goes."""
    return f"[[lien:{name}]]"


STOP_REMINDERS = mark("rappels")
"""In the footer of every letter that is not essential."""


def links_of(kind: Kind) -> Mapping[str, PersonalLink]:
    """The personal links of a kind of letter: its own, and the one to stop reminders when it is one."""
    return kind.links if kind.essential else {**kind.links, "rappels": lambda letter: stop_reminders_url(letter.to)}


def filled(letter: Letter) -> str:
    """The body with its links, to hand over and not to keep."""
    links = links_of(kinds.get(letter.kind))
    return _MARK.sub(lambda found: links[found[1]](letter) if found[1] in links else found[0], letter.body)


def hidden(body: str, words: str) -> str:
    """The body with these words in the place of every personal link, to show."""
    return _MARK.sub(lambda found: words, body)


def stop_reminders_url(email: str) -> str:
    """Absolute link to the page where this address can stop, or take back, reminders."""
    token = signing.dumps(email.lower(), salt=_SALT)
    return settings.SITE_URL + reverse("notifications:reminders", args=[token])


def read_stop_reminders(token: str) -> str:
    """The address in such a link. Raises django.core.signing.BadSignature when it was not made here."""
    return signing.loads(token, salt=_SALT)


def home_url() -> str:
    """Absolute link to a person's own page: where letters lead, behind the sign-in."""
    return settings.SITE_URL + resolve_url(settings.LOGIN_REDIRECT_URL)

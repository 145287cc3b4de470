"""The personal link of a legal representative, who has no account. It names her row and the number of her link.

A link is good for `VALID_FOR`, and until an answer is given with it or the address is corrected: `link_number` then
moves on. Opening one changes nothing, as often as a scanner of mails may do it. One that is no longer good still says
whose it was, so that a fresh one can leave, to the address we have and nowhere else.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.core.signing import BadSignature, SignatureExpired
from django.shortcuts import resolve_url

from consents.models import Guardian
from notifications.models import Letter

VALID_FOR = timedelta(days=30)
_SALT = "consents.guardian"


@dataclass(frozen=True)
class Link:
    """A link that was made here: whose it is, its number, and whether its time has passed."""

    guardian: Guardian
    number: int
    is_expired: bool

    @property
    def is_live(self) -> bool:
        """Whether it still opens the authorisation."""
        return not self.is_expired and self.number == self.guardian.link_number


def key(guardian: Guardian, fact: str) -> str:
    """The key of a letter with her link: it says which number the link bears when it leaves."""
    return f"guardian:{guardian.pk}:{guardian.link_number}:{fact}"


def guardian_url(letter: Letter) -> str:
    """The absolute address of her page, made as the letter leaves."""
    number = letter.key.removeprefix(f"guardian:{_pk(letter.about)}:").partition(":")[0]
    token = signing.dumps([letter.about, number], salt=_SALT)
    return settings.SITE_URL + resolve_url(settings.GUARDIAN_PAGE, token)


def read(token: str) -> Link | None:
    """What a link says; None when nobody asks her any more. Raises signing.BadSignature when forged."""
    try:
        about, number = signing.loads(token, salt=_SALT, max_age=VALID_FOR)
        is_expired = False
    except SignatureExpired:
        about, number = signing.loads(token, salt=_SALT)
        is_expired = True
    if not (_pk(about).isdecimal() and number.isdecimal()):
        raise BadSignature(about)
    guardian = Guardian.objects.select_related("authorisation__person").filter(pk=_pk(about)).first()
    return Link(guardian, int(number), is_expired) if guardian else None


def _pk(about: str) -> str:
    return about.rpartition(":")[2]

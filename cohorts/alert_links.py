"""The two personal links of somebody who asked to be told of the next call. They name her row, never her address."""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.core.signing import BadSignature
from django.urls import reverse

from cohorts.models import CallAlert
from lifecycle import journal
from notifications.models import Letter

CONFIRM = "cohorts.alert.confirm"
FORGET = "cohorts.alert.forget"

CONFIRM_WITHIN = timedelta(days=7)
"""An address that nobody confirms is forgotten by then, and so is the link."""

_WITHIN = {CONFIRM: CONFIRM_WITHIN, FORGET: None}


def confirm_url(letter: Letter) -> str:
    """Where she says that the address is hers."""
    return _url("cohorts:alert_confirm", CONFIRM, letter.about)


def forget_url(letter: Letter) -> str:
    """Where she says that she no longer wants to be told."""
    return _url("cohorts:alert_forget", FORGET, letter.about)


def forget_path(alert: CallAlert) -> str:
    """The same page, for somebody who is on the site."""
    return reverse("cohorts:alert_forget", args=[signing.dumps(journal.ref(alert), salt=FORGET)])


def read(token: str, purpose: str) -> CallAlert | None:
    """The row behind a link made for that purpose; None once it is gone.

    Raises django.core.signing.BadSignature when it was not made here, was made for the other purpose, or is too old.
    """
    about = signing.loads(token, salt=purpose, max_age=_WITHIN[purpose])
    pk = about.rpartition(":")[2]
    if not pk.isdecimal():
        raise BadSignature(about)
    return CallAlert.objects.filter(pk=pk).first()


def _url(name: str, purpose: str, about: str) -> str:
    return settings.SITE_URL + reverse(name, args=[signing.dumps(about, salt=purpose)])

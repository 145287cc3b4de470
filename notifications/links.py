"""Signed links that work without signing in. They are made when a letter leaves, and are never stored."""

from django.conf import settings
from django.core import signing
from django.shortcuts import resolve_url
from django.urls import reverse

_SALT = "notifications.stop-reminders"


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

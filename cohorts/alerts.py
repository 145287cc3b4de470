"""« Prévenez-moi »: an address left to be told when the next call opens, and forgotten once told.

Nothing of it goes into the journal, which would outlive the address by years.
"""

from datetime import timedelta

from django.db import transaction

from cohorts import emails
from cohorts.alert_links import CONFIRM_WITHIN
from cohorts.models import CallAlert, Cohort

KEPT_FOR = timedelta(days=365)
"""A confirmed address is kept until told, and no longer than this (PROGRAMME.md, « The frame to respect », 7)."""

BATCH = 200
"""So many addresses are told in one transaction."""


@transaction.atomic
def ask(email: str, *, now) -> None:
    """Anybody leaves an address; a letter asks whose it is to confirm it. Asking again changes nothing.

    What the visitor is told must be the same whatever stood here before.
    """
    alert, is_new = CallAlert.objects.get_or_create(email=email.lower(), defaults={"created_at": now})
    if not is_new:  # the week to confirm starts again with the letter
        CallAlert.objects.filter(pk=alert.pk, confirmed_at=None).update(created_at=now)
    emails.ask_to_confirm(alert, now=now)


def confirm(alert: CallAlert, *, now) -> None:
    """Whose address it is says so. The first time counts."""
    CallAlert.objects.filter(pk=alert.pk, confirmed_at=None).update(confirmed_at=now)


@transaction.atomic
def forget(alert: CallAlert) -> None:
    """She no longer wants to be told: the row goes, and the letters that have not left."""
    CallAlert.objects.filter(pk=alert.pk).delete()
    emails.drop(alert)


def kept_until(alert: CallAlert):
    """The moment at which a confirmed address is forgotten at the latest."""
    return alert.confirmed_at + KEPT_FOR


# --- The clock ----------------------------------------------------------------------------------


def tell(now) -> int:
    """Write to every address confirmed before a call that is open now opened, and delete it. Returns how many.

    Whoever confirmed while that call was open already waits for the next one. A sweep that was missed catches up as
    long as the call is open; two at once share the addresses.
    """
    calls = list(Cohort.objects.open(now).order_by("closes_at"))
    told = 0
    while calls and (batch := _tell_some(calls, now)):
        told += batch
    return told


@transaction.atomic
def _tell_some(calls: list[Cohort], now) -> int:
    waiting = CallAlert.objects.filter(confirmed_at__lt=max(call.opens_at for call in calls))
    alerts = list(waiting.select_for_update(skip_locked=True).order_by("pk")[:BATCH])
    for alert in alerts:
        emails.announce_calls(alert, calls, now=now)
    CallAlert.objects.filter(pk__in=[alert.pk for alert in alerts]).delete()
    return len(alerts)


def forget_old(now) -> int:
    """Delete addresses that nobody confirmed in time, and those kept for too long. Returns how many."""
    unconfirmed = CallAlert.objects.filter(confirmed_at=None, created_at__lt=now - CONFIRM_WITHIN)
    old = CallAlert.objects.filter(confirmed_at__lt=now - KEPT_FOR)
    return (unconfirmed | old).delete()[0]

"""The letters to people who asked to be told when a call opens: one to confirm the address, one to tell."""

from datetime import datetime, timedelta
from types import SimpleNamespace

from django.conf import settings
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils import timezone

from cohorts import alert_links
from cohorts.models import CallAlert, Cohort
from lifecycle import journal
from notifications import outbox
from notifications.kinds import Kind, register
from notifications.models import Letter

_CLOSES = timezone.make_aware(datetime(2027, 2, 10, 18, 0))
_COHORT = SimpleNamespace(
    name="Printemps 2027",
    audience_labels=["étudiant·e", "autodidacte"],
    min_age=18,
    max_age=30,
    closes_at=_CLOSES,
    starts_on=_CLOSES.date() + timedelta(days=85),
)

ALERT_CONFIRMATION = register(
    Kind(
        "cohorts.alert_confirmation",
        "Adresse à confirmer",
        "Quand quelqu’un demande à être prévenu du prochain appel.",
        "la personne qui a laissé son adresse",
        sample={"days": alert_links.CONFIRM_WITHIN.days},
        links={"confirm": alert_links.confirm_url, "forget": alert_links.forget_url},
        is_forgotten=True,
        is_for_account=False,
    )
)
CALL_OPEN = register(
    Kind(
        "cohorts.call_open",
        "Un appel est ouvert",
        "À l’ouverture d’un appel. L’adresse est effacée de la liste en même temps.",
        "les personnes qui ont demandé à être prévenues",
        sample={
            "calls": [{"cohort": _COHORT, "url": "https://mentorat.example/promotions/printemps-2027/"}],
            "alert_url": "https://mentorat.example/prevenez-moi/",
        },
        is_forgotten=True,
        is_for_account=False,
    )
)


def ask_to_confirm(alert: CallAlert, *, now) -> None:
    """At most one a day to an address, however often and by whomever it is typed; worthless after a day."""
    outbox.post(
        ALERT_CONFIRMATION.name,
        to=alert.email,
        key=f"alert:{outbox.fingerprint(alert.email)}:confirm:{timezone.localdate(now)}",
        context={"days": alert_links.CONFIRM_WITHIN.days},
        about=alert,
        now=now,
        not_after=now + timedelta(days=1),
    )


def announce_calls(alert: CallAlert, calls: list[Cohort], *, now) -> None:
    """All the calls that are open; worthless once they are all closed."""
    outbox.post(
        CALL_OPEN.name,
        to=alert.email,
        key=f"alert:{alert.pk}:told",
        context={
            "calls": [{"cohort": cohort, "url": _page_of(cohort)} for cohort in calls],
            "alert_url": settings.SITE_URL + reverse("cohorts:alert"),
        },
        about=alert,
        now=now,
        not_after=max(cohort.closes_at for cohort in calls),
    )


def drop(alert: CallAlert) -> None:
    """She no longer wants to be told: what has not left does not leave, and nothing of it is kept."""
    hers = Letter.objects.about(journal.ref(alert))
    outbox.cancel(hers)
    outbox.forget(hers)


def _page_of(cohort: Cohort) -> str:
    return settings.SITE_URL + resolve_url(settings.COHORT_PAGE, cohort.slug)

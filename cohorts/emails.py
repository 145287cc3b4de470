"""The letters to people who asked to be told when a call opens: one to confirm the address, one to tell."""

from datetime import datetime, timedelta
from types import SimpleNamespace

from django.conf import settings
from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils import timezone

from cohorts import alert_links
from cohorts.models import CallAlert, Cohort
from lifecycle import journal
from notifications import outbox
from notifications.kinds import Kind, register
from notifications.links import home_url
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
NEXT_CALL = register(
    Kind(
        "cohorts.next_call",
        "Le prochain appel est ouvert",
        "À l’ouverture d’un appel.",
        "les personnes qui ont accepté de garder le contact",
        sample={
            "cohort": _COHORT,
            "url": "https://mentorat.example/promotions/printemps-2027/",
            "home_url": "https://mentorat.example/mon-espace/",
            "first_name": "Inès",
        },
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


def _told_key(person, cohort: Cohort) -> str:
    return f"cohort:{cohort.pk}:next_call:{person if isinstance(person, str) else person.pk}"


def not_told(consents: QuerySet, cohort: Cohort) -> QuerySet:
    """Those of these agreements whose person has no letter about this call yet."""
    key = Concat(Value(_told_key("", cohort)), Cast(OuterRef("person_id"), CharField()))
    return consents.exclude(Exists(Letter.objects.filter(key=key)))


def announce_next_call(person, cohort: Cohort, *, now) -> bool:
    """One letter to a person about one call; worthless once it is closed. Returns whether it was written."""
    return outbox.post(
        NEXT_CALL.name,
        to=person.email,
        key=_told_key(person, cohort),
        context={"cohort": cohort, "url": _page_of(cohort), "home_url": home_url(), "first_name": person.first_name},
        about=person,
        now=now,
        not_after=cohort.closes_at,
    )


def drop(alert: CallAlert) -> None:
    """She no longer wants to be told: what has not left does not leave, and nothing of it is kept."""
    hers = Letter.objects.about(journal.ref(alert))
    outbox.cancel(hers)
    outbox.forget(hers)


def _page_of(cohort: Cohort) -> str:
    return settings.SITE_URL + resolve_url(settings.COHORT_PAGE, cohort.slug)

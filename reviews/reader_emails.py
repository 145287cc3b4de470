"""The letters to jury members: files that wait for them, and the day by which their opinions are expected."""

from datetime import UTC, date, datetime, time
from types import SimpleNamespace

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from cohorts.models import Cohort
from notifications import outbox
from notifications.kinds import Kind, register
from reviews.turns import Turn

_SAMPLE = {
    "reader": SimpleNamespace(first_name="Nadia"),
    "cohort": SimpleNamespace(name="Printemps 2027"),
    "count": 24,
    "term": datetime(2027, 3, 2, 22, 59, tzinfo=UTC),
    "url": "https://mentorat.example/admin/reviews/assignment/",
}

FILES = register(
    Kind(
        "reviews.files_entrusted",
        "Dossiers confiés",
        "Quand la coordination confie des dossiers : une lettre par jour au plus.",
        "le membre du jury",
        sample=_SAMPLE,
    )
)
REMINDER = register(
    Kind(
        "reviews.reading_reminder",
        "Dossiers à lire",
        "Sept jours avant le jour où les avis sont attendus, deux jours avant, puis le lendemain.",
        "le membre du jury à qui il reste des dossiers",
        essential=False,
        sample={**_SAMPLE, "turn": Turn.WEEK},
    )
)


def reminder_key(cohort: Cohort, due_on: date, turn: str) -> tuple[str, str]:
    """What stands before and after the reader's id in the key of a reminder: a day that moves makes new ones."""
    return f"cohort:{cohort.pk}:reader:", f":readings:{due_on.isoformat()}:{turn}"


def tell_files(reader: User, cohort: Cohort, *, count: int, now: datetime) -> bool:
    """So many files wait for her. Once a day, however often the files are shared out."""
    return outbox.post(
        FILES.name,
        to=reader.email,
        key=f"cohort:{cohort.pk}:reader:{reader.pk}:entrusted:{timezone.localdate(now).isoformat()}",
        context=_context(reader, cohort, count),
        about=cohort,
        now=now,
    )


def remind(reader: User, cohort: Cohort, *, count: int, turn: str, now: datetime) -> bool:
    """So many files are left, and the day comes near, or was yesterday. Returns whether it was written."""
    before, after = reminder_key(cohort, cohort.readings_due_on, turn)
    return outbox.post(
        REMINDER.name,
        to=reader.email,
        key=f"{before}{reader.pk}{after}",
        context={**_context(reader, cohort, count), "turn": turn},
        about=cohort,
        now=now,
    )


def _context(reader: User, cohort: Cohort, count: int) -> dict:
    due_on = cohort.readings_due_on
    return {
        "reader": reader,
        "cohort": cohort,
        "count": count,
        "term": due_on and timezone.make_aware(datetime.combine(due_on, time(23, 59))),
        "url": settings.SITE_URL + reverse("admin:reviews_assignment_changelist"),
    }

"""What the clock asks of the jury's app."""

from celery import shared_task
from django.utils import timezone

from cohorts.models import Cohort
from reviews import applying, reminders, sharing
from reviews.models import Release


@shared_task
def publish_decisions() -> None:
    """Work on the announcements that were asked for, undo those given up, and resume what was cut short."""
    for release in Release.objects.filter(state=Release.State.RUNNING).order_by("requested_at"):
        applying.work(release)
    for release in Release.objects.filter(state=Release.State.UNDOING).order_by("requested_at"):
        applying.undo(release)


@shared_task
def close_tied_readings() -> int:
    """Close to jury members the files that became those of people they know. Returns how many."""
    now = timezone.now()
    reading = Cohort.objects.filter(applications__assignments__isnull=False, applications__state="SUBMITTED").distinct()
    return sum(sharing.close_tied(cohort, now=now) for cohort in reading.order_by("pk"))


@shared_task
def remind_readers() -> int:
    """Write the reminders that are due to jury members who lag. Returns how many."""
    now = timezone.now()
    due = list(reminders.readers_to_remind(now))
    return sum(reminders.remind(reader, cohort, turn, now=now) for reader, cohort, turn in due)

"""What the clock asks of applications. Each task does what is due and not yet done."""

from celery import shared_task
from django.utils import timezone

from applications import emails, guardian_reminders, queries, reminders, transitions
from lifecycle.refusals import IllegalTransition


@shared_task
def remind_drafts() -> int:
    """Write the reminders that are due. Returns how many."""
    now = timezone.now()
    return sum(emails.remind(draft, days=days, now=now) for draft, days in queries.drafts_to_remind(now))


@shared_task
def remind_places() -> int:
    """Write the reminders to confirm a place that are due. Returns how many."""
    now = timezone.now()
    return sum(reminders.remind(place, reminder, now=now) for place, reminder in reminders.places_to_remind(now))


@shared_task
def remind_guardians() -> int:
    """Write what is due to the representatives of minors, to the minors and to staff. Returns how many it was about."""
    now = timezone.now()
    due = list(guardian_reminders.to_remind(now))
    reminded = sum(guardian_reminders.remind(guardian, days, now=now) for guardian, days in due)
    return reminded + guardian_reminders.ask_new_signatures(now)


@shared_task
def lapse_places() -> None:
    """Free the places that were not confirmed in time, and call the waiting list."""
    now = timezone.now()
    for application in queries.places_to_lapse(now):
        try:
            transitions.lapse(application, now=now)
        except IllegalTransition:
            continue  # confirmed or withdrawn a moment ago

"""What the clock asks of applications. Each task does what is due and not yet done."""

import logging
import time

from celery import shared_task
from django.utils import timezone

from applications import (
    document_checks,
    emails,
    guardian_reminders,
    orphans,
    queries,
    reminders,
    transitions,
    waiting_list,
)
from documents import scratch
from documents.reasons import Unavailable
from lifecycle.refusals import IllegalTransition

CLEANING_TURN = 8
"""Seconds after which a turn takes up no other document: letters wait for the same workers."""

logger = logging.getLogger(__name__)


@shared_task
def clean_documents() -> int:
    """Scan and clean the documents that wait, for a few seconds. Returns how many."""
    count, ends = 0, time.monotonic() + CLEANING_TURN
    try:
        while time.monotonic() < ends and document_checks.clean_next(now=timezone.now()):
            count += 1
    except Unavailable as why:  # the next turn asks again
        logger.warning("documents wait: %s", why)
    return count


@shared_task
def forget_documents() -> int:
    """Delete documents that nothing holds, stored files that no document names, what a killed worker left. Returns how
    many.
    """
    now = timezone.now()
    left = scratch.forget_older(now - orphans.UNTOUCHED)
    return left + orphans.forget_documents(now) + orphans.forget_files(now)


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


@shared_task
def close_waiting_lists() -> int:
    """Answer whoever still waits on a list that was closed, file by file. Returns how many."""
    now = timezone.now()
    return sum(waiting_list.refuse(application, now=now) for application in waiting_list.to_refuse())

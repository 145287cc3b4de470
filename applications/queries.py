"""Reads shaped for the clock and for pages."""

from datetime import timedelta

from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat

from applications import emails
from applications.models import Application
from cohorts.models import Cohort
from notifications.models import Letter

REMINDER_DAYS = (3, 1)
"""A draft is reminded that many days before the closing."""


def drafts_to_remind(now):
    """(draft, days) for every reminder that is due and not yet written.

    Due: from that many days before the closing until the next reminder's turn, for drafts that existed then. A file
    that staff type from paper is theirs to send: its candidate is not reminded.
    """
    for cohort in Cohort.objects.open(now):
        days = next((d for d in sorted(REMINDER_DAYS) if cohort.closes_at - now <= timedelta(days=d)), None)
        if days is not None:
            for draft in _unreminded(cohort, days):
                yield draft, days


def _unreminded(cohort: Cohort, days: int):
    due_at = cohort.closes_at - timedelta(days=days)
    key = Concat(
        Value("application:"), Cast(OuterRef("pk"), CharField()), Value(f":{emails.reminder_fact(cohort, days)}")
    )
    drafts = Application.objects.drafts().filter(cohort=cohort, created_at__lt=due_at, is_typed_by_staff=False)
    drafts = drafts.filter(candidate__is_followed_by_hand=False)
    return drafts.exclude(Exists(Letter.objects.filter(key=key))).select_related("candidate", "cohort").iterator(500)


def places_to_lapse(now):
    """Accepted, announced, and not confirmed in time, oldest term first."""
    late = Application.objects.announced().filter(state=Application.State.ACCEPTED, confirm_by__lt=now)
    late = late.filter(candidate__is_followed_by_hand=False)
    return late.order_by("confirm_by", "id").select_related("cohort", "candidate")

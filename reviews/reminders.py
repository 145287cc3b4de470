"""Reminders to jury members who lag: whose is due, and the writing of one."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import CharField, Count, Exists, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from accounts.models import User
from applications.models import Application
from cohorts.models import Cohort
from notifications.models import Letter
from reviews import reader_emails
from reviews.jury import jury_of
from reviews.models import Review
from reviews.turns import GIVEN_UP, SOON, Turn, turn_of

SETTLED_IN = timedelta(days=1)
"""Who got her first files more recently than that is not reminded of them."""


def readers_to_remind(now: datetime) -> Iterator[tuple[User, Cohort, Turn]]:
    """Every jury member whose reminder is due and not yet written, with `left`, how many files she has not read."""
    today = timezone.localdate(now)
    near = Q(readings_due_on__gte=today - GIVEN_UP, readings_due_on__lte=today + timedelta(days=max(SOON.values())))
    for cohort in Cohort.objects.filter(near).order_by("pk"):
        turn = turn_of(cohort.readings_due_on, today)
        before, after = reader_emails.reminder_key(cohort, cohort.readings_due_on, turn)
        key = Concat(Value(before), Cast(OuterRef("pk"), CharField()), Value(after))
        lagging = with_files_left(cohort, now).filter(left__gt=0, settled__gt=0)
        for reader in lagging.exclude(Exists(Letter.objects.filter(key=key))).order_by("pk"):
            yield reader, cohort, turn


def with_files_left(cohort: Cohort, now: datetime):
    """The jury, each with how many files she has not read (`left`), and how many of these since a day (`settled`)."""
    given = Review.objects.filter(application=OuterRef("assignments__application"), reviewer=OuterRef("pk"))
    open_file = Q(assignments__application__cohort=cohort, assignments__application__state=Application.State.SUBMITTED)
    unread = open_file & ~Q(Exists(given))
    settled = unread & Q(assignments__assigned_at__lte=now - SETTLED_IN)
    return jury_of(cohort).annotate(
        left=Count("assignments", filter=unread, distinct=True),
        settled=Count("assignments", filter=settled, distinct=True),
    )


def remind(reader: User, cohort: Cohort, turn: Turn, *, now: datetime) -> bool:
    """The clock: write one reminder. Returns whether it was not there yet."""
    return reader_emails.remind(reader, cohort, count=reader.left, turn=turn, now=now)

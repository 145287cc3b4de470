"""Reminders to confirm a place: when each is due, to whom, and the writing of one.

Silence loses the place, so these letters are essential: they also go to who wants no more reminders.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat

from applications import emails, minors
from applications.models import Application
from lifecycle.moves import lock
from notifications.models import Letter

State = Application.State

LAST = timedelta(days=1)
"""How long before the term the last reminder is due."""
APART = timedelta(hours=23)
"""The one at half time is not written later than that before the last one: a day, less the clock's own pace."""


class Turn(StrEnum):
    """Which of the two reminders."""

    HALF_TIME = "half"
    LAST_DAY = "last"


@dataclass(frozen=True)
class Due:
    """A reminder whose moment has come."""

    turn: Turn
    since: datetime
    term: datetime


def due(term: datetime, confirm_days: int, now: datetime) -> Due | None:
    """The reminder whose turn it is at `now` for a place to confirm by `term`, of a cohort that leaves so many days.

    From four days on there is one at half time; with fewer the two would fall within a day of each other.
    """
    half, last = term - timedelta(days=confirm_days) / 2, term - LAST
    if last <= now <= term:
        return Due(Turn.LAST_DAY, last, term)
    if half <= now < last - APART:
        return Due(Turn.HALF_TIME, half, term)
    return None


def places_to_remind(now: datetime) -> Iterator[tuple[Application, Due]]:
    """Every reminder that is due and not yet written, for places that their candidates know of.

    Who learnt of her place after the moment of a reminder waits for the next one: the letter she just got says it all.
    """
    to_confirm = Application.objects.announced().filter(
        state=State.ACCEPTED, confirm_by__gte=now, candidate__is_followed_by_hand=False
    )
    terms = to_confirm.order_by("confirm_by", "cohort").values_list("confirm_by", "cohort", "cohort__confirm_days")
    for term, cohort, confirm_days in list(terms.distinct()):
        if reminder := due(term, confirm_days, now):
            for application in _unreminded(to_confirm.filter(cohort=cohort, confirm_by=term), reminder):
                yield application, reminder


def _unreminded(applications, reminder: Due):
    fact = emails.confirm_fact(reminder.turn, reminder.term)
    key = Concat(Value("application:"), Cast(OuterRef("pk"), CharField()), Value(f":{fact}"))
    told_before = applications.exclude(announced_at__gte=reminder.since)
    unwritten = told_before.exclude(Exists(Letter.objects.filter(key=key)))
    return unwritten.select_related("candidate", "cohort").order_by("id").iterator(500)


@transaction.atomic
def remind(application: Application, reminder: Due, *, now: datetime) -> bool:
    """The clock: write one reminder, unless the place was confirmed or given back, or the term moved, a moment ago.

    Returns whether it was written.
    """
    lock(application)
    if application.shown_state is not State.ACCEPTED or application.confirm_by != reminder.term:
        return False
    awaits_authorisation = not minors.is_authorised(application)
    return emails.remind_to_confirm(application, turn=reminder.turn, awaits_authorisation=awaits_authorisation, now=now)

"""When a jury member is reminded of what she has not read."""

from datetime import date, timedelta
from enum import StrEnum

SOON = {"week": 7, "last": 2}
"""Days before the day on which opinions are expected."""
GIVEN_UP = timedelta(days=14)
"""How long after that day the last reminder still makes sense."""


class Turn(StrEnum):
    """Which of the three reminders."""

    WEEK = "week"
    LAST = "last"
    LATE = "late"


def turn_of(due_on: date, today: date) -> Turn | None:
    """The reminder whose turn it is on this day: the latest one due, so that a missed day writes one and not two."""
    if due_on < today:
        return Turn.LATE if today <= due_on + GIVEN_UP else None
    for turn in (Turn.LAST, Turn.WEEK):
        if due_on - today <= timedelta(days=SOON[turn]):
            return turn
    return None

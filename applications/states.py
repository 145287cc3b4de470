"""Which state of an application may follow which, and until when a place is kept: what every verb goes by."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from applications.models import Application
from cohorts.models import Cohort

State = Application.State

ALLOWED = {
    State.DRAFT: {State.SUBMITTED},
    State.SUBMITTED: {State.ACCEPTED, State.WAITLISTED, State.REJECTED, State.WITHDRAWN},
    State.WAITLISTED: {State.ACCEPTED, State.REJECTED, State.WITHDRAWN},
    State.ACCEPTED: {State.CONFIRMED, State.LAPSED, State.WITHDRAWN},
    State.CONFIRMED: {State.MATCHED, State.COMPLETED, State.WITHDRAWN},
    State.MATCHED: {State.CONFIRMED, State.COMPLETED, State.WITHDRAWN},
    State.LAPSED: {State.ACCEPTED},
    State.REJECTED: {State.ACCEPTED},
}


def confirmation_term(cohort: Cohort, now) -> datetime:
    """Last minute of the day, Paris time, that leaves the cohort's number of days to confirm."""
    day = timezone.localdate(now) + timedelta(days=cohort.confirm_days)
    return timezone.make_aware(datetime.combine(day, time(23, 59)))

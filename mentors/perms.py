"""Who may become a mentor."""

from django.utils import timezone

from applications.models import Application

State = Application.State
BINDING = (State.SUBMITTED, State.WAITLISTED, State.ACCEPTED, State.CONFIRMED, State.MATCHED)
"""A draft binds nobody, and whoever has been accompanied to the end may accompany others."""


def is_candidate(person, now) -> bool:
    """Whether she asks for a mentor herself, or has one, in a cohort that is not over: not both in one season."""
    mine = Application.objects.filter(candidate=person, state__in=BINDING)
    return mine.filter(cohort__ends_on__gte=timezone.localdate(now)).exists()

"""Who may become a mentor."""

from collections.abc import Iterable

from django.utils import timezone

from applications.models import Application

State = Application.State
BINDING = (State.SUBMITTED, State.WAITLISTED, State.ACCEPTED, State.CONFIRMED, State.MATCHED)
"""A draft binds nobody, and whoever has been accompanied to the end may accompany others."""


def is_candidate(person, now) -> bool:
    """Whether she asks for a mentor herself, or has one, in a cohort that is not over: not both in one season."""
    return bool(candidates_among([person.pk], now))


def candidates_among(people: Iterable[int], now) -> set[int]:
    """The keys of those who are candidates, as `is_candidate` says, of many (1 query)."""
    binding = Application.objects.filter(candidate__in=people, state__in=BINDING)
    return set(binding.filter(cohort__ends_on__gte=timezone.localdate(now)).values_list("candidate_id", flat=True))

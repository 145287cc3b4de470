"""What the clock asks of the mentors."""

from celery import shared_task
from django.utils import timezone

from mentors import reminders
from mentors.importing import inviting


@shared_task
def remind_honorability() -> int:
    """Tell those who accompany minors that their extract is to be shown again. Returns how many letters it wrote."""
    return reminders.remind_honorability(now=timezone.now())


@shared_task
def forget_imports() -> int:
    """Delete the lists of people to invite that were given more than a day ago. Returns how many."""
    return inviting.forget(timezone.now())

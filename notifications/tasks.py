"""What the clock asks of the outbox, and the signs of life of the worker and of the clock."""

from celery import shared_task
from celery.signals import before_task_publish, heartbeat_sent
from django.db import close_old_connections
from django.utils import timezone

from notifications import delivery, outbox, pulse
from notifications.models import Pulse


@shared_task
def send_letters() -> int:
    """Send the letters that are due."""
    return delivery.send_due()


@shared_task
def forget_letters() -> int:
    """Blank the letters of which nothing was to be kept, whichever way they ended."""
    return outbox.forget_due(timezone.now())


@before_task_publish.connect
def note_clock(**kwargs) -> None:
    """Only the clock publishes tasks, so a published task is its sign of life."""
    _note(Pulse.CLOCK)


@heartbeat_sent.connect
def note_worker(**kwargs) -> None:
    """The worker's own heartbeat, every two seconds; noted once in a while."""
    _note(Pulse.WORKER)


def _note(name: str) -> None:
    pulse.beat(name, timezone.now())
    close_old_connections()

"""What the clock asks of the portal's own."""

from celery import shared_task
from django.utils import timezone

from portal.exports import asking, making


@shared_task
def make_exports() -> int:
    """Make the exports that were asked for, and those a killed worker left. Returns how many."""
    count = 0
    while export := making.claim(timezone.now()):
        making.work(export)
        count += 1
    return count


@shared_task
def forget_exports() -> int:
    """Delete the exports of more than a day. Returns how many."""
    return asking.forget(timezone.now())

"""What the clock asks of addresses left for the next call. Each task does what is due and not yet done."""

from celery import shared_task
from django.utils import timezone

from cohorts import alerts, next_call


@shared_task
def tell_alerts() -> int:
    """Tell those who asked that a call is open."""
    return alerts.tell(timezone.now())


@shared_task
def tell_who_keeps_in_touch() -> int:
    """Tell those who agreed to keep in touch that a call is open."""
    return next_call.tell(timezone.now())


@shared_task
def forget_alerts() -> int:
    """Forget addresses that were not confirmed, or waited too long."""
    return alerts.forget_old(timezone.now())

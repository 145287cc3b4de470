"""What the clock asks of the jury's app."""

from celery import shared_task

from reviews import releasing
from reviews.models import Release


@shared_task
def publish_decisions() -> None:
    """Work on the announcements that were asked for, and resume those cut short."""
    for release in Release.objects.filter(state=Release.State.RUNNING).order_by("requested_at"):
        releasing.work(release)

"""What mentors are reminded of: the extract that coordinators saw counts for a time, and is then to be shown again."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from mentors import emails
from mentors.models import MentorProfile


def remind_honorability(*, now) -> int:
    """Write what is due and not yet written. Returns how many letters were.

    Whoever comes within the last of the moments without having been told before gets that one alone.
    """
    today = timezone.localdate(now)
    moments = sorted(settings.HONORABILITY_REMINDERS)
    concerned = MentorProfile.objects.filter(
        state__in=(MentorProfile.State.APPROVED, MentorProfile.State.PAUSED),
        accompanies_minors=True,
        honorability_valid_until__range=(today, today + timedelta(days=moments[-1])),
    )
    written = 0
    for mentor in concerned.select_related("person").order_by("pk"):
        left = (mentor.honorability_valid_until - today).days
        days = next(moment for moment in moments if left <= moment)
        written += emails.remind_honorability(mentor, days=days, now=now)
    return written

"""The clock and the worker of the matching, until they have nothing left to do."""

from django.utils import timezone

from cohorts.models import Cohort
from lifecycle import journal
from matching import publishing, repairs, runs, transitions
from matching.models import Run


def first_run(cohort: Cohort, now=None) -> Run:
    """A coordinator asks for a calculation and publishes what it proposes."""
    now = now or timezone.now()
    run = transitions.request_run(cohort, actor=journal.CONSOLE, now=now)
    runs.work(runs.claim(now), now=now)
    run.refresh_from_db()
    publishing.publish(run, actor=journal.CONSOLE, now=now)
    return run


def tick(now=None) -> int:
    """All that the clock asks for, worked until nothing is left. Returns how many repairs were made."""
    now, count = now or timezone.now(), 0
    transitions.expire_offers(now=now)
    for _beat in range(10):
        asked = repairs.publish_due(now=now) + repairs.request_due(now=now)
        while run := runs.claim(now):
            runs.work(run, now=now)
            count += 1
        for run in Run.objects.publishing().select_related("cohort"):
            publishing.work(run, now=now)
        if not asked:
            return count
    raise AssertionError("the clock never comes to rest")

"""What the clock asks of the matching."""

import logging

from celery import shared_task
from django.utils import timezone

from matching import emails, falls, introductions, publishing, queries, repairs, runs, season, transitions
from matching.models import Run
from mentors.models import Commitment

log = logging.getLogger(__name__)


@shared_task
def work_runs() -> None:
    """Work the calculations that were asked for, and those a killed worker left."""
    while run := runs.claim(timezone.now()):
        runs.work(run)


@shared_task
def publish_runs() -> None:
    """Publish the runs that were asked to be, and what a killed worker left of them."""
    for run in Run.objects.publishing().select_related("cohort").order_by("publishing_since"):
        try:
            publishing.work(run)
        except Exception:
            log.exception("run %s is not wholly published", run.pk)


@shared_task
def repair() -> int:
    """Have somebody who is free again paired, and the repairs published that may leave by themselves. Returns how many
    calculations were asked for.
    """
    now = timezone.now()
    repairs.publish_due(now=now)
    return repairs.request_due(now=now)


@shared_task
def expire_offers() -> int:
    """Close the offers that nobody answered in time. Returns how many."""
    return transitions.expire_offers(now=timezone.now())


@shared_task
def exchange_contacts() -> int:
    """Exchange contacts where the days to object have passed. Returns how many pairs."""
    return introductions.exchange_due(now=timezone.now())


@shared_task
def close_cohorts() -> int:
    """Complete the pairs of the cohorts whose last day is over. Returns how many cohorts were closed."""
    return falls.close_cohorts(now=timezone.now())


@shared_task
def remind_offers() -> int:
    """Remind mentors of what has waited for their answer for some days. Returns how many letters were written."""
    now = timezone.now()
    written = 0
    for row in queries.offers_to_remind(now):
        run = Run.objects.get(pk=row["run_id"])
        commitment = Commitment.objects.select_related("mentor__person", "cohort").get(pk=row["commitment_id"])
        written += emails.remind(run, commitment, count=row["count"], term=row["term"], now=now)
    return written


@shared_task
def ask_for_commitments() -> int:
    """Write the letters that ask mentors to commit for a cohort. Returns how many."""
    return season.work_calls(now=timezone.now())

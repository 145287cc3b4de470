"""One simulated season, from a first calculation to the day when nothing moves any more."""

from datetime import timedelta

from django.db import connection
from django.utils import timezone

from applications import minors
from cohorts.models import Cohort
from matching import falls, publishing, runs, transitions
from tests import factories
from tests.factories.matched import make_matched_season
from tests.families import authorise
from tests.simulation import invariants
from tests.simulation.world import STAFF, World

OFFER_DAYS = 4
"""Fewer than in life, so that offers run out within a short story."""
MINORS = 5
"""Every fifth young person is one."""


def story(seed: int, *, mentees: int, mentors: int, days: int, acts_a_step: int = 3) -> World:
    """Live it through; raises AssertionError at the first thing that does not hold."""
    now = timezone.now()
    cohort = make_matched_season(
        mentees, mentors, seed=seed, now=now, offers_again_by_itself=seed % 4 > 0, offer_days=OFFER_DAYS
    )
    _make_minors(cohort, now)
    # All this is one transaction that autovacuum cannot see: without figures of its own the planner takes it for empty.
    connection.cursor().execute("ANALYZE")
    world = World(cohort, seed=seed, now=now)
    run = transitions.request_run(cohort, actor=STAFF, now=now)
    runs.work(runs.claim(now), now=now)
    run.refresh_from_db()
    if run.proposals.exists():
        publishing.publish(run, actor=STAFF, now=now)
    world.live(days, acts_a_step)
    cohort.offers_again_by_itself = True
    cohort.save()
    world.settle()
    invariants.check_letters(cohort)
    invariants.check_end(cohort, world.now)
    falls.close_cohorts(now=factories.paris(cohort.ends_on, 12) + timedelta(days=1))
    invariants.check_closed(cohort)
    return world


def _make_minors(cohort: Cohort, now) -> None:
    start = cohort.starts_on
    for file in cohort.applications.order_by("pk")[::MINORS]:
        file.candidate.birth_date = start.replace(year=start.year - 17, day=min(start.day, 28))
        file.candidate.save()
        assert minors.is_minor(file)
        authorise(file, now=now)

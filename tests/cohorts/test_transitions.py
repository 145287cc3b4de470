"""Keeping a cohort's settings, and preparing the next year's."""

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from cohorts import transitions
from cohorts.models import Cohort
from lifecycle import journal
from lifecycle.models import JournalEntry
from lifecycle.refusals import Refusal
from tests import factories

pytestmark = pytest.mark.django_db


def actions(cohort):
    return list(JournalEntry.objects.about(journal.ref(cohort)).values_list("action", "detail"))


def test_copying_keeps_the_settings_and_shifts_every_date_by_a_year(coordinator):
    cohort = factories.make_cohort(
        season="SPRING",
        year=2027,
        audiences=["STUDENT", "SELF_TAUGHT"],
        places=25,
        presentation="Six mois.",
        confirm_days=5,
        offer_days=6,
        offer_remind_days=3,
        objection_days=1,
        max_tries=2,
        offers_again_by_itself=True,
        opens_at=factories.paris(date(2027, 1, 11), 9),
        closes_at=factories.paris(date(2027, 2, 28), 18),
        decisions_on=date(2027, 3, 20),
        starts_on=date(2027, 5, 3),
        ends_on=date(2027, 11, 3),
    )
    following = transitions.copy(cohort, actor=coordinator)
    following.refresh_from_db()
    kept = ("season", "audiences", "places", "presentation", "min_age", "max_age", "confirm_days", "offer_days")
    kept += ("offer_remind_days", "objection_days", "max_tries", "offers_again_by_itself")
    assert [getattr(following, name) for name in kept] == [getattr(cohort, name) for name in kept]
    assert following.name == "Printemps 2028"
    assert following.opens_at == factories.paris(date(2028, 1, 11), 9)
    assert following.closes_at == factories.paris(date(2028, 2, 28), 18)
    assert [following.decisions_on, following.starts_on, following.ends_on] == [
        date(2028, 3, 20),
        date(2028, 5, 3),
        date(2028, 11, 3),
    ]
    assert actions(following) == [("cohort.copied", f"cohorts.cohort:{cohort.pk}")]


def test_the_hour_on_the_wall_stays_across_a_clock_change(coordinator):
    # On 28 March 2026 Paris is still in winter time, on 28 March 2027 in summer time from that very day.
    cohort = factories.make_cohort(
        season="AUTUMN",
        year=2026,
        opens_at=factories.paris(date(2026, 1, 5), 9),
        closes_at=factories.paris(date(2026, 3, 28), 18),
        decisions_on=date(2026, 5, 1),
        starts_on=date(2026, 9, 1),
        ends_on=date(2027, 2, 1),
    )
    following = transitions.copy(cohort, actor=coordinator)
    assert cohort.closes_at == datetime(2026, 3, 28, 17, tzinfo=UTC)
    assert following.closes_at == datetime(2027, 3, 28, 16, tzinfo=UTC)
    assert timezone.localtime(following.closes_at).hour == 18


def test_a_leap_day_becomes_the_last_of_february():
    assert transitions.a_year_later(date(2028, 2, 29)) == date(2029, 2, 28)
    assert transitions.a_year_later(date(2027, 2, 28)) == date(2028, 2, 28)


def test_a_cohort_is_copied_once(cohort, coordinator):
    following = transitions.copy(cohort, actor=coordinator)
    with pytest.raises(Refusal) as refusal:
        transitions.copy(cohort, actor=coordinator)
    assert refusal.value.sentence == f"La promotion {following.name} existe déjà."
    assert Cohort.objects.count() == 2


def test_two_people_who_change_different_dates_keep_both(cohort, coordinator):
    mine, hers = (Cohort.objects.get(pk=cohort.pk) for _person in range(2))
    mine.places, hers.confirm_days = 31, 9
    transitions.save(mine, fields=["places"], actor=coordinator)
    transitions.save(hers, fields=["confirm_days"], actor=coordinator)
    cohort.refresh_from_db()
    assert (cohort.places, cohort.confirm_days) == (31, 9)
    assert actions(cohort) == [("cohort.changed", "confirm_days"), ("cohort.changed", "places")]


def test_saving_without_a_change_writes_nothing(cohort, coordinator):
    transitions.save(cohort, fields=[], actor=coordinator)
    assert actions(cohort) == []

"""What a cohort needs before anybody is paired: who wants what, who gives what, and where it will lack."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cohorts.models import Trade
from matching import needs, weights
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def spring(closed_cohort):
    return closed_cohort


def trade(slug: str) -> Trade:
    return Trade.objects.get(slug=slug)


def family_of(found: needs.Needs, slug: str) -> needs.Line:
    return next(line for line in found.families if line.name == trade(slug).family)


def test_what_lacks_in_a_family_is_counted_from_those_who_want_nothing_else(spring):
    montage, sound = trade("montage"), trade("prise-de-son")
    for _person in range(3):
        factories.make_confirmed(spring, trades=[sound])
    factories.make_confirmed(spring, trades=[sound, montage])
    factories.make_commitment(spring, factories.make_mentor(trades=[sound]), capacity=1)
    factories.make_mentor(trades=[sound, montage], wished_capacity=2)
    found = needs.of(spring)
    line = family_of(found, "prise-de-son")
    assert (line.first, line.wanted, line.only, line.places, line.promised, line.missing) == (4, 4, 3, 1, 2, 2)
    assert [one.name for one in found.lacking] == [sound.family]
    assert (found.people, found.places, found.promised, found.is_placed, found.is_proven) == (4, 1, 2, True, True)


def test_whoever_would_take_another_family_lacks_nothing_there(spring):
    """Nobody wants sound alone: what is told as proven must not count a first wish that a second one can meet."""
    montage, sound = trade("montage"), trade("prise-de-son")
    factories.make_confirmed(spring, trades=[sound, montage])
    factories.make_commitment(spring, factories.make_mentor(trades=[montage]), capacity=1)
    assert needs.of(spring).lacking == []


def test_who_has_answered_for_the_cohort_promises_nothing_more(spring):
    mentor = factories.make_mentor(wished_capacity=3)
    assert needs.of(spring).promised == 3
    factories.make_commitment(spring, mentor, capacity=1)
    found = needs.of(spring)
    assert (found.places, found.promised) == (1, 0)
    factories.make_commitment(spring, factories.make_mentor(state="PAUSED"), capacity=5)
    assert needs.of(spring).places == 1


def test_before_the_decisions_all_who_applied_are_counted(spring):
    factories.make_sent(spring, trades=[trade("montage")])
    assert (needs.of(spring).people, needs.of(spring).is_placed) == (1, False)
    factories.make_confirmed(spring, trades=[trade("montage")])
    assert (needs.of(spring).people, needs.of(spring).is_placed) == (1, True)


def test_where_other_trades_may_do_nothing_is_proven(spring):
    weights.save(spring, chosen={"pairs_other_trades": True}, actor="a")
    assert needs.of(spring).is_proven is False


def test_as_many_queries_for_five_as_for_one(spring):
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            needs.of(spring)
        return len(seen)

    def come():
        factories.make_confirmed(spring)
        factories.make_commitment(spring)
        factories.make_mentor(wished_capacity=1)

    come()
    one = queries()
    for _more in range(4):
        come()
    assert queries() == one


def test_the_page_and_its_table_are_for_coordinators(spring, coordinator, candidate, signed_in):
    sound = trade("prise-de-son")
    factories.make_confirmed(spring, trades=[sound])
    page, table = (reverse(f"admin:matching_run_needs{end}", args=[spring.pk]) for end in ("", "_csv"))
    browser = signed_in(coordinator)
    assert "il manque 1" in browser.get(page).content.decode().replace("\u00a0", " ")
    lines = browser.get(table).content.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert sound.name in lines[1]
    assert [signed_in(candidate).get(path).status_code for path in (page, table)] == [302, 302]

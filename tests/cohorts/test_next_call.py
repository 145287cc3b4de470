"""Whoever agreed to keep in touch is told of the next call, once."""

from datetime import timedelta

import pytest

from cohorts import next_call
from consents import transitions as consents
from notifications.models import Letter
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def text():
    return factories.make_texts()["prochain-appel"]


def told() -> list[str]:
    return list(Letter.objects.filter(kind="cohorts.next_call").order_by("id").values_list("to", flat=True))


def test_who_agreed_before_the_call_is_told_once(cohort, candidate, stranger, minor, text, now):
    before = cohort.opens_at - timedelta(days=30)
    consents.agree(candidate, text, actor=candidate, now=before)
    consents.agree(stranger, text, actor=stranger, now=cohort.opens_at)
    consents.agree(minor, text, actor=minor, now=before)
    consents.take_back(minor, text.key, actor=minor, now=before + timedelta(days=1))

    assert [next_call.tell(now), next_call.tell(now)] == [1, 0]

    assert told() == [candidate.email]
    letter = Letter.objects.get(kind="cohorts.next_call")
    assert (letter.not_after, f"/promotions/{cohort.slug}/" in letter.body) == (cohort.closes_at, True)


def test_nobody_is_told_of_a_call_that_is_not_open(closed_cohort, candidate, text, now):
    factories.make_cohort("upcoming")
    consents.agree(candidate, text, actor=candidate, now=now - timedelta(days=400))
    assert (next_call.tell(now), told()) == (0, [])


def test_each_call_has_its_letter(cohort, candidate, text, now):
    consents.agree(candidate, text, actor=candidate, now=cohort.opens_at - timedelta(days=1))
    next_call.tell(now)
    second = factories.make_cohort("open", opens_at=now + timedelta(days=1), closes_at=now + timedelta(days=20))
    assert next_call.tell(second.opens_at + timedelta(hours=1)) == 1
    assert told() == [candidate.email] * 2


def test_many_are_told_in_batches(cohort, text, now, monkeypatch):
    monkeypatch.setattr(next_call, "BATCH", 2)
    for person in [factories.make_user() for _person in range(5)]:
        consents.agree(person, text, actor=person, now=cohort.opens_at - timedelta(days=1))
    assert (next_call.tell(now), len(set(told()))) == (5, 5)

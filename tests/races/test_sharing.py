"""Sharing out under several hands at once: two coordinators, a reader who writes, one who stands aside."""

from collections import Counter
from functools import partial

import pytest

from lifecycle.refusals import Refusal
from reviews import readings, sharing
from reviews.models import Assignment, Recusal
from tests import factories
from tests.races.threads import together

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 5


def fresh(thing):
    return type(thing)._default_manager.get(pk=thing.pk)


@pytest.fixture
def make_call(coordinator):
    def make(files=4, readers=4):
        cohort = factories.make_cohort("closed")
        jury = [factories.make_reviewer(cohort) for _person in range(readers)]
        return cohort, jury, [factories.make_sent(cohort) for _file in range(files)]

    return make


def is_whole(files):
    return {file.assignments.count() for file in files} == {2}


def test_two_hand_on_and_share_out_at_once(make_call, coordinator):
    for _round in range(ROUNDS):
        cohort, jury, files = make_call()
        sharing.distribute(cohort, actor=coordinator)
        outcomes = together(
            partial(sharing.hand_on, fresh(cohort), fresh(jury[0]), actor=coordinator),
            partial(sharing.hand_on, fresh(cohort), fresh(jury[0]), actor=coordinator),
            partial(sharing.distribute, fresh(cohort), actor=coordinator),
        )
        assert not [one for one in outcomes if isinstance(one, BaseException) and not isinstance(one, Refusal)]
        assert is_whole(files)
        load = Counter(Assignment.objects.filter(application__cohort=cohort).values_list("reviewer", flat=True))
        assert sum(load.values()) == 8


def test_a_reader_who_begins_meanwhile_keeps_her_file_or_is_told(make_call, coordinator):
    for _round in range(ROUNDS):
        cohort, jury, files = make_call(files=3, readers=2)
        sharing.distribute(cohort, actor=coordinator)
        late = factories.make_reviewer(cohort)
        mine = Assignment.objects.filter(reviewer=jury[0]).order_by("pk").first()
        write = partial(readings.save_draft, fresh(mine.application), fresh(jury[0]), scores={}, comment="Oui.")
        wrote, _shared = together(write, partial(sharing.distribute, fresh(cohort), actor=coordinator))
        is_hers = Assignment.objects.filter(reviewer=jury[0], application=mine.application).exists()
        assert is_hers == (not isinstance(wrote, Refusal))
        assert is_whole(files)
        assert late.assignments.count() == 2


def test_the_first_opinion_and_a_sharing_out_do_not_wait_for_each_other(make_call, coordinator):
    for _round in range(ROUNDS):
        cohort, jury, files = make_call()
        sharing.distribute(cohort, actor=coordinator)
        row = Assignment.objects.filter(reviewer=jury[0]).first()
        readings.save_draft(row.application, fresh(jury[0]), scores={}, comment="Je commence.")
        give = partial(
            readings.review, fresh(row.application), fresh(jury[0]), scores=factories.alike(cohort, 3), comment=""
        )
        aside = Assignment.objects.filter(reviewer=jury[1]).exclude(application=row.application).first()
        outcomes = together(
            give,
            partial(sharing.distribute, fresh(cohort), actor=coordinator),
            partial(sharing.recuse, fresh(aside.application), fresh(jury[1]), actor=fresh(jury[1])),
        )
        assert not [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
        assert row.application.reviews.count() == 1
        assert is_whole(files)


def test_two_clicks_stand_aside_once(make_call, coordinator):
    for _round in range(ROUNDS):
        cohort, jury, files = make_call(files=2)
        sharing.distribute(cohort, actor=coordinator)
        row = Assignment.objects.filter(reviewer=jury[0]).first()
        recuse = partial(sharing.recuse, fresh(row.application), fresh(jury[0]), actor=fresh(jury[0]))
        assert together(*[recuse] * 3) == [None, None, None]
        assert Recusal.objects.filter(application=row.application).count() == 1
        assert is_whole(files)


def test_third_readings_asked_twice_are_one(make_call, coordinator):
    for _round in range(ROUNDS):
        _cohort, jury, files = make_call(files=2)
        for file in files:
            for reader in jury[:2]:
                factories.make_reading(file, reader)
        ask = partial(sharing.ask_third_reading, [fresh(file) for file in files], actor=coordinator)
        outcomes = together(ask, ask)
        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Refusal", "int"]
        assert {file.assignments.filter(is_third=True).count() for file in files} == {1}

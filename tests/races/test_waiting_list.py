"""The waiting list under several hands at once: two workers close it, people leave, it stops, ranks move."""

from functools import partial

import pytest

from applications import tasks, transitions, waiting_list
from applications.models import Application
from cohorts.models import WaitingList
from lifecycle import journal
from lifecycle.refusals import IllegalTransition
from notifications.models import Letter
from tests import factories
from tests.races.threads import together

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 4


def fresh(thing):
    return type(thing)._default_manager.get(pk=thing.pk)


def letters(file, kind) -> int:
    about = Letter.objects.about(journal.ref(file)).filter(kind=f"applications.{kind}")
    return about.exclude(status=Letter.Status.CANCELLED).count()


def season(waiting):
    cohort = factories.make_cohort("closed", places=1)
    accepted = factories.make_accepted(cohort)
    return cohort, accepted, [factories.make_waitlisted(cohort) for _person in range(waiting)]


def leave(file):
    transitions.withdraw(fresh(file), actor=file.candidate)


def test_two_workers_that_close_a_list_write_one_letter_each(coordinator):
    for _round in range(ROUNDS):
        cohort, _accepted, waiting = season(6)
        waiting_list.close(cohort, actor=coordinator)
        outcomes = together(
            tasks.close_waiting_lists, tasks.close_waiting_lists, partial(leave, waiting[3]), partial(leave, waiting[5])
        )
        assert sum(outcomes[:2]) == sum(fresh(file).state == "REJECTED" for file in waiting)
        for file, outcome in zip((waiting[3], waiting[5]), outcomes[2:], strict=True):
            # She left in time, or the answer was there first and her click is refused in words.
            assert {"WITHDRAWN": type(None), "REJECTED": IllegalTransition}[fresh(file).state] is type(outcome)
        for file in waiting:
            told = letters(file, "waiting_list_closed")
            assert {"REJECTED": 1, "WITHDRAWN": 0}[fresh(file).state] == told


def test_a_place_freed_while_the_list_closes_is_given_before_or_not_at_all(coordinator):
    for _round in range(ROUNDS):
        cohort, accepted, waiting = season(2)
        together(partial(leave, accepted), partial(waiting_list.close, fresh(cohort), actor=coordinator))
        tasks.close_waiting_lists()
        assert fresh(cohort).waiting_list == WaitingList.CLOSED
        ends = [fresh(file).state for file in waiting]
        assert ends in (["ACCEPTED", "REJECTED"], ["REJECTED", "REJECTED"])
        assert [letters(file, "promoted") for file in waiting] == [int(end == "ACCEPTED") for end in ends]


def test_a_place_freed_while_the_list_stops_and_goes_on_is_given_once(coordinator):
    for _round in range(ROUNDS):
        cohort, accepted, waiting = season(2)
        waiting_list.stop(cohort, actor=coordinator)
        together(partial(leave, accepted), partial(waiting_list.resume, fresh(cohort), actor=coordinator))
        assert [fresh(file).state for file in waiting] == ["ACCEPTED", "WAITLISTED"]
        assert Application.objects.filter(cohort=cohort).holding_a_place().count() == 1


def test_two_who_move_ranks_leave_each_rank_to_one(coordinator):
    for _round in range(ROUNDS):
        _cohort, _accepted, waiting = season(4)
        together(
            *[
                partial(waiting_list.move_rank, fresh(file), 1, reason="Erreur de saisie.", actor=coordinator)
                for file in waiting[1:]
            ]
        )
        assert sorted(fresh(file).waitlist_rank for file in waiting) == [1, 2, 3, 4]

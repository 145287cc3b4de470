"""What the clock asks: reminders and places not confirmed, each once, missed nights included."""

from datetime import timedelta

import pytest
import time_machine

from applications import drafting, emails, queries, tasks, transitions
from applications.models import Application
from lifecycle import journal
from notifications.models import Letter
from tests import factories

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def due(moment) -> list[tuple[str, int]]:
    return [(draft.reference, days) for draft, days in queries.drafts_to_remind(moment)]


def write_due(moment) -> list[int]:
    return [days for draft, days in queries.drafts_to_remind(moment) if emails.remind(draft, days=days, now=moment)]


def test_a_reminder_is_due_from_its_hour_to_the_next_ones(cohort, candidate):
    draft = factories.make_draft(cohort, candidate)
    closing = cohort.closes_at
    three, one = closing - timedelta(days=3), closing - timedelta(days=1)
    assert [due(m) for m in (three - SECOND, three, one - SECOND, one, closing - SECOND, closing)] == [
        [],
        [(draft.reference, 3)],
        [(draft.reference, 3)],
        [(draft.reference, 1)],
        [(draft.reference, 1)],
        [],
    ]


def test_a_missed_night_catches_up_and_a_second_run_does_nothing(cohort, candidate):
    factories.make_draft(cohort, candidate)
    late = cohort.closes_at - timedelta(days=1, hours=20)
    assert [write_due(late), write_due(late), write_due(cohort.closes_at - timedelta(hours=3))] == [[3], [], [1]]


def test_a_draft_begun_since_waits_for_the_next_reminder(cohort, candidate):
    begun = cohort.closes_at - timedelta(days=2)
    draft = drafting.start(cohort, candidate, now=begun)
    moments = (begun + SECOND, cohort.closes_at - timedelta(hours=5))
    assert [due(moment) for moment in moments] == [[], [(draft.reference, 1)]]


def test_what_was_sent_is_not_reminded(cohort, candidate):
    factories.make_sent(cohort, candidate)
    assert due(cohort.closes_at - timedelta(days=2)) == []


def test_sending_cancels_the_reminder_that_has_not_left(cohort, candidate):
    draft = factories.make_complete_draft(cohort, candidate)
    write_due(cohort.closes_at - timedelta(days=2))
    transitions.submit(draft, actor=candidate)
    letters = Letter.objects.about(journal.ref(draft)).order_by("id")
    assert list(letters.values_list("kind", "status")) == [
        ("applications.reminder", "CANCELLED"),
        ("applications.receipt", "QUEUED"),
    ]


def test_a_deadline_that_moves_is_reminded_again(cohort, candidate):
    factories.make_draft(cohort, candidate)
    before = cohort.closes_at - timedelta(days=2)
    assert write_due(before) == [3]
    cohort.closes_at += timedelta(days=5)
    cohort.save()
    assert [write_due(before), write_due(cohort.closes_at - timedelta(days=2))] == [[], [3]]


def test_a_reminder_is_worth_nothing_after_the_closing(cohort, candidate):
    factories.make_draft(cohort, candidate)
    write_due(cohort.closes_at - timedelta(days=1))
    assert Letter.objects.get().not_after == cohort.closes_at


def test_the_task_reminds_each_draft_once(cohort, candidate, stranger):
    factories.make_draft(cohort, candidate)
    factories.make_draft(cohort, stranger)
    with time_machine.travel(cohort.closes_at - timedelta(days=2), tick=False):
        assert [tasks.remind_drafts(), tasks.remind_drafts()] == [2, 0]


def test_the_task_frees_what_was_not_confirmed(closed_cohort, candidate):
    accepted = factories.make_accepted(closed_cohort, candidate)
    confirmed = factories.make_confirmed(closed_cohort)
    seen = []
    for moment in (accepted.confirm_by, accepted.confirm_by + SECOND, accepted.confirm_by + timedelta(days=2)):
        with time_machine.travel(moment, tick=False):
            tasks.lapse_places()
        seen.append([Application.objects.get(pk=a.pk).state for a in (accepted, confirmed)])
    assert seen == [["ACCEPTED", "CONFIRMED"], ["LAPSED", "CONFIRMED"], ["LAPSED", "CONFIRMED"]]
    assert Letter.objects.filter(kind="applications.lapsed").count() == 1

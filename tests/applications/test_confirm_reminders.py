"""Reminders to confirm a place: at half time and a day before, each once, to who has not answered."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from applications import reminders, tasks, transitions
from applications.models import Application
from applications.reminders import Turn, due
from consents.models import GuardianAuthorisation
from lifecycle import journal
from matching import falls
from matching.falls import withdraw_application
from notifications import kinds, preferences
from notifications.models import Letter
from tests import factories

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
KIND = "applications.confirm_reminder"
TERM = timezone.make_aware(datetime(2027, 3, 22, 23, 59)).astimezone(timezone.get_default_timezone())
HALF, LAST = Turn.HALF_TIME, Turn.LAST_DAY

# --- When ---------------------------------------------------------------------------------------


def turn(confirm_days: int, before: timedelta) -> Turn | None:
    """The reminder due that long before the term."""
    reminder = due(TERM, confirm_days, TERM - before)
    return reminder and reminder.turn


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (7 * DAY, None),
        (3.5 * DAY + SECOND, None),
        (3.5 * DAY, HALF),
        (2 * DAY, HALF),
        (2 * DAY - HOUR + SECOND, HALF),
        (2 * DAY - HOUR, None),
        (DAY + SECOND, None),
        (DAY, LAST),
        (SECOND, LAST),
        (0 * DAY, LAST),
        (-SECOND, None),
    ],
)
def test_a_week_to_confirm_has_two_reminders(before, expected):
    assert turn(7, before) is expected


@pytest.mark.parametrize("confirm_days", [1, 2, 3])
def test_a_short_time_has_only_the_last_one(confirm_days):
    hours = range(confirm_days * 24, -1, -1)
    assert [turn(confirm_days, hour * HOUR) for hour in hours] == [None if hour > 24 else LAST for hour in hours]


@pytest.mark.parametrize("confirm_days", range(4, 31))
def test_the_two_never_fall_on_one_another(confirm_days):
    quarters = [TERM - n * HOUR / 4 for n in range(confirm_days * 96, -1, -1)]
    moments = {HALF: [], LAST: []}
    for moment in quarters:
        if reminder := due(TERM, confirm_days, moment):
            moments[reminder.turn].append(moment)
    assert (moments[HALF][0], moments[LAST][0]) == (TERM - confirm_days * DAY / 2, TERM - DAY)
    assert moments[LAST][0] - moments[HALF][-1] >= 23 * HOUR


# --- Who ----------------------------------------------------------------------------------------


def at_half(application) -> datetime:
    return application.confirm_by - application.cohort.confirm_days * DAY / 2


def who(moment) -> list[tuple[str, str]]:
    return [(place.reference, reminder.turn) for place, reminder in reminders.places_to_remind(moment)]


def write_due(moment) -> list[str]:
    return [
        reminder.turn
        for place, reminder in reminders.places_to_remind(moment)
        if reminders.remind(place, reminder, now=moment)
    ]


@pytest.mark.django_db
class TestWho:
    def test_from_its_moment_on_until_the_term(self, closed_cohort, candidate):
        accepted = factories.make_accepted(closed_cohort, candidate)
        half, last = at_half(accepted), accepted.confirm_by - DAY
        moments = (half - SECOND, half, last - SECOND, last, accepted.confirm_by, accepted.confirm_by + SECOND)
        hers = [(accepted.reference, "half")], [(accepted.reference, "last")]
        assert [who(moment) for moment in moments] == [[], hers[0], [], hers[1], hers[1], []]

    def test_a_missed_night_catches_up_and_a_second_run_writes_nothing(self, closed_cohort, candidate):
        accepted = factories.make_accepted(closed_cohort, candidate)
        moments = (at_half(accepted) + 8 * HOUR, at_half(accepted) + 9 * HOUR, accepted.confirm_by - 2 * HOUR)
        assert [write_due(moment) for moment in moments] == [["half"], [], ["last"]]

    def test_a_decision_not_announced_is_not_told(self, closed_cohort, candidate):
        sent = factories.make_sent(closed_cohort, candidate)
        transitions.decide(sent, "ACCEPTED", actor=journal.CLOCK, hold="reviews.release:1")
        assert [who(at_half(sent)), who(sent.confirm_by - HOUR)] == [[], []]
        Application.objects.update(masked_state="", announced_at=at_half(sent) - SECOND)
        assert who(at_half(sent)) == [(sent.reference, "half")]

    def test_who_learnt_late_waits_for_the_next_one(self, closed_cohort, candidate):
        accepted = factories.make_accepted(closed_cohort, candidate)
        Application.objects.update(announced_at=at_half(accepted))
        moments = (at_half(accepted) + HOUR, accepted.confirm_by - DAY)
        assert [who(moment) for moment in moments] == [[], [(accepted.reference, "last")]]

    def test_who_was_promoted_is_reminded_too(self, closed_cohort, candidate):
        closed_cohort.places = 1
        closed_cohort.save()
        first, waiting = factories.make_accepted(closed_cohort), factories.make_waitlisted(closed_cohort, candidate)
        withdraw_application(first, actor=first.candidate)
        waiting.refresh_from_db()
        assert who(at_half(waiting)) == [(waiting.reference, "half")]

    @pytest.mark.parametrize("make", [factories.make_confirmed, factories.make_waitlisted, factories.make_rejected])
    def test_nobody_else(self, make, closed_cohort, candidate):
        make(closed_cohort, candidate)
        term = transitions.confirmation_term(closed_cohort, timezone.now())
        assert [who(term - DAY), who(term)] == [[], []]

    def test_a_term_that_moves_makes_a_new_fact(self, closed_cohort, candidate):
        accepted = factories.make_accepted(closed_cohort, candidate)
        last = accepted.confirm_by - DAY
        assert write_due(last) == ["last"]
        Application.objects.update(confirm_by=accepted.confirm_by + 5 * DAY)
        assert [write_due(last), write_due(last + 5 * DAY), write_due(last + 5 * DAY)] == [[], ["last"], []]
        assert Letter.objects.filter(kind=KIND).count() == 2

    def test_each_cohort_at_its_own_pace(self, closed_cohort, candidate, stranger):
        quick = factories.make_cohort("closed", confirm_days=2)
        slow_one, quick_one = (
            factories.make_accepted(closed_cohort, candidate),
            factories.make_accepted(quick, stranger),
        )
        assert who(at_half(slow_one)) == [(slow_one.reference, "half")]
        assert who(quick_one.confirm_by - DAY) == [(quick_one.reference, "last")]


# --- The letter ---------------------------------------------------------------------------------


@pytest.mark.django_db
class TestLetter:
    def test_it_is_worth_nothing_after_the_term(self, closed_cohort, candidate):
        accepted = factories.make_accepted(closed_cohort, candidate)
        write_due(accepted.confirm_by - DAY)
        letter = Letter.objects.get(kind=KIND)
        assert (letter.to, letter.not_after, letter.subject) == (
            candidate.email,
            accepted.confirm_by,
            f"Dernier jour pour confirmer votre place ({accepted.reference})",
        )

    def test_a_minor_is_told_what_she_waits_for(self, closed_cohort, minor):
        accepted = factories.make_accepted(closed_cohort, minor)
        write_due(at_half(accepted))
        factories.authorise(accepted)
        write_due(accepted.confirm_by - DAY)
        assert list(Letter.objects.filter(kind=KIND).order_by("id").values_list("subject", flat=True)) == [
            f"Une autorisation manque pour confirmer votre place ({accepted.reference})",
            f"Dernier jour pour confirmer votre place ({accepted.reference})",
        ]

    def test_a_refused_authorisation_is_missing_too(self, closed_cohort, minor):
        accepted = factories.make_accepted(closed_cohort, minor)
        falls.refuse_authorisation(GuardianAuthorisation.objects.get(), actor=journal.CONSOLE)
        write_due(at_half(accepted))
        assert Letter.objects.get(kind=KIND).subject.startswith("Une autorisation manque")

    def test_who_stopped_reminders_is_told_all_the_same(self, closed_cohort, candidate):
        preferences.stop_reminders(candidate.email, now=timezone.now())
        accepted = factories.make_accepted(closed_cohort, candidate)
        assert (kinds.get(KIND).essential, write_due(at_half(accepted))) == (True, ["half"])


# --- What makes it moot -------------------------------------------------------------------------


def confirm(application):
    transitions.confirm(application, actor=application.candidate)


def give_back(application):
    withdraw_application(application, actor=application.candidate)


def let_lapse(application):
    transitions.lapse(application, now=application.confirm_by + SECOND)


@pytest.mark.django_db
@pytest.mark.parametrize("answer", [confirm, give_back, let_lapse])
class TestMoot:
    def test_a_reminder_that_has_not_left_is_cancelled(self, answer, closed_cohort, candidate):
        accepted = factories.make_accepted(closed_cohort, candidate)
        other = factories.make_accepted(closed_cohort)
        assert write_due(at_half(accepted)) == ["half", "half"]
        answer(accepted)
        letters = Letter.objects.filter(kind=KIND).values_list("about", "status")
        assert dict(letters) == {journal.ref(accepted): "CANCELLED", journal.ref(other): "QUEUED"}

    def test_an_answer_given_meanwhile_stops_the_writing(self, answer, closed_cohort, candidate):
        accepted = factories.make_accepted(closed_cohort, candidate)
        moment = at_half(accepted)
        (found,) = reminders.places_to_remind(moment)
        answer(Application.objects.get())
        assert (reminders.remind(*found, now=moment), Letter.objects.filter(kind=KIND).count()) == (False, 0)


@pytest.mark.django_db
def test_the_task_reminds_each_place_once(closed_cohort, candidate, stranger):
    accepted = factories.make_accepted(closed_cohort, candidate)
    factories.make_accepted(closed_cohort, stranger)
    with time_machine.travel(at_half(accepted), tick=False):
        assert [tasks.remind_places(), tasks.remind_places()] == [2, 0]


@pytest.mark.django_db
def test_the_clock_knows_the_task(settings):
    tasks_of_the_clock = [entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()]
    assert tasks_of_the_clock.count(tasks.remind_places.name) == 1

"""The waiting list: who is called when a place is free, how it stops, goes on and ends."""

from datetime import timedelta

import pytest
from django.utils import timezone

from applications import tasks, transitions, waiting_list
from applications.models import Application
from cohorts.models import Audience, Cohort, WaitingList
from lifecycle import journal
from lifecycle.models import JournalEntry
from lifecycle.refusals import Refusal
from notifications.models import Letter
from tests import factories

pytestmark = pytest.mark.django_db

State = Application.State
STUDENT, PUPIL = Audience.STUDENT, Audience.PUPIL


def fresh(thing):
    return type(thing)._default_manager.get(pk=thing.pk)


def states(*files) -> list[str]:
    return [fresh(file).state for file in files]


def letters(file) -> list[str]:
    about = Letter.objects.about(journal.ref(file)).order_by("created_at", "id")
    return [kind.partition(".")[2] for kind in about.values_list("kind", flat=True)]


def lines(thing, action) -> list[str]:
    entries = JournalEntry.objects.about(journal.ref(thing)).filter(action=action).order_by("id")
    return list(entries.values_list("detail", flat=True))


def season(places=1, waiting=3, **settings):
    """A cohort whose places are all taken, and people who wait: (cohort, accepted, waiting)."""
    cohort = factories.make_cohort("closed", places=places, **settings)
    accepted = [factories.make_accepted(cohort, audience=STUDENT) for _ in range(places)]
    return cohort, accepted, [factories.make_waitlisted(cohort) for _ in range(waiting)]


def says(file, audience):
    Application.objects.filter(pk=file.pk).update(audience=audience)


def leave(*files):
    for file in files:
        file = fresh(file)
        transitions.withdraw(file, actor=file.candidate)


# --- Who is called ------------------------------------------------------------------------------


def test_a_call_names_the_rank_in_the_journal():
    _cohort, [accepted], [first, _second, _third] = season()

    leave(accepted)

    assert lines(first, "application.promoted") == ["rang 1"]
    assert letters(first)[-1] == "promoted"


def test_the_same_audience_goes_first_where_the_cohort_wants_it():
    cohort, [accepted], waiting = season(promotes_same_audience=True)
    says(waiting[0], PUPIL)
    says(waiting[1], PUPIL)

    leave(accepted)

    assert states(*waiting) == [State.WAITLISTED, State.WAITLISTED, State.ACCEPTED]
    passed = f"rang 3, avant le rang 1\u00a0: même public que {accepted.reference}"
    assert lines(waiting[2], "application.promoted") == [passed]
    assert cohort.waiting_list == WaitingList.OPEN


def test_without_anybody_of_the_same_audience_the_next_is_called():
    _cohort, [accepted], waiting = season(promotes_same_audience=True)
    for file in waiting:
        says(file, PUPIL)

    leave(accepted)

    assert states(*waiting) == [State.ACCEPTED, State.WAITLISTED, State.WAITLISTED]
    assert lines(waiting[0], "application.promoted") == ["rang 1"]


def test_a_place_that_lapses_goes_to_its_own_audience_too():
    _cohort, [accepted], waiting = season(promotes_same_audience=True)
    says(waiting[0], PUPIL)

    transitions.lapse(fresh(accepted), now=accepted.confirm_by + timedelta(minutes=1))

    assert states(*waiting) == [State.WAITLISTED, State.ACCEPTED, State.WAITLISTED]


def test_audiences_do_not_count_elsewhere():
    _cohort, [accepted], waiting = season()
    says(waiting[0], PUPIL)

    leave(accepted)

    assert states(*waiting) == [State.ACCEPTED, State.WAITLISTED, State.WAITLISTED]


# --- Stopping and going on ----------------------------------------------------------------------


def test_a_stopped_list_calls_nobody_and_goes_on_with_as_many_as_places(coordinator):
    cohort, accepted, waiting = season(places=3, waiting=3)
    waiting_list.stop(cohort, actor=coordinator)

    leave(*accepted[:2])

    assert states(*waiting) == [State.WAITLISTED] * 3
    assert waiting_list.free_places(cohort) == 2
    called = waiting_list.resume(fresh(cohort), actor=coordinator)
    assert called == waiting[:2]
    assert states(*waiting) == [State.ACCEPTED, State.ACCEPTED, State.WAITLISTED]
    assert fresh(cohort).waiting_list == WaitingList.OPEN
    assert [lines(cohort, f"cohort.waiting_list_{done}") for done in ("stopped", "resumed")] == [[""], [""]]


def test_places_freed_while_it_was_stopped_keep_their_audience(coordinator):
    cohort, accepted, waiting = season(places=3, waiting=3, promotes_same_audience=True)
    says(accepted[1], PUPIL)
    says(waiting[2], PUPIL)
    leave(accepted[0])  # before the stop: called at once
    assert states(*waiting) == [State.ACCEPTED, State.WAITLISTED, State.WAITLISTED]
    waiting_list.stop(fresh(cohort), actor=coordinator)
    leave(accepted[1])

    assert waiting_list.resume(fresh(cohort), actor=coordinator) == [waiting[2]]


def test_places_promised_to_others_are_kept(coordinator):
    cohort, accepted, waiting = season(places=3, waiting=3)
    waiting_list.stop(cohort, actor=coordinator)
    leave(*accepted)

    assert waiting_list.resume(fresh(cohort), kept=2, actor=coordinator) == waiting[:1]
    assert waiting_list.call(fresh(cohort), kept=2, actor=coordinator) == []
    assert waiting_list.call(fresh(cohort), kept=1, actor=coordinator) == waiting[1:2]
    assert lines(cohort, "cohort.waiting_list_called") == ["1"]


def test_more_places_than_people_calls_everybody(coordinator):
    cohort, _accepted, waiting = season(places=1, waiting=2)
    Cohort.objects.filter(pk=cohort.pk).update(places=9)

    assert waiting_list.call(fresh(cohort), actor=coordinator) == waiting
    assert waiting_list.free_places(fresh(cohort)) == 6


def test_nobody_is_called_once_the_cohort_has_begun(coordinator):
    cohort, _accepted, waiting = season()
    Cohort.objects.filter(pk=cohort.pk).update(places=9)
    start = factories.paris(cohort.starts_on, 0)

    assert waiting_list.call(fresh(cohort), actor=coordinator, now=start) == []
    assert waiting_list.call(fresh(cohort), actor=coordinator, now=start - timedelta(seconds=1)) == waiting


def test_each_verb_is_refused_out_of_its_state(coordinator):
    cohort, _accepted, waiting = season()
    verbs = {
        "stop": lambda: waiting_list.stop(fresh(cohort), actor=coordinator),
        "resume": lambda: waiting_list.resume(fresh(cohort), actor=coordinator),
        "call": lambda: waiting_list.call(fresh(cohort), actor=coordinator),
        "close": lambda: waiting_list.close(fresh(cohort), actor=coordinator),
        "move": lambda: waiting_list.move_rank(fresh(waiting[0]), 2, reason="Erreur de saisie.", actor=coordinator),
    }
    open_, stopped = "La liste d’attente est déjà ouverte.", "La liste d’attente est suspendue."
    closed = "La liste d’attente est close\u00a0: elle ne change plus."
    expected = {
        WaitingList.OPEN: {"resume": open_},
        WaitingList.STOPPED: {"stop": stopped, "call": stopped},
        WaitingList.CLOSED: dict.fromkeys(verbs, closed),
    }
    for state in WaitingList:
        refused = {}
        for name, verb in verbs.items():
            Cohort.objects.filter(pk=cohort.pk).update(waiting_list=state)
            try:
                verb()
            except Refusal as refusal:
                refused[name] = refusal.sentence
        assert refused == expected[state]


# --- Closing ------------------------------------------------------------------------------------


def test_closing_answers_everybody_who_waits_once(coordinator, now):
    cohort, [accepted], waiting = season(waiting=3)
    elsewhere = season(waiting=1)[2][0]
    assert waiting_list.close(cohort, expected=3, actor=coordinator) == 3
    assert states(*waiting) == [State.WAITLISTED] * 3

    assert tasks.close_waiting_lists() == 3
    assert tasks.close_waiting_lists() == 0

    assert states(accepted, *waiting, elsewhere) == [State.ACCEPTED, *[State.REJECTED] * 3, State.WAITLISTED]
    assert [letters(file)[-2:] for file in waiting] == [["waitlisted", "waiting_list_closed"]] * 3
    assert [letter.hold for letter in Letter.objects.filter(kind="applications.waiting_list_closed")] == [""] * 3
    told = fresh(waiting[0])
    assert (told.shown_state, told.waited_in_vain, told.announced_at >= now) == (State.REJECTED, True, True)
    assert lines(cohort, "cohort.waiting_list_closed") == ["3"]


def test_a_jurys_no_is_not_the_lists(closed_cohort):
    assert not fresh(factories.make_rejected(closed_cohort)).waited_in_vain


def test_a_place_freed_after_the_closing_calls_nobody(coordinator):
    cohort, [accepted], waiting = season()
    waiting_list.close(cohort, actor=coordinator)

    leave(accepted)

    assert states(*waiting) == [State.WAITLISTED] * 3
    assert waiting_list.free_places(cohort) == 1


def test_who_leaves_before_her_answer_gets_none(coordinator):
    cohort, _accepted, waiting = season(waiting=2)
    waiting_list.close(cohort, actor=coordinator)
    seen = list(waiting_list.to_refuse())
    leave(waiting[0])

    assert [waiting_list.refuse(file, now=timezone.now()) for file in seen] == [False, True]
    assert states(*waiting) == [State.WITHDRAWN, State.REJECTED]
    assert [letters(file)[-1] for file in waiting] == ["withdrawn", "waiting_list_closed"]


def test_closing_is_refused_when_the_list_changed_or_while_an_announcement_runs(coordinator):
    cohort, _accepted, _waiting = season(waiting=2)
    with pytest.raises(Refusal, match="La liste a changé"):
        waiting_list.close(fresh(cohort), expected=3, actor=coordinator)
    hidden = factories.make_sent(cohort)
    transitions.decide(hidden, State.WAITLISTED, rank=9, actor=journal.CLOCK, hold="reviews.release:1")
    with pytest.raises(Refusal, match="Une annonce est en cours"):
        waiting_list.close(fresh(cohort), expected=2, actor=coordinator)
    Application.objects.filter(pk=hidden.pk).update(masked_state="")
    assert waiting_list.close(fresh(cohort), expected=3, actor=coordinator) == 3


def test_who_does_not_know_yet_that_she_waits_is_not_refused(coordinator):
    cohort, _accepted, waiting = season(waiting=1)
    waiting_list.close(cohort, actor=coordinator)
    Application.objects.filter(pk=waiting[0].pk).update(masked_state="SUBMITTED")

    assert tasks.close_waiting_lists() == 0
    assert waiting_list.refuse(waiting[0], now=timezone.now()) is False
    Application.objects.filter(pk=waiting[0].pk).update(masked_state="")
    assert tasks.close_waiting_lists() == 1


# --- Moving a rank ------------------------------------------------------------------------------


def ranks(*files):
    return [fresh(file).waitlist_rank for file in files]


@pytest.mark.parametrize(
    ("moved", "to", "expected"),
    [(0, 3, [3, 1, 2, 4]), (3, 1, [2, 3, 4, 1]), (1, 2, [1, 2, 3, 4]), (2, 4, [1, 2, 4, 3])],
)
def test_a_moved_rank_closes_up_the_others(coordinator, moved, to, expected):
    _cohort, _accepted, waiting = season(waiting=4)
    assert ranks(*waiting) == [1, 2, 3, 4]

    waiting_list.move_rank(waiting[moved], to, reason="Deux dossiers\nconfondus", actor=coordinator)

    assert ranks(*waiting) == expected
    told = [f"{moved + 1} → {to}\u00a0: Deux dossiers confondus"] if expected != [1, 2, 3, 4] else []
    assert lines(waiting[moved], "application.rank_moved") == told


def test_who_is_not_announced_yet_keeps_her_rank(coordinator):
    _cohort, [accepted], waiting = season(waiting=4)
    leave(accepted)  # the first is called: ranks 2 to 4 are left
    Application.objects.filter(pk=waiting[3].pk).update(masked_state="SUBMITTED")

    waiting_list.move_rank(waiting[2], 1, reason="Erreur.", actor=coordinator)

    assert ranks(*waiting) == [None, 3, 2, 4]


@pytest.mark.parametrize(
    ("rank", "reason", "sentence"),
    [
        (2, " ", "Écrivez pourquoi, en 200 caractères au plus."),
        (2, "a" * 201, "Écrivez pourquoi, en 200 caractères au plus."),
        (0, "Erreur.", "La liste va du rang 1 au rang 3."),
        (4, "Erreur.", "La liste va du rang 1 au rang 3."),
    ],
)
def test_a_move_without_reason_or_out_of_the_list_is_refused(coordinator, rank, reason, sentence):
    _cohort, _accepted, waiting = season()
    with pytest.raises(Refusal) as refusal:
        waiting_list.move_rank(waiting[0], rank, reason=reason, actor=coordinator)
    assert (refusal.value.sentence, ranks(*waiting)) == (sentence, [1, 2, 3])
    waiting_list.move_rank(waiting[0], 3, reason="a" * 200, actor=coordinator)
    assert ranks(*waiting) == [3, 1, 2]


def test_who_does_not_wait_cannot_be_moved(coordinator):
    _cohort, [accepted], _waiting = season()
    with pytest.raises(Refusal, match="n’est plus sur la liste"):
        waiting_list.move_rank(accepted, 1, reason="Erreur.", actor=coordinator)

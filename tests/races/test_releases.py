"""Announcements under several hands at once: one outcome each time, and a sentence for whoever came second."""

from functools import partial

import pytest

from applications.models import Application
from lifecycle import journal
from lifecycle.models import JournalEntry
from lifecycle.refusals import Refusal
from matching import falls
from notifications.models import Letter
from reviews import applying, releasing, transitions
from reviews.models import Decision, Release
from tests import factories
from tests.races.threads import together

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 4


def fresh(thing):
    """As another request would see it."""
    return type(thing)._default_manager.get(pk=thing.pk)


def sentences(outcomes) -> list[str]:
    """What those who came second read; anything else that was raised is a failure."""
    refused = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert {type(outcome) for outcome in refused} <= {Refusal}
    return [refusal.sentence.replace("\u00a0", " ") for refusal in refused]


def letters_of(file) -> list[str]:
    letters = Letter.objects.about(journal.ref(file)).filter(key__contains=":decision:")
    return list(letters.exclude(status=Letter.Status.CANCELLED).values_list("kind", flat=True))


def lines(thing, action) -> int:
    return JournalEntry.objects.about(journal.ref(thing)).filter(action=action).count()


def marked(coordinator, count=3, **fields):
    """A cohort and so many of its files, each to accept."""
    cohort = factories.make_cohort("closed", **fields)
    files = [factories.make_sent(cohort) for _file in range(count)]
    for file in files:
        transitions.mark(file, Decision.Outcome.ACCEPTED, actor=coordinator)
    return cohort, files


def proposed(coordinator, count=3):
    cohort, files = marked(coordinator, count, needs_two_people=True)
    return releasing.propose(cohort, actor=coordinator), files


@pytest.fixture
def others():
    """Who coordinates with Claire."""
    return [factories.make_coordinator(factories.make_user(name)) for name in ("Moussa", "Rose")]


def test_two_who_confirm_start_it_once(coordinator, others):
    for _round in range(ROUNDS):
        release, _files = proposed(coordinator)
        told = sentences(together(*[partial(releasing.confirm, fresh(release), actor=person) for person in others]))
        assert told == ["Cette annonce est déjà lancée. Vous pouvez encore l’arrêter."]
        assert (fresh(release).state, lines(release, "release.running")) == ("RUNNING", 1)


def test_confirmed_or_given_up_never_both(coordinator, others):
    ends = set()
    for _round in range(ROUNDS * 2):
        release, files = proposed(coordinator)
        confirmed, given_up = together(
            partial(releasing.confirm, fresh(release), actor=others[0]),
            partial(releasing.abandon, fresh(release), actor=coordinator),
        )
        state = fresh(release).state
        ends.add(state)
        (told,) = sentences([confirmed, given_up])
        pending = Decision.objects.pending().filter(application__in=files).count()
        if state == "RUNNING":
            assert (told, pending) == ("Cette annonce est déjà lancée. Vous pouvez encore l’arrêter.", 0)
        else:
            assert state == "ABANDONED"
            assert told.startswith("Quelqu’un vient de renoncer à cette annonce")
            assert pending == 3
    assert ends <= {"RUNNING", "ABANDONED"}


def test_stopped_or_announced_never_half(coordinator):
    for _round in range(ROUNDS * 2):
        cohort, files = marked(coordinator)
        release = releasing.propose(cohort, actor=coordinator)
        worked, stopped = together(
            partial(releasing.work, fresh(release)), partial(releasing.stop, fresh(release), actor=coordinator)
        )
        assert worked is None
        shown = {fresh(file).shown_state for file in files}
        if stopped is None:
            assert (fresh(release).state, shown) == ("STOPPED", {"SUBMITTED"})
            releasing.abandon(fresh(release), actor=coordinator)
            applying.undo(fresh(release))
            assert {(fresh(file).state, fresh(file).masked_state) for file in files} == {("SUBMITTED", "")}
            assert [letters_of(file) for file in files] == [[]] * 3
        else:
            assert sentences([stopped]) == ["Trop tard : les décisions viennent d’être annoncées."]
            assert (fresh(release).state, shown) == ("DONE", {"ACCEPTED"})


def test_given_up_while_a_worker_still_has_a_file_in_hand(coordinator):
    """The worker read its list before it was stopped: what it applies late would stay hidden for ever."""
    for _round in range(ROUNDS * 2):
        cohort, files = marked(coordinator, 4)
        release = releasing.propose(cohort, actor=coordinator)

        def stop_and_give_up(release=release):
            releasing.stop(fresh(release), actor=coordinator)
            releasing.abandon(fresh(release), actor=coordinator)

        worked, given_up = together(partial(releasing.work, fresh(release)), stop_and_give_up)
        assert worked is None
        if given_up is None:
            together(partial(applying.undo, fresh(release)), partial(applying.undo, fresh(release)))
            assert fresh(release).state == "ABANDONED"
            assert {(fresh(file).state, fresh(file).masked_state) for file in files} == {("SUBMITTED", "")}
            assert [letters_of(file) for file in files] == [[]] * 4
            assert Decision.objects.pending().filter(application__in=files).count() == 4
        else:
            assert fresh(release).state == "DONE"


def test_a_mark_while_it_is_proposed_is_in_it_or_refused(coordinator):
    for _round in range(ROUNDS):
        cohort, (file, *_others) = marked(coordinator, needs_two_people=True)
        release, changed = together(
            partial(releasing.propose, fresh(cohort), actor=coordinator),
            partial(transitions.mark, fresh(file), Decision.Outcome.REJECTED, actor=coordinator),
        )
        held = release.decisions.get(application=file).outcome
        if isinstance(changed, Refusal):
            assert "annonce proposée par" in changed.sentence
            assert held == "ACCEPTED"
        else:
            assert held == "REJECTED"


def test_what_she_read_is_what_she_proposes_whoever_marks_meanwhile(coordinator):
    for _round in range(ROUNDS):
        cohort, (file, *_others) = marked(coordinator)
        seen = releasing.fingerprint(releasing.pending_of(cohort))
        proposed_one, changed = together(
            partial(releasing.propose, fresh(cohort), actor=coordinator, seen=seen),
            partial(transitions.mark, fresh(file), Decision.Outcome.REJECTED, actor=coordinator),
        )
        told = sentences([proposed_one, changed])
        assert len(told) == 1
        if isinstance(proposed_one, Release):
            assert told == ["La décision de ce dossier est en cours d’annonce."]
        else:
            assert told == ["Les décisions ont changé pendant que vous lisiez cette page. Relisez, puis publiez."]


def test_a_withdrawal_while_her_file_is_in_hand_leaves_no_letter(coordinator):
    for _round in range(ROUNDS * 2):
        cohort, (file, other) = marked(coordinator, 2)
        release = releasing.propose(cohort, actor=coordinator)
        decision = release.decisions.select_related("application__cohort").get(application=file)
        outcomes = together(
            partial(releasing.apply, decision, now=release.requested_at),
            partial(falls.withdraw_application, fresh(file), actor=file.candidate),
        )
        assert outcomes == [True, None]
        releasing.work(fresh(release), now=release.requested_at)
        assert (fresh(file).state, fresh(file).masked_state, letters_of(file)) == ("WITHDRAWN", "", [])
        assert (fresh(other).shown_state, fresh(release).state) == ("ACCEPTED", "DONE")
        assert release.decisions.get(application=file).replaced == {}


def test_a_place_freed_while_it_runs_never_makes_one_too_many(coordinator):
    """Somebody withdraws her place, the waiting list moves up, and the announcement takes up the same person."""
    for _round in range(ROUNDS):
        cohort = factories.make_cohort("closed", places=2)
        holder, waiting = factories.make_accepted(cohort), factories.make_waitlisted(cohort)
        transitions.mark(waiting, Decision.Outcome.ACCEPTED, actor=coordinator)
        release = releasing.propose(cohort, actor=coordinator)
        outcomes = together(
            partial(releasing.work, fresh(release)),
            partial(falls.withdraw_application, fresh(holder), actor=holder.candidate),
        )
        assert outcomes == [None, None]
        releasing.work(fresh(release))
        assert fresh(waiting).shown_state == "ACCEPTED"
        assert Application.objects.filter(cohort=cohort).holding_a_place().count() == 1
        told = Letter.objects.about(journal.ref(waiting)).filter(
            kind__in=["applications.accepted", "applications.promoted"]
        )
        assert told.exclude(status=Letter.Status.CANCELLED).count() == 1


def test_three_workers_and_one_who_stops_and_goes_on(coordinator):
    for _round in range(ROUNDS):
        cohort, files = marked(coordinator, 5)
        release = releasing.propose(cohort, actor=coordinator)

        def stop_and_resume(release=release):
            releasing.stop(fresh(release), actor=coordinator)
            releasing.resume(fresh(release), actor=coordinator)

        *workers, _person = together(
            *[partial(releasing.work, fresh(release)) for _worker in range(3)], stop_and_resume
        )
        assert workers == [None] * 3
        releasing.work(fresh(release))
        assert [letters_of(file) for file in files] == [["applications.accepted"]] * 5
        assert {fresh(file).shown_state for file in files} == {"ACCEPTED"}
        assert lines(release, "release.done") == 1

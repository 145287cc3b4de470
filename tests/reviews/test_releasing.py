"""Announcing: proposed, confirmed, stopped, taken up, given up; what a candidate sees before, which is nothing."""

from functools import partial

import pytest
from django.db import OperationalError

from cohorts.models import Cohort
from matching import falls
from notifications import delivery
from reviews import applying, releasing, tasks, transitions
from reviews.models import Decision
from tests import factories
from tests.reviews.announcements import (
    decision_letters,
    fresh,
    give_up,
    lines,
    refused,
    requests_to_confirm,
    row,
    started,
)

pytestmark = pytest.mark.django_db

Outcome = Decision.Outcome


@pytest.fixture
def moussa():
    """Who coordinates with Claire."""
    return factories.make_coordinator(factories.make_user("Moussa", "Keïta"))


@pytest.fixture
def files(decided_files):
    """One that waited and is accepted now, one to accept, one for the waiting list, one to refuse with a reason."""
    return decided_files


@pytest.fixture
def by_two(closed_cohort, files):
    """The cohort wants two people from now on."""
    Cohort.objects.filter(pk=closed_cohort.pk).update(needs_two_people=True)
    closed_cohort.refresh_from_db()
    return closed_cohort


# --- Two people -----------------------------------------------------------------------------------


def test_it_waits_for_a_second_person_and_writes_to_the_others(by_two, files, coordinator, moussa, now):
    factories.make_coordinator(factories.make_user("Rose", is_active=False))
    release = releasing.propose(by_two, actor=coordinator, now=now)
    assert (release.state, release.proposed_by) == ("PROPOSED", coordinator)
    assert requests_to_confirm() == [(moussa.email, "QUEUED")]
    releasing.work(release, now=now)
    assert {fresh(file).masked_state for file in files} == {""}

    assert refused(releasing.confirm, release, actor=coordinator, now=now) == (
        "Vous avez proposé cette annonce : une autre personne de la coordination la confirme."
    )
    releasing.confirm(release, actor=moussa, now=now)
    release = fresh(release)
    assert (release.state, release.confirmed_by, release.confirmed_at) == ("RUNNING", moussa, now)
    assert requests_to_confirm() == [(moussa.email, "CANCELLED")]
    releasing.work(release, now=now)
    assert fresh(release).state == "DONE"
    assert lines(release) == ["release.proposed", "release.running", "release.done"]


def test_one_is_enough_where_the_cohort_says_so(closed_cohort, files, coordinator, moussa, now):
    assert releasing.propose(closed_cohort, actor=coordinator, now=now).state == "RUNNING"
    assert requests_to_confirm() == []


def test_confirming_checks_the_places_and_what_was_read_again(by_two, files, coordinator, moussa, now):
    release = releasing.propose(by_two, actor=coordinator, now=now)
    seen = releasing.fingerprint(releasing.decisions_of(release))
    Cohort.objects.filter(pk=by_two.pk).update(places=1)
    assert refused(releasing.confirm, release, actor=moussa) == (
        "Il y a 1 acceptation de trop pour les places de la promotion."
    )
    Cohort.objects.filter(pk=by_two.pk).update(places=20)
    falls.withdraw_application(fresh(files[3]), actor=files[3].candidate)
    assert refused(releasing.confirm, release, actor=moussa, seen=seen) == (
        "Quelque chose a changé pendant que vous lisiez cette page. Relisez, puis confirmez."
    )
    releasing.confirm(release, actor=moussa, seen=releasing.fingerprint(releasing.decisions_of(release)))
    assert fresh(release).state == "RUNNING"
    assert refused(releasing.confirm, release, actor=moussa) == (
        "Cette annonce est déjà lancée. Vous pouvez encore l’arrêter."
    )


def test_a_second_proposal_waits_its_turn(by_two, files, coordinator, moussa, now):
    releasing.propose(by_two, actor=coordinator, now=now)
    transitions.mark(factories.make_sent(by_two, now=now), Outcome.REJECTED, actor=moussa)
    assert refused(releasing.propose, by_two, actor=moussa) == (
        "Une annonce attend déjà d’être confirmée pour cette promotion."
    )


def test_a_change_of_any_kind_is_seen(closed_cohort, files, coordinator, reviewer):
    """Decisions, reasons and the order of the waiting list: what she read is what she proposes."""
    other = factories.make_sent(closed_cohort)
    transitions.mark(other, Outcome.WAITLISTED, actor=coordinator)
    reader = factories.make_reviewer(closed_cohort)
    order = [d.application for d in releasing.waiting_order(releasing.pending_of(closed_cohort))]
    changes = [
        partial(transitions.change_reason, files[3], "Autrement.", actor=coordinator),
        partial(transitions.mark, files[1], Outcome.REJECTED, actor=coordinator),
        partial(transitions.unmark, files[1], actor=coordinator),
        partial(factories.make_reading, order[-1], reader, score=5),
    ]
    prints = [releasing.fingerprint(releasing.pending_of(closed_cohort))]
    for change in changes:
        change()
        prints.append(releasing.fingerprint(releasing.pending_of(closed_cohort)))
    assert len(set(prints)) == 5


# --- What an announcement holds -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (
            "PROPOSED",
            "La décision de ce dossier fait partie de l’annonce proposée par {who}, qui attend d’être confirmée.",
        ),
        ("RUNNING", "La décision de ce dossier est en cours d’annonce."),
        ("STOPPED", "La décision de ce dossier fait partie d’une annonce arrêtée."),
    ],
)
@pytest.mark.parametrize("applied", [0, 4])
def test_a_decision_held_cannot_change(closed_cohort, files, coordinator, now, state, sentence, applied):
    """Nor one that is applied and hidden: a file put on the waiting list is not to be decided a second time."""
    if state == "PROPOSED":
        Cohort.objects.filter(pk=closed_cohort.pk).update(needs_two_people=True)
        closed_cohort.refresh_from_db()
    release = started(closed_cohort, coordinator, now, applied=applied if state != "PROPOSED" else 0)
    if state == "STOPPED":
        releasing.stop(release, actor=coordinator)
    expected = sentence.format(who=coordinator.get_full_name())
    for verb in (
        partial(transitions.mark, files[2], Outcome.ACCEPTED),
        partial(transitions.unmark, files[2]),
        partial(transitions.change_reason, files[3], "Autrement."),
    ):
        assert refused(verb, actor=coordinator).startswith(expected)
    free = factories.make_sent(closed_cohort, now=now)
    transitions.mark(free, Outcome.ACCEPTED, actor=coordinator)
    transitions.unmark(free, actor=coordinator)


# --- Stopped, taken up, given up ------------------------------------------------------------------


def test_stopped_half_way_and_taken_up_again_without_a_second_letter(closed_cohort, files, coordinator, now):
    release = started(closed_cohort, coordinator, now, applied=2)
    releasing.stop(release, actor=coordinator, now=now)
    releasing.work(release, now=now)
    assert [fresh(file).masked_state for file in files] == ["WAITLISTED", "SUBMITTED", "", ""]
    assert fresh(release).state == "STOPPED"
    assert refused(releasing.stop, release, actor=coordinator) == (
        "Cette annonce est arrêtée. Vous pouvez la reprendre, ou y renoncer."
    )

    releasing.resume(release, actor=coordinator, now=now)
    releasing.work(release, now=now)
    assert [fresh(file).shown_state for file in files] == ["ACCEPTED", "ACCEPTED", "WAITLISTED", "REJECTED"]
    assert [decision_letters(file)[-1:] for file in files] == [
        [("accepted", "QUEUED", False)],
        [("accepted", "QUEUED", False)],
        [("waitlisted", "QUEUED", False)],
        [("rejected", "QUEUED", False)],
    ]
    assert refused(releasing.stop, release, actor=coordinator) == (
        "Trop tard : les décisions viennent d’être annoncées."
    )


def test_stopped_when_all_is_applied_nothing_shows(closed_cohort, files, coordinator, now):
    release = started(closed_cohort, coordinator, now, applied=4)
    releasing.stop(release, actor=coordinator, now=now)
    releasing.work(release, now=now)
    assert [fresh(file).shown_state for file in files] == ["WAITLISTED", "SUBMITTED", "SUBMITTED", "SUBMITTED"]
    assert delivery.send_due() > 0
    assert {letter[1:] for file in files for letter in decision_letters(file)[-1:]} == {("QUEUED", True)}


def test_giving_up_puts_every_file_back_and_leaves_no_letter(closed_cohort, files, coordinator, now):
    before, letters = [row(file) for file in files], [decision_letters(file) for file in files]
    release = started(closed_cohort, coordinator, now, applied=3)
    assert refused(releasing.abandon, release, actor=coordinator) == (
        "Cette annonce est déjà lancée. Vous pouvez encore l’arrêter."
    )
    assert [row(file) for file in files] != before
    releasing.stop(release, actor=coordinator, now=now)
    give_up(release, coordinator, now)

    assert fresh(release).state == "ABANDONED"
    assert [row(file) for file in files] == before
    assert [decision_letters(file) for file in files] == letters
    assert {d.application for d in Decision.objects.pending()} == set(files)
    assert Decision.objects.get(application=files[3], state="PENDING").shared_reason == "À préciser."
    assert lines(files[1])[-2:] == ["application.accepted", "application.put_back"]

    transitions.mark(files[1], Outcome.REJECTED, actor=coordinator, now=now)
    again = releasing.propose(closed_cohort, actor=coordinator, now=now)
    releasing.work(again, now=now)
    assert [fresh(file).shown_state for file in files] == ["ACCEPTED", "REJECTED", "WAITLISTED", "REJECTED"]
    assert [len(decision_letters(file)) - len(before) for file, before in zip(files, letters, strict=True)] == [1] * 4
    assert refused(releasing.abandon, release, actor=coordinator) == (
        "Quelqu’un vient de renoncer à cette annonce : ses décisions sont de nouveau libres."
    )
    assert refused(releasing.abandon, again, actor=coordinator) == (
        "Trop tard : les décisions viennent d’être annoncées."
    )


def test_the_worker_undoes_what_was_given_up_and_can_be_cut_short(closed_cohort, files, coordinator, now, monkeypatch):
    before = [row(file) for file in files]
    release = started(closed_cohort, coordinator, now, applied=3)
    releasing.stop(release, actor=coordinator, now=now)
    releasing.abandon(release, actor=coordinator, now=now)
    assert (fresh(release).state, Decision.objects.pending().count()) == ("UNDOING", 0)
    told = "Quelqu’un vient de renoncer à cette annonce : ce qui était préparé se défait."
    for verb in (releasing.resume, releasing.abandon, releasing.stop):
        assert refused(verb, fresh(release), actor=coordinator) == told
    assert refused(transitions.mark, files[3], Outcome.ACCEPTED, actor=coordinator).startswith(
        "La décision de ce dossier sort d’une annonce abandonnée"
    )
    under_way = "Une annonce est déjà en cours pour cette promotion."
    assert refused(releasing.propose, closed_cohort, actor=coordinator) == under_way

    put_back, done = applying.put_back, []

    def cut_short(*args, **kwargs):
        if len(done) == 2:
            raise OperationalError("the machine went away")
        done.append(put_back(*args, **kwargs))

    with monkeypatch.context() as patched:
        patched.setattr(applying, "put_back", cut_short)
        with pytest.raises(OperationalError):
            applying.undo(fresh(release), now=now)
    assert (fresh(release).state, release.decisions.filter(state="PUBLISHED").count()) == ("UNDOING", 1)
    tasks.publish_decisions()
    assert (fresh(release).state, Decision.objects.pending().count()) == ("ABANDONED", 4)
    assert [row(file) for file in files] == before
    assert [lines(file).count("application.put_back") for file in files] == [1, 1, 1, 0]


def test_giving_up_what_waits_frees_its_decisions(by_two, files, coordinator, moussa, now):
    release = releasing.propose(by_two, actor=coordinator, now=now)
    releasing.abandon(release, actor=moussa, now=now)
    assert Decision.objects.pending().count() == 4
    assert requests_to_confirm() == [(moussa.email, "CANCELLED")]
    transitions.mark(files[1], Outcome.REJECTED, actor=moussa)
    assert releasing.propose(by_two, actor=coordinator, now=now).decisions.count() == 4


def test_who_withdrew_stays_withdrawn_when_it_is_given_up(closed_cohort, files, coordinator, now):
    release = started(closed_cohort, coordinator, now, applied=4)
    falls.withdraw_application(fresh(files[1]), actor=files[1].candidate, now=now)
    releasing.stop(release, actor=coordinator, now=now)
    give_up(release, coordinator, now)
    assert (fresh(files[1]).state, fresh(files[1]).masked_state) == ("WITHDRAWN", "")
    assert {d.application for d in Decision.objects.pending()} == {files[0], files[2], files[3]}


def test_taking_up_again_checks_the_places(closed_cohort, files, coordinator, now):
    release = started(closed_cohort, coordinator, now, applied=1)
    releasing.stop(release, actor=coordinator)
    Cohort.objects.filter(pk=closed_cohort.pk).update(places=1)
    assert refused(releasing.resume, release, actor=coordinator).startswith("Il y a 1 acceptation de trop")
    Cohort.objects.filter(pk=closed_cohort.pk).update(places=2)
    releasing.resume(release, actor=coordinator)
    assert fresh(release).state == "RUNNING"

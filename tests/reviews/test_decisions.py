"""Decisions: marked, published, applied file by file, shown all at once."""

import pytest
from django.utils import timezone

from applications import transitions as applications
from applications.models import Application
from lifecycle import journal
from lifecycle.models import JournalEntry
from lifecycle.refusals import Refusal
from matching import falls
from notifications import delivery, outbox
from notifications.models import Letter
from reviews import queries, releasing, transitions
from reviews.models import Decision, Release
from tests import factories

pytestmark = pytest.mark.django_db

State, Outcome = Application.State, Decision.Outcome


def fresh(application):
    return Application.objects.select_related("cohort", "candidate").get(pk=application.pk)


def about(application):
    """The letters of a decision about this file: kind and whether it is held."""
    kinds = ("applications.accepted", "applications.waitlisted", "applications.rejected")
    letters = Letter.objects.about(journal.ref(application)).filter(kind__in=kinds)
    return [(letter.kind.partition(".")[2], bool(letter.hold), letter.status) for letter in letters]


def lines(thing, action):
    return JournalEntry.objects.about(journal.ref(thing)).filter(action=action).count()


def mark_all(coordinator, **files):
    for outcome, file in files.items():
        transitions.mark(file, outcome.upper(), actor=coordinator)


# --- Marking ------------------------------------------------------------------------------------


def test_a_mark_waits_changes_and_goes(closed_cohort, coordinator):
    file = factories.make_sent(closed_cohort)
    transitions.mark(file, Outcome.ACCEPTED, actor=coordinator)
    transitions.mark(file, Outcome.REJECTED, actor=coordinator)
    decision = file.decisions.get()
    assert (decision.outcome, decision.state, fresh(file).state) == ("REJECTED", "PENDING", "SUBMITTED")
    transitions.unmark(file, actor=coordinator)
    assert not file.decisions.exists()
    assert (lines(file, "decision.marked"), lines(file, "decision.unmarked")) == (2, 1)
    with pytest.raises(Refusal) as refusal:
        transitions.unmark(file, actor=coordinator)
    assert refusal.value.sentence == "Il n’y a pas de décision à effacer."


def test_the_same_mark_twice_is_one_fact(closed_cohort, coordinator):
    file = factories.make_sent(closed_cohort)
    for _click in range(2):
        transitions.mark(file, Outcome.ACCEPTED, actor=coordinator)
    assert lines(file, "decision.marked") == 1


MAKERS = {
    State.DRAFT: factories.make_draft,
    State.SUBMITTED: factories.make_sent,
    State.ACCEPTED: factories.make_accepted,
    State.WAITLISTED: factories.make_waitlisted,
    State.REJECTED: factories.make_rejected,
    State.CONFIRMED: factories.make_confirmed,
}
MARKABLE = {
    (State.SUBMITTED, Outcome.ACCEPTED),
    (State.SUBMITTED, Outcome.WAITLISTED),
    (State.SUBMITTED, Outcome.REJECTED),
    (State.WAITLISTED, Outcome.ACCEPTED),
    (State.WAITLISTED, Outcome.REJECTED),
}


@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("state", State)
def test_every_state_and_every_mark(cohort, coordinator, state, outcome):
    if state in MAKERS:
        file = MAKERS[state](cohort)
    else:  # states that other verbs reach much later: the row alone matters here
        file = factories.make_confirmed(cohort)
        Application.objects.filter(pk=file.pk).update(state=state)
    if (state, outcome) in MARKABLE:
        transitions.mark(file, outcome, actor=coordinator)
        assert Decision.objects.pending().get().outcome == outcome
    else:
        with pytest.raises(Refusal) as refusal:
            transitions.mark(file, outcome, actor=coordinator)
        assert refusal.value.sentence == "Une décision ne peut plus être prise sur ce dossier."
        assert not Decision.objects.pending().exists()


def test_a_mark_on_a_withdrawn_file_counts_nowhere(closed_cohort, coordinator):
    gone, stays = (factories.make_sent(closed_cohort) for _file in range(2))
    mark_all(coordinator, accepted=gone, rejected=stays)
    falls.withdraw_application(gone, actor=gone.candidate)
    assert (queries.figures(closed_cohort).accepted, queries.figures(closed_cohort).pending) == (0, 1)
    release = releasing.propose(closed_cohort, actor=coordinator)
    assert [decision.application for decision in release.decisions.all()] == [stays]


# --- Publishing ---------------------------------------------------------------------------------


def test_nothing_to_publish_is_a_sentence(closed_cohort, coordinator):
    with pytest.raises(Refusal) as refusal:
        releasing.propose(closed_cohort, actor=coordinator)
    assert refusal.value.sentence == "Il n’y a aucune décision à publier."


def test_more_acceptances_than_places_are_refused(coordinator):
    cohort = factories.make_cohort("closed", places=2)
    factories.make_accepted(cohort)
    files = [factories.make_sent(cohort) for _file in range(2)]
    for file in files:
        transitions.mark(file, Outcome.ACCEPTED, actor=coordinator)
    with pytest.raises(Refusal) as refusal:
        releasing.propose(cohort, actor=coordinator)
    assert refusal.value.sentence == "Il y a 1 acceptation de trop pour les places de la promotion."
    transitions.mark(files[0], Outcome.WAITLISTED, actor=coordinator)
    assert releasing.propose(cohort, actor=coordinator).decisions.count() == 2


def test_publishing_twice_is_refused(closed_cohort, coordinator):
    mark_all(coordinator, accepted=factories.make_sent(closed_cohort))
    releasing.propose(closed_cohort, actor=coordinator)
    mark_all(coordinator, rejected=factories.make_sent(closed_cohort))
    with pytest.raises(Refusal) as refusal:
        releasing.propose(closed_cohort, actor=coordinator)
    assert refusal.value.sentence == "Une annonce est déjà en cours pour cette promotion."
    assert Release.objects.count() == 1


def test_what_was_not_shown_is_not_published(closed_cohort, coordinator):
    mark_all(coordinator, accepted=factories.make_sent(closed_cohort))
    shown = releasing.fingerprint(releasing.pending_of(closed_cohort))
    mark_all(coordinator, rejected=factories.make_sent(closed_cohort))
    with pytest.raises(Refusal) as refusal:
        releasing.propose(closed_cohort, actor=coordinator, seen=shown)
    assert refusal.value.sentence == (
        "Les décisions ont changé pendant que vous lisiez cette page. Relisez, puis publiez."
    )
    now_shown = releasing.fingerprint(releasing.pending_of(closed_cohort))
    assert releasing.propose(closed_cohort, actor=coordinator, seen=now_shown).pk


def test_a_decision_being_announced_stands(closed_cohort, coordinator):
    file = factories.make_sent(closed_cohort)
    mark_all(coordinator, accepted=file)
    releasing.propose(closed_cohort, actor=coordinator)
    with pytest.raises(Refusal) as refusal:
        transitions.mark(file, Outcome.REJECTED, actor=coordinator)
    assert refusal.value.sentence == "La décision de ce dossier est en cours d’annonce."
    with pytest.raises(Refusal):
        transitions.unmark(file, actor=coordinator)
    assert file.decisions.get().outcome == "ACCEPTED"


# --- Applying and announcing --------------------------------------------------------------------


def test_all_stays_hidden_until_the_last_then_shows_at_once(closed_cohort, coordinator, now):
    yes, wait, no = (factories.make_sent(closed_cohort, now=now) for _file in range(3))
    mark_all(coordinator, accepted=yes, waitlisted=wait, rejected=no)
    release = releasing.propose(closed_cohort, actor=coordinator, now=now)
    first, *others = release.decisions.order_by("id")
    releasing.apply(first, now=now)
    assert [fresh(file).state for file in (yes, wait, no)] == ["ACCEPTED", "SUBMITTED", "SUBMITTED"]
    releasing.announce(release, now=now)  # too early: does nothing
    for decision in others:
        releasing.apply(decision, now=now)
    assert {fresh(file).shown_state for file in (yes, wait, no)} == {State.SUBMITTED}
    assert about(yes) == [("accepted", True, "QUEUED")]
    hidden = Letter.objects.waiting(now).filter(hold="", kind__in=["applications.accepted", "applications.rejected"])
    assert not hidden.exists()
    with pytest.raises(Refusal):
        applications.confirm(fresh(yes), actor=yes.candidate, now=now)

    releasing.announce(release, now=now)
    assert [fresh(file).shown_state for file in (yes, wait, no)] == ["ACCEPTED", "WAITLISTED", "REJECTED"]
    assert {fresh(file).announced_at for file in (yes, wait, no)} == {now}
    assert [about(file) for file in (yes, wait, no)] == [
        [("accepted", False, "QUEUED")],
        [("waitlisted", False, "QUEUED")],
        [("rejected", False, "QUEUED")],
    ]
    applications.confirm(fresh(yes), actor=yes.candidate, now=now)
    assert fresh(yes).state == State.CONFIRMED


def test_held_letters_do_not_leave(closed_cohort, coordinator, now, mailoutbox):
    file = factories.make_sent(closed_cohort, now=now)
    delivery.send_due()
    mailoutbox.clear()
    mark_all(coordinator, accepted=file)
    release = releasing.propose(closed_cohort, actor=coordinator, now=now)
    releasing.apply(release.decisions.get(), now=now)
    assert delivery.send_due() == 0
    releasing.work(release)
    assert delivery.send_due() == 1
    assert [mail.to for mail in mailoutbox] == [[file.candidate.email]]


class Killed(BaseException):
    """As a worker that dies: nothing catches it."""


@pytest.mark.parametrize("survived", range(5))
def test_a_worker_killed_anywhere_is_taken_up_where_it_was(closed_cohort, coordinator, now, monkeypatch, survived):
    files = [factories.make_sent(closed_cohort, now=now) for _file in range(4)]
    for file in files:
        transitions.mark(file, Outcome.REJECTED, actor=coordinator)
    release = releasing.propose(closed_cohort, actor=coordinator, now=now)
    posts, real = [], outbox.post

    def dies_after_writing(*args, **kwargs):
        posts.append(real(*args, **kwargs))
        if len(posts) > survived:
            raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(outbox, "post", dies_after_writing)
        if survived < len(files):
            with pytest.raises(Killed):
                releasing.work(release, now=now)
            assert release.decisions.filter(state="PUBLISHED").count() == survived
            assert {fresh(file).shown_state for file in files} == {State.SUBMITTED}
        else:
            releasing.work(release, now=now)
    for _again in range(2):
        releasing.work(Release.objects.get(pk=release.pk), now=now)
    for file in files:
        assert fresh(file).state == State.REJECTED
        assert about(file) == [("rejected", False, "QUEUED")]
        assert lines(file, "application.rejected") == 1
    assert lines(release, "release.done") == 1


def test_who_withdraws_meanwhile_stays_withdrawn(closed_cohort, coordinator, now):
    before, after = (factories.make_sent(closed_cohort, now=now) for _file in range(2))
    mark_all(coordinator, accepted=before, rejected=after)
    release = releasing.propose(closed_cohort, actor=coordinator, now=now)
    falls.withdraw_application(fresh(before), actor=before.candidate, now=now)
    releasing.apply(release.decisions.get(application=after), now=now)
    releasing.work(release, now=now)
    assert fresh(before).state == State.WITHDRAWN
    assert about(before) == []
    assert Release.objects.get().state == "DONE"


def test_a_withdrawal_that_frees_nothing_calls_nobody(coordinator, now):
    cohort = factories.make_cohort("closed", places=1, now=now)
    waiting = [factories.make_waitlisted(cohort, now=now) for _file in range(2)]
    chosen = factories.make_sent(cohort, now=now)
    mark_all(coordinator, accepted=chosen)
    release = releasing.propose(cohort, actor=coordinator, now=now)
    falls.withdraw_application(fresh(waiting[0]), actor=waiting[0].candidate, now=now)
    releasing.work(release, now=now)
    assert [fresh(file).state for file in (*waiting, chosen)] == ["WITHDRAWN", "WAITLISTED", "ACCEPTED"]
    assert Application.objects.filter(cohort=cohort).holding_a_place().count() == cohort.places


def test_the_waiting_list_is_ranked_by_score_then_by_date_after_those_who_wait(closed_cohort, coordinator):
    standing = factories.make_waitlisted(closed_cohort)
    reader = factories.make_reviewer(closed_cohort)
    low, unread, high = (factories.make_sent(closed_cohort) for _file in range(3))
    factories.make_reading(low, reader, score=2)
    factories.make_reading(high, reader, score=5)
    factories.decide(low, unread, high, outcome=Outcome.WAITLISTED)
    ranks = {file: fresh(file).waitlist_rank for file in (standing, low, unread, high)}
    assert ranks == {standing: 1, high: 2, low: 3, unread: 4}


def test_a_minor_is_accepted_on_condition(closed_cohort, minor, candidate, coordinator):
    lina, ines = (factories.make_sent(closed_cohort, person) for person in (minor, candidate))
    for file in (lina, ines):
        transitions.mark(file, Outcome.ACCEPTED, actor=coordinator)
    decisions = list(queries.pending_decisions(closed_cohort))
    assert queries.awaiting_authorisation(decisions, closed_cohort) == {lina.pk}
    factories.authorise(lina)
    assert queries.awaiting_authorisation(decisions, closed_cohort) == set()


def test_a_second_decision_shows_the_waiting_list_until_it_is_announced(closed_cohort, coordinator):
    now = timezone.now()
    waiting = factories.make_waitlisted(closed_cohort, now=now)
    transitions.mark(waiting, Outcome.ACCEPTED, actor=coordinator, now=now)
    release = releasing.propose(closed_cohort, actor=coordinator, now=now)
    releasing.apply(release.decisions.get(), now=now)
    assert (fresh(waiting).state, fresh(waiting).shown_state) == (State.ACCEPTED, State.WAITLISTED)
    releasing.announce(release, now=now)
    assert fresh(waiting).shown_state == State.ACCEPTED

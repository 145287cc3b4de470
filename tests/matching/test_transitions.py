"""The verbs that touch an offer or a pair: every state × every verb, and what follows from each."""

from contextlib import suppress
from datetime import time, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from applications.models import Application
from lifecycle import journal
from lifecycle.models import JournalEntry
from lifecycle.refusals import IllegalTransition, Refusal
from matching import falls, publishing, tasks, transitions
from matching.models import Proposal
from matching.states import ALLOWED
from mentors.models import MentorProfile
from mentorships.models import Mentorship
from notifications.models import Letter
from tests import factories

pytestmark = pytest.mark.django_db
State = Proposal.State


@pytest.fixture
def spring(closed_cohort):
    return closed_cohort


def actions(thing) -> list[str]:
    return list(JournalEntry.objects.about(journal.ref(thing)).order_by("id").values_list("action", flat=True))


def letters(thing, status=None) -> list[str]:
    found = Letter.objects.about(journal.ref(thing)).order_by("id")
    return list((found.filter(status=status) if status else found).values_list("kind", flat=True))


# --- Every state, every verb --------------------------------------------------------------------


def draft(cohort):
    return factories.make_run((factories.make_confirmed(cohort), factories.make_commitment(cohort))).proposals.get()


def offered(cohort):
    return factories.make_offer(factories.make_confirmed(cohort))


def accepted(cohort):
    proposal = offered(cohort)
    transitions.accept(proposal, actor=journal.CONSOLE)
    return proposal


def declined(cohort):
    proposal = offered(cohort)
    transitions.decline(proposal, reason="TIME", actor=journal.CONSOLE)
    return proposal


def expired(cohort):
    proposal = offered(cohort)
    transitions.expire_offers(now=proposal.expires_at + timedelta(minutes=1))
    return proposal


def cancelled(cohort):
    proposal = offered(cohort)
    falls.pause_mentor(proposal.commitment.mentor, actor=journal.CONSOLE)
    return proposal


MAKE = {
    State.DRAFT: draft,
    State.OFFERED: offered,
    State.ACCEPTED: accepted,
    State.DECLINED: declined,
    State.EXPIRED: expired,
    State.CANCELLED: cancelled,
}
VERBS = {
    "publish": (lambda p: publishing.publish(p.run, actor="a"), State.OFFERED, {State.DRAFT}),
    "accept": (lambda p: transitions.accept(p, actor="a"), State.ACCEPTED, {State.OFFERED}),
    "decline": (lambda p: transitions.decline(p, reason="TRADE", actor="a"), State.DECLINED, {State.OFFERED}),
    "expire": (
        lambda p: transitions.expire_offers(now=timezone.now() + timedelta(days=60)),
        State.EXPIRED,
        {State.OFFERED},
    ),
    "withdraw": (
        lambda p: falls.withdraw_application(p.application, actor="a"),
        State.CANCELLED,
        {State.DRAFT, State.OFFERED, State.ACCEPTED},
    ),
    "pause": (
        lambda p: falls.pause_mentor(MentorProfile.objects.get(commitments__proposals=p), actor="a"),
        State.CANCELLED,
        {State.OFFERED},
    ),
    "leave": (
        lambda p: falls.leave_mentor(MentorProfile.objects.get(commitments__proposals=p), actor="a"),
        State.CANCELLED,
        {State.OFFERED, State.ACCEPTED},
    ),
    "reduce": (lambda p: falls.reduce_capacity(p.commitment, 0, actor="a"), State.CANCELLED, {State.OFFERED}),
    "close": (
        lambda p: falls.close_cohort(p.run.cohort, actor="a", now=timezone.now() + timedelta(days=400)),
        State.CANCELLED,
        {State.DRAFT, State.OFFERED},
    ),
    "cancel_drafts": (
        lambda p: transitions.cancel_drafts(p.run.cohort, now=timezone.now()),
        State.CANCELLED,
        {State.DRAFT},
    ),
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", State.values)
def test_a_verb_moves_from_the_states_it_may(spring, state, verb):
    proposal = MAKE[state](spring)
    proposal.refresh_from_db()
    assert proposal.state == state
    act, target, sources = VERBS[verb]
    with suppress(Refusal), transaction.atomic():
        act(proposal)
    proposal.refresh_from_db()
    assert proposal.state == (target if state in sources else state)
    if state in sources:
        assert target in ALLOWED[state]


def test_the_table_holds_nothing_that_no_verb_does():
    done = {(source, target) for _act, target, sources in VERBS.values() for source in sources}
    assert {(source, target) for source, targets in ALLOWED.items() for target in targets} == done


# --- Publishing ---------------------------------------------------------------------------------


def test_publishing_writes_one_letter_to_each_mentor(spring, now):
    one, two = factories.make_commitment(spring, capacity=2), factories.make_commitment(spring)
    people = [factories.make_confirmed(spring, now=now) for _person in range(3)]
    run = factories.make_run((people[0], one), (people[1], two), (people[2], one), now=now)
    assert publishing.publish(run, actor=journal.CONSOLE, now=now) == 3
    term = timezone.make_aware(timezone.datetime.combine(timezone.localdate(now) + timedelta(days=8), time(23, 59)))
    assert set(run.proposals.values_list("state", "offered_at", "expires_at")) == {(State.OFFERED, now, term)}
    assert (letters(one), letters(two)) == (["matching.offer"], ["matching.offer"])
    subjects = Letter.objects.filter(kind="matching.offer").order_by("subject").values_list("subject", flat=True)
    assert list(subjects) == [
        "2 personnes à accompagner\u00a0: vos réponses sont attendues",
        "Une personne à accompagner\u00a0: votre réponse est attendue",
    ]
    assert actions(run) == ["run.publication_asked", "run.published"]


def test_an_offers_letter_says_nothing_of_the_mentee(spring):
    proposal = factories.make_offer(factories.make_confirmed(spring))
    body = Letter.objects.get(kind="matching.offer").body
    person = proposal.application.candidate
    assert [word for word in (person.first_name, person.last_name, person.email, "montage") if word in body] == []


def test_publishing_twice_is_refused(spring):
    run = offered(spring).run
    with pytest.raises(Refusal, match="l’a déjà été"):
        publishing.publish(run, actor=journal.CONSOLE)
    assert Letter.objects.filter(kind="matching.offer").count() == 1


@pytest.mark.parametrize(
    "break_it",
    [
        lambda p: falls.withdraw_authorisation(p.application.candidate.guardian_authorisations.get(), actor="g"),
        lambda p: MentorProfile.objects.update(honorability_valid_until=timezone.localdate() - timedelta(days=1)),
        lambda p: MentorProfile.objects.update(accompanies_minors=False),
        lambda p: MentorProfile.objects.update(state=MentorProfile.State.PAUSED),
    ],
    ids=["authorisation", "honorability", "no minors", "paused"],
)
@pytest.mark.parametrize("moment", ["publish", "accept"])
def test_every_condition_is_checked_again(spring, minor, break_it, moment):
    """Lina is 16: what held when the pair was calculated must hold when it is offered, and when it is accepted."""
    commitment = factories.make_commitment(spring)
    factories.clear_for_minors(commitment.mentor)
    run = factories.make_run((factories.make_confirmed(spring, minor), commitment))
    proposal = run.proposals.get()
    if moment == "accept":
        publishing.publish(run, actor=journal.CONSOLE)
    break_it(Proposal.objects.get())
    proposal = Proposal.objects.get()
    if moment == "publish":
        if proposal.state == State.DRAFT:
            assert publishing.publish(run, actor=journal.CONSOLE) == 0
        assert Proposal.objects.get().state == State.CANCELLED
        assert Letter.objects.filter(kind="matching.offer").count() == 0
    else:
        with pytest.raises(Refusal), transaction.atomic():
            transitions.accept(proposal, actor=journal.CONSOLE)
    assert Mentorship.objects.count() == 0


def test_a_minor_whose_conditions_hold_is_accompanied(spring, minor):
    commitment = factories.make_commitment(spring)
    factories.clear_for_minors(commitment.mentor)
    pair = factories.make_pair(factories.make_confirmed(spring, minor), commitment)
    assert (pair.state, pair.application.candidate) == (Mentorship.State.ACTIVE, minor)


def test_an_old_run_cannot_offer_more_than_the_places_left(spring):
    commitment = factories.make_commitment(spring, capacity=1)
    one, two = factories.make_confirmed(spring), factories.make_confirmed(spring)
    runs = [factories.make_run((person, commitment)) for person in (one, two)]
    assert [publishing.publish(run, actor=journal.CONSOLE) for run in runs] == [1, 0]


def test_nobody_has_two_offers(spring):
    ines = factories.make_confirmed(spring)
    runs = [factories.make_run((ines, factories.make_commitment(spring))) for _mentor in range(2)]
    assert [publishing.publish(run, actor=journal.CONSOLE) for run in runs] == [1, 0]


# --- Answering ----------------------------------------------------------------------------------


def test_accepting_opens_the_pair_and_writes_to_both(spring, now):
    proposal = factories.make_offer(factories.make_confirmed(spring), now=now)
    mentorship = transitions.accept(proposal, actor=proposal.commitment.mentor.person, now=now)
    application = Application.objects.get()
    assert (mentorship.state, mentorship.opened_at) == (Mentorship.State.ACTIVE, now)
    assert (application.state, actions(proposal)[-1]) == (Application.State.MATCHED, "proposal.accepted")
    assert letters(mentorship) == ["mentorships.introduced_mentee", "mentorships.introduced_mentor"]
    written = Letter.objects.about(journal.ref(mentorship)).order_by("id").values_list("to", flat=True)
    assert list(written) == [application.candidate.email, proposal.commitment.mentor.person.email]


def test_declining_frees_the_mentee_and_keeps_the_reason(spring, now):
    proposal = factories.make_offer(factories.make_confirmed(spring), now=now)
    mentor = proposal.commitment.mentor.person
    transitions.decline(proposal, reason="TRADE", words="Je suis au son.", actor=mentor, now=now)
    proposal.refresh_from_db()
    assert (proposal.decline_reason, proposal.decline_words, proposal.answered_at) == ("TRADE", "Je suis au son.", now)
    assert Application.objects.get().state == Application.State.CONFIRMED
    assert letters(proposal) == ["matching.declined"]


def test_too_late_to_accept(spring):
    proposal = offered(spring)
    with pytest.raises(Refusal, match=r"attendait votre réponse avant le .* heure de Paris"), transaction.atomic():
        transitions.accept(proposal, actor="a", now=proposal.expires_at + timedelta(minutes=1))
    transitions.accept(proposal, actor="a", now=proposal.expires_at)


def test_a_letter_that_asks_for_an_answer_does_not_leave_once_answered(spring):
    proposal = offered(spring)
    assert letters(proposal.commitment, Letter.Status.QUEUED) == ["matching.offer"]
    transitions.accept(proposal, actor="a")
    assert letters(proposal.commitment, Letter.Status.QUEUED) == []


# --- The clock ----------------------------------------------------------------------------------


def test_an_offer_is_reminded_once_after_four_days(spring, now):
    def at(**ago):
        Proposal.objects.update(offered_at=now - timedelta(**ago), expires_at=now + timedelta(days=2))

    proposal = factories.make_offer(factories.make_confirmed(spring), now=now)
    at(days=3, hours=23)
    assert tasks.remind_offers() == 0
    at(days=4, minutes=1)
    assert (tasks.remind_offers(), tasks.remind_offers()) == (1, 0)
    assert letters(proposal.commitment) == ["matching.offer", "matching.offer_reminder"]
    reminder = Letter.objects.get(kind="matching.offer_reminder")
    assert reminder.not_after == now + timedelta(days=2)


def test_a_cohort_sets_when_mentors_are_reminded(spring, now):
    spring.offer_remind_days = 2
    spring.save()
    factories.make_offer(factories.make_confirmed(spring), now=now - timedelta(days=2, minutes=1))
    assert tasks.remind_offers() == 1


def test_an_answered_offer_is_not_reminded(spring, now):
    proposal = factories.make_offer(factories.make_confirmed(spring), now=now - timedelta(days=5))
    transitions.decline(proposal, reason="TIME", actor="a")
    assert tasks.remind_offers() == 0


def test_answering_stops_a_reminder_on_its_way(spring, now):
    proposal = factories.make_offer(factories.make_confirmed(spring), now=now - timedelta(days=5))
    assert tasks.remind_offers() == 1
    transitions.decline(proposal, reason="TIME", actor="a")
    assert letters(proposal.commitment, Letter.Status.QUEUED) == []


def test_the_clock_closes_what_nobody_answered(spring, now):
    proposal = factories.make_offer(factories.make_confirmed(spring), now=now - timedelta(days=30))
    assert (tasks.expire_offers(), tasks.expire_offers()) == (1, 0)
    assert actions(proposal) == ["proposal.offered", "proposal.expired"]


def test_a_second_click_reads_a_sentence(spring):
    proposal = offered(spring)
    transitions.accept(proposal, actor="a")
    with pytest.raises(IllegalTransition) as refusal:
        transitions.accept(proposal, actor="a")
    assert refusal.value.sentence == "Cette action a déjà été faite, ou n’est plus possible."
    assert Mentorship.objects.count() == 1

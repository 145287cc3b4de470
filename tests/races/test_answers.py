"""An answer to an offer, or a young person's word on her mentor, and whatever else happens at the same instant: one
outcome, one sentence for whoever comes second, and no deadlock. A few rounds each; `make test-long` plays two hundred.
"""

from datetime import timedelta
from functools import partial

import pytest
from django.db import DatabaseError

from applications.models import Application
from lifecycle.refusals import Refusal
from matching import calls, falls, introductions, transitions
from matching.models import Proposal
from mentors.models import Commitment, MentorProfile
from mentorships.models import Mentorship
from tests import factories
from tests.races.test_offers import fresh
from tests.races.threads import together

pytestmark = pytest.mark.django_db(transaction=True)

State, Pair, File = Proposal.State, Mentorship.State, Application.State


@pytest.fixture(params=[3, pytest.param(200, marks=pytest.mark.long)], ids=["few", "two hundred"])
def rounds(request) -> int:
    return request.param


@pytest.fixture
def spring(db):
    """A cohort whose call is closed, with places for every round."""
    return factories.make_cohort("closed", places=1000)


def fresh_pair(pair: Mentorship) -> Mentorship:
    return Mentorship.objects.select_related("application__cohort", "commitment__mentor").get(pk=pair.pk)


def refusals(outcomes) -> list[str]:
    """The sentences that losers read; nothing but a Refusal may be raised."""
    raised = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert [one for one in raised if not isinstance(one, Refusal)] == []
    return [one.sentence for one in raised]


def check_one_end(offer: Proposal) -> tuple[str, str, bool]:
    """How it ended: the offer's state, the file's, whether a pair lives; the three never contradict each other."""
    end = fresh(offer)
    lives = Mentorship.objects.living().filter(application=end.application_id).exists()
    assert lives == (end.application.state == File.MATCHED) == (end.state == State.ACCEPTED)
    commitment = Commitment.objects.get(pk=end.commitment_id)
    out = Proposal.objects.filter(commitment=commitment, state=State.OFFERED).count()
    assert commitment.mentorships.living().count() + out <= commitment.capacity
    return end.state, end.application.state, lives


def test_accepting_or_expiring(spring, rounds):
    for _round in range(rounds):
        offer = factories.make_offer(factories.make_confirmed(spring))
        accepted, expired = together(
            partial(transitions.accept, fresh(offer), actor="m", now=offer.expires_at),
            partial(transitions.expire_offers, now=offer.expires_at + timedelta(seconds=1)),
        )
        told = refusals([accepted, expired])
        assert (check_one_end(offer)[0], len(told), expired) in [(State.ACCEPTED, 0, 0), (State.EXPIRED, 1, 1)]


def test_accepting_or_withdrawing(spring, rounds):
    for _round in range(rounds):
        offer = factories.make_offer(factories.make_confirmed(spring))
        outcomes = together(
            partial(transitions.accept, fresh(offer), actor="m"),
            partial(falls.withdraw_application, fresh(offer).application, actor="c"),
        )
        assert len(refusals(outcomes)) <= 1
        assert outcomes[1] is None
        assert check_one_end(offer) == (State.CANCELLED, File.WITHDRAWN, False)


def test_accepting_while_a_representative_takes_it_back(spring, rounds):
    for _round in range(rounds):
        minor = factories.make_user("Lina", "Petit", age=16)
        mentor = factories.make_mentor()
        factories.clear_for_minors(mentor)
        offer = factories.make_offer(factories.make_confirmed(spring, minor), factories.make_commitment(spring, mentor))
        authorisation = minor.guardian_authorisations.get()
        outcomes = together(
            partial(transitions.accept, fresh(offer), actor="m"),
            partial(falls.withdraw_authorisation, authorisation, actor="g"),
        )
        told = refusals(outcomes)
        state, _file, lives = check_one_end(offer)
        assert (state, len(told), lives) in [(State.ACCEPTED, 0, True), (State.CANCELLED, 1, False)]
        assert not Mentorship.objects.filter(application=offer.application_id, state=Pair.ACTIVE).exists()


def test_two_yeses_on_the_last_place(spring, rounds):
    for _round in range(rounds):
        commitment = factories.make_commitment(spring, capacity=2)
        offers = [factories.make_offer(factories.make_confirmed(spring), commitment) for _person in range(2)]
        Commitment.objects.filter(pk=commitment.pk).update(capacity=1)  # by hand, in the database
        outcomes = together(*[partial(transitions.accept, fresh(offer), actor="m") for offer in offers])
        [sentence] = refusals(outcomes)
        assert sentence.startswith("Toutes les places")
        assert commitment.mentorships.count() == 1


@pytest.mark.parametrize("verb", [falls.pause_mentor, falls.leave_mentor])
def test_accepting_while_the_mentor_stops(spring, rounds, verb):
    for _round in range(rounds):
        offer = factories.make_offer(factories.make_confirmed(spring))
        outcomes = together(
            partial(transitions.accept, fresh(offer), actor="m"),
            partial(verb, fresh(offer).commitment.mentor, actor="m"),
        )
        told = refusals(outcomes)
        state, file, lives = check_one_end(offer)
        if lives:
            assert (verb, told) == (falls.pause_mentor, [])
        else:
            assert (state, file) == (State.CANCELLED, File.CONFIRMED)
            assert len(told) == (0 if Mentorship.objects.filter(application=offer.application_id).exists() else 1)
        stopped = MentorProfile.objects.get(commitments=offer.commitment_id).state
        assert stopped == (MentorProfile.State.PAUSED if verb is falls.pause_mentor else MentorProfile.State.LEFT)


def test_accepting_while_she_takes_fewer(spring, rounds):
    for _round in range(rounds):
        offer = factories.make_offer(factories.make_confirmed(spring), factories.make_commitment(spring, capacity=1))
        outcomes = together(
            partial(transitions.accept, fresh(offer), actor="m"),
            partial(falls.reduce_capacity, fresh(offer).commitment, 0, actor="m"),
        )
        assert len(refusals(outcomes)) == 1
        capacity = Commitment.objects.get(pk=offer.commitment_id).capacity
        assert (check_one_end(offer)[0], capacity) in [(State.ACCEPTED, 1), (State.CANCELLED, 0)]


def test_taking_fewer_by_two_doors_while_she_pauses(spring, rounds):
    """Whoever settles how many locks the mentor first, as her pause does: neither waits for the other for ever."""
    for _round in range(rounds):
        commitment = factories.make_commitment(spring, capacity=3)
        mentor = commitment.mentor
        fewer = partial(falls.settle_commitment, cohort=spring, preferred_trades=[], actor="b")
        outcomes = together(
            partial(falls.pause_mentor, MentorProfile.objects.get(pk=mentor.pk), actor="a"),
            partial(fewer, MentorProfile.objects.get(pk=mentor.pk), capacity=2),
            partial(fewer, MentorProfile.objects.get(pk=mentor.pk), capacity=1),
        )
        refusals(outcomes)
        assert MentorProfile.objects.get(pk=mentor.pk).state == MentorProfile.State.PAUSED


def test_accepting_while_the_cohort_is_closed(spring, rounds):
    last = factories.paris(spring.ends_on, 20)
    for _round in range(rounds):
        offer = factories.make_offer(factories.make_confirmed(spring))
        Proposal.objects.filter(pk=offer.pk).update(expires_at=last + timedelta(days=1))
        outcomes = together(
            partial(transitions.accept, fresh(offer), actor="m", now=last),
            partial(falls.close_cohort, spring, actor="c", now=last),
        )
        assert len(refusals(outcomes)) <= 1
        end = fresh(offer)
        pair = Mentorship.objects.filter(application=end.application_id).first()
        falls.close_cohort(spring, actor="c", now=last)
        end = fresh(offer)
        assert end.application.state == File.COMPLETED
        if pair is None:
            assert end.state == State.CANCELLED
        else:
            pair.refresh_from_db()
            assert pair.state == Pair.COMPLETED


def test_asking_for_a_call_or_answering(spring, rounds):
    for _round in range(rounds):
        offer = factories.make_offer(factories.make_confirmed(spring))
        outcomes = together(
            partial(calls.ask_call, fresh(offer), actor="m"),
            partial(transitions.accept, fresh(offer), actor="m"),
        )
        assert len(refusals(outcomes)) <= 1
        assert check_one_end(offer)[0] == State.ACCEPTED


# --- The young person's word --------------------------------------------------------------------


def introduced(spring) -> Mentorship:
    return factories.make_pair(factories.make_confirmed(spring), is_met=False)


def test_objecting_while_contacts_are_exchanged(spring, rounds):
    for _round in range(rounds):
        pair = introduced(spring)
        late = pair.objection_until + timedelta(seconds=1)
        objected, exchanged = together(
            partial(introductions.object_to, fresh_pair(pair), actor="c", now=pair.objection_until),
            partial(introductions.exchange_due, now=late),
        )
        told = refusals([objected, exchanged])
        end = fresh_pair(pair)
        met = end.contacts_at is not None
        assert (end.state, len(told), exchanged) == ((Pair.ACTIVE, 1, 1) if met else (Pair.ENDED_EARLY, 0, 0))
        assert end.application.state == (File.MATCHED if met else File.CONFIRMED)


def test_yes_and_no_from_two_tabs(spring, rounds):
    for _round in range(rounds):
        pair = introduced(spring)
        outcomes = together(
            partial(introductions.object_to, fresh_pair(pair), actor="c"),
            partial(introductions.say_yes, fresh_pair(pair), actor="c"),
        )
        assert len(refusals(outcomes)) == 1
        end = fresh_pair(pair)
        assert (end.contacts_at is None) == (end.state == Pair.ENDED_EARLY) == (end.application.state == File.CONFIRMED)


def test_objecting_while_the_mentor_leaves(spring, rounds):
    for _round in range(rounds):
        pair = introduced(spring)
        outcomes = together(
            partial(introductions.object_to, fresh_pair(pair), actor="c"),
            partial(falls.leave_mentor, fresh_pair(pair).commitment.mentor, actor="m"),
        )
        assert len(refusals(outcomes)) <= 1
        assert not isinstance(outcomes[1], Exception)
        end = fresh_pair(pair)
        assert (end.state, end.application.state) == (Pair.ENDED_EARLY, File.CONFIRMED)


def test_a_deadlock_would_be_seen():
    """PostgreSQL ends one of two that wait for each other with an error of its own, which is no Refusal."""
    with pytest.raises(AssertionError):
        refusals([DatabaseError("deadlock detected")])

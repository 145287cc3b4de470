"""What falls from below, with offers out or pairs open: nobody is lost, and each is told what is hers to know."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from applications.models import Application
from lifecycle import journal
from lifecycle.models import JournalEntry
from lifecycle.refusals import Refusal
from matching import falls, tasks
from matching.models import Proposal
from mentors.models import Commitment, MentorProfile
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


def states(*things) -> list[str]:
    for thing in things:
        thing.refresh_from_db()
    return [thing.state for thing in things]


SENT = {"status": Letter.Status.SENT, "claimed_at": timezone.now(), "sent_at": timezone.now()}


def sent() -> None:
    """Every letter so far has left."""
    Letter.objects.filter(status=Letter.Status.QUEUED).update(**SENT)


# --- The young people ---------------------------------------------------------------------------


def test_withdrawing_ends_the_pair_and_frees_the_place(spring):
    pair = factories.make_pair(factories.make_confirmed(spring), factories.make_commitment(spring, capacity=1))
    falls.withdraw_application(pair.application, actor=pair.application.candidate)
    pair.refresh_from_db()
    assert (pair.state, pair.application.state) == (Mentorship.State.ENDED_EARLY, Application.State.WITHDRAWN)
    other = factories.make_pair(factories.make_confirmed(spring), pair.commitment)
    assert other.state == Mentorship.State.ACTIVE


def test_pausing_cancels_offers_and_keeps_pairs(spring):
    commitment = factories.make_commitment(spring)
    pair = factories.make_pair(factories.make_confirmed(spring), commitment)
    offer = factories.make_offer(factories.make_confirmed(spring), commitment)
    assert falls.pause_mentor(commitment.mentor, actor="a") == 1
    pair.refresh_from_db()
    offer.refresh_from_db()
    assert (pair.state, offer.state) == (Mentorship.State.ACTIVE, State.CANCELLED)
    assert letters(commitment, Letter.Status.QUEUED) == []


def test_taking_the_authorisation_back_pauses_the_pair(spring, minor):
    commitment = factories.make_commitment(spring)
    factories.clear_for_minors(commitment.mentor)
    pair = factories.make_pair(factories.make_confirmed(spring, minor), commitment)
    falls.withdraw_authorisation(minor.guardian_authorisations.get(), actor="guardian")
    pair.refresh_from_db()
    assert pair.state == Mentorship.State.PAUSED
    assert letters(pair)[4:] == ["mentorships.paused"] * 2


def test_a_mentor_who_has_read_of_an_offer_is_told_that_it_no_longer_stands(spring):
    commitment = factories.make_commitment(spring)
    offer, unread = (factories.make_offer(factories.make_confirmed(spring), c) for c in (commitment, None))
    Letter.objects.filter(about=journal.ref(commitment)).update(**SENT)
    for one in (offer, unread):
        falls.withdraw_application(one.application, actor=one.application.candidate)
    assert letters(commitment) == ["matching.offer", "matching.offer_cancelled"]
    assert letters(unread.commitment) == ["matching.offer"]
    assert letters(unread.commitment, Letter.Status.QUEUED) == []
    told = Letter.objects.get(kind="matching.offer_cancelled")
    assert told.subject == "Une proposition n’a plus lieu d’être"
    assert offer.application.candidate.first_name not in told.body


# --- A mentor who leaves ------------------------------------------------------------------------


def test_leaving_frees_her_mentees_and_tells_them_kindly(spring, now):
    commitment = factories.make_commitment(spring, capacity=3)
    pair = factories.make_pair(factories.make_confirmed(spring), commitment)
    offer = factories.make_offer(factories.make_confirmed(spring), commitment)
    accepted = Proposal.objects.get(application=pair.application)
    sent()
    assert falls.leave_mentor(commitment.mentor, actor=commitment.mentor.person, now=now) == 1
    assert states(pair, offer, accepted) == [Mentorship.State.ENDED_EARLY, State.CANCELLED, State.CANCELLED]
    assert states(pair.application, offer.application) == [Application.State.CONFIRMED] * 2
    assert states(commitment.mentor) == [MentorProfile.State.LEFT]
    assert letters(pair, Letter.Status.QUEUED) == ["mentorships.mentor_gone"]
    assert letters(commitment.mentor) == ["mentors.left"]
    assert letters(commitment, Letter.Status.QUEUED) == []
    assert Letter.objects.get(kind="mentorships.mentor_gone").to == pair.application.candidate.email


def test_whom_she_leaves_may_be_paired_with_somebody_else(spring):
    pair = factories.make_pair(factories.make_confirmed(spring))
    falls.leave_mentor(pair.commitment.mentor, actor="a")
    other = factories.make_pair(pair.application, factories.make_commitment(spring))
    assert states(other, other.application) == [Mentorship.State.ACTIVE, Application.State.MATCHED]


def test_a_paused_pair_ends_too_when_its_mentor_leaves(spring, minor):
    commitment = factories.make_commitment(spring)
    factories.clear_for_minors(commitment.mentor)
    pair = factories.make_pair(factories.make_confirmed(spring, minor), commitment)
    falls.withdraw_authorisation(minor.guardian_authorisations.get(), actor="guardian")
    assert falls.leave_mentor(commitment.mentor, actor="a") == 1
    assert states(pair, pair.application) == [Mentorship.State.ENDED_EARLY, Application.State.CONFIRMED]


# --- Fewer places -------------------------------------------------------------------------------


def test_fewer_places_never_below_her_pairs_and_the_best_offers_stay(spring):
    commitment = factories.make_commitment(spring, capacity=4)
    factories.make_pair(factories.make_confirmed(spring), commitment)
    offers = [factories.make_offer(factories.make_confirmed(spring), commitment) for _one in range(3)]
    for offer, score in zip(offers, (500, 700, 600), strict=True):
        Proposal.objects.filter(pk=offer.pk).update(score=score)
    sent()
    assert falls.reduce_capacity(commitment, 2, actor="a") == 2
    assert states(*offers) == [State.CANCELLED, State.OFFERED, State.CANCELLED]
    assert (Commitment.objects.get().capacity, actions(commitment)) == (2, ["commitment.changed"])
    with pytest.raises(Refusal, match="déjà 1 binôme"), transaction.atomic():
        falls.reduce_capacity(commitment, 0, actor="a")
    assert letters(commitment, Letter.Status.QUEUED) == []


def test_not_this_year_takes_every_offer_back(spring):
    offer = factories.make_offer(factories.make_confirmed(spring))
    assert falls.reduce_capacity(offer.commitment, 0, actor="a") == 1
    assert (states(offer), Commitment.objects.get().capacity) == ([State.CANCELLED], 0)


def test_more_places_is_not_what_this_verb_is_for(spring):
    commitment = factories.make_commitment(spring, capacity=2)
    with pytest.raises(Refusal, match="plus que ce qui était prévu"), transaction.atomic():
        falls.reduce_capacity(commitment, 3, actor="a")
    assert falls.reduce_capacity(commitment, 2, actor="a") == 0


# --- The end of a cohort ------------------------------------------------------------------------


def test_the_clock_closes_a_cohort_the_day_after_its_last(spring):
    pair = factories.make_pair(factories.make_confirmed(spring))
    offer = factories.make_offer(factories.make_confirmed(spring))
    alone = factories.make_confirmed(spring)
    gone = factories.make_confirmed(spring)
    falls.withdraw_application(gone, actor=gone.candidate)
    draft = factories.make_run((factories.make_confirmed(spring), factories.make_commitment(spring))).proposals.get()
    sent()
    last = factories.paris(spring.ends_on, 12)
    assert falls.close_cohorts(now=last) == 0
    assert falls.close_cohorts(now=last + timedelta(days=1)) == 1
    assert states(pair, offer, draft) == [Mentorship.State.COMPLETED, State.CANCELLED, State.CANCELLED]
    assert states(pair.application, offer.application) == [Application.State.COMPLETED, Application.State.COMPLETED]
    assert states(alone, gone) == [Application.State.COMPLETED, Application.State.WITHDRAWN]
    assert [letters(file, Letter.Status.QUEUED) for file in (alone, offer.application)] == [
        ["applications.no_mentor"]
    ] * 2
    assert letters(pair.application, Letter.Status.QUEUED) == []
    written = ["mentorships.completed_mentee", "mentorships.completed_mentor"]
    assert letters(pair, Letter.Status.QUEUED) == written
    assert letters(offer.commitment, Letter.Status.QUEUED) == ["matching.offer_cancelled"]
    assert falls.close_cohorts(now=last + timedelta(days=1)) == tasks.close_cohorts() == 0


def test_a_coordinator_closes_a_cohort_on_its_last_day_not_before(spring):
    pair = factories.make_pair(factories.make_confirmed(spring))
    with pytest.raises(Refusal, match="changez d’abord sa date de fin"), transaction.atomic():
        falls.close_cohort(spring, actor="a", now=factories.paris(spring.ends_on, 0) - timedelta(minutes=1))
    assert falls.close_cohort(spring, actor="a", now=factories.paris(spring.ends_on, 0)) == 1
    assert states(pair) == [Mentorship.State.COMPLETED]


def test_a_draft_written_while_the_cohort_was_being_closed_goes_with_the_next_beat(spring):
    """The worker waits for the cohort's lock, and writes what it found for people whose season is over."""
    last = factories.paris(spring.ends_on, 12)
    ines, karim = factories.make_confirmed(spring), factories.make_commitment(spring)
    falls.close_cohort(spring, actor="a", now=last)
    draft = factories.make_run((ines, karim)).proposals.get()
    assert falls.close_cohorts(now=last + timedelta(days=1)) == 1
    assert states(draft) == [State.CANCELLED]
    assert falls.close_cohorts(now=last + timedelta(days=1)) == 0


def test_nobody_is_written_to_about_a_season_long_over(spring):
    alone = factories.make_confirmed(spring)
    falls.close_cohorts(now=factories.paris(spring.ends_on, 12) + timedelta(days=40))
    assert states(alone) == [Application.State.COMPLETED]
    [letter] = Letter.objects.about(journal.ref(alone)).filter(kind="applications.no_mentor")
    assert letter.not_after < factories.paris(spring.ends_on, 12) + timedelta(days=40)


def test_a_mentor_is_promised_no_other_pair_of_a_season_that_is_over(spring):
    offer = factories.make_offer(factories.make_confirmed(spring))
    sent()
    falls.close_cohort(spring, actor="a", now=factories.paris(spring.ends_on, 12))
    [letter] = Letter.objects.about(journal.ref(offer.commitment)).filter(kind="matching.offer_cancelled")
    assert "un autre binôme" not in letter.body

"""Between a mentor's yes and the first words: it is the young person's to say, and nobody else's to know."""

from datetime import timedelta

import pytest
from django.db import transaction

from applications import transitions as applications
from applications.models import Application
from consents.models import GuardianAuthorisation
from lifecycle import journal
from lifecycle.models import JournalEntry
from lifecycle.refusals import Refusal
from matching import falls, introductions, tasks
from matching.models import NeverPaired, Proposal
from mentorships.models import Mentorship
from notifications.models import Letter
from tests import factories
from tests.guardians import sign
from tests.portal.guardian import guardian_of

pytestmark = pytest.mark.django_db
WORDS = "Nous nous sommes disputés sur un tournage."


@pytest.fixture
def pair(closed_cohort, candidate, now):
    """Morgane has said yes to Inès, who has not answered."""
    commitment = factories.make_commitment(closed_cohort, capacity=1)
    return factories.make_pair(factories.make_confirmed(closed_cohort, candidate), commitment, is_met=False, now=now)


def letters(thing, status=None) -> list[str]:
    found = Letter.objects.about(journal.ref(thing)).order_by("id")
    return list((found.filter(status=status) if status else found).values_list("kind", flat=True))


def queued(thing) -> list[str]:
    return letters(thing, Letter.Status.QUEUED)


def actions(thing) -> list[str]:
    return list(JournalEntry.objects.about(journal.ref(thing)).order_by("id").values_list("action", flat=True))


def refused(act, *args, **kwargs) -> str:
    with pytest.raises(Refusal) as refusal, transaction.atomic():
        act(*args, **kwargs)
    return refusal.value.sentence


INTRODUCED = ["mentorships.introduced_mentee", "mentorships.introduced_mentor"]
CONTACTS = ["mentorships.contacts_mentee", "mentorships.contacts_mentor"]


def test_no_letter_gives_an_address_and_the_first_ones_no_way_to_reach_each_other(pair):
    introductions.say_yes(pair, actor=pair.application.candidate)
    people = (pair.application.candidate, pair.commitment.mentor.person)
    bodies = Letter.objects.about(journal.ref(pair)).values_list("subject", "body")
    assert len(bodies) == 4
    assert [person.email for person in people for text in bodies if person.email in "".join(text)] == []


def test_yes_exchanges_contacts_at_once(pair, candidate, now):
    assert (letters(pair), pair.contacts_at) == (INTRODUCED, None)
    introductions.say_yes(pair, actor=candidate, now=now)
    pair.refresh_from_db()
    assert (pair.contacts_at, letters(pair)) == (now, INTRODUCED + CONTACTS)
    assert actions(pair) == ["mentorship.active", "mentorship.contacts_exchanged"]
    assert "déjà fait" in refused(introductions.say_yes, pair, actor=candidate, now=now)
    assert "ont déjà été échangées" in refused(introductions.object_to, pair, actor=candidate, now=now)


def test_the_clock_exchanges_them_after_her_days_not_before(pair, now):
    assert pair.objection_until == now + timedelta(days=2)
    assert introductions.exchange_due(now=pair.objection_until) == 0
    late = pair.objection_until + timedelta(seconds=1)
    assert (introductions.exchange_due(now=late), introductions.exchange_due(now=late)) == (1, 0)
    pair.refresh_from_db()
    assert (pair.contacts_at, letters(pair)) == (late, INTRODUCED + CONTACTS)


def test_the_task_is_the_clocks(pair):
    Mentorship.objects.update(objection_until=pair.objection_until - timedelta(days=3))
    assert (tasks.exchange_contacts(), tasks.exchange_contacts()) == (1, 0)


def test_a_cohort_sets_how_long_she_has(closed_cohort, now):
    closed_cohort.objection_days = 5
    closed_cohort.save()
    pair = factories.make_pair(factories.make_confirmed(closed_cohort), is_met=False, now=now)
    assert pair.objection_until == now + timedelta(days=5)


def test_an_objection_frees_her_and_is_for_coordinators_alone(pair, candidate, now):
    introductions.object_to(pair, words=WORDS, actor=candidate, now=now)
    pair.refresh_from_db()
    assert (pair.state, pair.objected_at, pair.objection_words) == (Mentorship.State.ENDED_EARLY, now, WORDS)
    assert Application.objects.get().state == Application.State.CONFIRMED
    assert Proposal.objects.get().state == Proposal.State.CANCELLED
    assert NeverPaired.objects.values_list("application", "mentor").get() == (
        pair.application_id,
        pair.commitment.mentor_id,
    )
    assert queued(pair) == ["mentorships.objected", "mentorships.not_to_be"]
    told = Letter.objects.get(kind="mentorships.not_to_be")
    assert told.to == pair.commitment.mentor.person.email
    assert [word for word in (candidate.first_name, candidate.last_name, WORDS) if word in told.body] == []
    assert WORDS not in "".join(JournalEntry.objects.values_list("detail", flat=True))
    with pytest.raises(Refusal), transaction.atomic():
        introductions.object_to(pair, actor=candidate, now=now)


def test_after_an_objection_both_may_be_paired_with_others(pair, closed_cohort, candidate, now):
    introductions.object_to(pair, actor=candidate, now=now)
    mine = factories.make_pair(Application.objects.get(), factories.make_commitment(closed_cohort))
    hers = factories.make_pair(factories.make_confirmed(closed_cohort), pair.commitment)
    assert [mine.state, hers.state] == [Mentorship.State.ACTIVE] * 2


def test_a_withdrawal_before_they_met_reads_as_an_objection_does(pair, candidate):
    """Else the words of the other letter would say that it is not an objection, and these that it is one."""
    falls.withdraw_application(pair.application, actor=candidate)
    assert queued(pair) == ["mentorships.not_to_be"]


# --- A minor ------------------------------------------------------------------------------------


@pytest.fixture
def minors_pair(closed_cohort, minor, now):
    """Lina's mother has signed by her link."""
    commitment = factories.make_commitment(closed_cohort)
    factories.clear_for_minors(commitment.mentor)
    accepted = factories.make_accepted(closed_cohort, minor, now=now)
    sign(guardian_of(accepted))
    applications.confirm(accepted, actor=minor, now=now)
    return factories.make_pair(accepted, commitment, is_met=False, now=now)


def told_guardians() -> int:
    return Letter.objects.filter(kind="consents.guardian_paired").count()


def test_her_representative_learns_of_it_once_she_has_not_said_no(minors_pair, minor):
    assert told_guardians() == 0
    introductions.say_yes(minors_pair, actor=minor)
    assert told_guardians() == 1


def test_her_representative_never_learns_of_an_objection(minors_pair, minor):
    introductions.object_to(minors_pair, actor=minor)
    assert told_guardians() == 0


def test_nothing_is_exchanged_without_the_authorisation(minors_pair, minor):
    falls.withdraw_authorisation(minor.guardian_authorisations.get(), actor="guardian")
    late = minors_pair.objection_until + timedelta(days=1)
    assert introductions.exchange_due(now=late) == 0
    Mentorship.objects.update(state=Mentorship.State.ACTIVE)  # as if the verb that pauses had never run
    assert introductions.exchange_due(now=late) == 0
    assert "autorisation" in refused(introductions.say_yes, minors_pair, actor=minor)
    signed = {"guardian_name": "Awa Diallo", "relation": "mère", "signed_on": late.date()}
    GuardianAuthorisation.objects.update(state=GuardianAuthorisation.State.GIVEN, **signed)
    assert introductions.exchange_due(now=late) == 1


def test_a_paused_pair_may_still_be_refused(minors_pair, minor):
    falls.withdraw_authorisation(minor.guardian_authorisations.get(), actor="guardian")
    introductions.object_to(Mentorship.objects.get(), actor=minor)
    assert Mentorship.objects.get().state == Mentorship.State.ENDED_EARLY

"""What a representative's no stops, what it leaves alone, and taking a paused pair up again."""

from datetime import timedelta

import pytest

from applications import transitions as applications
from applications.models import Application
from consents import answers
from consents.models import GuardianAuthorisation
from lifecycle.journal import CONSOLE, ref
from lifecycle.models import JournalEntry
from lifecycle.refusals import IllegalTransition, Refusal
from matching import falls, introductions, transitions
from matching.models import Proposal
from mentorships import transitions as mentorships
from mentorships.models import Mentorship
from notifications.models import Letter
from tests import factories
from tests.guardians import asked, sign

pytestmark = pytest.mark.django_db

State = GuardianAuthorisation.State
DAY = timedelta(days=1)


@pytest.fixture
def karim(closed_cohort):
    """A mentor who may accompany minors."""
    mentor = factories.make_mentor()
    factories.clear_for_minors(mentor)
    return factories.make_commitment(closed_cohort, mentor)


@pytest.fixture
def confirmed(closed_cohort, minor, now):
    """Lina's place is confirmed: her mother has signed by her link. Her father has not answered."""
    named = {"guardian2_name": "Jo Diallo", "guardian2_email": "jo@example.org"}
    application = factories.make_accepted(closed_cohort, minor, now=now, **named)
    sign(minor.guardian_authorisations.get().guardians.get(order=1), now=now)
    applications.confirm(application, actor=minor)
    return application


@pytest.fixture
def offer(confirmed, karim, now):
    return factories.make_offer(confirmed, karim, now=now)


@pytest.fixture
def pair(offer, now):
    return transitions.accept(offer, actor=CONSOLE, now=now)


def guardian(application, order=1):
    return application.candidate.guardian_authorisations.get().guardians.get(order=order)


def say_no(verb, who, **changes) -> None:
    known = {"guardian": who, "link_number": who.link_number, "actor": "guardian", **changes}
    verb(who.authorisation, **known)


def state_of(thing) -> str:
    thing.refresh_from_db()
    return thing.state


NOES = {
    "her mother takes it back": lambda a: say_no(falls.withdraw_authorisation, guardian(a)),
    "her father refuses": lambda a: say_no(falls.refuse_authorisation, guardian(a, 2)),
    "a coordinator records a withdrawal": lambda a: falls.withdraw_authorisation(
        guardian(a).authorisation, actor=CONSOLE
    ),
    "a coordinator records a refusal": lambda a: falls.refuse_authorisation(guardian(a).authorisation, actor=CONSOLE),
}
each_no = pytest.mark.parametrize("no", NOES.values(), ids=NOES)

# --- What a no stops ----------------------------------------------------------------------------


@each_no
def test_a_no_pauses_the_pair(pair, confirmed, no, settings):
    no(confirmed)

    assert (state_of(pair), state_of(confirmed)) == (Mentorship.State.PAUSED, Application.State.MATCHED)
    assert Letter.objects.filter(kind="mentorships.paused").count() == 2
    assert Letter.objects.filter(kind="consents.staff_alert").get().to == settings.CONTACT_EMAIL


@each_no
def test_a_no_cancels_the_offer(offer, confirmed, no):
    no(confirmed)
    assert (state_of(offer), state_of(confirmed)) == (Proposal.State.CANCELLED, Application.State.CONFIRMED)
    with pytest.raises(IllegalTransition):
        transitions.accept(offer, actor=CONSOLE)


@each_no
def test_a_no_cancels_what_a_calculation_proposes(confirmed, karim, no):
    draft = factories.make_run((confirmed, karim)).proposals.get()
    no(confirmed)
    assert state_of(draft) == Proposal.State.CANCELLED


@each_no
def test_the_pairs_of_others_go_on(pair, confirmed, no, closed_cohort):
    other = factories.make_pair(factories.make_confirmed(closed_cohort))
    no(confirmed)
    assert state_of(other) == Mentorship.State.ACTIVE


@each_no
def test_who_has_come_of_age_goes_on(pair, confirmed, minor, no, now):
    """Her cohort was moved: on its first day she is 18, and nobody signs for her."""
    cohort = confirmed.cohort
    type(cohort).objects.filter(pk=cohort.pk).update(
        starts_on=cohort.starts_on + 800 * DAY, ends_on=cohort.ends_on + 800 * DAY
    )
    no(Application.objects.get(pk=confirmed.pk))
    assert state_of(pair) == Mentorship.State.ACTIVE


def test_a_no_for_an_outing_stops_nothing_else(pair, confirmed, minor):
    outing = asked(minor, f"{ref(confirmed.cohort)}:cannes", title="le festival", emails=["leo@example.org"])
    who = outing.guardians.get()
    sign(who)
    say_no(falls.withdraw_authorisation, who)
    assert (state_of(outing), state_of(pair)) == (State.WITHDRAWN, Mentorship.State.ACTIVE)


def test_a_pair_paused_already_stays_so(pair, confirmed):
    NOES["her mother takes it back"](confirmed)
    NOES["her father refuses"](confirmed)
    assert state_of(pair) == Mentorship.State.PAUSED
    paused = JournalEntry.objects.about(ref(pair)).filter(action="mentorship.paused")
    assert paused.count() == 1


def test_a_used_link_stops_nothing(pair, confirmed):
    who = guardian(confirmed)
    with pytest.raises(Refusal, match="Ce lien a déjà servi"):
        say_no(falls.withdraw_authorisation, who, link_number=1)
    with pytest.raises(Refusal, match="Ce lien a déjà servi"):
        say_no(falls.refuse_authorisation, guardian(confirmed, 2), link_number=7)
    assert (state_of(pair), state_of(who.authorisation)) == (Mentorship.State.ACTIVE, State.GIVEN)


def test_once_she_says_yes_whoever_signed_is_told(pair, confirmed):
    assert not Letter.objects.filter(kind="consents.guardian_paired").exists()
    introductions.say_yes(pair, actor=confirmed.candidate)
    [letter] = Letter.objects.filter(kind="consents.guardian_paired")
    assert (letter.to, letter.about) == (guardian(confirmed).email, ref(guardian(confirmed)))
    assert "Morgane" not in letter.body


def test_nobody_is_told_of_the_pair_of_somebody_of_age(closed_cohort):
    factories.make_pair(factories.make_confirmed(closed_cohort))
    assert not Letter.objects.filter(kind="consents.guardian_paired").exists()


# --- Going on -----------------------------------------------------------------------------------


def test_once_settled_and_signed_the_pair_is_taken_up_again(pair, confirmed, coordinator):
    NOES["her mother takes it back"](confirmed)
    pair.refresh_from_db()
    with pytest.raises(Refusal, match="manque encore"):
        transitions.resume_pair(pair, actor=coordinator)
    answers.settle(guardian(confirmed).authorisation, actor=coordinator)
    with pytest.raises(Refusal):
        transitions.resume_pair(pair, actor=coordinator)
    sign(guardian(confirmed))
    assert state_of(pair) == Mentorship.State.PAUSED  # a person takes it up again, nothing else

    transitions.resume_pair(pair, actor=coordinator)
    assert state_of(pair) == Mentorship.State.ACTIVE
    assert Letter.objects.filter(kind="mentorships.resumed").count() == 2


def test_a_mentor_who_may_not_accompany_minors_any_more_waits(pair, confirmed, coordinator, now):
    NOES["her father refuses"](confirmed)
    authorisation = guardian(confirmed).authorisation
    GuardianAuthorisation.objects.filter(pk=authorisation.pk).update(state=State.GIVEN)
    pair = Mentorship.objects.get()
    with pytest.raises(Refusal, match="honorabilité"):
        transitions.resume_pair(pair, actor=coordinator, now=now + 400 * DAY)
    assert state_of(pair) == Mentorship.State.PAUSED


def test_a_pair_that_runs_is_not_taken_up(pair, coordinator):
    with pytest.raises(IllegalTransition):
        transitions.resume_pair(pair, actor=coordinator)


def test_a_pair_of_somebody_of_age_is_taken_up_whatever_the_mentors_honorability(closed_cohort, coordinator, now):
    pair = factories.make_pair(factories.make_confirmed(closed_cohort))
    mentorships.pause(pair, actor=coordinator, now=now)
    transitions.resume_pair(Mentorship.objects.get(), actor=coordinator)
    assert state_of(pair) == Mentorship.State.ACTIVE

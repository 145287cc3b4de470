"""The verbs of a mentor's profile: every state × every verb, and what follows from each."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.regions import Region
from cohorts.models import Language, Partner
from lifecycle import journal
from lifecycle.models import JournalEntry
from lifecycle.refusals import IllegalTransition, Refusal
from matching.falls import leave_mentor, pause_mentor
from mentors import transitions
from mentors.models import Commitment, MentorProfile, Seniority
from mentors.transitions import ALLOWED
from notifications.models import Letter
from tests import factories

pytestmark = pytest.mark.django_db
State = MentorProfile.State

ANSWERS = {
    "position": "cheffe monteuse",
    "employer": "",
    "region": Region.BRETAGNE,
    "languages": [Language.FRENCH],
    "accepts_remote": True,
    "presentation": "Vingt ans de montage.",
    "accompanies_minors": False,
}


def actions(thing) -> list[str]:
    return list(JournalEntry.objects.about(journal.ref(thing)).order_by("id").values_list("action", flat=True))


def letters(mentor) -> list[str]:
    return list(Letter.objects.about(journal.ref(mentor)).order_by("id").values_list("kind", flat=True))


def invited(**fields):
    return transitions.invite("lea@example.org", first_name="Léa", last_name="Roche", actor="a", **fields)


def practices() -> dict:
    return dict.fromkeys(factories.make_trades(), Seniority.SENIOR)


def save(mentor, **answers):
    transitions.save_profile(mentor, answers={**ANSWERS, **answers}, practices=practices(), actor="a")


# --- Every state, every verb --------------------------------------------------------------------

VERBS = {
    "save_profile": (save, State.APPLIED, {State.INVITED}),
    "approve": (lambda m: transitions.approve(m, actor="a"), State.APPROVED, {State.APPLIED}),
    "decline": (lambda m: transitions.decline(m, actor="a"), State.DECLINED, {State.APPLIED}),
    "pause": (lambda m: pause_mentor(m, actor="a"), State.PAUSED, {State.APPROVED}),
    "leave": (lambda m: leave_mentor(m, actor="a"), State.LEFT, {State.APPROVED, State.PAUSED}),
    "resume": (lambda m: transitions.resume(m, actor="a"), State.APPROVED, {State.PAUSED}),
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", State.values)
def test_a_verb_moves_from_the_states_it_may(state, verb):
    mentor = factories.make_mentor(state=state)
    act, target, sources = VERBS[verb]
    with suppress(Refusal), transaction.atomic():
        act(mentor)
    mentor.refresh_from_db()
    assert mentor.state == (target if state in sources else state)
    if state in sources:
        assert target in ALLOWED[state]


def test_the_table_holds_nothing_that_no_verb_does():
    done = {(source, target) for _act, target, sources in VERBS.values() for source in sources}
    table = {(source, target) for source, targets in ALLOWED.items() for target in targets}
    assert table - done == set()


# --- Inviting and applying ----------------------------------------------------------------------


def test_inviting_makes_the_account_and_writes():
    mentor = invited(position="monteuse", employer="Studio Rosa")
    assert (mentor.state, mentor.person.get_full_name(), mentor.employer) == (State.INVITED, "Léa Roche", "Studio Rosa")
    assert (actions(mentor), letters(mentor)) == (["mentorprofile.invited"], ["mentors.invited"])
    assert Letter.objects.get().to == "lea@example.org"
    assert not mentor.person.has_usable_password()


def test_inviting_twice_is_refused_and_writes_nothing_more():
    mentor = invited()
    with pytest.raises(Refusal, match="déjà parmi les mentor·es"):
        transitions.invite("LEA@example.org ", first_name="L", last_name="R", actor="a")
    assert (MentorProfile.objects.count(), User.objects.count(), letters(mentor)) == (1, 1, ["mentors.invited"])


def test_inviting_somebody_known_keeps_her_own_name(candidate):
    mentor = transitions.invite(candidate.email, first_name="Ines", last_name="H.", actor="a")
    assert (mentor.person, mentor.person.get_full_name()) == (candidate, "Inès Haddad")


def test_a_candidate_of_a_season_under_way_is_not_invited_before_its_end(closed_cohort):
    ines, sami = factories.make_confirmed(closed_cohort).candidate, factories.make_rejected(closed_cohort).candidate
    with pytest.raises(Refusal, match="candidate en ce moment"):
        transitions.invite(ines.email, first_name="Inès", last_name="Haddad", actor="a")
    assert MentorProfile.objects.count() == 0
    for person, now in ((sami, None), (ines, factories.paris(closed_cohort.ends_on, 12) + timedelta(days=1))):
        assert transitions.invite(person.email, first_name="I", last_name="H", actor="a", now=now).person == person


def test_a_partners_mentor_is_invited_as_such():
    netflix = Partner.objects.create(name="Netflix")
    assert invited(partner=netflix).partner == netflix


def test_a_closed_account_is_not_invited(stranger):
    User.objects.filter(pk=stranger.pk).update(is_active=False)
    with pytest.raises(Refusal, match="fermé"):
        transitions.invite(stranger.email, first_name="Sami", last_name="Okonkwo", actor="a")
    assert MentorProfile.objects.count() == 0


def test_saving_an_invited_profile_applies():
    mentor = invited()
    save(mentor)
    mentor.refresh_from_db()
    assert (mentor.state, mentor.presentation, list(mentor.languages)) == (
        State.APPLIED,
        "Vingt ans de montage.",
        ["fr"],
    )
    assert [trade.slug for trade in mentor.trades.all()] == ["realisation", "montage"]


@pytest.mark.parametrize("missing", ["position", "region", "languages", "presentation"])
def test_an_incomplete_profile_is_not_sent(missing):
    mentor = invited()
    with pytest.raises(Refusal, match="Il manque"), transaction.atomic():
        save(mentor, **{missing: [] if missing == "languages" else ""})
    assert MentorProfile.objects.get().state == State.INVITED


@pytest.mark.parametrize("lacking", ["a trade", "a seniority"])
def test_a_profile_without_a_trade_or_a_seniority_is_not_sent(lacking):
    mentor, (first, *_others) = invited(), factories.make_trades()
    said = {} if lacking == "a trade" else practices() | {first: ""}
    with pytest.raises(Refusal, match="Il manque"), transaction.atomic():
        transitions.save_profile(mentor, answers=ANSWERS, practices=said, actor="a")
    assert (MentorProfile.objects.get().state, mentor.practices.count()) == (State.INVITED, 0)


def test_what_she_exercises_is_what_she_said_last():
    mentor, (kept, gone, new) = invited(), factories.make_trades(3)
    for said in ({kept: Seniority.STARTING, gone: Seniority.SENIOR}, {new: Seniority.SENIOR, kept: Seniority.SETTLED}):
        transitions.save_profile(mentor, answers=ANSWERS, practices=said, actor="a")
        assert {one.trade: one.seniority for one in mentor.practices.select_related("trade")} == said
        assert set(mentor.trades.all()) == set(said)


def test_a_later_correction_keeps_the_state():
    mentor = factories.make_mentor()
    save(mentor, position="monteuse")
    mentor.refresh_from_db()
    assert (mentor.state, mentor.position, actions(mentor)) == (State.APPROVED, "monteuse", ["mentorprofile.changed"])


def test_who_left_changes_nothing():
    mentor = factories.make_mentor(state=State.LEFT, position="cheffe monteuse")
    with pytest.raises(IllegalTransition), transaction.atomic():
        save(mentor, position="autre")
    assert MentorProfile.objects.get().position == "cheffe monteuse"


@pytest.mark.parametrize(
    ("act", "letter"), [(transitions.approve, "mentors.approved"), (transitions.decline, "mentors.declined")]
)
def test_the_answer_is_written_once(act, letter):
    mentor = factories.make_mentor(state=State.APPLIED)
    act(mentor, actor="a")
    with pytest.raises(IllegalTransition), transaction.atomic():
        act(mentor, actor="a")
    assert letters(mentor) == [letter]


# --- Honorability -------------------------------------------------------------------------------


def test_honorability_counts_one_year(coordinator, now):
    mentor = factories.make_mentor(accompanies_minors=True)
    today = timezone.localdate(now)
    assert not mentor.is_cleared_for_minors(today)
    transitions.record_honorability(mentor, seen_on=today, actor=coordinator, now=now)
    mentor.refresh_from_db()
    assert (mentor.honorability_seen_by, mentor.honorability_seen_on) == (journal.ref(coordinator), today)
    days = [mentor.is_cleared_for_minors(today + timedelta(days=n)) for n in (0, 365, 366)]
    assert days == [True, True, False]
    assert actions(mentor) == ["mentorprofile.honorability_seen"]


@pytest.mark.parametrize(("days", "words"), [(1, "à venir"), (-366, "vu avant")])
def test_honorability_of_a_day_that_makes_no_sense_is_refused(now, days, words):
    mentor = factories.make_mentor()
    today = timezone.localdate(now)
    with pytest.raises(Refusal, match=words), transaction.atomic():
        transitions.record_honorability(mentor, seen_on=today + timedelta(days=days), actor="a", now=now)
    transitions.record_honorability(mentor, seen_on=today - timedelta(days=365), actor="a", now=now)


# --- Commitments --------------------------------------------------------------------------------


def test_committing_then_taking_more(cohort):
    mentor = factories.make_mentor()
    transitions.commit(mentor, cohort, capacity=2, actor="a")
    commitment = transitions.commit(mentor, cohort, capacity=4, actor="a")
    assert (Commitment.objects.get(), commitment.capacity) == (commitment, 4)
    assert actions(commitment) == ["commitment.made", "commitment.changed"]


def test_taking_fewer_goes_through_the_coordination(cohort):
    commitment = factories.make_commitment(cohort, capacity=3)
    with pytest.raises(Refusal, match="Vous aviez prévu 3 personnes"), transaction.atomic():
        transitions.commit(commitment.mentor, cohort, capacity=2, actor="a")
    assert Commitment.objects.get().capacity == 3


@pytest.mark.parametrize("capacity", [6, -1])
def test_out_of_bounds_is_refused(cohort, capacity):
    with pytest.raises(Refusal, match="de 0 à 5"), transaction.atomic():
        transitions.commit(factories.make_mentor(), cohort, capacity=capacity, actor="a")
    assert Commitment.objects.count() == 0


@pytest.mark.parametrize("state", [s for s in State if s != State.APPROVED])
def test_only_the_approved_commit(cohort, state):
    with pytest.raises(Refusal, match="profil validé"), transaction.atomic():
        transitions.commit(factories.make_mentor(state=state), cohort, capacity=1, actor="a")


def test_a_cohort_that_is_over_takes_nobody(now):
    over = factories.make_cohort("over", now=now)
    with pytest.raises(Refusal, match="terminée"), transaction.atomic():
        transitions.commit(factories.make_mentor(), over, capacity=1, actor="a", now=now)

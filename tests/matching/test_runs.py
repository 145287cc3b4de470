"""A run: claimed, worked, written whole or not at all."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.regions import Region
from lifecycle import journal
from lifecycle.models import JournalEntry
from lifecycle.refusals import Refusal
from matching import assignment, runs, tasks, transitions, verification
from matching.models import Proposal, Run
from mentors.models import MentorProfile
from tests import factories

pytestmark = pytest.mark.django_db
State = Run.State


@pytest.fixture
def spring(closed_cohort):
    return closed_cohort


def requested(cohort, now=None):
    return transitions.request_run(cohort, actor=journal.CONSOLE, now=now)


def worked(cohort, now) -> Run:
    requested(cohort, now)
    run = runs.claim(now)
    runs.work(run, now=now)
    return run


def pairs(run) -> list[tuple[int, int]]:
    return list(run.proposals.order_by("application_id").values_list("application_id", "commitment_id"))


# --- Claiming -----------------------------------------------------------------------------------


def test_one_run_at_a_time(spring, now):
    run = requested(spring, now)
    with pytest.raises(Refusal, match="déjà en cours"):
        requested(spring, now)
    assert list(Run.objects.all()) == [run]


def test_a_claimed_run_is_nobody_elses(spring, now):
    run = requested(spring, now)
    assert runs.claim(now) == run
    assert runs.claim(now + timedelta(minutes=9)) is None


def test_a_killed_workers_run_is_taken_up_again(spring, now):
    run = requested(spring, now)
    runs.claim(now)
    again = runs.claim(now + timedelta(minutes=11))
    assert (again.pk, again.state, again.lease_until) == (run.pk, State.RUNNING, now + timedelta(minutes=21))


def test_a_run_that_kills_its_worker_is_not_tried_for_ever(spring, now):
    run = requested(spring, now)
    attempts = [runs.claim(now + timedelta(minutes=11 * n)) for n in range(5)]
    assert [claimed is not None for claimed in attempts] == [True, True, True, False, False]
    run.refresh_from_db()
    assert (run.state, "3 fois" in run.error) == (State.FAILED, True)


def test_a_worker_whose_lease_was_lost_writes_nothing(spring, now):
    factories.make_commitment(spring)
    factories.make_confirmed(spring, now=now)
    requested(spring, now)
    late = runs.claim(now)
    other = runs.claim(now + timedelta(minutes=11))
    runs.work(late, now=now)
    assert (Run.objects.get().state, Proposal.objects.count()) == (State.RUNNING, 0)
    runs.work(other, now=now)
    assert (Run.objects.get().state, Proposal.objects.count()) == (State.DONE, 1)


# --- Working ------------------------------------------------------------------------------------


def test_proposes_with_points_and_reasons(spring, now):
    commitment = factories.make_commitment(spring)
    ines = factories.make_confirmed(spring, now=now)
    run = worked(spring, now)
    proposal = run.proposals.get()
    assert (proposal.application, proposal.commitment, proposal.state) == (ines, commitment, Proposal.State.DRAFT)
    assert proposal.parts == [
        ["1er vœu\u00a0: Réalisation", 600],
        ["Aussi\u00a0: Montage image", 30],
        ["Même région", 200],
        ["Rendez-vous à distance aussi possibles", 40],
        ["Une langue commune", 25],
    ]
    assert proposal.score == sum(points for _label, points in proposal.parts)
    assert run.figures == {
        "candidates": 1,
        "mentors": 1,
        "seats": 2,
        "possible": 1,
        "pairs": 1,
        "points": 895,
        "wishes": {"1": 1, "2": 0, "3": 0, "family": 0, "none": 0},
        "unmatched": [],
    }
    actions = JournalEntry.objects.about(journal.ref(run)).order_by("id").values_list("action", flat=True)
    assert list(actions) == ["run.requested", "run.running", "run.done"]


def test_only_confirmed_people_without_an_offer(spring, now):
    factories.make_commitment(spring, capacity=5)
    waiting = factories.make_confirmed(spring, now=now)
    factories.make_accepted(spring, now=now)
    factories.make_offer(factories.make_confirmed(spring, now=now), factories.make_commitment(spring), now=now)
    factories.make_pair(factories.make_confirmed(spring, now=now), factories.make_commitment(spring), now=now)
    assert [application for application, _commitment in pairs(worked(spring, now))] == [waiting.pk]


def test_places_taken_or_offered_are_not_free(spring, now):
    commitment = factories.make_commitment(spring, capacity=3)
    factories.make_pair(factories.make_confirmed(spring, now=now), commitment, now=now)
    factories.make_offer(factories.make_confirmed(spring, now=now), commitment, now=now)
    for _person in range(2):
        factories.make_confirmed(spring, now=now)
    run = worked(spring, now)
    assert (run.figures["seats"], run.figures["pairs"]) == (1, 1)
    assert [row["reason"] for row in run.figures["unmatched"]] == [
        "Une seule personne possible, dont les places vont à d’autres binômes."
    ]


@pytest.mark.parametrize("answer", ["declined", "expired"])
def test_a_pair_that_did_not_happen_is_never_proposed_again(spring, now, answer):
    commitment = factories.make_commitment(spring)
    offer = factories.make_offer(factories.make_confirmed(spring, now=now), commitment, now=now)
    if answer == "declined":
        transitions.decline(offer, reason="TIME", actor=journal.CONSOLE, now=now)
        then = now
    else:
        then = offer.expires_at + timedelta(minutes=1)
    run = worked(spring, then)
    assert pairs(run) == []
    assert run.figures["unmatched"][0]["reason"] == (
        "Aucun·e mentor·e possible\u00a0: déjà en binôme, ou proposition déclinée ou restée sans réponse (1)."
    )
    other = factories.make_commitment(spring)
    assert pairs(worked(spring, then)) == [(offer.application_id, other.pk)]


def test_a_mentor_is_never_her_own_mentee(spring, now):
    ines = factories.make_confirmed(spring, now=now)
    factories.make_commitment(spring, factories.make_mentor(ines.candidate))
    assert pairs(worked(spring, now)) == []
    other = factories.make_commitment(spring)
    assert pairs(worked(spring, now)) == [(ines.pk, other.pk)]


@pytest.mark.parametrize("state", [s for s in MentorProfile.State if s != MentorProfile.State.APPROVED])
def test_only_approved_mentors(spring, now, state):
    factories.make_confirmed(spring, now=now)
    commitment = factories.make_commitment(spring, factories.make_mentor(state=state))
    run = worked(spring, now)
    assert (pairs(run), run.figures["seats"]) == ([], 0)
    MentorProfile.objects.filter(pk=commitment.mentor_id).update(state=MentorProfile.State.APPROVED)
    assert len(pairs(worked(spring, now))) == 1


def test_a_minor_goes_to_a_mentor_who_is_cleared(spring, minor, now):
    lina = factories.make_confirmed(spring, minor, now=now)
    uncleared = factories.make_commitment(spring, factories.make_mentor(accompanies_minors=True))
    assert pairs(worked(spring, now)) == []
    factories.clear_for_minors(uncleared.mentor, now=now - timedelta(days=366))
    assert pairs(worked(spring, now)) == []
    factories.clear_for_minors(uncleared.mentor, now=now)
    assert pairs(worked(spring, now)) == [(lina.pk, uncleared.pk)]


def test_a_minor_whose_authorisation_was_taken_back_waits(spring, minor, now):
    lina = factories.make_confirmed(spring, minor, now=now)
    commitment = factories.make_commitment(spring)
    factories.clear_for_minors(commitment.mentor, now=now)
    assert pairs(worked(spring, now)) == [(lina.pk, commitment.pk)]
    transitions.withdraw_authorisation(minor.guardian_authorisations.get(), actor="guardian", now=now)
    run = worked(spring, now)
    assert (pairs(run), run.figures["candidates"]) == ([], 1)
    assert run.figures["unmatched"] == [
        {"reference": lina.reference, "reason": "Autorisation de la ou du représentant légal attendue."}
    ]


def test_far_away_without_remote_has_nobody(spring, now):
    factories.make_commitment(spring, factories.make_mentor(region=Region.MAYOTTE))
    factories.make_confirmed(spring, now=now, accepts_remote=False)
    run = worked(spring, now)
    assert run.figures["unmatched"][0]["reason"] == (
        "Aucun·e mentor·e possible\u00a0: trop loin, sans rendez-vous à distance (1)."
    )


def test_most_people_first(spring, now):
    """Inès suits both mentors, Sami only the one who suits her best: both are served."""
    near = factories.make_commitment(spring, factories.make_mentor(accepts_remote=False), capacity=1)
    far = factories.make_commitment(spring, factories.make_mentor(region=Region.CORSE), capacity=1)
    ines = factories.make_confirmed(spring, now=now)
    sami = factories.make_confirmed(spring, now=now, accepts_remote=False)
    assert pairs(worked(spring, now)) == [(ines.pk, far.pk), (sami.pk, near.pk)]


def test_calculating_again_gives_the_same_pairs(spring, now):
    for _person in range(4):
        factories.make_confirmed(spring, now=now)
        factories.make_commitment(spring, capacity=1)
    first = worked(spring, now)
    before = pairs(first)
    again = worked(spring, now)
    assert pairs(again) == before
    assert set(first.proposals.values_list("state", flat=True)) == {Proposal.State.CANCELLED}


def test_a_cohort_without_anybody_is_done(spring, now):
    run = worked(spring, now)
    assert (run.state, run.figures["pairs"], run.figures["unmatched"]) == (State.DONE, 0, [])


def test_the_number_of_queries_does_not_grow(spring, now):
    def queries():
        requested(spring, now)
        run = runs.claim(now)
        with CaptureQueriesContext(connection) as captured:
            runs.work(run, now=now)
        assert run.state == State.DONE
        Proposal.objects.all().delete()
        return len(captured)

    factories.make_confirmed(spring, now=now)
    factories.make_commitment(spring)
    one = queries()
    for _person in range(2):
        factories.make_confirmed(spring, now=now)
        factories.make_commitment(spring)
    assert queries() == one


# --- Failing ------------------------------------------------------------------------------------


def test_an_answer_that_the_check_refuses_is_not_shown(spring, now, monkeypatch):
    """The one place where our own code is broken on purpose: the engine answers badly."""
    factories.make_confirmed(spring, now=now)
    factories.make_commitment(spring)
    monkeypatch.setattr(assignment, "solve", lambda instance: [])
    run = worked(spring, now)
    assert (run.state, Proposal.objects.count(), run.figures) == (State.FAILED, 0, {})
    assert run.error == "La vérification du résultat a échoué\u00a0: rien n’est proposé. Prévenez l’équipe technique."


def test_an_error_leaves_a_sentence_and_nothing_else(spring, now, monkeypatch):
    factories.make_confirmed(spring, now=now)
    factories.make_commitment(spring)
    kept = factories.make_run((factories.make_confirmed(spring, now=now), factories.make_commitment(spring)))
    monkeypatch.setattr(verification, "check", lambda instance, pairs: 1 / 0)
    run = worked(spring, now)
    assert run.error == "Le calcul s’est arrêté sur une erreur (ZeroDivisionError). Prévenez l’équipe technique."
    assert (run.state, run.proposals.count()) == (State.FAILED, 0)
    assert kept.proposals.get().state == Proposal.State.DRAFT


def test_the_worker_goes_through_all_that_waits(spring, cohort):
    first, second = requested(spring), requested(cohort)
    tasks.work_runs()
    assert [Run.objects.get(pk=run.pk).state for run in (first, second)] == [State.DONE] * 2

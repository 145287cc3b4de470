"""A run: claimed, worked, written whole or not at all."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.regions import Region
from lifecycle import journal
from lifecycle.models import JournalEntry
from lifecycle.refusals import Refusal
from matching import falls, instances, publishing, runs, situation, tasks, transitions, verifier
from matching.engine.solving import Solution
from matching.models import Proposal, Run, Unmatched
from matching.progress import LeaseLost, Progress
from mentors.models import MentorProfile
from notifications.models import Letter
from tests import factories

pytestmark = pytest.mark.django_db
State, Kind = Run.State, Unmatched.Kind


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


def left(run) -> list[tuple[str, dict]]:
    """Why those whom it leaves out have nobody."""
    return list(run.unmatched.order_by("application_id").values_list("kind", "data"))


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
    assert (again.step, again.percent) == ("", 0)


def test_a_worker_says_where_it_is_and_holds_its_run_for_longer(spring, now):
    requested(spring, now)
    run = runs.claim(now)
    progress = Progress(run, now + timedelta(minutes=9))
    progress.reach(Run.Step.SOLVING)
    seen = Run.objects.get()
    assert (seen.step, seen.percent, seen.lease_until > now + timedelta(minutes=18)) == ("SOLVING", 30, True)
    assert runs.claim(now + timedelta(minutes=18)) is None
    runs.claim(now + timedelta(minutes=20))
    with pytest.raises(LeaseLost):
        progress.reach(Run.Step.VERIFYING)
    assert Run.objects.get().step == ""


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
    directing, editing = factories.make_trades()
    commitment = factories.make_commitment(spring, preferred_trades=[editing])
    ines = factories.make_confirmed(spring, now=now)
    run = worked(spring, now)
    proposal = run.proposals.get()
    assert (proposal.application, proposal.commitment, proposal.state) == (ines, commitment, Proposal.State.DRAFT)
    assert proposal.parts == [
        ["wish_1", directing.pk, 480],
        ["other_wish", editing.pk, 30],
        ["region", None, 150],
        ["remote", None, 40],
        ["languages", 1, 15],
        ["slots", 1, 22],
        ["preferred", editing.pk, 90],
    ]
    assert proposal.score == sum(points for _reason, _what, points in proposal.parts) == 827
    assert proposal.explanation == {"rank": 1, "options": 1, "mentee_side": 737, "mentor_side": 90, "better": []}
    assert run.figures == {
        "candidates": 1,
        "mentors": 1,
        "seats": 2,
        "possible": 1,
        "shortened": False,
        "pairs": 1,
        "points": 827,
        "gap": 0,
        "wishes": {"1": 1, "2": 0, "3": 0, "family": 0, "none": 0},
        "unmatched": 0,
        "floors": [],
        "supply": [
            {"trade": editing.pk, "first": 0, "wanted": 1, "places": 2, "paired": 0},
            {"trade": directing.pk, "first": 1, "wanted": 1, "places": 2, "paired": 1},
        ][::-1],
        "scarcities": [],
        "new": 1,
        "kept": 0,
        "kept_offers": [],
        "moved": [],
        "pins": {"held": 0, "pairs": 0, "points": 0, "broken": 0, "vain": []},
    }
    actions = JournalEntry.objects.about(journal.ref(run)).order_by("id").values_list("action", flat=True)
    assert list(actions) == ["run.requested", "run.running", "run.done"]


def test_what_a_run_was_given_and_the_proof_of_its_answer_are_kept(spring, now):
    factories.make_commitment(spring)
    ines = factories.make_confirmed(spring, now=now)
    run = worked(spring, now)
    assert (run.verified_at, run.step, run.percent) == (now, "", 100)
    assert run.parameters["weights"]["first_wish"] == 480
    assert {name: run.parameters[name] for name in ("floors", "seed", "engine")} == {
        "floors": [],
        "seed": spring.slug,
        "engine": runs.ENGINE,
    }
    assert set(run.certificate) == {"mins", "certificate", "stats"}
    inputs = instances.of(spring, now).as_json()
    assert inputs["mentees"] == [{"id": ines.reference, "groups": []}]
    kept = {"pairs": [[ines.reference, f"m{run.proposals.get().commitment_id}"]], **run.certificate}
    assert verifier.verify(inputs, kept).gap == 0
    assert run.inputs_checksum == run.parameters["fingerprint"] == situation.checksum_of(inputs)


def test_the_same_people_have_the_same_checksum_and_others_another(spring, now):
    factories.make_commitment(spring)
    factories.make_confirmed(spring, now=now)
    first, again = worked(spring, now), worked(spring, now)
    assert first.inputs_checksum == again.inputs_checksum != ""
    MentorProfile.objects.update(accepts_remote=False)
    assert worked(spring, now).inputs_checksum != first.inputs_checksum


def test_only_confirmed_people_without_an_offer(spring, now):
    factories.make_commitment(spring, capacity=5)
    waiting = factories.make_confirmed(spring, now=now)
    factories.make_accepted(spring, now=now)
    factories.make_offer(factories.make_confirmed(spring, now=now), factories.make_commitment(spring), now=now)
    factories.make_pair(factories.make_confirmed(spring, now=now), factories.make_commitment(spring), now=now)
    assert [application for application, _commitment in pairs(worked(spring, now))] == [waiting.pk]


def test_places_taken_are_not_free_and_those_offered_stay_with_whom_they_went_to(spring, now):
    commitment = factories.make_commitment(spring, capacity=3)
    factories.make_pair(factories.make_confirmed(spring, now=now), commitment, now=now)
    factories.make_offer(factories.make_confirmed(spring, now=now), commitment, now=now)
    for _person in range(2):
        factories.make_confirmed(spring, now=now)
    run = worked(spring, now)
    assert [run.figures[name] for name in ("seats", "pairs", "kept", "new")] == [2, 2, 1, 1]
    assert [(kind, data["options"]) for kind, data in left(run)] == [(Kind.SCARCITY, 1)]


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
    assert left(run) == [(Kind.RULES, {"rules": {"past": 1}})]
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
    falls.withdraw_authorisation(minor.guardian_authorisations.get(), actor="guardian", now=now)
    run = worked(spring, now)
    assert (pairs(run), run.figures["candidates"]) == ([], 1)
    assert left(run) == [(Kind.UNAUTHORISED, {})]


def test_far_away_without_remote_has_nobody(spring, now):
    factories.make_commitment(spring, factories.make_mentor(region=Region.MAYOTTE))
    factories.make_confirmed(spring, now=now, accepts_remote=False)
    run = worked(spring, now)
    assert left(run) == [(Kind.RULES, {"rules": {"distance": 1}})]


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
    assert (run.state, run.figures["pairs"], run.figures["unmatched"]) == (State.DONE, 0, 0)


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


class Dishonest(Solution):
    """An engine that keeps a pair for itself."""

    def answer(self):
        answer = super().answer()
        return {**answer, "pairs": answer["pairs"][1:]}


@pytest.fixture
def dishonest(monkeypatch):
    """The one place where our own code is broken on purpose: the engine answers badly, or not at all."""
    monkeypatch.setattr("matching.engine.solving.Solution", Dishonest)


def test_an_answer_that_the_verifier_refuses_is_not_shown(spring, now, dishonest):
    factories.make_confirmed(spring, now=now)
    factories.make_commitment(spring)
    run = worked(spring, now)
    assert (run.state, Proposal.objects.count(), Unmatched.objects.count()) == (State.FAILED, 0, 0)
    assert (run.figures, run.certificate, run.verified_at) == ({}, {}, None)
    assert run.error == "La vérification du résultat a échoué\u00a0: rien n’est proposé. Prévenez l’équipe technique."


def test_an_error_leaves_a_sentence_and_nothing_else(spring, now, monkeypatch):
    factories.make_confirmed(spring, now=now)
    factories.make_commitment(spring)
    kept = factories.make_run((factories.make_confirmed(spring, now=now), factories.make_commitment(spring)))
    monkeypatch.setattr("matching.engine.solving.Solution", lambda *_market: 1 / 0)
    run = worked(spring, now)
    assert run.error == "Le calcul s’est arrêté sur une erreur (ZeroDivisionError). Prévenez l’équipe technique."
    assert (run.state, run.proposals.count()) == (State.FAILED, 0)
    assert kept.proposals.get().state == Proposal.State.DRAFT


def test_the_worker_goes_through_all_that_waits(spring, cohort):
    first, second = requested(spring), requested(cohort)
    tasks.work_runs()
    assert [Run.objects.get(pk=run.pk).state for run in (first, second)] == [State.DONE] * 2


# --- Nothing unverified is published ------------------------------------------------------------


@pytest.fixture
def failed(spring, now, dishonest):
    factories.make_confirmed(spring, now=now)
    factories.make_commitment(spring)
    return worked(spring, now)


def test_the_verb_publishes_what_is_done_and_nothing_else(failed, spring, now):
    waiting = requested(spring, now)
    for run in (failed, waiting, runs.claim(now)):
        with pytest.raises(Refusal, match="n’est pas à publier"), transaction.atomic():
            publishing.publish(run, actor=journal.CONSOLE, now=now)
    assert Letter.objects.filter(kind="matching.offer").count() == 0


def test_the_button_publishes_what_is_done_and_nothing_else(failed, signed_in, coordinator):
    claire, page = signed_in(coordinator), reverse("admin:matching_run_publish", args=[failed.pk])
    assert "Ce calcul n’a rien à publier" in claire.get(page).content.decode()
    assert "Ce calcul n’est pas à publier" in claire.post(page, follow=True).content.decode()
    assert page not in claire.get(reverse("admin:matching_run_change", args=[failed.pk])).content.decode()
    assert Run.objects.get().published_at is None


@pytest.mark.parametrize(
    "written", [{"published_at": timezone.now()}, {"state": State.DONE}, {"state": State.DONE, "published_at": None}]
)
def test_the_database_takes_no_unverified_run_for_done_or_published(failed, written):
    with pytest.raises(IntegrityError, match=r"run_(done_is_verified|published_is_done)"), transaction.atomic():
        Run.objects.filter(pk=failed.pk).update(**written)
    Run.objects.filter(pk=failed.pk).update(state=State.DONE, verified_at=timezone.now())


def test_a_done_run_never_loses_its_verification(spring, now):
    run = worked(spring, now)
    with pytest.raises(IntegrityError, match="run_done_is_verified"), transaction.atomic():
        Run.objects.filter(pk=run.pk).update(verified_at=None)

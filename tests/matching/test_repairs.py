"""Whoever falls free is paired again: asked for by the clock, when something has changed, and only then."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from lifecycle import journal
from matching import falls, introductions, publishing, repairs, runs, tasks, transitions
from matching.models import Proposal, Run, Unmatched
from mentors import transitions as mentors
from mentors.models import Commitment, MentorProfile
from notifications.models import Letter
from portal import desk
from tests import factories
from tests.matching.clock import first_run, tick
from tests.portal.reading import text_of

pytestmark = pytest.mark.django_db
State, Kind = Proposal.State, Run.Kind


@pytest.fixture
def spring(closed_cohort):
    """A cohort where the next offer leaves by itself."""
    closed_cohort.offers_again_by_itself = True
    closed_cohort.save()
    return closed_cohort


@pytest.fixture
def ines(spring, candidate):
    return factories.make_confirmed(spring, candidate)


def trace(application) -> list[tuple[str, int]]:
    """Her proposals, the oldest first: what became of each, and whose it was."""
    return list(application.proposals.order_by("pk").values_list("state", "commitment_id"))


def out(application) -> Proposal:
    return application.proposals.get(state=State.OFFERED)


def decline(application, now=None) -> Commitment:
    proposal = out(application)
    transitions.decline(proposal, reason="TIME", actor="m", now=now)
    return proposal.commitment


def by_hand(cohort) -> list[tuple[int, str]]:
    return list(repairs.to_place_by_hand([cohort]).values_list("application_id", "kind"))


# --- The next offer -----------------------------------------------------------------------------


def test_after_a_no_the_next_offer_leaves_by_itself(spring, ines):
    commitments = {factories.make_commitment(spring).pk for _mentor in range(2)}
    first_run(spring)
    no = decline(ines).pk
    assert tick() == 1
    assert trace(ines) == [(State.DECLINED, no), (State.OFFERED, (commitments - {no}).pop())]
    repair = Run.objects.get(kind=Kind.REPAIR)
    assert (repair.verified_at is None, repair.published_at is None) == (False, False)
    assert Letter.objects.about(journal.ref(out(ines).commitment)).get().kind == "matching.offer"


def test_or_after_a_click_as_the_cohort_says(closed_cohort, candidate):
    ines = factories.make_confirmed(closed_cohort, candidate)
    for _mentor in range(2):
        factories.make_commitment(closed_cohort)
    first_run(closed_cohort)
    decline(ines)
    assert tick() == 1
    assert [state for state, _whose in trace(ines)] == [State.DECLINED, State.DRAFT]
    assert [one.application_id for one in repairs.to_send([closed_cohort])] == [ines.pk]
    assert tick() == 0


def test_nothing_is_asked_for_while_nothing_has_changed(spring, ines):
    factories.make_commitment(spring)
    first_run(spring)
    assert tick() == 0  # nobody is free
    decline(ines)
    assert (tick(), tick(), tick()) == (1, 0, 0)
    assert by_hand(spring) == [(ines.pk, Unmatched.Kind.RULES)]
    factories.make_commitment(spring)
    assert (tick(), tick()) == (1, 0)
    assert (out(ines).state, by_hand(spring)) == (State.OFFERED, [])


def test_silence_is_repaired_as_a_no_is(spring, ines):
    for _mentor in range(2):
        factories.make_commitment(spring)
    first_run(spring)
    late = out(ines).expires_at + timedelta(minutes=1)
    assert tick(late) == 1
    assert [state for state, _whose in trace(ines)] == [State.EXPIRED, State.OFFERED]


def test_the_same_two_are_never_proposed_again(spring, ines):
    spring.max_tries = 99
    spring.save()
    for _mentor in range(3):
        factories.make_commitment(spring, capacity=5)
    first_run(spring)
    said_no = []
    while offer := ines.proposals.filter(state=State.OFFERED).first():
        said_no.append(offer.commitment_id)
        decline(ines)
        tick()
    assert len(said_no) == len(set(said_no)) == 3
    assert by_hand(spring) == [(ines.pk, Unmatched.Kind.RULES)]


def test_after_so_many_tries_a_person_places_her(spring, ines):
    spring.max_tries = 2
    spring.save()
    for _mentor in range(4):
        factories.make_commitment(spring)
    first_run(spring)
    for _try in range(2):
        decline(ines)
        tick()
    assert [state for state, _whose in trace(ines)] == [State.DECLINED] * 2
    assert by_hand(spring) == [(ines.pk, Unmatched.Kind.TRIES)]
    assert tick() == 0


# --- Whatever made her free ---------------------------------------------------------------------


def test_an_objection_is_repaired_with_somebody_else(spring, ines):
    for _mentor in range(2):
        factories.make_commitment(spring)
    first_run(spring)
    offer = out(ines)
    pair = transitions.accept(offer, actor="m")
    assert tick() == 0
    introductions.object_to(pair, actor=ines.candidate)
    assert tick() == 1
    assert out(ines).commitment_id != offer.commitment_id


def test_a_mentor_who_leaves_leaves_nobody_alone(spring, ines):
    for _mentor in range(2):
        factories.make_commitment(spring)
    first_run(spring)
    transitions.accept(out(ines), actor="m")
    falls.leave_mentor(MentorProfile.objects.get(commitments__mentorships__application=ines), actor="m")
    assert tick() == 1
    assert out(ines).commitment.mentor.state == MentorProfile.State.APPROVED


def test_somebody_confirmed_since_is_paired_too(spring, ines):
    factories.make_commitment(spring, capacity=3)
    first_run(spring)
    late = factories.make_confirmed(spring)
    assert tick() == 1
    assert (out(late).state, [state for state, _whose in trace(ines)]) == (State.OFFERED, [State.OFFERED])


def test_a_pause_that_ends_within_the_minute_loses_nobody(spring, ines):
    """Everything is as it was, save that her offer was taken back."""
    commitment = factories.make_commitment(spring)
    first_run(spring)
    for _time in range(4):
        falls.pause_mentor(commitment.mentor, actor="m")
        mentors.resume(commitment.mentor, actor="m")
        assert (tick(), tick()) == (1, 0)
        assert out(ines).commitment == commitment


def test_a_draft_taken_back_within_the_minute_loses_nobody(closed_cohort, ines):
    closed_cohort.offers_again_by_itself = False
    closed_cohort.save()
    one, two = (factories.make_commitment(closed_cohort) for _mentor in range(2))
    first_run(closed_cohort)
    decline(ines)
    tick()
    draft = ines.proposals.get(state=State.DRAFT)
    mentor = draft.commitment.mentor
    transitions.forbid_pair(ines, mentor, actor="c")
    transitions.allow_pair(ines, mentor, actor="c")
    assert (tick(), tick()) == (1, 0)
    assert ines.proposals.get(state=State.DRAFT).commitment in (one, two)


# --- Who moves ----------------------------------------------------------------------------------


def test_an_announced_pair_moves_when_that_places_one_more(spring):
    """Lila alone may be paired with the mentor who was offered Omar; he may have the other one."""
    editing, directing = factories.make_trades(2)
    either = factories.make_commitment(spring, factories.make_mentor(trades=[editing]), capacity=1)
    omar = factories.make_confirmed(spring)
    first_run(spring)
    assert out(omar).commitment == either
    other = factories.make_commitment(spring, factories.make_mentor(trades=[directing]), capacity=1)
    lila = factories.make_confirmed(spring)
    transitions.forbid_pair(lila, other.mentor, actor="c")
    assert tick() == 1
    assert (out(lila).commitment, out(omar).commitment) == (either, other)
    assert trace(omar)[0] == (State.CANCELLED, either.pk)


def test_an_announced_pair_stays_where_the_coordinator_asked_for_it(spring):
    """The same, and her latest calculation keeps what is out: Lila waits for a person, and the clock comes to rest."""
    editing, directing = factories.make_trades(2)
    either = factories.make_commitment(spring, factories.make_mentor(trades=[editing]), capacity=1)
    omar = factories.make_confirmed(spring)
    first_run(spring)
    transitions.request_run(spring, keeps_offers=True, actor="c")
    runs.work(runs.claim(timezone.now()))
    other = factories.make_commitment(spring, factories.make_mentor(trades=[directing]), capacity=1)
    lila = factories.make_confirmed(spring)
    transitions.forbid_pair(lila, other.mentor, actor="c")
    assert (tick(), tick()) == (1, 0)
    assert trace(omar) == [(State.OFFERED, either.pk)]
    assert [application for application, _kind in by_hand(spring)] == [lila.pk]


# --- When it waits ------------------------------------------------------------------------------


def test_before_anything_was_published_nothing_is_repaired(spring, ines):
    factories.make_commitment(spring)
    run = transitions.request_run(spring, actor="c")
    runs.work(runs.claim(timezone.now()))
    assert repairs.request_due(now=timezone.now()) == 0
    run.refresh_from_db()
    assert run.published_at is None


def test_a_calculation_that_failed_is_for_a_person_to_look_at(spring, ines, now):
    factories.make_commitment(spring)
    first_run(spring, now)
    decline(ines)
    Run.objects.create(cohort=spring, state=Run.State.FAILED, requested_at=now + timedelta(minutes=1), error="…")
    assert repairs.request_due(now=now + timedelta(minutes=2)) == 0


def test_a_cohort_that_is_over_is_repaired_no_more(spring, ines):
    for _mentor in range(2):
        factories.make_commitment(spring)
    first_run(spring)
    decline(ines)
    over = factories.paris(spring.ends_on + timedelta(days=1), 1)
    assert repairs.request_due(now=over) == 0
    assert repairs.request_due(now=over - timedelta(hours=2)) == 1


def test_what_a_coordinator_has_not_published_never_leaves_by_itself(spring, ines):
    """She asked for a whole calculation to look at it; a repair replaces its drafts, and waits for her too."""
    for _mentor in range(3):
        factories.make_commitment(spring)
    first_run(spring)
    decline(ines)
    transitions.request_run(spring, actor="c")
    runs.work(runs.claim(timezone.now()))
    factories.make_confirmed(spring)
    assert tick() == 1
    assert Proposal.objects.filter(state=State.OFFERED).count() == 0
    assert repairs.to_send([spring]).count() == 2
    latest = Run.objects.latest("pk")
    publishing.publish(latest, actor="c")
    decline(ines)
    assert tick() == 1
    assert out(ines).state == State.OFFERED


def test_the_task_asks_and_publishes(spring, ines):
    for _mentor in range(2):
        factories.make_commitment(spring)
    first_run(spring)
    decline(ines)
    assert (tasks.repair(), tasks.repair()) == (1, 0)
    tasks.work_runs()
    assert (tasks.repair(), Run.objects.publishing().count()) == (0, 1)
    tasks.publish_runs()
    assert out(ines).state == State.OFFERED


# --- The coordinators' desk ---------------------------------------------------------------------


def waiting(now, word: str) -> list[tuple[str, str]]:
    (shown,) = desk.cohort_desks(now)
    return [(item.sentence, item.url) for item in shown.waiting if word in item.sentence]


def test_the_desk_says_whom_to_place_by_hand_and_why(spring, ines, coordinator, now):
    spring.max_tries = 1
    spring.save()
    factories.make_commitment(spring)
    first_run(spring)
    decline(ines)
    tick()
    url = reverse("admin:matching_run_by_hand", args=[spring.pk])
    assert waiting(now, "à la main") == [("1 personne à placer à la main", url)]
    page = factories.staff_client(coordinator).get(url)
    shown = [ines.candidate.get_full_name(), "1 proposition", "Fixer un binôme"]
    assert [words for words in shown if words not in text_of(page)] == []
    other = factories.make_pair(ines, factories.make_commitment(spring))
    assert (other.application, waiting(now, "à la main")) == (ines, [])
    assert "Personne à placer à la main" in text_of(factories.staff_client(coordinator).get(url))


def test_the_desk_says_what_waits_for_a_click(closed_cohort, candidate, coordinator, now):
    ines = factories.make_confirmed(closed_cohort, candidate)
    for _mentor in range(2):
        factories.make_commitment(closed_cohort)
    first_run(closed_cohort)
    decline(ines)
    tick()
    url = reverse("admin:matching_run_cohort", args=[closed_cohort.pk])
    assert waiting(now, "à envoyer") == [("1 proposition à envoyer", url)]
    assert waiting(now, "à publier") == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_as_many_queries_for_one_as_for_three(spring, coordinator, count, django_assert_max_num_queries):
    for _person in range(count):
        factories.make_confirmed(spring)
    transitions.request_run(spring, actor="c")
    runs.work(runs.claim(timezone.now()))
    staff = factories.staff_client(coordinator)
    url = reverse("admin:matching_run_by_hand", args=[spring.pk])
    staff.get(url)
    with django_assert_max_num_queries(14):
        page = staff.get(url)
    assert text_of(page).count("Fixer un binôme") == count

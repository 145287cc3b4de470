"""A mentor's answer and whatever else happens to the same people at the same instant."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from time import sleep

import pytest
from django.db import connection, transaction
from django.utils import timezone

from applications.models import Application
from lifecycle import journal
from lifecycle.models import JournalEntry
from lifecycle.moves import lock
from lifecycle.refusals import Refusal
from matching import falls, publishing, runs, transitions
from matching.models import Proposal, Run
from mentors.models import Commitment
from mentorships.models import Mentorship
from notifications.models import Letter
from tests import factories
from tests.races.threads import together

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 3
State = Proposal.State


@pytest.fixture
def spring(db):
    """A cohort whose call is closed, with places for every round."""
    return factories.make_cohort("closed", places=1000)


def fresh(proposal: Proposal) -> Proposal:
    """As another request would see it."""
    return Proposal.objects.select_related("application__cohort", "commitment__mentor").get(pk=proposal.pk)


def fresh_run(run: Run) -> Run:
    return Run.objects.select_related("cohort").get(pk=run.pk)


def lines(thing, action: str) -> int:
    return JournalEntry.objects.about(journal.ref(thing)).filter(action=action).count()


def kinds(outcomes) -> list[str]:
    return sorted(type(outcome).__name__ for outcome in outcomes)


def test_two_people_never_take_a_mentors_last_place(spring):
    """Two offers, then one place: what a coordinator leaves when she lowers a commitment by hand in the database."""
    for _round in range(ROUNDS):
        commitment = factories.make_commitment(spring, capacity=2)
        offers = [factories.make_offer(factories.make_confirmed(spring), commitment) for _person in range(2)]
        type(commitment).objects.filter(pk=commitment.pk).update(capacity=1)
        outcomes = together(*[partial(transitions.accept, fresh(o), actor="a") for o in offers])
        assert kinds(outcomes) == ["Mentorship", "Refusal"]
        [sentence] = [outcome.sentence for outcome in outcomes if isinstance(outcome, Refusal)]
        assert sentence.startswith("Toutes les places de cet engagement sont déjà prises")
        assert commitment.mentorships.count() == 1
        assert sorted(fresh(o).state for o in offers) == [State.ACCEPTED, State.OFFERED]


def test_accepting_from_four_tabs_opens_one_pair(spring):
    for _round in range(ROUNDS):
        offer = factories.make_offer(factories.make_confirmed(spring))
        outcomes = together(*[partial(transitions.accept, fresh(offer), actor="a") for _tab in range(4)])
        assert kinds(outcomes) == [*["IllegalTransition"] * 3, "Mentorship"]
        pair = Mentorship.objects.get(application=offer.application_id)
        assert lines(offer, "proposal.accepted") == lines(pair, "mentorship.active") == 1
        assert lines(offer.application, "application.matched") == 1
        assert Letter.objects.about(journal.ref(pair)).count() == 2


def test_accepting_and_declining_at_once_has_one_outcome(spring):
    for _round in range(ROUNDS):
        offer = factories.make_offer(factories.make_confirmed(spring))
        outcomes = together(
            partial(transitions.accept, fresh(offer), actor="a"),
            partial(transitions.decline, fresh(offer), reason="TIME", actor="a"),
        )
        assert sum(isinstance(outcome, Refusal) for outcome in outcomes) == 1
        is_paired = Mentorship.objects.filter(application=offer.application_id).exists()
        assert fresh(offer).state == (State.ACCEPTED if is_paired else State.DECLINED)


def test_accepting_while_the_mentee_withdraws_has_one_end(spring):
    for _round in range(ROUNDS):
        offer = factories.make_offer(factories.make_confirmed(spring))
        mine, hers = fresh(offer), fresh(offer)
        accepted, withdrawn = together(
            partial(transitions.accept, mine, actor="a"),
            partial(falls.withdraw_application, hers.application, actor="b"),
        )
        assert withdrawn is None
        end = fresh(offer)
        assert (end.state, end.application.state) == (State.CANCELLED, Application.State.WITHDRAWN)
        if isinstance(accepted, Mentorship):
            accepted.refresh_from_db()
            assert accepted.state == Mentorship.State.ENDED_EARLY
        else:
            assert isinstance(accepted, Refusal)
            assert not Mentorship.objects.filter(application=end.application).exists()


def test_accepting_while_the_mentor_pauses_has_one_end(spring):
    for _round in range(ROUNDS):
        offer = factories.make_offer(factories.make_confirmed(spring))
        accepted, paused = together(
            partial(transitions.accept, fresh(offer), actor="a"),
            partial(falls.pause_mentor, fresh(offer).commitment.mentor, actor="b"),
        )
        is_paired = isinstance(accepted, Mentorship)
        assert paused == (0 if is_paired else 1)
        assert fresh(offer).state == (State.ACCEPTED if is_paired else State.CANCELLED)


@pytest.mark.parametrize("rounds", [ROUNDS, pytest.param(200, marks=pytest.mark.long)])
def test_publishing_while_people_withdraw_leaves_no_offer_to_them(spring, rounds):
    for _round in range(rounds):
        commitments = [factories.make_commitment(spring) for _mentor in range(2)]
        people = [factories.make_confirmed(spring) for _person in range(4)]
        run = factories.make_run(*[(person, commitments[i % 2]) for i, person in enumerate(people)])
        leaving = [Application.objects.select_related("cohort").get(pk=p.pk) for p in people[:2]]
        outcomes = together(
            partial(publishing.publish, fresh_run(run), actor="a"),
            *[partial(falls.withdraw_application, a, actor="b") for a in leaving],
        )
        assert (outcomes[0] in (2, 3, 4), outcomes[1:]) == (True, [None, None])
        states = dict(run.proposals.values_list("application_id", "state"))
        assert [states[p.pk] for p in people] == [State.CANCELLED] * 2 + [State.OFFERED] * 2


def test_publishing_twice_at_once_offers_once(spring):
    for _round in range(ROUNDS):
        run = factories.make_run((factories.make_confirmed(spring), factories.make_commitment(spring)))
        tabs = [fresh_run(run) for _tab in range(3)]
        outcomes = together(*[partial(publishing.publish, tab, actor="a") for tab in tabs])
        assert kinds(outcomes) == ["Refusal", "Refusal", "int"]
        proposal = run.proposals.get()
        assert lines(run, "run.published") == lines(proposal, "proposal.offered") == 1
        assert Letter.objects.about(journal.ref(proposal.commitment)).count() == 1


def test_publishing_holds_no_commitment_while_it_waits_for_a_file(spring):
    """Whoever answers has a file and wants its mentor's commitment: had the publication taken that one first, each
    would wait for the other."""
    commitments = [factories.make_commitment(spring) for _mentor in range(2)]
    people = [factories.make_confirmed(spring) for _person in range(2)]
    run = factories.make_run(*zip(people, commitments, strict=True))
    with ThreadPoolExecutor() as pool:
        with transaction.atomic():
            lock(people[1])
            published = pool.submit(in_thread, publishing.publish, fresh_run(run), actor="a")
            wait_until_somebody_waits()
            free = Commitment.objects.select_for_update(nowait=True, no_key=True).order_by("pk")
            assert list(free) == commitments
        assert published.result(timeout=10) == 2


def in_thread(act, *args, **kwargs):
    try:
        return act(*args, **kwargs)
    finally:
        connection.close()


def wait_until_somebody_waits():
    """Until a query of this database waits for a lock."""
    with connection.cursor() as cursor:
        for _attempt in range(500):
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[0]:
                return
            sleep(0.01)
    raise AssertionError("nobody waits")


def test_a_run_is_claimed_by_one_worker(spring):
    for _round in range(ROUNDS):
        run = transitions.request_run(spring, actor="a")
        outcomes = together(*[partial(runs.claim, timezone.now())] * 4)
        assert [claimed for claimed in outcomes if claimed] == [run]
        runs.work(next(claimed for claimed in outcomes if claimed))


def test_asking_for_a_run_from_three_tabs_asks_once(spring):
    outcomes = together(*[partial(transitions.request_run, spring, actor="a")] * 3)
    assert kinds(outcomes) == ["Refusal", "Refusal", "Run"]

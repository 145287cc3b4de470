"""Publishing a run: asked for by a person, done by the worker, resumed wherever it was cut, nothing twice."""

import os
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection, transaction
from django.urls import reverse

from lifecycle import journal
from lifecycle.models import JournalEntry
from lifecycle.refusals import Refusal
from matching import publishing, runs, staff_queries, states, tasks, transitions
from matching.models import Proposal, Run
from mentors.models import Commitment, MentorProfile
from notifications import delivery
from notifications.models import Letter
from tests import factories

pytestmark = pytest.mark.django_db
State = Proposal.State
BASE_DIR = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def spring(closed_cohort):
    return closed_cohort


@pytest.fixture
def claire(coordinator, signed_in):
    return signed_in(coordinator)


def proposing(cohort, mentors: int, each: int = 1) -> Run:
    commitments = [factories.make_commitment(cohort, capacity=each) for _mentor in range(mentors)]
    return factories.make_run(
        *[(factories.make_confirmed(cohort), one) for one in commitments for _place in range(each)]
    )


def worked(cohort, now) -> Run:
    transitions.request_run(cohort, actor=journal.CONSOLE, now=now)
    run = runs.claim(now)
    runs.work(run, now=now)
    run.refresh_from_db()
    return run


def states_of(run) -> dict[str, int]:
    found = list(run.proposals.values_list("state", flat=True))
    return {state: found.count(state) for state in set(found)}


def told(kind: str) -> int:
    return Letter.objects.filter(kind=f"matching.{kind}").count()


# --- Asked for ----------------------------------------------------------------------------------


def test_asking_sends_nothing_and_the_worker_sends_it_all(spring, now):
    run = proposing(spring, mentors=2, each=2)
    publishing.ask(run, actor="a", now=now)
    assert (states_of(run), told("offer"), run.publishing_since) == ({State.DRAFT: 4}, 0, now)
    tasks.publish_runs()
    run.refresh_from_db()
    assert (states_of(run), told("offer"), run.published_at is not None) == ({State.OFFERED: 4}, 2, True)
    lines = JournalEntry.objects.about(journal.ref(run)).order_by("id").values_list("action", "actor", "detail")
    assert list(lines) == [("run.publication_asked", "a", ""), ("run.published", "clock", "4")]


def test_a_run_that_is_being_published_is_not_asked_again(spring):
    run = proposing(spring, mentors=1)
    publishing.ask(run, actor="a")
    with pytest.raises(Refusal, match="n’est pas à publier, ou l’a déjà été"), transaction.atomic():
        publishing.ask(run, actor="a")


def test_nothing_is_published_while_another_run_is_calculated_nor_calculated_meanwhile(spring):
    run = proposing(spring, mentors=1)
    other = transitions.request_run(spring, actor="a")
    with pytest.raises(Refusal, match="Un autre calcul est en cours"), transaction.atomic():
        publishing.ask(run, actor="a")
    other.delete()
    publishing.ask(run, actor="a")
    with pytest.raises(Refusal, match="sont en train de partir"), transaction.atomic():
        transitions.request_run(spring, actor="a")
    publishing.work(run)
    transitions.request_run(spring, actor="a")


def test_a_run_that_proposes_nothing_new_has_nothing_to_publish(spring, now):
    factories.make_commitment(spring, capacity=1)
    factories.make_confirmed(spring, now=now)
    publishing.publish(worked(spring, now), actor="a", now=now)
    again = worked(spring, now)
    assert Run.objects.publishable().count() == 0
    with pytest.raises(Refusal, match="n’a rien à publier"):
        publishing.ask(again, actor="a")


# --- Cut ----------------------------------------------------------------------------------------


class Killed(BaseException):
    """What no handler of errors sees, like the end of the process."""


def work_until(monkeypatch, step: str, run) -> None:
    """A worker that is killed as it comes to that function."""

    def killed(*args):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(publishing, step, killed)
        with pytest.raises(Killed):
            publishing.work(run)


@pytest.mark.parametrize("step", ["nothing", "move", "letter", "end"])
@pytest.mark.parametrize("after", [0, 1, 2])
def test_a_worker_killed_at_any_step_is_resumed_and_nothing_is_sent_twice(spring, monkeypatch, step, after):
    run = proposing(spring, mentors=3, each=2)
    publishing.ask(run, actor="a")
    where = {
        "nothing": (publishing, "_offer_all"),
        "move": (states, "move_offer"),
        "letter": (publishing.emails, "offer"),
        "end": (publishing, "_finish"),
    }[step]
    calls, real = [], getattr(*where)

    def cut(*args, **kwargs):
        if len(calls) >= after:
            raise Killed
        calls.append(1)
        return real(*args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(*where, cut)
        if step == "end" and after:
            publishing.work(run)
        else:
            with pytest.raises(Killed):
                publishing.work(run)
    assert told("offer") * 2 == run.proposals.filter(state=State.OFFERED).count()
    tasks.publish_runs()
    tasks.publish_runs()
    assert (states_of(run), told("offer")) == ({State.OFFERED: 6}, 3)
    assert JournalEntry.objects.filter(action="proposal.offered").count() == 6
    assert JournalEntry.objects.filter(action="run.published").count() == 1


def test_one_mentor_whose_offers_fail_does_not_stop_the_others(spring, monkeypatch):
    run = proposing(spring, mentors=3)
    bad = run.proposals.order_by("commitment_id").first().commitment_id
    real = publishing._offer_all

    def fails(run, commitment, now):
        if commitment == bad:
            raise ValueError
        real(run, commitment, now)

    publishing.ask(run, actor="a")
    with monkeypatch.context() as patch:
        patch.setattr(publishing, "_offer_all", fails)
        tasks.publish_runs()
    run.refresh_from_db()
    assert (states_of(run), run.published_at) == ({State.OFFERED: 2, State.DRAFT: 1}, None)
    tasks.publish_runs()
    run.refresh_from_db()
    assert (states_of(run), run.published_at is None, told("offer")) == ({State.OFFERED: 3}, False, 3)


# --- What moves ---------------------------------------------------------------------------------


@pytest.fixture
def moving(spring, now):
    """Morgane's one place, offered to Inès, is for Léa now; Inès is for Karim. Her letter has left."""
    directing, editing = factories.make_trades()
    morgane = factories.make_commitment(spring, factories.make_mentor(trades=[directing]), capacity=1)
    ines = factories.make_confirmed(spring, now=now, trades=[directing, editing])
    offer = factories.make_offer(ines, morgane, now=now)
    delivery.send_due()
    karim = factories.make_commitment(spring, factories.make_mentor(trades=[editing], region="COR"), capacity=1)
    lea = factories.make_confirmed(spring, now=now, trades=[directing], accepts_remote=False)
    return worked(spring, now), offer, {"ines": ines, "lea": lea, "morgane": morgane, "karim": karim}


def offers() -> set[tuple[int, int]]:
    return set(Proposal.objects.filter(state=State.OFFERED).values_list("application_id", "commitment_id"))


def test_publishing_takes_back_what_moves_and_tells_its_mentor(moving, now):
    run, offer, who = moving
    assert publishing.publish(run, actor="a", now=now) == 2
    offer.refresh_from_db()
    assert offer.state == State.CANCELLED
    assert offers() == {(who["ines"].pk, who["karim"].pk), (who["lea"].pk, who["morgane"].pk)}
    about = Letter.objects.about(journal.ref(who["morgane"])).order_by("id").values_list("kind", flat=True)
    assert list(about) == ["matching.offer", "matching.offer_cancelled", "matching.offer"]


def test_a_worker_killed_once_offers_were_taken_back_is_resumed(moving, monkeypatch, now):
    run, _offer, who = moving
    publishing.ask(run, actor="a", now=now)
    work_until(monkeypatch, "_commitments_left", run)
    assert offers() == set()
    tasks.publish_runs()
    assert offers() == {(who["ines"].pk, who["karim"].pk), (who["lea"].pk, who["morgane"].pk)}
    assert told("offer_cancelled") == 1


def test_whoever_cannot_have_the_mentor_she_moves_to_keeps_her_offer_and_its_place(moving, now):
    run, offer, who = moving
    MentorProfile.objects.filter(commitments=who["karim"]).update(state=MentorProfile.State.PAUSED)
    assert publishing.publish(run, actor="a", now=now) == 0
    tasks.publish_runs()
    offer.refresh_from_db()
    run.refresh_from_db()
    assert (offer.state, states_of(run), told("offer_cancelled")) == (State.OFFERED, {State.CANCELLED: 2}, 0)
    assert run.published_at is not None


def test_what_was_kept_is_still_kept_when_the_worker_is_resumed(moving, monkeypatch, now):
    run, offer, who = moving
    MentorProfile.objects.filter(commitments=who["karim"]).update(state=MentorProfile.State.PAUSED)
    publishing.ask(run, actor="a", now=now)
    work_until(monkeypatch, "_finish", run)
    tasks.publish_runs()
    offer.refresh_from_db()
    assert offer.state == State.OFFERED


def test_an_offer_accepted_meanwhile_does_not_move(moving, now):
    run, offer, _who = moving
    transitions.accept(offer, actor="m", now=now)
    assert publishing.publish(run, actor="a", now=now) == 0
    assert offers() == set()
    assert states_of(run) == {State.CANCELLED: 2}


def test_an_offer_that_no_law_allows_any_more_is_taken_back_without_another(spring, now, minor):
    commitment = factories.make_commitment(spring)
    factories.clear_for_minors(commitment.mentor)
    offer = factories.make_offer(factories.make_confirmed(spring, minor), commitment, now=now)
    MentorProfile.objects.update(accompanies_minors=False)
    run = worked(spring, now)
    assert list(Run.objects.publishable()) == [run]
    assert publishing.publish(run, actor="a", now=now) == 0
    offer.refresh_from_db()
    assert offer.state == State.CANCELLED


# --- The page before ----------------------------------------------------------------------------


def test_the_page_shows_what_moves_and_that_nobody_is_beyond_her_places(moving, claire):
    run, _offer, who = moving
    page = claire.get(reverse("admin:matching_run_publish", args=[run.pk]))
    publication = page.context_data["publication"]
    assert [(move.application, move.before, move.after) for move in publication.moves] == [
        (who["ines"], who["morgane"], who["karim"])
    ]
    assert (publication.offers, publication.mentors, publication.beyond) == (2, 2, [])
    words = page.content.decode()
    assert "1 proposition déjà partie change" in words
    assert 'personne <span class="tag tag--good">vérifié</span>' in words


def test_a_mentor_beyond_her_places_is_named_beforehand(spring, claire):
    run = proposing(spring, mentors=1, each=2)
    assert staff_queries.publication_of(run).beyond == []
    Commitment.objects.update(capacity=1)
    page = claire.get(reverse("admin:matching_run_publish", args=[run.pk]))
    assert page.context_data["publication"].beyond == [Commitment.objects.get()]
    assert "mieux vaut relancer un calcul" in page.content.decode()
    publishing.publish(run, actor="a")
    assert sorted(states_of(run).items()) == [(State.CANCELLED, 1), (State.OFFERED, 1)]


# --- A real process -----------------------------------------------------------------------------

WORKER = """
import django
django.setup()
from matching.tasks import publish_runs
publish_runs()
"""


def start_worker() -> subprocess.Popen:
    """A process of its own that publishes the runs of the test's database."""
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    environment = {**os.environ, "DATABASE_URL": database.geturl(), "DJANGO_SETTINGS_MODULE": "mentorat.settings.test"}
    return subprocess.Popen([sys.executable, "-c", WORKER], cwd=BASE_DIR, env=environment)


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_a_process_killed_again_and_again_offers_everything_once():
    spring = factories.make_cohort("closed", places=200)
    run = proposing(spring, mentors=40, each=2)
    publishing.ask(run, actor="a")
    for turn in range(1, 5):
        worker = start_worker()
        while worker.poll() is None and run.proposals.filter(state=State.OFFERED).count() < turn * 14:
            time.sleep(0.002)
        worker.kill()
        assert worker.wait(timeout=60) == -9
        assert run.proposals.filter(state=State.OFFERED).count() == told("offer") * 2
    assert run.proposals.filter(state=State.DRAFT).exists()
    last = [start_worker() for _worker in range(2)]
    assert [worker.wait(timeout=120) for worker in last] == [0, 0]
    run.refresh_from_db()
    assert (states_of(run), told("offer"), run.published_at is not None) == ({State.OFFERED: 80}, 40, True)
    assert JournalEntry.objects.filter(action="proposal.offered").count() == 80
    assert JournalEntry.objects.filter(action="run.published").count() == 1

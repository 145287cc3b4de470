"""Coordinators' pages of the matching."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from matching import runs, tasks, transitions
from matching.models import Proposal, Run, Unmatched
from mentors.models import Commitment, MentorProfile
from tests import factories
from tests.house.pages import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def spring(closed_cohort):
    return closed_cohort


@pytest.fixture
def claire(coordinator, signed_in):
    return signed_in(coordinator)


def run_page(run) -> str:
    return reverse("admin:matching_run_change", args=[run.pk])


def publish_page(run) -> str:
    return reverse("admin:matching_run_publish", args=[run.pk])


def cohort_page(cohort) -> str:
    return reverse("admin:matching_run_cohort", args=[cohort.pk])


def proposed(cohort, people=1) -> Run:
    pairs = [(factories.make_confirmed(cohort), factories.make_commitment(cohort)) for _person in range(people)]
    return factories.make_run(*pairs)


def test_from_the_cohort_to_the_letters(claire, spring):
    factories.make_commitment(spring)
    ines = factories.make_confirmed(spring)
    assert "Lancer un calcul" in claire.get(cohort_page(spring)).content.decode()
    response = claire.post(reverse("admin:matching_run_request", args=[spring.pk]))
    run = Run.objects.get()
    assert response.url == run_page(run)

    waiting = claire.get(run_page(run))
    assert ("En attente" in waiting.content.decode(), waiting["Refresh"]) == (True, "5")
    runs.work(runs.claim(run.requested_at))
    done = claire.get(run_page(run))
    assert "Refresh" not in done
    html = done.content.decode()
    shown = ["1 proposition à publier", ines.reference, "1er vœu\u00a0: Réalisation", "Morgane Le Gall"]
    shown.append(publish_page(run))
    assert [words for words in shown if words not in html] == []

    before = claire.get(publish_page(run)).content.decode()
    assert "Une personne à accompagner\u00a0: votre réponse est attendue" in before
    assert run.proposals.get().state == Proposal.State.DRAFT
    leaving = claire.post(publish_page(run), follow=True)
    assert ("0 sur 1" in leaving.content.decode(), leaving["Refresh"]) == (True, "5")
    tasks.publish_runs()
    after = claire.get(run_page(run))
    assert ("1 proposition est partie le" in after.content.decode(), "Refresh" in after) == (True, False)
    assert run.proposals.get().state == Proposal.State.OFFERED


def test_a_second_request_reads_a_sentence(claire, spring):
    address = reverse("admin:matching_run_request", args=[spring.pk])
    claire.post(address)
    page = claire.post(address, follow=True).content.decode()
    assert "Un calcul est déjà en cours pour cette promotion." in page
    assert Run.objects.count() == 1


def test_publishing_twice_reads_a_sentence(claire, spring):
    run = proposed(spring)
    claire.post(publish_page(run))
    page = claire.post(publish_page(run), follow=True).content.decode()
    assert "Ce calcul n’est pas à publier, ou l’a déjà été." in page
    assert "Ce calcul n’a rien à publier" in claire.get(publish_page(run)).content.decode()


def test_the_page_before_publishing_counts(claire, spring, minor):
    commitment = factories.make_commitment(spring, capacity=3)
    factories.clear_for_minors(commitment.mentor)
    lina = factories.make_confirmed(spring, minor)
    others = [factories.make_confirmed(spring) for _person in range(2)]
    pairs = [(lina, commitment), (others[0], commitment), (others[1], factories.make_commitment(spring))]
    publication = claire.get(publish_page(factories.make_run(*pairs))).context_data["publication"]
    assert (publication.offers, publication.mentors, publication.minors) == (3, 2, 1)
    assert (publication.example, publication.example_count) == (commitment, 2)


def test_what_became_impossible_is_told(claire, spring):
    run = proposed(spring, people=2)
    MentorProfile.objects.filter(commitments__proposals=run.proposals.first()).update(state="PAUSED")
    claire.post(publish_page(run))
    tasks.publish_runs()
    page = claire.get(run_page(run)).content.decode()
    assert "1 proposition est partie le" in page
    assert "1 binôme n’était plus possible et n’a pas été proposé" in page


def test_those_left_out_are_named_with_the_reason(claire, spring):
    ines = factories.make_confirmed(spring)
    transitions.request_run(spring, actor="a")
    run = runs.claim(Run.objects.get().requested_at)
    runs.work(run)
    html = claire.get(run_page(run)).content.decode()
    assert ines.reference in html
    assert "Aucun·e mentor·e ne s’est encore engagé·e pour cette promotion." in html


def test_a_failed_run_says_why(claire, spring):
    run = factories.make_run((factories.make_confirmed(spring), factories.make_commitment(spring)))
    Run.objects.filter(pk=run.pk).update(state=Run.State.FAILED, error="Le calcul s’est arrêté.")
    assert "Le calcul s’est arrêté." in claire.get(run_page(run)).content.decode()


LISTS = ["matching_run", "matching_proposal", "mentors_mentorprofile", "mentorships_mentorship"]


@pytest.mark.parametrize("name", LISTS)
def test_lists_ask_the_same_queries_for_one_and_for_three(claire, spring, name):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert claire.get(reverse(f"admin:{name}_changelist")).status_code == 200
        return len(captured)

    factories.make_pair(factories.make_confirmed(spring), factories.make_commitment(spring))
    queries()
    one = queries()
    for _pair in range(2):
        factories.make_pair(factories.make_confirmed(spring), factories.make_commitment(spring))
    assert (queries(), one <= 12) == (one, True)


def test_a_runs_page_asks_the_same_queries_for_one_and_for_three(claire, spring):
    def queries(run) -> int:
        with CaptureQueriesContext(connection) as captured:
            claire.get(run_page(run))
        return len(captured)

    one = proposed(spring)
    queries(one)
    assert queries(proposed(spring, people=3)) == queries(one)


@pytest.mark.parametrize("query", ["le gall", "Le Gall", "martin"])
def test_proposals_are_found_by_either_name(claire, spring, query):
    proposed(spring)
    address = reverse("admin:matching_proposal_changelist")
    assert claire.get(address, {"q": query}).context_data["cl"].result_count == 1
    assert claire.get(address, {"q": "personne"}).context_data["cl"].result_count == 0


def pages(spring) -> list[str]:
    pair = factories.make_pair(factories.make_confirmed(spring), factories.make_commitment(spring))
    proposal = Proposal.objects.get()
    mentor = pair.commitment.mentor
    verbs = ["engagement", "honorabilite", "pause"]
    return [
        *[reverse(f"admin:{name}_changelist") for name in LISTS],
        cohort_page(spring),
        run_page(proposal.run),
        publish_page(proposal.run),
        reverse("admin:matching_proposal_change", args=[proposal.pk]),
        reverse("admin:mentorships_mentorship_change", args=[pair.pk]),
        reverse("admin:mentors_mentorprofile_change", args=[mentor.pk]),
        reverse("admin:mentors_mentorprofile_add"),
        *[f"/admin/mentors/mentorprofile/{mentor.pk}/{verb}/" for verb in verbs],
    ]


def test_the_pages_are_coordinators_alone(claire, spring, signed_in, reviewer, stranger):
    nadia, sami = signed_in(reviewer), signed_in(stranger)
    for page in pages(spring):
        response = claire.get(page)
        assert (page, response.status_code) == (page, 200)
        markup = Page(response.content.decode())
        assert (page, markup.headings.count("h1"), markup.unlabelled) == (page, 1, [])
        assert nadia.get(page).status_code == 403
        assert sami.get(page).status_code in (302, 403, 404)


# --- Mentors ------------------------------------------------------------------------------------


def mentor_url(name, mentor):
    return reverse(f"admin:mentors_mentorprofile_{name}", args=[mentor.pk])


def test_pausing_a_mentor_tells_how_many_offers_were_cancelled(claire, spring):
    offer = factories.make_offer(factories.make_confirmed(spring))
    page = claire.post(mentor_url("pause", offer.commitment.mentor), follow=True).content.decode()
    assert "La pause est notée. 1 proposition est annulée." in page
    assert Proposal.objects.get().state == Proposal.State.CANCELLED


@pytest.mark.parametrize(("capacity", "kept"), [("5", 5), ("3", 3), ("1", 2)])
def test_a_coordinator_changes_a_commitment_within_what_is_taken(claire, spring, capacity, kept):
    commitment = factories.make_commitment(spring, capacity=4)
    for _person in range(2):
        factories.make_pair(factories.make_confirmed(spring), commitment)
    Commitment.objects.update(capacity=4 if kept != 2 else 2)
    claire.post(mentor_url("commit", commitment.mentor), {"cohort": spring.pk, "capacity": capacity})
    assert Commitment.objects.get().capacity == kept


def test_a_run_that_is_being_written_is_read_without_what_it_did_not_know(spring, claire):
    """The worker finishes between two reads of the page: somebody left out points at figures that were not there."""
    ines = factories.make_confirmed(spring)
    lease = timezone.now() + timedelta(minutes=5)
    run = Run.objects.create(cohort=spring, state=Run.State.RUNNING, lease_until=lease)
    Unmatched.objects.create(run=run, application=ines, kind=Unmatched.Kind.SCARCITY, data={"scarcity": 0})
    assert claire.get(reverse("admin:matching_run_change", args=[run.pk])).status_code == 200

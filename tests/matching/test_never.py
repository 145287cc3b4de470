"""Two people whom a coordinator will not have proposed to each other."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from lifecycle import journal
from lifecycle.models import JournalEntry
from lifecycle.refusals import Refusal
from matching import publishing, runs, transitions
from matching.models import NeverPaired, Proposal
from mentorships.models import Mentorship
from notifications.models import Letter
from tests import factories

pytestmark = pytest.mark.django_db
State = Proposal.State


@pytest.fixture
def spring(closed_cohort):
    return closed_cohort


@pytest.fixture
def claire(coordinator, signed_in):
    return signed_in(coordinator)


def pair(cohort):
    return factories.make_confirmed(cohort), factories.make_commitment(cohort)


def worked(cohort, now):
    transitions.request_run(cohort, actor=journal.CONSOLE, now=now)
    run = runs.claim(now)
    runs.work(run, now=now)
    return run


def test_no_run_proposes_them_any_more_until_it_may(spring, now):
    ines, commitment = pair(spring)
    transitions.forbid_pair(ines, commitment.mentor, actor=journal.CONSOLE, now=now)
    run = worked(spring, now)
    assert list(run.unmatched.values_list("data", flat=True)) == [{"rules": {"never": 1}}]
    other = factories.make_commitment(spring)
    assert worked(spring, now).proposals.get().commitment == other
    other.mentor.trades.clear()
    transitions.allow_pair(ines, commitment.mentor, actor=journal.CONSOLE, now=now)
    assert worked(spring, now).proposals.get().commitment == commitment


def test_it_holds_for_the_same_person_in_another_cohort(spring, cohort, now):
    ines, commitment = pair(spring)
    transitions.forbid_pair(ines, commitment.mentor, actor=journal.CONSOLE, now=now)
    factories.make_confirmed(cohort, ines.candidate, now=now)
    factories.make_commitment(cohort, commitment.mentor)
    assert worked(cohort, now).figures["pairs"] == 0


def test_a_draft_and_an_offer_are_cancelled_and_their_letter_stopped(spring):
    offer = factories.make_offer(factories.make_confirmed(spring))
    draft = factories.make_run((offer.application, offer.commitment)).proposals.get()
    assert transitions.forbid_pair(offer.application, offer.commitment.mentor, actor="a") == 2
    assert [Proposal.objects.get(pk=one.pk).state for one in (offer, draft)] == [State.CANCELLED] * 2
    assert Letter.objects.get(kind="matching.offer").status == Letter.Status.CANCELLED
    assert transitions.forbid_pair(offer.application, offer.commitment.mentor, actor="a") == 0
    assert NeverPaired.objects.get().said_by == "a"
    lines = JournalEntry.objects.about(journal.ref(offer.application)).filter(action="application.pair_forbidden")
    assert list(lines.values_list("detail", flat=True)) == [journal.ref(offer.commitment.mentor)]


def test_a_running_pair_goes_on(spring):
    running = factories.make_pair(factories.make_confirmed(spring))
    assert transitions.forbid_pair(running.application, running.commitment.mentor, actor="a") == 0
    running.refresh_from_db()
    assert running.state == Mentorship.State.ACTIVE


def test_what_was_calculated_before_is_not_published(spring):
    """The run read the people, the coordinator said « never », then the run wrote its proposals."""
    ines, commitment = pair(spring)
    transitions.forbid_pair(ines, commitment.mentor, actor="a")
    run = factories.make_run((ines, commitment))
    assert publishing.publish(run, actor="a") == 0
    assert (run.proposals.get().state, Letter.objects.filter(kind="matching.offer").count()) == (State.CANCELLED, 0)


def test_allowing_what_nothing_forbids_is_refused(spring):
    ines, commitment = pair(spring)
    with pytest.raises(Refusal, match="Rien n’écarte ce binôme"), transaction.atomic():
        transitions.allow_pair(ines, commitment.mentor, actor="a")


@pytest.mark.parametrize("fields", [{}, {"said_by": ""}])
def test_the_database_keeps_one_line_a_pair_said_by_somebody(spring, fields):
    ines, commitment = pair(spring)
    if not fields:
        NeverPaired.objects.create(application=ines, mentor=commitment.mentor, said_by="a")
    with pytest.raises(IntegrityError, match="never_paired_"), transaction.atomic():
        NeverPaired.objects.create(application=ines, mentor=commitment.mentor, **{"said_by": "a", **fields})


def test_from_the_proposals_page_and_back(claire, spring):
    offer = factories.make_offer(factories.make_confirmed(spring))
    page = reverse("admin:matching_proposal_change", args=[offer.pk])
    forbid, allow = (reverse(f"admin:matching_proposal_{name}", args=[offer.pk]) for name in ("forbid", "allow"))
    before = claire.get(page).content.decode()
    assert (forbid in before, allow in before) == (True, False)
    assert "un binôme en cours continue" in claire.get(forbid).content.decode()
    after = claire.post(forbid, follow=True).content.decode()
    assert "Ce binôme ne sera plus proposé." in after
    assert (f'"{forbid}"' in after, f'"{allow}"' in after, "binôme écarté" in after) == (False, True, True)
    assert Proposal.objects.get().state == State.CANCELLED
    assert "Le prochain calcul peut de nouveau proposer ce binôme." in claire.post(allow, follow=True).content.decode()
    assert NeverPaired.objects.count() == 0


def test_from_the_cohorts_page(claire, spring, cohort):
    ines, commitment = pair(spring)
    transitions.forbid_pair(ines, commitment.mentor, actor="a")
    at = reverse("admin:matching_run_cohort", args=[spring.pk])
    allow = reverse("admin:matching_run_allow", args=[spring.pk, NeverPaired.objects.get().pk])
    assert allow in claire.get(at).content.decode()
    elsewhere = reverse("admin:matching_run_allow", args=[cohort.pk, NeverPaired.objects.get().pk])
    assert claire.post(elsewhere).status_code == 404
    assert "peut de nouveau proposer" in claire.post(allow, follow=True).content.decode()
    assert "Binômes écartés" not in claire.get(at).content.decode()
    assert NeverPaired.objects.count() == 0

"""Each season: one letter asks every approved mentor how many young people she takes; two taps answer it."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lifecycle.refusals import Refusal
from matching import emails, falls, season, season_links
from matching.models import Proposal
from mentors.models import Commitment, MentorProfile, SeasonCall
from notifications import links
from notifications.models import Letter
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def mentors():
    return [factories.make_mentor(state=state) for state in ("APPROVED", "APPROVED", "PAUSED", "APPLIED")]


@pytest.fixture
def claire(coordinator, signed_in):
    return signed_in(coordinator)


def ask(cohort, now=None) -> int:
    season.ask_for_commitments(cohort, actor="a", now=now)
    return season.work_calls(now=now or timezone.now())


def link(mentor, cohort) -> str:
    return reverse("matching:season", args=[season_links.token(mentor.pk, cohort.pk)])


# --- Asking -------------------------------------------------------------------------------------


def test_every_approved_mentor_who_has_not_answered_gets_one_letter(cohort, mentors):
    first, second, *_others = mentors
    factories.make_commitment(cohort, second)
    assert ask(cohort) == 1
    [letter] = Letter.objects.filter(kind="matching.season")
    assert (letter.to, letter.key) == (first.person.email, f"mentor:{first.pk}:season:{cohort.pk}")
    assert SeasonCall.objects.get().done_at is not None
    with pytest.raises(Refusal, match="déjà"):
        season.ask_for_commitments(cohort, actor="a")


def test_a_killed_worker_goes_on_where_it_stopped(cohort, mentors):
    season.ask_for_commitments(cohort, actor="a")
    emails.ask_for_season(mentors[0], cohort, now=timezone.now())
    with pytest.raises(Refusal, match="en train de partir"):
        season.ask_for_commitments(cohort, actor="a")
    assert season.work_calls(now=timezone.now()) == 1
    assert season.work_calls(now=timezone.now()) == 0
    assert Letter.objects.filter(kind="matching.season").count() == 2


def test_no_working_link_is_stored_and_the_one_handed_over_works(cohort, mentors):
    ask(cohort)
    letter = Letter.objects.get(to=mentors[0].person.email)
    assert "/engagement/" not in letter.body
    [path] = re.findall(r"https?://[^/]+(/mentor/engagement/lien/\S+)", links.filled(letter))
    assert path == link(mentors[0], cohort)
    assert Client().get(path).status_code == 200


def test_a_cohort_that_is_over_asks_nobody(cohort, mentors):
    with pytest.raises(Refusal, match="terminée"):
        ask(cohort, now=timezone.now() + timedelta(days=1000))


def test_a_coordinator_sees_who_gets_what_before_it_leaves(cohort, mentors, claire):
    page = reverse("admin:matching_run_season", args=[cohort.pk])
    html = claire.get(page).content.decode()
    assert ("2 courriels" in html.replace("\u00a0", " "), "Pas cette fois" in html) == (True, True)
    assert "/engagement/lien/" not in html
    claire.post(page)
    assert "en train de partir" in claire.get(page).content.decode()
    season.work_calls(now=timezone.now())
    assert "plus personne à solliciter" in claire.get(page).content.decode()


# --- Answering ----------------------------------------------------------------------------------


def test_two_taps_and_changing_her_mind(cohort, mentors):
    mentor, browser = mentors[0], Client()
    path = link(mentor, cohort)
    page = browser.get(path).content.decode()
    assert (mentor.person.first_name in page, mentor.person.last_name in page, cohort.name in page) == (
        True,
        False,
        True,
    )
    assert not Commitment.objects.exists(), "opening the link answers nothing"
    for said in ("2", "0", "5"):
        assert browser.post(path, {"capacity": said}).status_code == 302
        assert Commitment.objects.get().capacity == int(said)
    assert "au plus" in browser.get(path).content.decode()


@pytest.mark.parametrize("said", ["", "6", "-1", "deux", "1.5", "²"])
def test_what_is_no_button_changes_nothing(cohort, mentors, said):
    response = Client().post(link(mentors[0], cohort), {"capacity": said})
    assert (response.status_code, Commitment.objects.count()) == (422, 0)


def test_wrong_links_are_told_kindly(cohort, mentors):
    good = link(mentors[0], cohort)
    for path in (good[:-3] + "/", reverse("matching:season", args=["abc"]), link(MentorProfile(pk=99999), cohort)):
        response = Client().get(path)
        assert (response.status_code, "Ce lien ne s’ouvre pas" in response.content.decode()) == (404, True)
    assert Client().get(good).status_code == 200


@pytest.mark.parametrize("state", ["PAUSED", "LEFT"])
def test_who_is_not_active_answers_nothing(cohort, mentors, state):
    path = link(mentors[0], cohort)
    MentorProfile.objects.filter(pk=mentors[0].pk).update(state=state)
    Client().post(path, {"capacity": "2"})
    assert "Rien à répondre" in Client().get(path).content.decode()
    assert Commitment.objects.count() == 0


def test_fewer_than_offered_cancels_and_never_less_than_running(closed_cohort):
    commitment = factories.make_commitment(closed_cohort, capacity=3)
    factories.make_pair(factories.make_confirmed(closed_cohort), commitment)
    offer = factories.make_offer(factories.make_confirmed(closed_cohort), commitment)
    path, browser = link(commitment.mentor, closed_cohort), Client()
    page = browser.get(path).content.decode()
    assert ('value="0"' in page, 'value="1"' in page) == (False, True)
    assert browser.post(path, {"capacity": "0"}).status_code == 422
    browser.post(path, {"capacity": "1"})
    commitment.refresh_from_db(), offer.refresh_from_db()
    assert (commitment.capacity, offer.state) == (1, Proposal.State.CANCELLED)


def test_settling_says_how_many_offers_it_cancelled(closed_cohort):
    offer = factories.make_offer(factories.make_confirmed(closed_cohort))
    mentor = offer.commitment.mentor
    assert falls.settle_commitment(mentor, closed_cohort, capacity=0, actor="a") == 1
    assert falls.settle_commitment(mentor, closed_cohort, capacity=2, actor="a") == 0

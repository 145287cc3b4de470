"""A mentor's pages: what she reads of somebody, and her two answers."""

import dataclasses
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone

from applications import transitions as applications
from applications.models import Application
from cohorts.models import Cohort
from matching import briefs, falls, publishing, transitions
from matching.models import Proposal
from mentorships.models import Mentorship
from tests import brimful, factories
from tests.house.pages import Page

pytestmark = pytest.mark.django_db
State = Proposal.State


@pytest.fixture
def spring(closed_cohort):
    return closed_cohort


@pytest.fixture
def offer(spring, candidate):
    """Inès, proposed to Karim."""
    candidate.phone = "+33612345678"
    candidate.save()
    karim = factories.make_mentor(factories.make_user("Karim", "Benali"))
    ines = factories.make_confirmed(spring, candidate)
    return factories.make_offer(ines, factories.make_commitment(spring, karim))


@pytest.fixture
def karim(offer, signed_in):
    return signed_in(offer.commitment.mentor.person)


def url(name, offer):
    return reverse(f"matching:{name}", args=[offer.pk])


def state(offer) -> str:
    return Proposal.objects.get(pk=offer.pk).state


# --- Reading ------------------------------------------------------------------------------------


def test_the_brief_shows_what_is_needed(karim, offer):
    html = karim.get(url("offer", offer)).content.decode()
    shown = ["Inès", "18–21 ans", "Occitanie", "1. Réalisation", "2. Montage image", "documentaire", "premier poste"]
    assert [words for words in shown if words not in html] == []


def test_the_brief_hides_the_rest(karim, offer):
    application, person = offer.application, offer.application.candidate
    hidden = [
        person.last_name,
        person.email,
        "12345678",
        "12 34 56 78",
        str(person.birth_date.year),
        application.reference,
        application.get_audience_display(),
        "bac pro",
        str(offer.score),
    ]
    for page in (url("offer", offer), reverse("matching:offers"), url("decline", offer)):
        html = karim.get(page).content.decode()
        assert "Inès" in html
        assert [words for words in hidden if words in html] == []


def test_the_brief_of_a_file_filled_to_the_brim_hides_the_rest(spring, signed_in):
    """Neither school nor audience, needs, people to avoid, gender, criteria, links; and it grew by no field."""
    file = brimful.make(spring)
    factories.decide(file, outcome="ACCEPTED")
    applications.confirm(file, actor=file.candidate)
    mentor = factories.make_mentor(factories.make_user("Karim", "Benali"))
    offer = factories.make_offer(file, factories.make_commitment(spring, mentor))
    fields = ["first_name", "age", "region", "languages", "is_remote_fine", "trades", "project", "hopes", "common"]
    assert [field.name for field in dataclasses.fields(briefs.of(offer))] == fields

    identity = {name: words for name, words in brimful.IDENTITY.items() if name != "place"}
    hidden = identity | brimful.ACCOMPANIMENT | brimful.LINKS | brimful.FOR_COORDINATORS
    hidden |= {name: brimful.ANSWERS[name] for name in ("background", "attraction")}
    hidden |= {"audience": "lycéen", "question": brimful.QUESTION, "answer": brimful.ANSWER}
    browser = signed_in(mentor.person)
    page = browser.get(url("offer", offer))
    assert brimful.told(page, {name: brimful.ANSWERS[name] for name in ("project", "hopes")}) == ["project", "hopes"]
    for path in (url("offer", offer), reverse("matching:offers"), url("decline", offer)):
        page = browser.get(path)
        assert brimful.told(page, {"first name": "Zélie"}) == ["first name"]
        assert brimful.told(page, hidden) == []


def test_two_taps_from_the_letter(karim, offer):
    links = Page(karim.get(reverse("matching:offers")).content.decode()).links
    assert url("offer", offer) in links
    page = karim.get(url("offer", offer)).content.decode()
    assert f'action="{url("accept", offer)}"' in page


@pytest.mark.parametrize("name", ["offer", "accept", "decline"])
def test_an_offer_is_its_mentors_alone(offer, karim, signed_in, stranger, coordinator, name):
    other = factories.make_mentor(factories.make_user("Léa", "Roche")).person
    for person in (stranger, other, offer.application.candidate, coordinator):
        browser = signed_in(person)
        act = browser.post if name == "accept" else browser.get
        assert act(url(name, offer)).status_code == 404
    assert state(offer) == State.OFFERED
    assert karim.get(url("offer", offer)).status_code == 200


def test_a_draft_is_nobodys_to_read(spring, signed_in):
    commitment = factories.make_commitment(spring)
    draft = factories.make_run((factories.make_confirmed(spring), commitment)).proposals.get()
    browser = signed_in(commitment.mentor.person)
    assert browser.get(url("offer", draft)).status_code == 404
    assert "Rien n’attend votre réponse" in browser.get(reverse("matching:offers")).content.decode()
    publishing.publish(draft.run, actor="a")
    assert browser.get(url("offer", draft)).status_code == 200


def test_the_list_asks_the_same_queries_for_one_and_for_three(spring, signed_in, django_assert_num_queries):
    commitment = factories.make_commitment(spring, capacity=5)
    browser = signed_in(commitment.mentor.person)

    def queries() -> int:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as captured:
            browser.get(reverse("matching:offers"))
        return len(captured)

    factories.make_offer(factories.make_confirmed(spring), commitment)
    one = queries()
    for _person in range(2):
        factories.make_offer(factories.make_confirmed(spring), commitment)
    assert queries() == one


AGES = [(17, "moins de 18 ans"), (18, "18–21 ans"), (21, "18–21 ans"), (25, "22–25 ans"), (30, "26–30 ans")]


@pytest.mark.parametrize(("age", "words"), [*AGES, (31, "plus de 30 ans")])
def test_ages_are_said_in_brackets(age, words):
    cohort = Cohort(starts_on=date(2027, 5, 10))
    person = SimpleNamespace(birth_date=date(2027 - age, 5, 10))
    assert briefs._age_bracket(SimpleNamespace(cohort=cohort, candidate=person)) == words


# --- Answering ----------------------------------------------------------------------------------


def test_accepting_leads_to_the_next_step(karim, offer):
    page = karim.post(url("accept", offer), follow=True).content.decode()
    assert (state(offer), Mentorship.objects.count()) == (State.ACCEPTED, 1)
    assert "Vous accompagnez Inès" in page
    assert "C’est dit\u00a0: le binôme est ouvert." in page
    assert reverse("portal:home") in Page(page).links


def test_a_double_click_opens_one_pair_and_reads_a_sentence(karim, offer):
    karim.post(url("accept", offer))
    page = karim.post(url("accept", offer), follow=True).content.decode()
    assert Mentorship.objects.count() == 1
    assert "Cette action a déjà été faite, ou n’est plus possible." in page
    assert "Vous accompagnez Inès" in page


def test_declining_asks_for_a_reason_and_keeps_what_was_typed(karim, offer):
    response = karim.post(url("decline", offer), {"words": "Je pars en tournage."})
    assert response.status_code == 422
    assert "Choisissez une raison." in response.content.decode()
    assert "Je pars en tournage." in response.content.decode()
    assert state(offer) == State.OFFERED


def test_declining(karim, offer):
    answer = {"reason": "TIME", "words": "Je pars en tournage."}
    page = karim.post(url("decline", offer), answer, follow=True).content.decode()
    declined = Proposal.objects.get()
    assert (declined.state, declined.decline_reason) == (State.DECLINED, "TIME")
    assert declined.decline_words == "Je pars en tournage."
    assert "Vous avez décliné cette proposition" in page
    assert Application.objects.get().state == Application.State.CONFIRMED


def test_whom_she_declined_she_reads_no_more(karim, offer):
    karim.post(url("decline", offer), {"reason": "TIME"})
    page = karim.get(url("offer", offer)).content.decode()
    assert [words for words in ("Inès", "documentaire") if words in page] == []


def test_a_get_accepts_nothing(karim, offer):
    assert karim.get(url("accept", offer)).status_code == 405
    assert state(offer) == State.OFFERED


def close(offer, how):
    if how == "cancelled":
        falls.withdraw_application(offer.application, actor=offer.application.candidate)
    else:
        Proposal.objects.filter(pk=offer.pk).update(expires_at=timezone.now() - timedelta(minutes=1))
        if how == "expired":
            transitions.expire_offers(now=timezone.now())


@pytest.mark.parametrize(
    ("how", "title"),
    [
        ("cancelled", "Cette proposition n’a plus lieu d’être"),
        ("late", "Cette proposition est close"),
        ("expired", "Cette proposition est close"),
    ],
)
def test_what_is_over_says_so(karim, offer, how, title):
    close(offer, how)
    page = karim.get(url("offer", offer)).content.decode()
    assert title in page
    assert url("accept", offer) not in page
    assert "Inès" not in page
    assert "Rien n’attend votre réponse" in karim.get(reverse("matching:offers")).content.decode()
    karim.post(url("accept", offer))
    assert Mentorship.objects.count() == 0


@pytest.mark.parametrize("name", ["offers", "offer", "decline"])
def test_every_page_says_whom_to_talk_to(karim, offer, name):
    page = karim.get(reverse("matching:offers") if name == "offers" else url(name, offer)).content.decode()
    assert 'id="a-qui-parler"' in page
    assert (Page(page).headings.count("h1"), Page(page).unlabelled) == (1, [])

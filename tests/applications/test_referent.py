"""Whoever the candidate names follows the state of her file, and nothing else."""

import re

import pytest

from applications import drafting, referent, transitions
from applications.models import Application
from lifecycle import journal
from notifications.models import Letter
from tests import factories
from tests.applications.reading import text_of

pytestmark = pytest.mark.django_db
HADDAD = {"referent_name": "Mme Haddad", "referent_email": "haddad@example.org"}


@pytest.fixture
def sent(closed_cohort, candidate):
    return factories.make_sent(closed_cohort, candidate, needs="Des pauses.", structure="Lycée de Trappes", **HADDAD)


def link() -> str:
    """The path of the link in the last letter to a referent."""
    letter = Letter.objects.filter(kind="applications.referent").latest("id")
    assert "[[lien:follow]]" in letter.body
    return "/" + referent.follow_url(letter).split("/", 3)[3]


def state(response) -> str:
    return re.search(r"<strong>(.*?)</strong>", response.content.decode())[1]


def test_she_reads_the_state_and_not_one_answer(sent, client):
    page = client.get(link())
    assert (page.status_code, state(page)) == (200, "Envoyée")
    words = text_of(page)
    answers = [value for value in sent.copies.get().content.values() if isinstance(value, str) and len(value) > 3]
    assert [value for value in answers if value in words] == ["Inès"]
    assert sent.reference in words


def test_a_decision_is_hers_to_know_once_announced(sent, client):
    transitions.decide(sent, "ACCEPTED", actor=journal.CLOCK, hold="reviews.release:1")
    assert state(client.get(link())) == "Envoyée"
    Application.objects.update(masked_state="")
    assert state(client.get(link())) == "Acceptée"


def test_the_link_ends_with_the_referent(cohort, candidate, client):
    sent = factories.make_sent(cohort, candidate, **HADDAD)
    before = link()
    assert client.get(before).status_code == 200
    drafting.take_back(sent, actor=candidate)
    factories.fill(sent, {"referent_name": "", "referent_email": ""})
    assert client.get(before).status_code == 200
    transitions.submit(sent, actor=candidate)
    assert client.get(before).status_code == 404


@pytest.mark.parametrize("token", ["abc", "abc:def:ghi", "\x00", "é" * 500])
def test_a_link_made_by_hand_leads_nowhere(token, sent, client):
    page = client.get(f"/candidature/suivi/{token}/")
    assert (page.status_code, "Ce lien ne mène plus à rien" in text_of(page)) == (404, True)

"""What a legal representative answers on her page: a signature, a refusal, a number to call, and her receipt."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from cohorts.moments import moment
from consents import answers
from consents.models import Guardian, GuardianAuthorisation
from notifications.models import Letter
from tests.guardians import page_path, publish_guardian_text, sign
from tests.portal.guardian import CHOICES, answer, buttons, guardian_of, heading, sent_by, signature, states
from tests.portal.reading import plain, text_of

pytestmark = pytest.mark.django_db

State = GuardianAuthorisation.State


@pytest.fixture
def sent(closed_cohort, minor):
    return sent_by(minor, closed_cohort)


# --- Signing ------------------------------------------------------------------------------------


def test_she_signs_and_reads_her_receipt(client, sent):
    mother = guardian_of(sent)
    done = answer(client, mother, "signer", signature())

    mother.refresh_from_db()
    assert states(sent) == [State.GIVEN, State.GIVEN, State.REQUESTED]
    assert (mother.name, mother.relation) == ("Samira Benali", "mère")
    assert (heading(done), buttons(done)) == ("Merci, c’est signé", [])
    for words in ("Samira Benali (mère)", plain(moment(mother.answered_at)), "Une copie part"):
        assert words in text_of(done)
    assert "Un mentorat n’est ni un stage ni un emploi" in text_of(done)  # the whole text, to print
    assert Letter.objects.filter(kind="consents.guardian_copy", to=mother.email).count() == 1


def test_another_quality_is_written_in_words(client, sent):
    mother = guardian_of(sent)
    answer(client, mother, "signer", signature(relation="autre", other="grand-mère, par délégation"))
    mother.refresh_from_db()
    assert (mother.state, mother.relation) == (State.GIVEN, "grand-mère, par délégation")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": " "}, "Écrivez votre prénom et votre nom."),
        ({"name": "Samira"}, "Écrivez votre prénom et votre nom."),
        ({"name": "Samira –"}, "Écrivez votre prénom et votre nom."),
        ({"name": "\u200e\u200b \u200f"}, "Écrivez votre prénom et votre nom."),
        ({"name": "Samira https://loterie.example"}, "Écrivez ici un nom, en lettres, sans adresse ni lien."),
        ({"name": "Samira " + "B" * 160}, "la limite est de 160"),
        ({"relation": None}, "Dites qui vous êtes pour cette personne."),
        ({"relation": "marraine"}, "Choisissez une des réponses proposées."),
        ({"relation": "autre", "other": " "}, "Précisez en quelques mots qui vous êtes"),
        ({"relation": "autre", "other": "B" * 81}, "la limite est de 80"),
        ({"agrees": None}, "Cochez la case pour autoriser."),
    ],
)
def test_what_is_missing_is_told_and_what_was_typed_stays(client, sent, changes, sentence):
    mother = guardian_of(sent)
    page = answer(client, mother, "signer", signature(**{"name": "Samira Benali", "other": "tante", **changes}))

    assert (page.status_code, heading(page)) == (422, "Lina a besoin de votre accord")
    assert text_of(page).count(sentence) == 2  # in the summary, and beside the field
    typed = [changes.get("name", "Samira Benali").strip(), changes.get("other", "tante").strip()]
    content = page.content.decode()
    assert [words for words in typed if words and f'value="{words}"' not in content] == []
    assert states(sent) == [State.REQUESTED] * 3


def test_nothing_is_ticked_or_written_for_her(client, sent):
    content = client.get(page_path(guardian_of(sent))).content.decode()
    assert "checked" not in content
    assert 'name="name" value' not in content


@pytest.mark.parametrize("number", ["1", "", "x", "99", "\x00"])
def test_a_text_that_has_changed_meanwhile_is_read_again(client, sent, number):
    mother = guardian_of(sent)
    publish_guardian_text(asks_again=False)
    page = answer(client, mother, "signer", signature(version=number))

    assert states(sent) == [State.REQUESTED] * 3
    if number == "\x00":
        assert page.status_code == 422
        return
    assert (page.status_code, "Ce texte vient de changer. Relisez-le avant de signer." in text_of(page)) == (409, True)
    content = page.content.decode()
    assert 'value="Samira Benali"' in content
    assert ('name="version" value="2"' in content, "Une phrase de plus." in content) == (True, True)
    assert "required id_agrees checked" not in content
    answer(client, mother, "signer", signature(version="2"))
    assert states(sent)[:2] == [State.GIVEN, State.GIVEN]


def test_the_second_one_may_sign_too(client, sent):
    sign(guardian_of(sent))
    father = guardian_of(sent, 2)
    page = client.get(page_path(father))
    assert ("Un·e autre représentant·e a déjà signé" in text_of(page), "Samira" in text_of(page)) == (True, False)
    assert buttons(page) == CHOICES
    answer(client, father, "signer", signature(name="Jo Diallo", relation="père"))
    assert states(sent) == [State.GIVEN] * 3


# --- Refusing -----------------------------------------------------------------------------------


def test_refusing_takes_two_steps(client, sent):
    mother = guardian_of(sent)
    asked_first = client.get(f"{page_path(mother)}refuser/")
    assert (heading(asked_first), buttons(asked_first)) == ("Refuser ?", ["Oui, je refuse"])
    assert states(sent) == [State.REQUESTED] * 3
    done = answer(client, mother, "refuser")

    assert states(sent) == [State.REFUSED, State.REFUSED, State.REQUESTED]
    assert heading(done) == "Votre refus est noté"


def test_a_refusal_stands_for_her_and_for_the_other(client, sent):
    answer(client, guardian_of(sent), "refuser")
    hers, his = (client.get(page_path(guardian_of(sent, order))) for order in (1, 2))

    assert [heading(page) for page in (hers, his)] == ["Vous avez refusé", "L’autorisation est refusée"]
    assert [buttons(page) for page in (hers, his)] == [["J’aimerais qu’on m’appelle"]] * 2
    assert [name for name in ("Jo Diallo", "Samira", "@example.org") if name in text_of(his)] == []


def test_the_refusal_of_the_other_is_told_to_who_signed(client, sent):
    sign(guardian_of(sent))
    father = guardian_of(sent, 2)
    said = text_of(client.get(f"{page_path(father)}refuser/"))
    assert "L’autorisation donnée par l’autre représentant·e ne compte plus" in said
    answer(client, father, "refuser")
    page = client.get(page_path(guardian_of(sent)))
    assert "même si vous avez signé" in text_of(page)


def test_a_receipt_says_that_the_other_has_refused(client, sent):
    """They answer at the same time, and hers comes second."""
    mother = guardian_of(sent)
    answer(client, mother, "signer", signature())
    answer(client, guardian_of(sent, 2), "refuser")
    receipt = client.get(page_path(mother, number=1))
    assert "un·e autre représentant·e a dit non" in text_of(receipt)


# --- A call -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("06 12 34 56 78", "06 12 34 56 78"),
        ("0692123456", "+262 692 12 34 56"),
        ("+32 470 12 34 56", "+32 470 12 34 56"),
    ],
)
def test_she_asks_to_be_called(client, sent, typed, kept):
    mother = guardian_of(sent)
    done = answer(client, mother, "appel", {"phone": typed})
    mother.refresh_from_db()

    assert (mother.phone, mother.state, mother.link_number) == (kept, State.REQUESTED, 1)
    assert "Vous avez demandé qu’on vous appelle" in text_of(done)
    assert plain(moment(mother.call_asked_at)) in text_of(done)
    assert buttons(done) == CHOICES
    assert kept.replace("+262 ", "")[-5:] in client.get(f"{page_path(mother)}appel/").content.decode()


@pytest.mark.parametrize("typed", ["", "12", "06 12 34", "bonjour", "\x00"])
def test_a_number_that_cannot_be_called_is_told(client, sent, typed):
    page = answer(client, guardian_of(sent), "appel", {"phone": typed})
    assert (page.status_code, heading(page)) == (422, "On vous appelle")
    assert Guardian.objects.exclude(call_asked_at=None).count() == 0


# --- The receipt --------------------------------------------------------------------------------


def test_a_receipt_is_read_again_for_an_hour_in_the_browser_that_answered(client, sent):
    mother, link = guardian_of(sent), page_path(guardian_of(sent))
    answer(client, mother, "signer", signature())
    now = timezone.now()
    with time_machine.travel(now + timedelta(minutes=59), tick=False):
        assert heading(client.get(link)) == "Merci, c’est signé"
    with time_machine.travel(now + timedelta(minutes=61), tick=False):
        assert (heading(client.get(link)), client.get(link).status_code) == ("Ce lien ne sert plus", 410)
    assert heading(type(client)().get(link)) == "Ce lien ne sert plus"


def test_who_signs_in_afterwards_on_the_same_telephone_reads_no_receipt(client, sent, stranger):
    link = page_path(guardian_of(sent))
    answer(client, guardian_of(sent), "signer", signature())
    assert heading(client.get(link)) == "Merci, c’est signé"
    client.force_login(stranger)
    assert heading(client.get(link)) == "Ce lien ne sert plus"


def test_once_asked_again_the_receipt_is_no_longer_shown(client, sent):
    link = page_path(guardian_of(sent))
    answer(client, guardian_of(sent), "refuser")
    answers.settle(guardian_of(sent).authorisation, actor="console")
    assert heading(client.get(link)) == "Ce lien ne sert plus"

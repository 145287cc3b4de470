"""A minor and her mother, each on her own phone: the authorisation, a refusal, a lost link, a withdrawal."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from applications import transitions as applications
from applications.models import Application
from consents.models import Guardian
from mentorships.models import Mentorship
from notifications.tasks import send_letters
from tests import factories, families
from tests.journeys import form
from tests.journeys.visitor import PHONE, Visitor, letters_to
from tests.season import people

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

LINA = people.LINA.email
SAMIRA = "samira@example.org"
BORN = str(timezone.localdate().year - 16)
PUPIL = "Lycéen·ne : je suis au lycée, en CAP ou en apprentissage avant le bac"


@pytest.fixture
def meet(live_server, browser, settings):
    """`meet(address)`: that person before her phone."""
    settings.SITE_URL = live_server.url
    met = []

    def _meet(email: str) -> Visitor:
        met.append(Visitor(browser, live_server.url, email, **PHONE))
        return met[-1]

    yield _meet
    for visitor in met:
        visitor.close()


def link_to(email: str) -> str:
    """The personal link in the last letter that left for this address."""
    send_letters()
    letters = [message for message in mail.outbox if message.to == [email]]
    return re.search(r"https?://[^/]+(/autorisation/\S+/)", letters[-1].body)[1]


def named(application: Application) -> Guardian:
    """Samira, whom Lina's file names."""
    guardian = Guardian.objects.get(authorisation__person=application.candidate)
    Guardian.objects.filter(pk=guardian.pk).update(email=SAMIRA)
    guardian.refresh_from_db()
    return guardian


def identity(lina: Visitor):
    lina.write("Prénom d’usage", "Lina").write("Nom", "Moreau-Diallo")
    lina.write("Jour", "3").write("Mois", "2").write("Année", BORN)


def representative(lina: Visitor):
    lina.write("Son prénom et son nom", "Samira Moreau").write("Son adresse e-mail", SAMIRA)


def situation(lina: Visitor):
    lina.pick("Votre situation aujourd’hui", PUPIL)


def support(lina: Visitor):
    """She leaves it."""


ANSWERS = {
    **form.ANSWERS,
    "Qui vous êtes": identity,
    "Votre représentant·e légal·e": representative,
    "Votre situation": situation,
    "Qui vous accompagne": support,
}


def test_from_the_first_page_to_the_receipt(meet):
    factories.make_trades(3)
    factories.make_texts()
    factories.make_cohort("open")
    lina, samira = meet(LINA), meet("")
    lina.go("/").follow("Candidater").write("Jour", "3").write("Mois", "2").write("Année", BORN)
    lina.pick("Votre situation aujourd’hui", PUPIL).pick("Votre disponibilité", "Oui").click("Voir la réponse")
    lina.reads("la personne qui signera pour vous").follow("Commencer ma candidature").sign_in()
    lina.click("Commencer ma candidature").follow("Commencer : Qui vous êtes")
    form.answer_page(lina, answers=ANSWERS)

    # Her own address will not do.
    lina.write("Son prénom et son nom", "Samira Moreau").write("Son adresse e-mail", LINA)
    with lina.meets(422):
        lina.click("Enregistrer et continuer")
    lina.reads("C’est votre propre adresse")
    assert lina.box("Son prénom et son nom").input_value() == "Samira Moreau"
    passed = form.answer_all(lina, ANSWERS)
    assert passed[0] == "Votre représentant·e légal·e"
    lina.reads("Samira Moreau · samira@example.org")
    lina.click("Envoyer ma candidature").reads("Votre candidature est envoyée")
    application = Application.objects.get()

    # Samira opens her letter. A scanner had opened the link twice before her.
    link = link_to(SAMIRA)
    for _scan in range(2):
        samira.go(link).reads("Lina a besoin de votre accord")
    assert Guardian.objects.get().state == "REQUESTED"
    assert [secret for secret in (application.reference, "Moreau-Diallo", LINA) if secret in samira.words] == []
    with samira.meets(422):
        samira.click("Signer l’autorisation")
    samira.reads("Dites qui vous êtes pour cette personne.")
    samira.write("Votre prénom et votre nom", "Samira Moreau")
    samira.pick("Qui êtes-vous pour cette personne ?", "Je suis sa mère")
    samira.page.get_by_role("checkbox").check()
    samira.click("Signer l’autorisation").reads("Merci, c’est signé")
    guardian = Guardian.objects.select_related("authorisation").get()
    assert (guardian.state, guardian.authorisation.state) == ("GIVEN", "GIVEN")
    assert (guardian.name, guardian.relation, guardian.text_version.number) == ("Samira Moreau", "mère", 1)

    # The link is used up, for whoever finds the letter; the copy has left.
    stranger = meet("")
    with stranger.meets(410):
        stranger.go(link).reads("Ce lien ne sert plus")
    assert "Lina" not in stranger.words
    send_letters()
    assert len(letters_to(SAMIRA)) == 2
    assert len(letters_to(LINA)) == 2
    lina.go("/mon-espace/").reads("Autorisation reçue le")
    lina.follow("Relire ce que j’ai envoyé").reads("Samira Moreau")


def test_a_refusal_stands(meet):
    lina_herself = factories.make_person(people.LINA)
    application = factories.make_accepted(candidate=lina_herself)
    named(application)
    lina, samira = meet(LINA).come_back(lina_herself), meet("")
    lina.go("/mon-espace/").reads("Sous réserve de l’autorisation")
    assert "Confirmer ma place" not in lina.words

    lina.follow("Renvoyer le lien, ou corriger l’adresse").click("Renvoyer le lien").reads(SAMIRA)
    samira.go(link_to(SAMIRA)).follow("Refuser")
    samira.click("Oui, je refuse").reads("Votre refus est noté")
    send_letters()
    lina.go("/mon-espace/")
    assert "Confirmer ma place" not in lina.words
    application.refresh_from_db()
    assert (application.state, Guardian.objects.get().state) == ("ACCEPTED", "REFUSED")
    assert "Autorisation refusée\u00a0: une personne à appeler" in [message.subject for message in mail.outbox]


def test_a_lost_link_is_found_again(meet):
    application = factories.make_sent(candidate=factories.make_person(people.LINA))
    named(application)
    samira = meet("")
    samira.go("/autorisation/").write("Votre adresse e-mail", SAMIRA).click("Recevoir un nouveau lien")
    samira.reads("Regardez vos courriels")
    link = link_to(SAMIRA)
    samira.go(link).follow("Laisser un numéro").write("Votre numéro de téléphone", "06 93 12 34 56")
    samira.click("Demander un appel")
    guardian = Guardian.objects.get()
    assert (guardian.state, guardian.call_asked_at is not None) == ("REQUESTED", True)

    samira.go(link).write("Votre prénom et votre nom", "Samira Moreau")
    samira.pick("Qui êtes-vous pour cette personne ?", "Je suis sa mère")
    samira.page.get_by_role("checkbox").check()
    samira.click("Signer l’autorisation").reads("Merci, c’est signé")


def test_what_she_withdraws_pauses_the_pair(meet):
    now = timezone.now()
    lina_herself = factories.make_person(people.LINA)
    karim = factories.make_mentor(factories.make_person(people.KARIM))
    application = factories.make_accepted(candidate=lina_herself)
    named(application)
    families.sign(application, now=now - timedelta(hours=1))
    applications.confirm(application, actor=lina_herself, now=now)
    factories.clear_for_minors(karim)
    factories.make_pair(application, factories.make_commitment(application.cohort, karim))

    lina, samira = meet(LINA).come_back(lina_herself), meet("")
    samira.go(link_to(SAMIRA)).reads("Karim Benali").follow("Retirer mon autorisation")
    samira.click("Oui, retirer mon autorisation").reads("Votre autorisation est retirée")
    assert Mentorship.objects.get().state == "PAUSED"
    send_letters()
    assert "Votre binôme est en pause" in letters_to(LINA)
    assert "Votre binôme est en pause" in letters_to(people.KARIM.email)
    lina.go("/mon-espace/").reads("en pause")

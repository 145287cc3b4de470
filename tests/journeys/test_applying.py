"""Applying from a phone, without scripts or without a mouse, in a hurry or in two places: every word arrives, once."""

import pytest
from django.db import transaction
from django.urls import reverse

from applications.models import Application, Draft, SentCopy
from lifecycle.models import JournalEntry
from notifications.tasks import send_letters
from tests import factories
from tests.journeys import form
from tests.journeys.keyboard import AtTheKeyboard
from tests.journeys.visitor import PHONE, Visitor, letters_to
from tests.season import people

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

INES = people.INES.email
TOO_LONG = "et puis le silence " * 8
"""Thirty-two words, where thirty are asked."""


@pytest.fixture
def call(live_server, settings):
    """An open call with a question of each kind."""
    settings.SITE_URL = live_server.url
    cohort = factories.make_cohort("open")
    form.ask(cohort)
    return cohort


@pytest.fixture
def meet(live_server, browser):
    """`meet(kind, **options)`: Inès before a phone."""
    met = []

    def _meet(kind=Visitor, **options):
        met.append(kind(browser, live_server.url, INES, **PHONE, **options))
        return met[-1]

    yield _meet
    for visitor in met:
        visitor.close()


def sent() -> list[tuple[int, str]]:
    """What stands of all that was sent: (version, project) of each copy."""
    return [(copy.number, copy.content["project"]) for copy in SentCopy.objects.order_by("number")]


def sending() -> list[str]:
    """The journal's lines about sending."""
    lines = JournalEntry.objects.filter(action__in=["application.submitted", "application.sent_again"])
    return list(lines.values_list("action", flat=True))


def test_no_script_from_the_first_page_to_the_second_version(call, meet):
    ines = meet(java_script_enabled=False)
    form.check_eligibility(ines.go("/").follow("Candidater")).sign_in()
    ines.click("Commencer ma candidature").follow("Commencer : Qui vous êtes")

    # A date that does not exist: told, linked to its box, and nothing typed is gone.
    ines.write("Prénom d’usage", "Inès").write("Nom", "D’Almeida")
    ines.write("Jour", "31").write("Mois", "2").write("Année", form.BORN)
    with ines.meets(422):
        ines.click("Enregistrer et continuer")
    assert ines.page.title().startswith("Erreur\u00a0: Qui vous êtes")
    ines.follow("Date de naissance : Cette date n’existe pas.")
    assert ines.page.evaluate("document.activeElement.name") == "birth_date_day"
    assert [ines.box(label).input_value() for label in ("Nom", "Jour", "Mois")] == ["D’Almeida", "31", "2"]
    form.answer_page(ines)
    for heading in ("Où vous vivez", "Votre situation", "Qui vous accompagne", "Votre parcours"):
        assert form.answer_page(ines) == heading
    form.trades(ines)
    ines.click("Enregistrer et revenir à la liste")
    ines.close()

    # Another day: what she had written is there, and the list says what is left.
    ines = meet(java_script_enabled=False)
    ines.go("/mon-espace/").sign_in().reads("brouillon").follow("Reprendre ma candidature")
    assert ines.state_of("Les métiers qui vous attirent") == "fait"
    assert ines.state_of("Votre projet") == "à faire"
    assert ines.state_of("Parité") == "facultatif"
    ines.follow("Vérifier et envoyer").reads("il reste à remplir").follow("Parlez-nous de votre projet.")
    assert ines.page.evaluate("document.activeElement.name") == "project"
    assert form.answer_page(ines, then="Enregistrer et vérifier") == "Votre projet"
    ines.follow("Votre candidature").follow("Continuer : Les questions de la promotion")

    # Too long an answer to a question of the cohort's own.
    form.questions(ines)
    ines.write(form.FILM, TOO_LONG)
    with ines.meets(422):
        ines.click("Enregistrer et continuer")
    ines.reads("Votre texte fait 32 mots et la limite est de 30 : retirez-en 2.")
    assert ines.box(form.FILM).input_value() == TOO_LONG
    passed = form.answer_all(ines)
    assert passed == list(form.ANSWERS)[7:]

    assert ines.heading == "Vérifiez vos réponses"
    assert "il reste à remplir" not in ines.words
    ines.follow("Modifier « Votre projet »").write("Votre projet", "Un documentaire sur la boxe, à Saint-Denis.")
    ines.click("Enregistrer et vérifier").reads("Un documentaire sur la boxe, à Saint-Denis.")
    ines.click("Envoyer ma candidature").reads("Votre candidature est envoyée")
    application = Application.objects.get()
    assert ines.heading == f"Candidature {application.reference}"
    assert sent() == [(1, "Un documentaire sur la boxe, à Saint-Denis.")]

    # She takes it back; until she sends again, what she had sent counts.
    ines.click("Modifier ma candidature").follow("Votre projet")
    ines.write("Votre projet", "Un documentaire, et son bruit.").click("Enregistrer et revenir à la liste")
    application.refresh_from_db()
    assert (application.state, application.project) == ("SUBMITTED", "Un documentaire sur la boxe, à Saint-Denis.")
    ines.follow("Vérifier et envoyer").click("Envoyer cette nouvelle version").reads("(version 2)")
    assert [number for number, _project in sent()] == [1, 2]
    assert sent()[1] == (2, "Un documentaire, et son bruit.")
    send_letters()
    assert len(letters_to(INES)) == 2


def test_by_the_keyboard_alone(call, meet):
    ines = meet(AtTheKeyboard)
    form.check_eligibility(ines.go("/mon-espace/").sign_in().follow("Candidater"))
    ines.click("Commencer ma candidature").follow("Qui vous êtes")
    assert ines.stops() == [
        "Votre candidature",
        "Prénom d’usage",
        "Nom",
        "Jour",
        "Mois",
        "Année",
        "Enregistrer et continuer",
        "Enregistrer et revenir à la liste",
        "mentorat@collectif5050.example",
    ]
    ines.go(ines.page.url)
    ines.write("Prénom d’usage", "Inès").write("Nom", "D’Almeida")
    ines.write("Jour", "31").write("Mois", "2").write("Année", form.BORN)
    with ines.meets(422):
        ines.click("Enregistrer et continuer")

    # The summary is read first; its link puts her in the box to correct, and Shift+Tab goes back from there.
    assert ines.page.evaluate("document.activeElement.getAttribute('role')") == "alert"
    ines.reach("Date de naissance : Cette date n’existe pas.")
    ines.press("Enter")
    assert (ines.focus.name, ines.focus.group, ines.focus.outlined) == ("Jour", "Date de naissance", True)
    ines.press("Shift+Tab")
    assert (ines.focus.name, ines.focus.value) == ("Nom", "D’Almeida")
    ines.write("Jour", "3").click("Enregistrer et continuer")

    passed = []
    while ines.heading != "Vos accords":
        passed.append(form.answer_page(ines))
    assert passed == list(form.ANSWERS)[1:-1]

    # A text opens and closes under the keys.
    ines.reach("Lire le texte entier", tags=("summary",))
    opened = ines.page.locator("details").first
    assert opened.get_attribute("open") is None
    ines.press("Enter")
    assert opened.get_attribute("open") == ""
    ines.press("Space")
    assert opened.get_attribute("open") is None
    form.answer_page(ines)

    ines.follow("Modifier « Ce que vous attendez d’un·e mentor·e »")
    assert ines.focus.name == "Ce que vous attendez d’un·e mentor·e"
    ines.write("Ce que vous attendez d’un·e mentor·e", "Du courage.").click("Enregistrer et vérifier")
    ines.click("Envoyer ma candidature").reads("Votre candidature est envoyée")
    application = Application.objects.get()
    assert ines.heading == f"Candidature {application.reference}"
    assert application.hopes == "Du courage."
    assert application.copies.get().content["slots"] == ["WED_DAY", "SAT_DAY"]


@pytest.fixture
def draft(call):
    """Inès's file, of which nothing is missing."""
    return factories.make_complete_draft(call, factories.make_person(people.INES))


@pytest.fixture
def at_her_list(draft, meet):
    """`at_her_list(**options)`: Inès before her task list, on one phone or another."""
    address = reverse("applications:tasks", args=[draft.reference])
    return lambda **options: meet(**options).come_back(draft.candidate).go(address)


def saved() -> str:
    """The project, as the draft keeps it."""
    return Draft.objects.get().answers["project"]


@pytest.mark.parametrize("has_scripts", [True, False])
def test_the_back_button_finds_the_words_and_can_change_them(at_her_list, has_scripts):
    ines = at_her_list(java_script_enabled=has_scripts).follow("Votre projet")
    ines.write("Votre projet", "Un premier jet.").click("Enregistrer et continuer")
    ines.page.go_back()
    assert ines.look().box("Votre projet").input_value() == "Un premier jet."
    ines.write("Votre projet", "Un deuxième jet.").click("Enregistrer et continuer")
    assert (ines.heading, saved()) == ("Les questions de la promotion", "Un deuxième jet.")


def test_what_was_saved_while_typing_stays_hers_after_the_back_button(at_her_list):
    ines = at_her_list().follow("Votre projet").write("Votre projet", "Tapé, puis quitté.").reads("Enregistré à")
    assert saved() == "Tapé, puis quitté."
    ines.follow("Votre candidature").page.go_back()
    assert ines.look().box("Votre projet").input_value() == "Tapé, puis quitté."
    ines.write("Votre projet", "Repris.").click("Enregistrer et continuer")
    assert (ines.heading, saved()) == ("Les questions de la promotion", "Repris.")


def test_refreshing_and_going_back_send_nothing_twice(at_her_list):
    ines = at_her_list().follow("Vérifier et envoyer").click("Envoyer ma candidature")
    receipt = ines.heading
    ines.page.reload()
    assert ines.look().heading == receipt
    ines.page.go_back()
    assert ines.look().heading == receipt
    send_letters()
    assert (sending(), letters_to(INES)) == (
        ["application.submitted"],
        [f"Votre candidature est bien arrivée ({receipt.split()[-1]})"],
    )


def test_a_double_click_sends_once(at_her_list):
    ines = at_her_list().follow("Vérifier et envoyer")
    clicks = []
    ines.page.on("request", lambda request: request.method == "POST" and clicks.append(request.url))
    button = ines.page.get_by_role("button", name="Envoyer ma candidature")
    button.scroll_into_view_if_needed()
    there = button.bounding_box()
    with transaction.atomic():  # the first click is still at work when the second one comes
        Application.objects.select_for_update().get()
        for _click in range(2):
            with ines.page.expect_request("**/envoyer/"):
                ines.page.mouse.click(there["x"] + 9, there["y"] + 9)
    ines.reads("Voici ce que vous avez envoyé").look()
    assert len(clicks) == 2
    send_letters()
    assert (sending(), len(letters_to(INES))) == (["application.submitted"], 1)


def test_two_phones_of_one_person(at_her_list):
    in_the_bus, at_home = (at_her_list().follow("Votre projet") for _phone in range(2))
    in_the_bus.write("Votre projet", "Écrit dans le bus.").click("Enregistrer et continuer")
    with at_home.meets(409):
        at_home.write("Votre projet", "Écrit à la maison.").click("Enregistrer et continuer")
    at_home.reads("Cette étape a été enregistrée ailleurs").reads("Écrit dans le bus.")
    assert (at_home.box("Votre projet").input_value(), saved()) == ("Écrit à la maison.", "Écrit dans le bus.")
    at_home.click("Garder ce que j’ai écrit ici")
    assert (at_home.heading, saved()) == ("Les questions de la promotion", "Écrit à la maison.")

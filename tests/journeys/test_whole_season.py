"""The main job, as four people live it: Inès applies, Nadia reads, Claire decides and matches, Karim accepts."""

import time

import pytest
from allauth.mfa import app_settings
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

from applications.models import Application
from matching.tasks import publish_runs, work_runs
from mentorships.models import Mentorship
from notifications.models import Letter
from notifications.tasks import send_letters
from reviews.tasks import publish_decisions
from tests import factories
from tests.journeys import form
from tests.journeys.visitor import DESK, PHONE, Visitor, letters_to
from tests.season import people

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

TIME_TO_TYPE = 8
"""Seconds, on a machine that does other things too."""


def second_code() -> str:
    """What the authenticator application of the staff shows now; the next one, when this one is about to go."""
    left = app_settings.TOTP_PERIOD - time.time() % app_settings.TOTP_PERIOD
    if left < TIME_TO_TYPE:
        time.sleep(left)
    return format_hotp_value(hotp_value(factories.TOTP_SECRET, next(yield_hotp_counters_from_time())))


@pytest.fixture
def cast(live_server, browser, settings):
    """The four, each with her own browser; only Inès has no account yet."""
    settings.SITE_URL = live_server.url
    factories.make_trades(3)
    cohort = factories.make_cohort("open")
    claire = factories.make_coordinator(factories.make_person(people.CLAIRE))
    nadia = factories.make_reviewer(cohort, factories.make_person(people.NADIA))
    karim = factories.make_mentor(factories.make_person(people.KARIM))
    factories.make_commitment(cohort, karim)
    visitors = {
        "ines": Visitor(browser, live_server.url, people.INES.email, **PHONE),
        "nadia": Visitor(browser, live_server.url, nadia.email, **DESK),
        "claire": Visitor(browser, live_server.url, claire.email, **DESK),
        "karim": Visitor(browser, live_server.url, karim.person.email, **PHONE),
    }
    yield {**visitors, "cohort": cohort}
    for visitor in visitors.values():
        visitor.close()


def enter_the_admin(person: Visitor) -> None:
    person.go("/admin/").sign_in()
    person.write("Code de l’application", second_code()).click("Entrer")


def ines_applies(ines: Visitor) -> None:
    form.check_eligibility(ines.go("/").follow("Candidater")).sign_in()
    ines.click("Commencer ma candidature").follow("Commencer : Qui vous êtes")
    form.answer_all(ines)
    ines.click("Envoyer ma candidature").reads("Votre candidature est envoyée")


def test_four_people_one_season(cast):
    ines, nadia, claire, karim = (cast[name] for name in ("ines", "nadia", "claire", "karim"))
    ines_applies(ines)
    send_letters()
    application = Application.objects.get()
    assert application.state == "SUBMITTED"
    assert letters_to(ines.email) == [f"Votre candidature est bien arrivée ({application.reference})"]

    enter_the_admin(claire)
    claire.follow("Sélection").follow(cast["cohort"].name)
    claire.follow("Suivre le jury et répartir les lectures").click("Répartir les lectures")

    enter_the_admin(nadia)
    nadia.follow("Dossiers à lire").follow(application.reference)
    assert [secret for secret in ("D’Almeida", "Grondin", "Untel", "trajets") if secret in nadia.words] == []
    nadia.page.get_by_role("radio").nth(3).check()
    nadia.fill(comment="Un regard, une obstination.")
    nadia.click("Donner mon avis")

    claire.follow("Candidatures").fill(q="almeida")
    claire.click("Rechercher").follow(application.reference)
    claire.click("Accepter")
    claire.follow("Sélection").follow(cast["cohort"].name).follow("Publier…")
    claire.reads("1 courriel").click("Annoncer cette décision")
    ines.go("/mon-espace/")
    assert "Votre candidature est acceptée" not in ines.words
    publish_decisions()
    send_letters()
    assert len(letters_to(ines.email)) == 2

    ines.go("/mon-espace/").click("Confirmer ma place")
    assert Application.objects.get().state == "CONFIRMED"

    claire.follow("Appariement").follow(cast["cohort"].name).click("Lancer un calcul")
    work_runs()
    claire.page.reload()
    claire.look().follow("Publier").click("Publier")
    publish_runs()
    send_letters()
    assert len(letters_to(karim.email)) == 1

    karim.go("/mentor/propositions/").sign_in()
    karim.follow("Lire et répondre")
    assert "D’Almeida" not in karim.words
    assert ines.email not in karim.words
    karim.click("Oui, j’accompagne Inès")
    assert Mentorship.objects.get().state == "ACTIVE"
    send_letters()
    assert len(letters_to(karim.email)) == 2
    assert ines.email not in karim.go("/mon-espace/").words
    ines.go("/mon-espace/").reads("Karim").follow("Lire et répondre").click("Cela me convient")
    karim.go("/mon-espace/").reads(ines.email)
    send_letters()
    assert set(Letter.objects.values_list("status", flat=True)) == {"SENT"}
    assert sum(len(person.looked_at) for person in (ines, nadia, claire, karim)) >= 25

"""The main job, as four people live it: Inès applies, Nadia reads, Claire decides and matches, Karim accepts."""

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.utils import timezone

from applications.models import Application
from matching.tasks import work_runs
from mentorships.models import Mentorship
from notifications.models import Letter
from notifications.tasks import send_letters
from reviews.tasks import publish_decisions
from tests import factories
from tests.journeys.visitor import Visitor, letters_to
from tests.season import people

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

PHONE = {"viewport": {"width": 360, "height": 740}}
DESK = {"viewport": {"width": 1280, "height": 900}}


def second_code() -> str:
    """What the authenticator application of the staff shows now."""
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
        visitor.context.close()


def enter_the_admin(person: Visitor) -> None:
    person.go("/admin/").sign_in()
    person.page.get_by_label("Code").first.fill(second_code())
    person.page.locator("main form button[type=submit]").first.click()
    person.page.wait_for_load_state()
    person.look()


def ines_applies(ines: Visitor) -> None:
    ines.go("/").follow("Candidater")
    born = timezone.localdate().year - 21
    ines.fill(birth_date_day="3", birth_date_month="2", birth_date_year=str(born))
    ines.page.locator("[name=audience]").first.check()
    ines.page.get_by_label("Oui", exact=True).check()
    ines.click("Voir la réponse").reads("Cette promotion est pour vous")
    ines.follow("Commencer ma candidature").sign_in()
    ines.click("Commencer ma candidature")
    ines.follow("À propos de vous")
    ines.fill(first_name="Inès", last_name="D’Almeida", phone="06 93 12 34 56")
    born = timezone.localdate().year - 21
    ines.fill(birth_date_day="3", birth_date_month="2", birth_date_year=str(born))
    ines.page.locator("[name=region]").select_option("LRE")
    ines.click("Enregistrer et continuer")
    ines.page.locator("[name=audience]").first.check()
    ines.fill(background="J’ai appris le montage toute seule.")
    ines.page.get_by_label("français", exact=True).check()
    ines.click("Enregistrer et revenir à la liste")
    # She leaves, and comes back to her draft.
    ines.go("/mon-espace/").reads("brouillon")
    ines.follow("Reprendre ma candidature").follow("Votre projet")
    ines.page.locator("[name=trade_1]").select_option(label="Montage image")
    ines.fill(project="Un documentaire sur le club de boxe.", hopes="Comprendre comment on trouve un premier poste.")
    ines.click("Enregistrer et continuer")
    ines.click("Envoyer ma candidature").reads("Votre candidature est envoyée")


def test_applying_needs_no_javascript(live_server, browser, cast):
    plain = Visitor(browser, live_server.url, people.INES.email, java_script_enabled=False, **PHONE)
    ines_applies(plain)
    plain.context.close()
    assert Application.objects.get().state == "SUBMITTED"


def test_four_people_one_season(cast):
    ines, nadia, claire, karim = (cast[name] for name in ("ines", "nadia", "claire", "karim"))
    ines_applies(ines)
    send_letters()
    application = Application.objects.get()
    assert application.state == "SUBMITTED"
    assert letters_to(ines.email) == [f"Votre candidature est bien arrivée ({application.reference})"]

    enter_the_admin(claire)
    claire.follow("Sélection").follow(cast["cohort"].name)
    claire.click("Répartir les lectures")

    enter_the_admin(nadia)
    nadia.follow("Dossiers à lire").follow(application.reference)
    assert "D’Almeida" not in nadia.words
    nadia.page.get_by_role("radio").nth(3).check()
    nadia.fill(comment="Un regard, une obstination.")
    nadia.click("Enregistrer")

    claire.follow("Candidatures").fill(q="almeida")
    claire.click("Rechercher").follow(application.reference)
    claire.click("Accepter")
    claire.follow("Sélection").follow(cast["cohort"].name).follow("Publier…")
    claire.reads("1 courriel").click("Publier cette décision")
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
    ines.go("/mon-espace/").reads("Karim")
    karim.go("/mon-espace/").reads(ines.email)
    assert set(Letter.objects.values_list("status", flat=True)) == {"SENT"}
    assert sum(len(person.looked_at) for person in (ines, nadia, claire, karim)) >= 25

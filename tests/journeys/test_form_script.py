"""The form's script, in a browser: what is saved while one types, and what is said when it cannot be."""

import pytest
from django.conf import settings
from django.test import Client

from applications.models import Draft
from tests import factories
from tests.journeys.visitor import PHONE, Visitor
from tests.season import people

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

SEEN, HEARD, BOX = "[data-saved]", "[data-spoken]", "[name=project]"
OFFLINE = "Pas de connexion\u00a0: vos mots restent sur cette page"
SIGNED_OUT = "Vous n’êtes plus connecté·e. Vos mots restent sur cette page."


class Typist(Visitor):
    """Somebody on the page « Votre projet », before its script."""

    def tells(self, words: str) -> "Typist":
        """The quiet line says so, before long."""
        self.page.locator(SEEN).filter(has_text=words).wait_for(timeout=6000)
        return self

    @property
    def heard(self) -> str:
        """What a screen reader was given to say last."""
        return self.page.locator(HEARD).text_content()

    @property
    def is_warned(self) -> bool:
        """Whether the browser would ask before it leaves this page."""
        return self.page.evaluate("!dispatchEvent(new Event('beforeunload', { cancelable: true }))")

    def type(self, text: str) -> "Typist":
        self.page.locator(BOX).fill(text)
        return self

    def waits_for(self, is_so) -> "Typist":
        """Until something is so, that the page does not show."""
        for _tenth in range(60):
            if is_so():
                return self
            self.page.wait_for_timeout(100)
        raise AssertionError("it never was so")

    def sign_in(self) -> "Typist":
        key = factories.sign_in(self.client, self.person).cookies[settings.SESSION_COOKIE_NAME].value
        self.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": self.site}])
        return self

    def forgive(self) -> None:
        """What the browser's console said of a connection that the test cut."""
        self.complaints = [c for c in self.complaints if "ERR_INTERNET_DISCONNECTED" not in c and "ERR_FAILED" not in c]


@pytest.fixture
def draft(live_server, settings):
    settings.SITE_URL = live_server.url
    return factories.make_complete_draft(factories.make_cohort("open"), factories.make_person(people.INES))


@pytest.fixture
def meet(draft, live_server, browser):
    """`meet()`: Inès signed in, on « Votre projet », as often as she opens it."""
    met = []

    def _meet(path="etape/projet/"):
        typist = Typist(browser, live_server.url, **PHONE)
        met.append(typist)
        typist.client, typist.person = Client(), draft.candidate
        return typist.sign_in().go(f"/candidature/{draft.reference}/{path}")

    yield _meet
    for typist in met:
        typist.close()


@pytest.fixture
def ines(meet):
    return meet()


def project() -> str:
    return Draft.objects.get().answers["project"]


def holding(typist, *, is_kept: bool = True):
    """Saves while typing reach the server; their answers wait in the list that is returned, or are lost."""
    held = []

    def hold(route):
        if "x-enregistrement" not in route.request.headers:
            route.continue_()
            return
        held.append((route, route.fetch()))
        if not is_kept:
            route.abort()

    typist.page.route("**/etape/projet/", hold)
    return held


# --- Saved while typing --------------------------------------------------------------------------


def test_what_is_typed_is_saved_and_survives_a_reload(ines):
    assert (ines.page.locator(SEEN).is_visible(), ines.heard) == (False, "")
    ines.type("Un film court sur ma rue.").tells("Enregistré à")
    assert project() == "Un film court sur ma rue."
    ines.page.reload()
    assert ines.look().page.locator(BOX).input_value() == "Un film court sur ma rue."


def test_it_is_heard_once_and_kept_nowhere_else(ines):
    ines.type("Un").tells("Enregistré à")
    assert ines.heard == "Vos réponses s’enregistrent au fur et à mesure."
    ines.page.evaluate("document.querySelector('[data-spoken]').textContent = ''")
    ines.page.evaluate("document.querySelector('[data-saved]').textContent = ''")
    ines.type("Un, deux").tells("Enregistré à")
    assert (project(), ines.heard, ines.is_warned) == ("Un, deux", "", False)
    assert ines.page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_leaving_at_once_loses_nothing(ines):
    ines.type("Tapé, puis quitté aussitôt.").follow("Votre candidature")
    ines.waits_for(lambda: project() == "Tapé, puis quitté aussitôt.")


def test_what_cannot_be_kept_is_named_and_leaving_warns(meet, draft):
    ines = meet("etape/identite/").fill(first_name="Inès-Lou", birth_date_day="31", birth_date_month="2")
    ines.tells("sauf : Date de naissance")
    assert Draft.objects.get().answers["first_name"] == "Inès-Lou"
    assert ines.is_warned
    ines.fill(birth_date_day="3").tells("Enregistré à")
    ines.page.locator(SEEN).filter(has_not_text="sauf").wait_for()
    assert (ines.is_warned, Draft.objects.get().answers["birth_date"][-5:]) == (False, "02-03")


def test_a_page_in_error_warns_before_it_is_left(meet):
    ines = meet("etape/identite/").fill(birth_date_day="31", birth_date_month="2")
    with ines.meets(422):
        ines.click("Enregistrer et continuer")
    assert ines.is_warned


# --- Without a connection ------------------------------------------------------------------------


def test_offline_is_told_and_tried_again(ines):
    ines.context.set_offline(True)
    ines.type("Écrit dans le tunnel.").tells(OFFLINE)
    assert (ines.heard, ines.is_warned) == (f"{OFFLINE}. Nous réessayons.", True)
    ines.tells("nouvel essai dans 4 s")  # it counts
    ines.type("Écrit dans le tunnel, et après.")
    ines.context.set_offline(False)
    ines.tells("Enregistré à")
    assert ines.heard.startswith("C’est revenu. Enregistré à")
    ines.waits_for(lambda: project() == "Écrit dans le tunnel, et après.")
    ines.tells("Enregistré à")
    assert not ines.is_warned
    ines.forgive()
    ines.click("Enregistrer et continuer")
    assert (ines.heading, project()) == ("Ce que vous voulez montrer", "Écrit dans le tunnel, et après.")


def test_offline_the_page_is_not_left(ines):
    ines.context.set_offline(True)
    ines.type("Écrit dans le tunnel.").tells(OFFLINE)
    ines.page.get_by_role("button", name="Enregistrer et continuer").click()
    ines.tells("nouvel essai dans 10 s")
    assert (ines.heading, ines.heard[: len(OFFLINE)]) == ("Votre projet", OFFLINE)
    ines.context.set_offline(False)
    ines.tells("Enregistré à")
    ines.forgive()
    ines.click("Enregistrer et continuer")
    assert (ines.heading, project()) == ("Ce que vous voulez montrer", "Écrit dans le tunnel.")


def test_an_answer_lost_on_the_way_is_not_taken_for_another_tab(ines):
    held = holding(ines, is_kept=False)
    ines.type("Arrivé, sans réponse.").tells(OFFLINE)
    assert (len(held), project()) == (1, "Arrivé, sans réponse.")
    ines.page.unroute_all()
    ines.type("Arrivé, et complété.")
    ines.page.evaluate("dispatchEvent(new Event('online'))")
    ines.tells("Enregistré à")
    ines.forgive()
    ines.click("Enregistrer et continuer")
    assert (ines.heading, project()) == ("Ce que vous voulez montrer", "Arrivé, et complété.")


def test_a_site_that_fails_is_told_and_left_at_the_second_click(ines):
    ines.page.route(
        "**/etape/projet/",
        lambda route: (
            route.fulfill(status=503, body="") if "x-enregistrement" in route.request.headers else route.continue_()
        ),
    )
    with ines.meets(503):
        ines.type("Un soir de panne.").tells("Le site ne répond pas : vos mots restent sur cette page")
        button = ines.page.get_by_role("button", name="Enregistrer et continuer")
        button.click()
        ines.tells("nouvel essai dans 10 s")
        button.click()
        ines.page.wait_for_url("**/etape/liens/")
    assert project() == "Un soir de panne."


def test_signed_out_is_told_and_signing_in_again_saves(ines):
    ines.context.clear_cookies()
    ines.page.route("**/etape/projet/", lambda route: route.continue_())
    ines.awaited = 403
    ines.type("Écrit après la pause.").tells(SIGNED_OUT)
    assert (ines.heard, ines.is_warned) == (SIGNED_OUT, True)
    link = ines.page.get_by_role("link", name="Se connecter dans un nouvel onglet")
    with ines.context.expect_page() as opened:
        link.click()
    opened.value.wait_for_load_state()
    assert opened.value.get_by_role("heading", level=1).count() == 1
    ines.sign_in()
    opened.value.reload()  # signed in, she is given a new token against forged requests
    opened.value.close()
    ines.page.bring_to_front()
    ines.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    ines.tells("Enregistré à")
    assert (project(), ines.is_warned) == ("Écrit après la pause.", False)


# --- Sending the page ----------------------------------------------------------------------------


def test_sending_while_a_save_is_under_way_is_no_other_tab(ines):
    held = holding(ines)
    ines.type("Enregistré en tapant.")
    ines.waits_for(lambda: len(held) == 1)
    ines.type("Enregistré en tapant, puis à la main.")
    button = ines.page.get_by_role("button", name="Enregistrer et continuer")
    button.click()
    button.click()  # somebody who doubts
    ines.tells("Enregistrement…")
    assert (ines.heading, project()) == ("Votre projet", "Enregistré en tapant.")
    route, response = held[0]
    route.fulfill(response=response)
    ines.page.wait_for_url("**/etape/liens/")
    assert (len(held), project()) == (1, "Enregistré en tapant, puis à la main.")
    ines.look()


def test_a_second_click_sends_nothing_more(ines):
    held = []

    def hold(route):
        is_page = route.request.method == "POST" and "x-enregistrement" not in route.request.headers
        held.append(route) if is_page else route.continue_()

    ines.page.route("**/etape/projet/", hold)
    ines.type("Deux fois.")
    click = "document.querySelector('[name=continue]').click()"
    ines.page.evaluate(f"setTimeout(() => {click}, 50), setTimeout(() => {click}, 350), null")
    ines.page.wait_for_timeout(1200)
    assert len(held) == 1
    held[0].continue_()
    ines.page.wait_for_url("**/etape/liens/")
    assert project() == "Deux fois."


# --- Two tabs ------------------------------------------------------------------------------------


def test_the_second_tab_is_refused_and_both_texts_are_shown(ines, meet):
    other = meet()
    ines.type("Écrit dans le bus.").tells("Enregistré à")
    with other.meets(409):
        other.type("Écrit à la maison.").tells("Cette étape a été modifiée ailleurs.")
    assert (other.is_warned, project()) == (True, "Écrit dans le bus.")
    asked = []
    other.page.on("request", lambda request: asked.append(request.url))
    other.type("Écrit à la maison, encore.").page.wait_for_timeout(2500)
    assert (asked, project()) == ([], "Écrit dans le bus.")  # it waits for her to choose
    with other.meets(409):
        other.click("Enregistrer et continuer")
    other.reads("Cette étape a été enregistrée ailleurs").reads("Écrit dans le bus.")
    assert other.page.locator(BOX).input_value() == "Écrit à la maison, encore."
    other.type("Écrit à la maison, enfin.").page.wait_for_timeout(2500)
    assert project() == "Écrit dans le bus."  # nor does typing choose
    other.click("Garder ce que j’ai écrit ici")
    assert (other.heading, project()) == ("Ce que vous voulez montrer", "Écrit à la maison, enfin.")


# --- What is left --------------------------------------------------------------------------------


def test_what_is_left_of_a_long_text_is_counted(ines):
    counter = ines.page.locator(BOX + " + .counter")
    ines.type("é" * 2999)
    assert (counter.is_visible(), ines.heard) == (False, "")
    ines.type("é" * 3000)
    assert counter.text_content().split() == ["Il", "reste", "1", "000", "caractères"]
    ines.type(" 🎬\n" + "é" * 3686 + " ")
    assert counter.text_content() == "Il reste 312 caractères"
    ines.page.locator(HEARD).filter(has_text="Il reste 312 caractères").wait_for(state="attached")
    ines.type("é" * 4001)
    assert counter.text_content() == "1 caractère de trop"
    ines.tells("sauf : Votre projet")


def test_words_are_counted_for_the_cohorts_questions(draft, meet):
    question = factories.make_question(draft.cohort, word_limit=20)
    ines = meet("etape/questions/")
    box = ines.page.locator(f"[name=question_{question.pk}]")
    counter = ines.page.locator(".counter")
    counts = []
    for words in ("", "un", "mot " * 19, "mot " * 20, "mot " * 22):
        box.fill(words)
        counts.append(counter.text_content())
    assert counts == ["", "Il reste 19 mots", "Il reste 1 mot", "Il reste 0 mot", "2 mots de trop"]
    ines.tells("Enregistré à").look()

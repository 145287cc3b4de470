"""What somebody who was not accepted finds on « Mon espace »: the reason shared, what else is open, the next call."""

import re

import pytest
from django.urls import reverse

from applications.models import Application
from consents import queries
from consents import transitions as consents
from consents.models import Consent, TextVersion
from reviews import releasing
from reviews import transitions as reviews
from tests import factories

pytestmark = pytest.mark.django_db

HOME, KEEP = "/mon-espace/", "/mon-espace/garder-le-contact/"
KEY = TextVersion.Key.NEXT_CALL
WORDS = "Votre regard nous a touchés.\n\nLe métier que vous visez <b>a reçu</b> trop de demandes."
ASKED, NOTED = "Voulez-vous être prévenu·e du prochain appel ?", "C’est noté, depuis le"


@pytest.fixture
def texts(db):
    """The first version of every text is published."""
    return factories.make_texts()


@pytest.fixture
def ines(candidate, signed_in):
    """Inès's browser."""
    return signed_in(candidate)


def refuse(cohort, candidate, reason=""):
    file = factories.make_sent(cohort, candidate)
    reviews.mark(file, "REJECTED", shared_reason=reason, actor="console")
    releasing.work(releasing.propose(cohort, actor="console"))
    return file


def text(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).replace("\u00a0", " ").split())


def told(response) -> list[str]:
    return [str(message).replace("\u00a0", " ") for message in response.context["messages"]]


def version() -> TextVersion:
    return queries.current_texts()[KEY]


def publish_another(*, asks_again: bool) -> None:
    new = consents.new_version(KEY, actor="console")
    consents.write_text(new, title=new.title, body="D’autres mots.", asks_again=asks_again, actor="console")
    consents.publish_text(new, actor="console")


# --- The answer ---------------------------------------------------------------------------------


def test_the_reason_shared_is_read_as_it_was_written(texts, closed_cohort, candidate, ines):
    refuse(closed_cohort, candidate, WORDS)
    page = ines.get(HOME)
    assert "Voici ce que le jury a voulu vous dire : Votre regard nous a touchés." in text(page)
    assert "Le métier que vous visez &lt;b&gt;a reçu&lt;/b&gt; trop" in page.content.decode()


def test_without_a_reason_nothing_speaks_of_one(texts, closed_cohort, candidate, ines):
    refuse(closed_cohort, candidate)
    page = text(ines.get(HOME))
    assert "Voici ce que le jury a voulu vous dire" not in page
    assert "Pour la suite" in page


def test_a_reason_of_a_refusal_that_did_not_last_is_not_shown(texts, closed_cohort, candidate, ines):
    file = refuse(closed_cohort, candidate, WORDS)
    assert "Votre regard nous a touchés." in text(ines.get(HOME))
    Application.objects.filter(pk=file.pk).update(state="ACCEPTED", confirm_by=closed_cohort.closes_at)
    assert "Votre regard nous a touchés." not in text(ines.get(HOME))


# --- Keeping in touch ---------------------------------------------------------------------------


def test_one_button_keeps_in_touch_and_the_page_says_since_when(texts, closed_cohort, candidate, ines):
    refuse(closed_cohort, candidate)
    page = ines.get(HOME)
    assert (ASKED in text(page), NOTED in text(page)) == (True, False)
    assert f'action="{KEEP}"' in page.content.decode()
    assert reverse("consents:text", args=[KEY]) in page.content.decode()
    [shown] = re.findall(r'name="version" value="(\d+)"', page.content.decode())
    noted = ines.post(KEEP, {"version": shown}, follow=True)
    assert told(noted) == ["C’est noté : nous vous écrirons à l’ouverture du prochain appel."]
    consent = Consent.objects.standing().get(person=candidate, version__key=KEY)
    assert consent.version == version()
    assert (ASKED in text(noted), NOTED in text(noted)) == (False, True)
    assert f'href="{reverse("portal:agreements")}"' in noted.content.decode()


def test_twice_is_once(texts, closed_cohort, candidate, ines):
    refuse(closed_cohort, candidate)
    for _click in range(2):
        assert ines.post(KEEP, {"version": version().number}).status_code == 302
    assert Consent.objects.filter(person=candidate, version__key=KEY).count() == 1


def test_changing_ones_mind_brings_the_question_back(texts, closed_cohort, candidate, ines):
    refuse(closed_cohort, candidate)
    ines.post(KEEP, {"version": version().number})
    consents.take_back(candidate, KEY, actor=candidate)
    assert ASKED in text(ines.get(HOME))


@pytest.mark.parametrize(("asks_again", "is_asked"), [(True, True), (False, False)])
def test_a_new_version_asks_only_when_it_asks_again(texts, closed_cohort, candidate, ines, asks_again, is_asked):
    refuse(closed_cohort, candidate)
    ines.post(KEEP, {"version": version().number})
    publish_another(asks_again=asks_again)
    assert (ASKED in text(ines.get(HOME))) == is_asked


@pytest.mark.parametrize("sent", ["1", "", "99", "abc"])
def test_a_text_that_was_not_shown_is_read_first(texts, closed_cohort, candidate, ines, sent):
    refuse(closed_cohort, candidate)
    publish_another(asks_again=False)
    answer = ines.post(KEEP, {"version": sent}, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("portal:agreements")
    assert told(answer) == ["Ce texte vient de changer. Relisez-le avant de donner votre accord."]
    assert not Consent.objects.filter(person=candidate, version__key=KEY).exists()


def test_reading_gives_nothing_and_the_door_is_closed_to_who_is_not_signed_in(
    texts, closed_cohort, candidate, client, ines
):
    refuse(closed_cohort, candidate)
    assert ines.get(KEEP).status_code == 405
    assert client.post(KEEP, {"version": version().number}).url.startswith(reverse("account_login"))
    assert not Consent.objects.filter(version__key=KEY).exists()


def test_two_refusals_ask_once_under_the_latest(texts, closed_cohort, candidate, ines):
    refuse(closed_cohort, candidate)
    refuse(factories.make_cohort("closed"), candidate)
    assert text(ines.get(HOME)).count(ASKED) == 1


def test_a_refusal_still_asks_beside_a_newer_file(texts, closed_cohort, cohort, candidate, ines):
    refuse(closed_cohort, candidate)
    factories.make_draft(cohort, candidate)
    assert text(ines.get(HOME)).count(ASKED) == 1


@pytest.mark.parametrize("maker", [factories.make_sent, factories.make_waitlisted, factories.make_accepted])
def test_others_are_not_asked(texts, closed_cohort, candidate, ines, maker):
    maker(closed_cohort, candidate)
    assert ASKED not in text(ines.get(HOME))


def test_a_refusal_not_announced_asks_nothing(texts, closed_cohort, candidate, ines):
    file = factories.make_sent(closed_cohort, candidate)
    reviews.mark(file, "REJECTED", shared_reason=WORDS, actor="console")
    release = releasing.propose(closed_cohort, actor="console")
    releasing.apply(release.decisions.get(), now=release.requested_at)
    page = text(ines.get(HOME))
    assert (ASKED in page, "Votre regard" in page) == (False, False)

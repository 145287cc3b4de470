"""« Vos accords »: what she agreed to, and what is hers to give or to take back."""

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consents import queries, transitions
from consents.models import Consent, TextVersion
from lifecycle.journal import CONSOLE
from tests import factories

pytestmark = pytest.mark.django_db

PAGE = "/mon-espace/accords/"
Key = TextVersion.Key


@pytest.fixture
def texts():
    texts = factories.make_texts()
    for key in TextVersion.SIGNED_APART:  # by somebody else, or elsewhere
        texts.pop(key)
    return texts


@pytest.fixture
def ines(candidate, signed_in):
    """The browser of Inès."""
    return signed_in(candidate)


def publish_next(key, *, asks_again) -> TextVersion:
    draft = transitions.new_version(key, actor=CONSOLE)
    transitions.write_text(draft, title=draft.title, body="Un mot.", asks_again=asks_again, actor=CONSOLE)
    transitions.publish_text(draft, actor=CONSOLE)
    return draft


def shown(browser) -> list[tuple[str, bool, bool]]:
    """(text, whether a button gives it, whether one takes it back), down the page."""
    agreements = browser.get(PAGE).context["agreements"]
    return [(a.current.key, a.may_give, a.may_take_back) for a in agreements]


def said(answer) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


# --- What is shown ------------------------------------------------------------------------------


def test_whoever_has_agreed_to_nothing_may_still_choose_about_her_image(ines, texts):
    assert shown(ines) == [(Key.IMAGE, True, False)]


def test_whoever_has_applied_may_choose_to_stay_in_touch(ines, candidate, texts):
    factories.make_draft(candidate=candidate)
    assert shown(ines) == [(Key.IMAGE, True, False), (Key.NEXT_CALL, True, False)]


def test_what_taking_part_rests_on_has_no_button(ines, candidate, texts):
    for version in texts.values():
        transitions.agree(candidate, version, actor=candidate)

    assert shown(ines) == [
        (Key.RULES, False, False),
        (Key.PRIVACY, False, False),
        (Key.IMAGE, False, True),
        (Key.NEXT_CALL, False, True),
    ]


def test_each_says_when_and_in_which_version(ines, candidate, texts, now):
    transitions.agree(candidate, texts[Key.RULES], actor=candidate, now=factories.paris(now.date(), 12))
    publish_next(Key.RULES, asks_again=False)

    page = ines.get(PAGE).content.decode()
    assert "Vous avez accepté la version 1 le " in page
    assert 'href="/textes/regles/1/"' in page
    assert "votre accord reste valable" in page


def test_a_text_that_asks_again_is_there_to_read_and_accept(ines, candidate, texts):
    transitions.agree(candidate, texts[Key.RULES], actor=candidate)
    newer = publish_next(Key.RULES, asks_again=True)

    assert shown(ines)[0] == (Key.RULES, True, False)
    page = ines.get(PAGE).content.decode()
    assert page.index("<p>Un mot.</p>") < page.index(f'action="{PAGE}regles/donner/"')
    assert ines.post(f"{PAGE}regles/donner/", {"version": newer.number}).url == PAGE
    assert shown(ines)[0] == (Key.RULES, False, False)


def test_what_others_agreed_to_is_not_shown(ines, stranger, texts):
    for version in texts.values():
        transitions.agree(stranger, version, actor=stranger)
    assert shown(ines) == [(Key.IMAGE, True, False)]


def test_the_way_there_is_on_her_own_page(ines):
    assert f'<a href="{PAGE}">Vos accords</a>' in ines.get("/mon-espace/").content.decode()


def test_as_many_queries_for_one_agreement_and_for_four(ines, candidate, texts):
    def count():
        with CaptureQueriesContext(connection) as asked:
            ines.get(PAGE)
        return len(asked)

    count()
    transitions.agree(candidate, texts[Key.RULES], actor=candidate)
    before = count()
    for version in texts.values():
        transitions.agree(candidate, version, actor=candidate)
    assert count() == before


# --- Giving and taking back ---------------------------------------------------------------------


def test_she_gives_takes_back_and_gives_again(ines, candidate, texts):
    given = ines.post(f"{PAGE}image/donner/", {"version": "1"})
    assert (given.url, said(given)) == (PAGE, ["C’est noté : vous avez donné votre accord."])
    assert queries.standing(candidate).keys() == {Key.IMAGE}

    taken = ines.post(f"{PAGE}image/retirer/")
    assert (taken.url, said(taken)[-1]) == (PAGE, "C’est noté : votre accord est retiré.")
    assert queries.standing(candidate) == {}
    assert "vous l’avez retiré le " in ines.get(PAGE).content.decode()

    ines.post(f"{PAGE}image/donner/", {"version": "1"})
    assert queries.standing(candidate).keys() == {Key.IMAGE}


@pytest.mark.parametrize("version", ["1", "", "deux", "\x00", "99999999999999999999"])
def test_nobody_agrees_to_another_version_than_the_one_that_stands(ines, texts, version):
    publish_next(Key.IMAGE, asks_again=False)

    answer = ines.post(f"{PAGE}image/donner/", {"version": version})
    assert (answer.url, said(answer)) == (
        PAGE,
        ["Ce texte vient de changer. Relisez-le avant de donner votre accord."],
    )
    assert Consent.objects.count() == 0


def test_a_refusal_is_told(ines, candidate, texts):
    transitions.agree(candidate, texts[Key.RULES], actor=candidate)

    assert said(ines.post(f"{PAGE}regles/retirer/")) == [
        "Votre participation repose sur ce texte : pour ne plus l’accepter, retirez votre candidature."
    ]
    assert said(ines.post(f"{PAGE}image/retirer/"))[-1] == (
        "Vous n’aviez pas donné cet accord, ou vous l’avez déjà retiré."
    )
    assert queries.standing(candidate).keys() == {Key.RULES}


def test_a_text_that_does_not_exist(ines, texts):
    assert ines.post(f"{PAGE}image/donner/", {"version": "1"}).status_code == 302
    assert ines.post(f"{PAGE}inconnu/donner/", {"version": "1"}).status_code == 404
    assert ines.post(f"{PAGE}inconnu/retirer/").status_code == 404


def test_reading_an_address_that_acts_changes_nothing(ines, texts):
    for address in (f"{PAGE}image/donner/", f"{PAGE}image/retirer/"):
        assert ines.get(address).status_code == 405
    assert Consent.objects.count() == 0

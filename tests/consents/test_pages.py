"""The texts as anybody reads them."""

from datetime import date

import pytest

from consents import transitions
from consents.models import TextVersion
from lifecycle.journal import CONSOLE
from tests import factories

pytestmark = pytest.mark.django_db

Key = TextVersion.Key


@pytest.fixture(autouse=True)
def _texts():
    factories.make_texts()


def publish_next(key, body, *, now=None) -> TextVersion:
    draft = transitions.new_version(key, actor=CONSOLE)
    transitions.write_text(draft, title="Un autre titre", body=body, asks_again=False, actor=CONSOLE)
    transitions.publish_text(draft, actor=CONSOLE, now=now)
    return draft


def main_of(answer) -> str:
    """The words between the page's header and its footer."""
    assert answer.status_code == 200
    return answer.content.decode().partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize("key", Key)
def test_every_text_is_there_for_anybody(client, key):
    page = main_of(client.get(f"/textes/{key}/"))

    title = TextVersion.objects.get(key=key).title
    assert f"<h1>{title}</h1>" in page
    assert "Version 1, en vigueur depuis le dimanche 22\u00a0novembre\u00a02026." in page


def test_headings_lists_links_and_what_looks_like_html(client):
    publish_next(Key.IMAGE, "## Titre <b>\n- un & deux\n\nVoir https://www.cnil.fr\nou <script>alert(1)</script>")

    page = main_of(client.get("/textes/image/"))
    words = " ".join(page.partition('<div class="prose">')[2].partition("</div>")[0].split())
    assert words == (
        "<h2>Titre &lt;b&gt;</h2> <ul><li>un &amp; deux</li></ul> "
        '<p>Voir <a href="https://www.cnil.fr" rel="nofollow">https://www.cnil.fr</a>'
        "<br>ou &lt;script&gt;alert(1)&lt;/script&gt;</p>"
    )


def test_the_current_version_leads_to_those_before(client):
    publish_next(Key.RULES, "Deux.")

    page = main_of(client.get("/textes/regles/"))
    assert "Version 2, en vigueur depuis le " in page
    assert '<a href="/textes/regles/1/">Version 1</a>' in page


def test_an_older_version_says_that_a_newer_one_stands(client):
    publish_next(Key.RULES, "Deux.", now=factories.paris(date(2026, 12, 1), 0, 30))
    publish_next(Key.RULES, "Trois.", now=factories.paris(date(2027, 1, 4), 9))
    publish_next(Key.RULES, "Quatre.")

    page = main_of(client.get("/textes/regles/2/")).replace("\u00a0", " ")
    assert "Version 2, en vigueur du mardi 1er décembre 2026 au lundi 4 janvier 2027." in page
    assert "<p>Deux.</p>" in page
    assert "Une version plus récente l’a remplacée." in page
    assert '<a href="/textes/regles/">Lire la version 4, en vigueur aujourd’hui</a>' in page


def test_the_number_of_the_current_version_leads_to_it_too(client):
    assert main_of(client.get("/textes/regles/1/")) == main_of(client.get("/textes/regles/"))


def test_what_is_not_published_is_not_there(client, coordinator, signed_in):
    draft = transitions.new_version(Key.RULES, actor=CONSOLE)

    assert client.get("/textes/regles/1/").status_code == 200
    for address in (f"/textes/regles/{draft.number}/", "/textes/regles/0/", "/textes/regles/99999999999999/"):
        assert client.get(address).status_code == 404
        assert signed_in(coordinator).get(address).status_code == 404
    assert client.get("/textes/inconnu/").status_code == 404


def test_reading_asks_as_much_of_the_database_for_one_version_as_for_three(client, django_assert_num_queries):
    with django_assert_num_queries(1):
        client.get("/textes/regles/")
    publish_next(Key.RULES, "Deux.")
    publish_next(Key.RULES, "Trois.")
    with django_assert_num_queries(1):
        client.get("/textes/regles/")

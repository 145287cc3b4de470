"""« Textes »: a coordinator reads every version, writes the next one, and publishes it knowing whom it concerns."""

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consents import queries, transitions
from consents.models import TextVersion
from tests import factories, families

pytestmark = pytest.mark.django_db

LIST = "/admin/consents/textversion/"
Key = TextVersion.Key


@pytest.fixture
def rules():
    return factories.make_texts()[Key.RULES]


@pytest.fixture
def claire(coordinator, signed_in):
    """The browser of the coordinator."""
    return signed_in(coordinator)


@pytest.fixture
def draft(rules, coordinator):
    """The next version of the rules, being written."""
    return transitions.new_version(Key.RULES, actor=coordinator)


def said(answer) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


def page(version, verb="change") -> str:
    return f"{LIST}{version.pk}/{verb}/"


def labels(answer) -> list[str]:
    """The buttons of a readable page."""
    return [str(item["button"].label) for item in answer.context["buttons"]]


# --- Reading ------------------------------------------------------------------------------------


def test_the_list_counts_who_agreed(claire, candidate, stranger, rules, draft):
    transitions.agree(candidate, rules, actor=candidate)
    transitions.agree(stranger, rules, actor=stranger)
    transitions.publish_text(draft, actor=candidate)
    transitions.agree(candidate, draft, actor=candidate)

    rows = claire.get(LIST).context["cl"].result_list
    assert [(v.number, v.agreed, v.standing, v.is_replaced) for v in rows if v.key == Key.RULES] == [
        (2, 1, 1, False),
        (1, 2, 1, True),
    ]


def test_the_list_counts_who_signed_for_a_minor(claire, minor):
    families.sign(factories.make_sent(candidate=minor))
    rows = claire.get(LIST).context["cl"].result_list
    assert [(v.agreed, v.standing) for v in rows if v.key == Key.GUARDIAN] == [(1, 1)]
    assert queries.agreed_before(transitions.new_version(Key.GUARDIAN, actor=minor)) == 1


def test_as_many_queries_for_one_agreement_and_for_three(claire, candidate, stranger, minor, rules):
    transitions.agree(candidate, rules, actor=candidate)

    def count(address):
        with CaptureQueriesContext(connection) as asked:
            assert claire.get(address).status_code == 200
        return len(asked)

    count(LIST)
    before = count(LIST), count(page(rules))
    transitions.agree(stranger, rules, actor=stranger)
    transitions.agree(minor, rules, actor=minor)
    for _number in (2, 3):
        transitions.publish_text(transitions.new_version(Key.RULES, actor=candidate), actor=candidate)
    assert (count(LIST), count(page(rules))) == before


def test_a_published_version_is_read_and_followed_but_not_changed(claire, rules):
    answer = claire.get(page(rules))

    assert labels(answer) == ["Préparer une nouvelle version"]
    assert answer.context["situation"] == "en vigueur"
    assert "bénévole" in answer.content.decode()


def test_the_texts_are_for_coordinators(claire, reviewer, candidate, signed_in, rules, draft):
    for address in (LIST, page(rules), page(draft, "modifier"), page(draft, "publier")):
        assert claire.get(address).status_code == 200
        assert signed_in(reviewer).get(address).status_code == 403
        assert signed_in(candidate).get(address).status_code == 302


# --- Writing the next one -----------------------------------------------------------------------


def test_preparing_leads_to_the_page_where_it_is_written(claire, rules):
    answer = claire.post(page(rules, "preparer"))

    draft = TextVersion.objects.get(key=Key.RULES, number=2)
    assert answer.url == page(draft, "modifier")
    assert claire.get(answer.url).context["form"].initial == {
        "title": rules.title,
        "body": rules.body,
        "asks_again": False,
    }


def test_a_version_that_is_being_written_is_not_prepared_twice(claire, rules, draft):
    assert labels(claire.get(page(rules))) == []
    assert claire.post(page(rules, "preparer")).url == page(draft, "modifier")
    assert TextVersion.objects.filter(key=Key.RULES).count() == 2


def test_the_draft_is_written(claire, draft):
    assert labels(claire.get(page(draft))) == ["Modifier le texte", "Publier cette version"]
    answer = claire.post(page(draft, "modifier"), {"title": "Règles", "body": "Un.\r\n\r\nDeux.", "asks_again": "on"})

    draft.refresh_from_db()
    assert (answer.url, draft.title, draft.body, draft.asks_again) == (page(draft), "Règles", "Un.\n\nDeux.", True)


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"title": "", "body": "Un mot."}, {"title": ["Donnez un titre au texte."]}),
        ({"title": "Règles", "body": " \n "}, {"body": ["Écrivez le texte."]}),
        ({"title": "é" * 121, "body": "Un mot."}, {"title": 1}),
        ({"title": "Règles", "body": "é" * 20_001}, {"body": 1}),
        ({"title": "Règles\x00", "body": "Un mot.\x00"}, {"title": 1, "body": 1}),
    ],
    ids=["no title", "no body", "long title", "long body", "NUL"],
)
def test_what_cannot_be_kept_is_told_next_to_its_field(claire, draft, typed, wrong):
    answer = claire.post(page(draft, "modifier"), typed)

    errors = answer.context["form"].errors
    assert {name: list(told) if isinstance(wrong[name], list) else len(told) for name, told in errors.items()} == wrong
    assert answer.context["form"]["title"].value() == typed["title"]
    draft.refresh_from_db()
    assert draft.title != typed["title"] or draft.body != typed["body"]


def test_a_published_version_is_not_written_by_its_address(claire, rules):
    answer = claire.post(page(rules, "modifier"), {"title": "Autre", "body": "Autre"})

    assert said(answer) == ["Cette version est publiée : elle ne change plus. Préparez-en une nouvelle."]
    assert queries.current_texts()[Key.RULES].title == rules.title


# --- Publishing ---------------------------------------------------------------------------------


def agreed_by(*people, version):
    for person in people:
        transitions.agree(person, version, actor=person)


@pytest.mark.parametrize(
    ("how_many", "asks_again", "sentence"),
    [
        (0, True, "Personne n’a encore accepté une version d’avant."),
        (1, True, "1 personne a accepté une version d’avant : son accord lui sera redemandé."),
        (2, True, "2 personnes ont accepté une version d’avant : leur accord leur sera redemandé."),
        (1, False, "1 personne a accepté une version d’avant : son accord reste valable."),
        (2, False, "2 personnes ont accepté une version d’avant : leur accord reste valable."),
    ],
)
def test_publishing_says_first_whom_it_concerns(
    claire, coordinator, candidate, stranger, rules, draft, how_many, asks_again, sentence
):
    agreed_by(*(candidate, stranger)[:how_many], version=rules)
    transitions.write_text(draft, title="Règles", body="Un mot.", asks_again=asks_again, actor=coordinator)

    told = str(claire.get(page(draft, "publier")).context["button"].confirm)
    assert told.replace("\u00a0", " ") == f"{sentence} Une fois publiée, cette version ne change plus."


def test_it_is_published_and_only_once(claire, draft):
    answer = claire.post(page(draft, "publier"))

    assert (answer.url, said(answer)) == (page(draft), ["La version 2 est en vigueur."])
    assert queries.current_texts()[Key.RULES] == draft
    assert said(claire.post(page(draft, "publier")))[-1] == "Cette version est déjà publiée."

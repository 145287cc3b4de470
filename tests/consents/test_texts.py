"""Versions of texts: the first ones, preparing and publishing the next, and what the database refuses."""

import re

import pytest
from django.db import DatabaseError, transaction

from consents import queries, transitions
from consents.first_texts import FIRST_TEXTS, PUBLISHED_AT
from consents.models import TextVersion
from consents.reading import Block, blocks
from lifecycle.journal import ref
from lifecycle.models import JournalEntry
from lifecycle.refusals import Refusal
from tests import factories

pytestmark = pytest.mark.django_db

Key = TextVersion.Key


@pytest.fixture
def rules():
    """The rules in their first version."""
    return factories.make_texts()[Key.RULES]


# --- The first ones -----------------------------------------------------------------------------


def test_the_migration_publishes_every_text():
    texts = queries.current_texts()
    assert {key: (text.number, text.published_at) for key, text in texts.items()} == dict.fromkeys(
        Key, (1, PUBLISHED_AT)
    )


@pytest.mark.parametrize(("key", "most"), [(Key.RULES, 350), (Key.PRIVACY, 300), (Key.IMAGE, 150), (Key.NEXT_CALL, 90)])
def test_they_are_short(key, most):
    _title, body = FIRST_TEXTS[key]
    assert 50 < len(re.findall(r"[\w’·-]+", body)) <= most


def test_they_are_set_as_french_is():
    """Typographic apostrophes, and spaces that do not break before the signs that want one."""
    for title, body in FIRST_TEXTS.values():
        assert re.findall(r"'|[^\u00a0][?!;»]|«[^\u00a0]|[ \w]:(?!//)|\.\.\.", f"{title}\n{body}") == []


def test_making_them_again_changes_nothing(rules):
    factories.make_texts()
    assert list(TextVersion.objects.filter(key=Key.RULES)) == [rules]


# --- The next ones ------------------------------------------------------------------------------


def test_the_next_version_starts_from_the_words_of_the_last(rules, coordinator):
    draft = transitions.new_version(Key.RULES, actor=coordinator)

    assert (draft.number, draft.title, draft.body) == (2, rules.title, rules.body)
    assert (draft.published_at, draft.asks_again) == (None, False)
    assert queries.current_texts()[Key.RULES] == rules


def test_there_is_one_draft_at_a_time(rules, coordinator):
    first = transitions.new_version(Key.RULES, actor=coordinator)
    assert transitions.new_version(Key.RULES, actor=coordinator) == first


def test_publishing_makes_it_the_one_that_stands(rules, coordinator, now):
    draft = transitions.new_version(Key.RULES, actor=coordinator, now=now)
    transitions.write_text(draft, title="Règles", body="Un mot.", asks_again=True, actor=coordinator, now=now)
    transitions.publish_text(draft, actor=coordinator, now=now)

    current = queries.current_texts()[Key.RULES]
    assert (current.number, current.title, current.body, current.asks_again, current.published_at) == (
        2,
        "Règles",
        "Un mot.",
        True,
        now,
    )
    lines = JournalEntry.objects.filter(target=ref(draft)).order_by("id")
    assert list(lines.values_list("action", "actor")) == [
        ("textversion.prepared", ref(coordinator)),
        ("textversion.changed", ref(coordinator)),
        ("textversion.published", ref(coordinator)),
    ]


def test_publishing_twice_is_refused(rules, coordinator, now):
    with pytest.raises(Refusal, match="déjà publiée"):
        transitions.publish_text(rules, actor=coordinator, now=now)
    assert queries.current_texts()[Key.RULES].published_at == PUBLISHED_AT


def test_a_published_version_is_not_written_any_more(rules, coordinator):
    with pytest.raises(Refusal, match="ne change plus"):
        transitions.write_text(rules, title="Autre", body="Autre", asks_again=False, actor=coordinator)
    assert queries.current_texts()[Key.RULES].title == rules.title


# --- What the database refuses ------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"key": "autre"},
        {"number": 9},
        {"title": "Autre"},
        {"body": "Autre"},
        {"asks_again": True},
        {"published_at": None},
    ],
    ids=lambda change: next(iter(change)),
)
def test_nobody_changes_what_is_published(rules, coordinator, change):
    draft = transitions.new_version(Key.RULES, actor=coordinator)
    assert TextVersion.objects.filter(pk=draft.pk).update(**change) == 1

    with pytest.raises(DatabaseError, match="a published text never changes"), transaction.atomic():
        TextVersion.objects.filter(pk=rules.pk).update(**change)


def test_nobody_deletes_what_is_published(rules, coordinator):
    draft = transitions.new_version(Key.RULES, actor=coordinator)
    assert draft.delete()[0] == 1

    with pytest.raises(DatabaseError, match="a published text never changes"), transaction.atomic():
        rules.delete()


# --- How a text is read -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("", []),
        ("Un mot.", [Block("paragraph", ["Un mot."])]),
        ("Un.\nDeux.\n\nTrois.", [Block("paragraph", ["Un.", "Deux."]), Block("paragraph", ["Trois."])]),
        ("## Titre\n- un\n- deux", [Block("heading", ["Titre"]), Block("list", ["un", "deux"])]),
        ("Voici :\n- un\n\n- deux", [Block("paragraph", ["Voici :"]), Block("list", ["un"]), Block("list", ["deux"])]),
        ("## Un\n## Deux", [Block("heading", ["Un"]), Block("heading", ["Deux"])]),
        ("##Titre\n-un", [Block("paragraph", ["##Titre", "-un"])]),
        ("  \n\n -  espacé \n", [Block("list", ["espacé"])]),
        ("- un\r\n- deux\r\n", [Block("list", ["un", "deux"])]),
    ],
)
def test_three_marks(body, expected):
    assert blocks(body) == expected

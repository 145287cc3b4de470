"""Agreeing to a text, agreeing again, taking it back: what stands, what the journal says, whom to ask."""

from datetime import timedelta

import pytest

from consents import queries, transitions
from consents.models import Consent, TextVersion
from lifecycle.journal import CONSOLE, ref
from lifecycle.models import JournalEntry
from lifecycle.refusals import Refusal
from tests import factories

pytestmark = pytest.mark.django_db

Key = TextVersion.Key
HERS = [key for key in Key if key not in TextVersion.SIGNED_APART]
"""The texts that people agree to for themselves."""


@pytest.fixture
def texts():
    """The texts, in the version of the first migration."""
    return factories.make_texts()


def publish_next(key, *, asks_again=False, now=None) -> TextVersion:
    """The next version of a text, published."""
    draft = transitions.new_version(key, actor=CONSOLE, now=now)
    words = f"{draft.body}\n\nUne phrase de plus."
    transitions.write_text(draft, title=draft.title, body=words, asks_again=asks_again, actor=CONSOLE, now=now)
    transitions.publish_text(draft, actor=CONSOLE, now=now)
    return draft


def story(person) -> list[tuple[str, str, str]]:
    """What the journal says about a person's agreements, the oldest first."""
    lines = JournalEntry.objects.filter(target=ref(person), action__startswith="consent.").order_by("id")
    return list(lines.values_list("action", "actor", "detail"))


# --- Agreeing -----------------------------------------------------------------------------------


def test_ines_agrees_to_the_rules(candidate, texts, now):
    consent = transitions.agree(candidate, texts[Key.RULES], actor=candidate, now=now)

    assert (consent.person, consent.version, consent.given_at, consent.withdrawn_at) == (
        candidate,
        texts[Key.RULES],
        now,
        None,
    )
    assert queries.standing(candidate) == {Key.RULES: consent}
    assert story(candidate) == [("consent.given", ref(candidate), "regles version 1")]


def test_agreeing_twice_changes_nothing(candidate, texts, now):
    first = transitions.agree(candidate, texts[Key.RULES], actor=candidate, now=now)
    again = transitions.agree(candidate, texts[Key.RULES], actor=candidate, now=now + timedelta(hours=1))

    assert again == first
    assert Consent.objects.get().given_at == now
    assert len(story(candidate)) == 1


def test_staff_who_type_a_file_are_named_in_the_journal(candidate, coordinator, texts):
    transitions.agree(candidate, texts[Key.IMAGE], actor=coordinator)
    assert story(candidate) == [("consent.given", ref(coordinator), "image version 1")]


def test_a_newer_version_takes_the_place_of_the_older(candidate, texts, now):
    older = transitions.agree(candidate, texts[Key.RULES], actor=candidate, now=now)
    newer = transitions.agree(candidate, publish_next(Key.RULES), actor=candidate, now=now + timedelta(days=1))

    older.refresh_from_db()
    assert older.withdrawn_at == now + timedelta(days=1)
    assert queries.standing(candidate) == {Key.RULES: newer}
    assert [detail for *_who, detail in story(candidate)] == ["regles version 1", "regles version 2"]


def test_an_older_version_does_not_take_the_place_of_the_newer(candidate, texts):
    """A page left open since before the new version was published."""
    newer = transitions.agree(candidate, publish_next(Key.RULES), actor=candidate)

    assert transitions.agree(candidate, texts[Key.RULES], actor=candidate) == newer
    assert list(Consent.objects.all()) == [newer]


def test_of_two_that_stand_the_newer_counts(candidate, texts):
    """The database allows it; no verb leaves it so."""
    newer = Consent.objects.create(person=candidate, version=publish_next(Key.RULES))
    Consent.objects.create(person=candidate, version=texts[Key.RULES])
    assert queries.standing(candidate) == {Key.RULES: newer}


def test_the_agreements_of_others_stand(candidate, stranger, texts):
    hers = transitions.agree(stranger, texts[Key.RULES], actor=stranger)
    transitions.agree(candidate, texts[Key.RULES], actor=candidate)
    transitions.agree(candidate, publish_next(Key.RULES), actor=candidate)

    assert queries.standing(stranger) == {Key.RULES: hers}


def test_nobody_agrees_to_a_draft(candidate, texts):
    draft = transitions.new_version(Key.RULES, actor=CONSOLE)

    with pytest.raises(Refusal, match="pas encore publié"):
        transitions.agree(candidate, draft, actor=candidate)
    assert Consent.objects.count() == 0


def test_what_a_person_holds_unsaved_is_kept(candidate, texts):
    """A verb that agrees on the way may be about to save the person."""
    candidate.first_name = "Inès-Maria"
    transitions.agree(candidate, texts[Key.RULES], actor=candidate)
    assert candidate.first_name == "Inès-Maria"


# --- Taking back --------------------------------------------------------------------------------


def test_ines_takes_back_her_image(candidate, texts, now):
    consent = transitions.agree(candidate, texts[Key.IMAGE], actor=candidate, now=now)
    rules = transitions.agree(candidate, texts[Key.RULES], actor=candidate, now=now)
    transitions.take_back(candidate, Key.IMAGE, actor=candidate, now=now + timedelta(days=2))

    consent.refresh_from_db()
    assert consent.withdrawn_at == now + timedelta(days=2)
    assert queries.standing(candidate) == {Key.RULES: rules}
    assert queries.withdrawn(candidate) == {Key.IMAGE: consent}
    assert story(candidate)[-1] == ("consent.withdrawn", ref(candidate), "image version 1")


def test_what_was_never_given_is_not_taken_back(candidate, stranger, texts):
    transitions.agree(stranger, texts[Key.IMAGE], actor=stranger)

    with pytest.raises(Refusal, match="vous l’avez déjà retiré"):
        transitions.take_back(candidate, Key.IMAGE, actor=candidate)
    assert (queries.standing(stranger).keys(), story(candidate)) == ({Key.IMAGE}, [])


@pytest.mark.parametrize("key", [Key.RULES, Key.PRIVACY])
def test_what_taking_part_rests_on_is_not_taken_back_alone(candidate, texts, key):
    transitions.agree(candidate, texts[key], actor=candidate)

    with pytest.raises(Refusal, match="retirez votre candidature"):
        transitions.take_back(candidate, key, actor=candidate)
    assert queries.standing(candidate).keys() == {key}


def test_what_was_taken_back_may_be_given_again(candidate, texts, now):
    first = transitions.agree(candidate, texts[Key.NEXT_CALL], actor=candidate, now=now)
    transitions.take_back(candidate, Key.NEXT_CALL, actor=candidate, now=now)
    again = transitions.agree(candidate, texts[Key.NEXT_CALL], actor=candidate, now=now)

    assert again != first
    assert queries.standing(candidate) == {Key.NEXT_CALL: again}


def test_an_agreement_never_ends_before_it_was_given(candidate, texts, now):
    consent = transitions.agree(candidate, texts[Key.IMAGE], actor=candidate, now=now)
    transitions.take_back(candidate, Key.IMAGE, actor=candidate, now=now - timedelta(seconds=1))

    consent.refresh_from_db()
    assert consent.withdrawn_at == now


# --- Whom to ask --------------------------------------------------------------------------------


def test_whoever_has_not_agreed_is_asked(candidate, stranger, texts):
    transitions.agree(candidate, texts[Key.RULES], actor=candidate)
    transitions.agree(stranger, texts[Key.IMAGE], actor=stranger)

    assert [queries.needs_asking(candidate, key) for key in HERS] == [False, True, True, True]
    assert queries.keys_to_ask(candidate) == set(HERS) - {Key.RULES}


def test_what_a_representative_signs_is_nobodys_to_agree_to(candidate, texts):
    with pytest.raises(Refusal, match="représentant"):
        transitions.agree(candidate, texts[Key.GUARDIAN], actor=candidate)
    assert not queries.needs_asking(candidate, Key.GUARDIAN)


def test_whoever_took_it_back_is_asked(candidate, texts):
    transitions.agree(candidate, texts[Key.IMAGE], actor=candidate)
    transitions.take_back(candidate, Key.IMAGE, actor=candidate)
    assert queries.needs_asking(candidate, Key.IMAGE)


@pytest.mark.parametrize(
    ("published", "is_asked"),
    [
        ([], False),
        ([False], False),
        ([True], True),
        ([True, False], True),
        ([False, True], True),
        ([False, False], False),
    ],
)
def test_a_newer_version_asks_again_when_it_says_so(candidate, texts, published, is_asked):
    """`published`: whether each version that followed asks again."""
    transitions.agree(candidate, texts[Key.RULES], actor=candidate)
    for asks_again in published:
        publish_next(Key.RULES, asks_again=asks_again)

    assert queries.needs_asking(candidate, Key.RULES) is is_asked


def test_a_draft_asks_nobody(candidate, texts):
    transitions.agree(candidate, texts[Key.RULES], actor=candidate)
    draft = transitions.new_version(Key.RULES, actor=CONSOLE)
    transitions.write_text(draft, title="T", body="B", asks_again=True, actor=CONSOLE)
    assert not queries.needs_asking(candidate, Key.RULES)


def test_another_text_asks_for_itself_alone(candidate, texts):
    transitions.agree(candidate, texts[Key.RULES], actor=candidate)
    publish_next(Key.PRIVACY, asks_again=True)
    assert not queries.needs_asking(candidate, Key.RULES)


def test_agreeing_to_the_newer_version_answers(candidate, texts):
    transitions.agree(candidate, texts[Key.RULES], actor=candidate)
    newer = publish_next(Key.RULES, asks_again=True)
    transitions.agree(candidate, newer, actor=candidate)
    assert not queries.needs_asking(candidate, Key.RULES)


def test_one_query_each(candidate, texts, django_assert_num_queries):
    for key in HERS:
        transitions.agree(candidate, texts[key], actor=candidate)

    with django_assert_num_queries(1):
        assert [version.number for version in queries.current_texts().values()] == [1] * len(Key)
    with django_assert_num_queries(1):
        assert {consent.version.number for consent in queries.standing(candidate).values()} == {1}
    with django_assert_num_queries(1):
        assert queries.keys_to_ask(candidate) == set()

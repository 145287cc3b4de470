"""A cohort's own questions: written, kept once answered, copied."""

import pytest

from cohorts import transitions
from cohorts.models import Question
from cohorts.queries import questions_of
from lifecycle import journal
from lifecycle.models import JournalEntry
from lifecycle.refusals import Refusal
from tests import factories

pytestmark = pytest.mark.django_db

FIELDS = ("text", "hint", "kind", "word_limit", "choices", "is_required", "order")


def plain(sentence: str) -> str:
    return sentence.replace("\u00a0", " ")


def words(cohort):
    return [question.text for question in questions_of(cohort)]


def changes(cohort):
    """What the journal says of the cohort's questions: the actor and the detail of each line."""
    lines = JournalEntry.objects.about(journal.ref(cohort)).filter(action="cohort.questions_changed")
    return list(lines.values_list("actor", "detail"))


# --- The verb -----------------------------------------------------------------------------------


def test_questions_are_read_in_their_order_in_one_query(upcoming, django_assert_num_queries):
    for text, order in (("Troisième", 3), ("Première", 1), ("Deuxième", 2)):
        factories.make_question(upcoming, text, order=order)
    factories.make_question(factories.make_cohort("open"), "Ailleurs")
    with django_assert_num_queries(1):
        assert words(upcoming) == ["Première", "Deuxième", "Troisième"]


def test_a_question_without_an_order_goes_last(upcoming, coordinator):
    factories.make_question(upcoming, "Déjà là", order=7)
    new = [Question(text=text, order=order) for text, order in (("Une", None), ("Avant", 2), ("Deux", None))]
    transitions.save_questions(upcoming, added=new, actor=coordinator)
    assert words(upcoming) == ["Avant", "Déjà là", "Une", "Deux"]


def test_the_journal_says_that_questions_changed_and_never_their_words(upcoming, coordinator):
    question = factories.make_question(upcoming)
    transitions.save_questions(upcoming, actor=coordinator)
    assert changes(upcoming) == []
    question.text = "Quelle série ?"
    transitions.save_questions(
        upcoming, added=[Question(text="Neuve")], changed=[(question, ["text"])], actor=coordinator
    )
    assert words(upcoming) == ["Neuve", "Quelle série ?"]
    assert changes(upcoming) == [(journal.ref(coordinator), "")]


def test_two_people_who_change_different_fields_keep_both(upcoming, coordinator):
    question = factories.make_question(upcoming)
    mine, hers = (Question.objects.get(pk=question.pk) for _person in range(2))
    mine.text, hers.hint = "Quelle série ?", "Une seule."
    transitions.save_questions(upcoming, changed=[(mine, ["text"])], actor=coordinator)
    transitions.save_questions(upcoming, changed=[(hers, ["hint"])], actor=coordinator)
    question.refresh_from_db()
    assert (question.text, question.hint) == ("Quelle série ?", "Une seule.")


def test_ten_questions_and_no_more(upcoming, coordinator):
    for number in range(transitions.MOST_QUESTIONS):
        transitions.save_questions(upcoming, added=[Question(text=f"Question {number}")], actor=coordinator)
    with pytest.raises(Refusal) as refusal:
        transitions.save_questions(upcoming, added=[Question(text="De trop")], actor=coordinator)
    assert refusal.value.sentence.startswith("Dix questions au plus")
    assert len(questions_of(upcoming)) == 10
    first, *_others = questions_of(upcoming)
    transitions.save_questions(upcoming, added=[Question(text="À sa place")], dropped=[first], actor=coordinator)
    assert len(questions_of(upcoming)) == 10


def test_what_went_meanwhile_is_refused(upcoming, coordinator):
    question = factories.make_question(upcoming)
    stale = Question.objects.get(pk=question.pk)
    transitions.save_questions(upcoming, dropped=[question], actor=coordinator)
    with pytest.raises(Refusal) as refusal:
        transitions.save_questions(upcoming, changed=[(stale, ["text"])], actor=coordinator)
    assert (
        plain(refusal.value.sentence)
        == "Une question a été supprimée entre-temps : rouvrez la page avant de continuer."
    )
    assert words(upcoming) == []


def _drop(cohort, question, actor):
    transitions.save_questions(cohort, dropped=[question], actor=actor)


def _change(**values):
    def act(cohort, question, actor):
        for name, value in values.items():
            setattr(question, name, value)
        transitions.save_questions(cohort, changed=[(question, list(values))], actor=actor)

    return act


@pytest.mark.parametrize(
    ("act", "field", "sentence"),
    [
        (_drop, "", "L’appel a déjà ouvert : « Quand ? » a peut-être des réponses."),
        (_change(kind="TEXT", choices=[]), "kind", "L’appel a déjà ouvert : la réponse attendue reste « un choix"),
        (_change(choices=["Le matin", "Le soir"]), "choices", "L’appel a déjà ouvert : gardez « L’après-midi »"),
    ],
)
@pytest.mark.parametrize("phase", ["open", "closed"])
def test_answers_given_are_never_lost(upcoming, coordinator, phase, act, field, sentence):
    free = factories.make_question(upcoming, "Quand ?", kind="CHOICE")
    act(upcoming, free, coordinator)
    assert len(changes(upcoming)) == 1
    cohort = factories.make_cohort(phase)
    question = factories.make_question(cohort, "Quand ?", kind="CHOICE")
    with pytest.raises(transitions.QuestionStands) as refusal:
        act(cohort, question, coordinator)
    assert plain(refusal.value.sentence).startswith(sentence)
    assert refusal.value.field == field
    standing = Question.objects.get(cohort=cohort)
    assert (standing.kind, standing.choices) == ("CHOICE", ["Le matin", "L’après-midi", "Le soir"])
    assert changes(cohort) == []


def test_an_open_call_lets_reword_add_move_and_make_optional(cohort, coordinator):
    question = factories.make_question(cohort, "Quand ?", kind="CHOICE")
    values = {"text": "À quel moment ?", "is_required": False, "order": 5, "choices": [*question.choices, "La nuit"]}
    _change(**values)(cohort, question, coordinator)
    transitions.save_questions(cohort, added=[Question(text="Neuve", order=1)], actor=coordinator)
    assert words(cohort) == ["Neuve", "À quel moment ?"]
    question.refresh_from_db()
    assert {name: getattr(question, name) for name in values} == values


def test_copying_a_cohort_copies_its_questions_in_order(cohort, coordinator):
    factories.make_question(cohort, "Seconde", kind="CHOICE", order=2)
    factories.make_question(cohort, "Première", hint="Une seule.", word_limit=60, is_required=False, order=1)
    following = transitions.copy(cohort, actor=coordinator)
    kept = [[getattr(question, name) for name in FIELDS] for question in questions_of(following)]
    assert kept == [
        ["Première", "Une seule.", "TEXT", 60, [], False, 1],
        ["Seconde", "", "CHOICE", 150, ["Le matin", "L’après-midi", "Le soir"], True, 2],
    ]
    assert words(cohort) == ["Première", "Seconde"]

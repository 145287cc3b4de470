"""Writing a cohort's own questions on its admin page."""

import re
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cohorts import transitions
from cohorts.models import Question
from cohorts.queries import questions_of
from cohorts.questions_admin import FIELD_OF_CONSTRAINT
from lifecycle import journal
from tests import factories
from tests.cohorts.test_admin import CHANGE, posted
from tests.cohorts.test_questions import FIELDS, changes, plain

pytestmark = pytest.mark.django_db

NEW = {"text": "Avez-vous déjà tourné ?", "hint": "", "kind": "YES_NO", "word_limit": "150", "choices": "", "order": ""}


def as_sent(*blocks, standing=()):
    """The questions as the browser sends them: those that stand, then new blocks. An unticked box is not sent."""
    forms = []
    for question in standing:
        kept = {name: getattr(question, name) for name in FIELDS} | {"choices": "\n".join(question.choices)}
        forms.append({**kept, "id": question.pk, "cohort": question.cohort_id})
    data = {}
    for number, block in enumerate([*forms, *blocks]):
        data |= {f"questions-{number}-{name}": value for name, value in block.items() if value not in (False, None)}
    return {**data, "questions-TOTAL_FORMS": len(forms) + len(blocks), "questions-INITIAL_FORMS": len(forms)}


def save(browser, cohort, *blocks, standing=(), **more):
    data = posted(cohort) | as_sent(*blocks, standing=standing) | more
    return browser.post(reverse(CHANGE, args=[cohort.pk]), data)


def errors(answer):
    """Field → sentences of each block that has errors, and the sentences told above them."""
    formset = answer.context["inline_admin_formsets"][0].formset
    return [{field: list(said) for field, said in e.items()} for e in formset.errors if e], list(
        formset.non_form_errors()
    )


def text(answer) -> str:
    content = answer.content.decode().partition('id="questions-group"')[2]
    return plain(re.sub(r"\s+", " ", re.sub(r"<[^>]+>|&nbsp;", " ", content)))


def test_a_coordinator_writes_the_questions_under_the_settings(upcoming, coordinator, signed_in):
    browser = signed_in(coordinator)
    choice = NEW | {"kind": "CHOICE", "text": "Quand  êtes-vous\r\nlibre ?", "choices": " Le matin \r\n\r\n Le soir"}
    answer = save(browser, upcoming, NEW | {"is_required": "on"}, choice)
    assert answer.status_code == 302
    kept = [[getattr(question, name) for name in FIELDS] for question in questions_of(upcoming)]
    assert kept == [
        ["Avez-vous déjà tourné ?", "", "YES_NO", 150, [], True, 1],
        ["Quand êtes-vous libre ?", "", "CHOICE", 150, ["Le matin", "Le soir"], False, 2],
    ]
    assert changes(upcoming) == [(journal.ref(coordinator), "")]
    page = browser.get(reverse(CHANGE, args=[upcoming.pk]))
    assert "1. Avez-vous déjà tourné ? oui ou non · obligatoire" in text(page)
    assert "2. Quand êtes-vous libre ? un choix : Le matin / Le soir · facultative" in text(page)
    assert "Le matin\nLe soir</textarea>" in page.content.decode()
    assert "Questions de la promotion changées" in text(page)


def opened(answer) -> list[bool]:
    """Of each block of a question, whether it is unfolded."""
    return [
        bool(state)
        for state in re.findall(r'<details class="question" id="questions-[0-9]+"( open)?>', answer.content.decode())
    ]


def test_blocks_are_folded_save_those_where_something_was_typed(upcoming, coordinator, signed_in):
    question, browser = factories.make_question(upcoming), signed_in(coordinator)
    assert opened(browser.get(reverse(CHANGE, args=[upcoming.pk]))) == [False, False, False]
    blank = NEW | {"text": "", "kind": "TEXT", "is_required": "on"}
    answer = save(browser, upcoming, blank, blank | {"text": "?" * 201}, standing=[question], places=0)
    assert opened(answer) == [False, False, True]
    answer = save(browser, upcoming, blank, standing=[question], places=0, **{"questions-0-text": "Autrement ?"})
    assert opened(answer) == [True, False]


def test_saving_what_stands_changes_nothing(upcoming, coordinator, signed_in):
    questions = [factories.make_question(upcoming), factories.make_question(upcoming, kind="CHOICE")]
    answer = save(signed_in(coordinator), upcoming, NEW | {"text": "", "kind": "TEXT", "is_required": "on"})
    assert answer.status_code == 302
    answer = save(signed_in(coordinator), upcoming, standing=questions)
    assert answer.status_code == 302
    assert questions_of(upcoming) == questions
    assert changes(upcoming) == []


def test_french_spaces_are_kept_and_are_no_change(upcoming, coordinator, signed_in):
    french = {
        "text": "Quand\u00a0? À quelle heure\u202f?",
        "hint": "«\u00a0Tôt\u00a0»",
        "choices": "Tôt\u00a0!\nTard\u00a0!",
    }
    save(signed_in(coordinator), upcoming, NEW | french | {"kind": "CHOICE"})
    [question] = questions_of(upcoming)
    assert {**french, "choices": french["choices"].split("\n")} == {name: getattr(question, name) for name in french}
    save(signed_in(coordinator), upcoming, standing=[question])
    assert changes(upcoming) == [(journal.ref(coordinator), "")]


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("text", "", "Écrivez la question."),
        ("text", "?" * 201, "200 caractères au plus : cette question en a 201."),
        ("text", "a\x00b", "Le caractère nul n’est pas autorisé."),
        ("hint", "?" * 301, "300 caractères au plus : cette précision en a 301."),
        ("choices", "Seul", "Écrivez au moins deux choix, un par ligne."),
        ("choices", "", "Écrivez au moins deux choix, un par ligne."),
        ("choices", "Oui\nNon\noui", "« oui » est écrit deux fois."),
        ("choices", "Non\n" + "a" * 121, f"« {'a' * 30}… » est trop long : 120 caractères au plus."),
        ("choices", "\n".join(map(str, range(21))), "20 choix au plus."),
        ("choices", "Oui\na\x00b", "Le caractère nul n’est pas autorisé."),
        ("word_limit", "0", "Un mot au moins."),
        ("word_limit", "601", "600 mots au plus."),
        ("word_limit", "9" * 400, "600 mots au plus."),
        ("word_limit", "beaucoup", "Écrivez un nombre entier, de 1 à 600."),
        ("order", "-1", "Écrivez un nombre entier, par exemple 2."),
        ("order", "99999", "999 au plus."),
        ("kind", "ESSAY", "Sélectionnez un choix valide. ESSAY n’en fait pas partie."),
    ],
)
def test_what_breaks_a_rule_is_told_next_to_the_field_and_kept(
    upcoming, coordinator, signed_in, field, value, sentence
):
    right = NEW | {"kind": "CHOICE", "choices": "Oui\nNon", "hint": "Ce que j’ai tapé."}
    answer = save(signed_in(coordinator), upcoming, right | {field: value}, places=upcoming.places + 1)
    assert answer.status_code == 200
    found, above = errors(answer)
    said = [{name: [plain(s) for s in sentences] for name, sentences in block.items()} for block in found]
    assert (said, above) == ([{field: [sentence]}], [])
    assert value[:15] in answer.content.decode().replace("&#x27;", "'")
    assert questions_of(upcoming) == []
    before = upcoming.places
    upcoming.refresh_from_db()
    assert upcoming.places == before
    assert save(signed_in(coordinator), upcoming, right).status_code == 302


def test_choices_for_another_kind_of_answer_are_not_lost_in_silence(upcoming, coordinator, signed_in):
    answer = save(signed_in(coordinator), upcoming, NEW | {"choices": "Oui\nNon"})
    [block], _above = errors(answer)
    assert list(block) == ["choices"]
    assert block["choices"][0].startswith("Ces choix ne seraient pas montrés")


def test_a_text_without_a_number_of_words_gets_the_usual_one(upcoming, coordinator, signed_in):
    save(signed_in(coordinator), upcoming, NEW | {"kind": "TEXT", "word_limit": ""})
    assert questions_of(upcoming)[0].word_limit == 150


def test_before_the_call_a_question_is_deleted_by_its_box(upcoming, coordinator, signed_in):
    question, other = factories.make_question(upcoming), factories.make_question(upcoming, "Reste")
    browser = signed_in(coordinator)
    page = browser.get(reverse(CHANGE, args=[upcoming.pk]))
    assert "questions-0-DELETE" in page.content.decode()
    assert "L’appel a ouvert" not in text(page)
    answer = save(browser, upcoming, standing=[question, other], **{"questions-0-DELETE": "on"})
    assert answer.status_code == 302
    assert questions_of(upcoming) == [other]


def test_once_open_the_page_warns_offers_no_deletion_and_refuses_it(cohort, coordinator, signed_in):
    question = factories.make_question(cohort, "Quand ?")
    browser = signed_in(coordinator)
    page = browser.get(reverse(CHANGE, args=[cohort.pk]))
    assert "des personnes ont peut-être répondu." in text(page)
    assert "questions-0-DELETE" not in page.content.decode()
    answer = save(browser, cohort, standing=[question], **{"questions-0-DELETE": "on"})
    assert answer.status_code == 200
    [], [sentence] = errors(answer)
    assert plain(sentence).startswith("L’appel a déjà ouvert : « Quand ? » a peut-être des réponses.")
    assert sentence in answer.content.decode()
    assert questions_of(cohort) == [question]


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("kind", {"questions-0-kind": "TEXT", "questions-0-choices": ""}),
        ("choices", {"questions-0-choices": "Une\nAutre"}),
    ],
)
def test_once_open_what_would_lose_answers_is_told_next_to_the_field(cohort, coordinator, signed_in, field, changed):
    question = factories.make_question(cohort, kind="CHOICE")
    answer = save(signed_in(coordinator), cohort, standing=[question], **changed)
    assert answer.status_code == 200
    [block], above = errors(answer)
    assert (list(block), above) == ([field], [])
    assert block[field][0].startswith("L’appel a déjà ouvert")
    question.refresh_from_db()
    assert question.kind == "CHOICE"


def test_an_eleventh_question_is_told_above_them(upcoming, coordinator, signed_in):
    blocks = [NEW | {"text": f"Question {number}"} for number in range(11)]
    answer = save(signed_in(coordinator), upcoming, *blocks)
    assert answer.status_code == 200
    assert [plain(sentence) for sentence in errors(answer)[1]] == [
        "Dix questions au plus : chacune coûte du temps à qui candidate, et à qui lit."
    ]
    assert save(signed_in(coordinator), upcoming, *blocks[:10]).status_code == 302


def test_a_question_that_is_no_longer_there_is_told_with_what_was_typed(upcoming, cohort, coordinator, signed_in):
    """Deleted by somebody else, or of another cohort by a forged page."""
    gone, theirs = factories.make_question(upcoming), factories.make_question(cohort, "Ailleurs")
    for question in (gone, theirs):
        stale = Question.objects.get(pk=question.pk)
        stale.cohort, stale.text = upcoming, "Ce que j’ai tapé"
        Question.objects.filter(pk=gone.pk).delete()
        answer = save(signed_in(coordinator), upcoming, standing=[stale])
        assert answer.status_code == 200
        sentence = plain(errors(answer)[1][0])
        assert sentence.startswith("« Ce que j’ai tapé » n’est plus parmi ces questions")
        assert sentence in text(answer)
    theirs.refresh_from_db()
    assert (theirs.cohort, theirs.text) == (cohort, "Ailleurs")


def test_a_refusal_of_the_verb_itself_is_a_sentence_and_nothing_is_kept(upcoming, coordinator, signed_in, monkeypatch):
    """Ten questions stand, and one more came while the form was being checked."""
    monkeypatch.setattr(transitions, "QUESTIONS", replace(transitions.QUESTIONS, most=0))
    answer = save(signed_in(coordinator), upcoming, NEW, places=upcoming.places + 1)
    assert answer.status_code == 302
    page = signed_in(coordinator).get(answer.headers["Location"])
    assert page.status_code == 200
    before = upcoming.places
    upcoming.refresh_from_db()
    assert (upcoming.places, questions_of(upcoming)) == (before, [])


def test_the_page_asks_as_much_for_one_question_as_for_three(upcoming, coordinator, signed_in):
    browser, counts = signed_in(coordinator), []
    for new in (1, 2):
        for _question in range(new):
            factories.make_question(upcoming)
        with CaptureQueriesContext(connection) as asked:
            browser.get(reverse(CHANGE, args=[upcoming.pk]))
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 14


def test_every_constraint_has_its_field():
    assert set(FIELD_OF_CONSTRAINT) == {constraint.name for constraint in Question._meta.constraints}

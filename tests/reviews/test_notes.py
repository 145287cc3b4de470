"""What the jury tells the coordination about a file, and what the candidate hears of it."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lifecycle import journal
from lifecycle.models import JournalEntry
from lifecycle.refusals import IllegalTransition, Refusal
from notifications.models import Letter
from reviews import emails, notes, releasing, sharing, transitions
from reviews.models import Note
from tests import factories
from tests.letters import check_letter

pytestmark = pytest.mark.django_db

WORDS = "Quelle part avez-vous prise au montage ?"


@pytest.fixture
def file(cohort, reviewer, candidate):
    """Inès's file, assigned to Nadia."""
    file = factories.make_sent(cohort, candidate)
    factories.assign(file, reviewer)
    return file


@pytest.fixture
def question(file, reviewer):
    return notes.write(file, reviewer, kind="QUESTION", text="A-t-elle monté elle-même ?")


def written(about=None):
    found = Note.objects.filter(**({"application": about} if about else {}))
    return list(found.values_list("author", "kind", "text", "state"))


def actions(file):
    return list(JournalEntry.objects.about(journal.ref(file)).order_by("id").values_list("action", flat=True))


def letters(file) -> list[tuple[str, str]]:
    return list(Letter.objects.filter(to=file.candidate.email).exclude(kind="applications.receipt").values_list("kind", "body"))  # fmt: skip  # noqa: E501


def test_a_reader_writes_to_the_coordination_and_the_candidate_hears_nothing(file, reviewer):
    notes.write(file, reviewer, kind="FLAG", text="  Un nom est resté.\n\n ")
    notes.write(file, reviewer, kind="QUESTION", text="Quel montage ?")
    assert written(file) == [
        (reviewer.pk, "FLAG", "Un nom est resté.", "OPEN"),
        (reviewer.pk, "QUESTION", "Quel montage ?", "OPEN"),
    ]
    assert actions(file)[-2:] == ["application.flagged", "application.question_asked"]
    assert letters(file) == []


def test_the_same_words_twice_are_one_note(file, reviewer):
    for _click in range(2):
        notes.write(file, reviewer, kind="FLAG", text="Un nom est resté.")
    assert len(written(file)) == 1
    assert actions(file).count("application.flagged") == 1


@pytest.mark.parametrize(("text", "why"), [(" \n ", "Écrivez d’abord"), ("a" * 2001, "2 000 caractères au plus")])
def test_no_words_or_too_many(file, reviewer, text, why):
    with pytest.raises(Refusal, match=why):
        notes.write(file, reviewer, kind="FLAG", text=text)
    assert written() == []


def test_only_who_reads_a_file_writes_about_it(cohort, file, reviewer, coordinator):
    stood_aside = factories.make_reviewer(cohort)
    factories.assign(file, stood_aside)
    sharing.recuse(file, stood_aside, actor=stood_aside)
    for person in (stood_aside, factories.make_reviewer(cohort), coordinator):
        with pytest.raises(Refusal, match="ne vous est pas confié"):
            notes.write(file, person, kind="FLAG", text="Bonjour.")
    assert written() == []


def test_nothing_is_asked_once_the_file_is_decided(file, reviewer):
    factories.decide(file, outcome="REJECTED")
    with pytest.raises(Refusal, match="a déjà reçu une décision"):
        notes.write(file, reviewer, kind="QUESTION", text="Quel montage ?")
    notes.write(file, reviewer, kind="FLAG", text="J’ai un doute.")
    assert [kind for _author, kind, _text, _state in written()] == ["FLAG"]


# --- What the coordination makes of it ------------------------------------------------------------


def test_a_question_reaches_the_candidate_in_the_coordination_s_words(file, question, reviewer, coordinator):
    notes.forward(question, f" {WORDS}\n", actor=coordinator)
    question.refresh_from_db()
    assert (question.state, question.words) == ("FORWARDED", WORDS)
    [(kind, body)] = letters(file)
    assert kind == "reviews.more_information"
    assert WORDS in body
    for kept in (question.text, reviewer.first_name, reviewer.last_name, "jury"):
        assert kept not in body
    file.refresh_from_db()
    assert file.open_until is None
    with pytest.raises(IllegalTransition):
        notes.forward(question, WORDS, actor=coordinator)
    assert len(letters(file)) == 1


def test_the_file_may_be_opened_again_for_the_answer_and_one_letter_leaves(file, question, coordinator, now):
    until = now + timedelta(days=4)
    notes.forward(question, WORDS, until=until, actor=coordinator)
    file.refresh_from_db()
    assert file.open_until == until
    [(kind, body)] = letters(file)
    assert kind == "applications.more_asked"
    assert WORDS in body


def test_a_moment_that_is_past_sends_nothing(file, question, coordinator, now):
    with pytest.raises(Refusal):
        notes.forward(question, WORDS, until=now - timedelta(hours=1), actor=coordinator)
    question.refresh_from_db()
    assert (question.state, letters(file)) == ("OPEN", [])


def test_a_flag_is_not_sent_on_and_is_closed(file, reviewer, coordinator):
    flag = notes.write(file, reviewer, kind="FLAG", text="Un nom est resté.")
    with pytest.raises(Refusal, match="pas de question à transmettre"):
        notes.forward(flag, WORDS, actor=coordinator)
    notes.close(flag, actor=coordinator)
    assert [state for *_rest, state in written()] == ["CLOSED"]
    with pytest.raises(IllegalTransition):
        notes.close(flag, actor=coordinator)


def test_nothing_is_asked_while_the_decision_is_being_announced(file, question, coordinator):
    transitions.mark(file, "REJECTED", actor=coordinator)
    releasing.propose(file.cohort, actor=coordinator)
    with pytest.raises(Refusal, match="en cours d’annonce"):
        notes.forward(question, WORDS, actor=coordinator)
    assert letters(file) == []


def test_nobody_asks_herself(cohort, question, file):
    herself = factories.make_coordinator(file.candidate)
    with pytest.raises(Refusal):
        notes.forward(question, WORDS, actor=herself)


def test_the_letter():
    check_letter(emails.MORE_INFORMATION, Path(__file__).parent / "letters")


# --- The pages ----------------------------------------------------------------------------------


def text(answer) -> str:
    content = answer.content.decode().partition('<div id="content-main"')[2]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>|&nbsp;", " ", content))


def url(name, file):
    return reverse(f"admin:reviews_assignment_{name}", args=[file.reference])


def test_she_writes_from_the_file_s_page_and_reads_what_became_of_it(cohort, file, reviewer, coordinator, signed_in):
    nadia = signed_in(reviewer)
    answer = nadia.post(url("note", file), {"kind": "QUESTION", "question-text": "Quel montage ?"}, follow=True)
    assert answer.redirect_chain == [(url("read", file) + "#ce-dossier", 302)]
    assert "Quel montage ?" in text(answer)
    assert "à traiter" in text(answer)
    notes.forward(Note.objects.get(), WORDS, actor=coordinator)
    page = text(nadia.get(url("read", file)))
    assert "transmise" in page
    assert WORDS not in page
    colleague = factories.make_reviewer(cohort)
    factories.assign(file, colleague)
    assert "Quel montage ?" not in text(signed_in(colleague).get(url("read", file)))


@pytest.mark.parametrize("sent", [{"kind": "FLAG", "flag-text": " "}, {"kind": "?"}, {}])
def test_words_that_are_missing_are_told_where_they_lack(file, reviewer, signed_in, sent):
    page = signed_in(reviewer).post(url("note", file), sent)
    assert page.status_code == 422
    assert "Écrivez d’abord quelques mots." in text(page)
    assert '<details class="tool" open>' in page.content.decode()
    assert written() == []


# --- The coordination's page ----------------------------------------------------------------------


def note_url(note, act):
    return reverse(f"admin:reviews_note_{act}", args=[note.pk])


def test_the_coordination_reads_the_note_on_its_page_on_the_file_s_and_in_the_list(
    file, question, coordinator, signed_in
):
    claire = signed_in(coordinator)
    for address in (
        note_url(question, "change"),
        reverse("admin:reviews_note_changelist"),
        reverse("admin:applications_application_change", args=[file.pk]),
    ):
        assert "A-t-elle monté elle-même ?" in text(claire.get(address))


def test_she_asks_in_her_own_words_from_its_page(question, file, coordinator, signed_in):
    claire = signed_in(coordinator)
    page = claire.get(note_url(question, "forward"))
    assert page.context["form"]["words"].value() == question.text
    empty = claire.post(note_url(question, "forward"), {"words": " "})
    assert list(empty.context["form"].errors) == ["words"]
    assert letters(file) == []
    answer = claire.post(note_url(question, "forward"), {"words": WORDS}, follow=True)
    assert [str(message) for message in answer.context["messages"]] == [
        "Le courriel part dans la minute. La réponse arrivera à l’adresse de la coordination."
    ]
    assert WORDS in text(answer)
    assert [kind for kind, _body in letters(file)] == ["reviews.more_information"]


def test_a_note_on_a_coordinator_s_own_file_is_for_somebody_else(question, file, coordinator, signed_in):
    herself = factories.make_coordinator(file.candidate)
    statuses = [
        [signed_in(person).get(note_url(question, act)).status_code for act in ("change", "forward")]
        for person in (coordinator, herself)
    ]
    assert statuses[0] == [200, 200]
    assert 200 not in statuses[1]


def test_a_note_is_put_away_by_one_click_and_only_coordinators_do(question, reviewer, coordinator, signed_in):
    assert signed_in(reviewer).post(note_url(question, "close")).status_code == 403
    assert signed_in(reviewer).get(note_url(question, "change")).status_code == 403
    signed_in(coordinator).post(note_url(question, "close"))
    question.refresh_from_db()
    assert question.state == "CLOSED"


def test_the_list_asks_as_much_for_one_note_as_for_three(file, question, reviewer, coordinator, signed_in):
    claire, counts = signed_in(coordinator), []
    for _more in range(2):
        with CaptureQueriesContext(connection) as asked:
            assert claire.get(reverse("admin:reviews_note_changelist")).status_code == 200
        counts.append(len(asked))
        for number in range(2):
            notes.write(file, reviewer, kind="FLAG", text=f"Note {number}")
    assert counts[0] == counts[1] <= 12

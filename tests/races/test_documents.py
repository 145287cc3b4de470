"""Files added, taken out and cleaned at the same instant."""

import threading
from functools import partial

import pytest
from django.db import connection, transaction
from django.utils import timezone

from applications import attachments, document_checks, papers, transitions
from applications.models import Application, Document, Draft
from lifecycle import journal
from lifecycle.models import JournalEntry
from notifications.models import Letter
from tests import factories
from tests import papers as make
from tests.races.threads import together

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 5
State = Document.State


def fresh(application: Application) -> Application:
    return Application.objects.select_related("cohort", "candidate").get(pk=application.pk)


def giving(application, asked, file):
    tab = fresh(application)
    return partial(attachments.attach, tab, asked, file, actor=tab.candidate)


def kinds(outcomes) -> list[str]:
    return sorted(type(outcome).__name__ for outcome in outcomes)


def written(application) -> list[int]:
    return papers.ids_in(Draft.objects.get(application=application).answers)


def test_of_two_uploads_at_the_limit_of_five_one_is_kept(cohort):
    for _round in range(ROUNDS):
        asked = make.ask(cohort, max_files=5)
        draft = factories.make_complete_draft(cohort)
        for _file in range(4):
            make.give(draft, asked)
        outcomes = together(giving(draft, asked, make.upload()), giving(draft, asked, make.upload()))
        assert kinds(outcomes) == ["Document", "Refusal"]
        assert len(written(draft)) == draft.documents.count() == 5


def test_a_double_click_adds_one_file(cohort):
    asked = make.ask(cohort, max_files=5)
    for _round in range(ROUNDS):
        draft, content = factories.make_complete_draft(cohort), make.pdf("Un CV")
        outcomes = together(*[giving(draft, asked, make.upload("cv.pdf", content)) for _click in range(4)])
        assert len({document.pk for document in outcomes}) == 1
        assert written(draft) == [outcomes[0].pk]
        assert draft.documents.count() == 1


def test_two_cleaners_on_one_row(cohort):
    asked = make.ask(cohort)
    for _round in range(ROUNDS):
        document = make.give(factories.make_complete_draft(cohort), asked)
        now = timezone.now()
        outcomes = together(*[partial(document_checks.clean_next, now=now)] * 2)
        assert sorted(outcome is not None for outcome in outcomes) == [False, True]
        document.refresh_from_db()
        assert (document.state, document.attempts) == (State.CLEAN, 1)
        lines = JournalEntry.objects.about(journal.ref(document)).filter(action="document.clean")
        assert lines.count() == 1


def test_two_cleaners_on_two_rows_take_one_each(cohort):
    asked = make.ask(cohort, max_files=2)
    draft = factories.make_complete_draft(cohort)
    mine = {make.give(draft, asked).pk, make.give(draft, asked).pk}
    outcomes = together(*[document_checks.clean_next] * 2)
    assert {document.pk for document in outcomes} == mine


def test_a_row_in_somebodys_hands_is_passed_over(cohort):
    asked = make.ask(cohort, max_files=2)
    draft = factories.make_complete_draft(cohort)
    first, second = make.give(draft, asked), make.give(draft, asked)
    is_held, is_done = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            Document.objects.select_for_update().get(pk=first.pk)
            is_held.set()
            assert is_done.wait(timeout=20)

    def clean():
        is_held.wait(timeout=20)
        try:
            return document_checks._claim(timezone.now())
        finally:
            is_done.set()

    _nothing, claimed = together(hold, partial(_within, 10, clean))
    assert claimed.pk == second.pk


def _within(seconds: int, act):
    """Rather an error than a wait that never ends."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = %s", [f"{seconds}s"])
    return act()


def test_taken_out_while_it_is_cleaned(cohort):
    asked = make.ask(cohort)
    for _round in range(ROUNDS):
        draft = factories.make_complete_draft(cohort)
        document = make.give(draft, asked)
        removing = partial(attachments.detach, fresh(draft), document, actor=draft.candidate)
        outcomes = together(document_checks.clean_next, removing)
        assert "Exception" not in "".join(kinds(outcomes))
        assert (written(draft), Document.objects.filter(pk=document.pk).exists()) == ([], False)
        document_checks.clean_next()


def test_sent_while_it_is_found_unusable(cohort):
    """Whichever comes first, she is told once, and what was sent holds the file only if she sent it in time."""
    asked = make.ask(cohort)
    for _round in range(ROUNDS):
        draft = factories.make_complete_draft(cohort)
        document = make.give(draft, asked, make.upload(content=make.locked_pdf()))
        tab = fresh(draft)
        together(document_checks.clean_next, partial(transitions.submit, tab, actor=tab.candidate))
        document.refresh_from_db()
        assert document.state == State.UNUSABLE
        is_sent = papers.last_sent(draft) == [document.pk]
        assert Draft.objects.filter(application=draft).exists() == is_sent
        letters = Letter.objects.filter(kind="applications.document_unusable", about=journal.ref(draft))
        assert letters.count() == 1

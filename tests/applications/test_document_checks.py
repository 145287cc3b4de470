"""The worker's part in documents: what it settles, what it leaves waiting, and what the candidate is told."""

import socket
import threading
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from applications import attachments, document_checks, drafting, papers, transitions
from applications.models import Application, Document, Draft
from applications.tasks import clean_documents
from documents import storage
from documents.reasons import Reason, Unavailable
from lifecycle import journal
from lifecycle.models import JournalEntry
from notifications.models import Letter
from tests import factories
from tests import papers as make

pytestmark = pytest.mark.django_db

State = Document.State


@pytest.fixture
def draft(cohort, candidate):
    return factories.make_complete_draft(cohort, candidate)


@pytest.fixture
def cv(cohort):
    return make.ask(cohort, "CV", max_files=2)


def is_stored(name: str) -> bool:
    return Path(settings.DOCUMENTS_ROOT, name).exists()


def letters(application) -> list[Letter]:
    return list(Letter.objects.filter(kind="applications.document_unusable", about=journal.ref(application)))


def locked():
    return make.upload("secret.pdf", make.locked_pdf())


def end_of(day) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(23, 59)))


# --- Settling -----------------------------------------------------------------------------------


def test_a_sound_file_is_rebuilt_under_another_name(draft, cv, now):
    document = make.give(draft, cv, make.upload("cv.pdf", make.pdf("Inès", pages=2)))
    raw = document.stored_name
    document_checks.clean_next(now=now)
    document.refresh_from_db()
    assert (document.state, document.pages, document.checked_at, document.is_scanned) == (State.CLEAN, 2, now, False)
    assert document.stored_name != raw
    assert (is_stored(raw), is_stored(document.stored_name)) == (False, True)
    with storage.open_(document.stored_name) as kept:
        content = kept.read()
    assert (content[:5], len(content)) == (b"%PDF-", document.size)
    assert document_checks.clean_next(now=now) is None
    told = JournalEntry.objects.about(journal.ref(document)).order_by("id").values_list("action", "actor")
    assert list(told) == [("document.received", journal.ref(draft.candidate)), ("document.clean", journal.CLOCK)]


def test_one_that_cannot_be_used_is_not_kept(draft, cv, now):
    document = make.give(draft, cv, locked())
    raw = document.stored_name
    document_checks.clean_next(now=now)
    document.refresh_from_db()
    assert (document.state, document.reason, document.stored_name) == (State.UNUSABLE, Reason.ENCRYPTED, "")
    assert not is_stored(raw)


def test_the_oldest_first_and_all_in_a_turn(draft, cv, cohort):
    first, second = make.give(draft, cv), make.give(draft, cv)
    assert document_checks.clean_next().pk == first.pk
    other = make.give(factories.make_complete_draft(cohort), cv)
    assert clean_documents() == 2
    settled = Document.objects.filter(pk__in=[second.pk, other.pk]).values_list("state", flat=True)
    assert set(settled) == {State.CLEAN}


def test_a_killed_worker_leaves_a_row_that_is_taken_up_again(draft, cv, now):
    document = make.give(draft, cv)
    document_checks._claim(now)  # and nothing more: it was killed
    assert document_checks.clean_next(now=now) is None
    assert document_checks.clean_next(now=now + document_checks.LEASE) is None
    assert document_checks.clean_next(now=now + document_checks.LEASE + timedelta(seconds=1)).pk == document.pk
    document.refresh_from_db()
    assert (document.state, document.attempts) == (State.CLEAN, 2)


def test_a_file_that_kills_three_workers_is_refused(draft, cv, now):
    document = make.give(draft, cv)
    for _kill in range(3):
        assert document_checks._claim(now).pk == document.pk
        now += document_checks.LEASE + timedelta(seconds=1)
    document_checks.clean_next(now=now)
    document.refresh_from_db()
    assert (document.state, document.reason) == (State.UNUSABLE, Reason.TOO_SLOW)
    assert len(letters(draft)) == 1


def test_a_file_taken_out_while_it_was_cleaned_is_kept_nowhere(draft, cv, now, django_capture_on_commit_callbacks):
    document = make.give(draft, cv)
    claimed = document_checks._claim(now)
    with django_capture_on_commit_callbacks(execute=True):
        attachments.detach(draft, document, actor=draft.candidate)
    folder = Path(settings.DOCUMENTS_ROOT)
    clean = folder / "clean.pdf"
    clean.write_bytes(make.pdf())
    before = {path for path in folder.rglob("*") if path.is_file()}
    found = document_checks.cleaning.Cleaned("application/pdf", 1, clean.stat().st_size)
    document_checks._found_clean(claimed, clean, found, now=now)
    assert {path for path in folder.rglob("*") if path.is_file()} == before
    clean.unlink()
    assert Document.objects.count() == 0


def test_a_row_whose_file_is_lost_is_told_as_broken(draft, cv):
    document = make.give(draft, cv)
    storage.forget(document.stored_name)
    document_checks.clean_next()
    document.refresh_from_db()
    assert (document.state, document.reason) == (State.UNUSABLE, Reason.BROKEN)


# --- The scanner --------------------------------------------------------------------------------


@pytest.fixture
def clamd(settings, tmp_path):
    """A scanner that answers each file with the words it is given; None: it hangs up."""
    server = socket.socket(socket.AF_UNIX)
    path = tmp_path / "clamd"
    server.bind(str(path))
    server.listen()
    settings.CLAMD_URL = f"unix://{path}"
    answers = ["stream: OK"]

    def serve():
        while True:
            try:
                connection, _peer = server.accept()
            except OSError:
                return
            with connection:
                received = connection.recv(65536)
                while received and not received.endswith(b"\0\0\0\0"):
                    received = connection.recv(65536)
                if answers[0]:
                    connection.sendall(answers[0].encode() + b"\0")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield answers
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join(timeout=5)


def test_a_scanned_file_says_so(draft, cv, clamd):
    document = make.give(draft, cv)
    document_checks.clean_next()
    document.refresh_from_db()
    assert (document.state, document.is_scanned) == (State.CLEAN, True)


def test_an_infected_file_is_refused(draft, cv, clamd):
    clamd[0] = "stream: Eicar-Test-Signature FOUND"
    document = make.give(draft, cv)
    document_checks.clean_next()
    document.refresh_from_db()
    assert (document.state, document.reason) == (State.UNUSABLE, Reason.INFECTED)


def test_a_scanner_that_does_not_answer_leaves_the_row_waiting(draft, cv, clamd):
    clamd[0] = None
    document = make.give(draft, cv)
    for _turn in range(5):
        with pytest.raises(Unavailable):
            document_checks.clean_next()
    assert clean_documents() == 0
    document.refresh_from_db()
    assert (document.state, document.attempts, document.claimed_at) == (State.RECEIVED, 0, None)
    clamd[0] = "stream: OK"
    assert clean_documents() == 1


# --- Telling the candidate ----------------------------------------------------------------------


def test_in_a_draft_a_letter_says_which_file_why_and_before_when(draft, cv, now):
    make.give(draft, cv, locked())
    document_checks.clean_next(now=now)
    [letter] = letters(draft)
    assert letter.to == draft.candidate.email
    assert letter.not_after == draft.cohort.closes_at
    assert letter.not_before == now + timedelta(minutes=10)
    assert "«\u00a0secret.pdf\u00a0» (CV)" in letter.body
    assert str(Reason.ENCRYPTED.label) in letter.body
    assert f"/candidature/{draft.reference}/etape/documents/" in letter.body
    assert draft.open_until is None


def test_a_file_taken_out_before_the_letter_leaves_is_not_told(draft, cv):
    document = make.give(draft, cv, locked())
    document_checks.clean_next()
    attachments.detach(draft, document, actor=draft.candidate)
    assert [letter.status for letter in letters(draft)] == [Letter.Status.CANCELLED]


def test_nothing_is_told_when_the_draft_cannot_be_sent_any_more(closed_cohort, candidate):
    draft = factories.make_complete_draft(closed_cohort, candidate)
    make.give(draft, make.ask(closed_cohort), locked())
    document_checks.clean_next()
    assert letters(draft) == []


def test_what_staff_type_is_staff_s_to_see(cohort, candidate, coordinator):
    typed = drafting.start_on_behalf(cohort, candidate, actor=coordinator)
    make.give(typed, make.ask(cohort), locked())
    document_checks.clean_next()
    assert letters(typed) == []


def sent_with(draft, asked, file):
    document = make.give(draft, asked, file)
    transitions.submit(draft, actor=draft.candidate)
    return document


def test_in_what_was_sent_a_letter_gives_three_days_and_opens_a_revision(closed_cohort, candidate, now):
    asked = make.ask(closed_cohort, is_required=True)
    draft = factories.make_complete_draft(closed_cohort, candidate)
    term = timezone.localdate(now) + timedelta(days=3)
    drafting.give_time(draft, until=now + timedelta(hours=1), actor="accounts.user:0", now=now)
    document = sent_with(draft, asked, locked())
    later = now + timedelta(hours=2)
    document_checks.clean_next(now=later)
    draft.refresh_from_db()
    term = end_of(timezone.localdate(later) + timedelta(days=3))
    assert (draft.state, draft.open_until, draft.is_open(later)) == (Application.State.SUBMITTED, term, True)
    assert papers.ids_in(Draft.objects.get(application=draft).answers) == [document.pk]
    [letter] = letters(draft)
    assert (letter.not_before, letter.not_after) == (later, term)
    assert "rouverte" in letter.body

    good = make.give(draft, asked)
    copy = transitions.submit(draft, actor=candidate, now=later)
    assert (copy.number, copy.content["documents"]) == (2, [good.pk])


def test_the_later_of_the_term_and_the_third_day(draft, cv, now):
    sent_with(draft, cv, locked())
    document_checks.clean_next(now=now)
    draft.refresh_from_db()
    assert (draft.open_until, draft.term) == (None, draft.cohort.closes_at)  # ten days from now: later than three
    assert Draft.objects.filter(application=draft).exists()
    assert letters(draft)[0].not_after == draft.cohort.closes_at
    assert document_checks._time_to_replace(draft, now) == draft.cohort.closes_at


@pytest.mark.parametrize(("days", "lasts"), [(1, 0), (2, 1), (3, 2), (4, 3), (5, 3)])
def test_never_after_the_cohort_has_started(closed_cohort, candidate, now, days, lasts):
    sent = factories.make_sent(closed_cohort, candidate)
    today = timezone.localdate(now)
    sent.cohort.starts_on = today + timedelta(days=days)
    assert document_checks._time_to_replace(sent, now) == end_of(today + timedelta(days=lasts))


def test_once_the_cohort_has_started_nothing_is_opened_nor_written(cohort, candidate, now):
    draft = factories.make_complete_draft(cohort, candidate)
    sent_with(draft, make.ask(cohort), locked())
    late = timezone.make_aware(datetime.combine(cohort.starts_on, time(0, 1)))
    document_checks.clean_next(now=late)
    assert (letters(draft), Draft.objects.count()) == ([], 0)
    assert Document.objects.get().state == State.UNUSABLE


def test_a_file_replaced_in_a_revision_is_not_told(draft, cv):
    document = sent_with(draft, cv, locked())
    drafting.take_back(draft, actor=draft.candidate)
    attachments.detach(draft, document, actor=draft.candidate)
    document_checks.clean_next()
    assert letters(draft) == []


def test_once_decided_nothing_is_opened_nor_written(closed_cohort, candidate):
    asked = make.ask(closed_cohort)
    draft = factories.make_complete_draft(closed_cohort, candidate)
    document = make.give(draft, asked, locked())
    transitions.submit(draft, actor=candidate, now=factories.within_call(closed_cohort))
    factories.decide(draft, outcome=Application.State.ACCEPTED)
    document_checks.clean_next()
    document.refresh_from_db()
    draft.refresh_from_db()
    assert (document.state, letters(draft)) == (State.UNUSABLE, [])
    assert (draft.open_until, Draft.objects.filter(application=draft).exists()) == (None, False)


def test_a_redacted_copy_that_cannot_be_used_is_staff_s_to_see(draft, cv, coordinator):
    document = sent_with(draft, cv, make.upload())
    make.clean_all()
    attachments.redact(document, locked(), actor=coordinator)
    make.clean_all()
    assert Document.objects.get(redacts=document).state == State.UNUSABLE
    assert letters(draft) == []


def test_two_unusable_files_are_two_letters(draft, cv):
    make.give(draft, cv, locked())
    make.clean_all()
    make.give(draft, cv, make.upload("autre.pdf", make.locked_pdf() + b"\n%%EOF\n"))
    make.clean_all()
    assert len(letters(draft)) == len({letter.key for letter in letters(draft)}) == 2

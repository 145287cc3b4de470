"""Documents when the machine fails: a full disk, a worker that is killed, files that go while they are looked at."""

import os
import resource
import tempfile
import time
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.urls import reverse

from applications import attachments, document_checks, orphans, tasks, transitions
from applications.models import Document
from documents import cleaning, scratch, storage
from documents.reasons import NotKept, Unavailable
from lifecycle import journal
from lifecycle.models import JournalEntry
from notifications.models import Letter
from tests import factories
from tests import papers as make
from tests.applications.reading import NBSP, problems, url

pytestmark = pytest.mark.django_db

State = Document.State
FULL = 300_000
HEAVY = make.pdf("CV") + b"%" * 600_000 + b"\n%%EOF"


@contextmanager
def full_disk():
    """No file grows beyond FULL bytes, whoever writes it: the kernel refuses the rest, as on a disk that is full."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (FULL, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def stored() -> set[str]:
    return set(orphans._names(storages["documents"]))


@pytest.fixture
def cv(cohort):
    return make.ask(cohort, "CV")


@pytest.fixture
def draft(cohort, candidate):
    return factories.make_complete_draft(cohort, candidate)


def fetched(browser, path: str) -> int:
    """The status of what is asked, downloaded to the end."""
    answer = browser.get(path)
    b"".join(answer.streaming_content if answer.streaming else [answer.content])
    return answer.status_code


def opened() -> int:
    return JournalEntry.objects.filter(action="document.opened").count()


# --- The disk ---------------------------------------------------------------------------------


def test_a_full_disk_is_a_sentence_next_to_the_box_and_leaves_nothing(draft, cv, hers):
    before = stored()
    with full_disk():
        answer = hers.post(url("documents", draft), {"asked": cv.pk, "file": make.upload("cv.pdf", HEAVY)})
    assert (answer.status_code, problems(answer)) == (
        503,
        [(f"#id_document_{cv.pk}", f"CV{NBSP}: {NotKept.sentence}")],
    )
    assert (Document.objects.count(), stored()) == (0, before)
    answer = hers.post(url("documents", draft), {"asked": cv.pk, "file": make.upload("cv.pdf", HEAVY)})
    assert (answer.status_code, Document.objects.count()) == (302, 1)


def test_a_file_of_any_size_is_read_without_the_disk(draft, cv, hers):
    heavy = make.pdf("CV") + b"%" * 4_000_000 + b"\n%%EOF"
    with full_disk():
        answer = hers.post(url("documents", draft), {"asked": cv.pk, "file": make.upload("cv.pdf", heavy)})
    assert answer.status_code == 503  # its page was reached, and told


def test_a_full_disk_on_the_way_to_a_redacted_copy(draft, cv, coordinator, signed_in):
    document = make.give(draft, cv)
    make.clean_all()
    transitions.submit(draft, actor=draft.candidate)
    path = reverse("admin:applications_application_redact", args=[draft.pk, document.token])
    claire, before = signed_in(coordinator), stored()
    with full_disk():
        answer = claire.post(path, {"file": make.upload("noir.pdf", HEAVY)})
    assert (answer.status_code, str(NotKept.sentence) in answer.content.decode()) == (422, True)
    assert (Document.objects.filter(redacts=document).count(), stored()) == (0, before)
    assert claire.post(path, {"file": make.upload("noir.pdf", HEAVY)}).status_code == 302


def test_a_worker_without_room_for_the_file_waits_and_blames_nobody(draft, cv, now):
    document = make.give(draft, cv, make.upload("cv.pdf", HEAVY), now=now)
    for _turn in range(document_checks.MAX_ATTEMPTS + 1):
        with full_disk(), pytest.raises(Unavailable):
            document_checks.clean_next()
    document.refresh_from_db()
    assert (document.state, document.attempts, document.claimed_at) == (State.RECEIVED, 0, None)
    assert Letter.objects.count() == 0
    assert tasks.clean_documents() == 1
    document.refresh_from_db()
    assert document.state == State.CLEAN


def test_a_worker_without_room_for_the_result_waits(draft, cv, monkeypatch):
    document = make.give(draft, cv)
    with monkeypatch.context() as patched:
        patched.setattr(cleaning, "MAX_RESULT", 10**18)
        assert tasks.clean_documents() == 0
    document.refresh_from_db()
    assert (document.state, document.attempts) == (State.RECEIVED, 0)
    assert tasks.clean_documents() == 1


# --- What is left, at night ---------------------------------------------------------------------


def test_what_a_killed_worker_left_on_its_machine_goes_at_night(now):
    left = Path(tempfile.mkdtemp(prefix=scratch._PREFIX))
    (left / "raw").write_bytes(b"the file of a stranger")
    tasks.forget_documents()
    assert left.exists()  # its worker may be at it
    yesterday = time.time() - orphans.UNTOUCHED.total_seconds() - 60
    os.utime(left, (yesterday, yesterday))
    with scratch.folder() as living:
        assert tasks.forget_documents() == 1
        assert Path(living).exists()
    assert not left.exists()


def test_a_stored_file_that_goes_while_the_night_looks_is_no_accident(now, monkeypatch):
    gone, old = (storage.keep(make.upload()) for _file in range(2))
    names = [gone, old]
    monkeypatch.setattr(orphans, "_names", lambda _storage: iter(names))
    storage.forget(gone)
    assert orphans.forget_files(now + timedelta(days=2)) == 1
    assert not storage.is_kept(old)


# --- Addresses ----------------------------------------------------------------------------------


@pytest.mark.parametrize("token", ["%00", "a%00", "%0a", "..", "é"])
def test_an_address_that_nobody_was_given(draft, cv, hers, token):
    document = make.give(draft, cv)
    make.clean_all()
    assert fetched(hers, reverse("applications:document", args=[document.token])) == 200
    assert hers.get(f"/candidature/documents/{token}/").status_code == 404
    assert hers.post(f"/candidature/{draft.reference}/documents/{token}/retirer/").status_code == 404


def test_the_journal_tells_of_what_was_opened_not_of_what_was_lost(draft, cv, coordinator, reviewer, signed_in):
    document = make.give(draft, cv)
    make.clean_all()
    transitions.submit(draft, actor=draft.candidate)
    redacted = attachments.redact(document, make.upload("noir.pdf"), actor=coordinator)
    make.clean_all()
    factories.assign(draft, reviewer)
    redacted.refresh_from_db()
    by_jury = reverse("admin:reviews_assignment_document", args=[draft.reference, redacted.token])
    by_staff = reverse("applications:document", args=[redacted.token])
    claire, nadia = signed_in(coordinator), signed_in(reviewer)
    assert (fetched(claire, by_staff), fetched(nadia, by_jury), opened()) == (200, 200, 2)
    storage.forget(redacted.stored_name)
    assert (fetched(claire, by_staff), fetched(nadia, by_jury), opened()) == (404, 404, 2)
    assert JournalEntry.objects.about(journal.ref(document)).filter(action="document.opened").count() == 2

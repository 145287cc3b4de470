"""The verbs of documents: what a draft holds, what is sent, what is deleted."""

import os
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import transaction

from applications import attachments, completeness, copies, drafting, orphans, papers, transitions
from applications.files import File
from applications.models import Document, Draft
from documents import storage
from documents.reasons import Reason, Unusable
from lifecycle import journal
from lifecycle.models import JournalEntry
from lifecycle.refusals import IllegalTransition, Refusal
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
    return make.ask(cohort, "CV", is_required=True)


@pytest.fixture
def book(cohort):
    return make.ask(cohort, "Portfolio", max_files=3)


def stored() -> set[str]:
    """The names of all that lies in private storage."""
    root = settings.DOCUMENTS_ROOT
    return {
        os.path.relpath(os.path.join(folder, name), root) for folder, _dirs, names in os.walk(root) for name in names
    }


@pytest.fixture(autouse=True)
def empty_storage():
    for name in stored():
        storage.forget(name)


def written(application) -> list[int]:
    return papers.ids_in(Draft.objects.get(application=application).answers)


def file_of(application) -> File:
    return File(application, Draft.objects.get(application=application))


def lines(document) -> list[str]:
    entries = JournalEntry.objects.about(journal.ref(document)).order_by("id")
    return list(entries.values_list("action", flat=True))


def letters(application) -> list[Letter]:
    return list(Letter.objects.filter(kind="applications.document_unusable", about=journal.ref(application)))


# --- Adding and taking out ----------------------------------------------------------------------


def test_a_file_given_waits_in_the_draft_and_in_storage(draft, cv):
    document = make.give(draft, cv, make.upload("Mon CV.PDF"))
    assert (document.name, document.state, document.content_type) == ("Mon CV.pdf", State.RECEIVED, "application/pdf")
    assert written(draft) == [document.pk]
    assert stored() == {document.stored_name}
    assert lines(document) == ["document.received"]


def test_the_same_file_twice_is_there_once(draft, cv, book):
    content = make.pdf("Un CV")
    first = make.give(draft, book, make.upload(content=content))
    again = make.give(draft, book, make.upload("copie.pdf", content))
    assert (first.pk, written(draft), stored()) == (again.pk, [first.pk], {first.stored_name})
    other = make.give(draft, cv, make.upload(content=content))  # as something else, it counts
    assert written(draft) == [first.pk, other.pk]


def test_what_is_of_no_use_at_first_sight_is_refused_and_leaves_nothing(draft, cv):
    with pytest.raises(Unusable) as refused:
        make.give(draft, cv, make.upload("lettre.txt", "Bonjour, je m’appelle Inès. ".encode() * 20))
    assert refused.value.reason == Reason.WORD
    assert (written(draft), stored(), Document.objects.count()) == ([], set(), 0)


def test_each_document_takes_so_many_files(draft, cv, book):
    make.give(draft, cv)
    with pytest.raises(Refusal, match="déjà un fichier ici"):
        make.give(draft, cv)
    for _file in range(3):
        make.give(draft, book)
    with pytest.raises(Refusal, match="déjà 3 fichiers ici"):
        make.give(draft, book)
    assert (len(written(draft)), len(stored())) == (4, 4)


def test_five_files_in_all(draft, cohort):
    asked = [make.ask(cohort, f"Papier {number}", max_files=2) for number in range(3)]
    for index in range(5):
        make.give(draft, asked[index // 2])
    with pytest.raises(Refusal, match="déjà cinq fichiers"):
        make.give(draft, asked[2])
    assert (len(written(draft)), len(stored())) == (5, 5)


def test_one_that_cannot_be_used_gives_up_its_place(draft, cv, django_capture_on_commit_callbacks):
    bad = make.give(draft, cv, make.upload(content=make.locked_pdf()))
    make.clean_all()
    with django_capture_on_commit_callbacks(execute=True):
        good = make.give(draft, cv)
    assert written(draft) == [good.pk]
    assert not Document.objects.filter(pk=bad.pk).exists()
    assert stored() == {good.stored_name}


def test_those_that_cannot_be_used_stay_as_long_as_there_is_room(draft, book):
    bad = make.give(draft, book, make.upload(content=make.locked_pdf()))
    make.clean_all()
    good = make.give(draft, book)
    assert written(draft) == [bad.pk, good.pk]


def test_a_file_taken_out_is_deleted(draft, cv, django_capture_on_commit_callbacks):
    document = make.give(draft, cv)
    with django_capture_on_commit_callbacks() as callbacks:
        attachments.detach(draft, document, actor=draft.candidate)
    assert (written(draft), Document.objects.count(), len(stored())) == ([], 0, 1)
    for callback in callbacks:  # the file goes once the row is gone for certain
        callback()
    assert stored() == set()
    assert lines(document) == [] or lines(document)[-1] == "document.removed"


def test_a_file_that_was_sent_stays_when_it_is_taken_out(draft, cv, django_capture_on_commit_callbacks):
    document = make.give(draft, cv)
    transitions.submit(draft, actor=draft.candidate)
    drafting.take_back(draft, actor=draft.candidate)
    with django_capture_on_commit_callbacks(execute=True):
        attachments.detach(draft, document, actor=draft.candidate)
    assert written(draft) == []
    assert papers.last_sent(draft) == [document.pk]
    assert (Document.objects.count(), stored()) == (1, {document.stored_name})


def test_a_rollback_leaves_no_row_and_the_night_takes_the_file(draft, cv, now):
    undone = transaction.atomic()
    undone.__enter__()
    make.give(draft, cv)
    undone.__exit__(ZeroDivisionError, ZeroDivisionError(), None)
    assert (written(draft), Document.objects.count(), len(stored())) == ([], 0, 1)
    assert orphans.forget_files(now) == 0  # it could be on its way
    assert orphans.forget_files(now + timedelta(days=2)) == 1
    assert stored() == set()


def test_nothing_is_added_once_sent(draft, cv):
    document = make.give(draft, cv)
    transitions.submit(draft, actor=draft.candidate)
    with pytest.raises(IllegalTransition):
        make.give(draft, cv)
    with pytest.raises(IllegalTransition):
        attachments.detach(draft, document, actor=draft.candidate)
    assert stored() == {document.stored_name}


def test_after_the_deadline_files_are_kept_and_nothing_is_sent(closed_cohort, candidate):
    asked = make.ask(closed_cohort)
    draft = factories.make_complete_draft(closed_cohort, candidate)
    document = make.give(draft, asked)
    assert written(draft) == [document.pk]
    with pytest.raises(drafting.CallClosed):
        transitions.submit(draft, actor=candidate)


# --- What is sent -------------------------------------------------------------------------------


def missing(application) -> list[tuple[str, str]]:
    return [(m.field, m.sentence) for m in completeness.missing(file_of(application))]


def test_a_required_document_is_missing_until_a_file_is_given(draft, cv, book):
    assert missing(draft) == [(f"document_{cv.pk}", "Ajoutez un fichier\u00a0: «\u00a0CV\u00a0».")]
    make.give(draft, cv)
    assert missing(draft) == []
    make.clean_all()
    assert missing(draft) == []


def test_one_that_cannot_be_used_does_not_count_and_is_named(draft, cv):
    make.give(draft, cv, make.upload("secret.pdf", make.locked_pdf()))
    make.clean_all()
    sentence = "«\u00a0secret.pdf\u00a0» ne peut pas servir\u00a0: ajoutez-en un autre («\u00a0CV\u00a0»)."
    assert missing(draft) == [(f"document_{cv.pk}", sentence)]


def test_sending_freezes_the_documents_in_the_words_of_the_day(draft, cv, book):
    mine = make.give(draft, cv, make.upload("cv.pdf"))
    bad = make.give(draft, book, make.upload("secret.pdf", make.locked_pdf()))
    make.clean_all()
    photo = make.give(draft, book, make.upload("photo.jpg", make.jpeg()))
    copy = transitions.submit(draft, actor=draft.candidate)
    cv.label = "Curriculum"
    cv.save()
    assert copy.content["documents"] == [mine.pk, photo.pk]
    assert bad.pk not in copy.content["documents"]
    assert copy.content["files"] == [
        {"label": "CV", "name": "cv.pdf", "sha256": mine.sha256},
        {"label": "Portfolio", "name": "photo.jpg", "sha256": photo.sha256},
    ]
    assert copies.checksum(copy.content) == copy.checksum


def test_a_revision_begins_with_what_was_sent_and_staff_see_what_was_sent(draft, cv, book):
    mine = make.give(draft, cv)
    transitions.submit(draft, actor=draft.candidate)
    drafting.take_back(draft, actor=draft.candidate)
    assert "files" not in Draft.objects.get(application=draft).answers
    photo = make.give(draft, book, make.upload("photo.jpg", make.jpeg()))
    assert (written(draft), papers.last_sent(draft)) == ([mine.pk, photo.pk], [mine.pk])
    transitions.submit(draft, actor=draft.candidate)
    assert papers.last_sent(draft) == [mine.pk, photo.pk]


def test_another_cohort_begins_without_the_documents_of_this_one(draft, cv, cohort, candidate):
    make.give(draft, cv)
    transitions.submit(draft, actor=candidate)
    other = factories.make_draft(factories.make_cohort("open"), candidate)
    answers = Draft.objects.get(application=other).answers
    assert (answers["project"], "documents" in answers, "files" in answers) == (
        factories.ANSWERS["project"],
        False,
        False,
    )
    later = factories.make_cohort("open")
    make.ask(later)
    assert file_of(factories.make_draft(later, candidate)).documents == []


# --- What is left behind ------------------------------------------------------------------------


def test_at_night_documents_that_nothing_holds_are_deleted(
    draft, cv, book, now, django_capture_on_commit_callbacks, cohort
):
    sent = make.give(draft, cv)
    transitions.submit(draft, actor=draft.candidate)
    drafting.take_back(draft, actor=draft.candidate)
    given_up = make.give(draft, book)
    drafting.drop_revision(draft, actor=draft.candidate)
    other = factories.make_complete_draft(cohort)
    in_a_draft = make.give(other, book)
    with django_capture_on_commit_callbacks(execute=True):
        assert orphans.forget_documents(now + timedelta(hours=23)) == 0  # younger than a day
        assert orphans.forget_documents(now + timedelta(days=2)) == 1
    assert set(Document.objects.values_list("pk", flat=True)) == {sent.pk, in_a_draft.pk}
    assert stored() == {sent.stored_name, in_a_draft.stored_name}
    assert given_up.stored_name not in stored()
    assert orphans.forget_files(now + timedelta(days=2)) == 0

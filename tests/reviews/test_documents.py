"""What the jury sees of documents: nothing, but the redacted copies that staff gave."""

import re

import pytest
from django.urls import reverse

from applications import attachments, drafting, transitions
from applications.models import Document
from documents import storage
from lifecycle import journal
from lifecycle.models import JournalEntry
from lifecycle.refusals import Refusal
from matching import falls
from tests import factories
from tests import papers as make

pytestmark = pytest.mark.django_db

NBSP = "\u00a0"


@pytest.fixture
def sent(cohort, candidate, reviewer):
    """Inès's file, with a CV whose name says who she is; it is Nadia's to read."""
    asked = make.ask(cohort, "CV")
    draft = factories.make_complete_draft(cohort, candidate)
    make.give(draft, asked, make.upload("CV Inès Belkacem.pdf"))
    make.clean_all()
    transitions.submit(draft, actor=candidate)
    factories.assign(draft, reviewer)
    return draft


@pytest.fixture
def document(sent):
    return Document.objects.get()


def redact(document, coordinator) -> Document:
    redacted = attachments.redact(document, make.upload("noir Inès.pdf"), actor=coordinator)
    make.clean_all()
    redacted.refresh_from_db()
    return redacted


def page(browser, application) -> str:
    shown = browser.get(reverse("admin:reviews_assignment_read", args=[application.reference])).content.decode()
    return " ".join(re.sub(r"<[^>]+>|&nbsp;", " ", shown).split())


def asks(browser, application, document) -> int | bytes:
    answer = browser.get(reverse("admin:reviews_assignment_document", args=[application.reference, document.token]))
    return b"".join(answer.streaming_content) if answer.status_code == 200 else answer.status_code


def bytes_of(document) -> bytes:
    with storage.open_(document.stored_name) as kept:
        return kept.read()


def opened(document) -> list[tuple[str, str]]:
    entries = JournalEntry.objects.about(journal.ref(document)).filter(action="document.opened")
    return list(entries.values_list("actor", "detail"))


def test_a_document_is_closed_in_a_blind_reading(sent, document, reviewer, signed_in):
    nadia = signed_in(reviewer)
    words = page(nadia, sent)
    assert "CV fermé : la lecture se fait à l’aveugle." in words
    assert "Belkacem" not in words
    assert asks(nadia, sent, document) == 404
    assert nadia.get(reverse("applications:document", args=[document.token])).status_code == 404


def test_a_redacted_copy_is_opened_and_the_journal_says_so(sent, document, reviewer, coordinator, signed_in):
    nadia, redacted = signed_in(reviewer), redact(document, coordinator)
    words = page(nadia, sent)
    assert "Ouvrir la version caviardée : CV" in words
    assert "Belkacem" not in words
    assert asks(nadia, sent, redacted) == bytes_of(redacted)
    assert asks(nadia, sent, document) == 404
    assert opened(document) == [(journal.ref(reviewer), "CV (version caviardée)")]


def test_it_is_downloaded_under_a_name_that_says_nothing_of_her(sent, document, reviewer, coordinator, signed_in):
    redacted = redact(document, coordinator)
    path = reverse("admin:reviews_assignment_document", args=[sent.reference, redacted.token])
    answer = signed_in(reviewer).get(path)
    assert b"".join(answer.streaming_content) == bytes_of(redacted)
    assert answer["Content-Disposition"] == f'attachment; filename="{sent.reference} CV.pdf"'


def test_a_redacted_copy_not_verified_yet_is_closed(sent, document, reviewer, coordinator, signed_in):
    nadia = signed_in(reviewer)
    redacted = attachments.redact(document, make.upload(), actor=coordinator)
    assert (asks(nadia, sent, redacted), "fermé" in page(nadia, sent)) == (404, True)
    make.clean_all()
    redacted.refresh_from_db()
    assert asks(nadia, sent, redacted) == bytes_of(redacted)


def test_a_new_copy_takes_the_place_of_the_one_before(
    sent, document, reviewer, coordinator, signed_in, django_capture_on_commit_callbacks
):
    nadia, first = signed_in(reviewer), redact(document, coordinator)
    with django_capture_on_commit_callbacks(execute=True):
        second = redact(document, coordinator)
    assert (asks(nadia, sent, first), asks(nadia, sent, second)) == (404, bytes_of(second))
    with pytest.raises(FileNotFoundError):
        storage.open_(first.stored_name)


def test_who_was_not_given_the_file_opens_nothing(
    sent, document, cohort, reviewer, coordinator, candidate, stranger, signed_in
):
    redacted = redact(document, coordinator)
    other = factories.make_reviewer(cohort)
    for person in (other, stranger, candidate, coordinator):
        assert asks(signed_in(person), sent, redacted) in (302, 403, 404)
    sent.assignments.all().delete()
    assert asks(signed_in(reviewer), sent, redacted) == 404
    factories.assign(sent, other)
    assert asks(signed_in(other), sent, redacted) == bytes_of(redacted)


def test_not_through_another_file_nor_once_withdrawn(sent, document, cohort, reviewer, coordinator, signed_in):
    redacted, nadia = redact(document, coordinator), signed_in(reviewer)
    other = factories.make_complete_draft(cohort)
    transitions.submit(other, actor=other.candidate)
    factories.assign(other, reviewer)
    assert asks(nadia, other, redacted) == 404
    assert asks(nadia, sent, redacted) == bytes_of(redacted)
    falls.withdraw_application(sent, actor=sent.candidate)
    assert asks(nadia, sent, redacted) == 404


def test_only_what_was_sent_last(sent, document, reviewer, coordinator, signed_in):
    redacted, nadia = redact(document, coordinator), signed_in(reviewer)
    drafting.take_back(sent, actor=sent.candidate)
    attachments.detach(sent, document, actor=sent.candidate)
    assert asks(nadia, sent, redacted) == bytes_of(redacted)
    transitions.submit(sent, actor=sent.candidate)
    assert (asks(nadia, sent, redacted), "Ses documents" in page(nadia, sent)) == (404, False)
    with pytest.raises(Refusal, match="dernière version envoyée"):
        attachments.redact(document, make.upload(), actor=coordinator)


# --- Staff --------------------------------------------------------------------------------------


def change(application) -> str:
    return reverse("admin:applications_application_change", args=[application.pk])


def redacting(document) -> str:
    return reverse("admin:applications_application_redact", args=[document.application_id, document.token])


def sheet(browser, application) -> str:
    shown = browser.get(change(application)).content.decode().partition('id="documents-title"')[2]
    return " ".join(re.sub(r"<[^>]+>|&nbsp;", " ", "<" + shown.partition("</section>")[0]).split())


def test_the_page_of_a_file_shows_what_was_sent(sent, document, coordinator, signed_in):
    claire = signed_in(coordinator)
    words = sheet(claire, sent)
    assert "CV CV Inès Belkacem.pdf Ouvrir" in words
    assert "1 page Fermé au jury. Donner une version caviardée" in words
    assert "Aucun antivirus n’est branché sur ce portail" in words
    claire_opens = claire.get(reverse("applications:document", args=[document.token]))
    assert b"".join(claire_opens.streaming_content) == bytes_of(document)
    assert "Document ouvert CV par Claire" in page_story(claire, sent)


def page_story(browser, application) -> str:
    shown = browser.get(change(application)).content.decode().partition('id="story-title"')[2]
    return " ".join(re.sub(r"<[^>]+>", " ", shown).split())


def test_with_a_scanner_nothing_is_said_of_it(sent, document, coordinator, signed_in, settings):
    settings.CLAMD_URL = "tcp://localhost:3310"
    assert "antivirus" not in sheet(signed_in(coordinator), sent)


def test_a_coordinator_gives_a_redacted_copy(sent, document, coordinator, signed_in):
    claire = signed_in(coordinator)
    assert claire.get(redacting(document)).status_code == 200
    empty = claire.post(redacting(document))
    assert (empty.status_code, empty.context["error"]) == (422, "Choisissez d’abord un fichier.")
    answer = claire.post(redacting(document), {"file": make.upload("noir.pdf")})
    assert (answer.status_code, answer.url) == (302, change(sent))
    assert "version caviardée en vérification" in sheet(claire, sent)
    make.clean_all()
    assert "Ouvrir la version caviardée" in sheet(claire, sent)
    actions = JournalEntry.objects.about(journal.ref(document)).values_list("action", flat=True)
    assert "document.redacted" in set(actions)


def test_a_redacted_copy_that_cannot_be_used_says_why(sent, document, coordinator, signed_in):
    claire = signed_in(coordinator)
    claire.post(redacting(document), {"file": make.upload("noir.pdf", make.locked_pdf())})
    make.clean_all()
    words = sheet(claire, sent)
    assert "version caviardée inutilisable" in words
    assert "protégé par un mot de passe" in words


def test_a_coordinator_does_not_redact_her_own(coordinator, signed_in):
    cohort = factories.make_cohort(max_age=60)
    asked = make.ask(cohort)
    draft = factories.make_complete_draft(cohort, coordinator)
    document = make.give(draft, asked)
    make.clean_all()
    transitions.submit(draft, actor=coordinator)
    answer = signed_in(coordinator).post(redacting(document), {"file": make.upload()})
    assert (answer.status_code, Document.objects.filter(redacts=document).count()) == (422, 0)
    assert answer.context["error"].startswith("C’est votre propre candidature")


def test_only_coordinators_redact_and_only_what_was_sent(sent, document, reviewer, candidate, coordinator, signed_in):
    for person in (reviewer, candidate):
        answer = signed_in(person).post(redacting(document), {"file": make.upload()})
        assert answer.status_code in (302, 403, 404)
    assert Document.objects.filter(redacts=document).count() == 0
    drafting.take_back(sent, actor=candidate)
    unsent = make.give(sent, make.ask(sent.cohort, "Lettre"))
    claire = signed_in(coordinator)
    assert claire.get(redacting(unsent)).status_code == 404
    assert claire.post(redacting(document), {"file": make.upload()}).status_code == 302

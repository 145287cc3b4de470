"""The step of documents as a browser without JavaScript sees it, and the door through which documents are opened."""

import re

import pytest
from django.urls import reverse

from applications import attachments, drafting, outline, tasklist, transitions
from applications.files import File
from applications.models import Document, Draft
from cohorts.models import DocumentAsked
from documents import storage
from documents.limits import MAX_SIZE
from documents.reasons import Reason
from lifecycle import journal
from lifecycle.models import JournalEntry
from portal import uploads
from tests import factories
from tests import papers as make
from tests.applications.reading import NBSP, problems, text_of, title, told, url
from tests.house.pages import Page

pytestmark = pytest.mark.django_db

State = Document.State


@pytest.fixture
def cv(cohort):
    return make.ask(cohort, "CV", hint="Une page suffit.", is_required=True)


@pytest.fixture
def book(cohort):
    return make.ask(cohort, "Portfolio", max_files=3)


@pytest.fixture
def draft(cohort, candidate):
    return factories.make_complete_draft(cohort, candidate)


def send(browser, draft, asked: DocumentAsked, file=None, **more):
    data = {"asked": asked.pk, **({"file": file} if file else {}), **more}
    return browser.post(url("documents", draft), data)


def sections(response) -> dict[int, str]:
    """The words of each document asked, by its number."""
    parts = re.findall(
        r'<section class="paper[^"]*" id="document-(\d+)".*?>(.*?)</section>', response.content.decode(), re.S
    )
    return {int(pk): " ".join(re.sub(r"<[^>]+>", " ", words).split()) for pk, words in parts}


def opened(document) -> list[str]:
    return list(
        JournalEntry.objects.about(journal.ref(document))
        .filter(action="document.opened")
        .values_list("actor", flat=True)
    )


# --- The step -----------------------------------------------------------------------------------


def test_the_page_says_what_is_asked(draft, cv, book, hers):
    page = hers.get(url("documents", draft))
    assert sections(page) == {
        cv.pk: "CV obligatoire Une page suffit. Choisir un fichier pour « CV » Ajouter à « CV »",
        book.pk: "Portfolio facultatif Choisir un fichier pour « Portfolio » 3 fichiers au plus ici. "
        "Ajouter à « Portfolio »",
    }
    read = Page(page.content.decode())
    assert (read.headings.count("h1"), read.unlabelled, read.doubled_ids) == (1, [], set())
    assert "PDF, JPEG ou PNG, 10 Mo au plus par fichier, 5 fichiers au plus en tout." in text_of(page)


def test_a_cohort_that_asks_none_has_no_such_step(draft, hers):
    assert hers.get(url("documents", draft)).status_code == 404
    assert hers.get(url("step", draft, "documents")).status_code == 404
    assert url("documents", draft) == url("step", draft, "documents")


def test_one_post_a_file_and_the_page_shows_what_stands(draft, cv, hers):
    answer = send(hers, draft, cv, make.upload("Mon CV.pdf", make.pdf(pages=2)))
    assert (answer.status_code, answer.url) == (302, f"{url('documents', draft)}#document-{cv.pk}")
    assert told(answer) == [f"«{NBSP}Mon CV.pdf{NBSP}» est ajouté. Nous le vérifions{NBSP}: vous pouvez continuer."]
    assert "Mon CV.pdf en vérification Retirer" in sections(hers.get(url("documents", draft)))[cv.pk]
    make.clean_all()
    page = hers.get(url("documents", draft))
    assert "Mon CV.pdf vérifié, 2 pages Retirer" in sections(page)[cv.pk]
    assert "Un seul fichier ici : retirez-le pour en mettre un autre." in sections(page)[cv.pk]
    assert "input" not in re.search(rf'id="document-{cv.pk}".*?</section>', page.content.decode(), re.S)[0].replace(
        '<input type="hidden"', ""
    )


def test_one_that_cannot_be_used_says_why_and_another_can_be_added(draft, cv, hers):
    send(hers, draft, cv, make.upload("secret.pdf", make.locked_pdf()))
    make.clean_all()
    words = sections(hers.get(url("documents", draft)))[cv.pk]
    assert "secret.pdf ne peut pas servir Retirer" in words
    assert " ".join(str(Reason.ENCRYPTED.label).split()) in words
    assert send(hers, draft, cv, make.upload("libre.pdf")).status_code == 302
    assert [document.name for document in Document.objects.all()] == ["libre.pdf"]


def errors(response) -> tuple[int, list[tuple[str, str]], list[str]]:
    shown = re.findall(r'id="id_document_\d+_error" data-error>(.*?)</p>', response.content.decode(), re.S)
    return response.status_code, problems(response), [re.sub(r"<[^>]+>", "", one) for one in shown]


def test_what_cannot_be_kept_is_told_next_to_the_box_and_at_the_head(draft, cv, book, hers):
    send(hers, draft, book, make.upload("photo.jpg", make.jpeg()))
    answer = send(hers, draft, cv, make.upload("cv.pdf", b""))
    sentence = str(Reason.EMPTY.label)
    assert errors(answer) == (
        422,
        [(f"#id_document_{cv.pk}", f"CV{NBSP}: {sentence}")],
        [f"Erreur{NBSP}: {sentence}"],
    )
    assert title(answer).startswith("Erreur")
    assert "photo.jpg en vérification" in sections(answer)[book.pk]  # what is there already is not lost
    assert 'aria-invalid="true"' in answer.content.decode()


def test_a_form_without_a_file_says_so(draft, cv, hers):
    sentence = "Choisissez d’abord un fichier, puis ajoutez-le."
    for data in ({"asked": cv.pk}, {}, {"asked": "x"}, {"asked": cv.pk, "file": "des mots"}):
        answer = hers.post(url("documents", draft), data)
        assert errors(answer)[:2] == (422, [(f"#id_document_{cv.pk}", f"CV{NBSP}: {sentence}")])


@pytest.mark.parametrize("size", [MAX_SIZE + 1, MAX_SIZE + 200_000, 3 * MAX_SIZE])
def test_a_file_too_large_is_told_and_not_kept(draft, cv, hers, size):
    big = make.upload("film.pdf", make.pdf() + b"\0" * (size - 700) + b"%%EOF")
    answer = send(hers, draft, cv, big)
    assert errors(answer)[1] == [(f"#id_document_{cv.pk}", f"CV{NBSP}: {Reason.TOO_LARGE.label}")]
    assert Document.objects.count() == 0


def test_two_files_of_which_the_second_is_too_large(draft, cv, hers):
    """Only the one named `file` counts; what is dropped after it does not take it away."""
    big = make.upload("film.pdf", b"\0" * (2 * MAX_SIZE))
    assert send(hers, draft, cv, make.upload("cv.pdf", make.pdf() + b"%" * 3_000_000 + b"\n%%EOF"), other=big).url
    assert Document.objects.get().name == "cv.pdf"


def test_a_body_far_too_large_is_not_even_read(draft, cv, hers, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_READ", 1_000_000)
    answer = send(hers, draft, cv, make.upload("film.pdf", make.pdf() + b"%" * 2_000_000 + b"%%EOF"))
    assert answer.status_code == 422
    assert Document.objects.count() == 0


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="cv.pdf"\r\n\r\n%PDF-1.4 cut',
        b'--x\r\nContent-Disposition: form-data; name="file"; filename=""\r\n\r\n\r\n--x--\r\n',
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="../../x.pdf"\r\n\r\nx\r\n--x--\r\n',
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n????\r\n--x--\r\n",
        b"\x00\xff" * 500,
    ],
)
def test_a_broken_body_is_never_a_failure(draft, cv, hers, body):
    answer = hers.generic("POST", url("documents", draft), body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code in (400, 422)
    answer = hers.generic("POST", url("documents", draft), body, content_type="multipart/form-data")
    assert answer.status_code in (400, 422)
    assert Document.objects.count() == 0


def test_a_file_is_taken_out(draft, cv, book, hers):
    send(hers, draft, cv, make.upload("cv.pdf"))
    document = Document.objects.get()
    path = url("remove_document", draft, document.token)
    assert hers.get(path).status_code == 405
    answer = hers.post(f"{path}?verifier")
    assert answer.url == f"{url('documents', draft)}?verifier#document-{cv.pk}"
    assert told(answer)[-1] == f"«{NBSP}cv.pdf{NBSP}» est retiré."
    assert Document.objects.count() == 0
    assert hers.post(path).url == url("documents", draft)  # the second click


def test_nobody_else_adds_or_takes_out(draft, cv, stranger, coordinator, signed_in, hers):
    send(hers, draft, cv)
    document = make.give(draft, cv)
    for person in (stranger, coordinator):
        browser = signed_in(person)
        assert send(browser, draft, cv, make.upload()).status_code == 404
        assert browser.post(url("remove_document", draft, document.token)).status_code == 404
    assert Document.objects.count() == 1
    assert hers.post(url("remove_document", draft, document.token)).status_code == 302
    assert Document.objects.count() == 0


def test_another_persons_document_is_not_taken_out_through_hers(draft, cv, hers, cohort):
    theirs = make.give(factories.make_draft(cohort), cv)
    hers.post(url("remove_document", draft, theirs.token))
    assert Document.objects.filter(pk=theirs.pk).exists()


def test_once_sent_the_page_leads_to_what_was_sent(draft, cv, hers):
    make.give(draft, cv)
    transitions.submit(draft, actor=draft.candidate)
    assert hers.get(url("documents", draft)).url == url("detail", draft)
    assert send(hers, draft, cv, make.upload()).url == url("detail", draft)


def test_staff_who_type_a_file_add_its_documents(cohort, candidate, coordinator, signed_in):
    asked = make.ask(cohort)
    typed = drafting.start_on_behalf(cohort, candidate, actor=coordinator)
    browser = signed_in(coordinator)
    assert send(browser, typed, asked, make.upload("scan.jpg", make.jpeg())).status_code == 302
    make.clean_all()
    document = Document.objects.get()
    assert asks(browser, document) == bytes_of(document)
    assert opened(document) == [journal.ref(coordinator)]


# --- The list, the page to check, the receipt ------------------------------------------------------


def progress(draft) -> str:
    tasks = tasklist.tasks(File(draft, Draft.objects.get(application=draft)))
    return next(str(t.progress.words) for _title, ts in tasks.groups for t in ts if t.step is outline.DOCUMENTS)


def test_the_task_list_tells_how_far_it_is(draft, book):
    assert progress(draft) == "facultatif"
    make.give(draft, book, make.upload(content=make.locked_pdf()))
    make.clean_all()
    assert progress(draft) == "facultatif"
    make.give(draft, book)
    assert progress(draft) == "fait"


def test_a_required_document_is_to_do(draft, cv):
    assert progress(draft) == "à faire"
    make.give(draft, cv)
    assert progress(draft) == "fait"


def test_a_required_document_left_out_keeps_from_sending(draft, cv, hers):
    answer = hers.post(url("submit", draft))
    assert answer.status_code == 422
    sentence = f"Ajoutez un fichier{NBSP}: «{NBSP}CV{NBSP}»."
    assert problems(answer) == [(f"{url('documents', draft)}?verifier#id_document_{cv.pk}", sentence)]


def test_the_pages_name_the_files(draft, cv, book, hers):
    make.give(draft, cv, make.upload("cv.pdf"))
    make.give(draft, book, make.upload("secret.pdf", make.locked_pdf()))
    make.clean_all()
    make.give(draft, book, make.upload("photo.jpg", make.jpeg()))
    check = text_of(hers.get(url("check", draft)))
    assert "CV cv.pdf Modifier" in check
    assert "Portfolio secret.pdf (ne peut pas servir, ne sera pas envoyé) photo.jpg Modifier" in check
    transitions.submit(draft, actor=draft.candidate)
    receipt = text_of(hers.get(url("detail", draft)))
    assert "CV cv.pdf" in receipt
    assert "Portfolio photo.jpg" in receipt
    assert "secret.pdf" not in receipt


# --- Opening ------------------------------------------------------------------------------------


def path_of(document) -> str:
    return reverse("applications:document", args=[document.token])


def asks(browser, document) -> int | bytes:
    """What she downloads, or the status of the refusal."""
    answer = browser.get(path_of(document))
    return b"".join(answer.streaming_content) if answer.status_code == 200 else answer.status_code


def bytes_of(document) -> bytes:
    document.refresh_from_db()
    with storage.open_(document.stored_name) as kept:
        return kept.read()


def test_she_opens_her_own_from_her_draft_and_from_what_she_sent(draft, cv, hers):
    document = make.give(draft, cv, make.upload("Mon CV.pdf"))
    make.clean_all()
    assert asks(hers, document) == bytes_of(document)
    answer = hers.get(path_of(document))
    assert len(b"".join(answer.streaming_content)) == document.size
    assert answer["Content-Disposition"] == 'attachment; filename="Mon CV.pdf"'
    assert (answer["X-Content-Type-Options"], answer["Content-Type"]) == ("nosniff", "application/pdf")
    assert "sandbox" in answer["Content-Security-Policy"]
    transitions.submit(draft, actor=draft.candidate)
    assert asks(hers, document) == bytes_of(document)
    assert opened(document) == []


def test_her_receipt_leads_to_them(draft, cv, book, hers):
    sent = make.give(draft, cv)
    make.clean_all()
    waits = make.give(draft, book, make.upload("book.pdf"))
    transitions.submit(draft, actor=draft.candidate)

    page = hers.get(draft.get_absolute_url())
    assert reverse("applications:document", args=[sent.token]) in page.content.decode()
    assert reverse("applications:document", args=[waits.token]) not in page.content.decode()
    assert "book.pdf, en vérification" in text_of(page)


def test_nobody_opens_one_that_is_not_verified(draft, cv, hers):
    document = make.give(draft, cv)
    answer = hers.get(path_of(document))
    assert answer.status_code == 404
    assert "en vérification" in text_of(answer)


def test_one_that_cannot_be_used_says_why(draft, cv, hers):
    document = make.give(draft, cv, make.upload(content=make.locked_pdf()))
    make.clean_all()
    answer = hers.get(path_of(document))
    assert answer.status_code == 404
    assert " ".join(str(Reason.ENCRYPTED.label).split()) in text_of(answer)


def test_one_whose_file_is_lost_is_a_sentence(draft, cv, hers):
    document = make.give(draft, cv)
    make.clean_all()
    document.refresh_from_db()
    storage.forget(document.stored_name)
    answer = hers.get(path_of(document))
    assert answer.status_code == 404
    assert "Nous ne le retrouvons pas." in text_of(answer)


def test_staff_open_what_was_sent_last_and_the_journal_says_so(draft, cv, book, coordinator, signed_in, hers):
    sent = make.give(draft, cv)
    claire = signed_in(coordinator)
    make.clean_all()
    assert asks(claire, sent) == 404  # a draft is nobody else's
    transitions.submit(draft, actor=draft.candidate)
    assert asks(claire, sent) == bytes_of(sent)
    assert opened(sent) == [journal.ref(coordinator)]
    drafting.take_back(draft, actor=draft.candidate)
    written = make.give(draft, book)
    make.clean_all()
    assert (asks(claire, written), asks(hers, written)) == (404, bytes_of(written))
    hers.post(url("remove_document", draft, sent.token))
    make.give(draft, cv)
    transitions.submit(draft, actor=draft.candidate)
    assert (asks(claire, sent), asks(hers, sent)) == (404, bytes_of(sent))
    assert asks(claire, written) == bytes_of(written)
    assert len(opened(sent)) == 1


def test_strangers_mentors_and_the_jury_open_nothing_here(
    draft, cv, stranger, mentor, reviewer, signed_in, client, hers
):
    document = make.give(draft, cv)
    make.clean_all()
    transitions.submit(draft, actor=draft.candidate)
    factories.assign(draft, reviewer)
    for person in (stranger, mentor, reviewer):
        assert asks(signed_in(person), document) == 404
    assert asks(client, document) == 302
    assert asks(hers, document) == bytes_of(document)


def test_a_candidate_has_no_use_for_the_copy_that_staff_redacted(draft, cv, coordinator, signed_in, hers):
    document = make.give(draft, cv)
    make.clean_all()
    transitions.submit(draft, actor=draft.candidate)
    redacted = attachments.redact(document, make.upload("noir.pdf"), actor=coordinator)
    claire = signed_in(coordinator)
    assert asks(claire, redacted) == 404  # not verified yet
    make.clean_all()
    assert (asks(hers, redacted), asks(claire, redacted)) == (404, bytes_of(redacted))
    assert opened(document) == [journal.ref(coordinator)]

"""What the page of a file tells its reader, in a cohort that reads blind and in one that does not."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.models import User
from applications import attachments
from applications import transitions as applications
from applications.models import Document
from cohorts.models import Cohort
from consents.models import Guardian
from documents import storage
from lifecycle import journal
from lifecycle.models import JournalEntry
from reviews import blind
from tests import brimful, factories
from tests import papers as make

pytestmark = pytest.mark.django_db

CONTACT = {name: brimful.IDENTITY[name] for name in ("address", "phone", "phone as kept", "postcode", "birth date")}
NEVER = CONTACT | brimful.FOR_COORDINATORS | {
    name: brimful.ANSWERS[name] for name in ("referent_name", "referent_email")
}  # fmt: skip
OPEN = {
    "name": "Zélie Kervadec-Ould, dossier ",
    "region": "La Réunion",
    "structure": brimful.ANSWERS["structure"],
    **brimful.LINKS,
}
"""What only a reading that is not blind shows."""


@pytest.fixture
def file(cohort, reviewer):
    """Zélie's file, filled to the brim and assigned to Nadia."""
    file = brimful.make(cohort)
    factories.assign(file, reviewer)
    return file


@pytest.fixture
def nadia(reviewer, signed_in):
    return signed_in(reviewer)


def page_of(file, browser):
    return browser.get(reverse("admin:reviews_assignment_read", args=[file.reference]))


def read_openly(cohort):
    Cohort.objects.filter(pk=cohort.pk).update(is_blind=False)


def test_a_blind_page_is_called_by_its_reference_and_names_nobody(file, nadia):
    page = page_of(file, nadia)
    assert f"<title>Dossier {file.reference} · " in page.content.decode()
    assert brimful.told(page, OPEN | NEVER | {"first name": "Zélie"}) == []


def test_a_page_that_is_not_blind_shows_who_where_and_what_and_no_way_to_reach_her(cohort, file, nadia):
    read_openly(cohort)
    page = page_of(file, nadia)
    assert brimful.told(page, OPEN) == list(OPEN)
    assert brimful.told(page, NEVER) == []
    assert 'href="https://vimeo.com/987654"' in page.content.decode()


def test_answers_and_questions_of_a_blind_reading_are_masked(cohort, reviewer, nadia):
    asked = factories.make_question(cohort, "Et Zélie, que filme-t-elle\u00a0?")
    person = factories.make_user("Zélie", "Kervadec", email="zk@example.org")
    told = {"background": "Zélie, de l’ESRA. <b>zk@example.org</b>", "questions": {str(asked.pk): "kervadec !"}}
    file = factories.make_sent(cohort, person, structure="ESRA Bretagne", **told)
    factories.assign(file, reviewer)
    words = page_of(file, nadia).content.decode()
    mark = '<mark class="masked">[{}]</mark>'
    assert f"{mark.format('nom masqué')}, de l’{mark.format('établissement masqué')}." in words
    assert f"&lt;b&gt;{mark.format('adresse masquée')}&lt;/b&gt;" in words
    assert "Et [nom masqué], que filme-t-elle" in words
    assert f"{mark.format('nom masqué')} !" in words
    read_openly(cohort)
    words = page_of(file, nadia).content.decode()
    assert "Zélie, de l’ESRA. &lt;b&gt;zk@example.org&lt;/b&gt;" in words
    assert "masked" not in words


# --- Documents ----------------------------------------------------------------------------------


@pytest.fixture
def document(cohort, candidate, reviewer, coordinator):
    """Inès's CV, verified, and its redacted copy."""
    draft = factories.make_complete_draft(cohort, candidate)
    document = make.give(draft, make.ask(cohort, "CV"), make.upload("CV Inès Belkacem.pdf"))
    make.clean_all()
    applications.submit(draft, actor=candidate)
    factories.assign(draft, reviewer)
    attachments.redact(document, make.upload("noir.pdf"), actor=coordinator)
    make.clean_all()
    return Document.objects.get(pk=document.pk)


def asks(browser, document):
    """The status, and the file with its name when it comes."""
    address = reverse("admin:reviews_assignment_document", args=[document.application.reference, document.token])
    answer = browser.get(address)
    if answer.status_code != 200:
        return answer.status_code
    return b"".join(answer.streaming_content), answer.headers["Content-Disposition"]


def kept(document) -> bytes:
    with storage.open_(document.stored_name) as file:
        return file.read()


def opened(document) -> list[tuple[str, str]]:
    entries = JournalEntry.objects.about(journal.ref(document)).filter(action="document.opened")
    return list(entries.values_list("actor", "detail"))


def test_a_blind_reading_opens_the_redacted_copy_alone(document, nadia):
    name = f'attachment; filename="{document.application.reference} CV.pdf"'
    assert asks(nadia, document.redacted) == (kept(document.redacted), name)
    assert asks(nadia, document) == 404


def test_a_reading_that_is_not_blind_opens_what_was_sent_and_the_journal_says_so(cohort, document, reviewer, nadia):
    read_openly(cohort)
    assert "Ouvrir" in page_of(document.application, nadia).content.decode()
    name = f'attachment; filename="{document.application.reference} CV.pdf"'
    assert asks(nadia, document) == (kept(document), name)
    assert asks(nadia, document.redacted) == 404
    assert opened(document) == [(journal.ref(reviewer), "CV")]
    Document.objects.filter(pk=document.pk).update(state="RECEIVED", checked_at=None)
    assert asks(nadia, document) == 404


# --- What identifies ----------------------------------------------------------------------------


def test_what_identifies_is_what_she_sent_her_account_and_who_signs_for_her(cohort, minor):
    file = factories.make_sent(
        cohort,
        minor,
        first_name="Lina-Rose",
        structure="Lycée Blériot",
        referent_name="M. Nguyen",
        referent_email="cpe@example.org",
        phone="+33612345678",
        postcode="35000",
    )
    User.objects.filter(pk=minor.pk).update(last_name="Duval")
    Guardian.objects.update(name="Samira Autrement", email="autre@example.org", phone="+33698765432")
    file.refresh_from_db()
    sent = file.copies.get().content
    found = blind.identifying(file)
    account = User.objects.get(pk=minor.pk)
    assert found.names == tuple(
        sorted(
            {
                (account.first_name, "Duval"),
                ("Lina-Rose", sent["last_name"]),
                ("", "M. Nguyen"),
                ("", sent["guardian_name"]),
                ("", "Samira Autrement"),
            }
        )
    )
    assert found.schools == ("Lycée Blériot",)
    assert found.emails == tuple(sorted({minor.email, "cpe@example.org", sent["guardian_email"], "autre@example.org"}))
    assert set(found.phones) == {"+33612345678", "+33698765432"}
    assert found.postcodes == ("35000",)
    assert found.born == minor.birth_date
    assert isinstance(found.born, date)

"""Giving documents from a phone: without scripts, one form a file; with them, while one waits, and through a tunnel."""

import pytest

from applications.models import Draft, SentCopy
from applications.tasks import clean_documents
from notifications.tasks import send_letters
from tests import factories
from tests import papers as make
from tests.journeys.visitor import PHONE, Visitor, letters_to
from tests.season import people

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

INES = people.INES.email
LOCKED = "Ce PDF est protégé par un mot de passe."


class Sender(Visitor):
    """Somebody with files, on the page of documents."""

    def slot(self, label: str):
        return self.page.get_by_role("region", name=label)

    def picks(self, label: str, *files: tuple[str, bytes]) -> "Sender":
        """Choose files for one document, as the phone's own window lets her."""
        kinds = {"pdf": "application/pdf", "jpg": "image/jpeg"}
        given = [{"name": name, "mimeType": kinds[name[-3:]], "buffer": content} for name, content in files]
        self.slot(label).locator("input[type=file]").set_input_files(given)
        return self

    def adds(self, label: str, name: str, content: bytes) -> "Sender":
        return self.picks(label, (name, content)).click(f"Ajouter à « {label} »")

    def reads_there(self, label: str, words: str, *, seconds: int = 8) -> "Sender":
        self.slot(label).filter(has_text=words).wait_for(timeout=seconds * 1000)
        return self

    def opens(self, name: str) -> str:
        """Open one of her own: it is downloaded, under this name."""
        with self.page.expect_download() as download:
            self.page.get_by_role("link", name=name).click()
        assert download.value.path().stat().st_size > 0
        return download.value.suggested_filename

    def forgive(self) -> None:
        """What the browser's console said of a connection that the test cut."""
        self.complaints = [c for c in self.complaints if "ERR_" not in c]


@pytest.fixture
def draft(live_server, settings):
    settings.SITE_URL = live_server.url
    cohort = factories.make_cohort("open")
    make.ask(cohort, "CV", hint="Une page suffit.", is_required=True)
    make.ask(cohort, "Portfolio", max_files=3)
    return factories.make_complete_draft(cohort, factories.make_person(people.INES))


@pytest.fixture
def meet(draft, live_server, browser):
    """`meet(**options)`: Inès signed in, on the page of documents."""
    met = []

    def _meet(**options):
        sender = Sender(browser, live_server.url, INES, **PHONE, **options)
        met.append(sender)
        sender.come_back(draft.candidate)
        return sender.go(f"/candidature/{draft.reference}/etape/documents/")

    yield _meet
    for sender in met:
        sender.close()


def names() -> list[str]:
    """What stands in the last copy that was sent."""
    return [said["name"] for said in SentCopy.objects.order_by("number").last().content["files"]]


def test_without_scripts(draft, meet):
    ines = meet(java_script_enabled=False)
    with ines.meets(422):
        ines.click("Ajouter à « CV »").reads_there("CV", "Choisissez d’abord un fichier, puis ajoutez-le.")
    ines.adds("CV", "Mon CV.pdf", make.pdf(pages=2)).reads("« Mon CV.pdf » est ajouté.")
    ines.adds("Portfolio", "affiche.jpg", make.jpeg()).reads_there("Portfolio", "en vérification")
    ines.adds("Portfolio", "carnet.pdf", make.locked_pdf())
    clean_documents()

    # A little later, two are verified, and the third says why it is not, and what to do.
    ines.page.reload()
    ines.look().reads_there("CV", "vérifié, 2 pages").reads_there("Portfolio", LOCKED)
    assert ines.opens("Mon CV.pdf") == "Mon CV.pdf"
    ines.click("Retirer « carnet.pdf »").adds("Portfolio", "carnet libre.pdf", make.pdf("Carnet"))
    assert LOCKED not in ines.words
    ines.follow("Revenir à la liste")
    assert ines.state_of("Vos documents") == "fait"
    ines.follow("Vérifier et envoyer").reads("carnet libre.pdf").click("Envoyer ma candidature")
    ines.reads("Votre candidature est envoyée")
    assert names() == ["Mon CV.pdf", "affiche.jpg", "carnet libre.pdf"]
    send_letters()
    assert len(letters_to(INES)) == 1  # the receipt: what the page told in time is not written


def test_while_one_waits_and_through_a_tunnel(draft, meet):
    ines = meet()
    works = [(f"{name}.jpg", make.jpeg(colour)) for name, colour in (("nuit", "#123456"), ("jour", "#fedcba"))]
    held = []
    ines.page.route("**/etape/documents/", lambda r: held.append(r) if r.request.method == "POST" else r.continue_())
    ines.picks("Portfolio", *works).reads_there("Portfolio", "en attente")
    ines.look()
    assert ines.page.evaluate("!dispatchEvent(new Event('beforeunload', { cancelable: true }))")

    # The first one is lost on its way: it is said, sent again, and there once.
    held.pop().abort()
    ines.reads_there("Portfolio", "Pas de connexion\u00a0: nouvel essai dans 3\u00a0s").forgive()
    ines.look()
    ines.page.unroute_all()
    ines.page.evaluate("dispatchEvent(new Event('online'))")
    ines.page.locator(".paper__file--going").first.wait_for(state="detached")
    ines.page.wait_for_function("!document.querySelector('.paper__file--going')")
    assert [document.name for document in draft.documents.all()] == ["nuit.jpg", "jour.jpg"]
    assert not ines.page.evaluate("!dispatchEvent(new Event('beforeunload', { cancelable: true }))")

    # What is verified, and what cannot be used, follow without a click.
    ines.picks("CV", ("secret.pdf", make.locked_pdf())).reads_there("CV", "en vérification")
    clean_documents()
    ines.reads_there("CV", LOCKED, seconds=12).reads_there("Portfolio", "vérifié").look()
    ines.picks("CV", ("cv.pdf", make.pdf())).reads_there("CV", "Un seul fichier ici")
    ines.look().follow("Continuer")
    assert len(Draft.objects.get().answers["documents"]) == 3


def test_a_full_disk_is_told_next_to_the_box(draft, meet):
    ines = meet()
    hidden = 'data-error="" hidden="">'
    page = ines.page.content().replace(hidden, "data-error>Nous n’arrivons pas à garder votre fichier.", 1)
    ines.page.route(
        "**/etape/documents/",
        lambda r: r.fulfill(status=503, body=page, content_type="text/html") if r.request.method == "POST" else None,
    )
    with ines.meets(503):
        ines.picks("CV", ("cv.pdf", make.pdf())).reads_there("CV", "Nous n’arrivons pas à garder votre fichier.")
    assert ines.page.locator(".paper__file--going").count() == 0

"""The jury's work as people live it: Nadia reads ten files at the keyboard, Claire draws lists and proposes, Moussa
confirms, the worker announces, and each candidate reads one answer.
"""

from dataclasses import dataclass

import pytest

from accounts.models import User
from applications.models import Application
from cohorts.first_criteria import FIRST_CRITERIA
from cohorts.models import Audience, Cohort, Criterion
from notifications.tasks import send_letters
from reviews import readings
from reviews.models import Decision, Line, Note, Recusal, Release, Review, Selection
from reviews.tasks import publish_decisions
from tests import factories
from tests.journeys.keyboard import AtTheKeyboard
from tests.journeys.test_whole_season import second_code
from tests.journeys.visitor import DESK, PHONE, Visitor, letters_to
from tests.season import people

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

STUDENT, SELF_TAUGHT, PUPIL = Audience.STUDENT, Audience.SELF_TAUGHT, Audience.PUPIL


@dataclass(frozen=True)
class Wish:
    """Somebody who applied, and what two readers will think of her file: Nadia by criterion, Tuan on the whole."""

    first_name: str
    audience: str
    gender: str
    nadia: str
    tuan: int
    age: int = 22

    @property
    def email(self) -> str:
        return f"{self.first_name.lower().translate(str.maketrans('ïèéë', 'ieee'))}@example.org"


KNOWN, WORRYING, STRONG, MOVED = "Rachid", "Oriane", "Inès", "Camille"
"""Whom Nadia knows, of whom she tells the coordination, about whom she writes, and whom Claire moves by hand."""
WISHES = (
    Wish(STRONG, STUDENT, "WOMAN", "5555", 5),
    Wish("Awa", SELF_TAUGHT, "WOMAN", "5545", 5),
    Wish("Thaïs", STUDENT, "WOMAN", "5444", 4),
    Wish("Bilal", SELF_TAUGHT, "MAN", "4445", 4),
    Wish("Lina", PUPIL, "WOMAN", "4333", 3, age=16),
    Wish("Noé", PUPIL, "MAN", "3333", 3, age=16),
    Wish(WORRYING, STUDENT, "WOMAN", "3332", 3),
    Wish(MOVED, SELF_TAUGHT, "NON_BINARY", "3222", 3),
    Wish("Yanis", STUDENT, "MAN", "2222", 2),
    Wish("Maël", SELF_TAUGHT, "MAN", "1222", 2),
    Wish(KNOWN, STUDENT, "MAN", "", 1),
)
PLACES, WAITING = 4, 3
COMMENT = "Une voix, tout de suite. On voit le film."
FLAG = "Cette personne dit qu’elle perd son logement."
WHY = "Une promesse de stage vient d’arriver : elle attend depuis deux ans."


class Reader(AtTheKeyboard):
    """Nadia, who has no mouse: a pointer on her pages is a complaint."""

    in_columns = True

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.page.add_init_script("addEventListener('pointerdown', () => console.error('a mouse'), true)")

    def skip(self):
        """The admin's own first stop leads past its header too."""
        if self.focus.tag == "body" and "#" not in self.page.url:
            link = self.tab()
            assert link.name in ("Aller au contenu", "Passer au contenu principal")
            self.press("Enter")
            assert self.focus.tag == "main"
        return self

    @property
    def reference(self) -> str:
        """Of the file that she has before her."""
        return self.heading.removeprefix("Dossier ")

    def score(self, marks: str) -> None:
        """One key a criterion: each leads to the next, the last one to the button."""
        for mark in marks:
            self.press(mark)
        assert "Donner mon avis" in self.focus.name

    def give(self) -> None:
        """`n`: the opinion is given, and the next file is there."""
        with self.page.expect_navigation():
            self.press("n")
        self.look()

    def comment(self, words: str) -> None:
        self.press("c")
        assert self.focus.tag == "textarea"
        self.page.keyboard.type(words)
        self.press("Escape")
        self.page.get_by_text("Enregistré à").wait_for()

    def unfold(self, name: str) -> None:
        self.reach(name, tags=("summary",))
        self.press("Enter")


@pytest.fixture
def cohort(db) -> Cohort:
    """A closed call, four criteria, two readings a file, blind; one coordinator proposes, another one confirms."""
    factories.make_trades(3)
    found = factories.make_cohort("closed", places=PLACES, needs_two_people=True)
    found.criteria.all().delete()
    Criterion.objects.bulk_create(Criterion(cohort=found, **criterion) for criterion in FIRST_CRITERIA)
    return found


@pytest.fixture
def files(cohort) -> dict[str, Application]:
    """By first name. Tuan has read them all; Nadia has them before her."""
    nadia = factories.make_reviewer(cohort, factories.make_person(people.NADIA))
    tuan = factories.make_reviewer(cohort, factories.make_user("Tuan", "Phan"))
    sent = {}
    for wish in WISHES:
        person = factories.make_user(wish.first_name, "Untel", email=wish.email, age=wish.age)
        said = {"audience": wish.audience, "gender": wish.gender}
        sent[wish.first_name] = file = factories.make_sent(cohort, person, **said)
        factories.make_reading(file, tuan, score=wish.tuan)
        factories.assign(file, nadia)
    return sent


@pytest.fixture
def visitor(live_server, browser, settings):
    """`visitor(email, kind, **options)`: a browser of her own, closed at the end."""
    settings.SITE_URL, met = live_server.url, []

    def meet(email: str, kind=Visitor, **options):
        met.append(kind(browser, live_server.url, email, **{**DESK, **options}))
        return met[-1]

    yield meet
    for person in met:
        person.close()


def enter_the_admin(person: Visitor) -> Visitor:
    person.go("/admin/").sign_in()
    return person.write("Code de l’application", second_code()).click("Entrer")


# --- Nadia reads --------------------------------------------------------------------------------


def read_everything(nadia: Reader, files: dict[str, Application]) -> list[str]:
    """From the first page of the admin to the last file, by keys; the first names in the order she met them."""
    enter_the_admin(nadia).follow("Dossiers à lire").follow("Commencer la lecture")
    by_reference = {str(file.reference): wish for wish in WISHES for file in [files[wish.first_name]]}
    met = []
    while "/admin/reviews/assignment/" in nadia.page.url and nadia.heading.startswith("Dossier "):
        wish = by_reference[nadia.reference]
        assert [secret for secret in (wish.first_name, "Untel", wish.email) if secret in nadia.words] == []
        met.append(wish.first_name)
        if wish.first_name == KNOWN:
            stand_aside(nadia)
            continue
        if wish.first_name == WORRYING:
            tell_the_coordination(nadia)
        nadia.score(wish.nadia)
        if wish.first_name == STRONG:
            nadia.comment(COMMENT)
        nadia.give()
    return met


def stand_aside(nadia: Reader) -> None:
    address = nadia.page.url
    nadia.unfold("Je connais cette personne")
    nadia.click("Ne pas lire ce dossier")
    with nadia.meets(404):
        nadia.page.goto(address)
    nadia.page.go_back()
    nadia.look()


def tell_the_coordination(nadia: Reader) -> None:
    nadia.unfold("À signaler à la coordination")
    nadia.tab()
    nadia.page.keyboard.type(FLAG)
    nadia.click("Signaler")
    nadia.reads("Vous avez signalé")


def test_ten_files_with_the_keyboard_alone(files, visitor):
    nadia = visitor(people.NADIA.email, Reader)
    met = read_everything(nadia, files)

    assert sorted(met) == sorted(files)
    assert "Merci pour votre lecture" in nadia.words
    given = Review.objects.filter(reviewer__email=people.NADIA.email).select_related("application__candidate")
    marks = {
        review.application.candidate.first_name: "".join(str(score.value) for score in review.scores.all())
        for review in given.prefetch_related("scores")
    }
    assert marks == {wish.first_name: wish.nadia for wish in WISHES if wish.nadia}
    assert given.get(application=files[STRONG]).comment == COMMENT
    assert Recusal.objects.get().application == files[KNOWN]
    assert list(Note.objects.values_list("kind", "text", "application")) == [("FLAG", FLAG, files[WORRYING].pk)]


# --- Claire and Moussa decide -------------------------------------------------------------------


@pytest.fixture
def read(files) -> dict[str, Application]:
    """The same files once Nadia has read hers."""
    nadia = User.objects.get(email=people.NADIA.email)
    for wish in WISHES:
        if wish.nadia:
            scores = dict(zip(files[wish.first_name].cohort.criteria.all(), map(int, wish.nadia), strict=True))
            factories.give(files[wish.first_name], nadia, {criterion.pk: mark for criterion, mark in scores.items()})
    return files


def composed(claire: Visitor, cohort: Cohort, *, pupils: str) -> Selection:
    claire.go("/admin/reviews/selection/").follow(cohort.name).follow("Composer une liste")
    claire.write("Places à donner", str(PLACES)).write("Longueur de la liste d’attente", str(WAITING))
    claire.write("Lycéen·nes", pupils).click("Composer")
    return Selection.objects.latest("number")


def accepted(selection: Selection) -> list[str]:
    lines = selection.lines.filter(outcome=Decision.Outcome.ACCEPTED)
    return sorted(lines.values_list("application__candidate__first_name", flat=True))


def test_two_lists_two_people_one_announcement(cohort, read, visitor):
    claire, moussa = visitor(people.CLAIRE.email), visitor("moussa@example.org")
    factories.make_coordinator(factories.make_person(people.CLAIRE))
    factories.make_coordinator(factories.make_user("Moussa", "Keïta", email=moussa.email))
    send_letters()
    received = {wish.email: len(letters_to(wish.email)) for wish in WISHES}

    chosen = decide_on_a_list(enter_the_admin(claire), cohort, read)
    release = propose_and_confirm(claire, enter_the_admin(moussa), cohort)
    ines = visitor(files_of(read, STRONG).email, **PHONE).come_back(files_of(read, STRONG))
    ines.go("/mon-espace/")
    assert "Une place vous attend" not in ines.words
    publish_decisions()
    send_letters()

    release.refresh_from_db()
    assert release.state == Release.State.DONE
    states = dict(Application.objects.values_list("candidate__first_name", "state"))
    assert states == outcomes(chosen)
    assert {wish.email: len(letters_to(wish.email)) - received[wish.email] for wish in WISHES} == {
        wish.email: 1 for wish in WISHES
    }
    read_the_answers(ines, read, visitor)
    read_the_minutes(claire, release)


def files_of(files: dict[str, Application], name: str) -> User:
    return files[name].candidate


def decide_on_a_list(claire: Visitor, cohort: Cohort, files: dict[str, Application]) -> Selection:
    """Two drafts side by side; the second one, with a file moved by hand, is adopted."""
    free = composed(claire, cohort, pupils="")
    assert accepted(free) == ["Awa", "Bilal", "Inès", "Thaïs"]
    bound = composed(claire, cohort, pupils="2")
    assert accepted(bound) == ["Awa", "Inès", "Lina", "Noé"]
    claire.reads("Ce que coûtent les bornes").page.get_by_role("link", name="la liste 1", exact=True).click()
    claire.reads("2 entrent").reads("2 sortent").look()

    claire.follow("Liste 2").follow(f"Déplacer {files[MOVED].reference}")
    claire.page.get_by_role("radio", name="Liste d’attente").check()
    claire.write("Place parmi les dossiers de cette décision", "1")
    claire.page.get_by_label("Pourquoi").first.fill(WHY)
    claire.click("Déplacer").reads(WHY)
    moved = Line.objects.get(selection=bound, application=files[MOVED])
    assert (moved.outcome, moved.rank, moved.moved_reason) == ("WAITLISTED", PLACES + 1, WHY)

    claire.follow("Retenir cette liste").click("Retenir la liste 2")
    bound.refresh_from_db()
    assert (bound.state, Decision.objects.pending().count()) == (Selection.State.ADOPTED, len(WISHES))
    return bound


def outcomes(selection: Selection) -> dict[str, str]:
    return dict(selection.lines.values_list("application__candidate__first_name", "outcome"))


def propose_and_confirm(claire: Visitor, moussa: Visitor, cohort: Cohort) -> Release:
    """Nothing starts before the second person has read the whole."""
    claire.follow("Publier…").reads("Ce qui partira").reads("sous réserve")
    claire.click(f"Proposer l’annonce de ces {len(WISHES)} décisions").reads("une annonce attend d’être confirmée")
    release = Release.objects.get()
    assert release.state == Release.State.PROPOSED
    assert "Confirmer l’annonce" not in claire.words

    send_letters()
    assert len(letters_to(moussa.email)) == 1
    moussa.go("/admin/").follow("Sélection").follow(cohort.name).follow("Ouvrir l’annonce").reads("Claire Marchand")
    moussa.click(f"Confirmer l’annonce de ces {len(WISHES)} décisions")
    release.refresh_from_db()
    assert (release.state, release.confirmed_by.first_name) == (Release.State.RUNNING, "Moussa")
    return release


def read_the_answers(ines: Visitor, files: dict[str, Application], visitor) -> None:
    """Each kind of answer, on a telephone."""
    ines.go("/mon-espace/").reads("Une place vous attend")
    for name, words in (
        ("Lina", "sous réserve"),
        (MOVED, "La liste d’attente suit un ordre"),
        ("Maël", "ne l’a pas retenue"),
    ):
        person = files_of(files, name)
        visitor(person.email, **PHONE).come_back(person).go("/mon-espace/").reads(words)


def read_the_minutes(claire: Visitor, release: Release) -> None:
    """From the announcement to its minutes: what a person moved, why, and a checksum that holds."""
    claire.go(f"/admin/reviews/release/annonces/{release.pk}/").reads("décisions annoncées")
    claire.follow("Lire le procès-verbal").reads("empreinte vérifiée")
    said = claire.words
    assert release.minutes.checksum in said
    assert [words for words in (WHY, "Claire Marchand", "Moussa Keïta", "2 lycéen·nes") if words not in said] == []
    assert [person for person in ("Untel", *(wish.email for wish in WISHES)) if person in said] == []


def test_a_second_press_on_n_gives_nothing_about_the_next_file(cohort, visitor):
    """Whoever presses twice has the next file before her already, and may have scored it all the day before."""
    reader = factories.make_reviewer(cohort, factories.make_person(people.NADIA))
    two = [factories.make_sent(cohort) for _file in range(2)]
    for file in two:
        factories.assign(file, reader)
        readings.save_draft(file, reader, scores=factories.alike(cohort, 4), comment="")
    nadia = enter_the_admin(visitor(people.NADIA.email, Reader)).follow("Dossiers à lire")
    nadia.follow("Commencer la lecture")
    first = nadia.reference
    again = "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'n', bubbles: true}))"
    nadia.page.add_init_script(f"addEventListener('load', () => {again})")
    nadia.page.wait_for_timeout(700)
    nadia.give()
    nadia.page.wait_for_timeout(700)
    assert nadia.reference != first
    assert [str(review.application.reference) for review in Review.objects.all()] == [first]
    with nadia.page.expect_navigation():
        nadia.press("n")
    assert Review.objects.count() == 2

"""Many mentors at once: what a line says, what it would do, and that importing does exactly that, once."""

import random
import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from cohorts.models import Partner, Trade
from documents.tables import TableRefused
from lifecycle.models import JournalEntry
from lifecycle.refusals import Refusal
from mentors import tasks
from mentors.importing import inviting, pasted
from mentors.models import IMPORT_KEPT, MentorImport, MentorProfile, Practice, Seniority
from notifications.models import Letter
from tests import factories
from tests.mentors.lists import actions, checked, faults, table

pytestmark = pytest.mark.django_db
State = MentorProfile.State
IMPORT = reverse("admin:mentors_mentorprofile_import")


@pytest.fixture
def netflix():
    return Partner.objects.create(name="Netflix")


# --- A pasted list ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Léa Roche <lea@example.org>", ("Léa", "Roche", "lea@example.org")),
        ("Anne Le Goff <anne@example.org>", ("Anne", "Le Goff", "anne@example.org")),
        ("LE GOFF Anne <anne@example.org>", ("Anne", "LE GOFF", "anne@example.org")),
        ('"Roche, Léa" <mailto:lea@example.org>', ("Léa", "Roche", "lea@example.org")),
        ("Léa\tRoche\tlea@example.org", ("Léa", "Roche", "lea@example.org")),
        ("Léa;Roche;lea@example.org", ("Léa", "Roche", "lea@example.org")),
        ("lea@example.org;Léa;Roche", ("Léa", "Roche", "lea@example.org")),
        ("Léa Roche, lea@example.org", ("Léa", "Roche", "lea@example.org")),
        ("Léa Roche lea@example.org", ("Léa", "Roche", "lea@example.org")),
        ("lea@example.org", (None, None, "lea@example.org")),
        ("Léa Roche", ("Léa", "Roche", None)),
    ],
)
def test_a_line_is_read_in_the_forms_people_paste(line, said):
    ((_number, words),) = pasted.read(line)[0]
    assert (words.get("first_name"), words.get("last_name"), words.get("email")) == said


def test_people_that_a_mail_program_put_on_one_line():
    lines, _unknown = pasted.read("Léa Roche <lea@example.org>; Omar Sy <omar@example.org>,\n\nZoé B <z@example.org>")
    assert [(number, words["email"]) for number, words in lines] == [
        (1, "lea@example.org"),
        (1, "omar@example.org"),
        (3, "z@example.org"),
    ]


def test_lines_copied_from_a_spreadsheet_keep_their_titles():
    lines, unknown = pasted.read("Prenom\tNOM\tCourriel\tSigne astral\nLéa\tRoche\tlea@example.org\tlion")
    assert lines == [(2, {"first_name": "Léa", "last_name": "Roche", "email": "lea@example.org"})]
    assert unknown == ["Signe astral"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (" \n", "Il n’y a personne dans cette liste."),
        ("e-mail;nom\na@example.org;A", "il y manque «\u00a0prénom\u00a0»"),
        ("e-mail;prénom;nom;Courriel\na@b.fr;A;B;c", "La colonne «\u00a0e-mail\u00a0» est là deux fois"),
        ("e-mail;prénom;nom", "Il n’y a aucune ligne sous les titres"),
    ],
)
def test_a_list_that_cannot_be_read_says_why(text, sentence):
    with pytest.raises((Refusal, TableRefused)) as refused:
        pasted.read(text)
    assert sentence in refused.value.sentence


# --- What is wrong is named ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "value", "column", "expected"),
    [
        ("e-mail", "lea.example.org", "e-mail", "une adresse complète, comme prenom.nom@exemple.fr"),
        ("prénom", "", "prénom", "son prénom"),
        ("prénom", "http://x", "prénom", "son prénom, en lettres"),
        ("nom", "=1+1", "nom", "son nom, en lettres"),
        ("places", "12", "places", "un nombre de 1 à 5"),
        ("à distance", "peut-être", "à distance", "oui ou non"),
        ("mineur·es", "bof", "mineur·es", "oui ou non"),
        ("région", "Bretange", "région", "vouliez-vous dire «\u00a0Bretagne\u00a0»"),
        ("région", "Narnia", "région", "une région, ou un département\u00a0; «\u00a0Narnia\u00a0» n’en est pas"),
        ("métiers", "Montage image, perchee", "métiers", "vouliez-vous dire «\u00a0Perche\u00a0»"),
        ("métiers", "Son", "métiers", "«\u00a0Son\u00a0» en est une famille (Prise de son, Perche,"),
        ("métiers", "dentiste", "métiers", "«\u00a0dentiste\u00a0» n’en est pas"),
        (
            "ancienneté",
            "longtemps",
            "ancienneté",
            "un nombre d’années, ou l’une de ces durées\u00a0: moins de 3\u00a0ans, de",
        ),
        ("ancienneté", "12 ans", "ancienneté", "des métiers sur la même ligne"),
        ("langues", "klingon", "langues", "des langues parmi celles-ci"),
        ("partenaire", "Netflics", "partenaire", "vouliez-vous dire «\u00a0Netflix\u00a0»"),
        ("fonction", "x" * 121, "fonction", "120 signes au plus"),
    ],
)
def test_a_wrong_cell_is_named(coordinator, netflix, cell, value, column, expected):
    said = {"prénom": "Léa", "nom": "Roche", "e-mail": "lea@example.org"} | {cell: value}
    one = checked("\n".join([";".join(said), ";".join(f'"{v}"' for v in said.values())]), coordinator)
    ((number, where, what, words),) = faults(one)
    assert (number, where, what) == (2, column, value[:120])
    assert expected in words
    assert ("vouliez-vous dire" in words) == ("vouliez-vous dire" in expected)


def test_names_of_things_are_read_however_they_are_typed(coordinator, netflix):
    header = "PRENOM;Nom;Adresse e-mail;Metiers;Region;a distance;Langues;Mineurs;Partenaire;Nombre de places"
    line = 'Léa;Roche; LEA@Example.org ;"montage IMAGE ; prise de son";75;Oui;"LSF, Francais";x;netflix;2'
    one = checked(f"{header}\n{line}", coordinator)
    assert faults(one) == []
    inviting.import_(one, actor=coordinator)
    mentor = MentorProfile.objects.get(person__email="lea@example.org")
    assert [trade.slug for trade in mentor.trades.all()] == ["prise-de-son", "montage"]
    told = (mentor.region, mentor.accepts_remote, mentor.languages, mentor.accompanies_minors, mentor.wished_capacity)
    assert told == ("IDF", True, ["fr", "fsl"], True, 2)
    assert (mentor.partner, mentor.state) == (netflix, State.INVITED)


def test_the_same_person_twice_is_invited_once(coordinator):
    one = checked("Léa Roche <lea@example.org>\nL. Roche <LEA@example.org>", coordinator)
    assert actions(one) == ["invite", "wrong"]
    assert "elle est déjà à la ligne 1" in faults(one)[0][3]


def test_a_closed_account_is_not_invited(coordinator, stranger):
    assert actions(checked(f"Sami Diallo <{stranger.email}>", coordinator)) == ["invite"]
    User.objects.filter(pk=stranger.pk).update(is_active=False)
    one = checked(f"Sami Diallo <{stranger.email}>", coordinator)
    assert (actions(one), "celui-ci est fermé" in faults(one)[0][3]) == (["wrong"], True)


# --- What a line does ---------------------------------------------------------------------------


def test_checking_writes_to_nobody(coordinator):
    people, letters = User.objects.count(), Letter.objects.count()
    checked("Léa Roche <lea@example.org>", coordinator)
    assert (User.objects.count(), Letter.objects.count(), MentorProfile.objects.count()) == (people, letters, 0)


def test_somebody_new_gets_an_account_a_profile_and_the_letter(coordinator, signed_in):
    one = checked(table("Léa;Roche;lea@example.org;Montage image;Bretagne;;3"), coordinator)
    assert inviting.import_(one, actor=coordinator)
    mentor = MentorProfile.objects.get(person__email="lea@example.org")
    letter = Letter.objects.get(key=f"mentor:{mentor.pk}:invited")
    assert (letter.to, letter.status, "Bonjour Léa" in letter.body) == ("lea@example.org", "QUEUED", True)
    lines = JournalEntry.objects.filter(target=f"mentors.mentorprofile:{mentor.pk}")
    assert list(lines.values_list("action", "target_state")) == [("mentorprofile.invited", "INVITED")]
    assert signed_in(mentor.person).get(reverse("mentors:profile")).status_code == 200
    assert not mentor.person.has_usable_password()


def test_one_invited_alone_and_one_of_a_list_get_the_same(coordinator):
    from mentors import transitions

    alone = transitions.invite("a@example.org", first_name="Léa", last_name="Roche", actor=coordinator)
    inviting.import_(checked("Léa Roche <b@example.org>", coordinator), actor=coordinator)
    listed = MentorProfile.objects.get(person__email="b@example.org")
    bodies = [Letter.objects.get(key=f"mentor:{mentor.pk}:invited").body for mentor in (alone, listed)]
    assert bodies[0] == bodies[1]
    for name in ("state", "employer", "accepts_remote", "accompanies_minors", "languages"):
        assert getattr(alone, name) == getattr(listed, name)
    assert [list(m.person.emailaddress_set.values_list("primary", "verified")) for m in (alone, listed)] == [
        [(True, False)]
    ] * 2


def test_importing_twice_changes_nothing_and_sends_nothing(coordinator, netflix):
    text = table("Léa;Roche;lea@example.org;Montage image;Bretagne;Netflix;3", "Omar;Sy;omar@example.org;;;;")
    inviting.import_(checked(text, coordinator), actor=coordinator)
    before = _everything()
    again = checked(text, coordinator)
    assert actions(again) == ["same", "same"]
    inviting.import_(again, actor=coordinator)
    assert _everything() == before


def _everything():
    entries = JournalEntry.objects.exclude(action="mentorimport.applied")
    return (
        list(MentorProfile.objects.order_by("pk").values()),
        list(Practice.objects.order_by("pk").values()),
        list(Letter.objects.order_by("pk").values()),
        list(User.objects.order_by("pk").values()),
        entries.count(),
    )


def test_what_was_not_said_yet_is_filled_in_and_an_empty_cell_erases_nothing(coordinator, netflix):
    header = "prénom;nom;e-mail;fonction;employeur;métiers;partenaire"
    inviting.import_(
        checked(f"{header}\nLéa;Roche;lea@example.org;monteuse;Rosa;Montage image;", coordinator),
        actor=coordinator,
    )
    one = checked(f"{header}\nLéa;Roche;lea@example.org;;Studio Rosa;Mixage;Netflix", coordinator)
    assert actions(one) == ["fill_in"]
    assert one.plan[0]["told"] == [
        "employeur\u00a0: Rosa → Studio Rosa",
        "métiers\u00a0: Montage image → Mixage",
        "partenaire\u00a0: – → Netflix",
    ]
    inviting.import_(one, actor=coordinator)
    mentor = MentorProfile.objects.get()
    assert (mentor.position, mentor.employer, mentor.partner) == ("monteuse", "Studio Rosa", netflix)
    assert [trade.name for trade in mentor.trades.all()] == ["Mixage"]
    assert Letter.objects.filter(kind="mentors.invited").count() == 1


@pytest.mark.parametrize("state", [State.APPLIED, State.APPROVED, State.PAUSED])
def test_what_somebody_said_of_herself_stands(coordinator, netflix, state):
    mentor = factories.make_mentor(state=state)
    email, before = mentor.person.email, (mentor.employer, mentor.region, mentor.person.first_name)
    text = f"prénom;nom;e-mail;employeur;région;partenaire\nX;Y;{email};Autre;Corse;Netflix"
    one = checked(text, coordinator)
    assert (actions(one), len(one.plan[0]["told"])) == (["fill_in"], 2)
    inviting.import_(one, actor=coordinator)
    mentor = MentorProfile.objects.get()
    assert (mentor.employer, mentor.region, mentor.person.first_name) == before
    assert (mentor.partner, mentor.state) == (netflix, state)
    assert actions(checked(text, coordinator)) == ["known"]
    assert not Letter.objects.filter(kind="mentors.invited").exists()


@pytest.mark.parametrize("state", [State.DECLINED, State.LEFT])
def test_who_was_declined_or_left_is_not_written_to(coordinator, netflix, state):
    mentor = factories.make_mentor(state=state)
    one = checked(table(f"X;Y;{mentor.person.email};;;Netflix;"), coordinator)
    assert actions(one) == ["known"]
    inviting.import_(one, actor=coordinator)
    mentor.refresh_from_db()
    assert (mentor.partner, mentor.state, Letter.objects.filter(kind="mentors.invited").count()) == (None, state, 0)


def test_a_candidate_is_invited_under_the_name_she_gave(coordinator, candidate):
    name = candidate.get_full_name()
    one = checked(f"Autre Nom <{candidate.email}>", coordinator)
    assert one.plan[0]["told"] == [f"a déjà un compte, au nom de {name}"]
    inviting.import_(one, actor=coordinator)
    candidate.refresh_from_db()
    assert (candidate.get_full_name(), candidate.mentor_profile.state) == (name, State.INVITED)


def test_a_candidate_of_a_season_under_way_is_named_not_invited(coordinator, closed_cohort):
    ines, sami = factories.make_confirmed(closed_cohort).candidate, factories.make_rejected(closed_cohort).candidate
    one = checked(table(*(f"A;B;{one.email};;;;" for one in (ines, sami))), coordinator)
    assert (actions(one), [fault[:3] for fault in faults(one)]) == (["wrong", "invite"], [(2, "e-mail", ines.email)])


# --- Between the check and the click ------------------------------------------------------------


def test_when_something_changed_nothing_is_done_and_it_is_told(coordinator, netflix):
    one = checked(table("Léa;Roche;lea@example.org;;;Netflix;", "Omar;Sy;omar@example.org;;;;"), coordinator)
    Partner.objects.filter(pk=netflix.pk).update(name="Netflix France")
    assert inviting.import_(one, actor=coordinator) is False
    one.refresh_from_db()
    assert (actions(one), [line["has_changed"] for line in one.plan]) == (["wrong", "invite"], [True, False])
    assert not MentorProfile.objects.exists()
    assert inviting.import_(one, actor=coordinator) is True
    assert [mentor.person.email for mentor in MentorProfile.objects.all()] == ["omar@example.org"]


def test_the_same_list_is_imported_once(coordinator):
    one = checked("Léa Roche <lea@example.org>", coordinator)
    inviting.import_(one, actor=coordinator)
    with pytest.raises(Refusal, match="déjà été importée"):
        inviting.import_(MentorImport.objects.get(), actor=coordinator)
    assert Letter.objects.count() == 1


def test_nothing_is_left_of_what_was_typed(coordinator, now):
    one, other = checked("Léa Roche <lea@example.org>", coordinator), checked("Omar Sy <o@example.org>", coordinator)
    inviting.import_(one, actor=coordinator)
    one.refresh_from_db()
    assert (one.lines, one.plan, one.invited) == ([], [], 1)
    MentorImport.objects.filter(pk=other.pk).update(made_at=now - IMPORT_KEPT)
    with pytest.raises(Refusal, match="plus d’un jour"):
        inviting.import_(other, actor=coordinator)
    assert tasks.forget_imports() == 1
    assert list(MentorImport.objects.all()) == [one]


def test_a_mistake_in_the_middle_leaves_nothing_half_done(coordinator, monkeypatch):
    one = checked("Léa Roche <lea@example.org>\nOmar Sy <omar@example.org>", coordinator)

    def broken(*_args, **_kwargs):
        raise RuntimeError("the machine stops here")

    with monkeypatch.context() as patched:
        patched.setattr(inviting.journal, "record_each", broken)
        with pytest.raises(RuntimeError):
            inviting.import_(one, actor=coordinator)
    assert (MentorProfile.objects.count(), User.objects.filter(email="lea@example.org").count()) == (0, 0)
    assert inviting.import_(MentorImport.objects.get(), actor=coordinator)
    assert MentorProfile.objects.count() == 2


# --- Five hundred, sixty of them wrong ----------------------------------------------------------


def five_hundred() -> tuple[str, dict[int, str]]:
    """A table of 500 lines, and the column that is wrong in each of sixty."""
    rng = random.Random(50)
    trades = [trade.name for trade in Trade.objects.all()]
    wrong_ways = [
        ("e-mail", 2, "pas-une-adresse"),
        ("prénom", 0, ""),
        ("métiers", 3, "chef de rien"),
        ("région", 4, "Narnia"),
        ("partenaire", 5, "Personne"),
        ("places", 6, "beaucoup"),
    ]
    lines, wrong = [], {}
    chosen = set(rng.sample(range(500), 60))
    for n in range(500):
        cells = [
            f"Prénom{n}".replace("0", "o"),
            "Nom",
            f"mentor{n}@example.org",
            rng.choice(trades),
            "Bretagne",
            "",
            "2",
        ]
        if n in chosen:
            column, place, value = wrong_ways[n % len(wrong_ways)]
            cells[place] = value
            wrong[n + 2] = column
        lines.append(";".join(cells))
    return table(*lines), wrong


def test_five_hundred_mentors_sixty_of_them_wrong(coordinator, netflix):
    text, wrong = five_hundred()
    began = time.perf_counter()
    with CaptureQueriesContext(connection) as checking:
        one = checked(text, coordinator)
    took_checking, began = time.perf_counter() - began, time.perf_counter()
    assert {number: column for number, column, _v, _e in faults(one)} == wrong
    assert (actions(one).count("invite"), actions(one).count("wrong")) == (440, 60)
    with CaptureQueriesContext(connection) as importing:
        inviting.import_(one, actor=coordinator)
    took_importing = time.perf_counter() - began
    assert (MentorProfile.objects.count(), Letter.objects.filter(kind="mentors.invited").count()) == (440, 440)
    assert (len(checking), len(importing)) == (7, 20)
    assert (took_checking < 5, took_importing < 10) == (True, True)
    before = _everything()
    again = checked(text, coordinator)
    assert (actions(again).count("same"), actions(again).count("wrong")) == (440, 60)
    inviting.import_(again, actor=coordinator)
    assert _everything() == before


def test_a_long_list_asks_as_few_queries_as_a_short_one(coordinator, netflix):
    header = "prénom;nom;e-mail;métiers;région;partenaire;places;ancienneté"
    few = table(*(f"Léa;Roche;l{n}@example.org;Mixage;Bretagne;Netflix;2;5" for n in range(3)), header=header)
    many = table(*(f"Léa;Roche;m{n}@example.org;Mixage;Bretagne;Netflix;2;5" for n in range(60)), header=header)
    counted = []
    for text in (few, many):
        with CaptureQueriesContext(connection) as queries:
            inviting.import_(checked(text, coordinator), actor=coordinator)
            again = text.replace("Mixage", "Perche").replace(";2;", ";3;")
            inviting.import_(checked(again, coordinator), actor=coordinator)
        counted.append(len(queries))
    assert counted[0] == counted[1]
    assert MentorProfile.objects.filter(wished_capacity=3, trades__slug="perche").count() == 63
    assert Practice.objects.filter(seniority=Seniority.SETTLED).count() == 63

"""Rules known beforehand: who should not read what."""

import pytest

from consents.models import Guardian
from reviews import ties
from reviews.models import ReaderProfile, Recusal
from tests import factories

Reason = Recusal.Reason


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Lycée Jean Moulin", "LYCÉE JEAN-MOULIN"),
        ("Lycée Jean-Moulin, Béziers", "lycee Jean Moulin"),
        ("Lycée polyvalent Jean Moulin", "Lycée général et technologique Jean Moulin"),
        ("Jean Moulin (Béziers)", "LP Jean Moulin"),
        ("Université Paris 8", "Paris VIII"),
        ("Université Paris 8 Vincennes – Saint-Denis", "Fac de Paris 8"),
        ("ENS Louis-Lumière", "École nationale supérieure Louis Lumière"),
        ("La Fémis", "Femis"),
        ("Ecole Kourtrajmé", "Kourtrajmé Montfermeil"),
        ("Les Films du Canal", "Films du Canal SARL"),
        ("École de cinéma", "école de cinema"),
        ("Cœur d’Hérault", "Coeur d'Herault"),
    ],
)
def test_two_ways_to_write_one_place(one, other):
    assert ties.same_place(ties.place(one), ties.place(other))
    assert ties.same_place(ties.place(other), ties.place(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Lycée Jean Moulin", "Lycée Jean Zay"),
        ("Lycée Paul-Valéry", "Université Paul-Valéry"),
        ("Université Paris 8", "Université Paris 1"),
        ("Université Paris 8", "Université de Paris"),
        ("Université de Paris", "École Kourtrajmé Paris"),
        ("Mission locale de Montreuil", "Lycée de Montreuil"),
        ("École de cinéma", "École de cinéma documentaire de Lussas"),
        ("Lycée professionnel", "Lycée professionnel Jean Moulin"),
    ],
)
def test_two_places(one, other):
    assert ties.same_place(ties.place(one), ties.place(one))
    first, second = ties.place(one), ties.place(other)
    assert first is None or not (ties.same_place(first, second) or ties.same_place(second, first))


@pytest.mark.parametrize("name", ["", "  ", "—", "le", "Lycée", "SARL"])
def test_a_name_that_says_nothing_is_no_place(name):
    assert ties.place("Lycée Jean Moulin") is not None
    assert ties.place(name) is None


def test_addresses_are_found_however_they_are_written():
    text = "Zoé Petit <zoe.petit@example.org>, paul@exemple.fr; MARIE@Example.org.\nrien ici @ non\nlea@example.org"
    assert ties.addresses_in(text) == {
        "zoe.petit@example.org",
        "paul@exemple.fr",
        "marie@example.org",
        "lea@example.org",
    }


# --- Against the files ----------------------------------------------------------------------------


@pytest.fixture
def file(db):
    candidate = factories.make_user("Zélie", "Kervadec", email="zelie@example.org")
    application = factories.make_sent(candidate=candidate)
    application.structure, application.referent_name = "Lycée Jean-Moulin (Béziers)", "Mme Rosa Berger"
    application.referent_email = "Rosa.Berger@example.org"
    application.save()
    return application


@pytest.fixture
def reader(db):
    return factories.make_user("Nadia", "Benali", email="nadia@example.org")


def says(reader, **fields):
    ReaderProfile.objects.update_or_create(person=reader, defaults=fields)


def test_nothing_ties_people_who_have_nothing_in_common(file, reader):
    assert ties.tie_between(file, reader) == ""
    says(reader, schools="Lycée Jean Zay\nLa Fémis", employers="Les Films du Canal", addresses="paul@example.org")
    assert ties.tie_between(file, reader) == ""


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"schools": "La Fémis\n lycée jean moulin \n"}, Reason.SCHOOL),
        ({"employers": "Lycée Jean Moulin"}, Reason.EMPLOYER),
        ({"addresses": "Zélie, ma voisine <ZELIE@example.org>"}, Reason.ADDRESS),
        ({"addresses": "rosa.berger@example.org"}, Reason.ADDRESS),
    ],
)
def test_what_a_reader_says_of_herself_closes_the_file_to_her(file, reader, fields, reason):
    says(reader, **fields)
    assert ties.tie_between(file, reader) == reason


def test_a_representative_is_one_of_those_she_may_have_named(reader, minor):
    file = factories.make_sent(candidate=minor)
    guardian = Guardian.objects.filter(authorisation__person=minor).first()
    assert ties.tie_between(file, reader) == ""
    says(reader, addresses=guardian.email.upper())
    assert ties.tie_between(file, reader) == Reason.ADDRESS


def test_nobody_reads_her_own_file(file):
    assert ties.tie_between(file, file.candidate) == Reason.OWN


@pytest.mark.parametrize(
    "changes", [{"referent_email": "NADIA@example.org"}, {"referent_email": "", "referent_name": "M. Benali  NADIA"}]
)
def test_the_referent_does_not_read_the_file(file, reader, changes):
    for name, value in changes.items():
        setattr(file, name, value)
    file.save()
    assert ties.tie_between(file, reader) == Reason.ADDRESS


def test_a_first_name_alone_ties_nobody(file):
    reader = factories.make_user("Rosa", "")
    file.referent_name = "Rosa"
    file.save()
    assert ties.tie_between(file, reader) == ""


def test_a_whole_cohort_takes_as_many_queries_as_one_file(file, reader, django_assert_num_queries):
    factories.make_sent(file.cohort)
    with django_assert_num_queries(2):
        assert len(ties.facts_of(file.cohort.applications.select_related("candidate"))) == 2

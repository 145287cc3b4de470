"""Coordinators' pages to invite many mentors at once."""

from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.html import escape

from accounts.models import User
from cohorts.models import Partner
from mentors.importing import columns, inviting, planning, template
from mentors.models import MentorImport, MentorProfile
from notifications.models import Letter
from tests import factories
from tests.mentors.test_importing import actions, checked, table

pytestmark = pytest.mark.django_db
IMPORT = reverse("admin:mentors_mentorprofile_import")


@pytest.fixture
def netflix():
    return Partner.objects.create(name="Netflix")


@pytest.fixture
def claire(signed_in, coordinator):
    return signed_in(coordinator)


def upload(content: bytes, name="liste.csv") -> dict:
    return {"pasted": "", "file": SimpleUploadedFile(name, content)}


def test_from_a_pasted_list_to_invitations(claire):
    page = claire.post(IMPORT, {"pasted": "Léa Roche <lea@example.org>\nOmar <omar>"}, follow=True)
    text = page.content.decode()
    assert ("Importer la ligne juste" in text, "il faut une adresse complète" in text) == (True, True)
    assert not MentorProfile.objects.exists()
    done = claire.post(page.request["PATH_INFO"], follow=True).content.decode()
    assert ("1 invitation est partie." in done, "lea@example.org" in done) == (True, False)
    assert MentorProfile.objects.get().person.email == "lea@example.org"
    again = claire.post(page.request["PATH_INFO"], follow=True).content.decode()
    assert "Cette liste a déjà été importée" in again
    assert Letter.objects.filter(kind="mentors.invited").count() == 1


def test_the_hint_shows_the_brackets_around_an_address(claire):
    assert "Prénom Nom &lt;adresse&gt;" in claire.get(IMPORT).content.decode()


def test_a_workbook_made_from_the_template_is_read(claire, netflix):
    model = claire.get(reverse("admin:mentors_mentorprofile_import_template"))
    book = openpyxl.load_workbook(BytesIO(model.content))
    assert book.sheetnames == ["Mentor·es", "Mode d’emploi"]
    sheet = book["Mentor·es"]
    sheet.append([str(value) for value in {**template.EXAMPLE, "partner": "Netflix"}.values()])
    file = BytesIO()
    book.save(file)
    page = claire.post(IMPORT, upload(file.getvalue(), "liste.xlsx"), follow=True)
    assert "Inviter 1 personne" in page.content.decode()
    claire.post(page.request["PATH_INFO"])
    mentor = MentorProfile.objects.get()
    assert (mentor.person.get_full_name(), mentor.partner, mentor.region) == ("Léa Roche", netflix, "BRE")


def test_the_csv_template_has_the_columns_an_import_knows(claire):
    model = claire.get(reverse("admin:mentors_mentorprofile_import_csv"))
    titles = model.content.decode("utf-8-sig").strip().split(";")
    assert list(columns.header_of(titles).places) == [column.name for column in columns.COLUMNS]
    assert "attachment" in model["Content-Disposition"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"pasted": ""}, "Collez une liste, ou choisissez un fichier."),
        ({"pasted": "a <a@b.fr>", "file": True}, "Une liste collée et un fichier"),
        ({"pasted": "nom;e-mail\nRoche;lea@example.org"}, "il y manque «\u00a0prénom\u00a0»"),
        ({"pasted": "x" * 200_001}, "Cette liste est trop longue"),
    ],
)
def test_what_cannot_be_read_comes_back_with_a_sentence(claire, typed, sentence):
    if typed.pop("file", None):
        typed["file"] = SimpleUploadedFile("l.csv", b"x")
    response = claire.post(IMPORT, typed)
    page = response.content.decode()
    assert (response.status_code, sentence in page, escape(typed["pasted"][:20]) in page) == (422, True, True)
    assert not MentorImport.objects.exists()


def test_a_list_is_seen_by_whoever_gave_it(claire, signed_in, coordinator, reviewer, mentor):
    one = checked("Léa Roche <lea@example.org>", coordinator)
    address = reverse("admin:mentors_mentorprofile_import_check", args=[one.pk])
    assert claire.get(address).status_code == 200
    other = factories.make_coordinator()
    assert [signed_in(person).get(address).status_code for person in (other, reviewer, mentor)] == [404, 403, 302]
    assert [signed_in(person).post(address).status_code for person in (other, reviewer, mentor)] == [404, 403, 302]
    assert not User.objects.filter(email="lea@example.org").exists()


def test_a_partner_s_mentors_are_found_in_the_list(claire, netflix):
    factories.make_mentor(partner=netflix)
    factories.make_mentor(factories.make_user("Zoé", "Absente", age=30))
    listed = claire.get(reverse("admin:mentors_mentorprofile_changelist"), {"partner__id__exact": netflix.pk})
    text = listed.content.decode()
    assert ("Netflix" in text, "Morgane" in text, "Absente" in text) == (True, True, False)


def test_the_page_of_a_long_list_asks_few_queries(claire, coordinator, django_assert_max_num_queries):
    one = checked("\n".join(f"Léa Roche <l{n}@example.org>" for n in range(150)), coordinator)
    with django_assert_max_num_queries(8):
        page = claire.get(reverse("admin:mentors_mentorprofile_import_check", args=[one.pk]), {"page": "2"})
    assert "page 2 sur 2" in page.content.decode()


def test_every_action_of_a_line_has_words(claire, coordinator, netflix):
    mentor = factories.make_mentor()
    inviting.import_(checked("Omar Sy <omar@example.org>", coordinator), actor=coordinator)
    lines = [
        "Léa;Roche;lea@example.org;;;;",
        "Omar;Sy;omar@example.org;;Corse;;",
        f"X;Y;{mentor.person.email};;;;",
        "Z;;z;;;;",
    ]
    one = checked(table(*lines), coordinator)
    assert actions(one) == [planning.INVITE, planning.FILL_IN, planning.KNOWN, planning.WRONG]
    page = claire.get(reverse("admin:mentors_mentorprofile_import_check", args=[one.pk])).content.decode()
    for words in ("invitation", "profil complété", "déjà mentor·e", "À corriger"):
        assert words in page

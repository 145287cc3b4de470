"""The wrong lines of a list, given back as a workbook to correct."""

import pytest
from django.urls import reverse

from documents import tables
from mentors.importing import columns
from tests import factories
from tests.mentors.lists import checked, table

pytestmark = pytest.mark.django_db


def test_wrong_lines_are_given_back_corrected_and_given_again(coordinator, signed_in):
    text = table("Léa;Roche;lea@example.org;;;;2", "Omar;Sy;omar@example.org;;;;douze", ";Dia;=1+1;;Bretagne;;")
    one, browser = checked(text, coordinator), signed_in(coordinator)
    page = reverse("admin:mentors_mentorprofile_import_check", args=[one.pk])
    address = reverse("admin:mentors_mentorprofile_import_corrections", args=[one.pk])
    assert address in browser.get(page).content.decode()
    found = tables.read(browser.get(address).content)
    assert found[0].cells == ["Prénom", "Nom", "E-mail", "Région", "Places", "À corriger"]
    assert [row.cells[:5] for row in found[1:]] == [
        ["Omar", "Sy", "omar@example.org", "", "douze"],
        ["", "Dia", "=1+1", "Bretagne", ""],
    ]
    assert [row.cells[5].partition(":")[0].strip() for row in found[1:]] == ["Places", "Prénom"]
    lines, unknown = columns.lines_of(found)
    assert ([said["last_name"] for _number, said in lines], unknown) == (["Sy", "Dia"], [])


def test_nobody_else_downloads_them(coordinator, signed_in):
    one = checked(table("Omar;Sy;omar@example.org;;;;douze"), coordinator)
    address = reverse("admin:mentors_mentorprofile_import_corrections", args=[one.pk])
    assert signed_in(coordinator).get(address).status_code == 200
    assert signed_in(factories.make_coordinator(factories.make_user("Paul", "Dia"))).get(address).status_code == 404

"""Staff's page of a person: found without accents, read in one place, her address corrected."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import transitions
from accounts.roles import Role
from notifications.models import Letter
from tests import factories

pytestmark = pytest.mark.django_db

LIST = "/admin/accounts/user/"


@pytest.fixture
def claire(coordinator, signed_in):
    """The browser of the coordinator."""
    return signed_in(coordinator)


def found(answer) -> list:
    return list(answer.context["cl"].result_list)


@pytest.mark.parametrize("words", ["ines", "INÈS", "ines@exa", "ines {last}"])
def test_people_are_found_without_accents(claire, candidate, stranger, words):
    assert found(claire.get(LIST, {"q": words.format(last=candidate.last_name)})) == [candidate]


def test_as_many_queries_for_one_person_and_for_three(claire, coordinator):
    def count():
        with CaptureQueriesContext(connection) as captured:
            claire.get(LIST)
        return len(captured)

    one = count()
    factories.make_user()
    factories.make_user()
    assert count() == one


def test_her_page_tells_her_roles_letters_and_story(claire, coordinator, candidate, cohort):
    transitions.grant_role(candidate, Role.JURY, f"cohorts.cohort:{cohort.pk}", actor=coordinator)
    Letter.objects.create(key="k", kind="applications.receipt", to=candidate.email, subject="Bien reçu", body="…")
    Letter.objects.create(key="l", kind="applications.receipt", to="x@example.org", subject="Autre", body="…")

    answer = claire.get(f"{LIST}{candidate.pk}/change/")

    assert [letter.subject for letter in answer.context["letters"]] == [
        "Bien reçu",
        "Bienvenue dans l’équipe du mentorat 50/50",
    ]
    assert [(g["label"], g["scope"]) for g in answer.context["grants"]] == [("jury", cohort.name)]
    assert [(line.what, line.who) for line in answer.context["story"]] == [("rôle donné", coordinator.get_full_name())]


def test_her_address_is_corrected_from_her_page(claire, candidate):
    path = f"{LIST}{candidate.pk}/corriger-adresse/"
    assert f'value="{candidate.email}"' in claire.get(path).content.decode()

    answer = claire.post(path, {"email": "ines@exemple.org"})

    assert answer.url == f"{LIST}{candidate.pk}/change/"
    candidate.refresh_from_db()
    assert candidate.email == "ines@exemple.org"


def test_a_wrong_address_stays_in_the_form(claire, candidate):
    answer = claire.post(f"{LIST}{candidate.pk}/corriger-adresse/", {"email": "ines@"})
    assert answer.status_code == 200
    assert answer.context["form"].errors["email"] == ["Saisissez une adresse de courriel valide."]
    assert 'value="ines@"' in answer.content.decode()

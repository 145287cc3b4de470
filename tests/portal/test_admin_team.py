"""The team's page: who works for the programme, invitations, roles taken back, second factors reset."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Grant, User
from accounts.roles import Role
from lifecycle import journal
from tests import factories

pytestmark = pytest.mark.django_db

TEAM = "/admin/equipe/"


def said(answer) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


def test_it_lists_everybody_with_what_they_hold(coordinator, reviewer, cohort, stranger, signed_in):
    answer = signed_in(coordinator).get(TEAM)

    shown = [
        (m.user, [(r["label"], r["cohort"]) for r in m.roles], m.has_second_factor) for m in answer.context["members"]
    ]
    assert shown == [
        (coordinator, [("Coordination", "")], True),
        (reviewer, [("Jury", cohort.name)], True),
    ]


def test_as_many_queries_for_one_person_and_for_three(coordinator, cohort, signed_in):
    browser = signed_in(coordinator)

    def count():
        with CaptureQueriesContext(connection) as captured:
            browser.get(TEAM)
        return len(captured)

    one = count()
    factories.make_reviewer(cohort)
    factories.make_reviewer(cohort)
    assert count() == one


def test_a_member_of_the_jury_is_invited(coordinator, cohort, signed_in):
    browser = signed_in(coordinator)

    answer = browser.post(TEAM, {"email": "nadia@example.org", "role": "JURY", "cohort": cohort.pk})

    assert answer.url == TEAM
    assert said(answer) == ["C’est fait : un courriel invite nadia@example.org à entrer."]
    assert User.objects.get(email="nadia@example.org").held_roles == {(Role.JURY, journal.ref(cohort))}


def test_a_coordinator_is_invited_everywhere_whatever_the_cohort(coordinator, cohort, signed_in):
    signed_in(coordinator).post(TEAM, {"email": "nadia@example.org", "role": "COORDINATOR", "cohort": cohort.pk})

    assert User.objects.get(email="nadia@example.org").held_roles == {(Role.COORDINATOR, "")}


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"email": "nadia", "role": "JURY"}, "email", "Saisissez une adresse de courriel valide."),
        (
            {"email": "n@example.org", "role": "JURY"},
            "cohort",
            "Choisissez la promotion dont cette personne lira les dossiers.",
        ),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(coordinator, cohort, signed_in, typed, field, sentence):
    answer = signed_in(coordinator).post(TEAM, typed)

    assert answer.status_code == 200
    assert answer.context["form"].errors[field] == [sentence]
    assert f'value="{typed["email"]}"' in answer.content.decode()
    assert Grant.objects.count() == 1


@pytest.mark.parametrize("role", ["SAFEGUARDING", "ADMIN"])
def test_other_roles_are_not_given_from_this_page(coordinator, cohort, signed_in, role):
    signed_in(coordinator).post(TEAM, {"email": "n@example.org", "role": role})
    assert Grant.objects.count() == 1


def test_the_same_role_twice_is_told(coordinator, signed_in):
    answer = signed_in(coordinator).post(TEAM, {"email": coordinator.email, "role": "COORDINATOR"})
    assert said(answer) == ["Cette personne a déjà ce rôle."]


def test_a_role_is_taken_back_after_a_page_that_asks(coordinator, reviewer, signed_in):
    browser = signed_in(coordinator)
    path = f"/admin/equipe/{reviewer.grants.get().pk}/retirer/"

    asked = browser.get(path)
    assert "Nadia" in asked.content.decode()
    assert reviewer.grants.count() == 1

    answer = browser.post(path)
    assert answer.url == TEAM
    assert reviewer.grants.count() == 0


def test_the_last_coordinator_reads_why_she_stays(coordinator, signed_in):
    answer = signed_in(coordinator).post(f"/admin/equipe/{coordinator.grants.get().pk}/retirer/")
    assert said(answer) == [
        "C’est la dernière personne de la coordination : donnez d’abord ce rôle à quelqu’un d’autre."
    ]


def test_a_second_factor_is_reset_after_a_page_that_asks(coordinator, reviewer, signed_in):
    browser = signed_in(coordinator)
    path = f"/admin/equipe/{reviewer.pk}/seconde-verification/"

    browser.get(path)
    assert Authenticator.objects.filter(user=reviewer).exists() is True

    browser.post(path)
    assert Authenticator.objects.filter(user=reviewer).exists() is False


def test_only_staff_have_a_second_factor_to_reset_here(coordinator, stranger, signed_in):
    assert signed_in(coordinator).get(f"/admin/equipe/{stranger.pk}/seconde-verification/").status_code == 404

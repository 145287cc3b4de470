"""Addresses that pass for good ones and that no letter reaches: refused with a sentence at every door."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User
from cohorts.models import CallAlert
from mentors.models import MentorProfile
from notifications.models import Letter
from tests import factories
from tests.applications.reading import SUPPORT, problems, save

pytestmark = pytest.mark.django_db

TWINS = ["ſami@example.org", "\u212aarim@example.org", "İ" * 240 + "@ex.fr", "ı" * 200 + "@ex.fr"]
"""Each of these letters has a Latin twin when capitals do not count; « İ » is longer in small letters."""
LONG_DOMAIN = "x@" + ".".join(["İ" * 60] * 4)
TOLD = "Cette adresse a un signe qu’un courriel ne sait pas porter. Exemple\u00a0: prenom.nom@exemple.fr."


def sentences(response) -> int:
    return response.content.decode().count(TOLD)


@pytest.fixture
def hers(candidate, signed_in):
    return signed_in(candidate)


def test_an_ordinary_one_enters_by_every_door(cohort, hers, candidate):
    assert Client().post(reverse("account_login"), {"login": "nom@example.org"}).status_code == 302
    assert Client().post(reverse("cohorts:alert"), {"email": "nom@éxample.fr"}).status_code == 302
    application = factories.make_complete_draft(cohort, candidate)
    assert save(hers, application, "accompagnement", SUPPORT).status_code == 302


@pytest.mark.parametrize("address", [*TWINS, LONG_DOMAIN])
def test_signing_in(address):
    response = Client().post(reverse("account_login"), {"login": address})
    assert (response.status_code, User.objects.count(), mail.outbox) == (200, 0, [])


@pytest.mark.parametrize("address", [*TWINS, LONG_DOMAIN])
def test_leaving_an_address(address):
    response = Client().post(reverse("cohorts:alert"), {"email": address})
    assert (response.status_code, CallAlert.objects.count(), Letter.objects.count()) == (422, 0, 0)


@pytest.mark.parametrize("address", [*TWINS, LONG_DOMAIN])
def test_naming_a_referent(address, cohort, candidate, hers):
    application = factories.make_complete_draft(cohort, candidate)
    response = save(hers, application, "accompagnement", {**SUPPORT, "referent_email": address})
    assert (response.status_code, [href for href, _words in problems(response)]) == (422, ["#id_referent_email"])
    assert f'value="{address}"' in response.content.decode()


def test_the_sentence_says_why(cohort, candidate, hers):
    application = factories.make_complete_draft(cohort, candidate)
    response = save(hers, application, "accompagnement", {**SUPPORT, "referent_email": "ſami@example.org"})
    assert sentences(response) == 2  # next to the field and in the summary
    assert sentences(Client().post(reverse("account_login"), {"login": "ſami@example.org"})) == 1
    assert sentences(Client().post(reverse("cohorts:alert"), {"email": "ſami@example.org"})) > 0


@pytest.mark.parametrize("address", [*TWINS, LONG_DOMAIN])
def test_what_staff_type(address, cohort, coordinator, stranger, signed_in):
    hers, people, letters = signed_in(coordinator), User.objects.count(), Letter.objects.count()
    posts = {
        reverse("admin:applications_application_type"): {"cohort": cohort.pk, "email": address},
        reverse("admin:accounts_user_correct_address", args=[stranger.pk]): {"email": address},
        reverse("admin:mentors_mentorprofile_add"): {"email": address, "first_name": "A", "last_name": "B"},
        reverse("admin:team"): {"email": address, "role": "COORDINATOR"},
    }
    for path, data in posts.items():
        assert hers.get(path).status_code == 200, path
        assert hers.post(path, data).status_code == 200, path
    assert (User.objects.count(), MentorProfile.objects.count(), Letter.objects.count()) == (people, 0, letters)

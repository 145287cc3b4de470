"""A coordinator corrects the mistyped address of a candidate, with letters on their way and a form half filled."""

import pytest
from django.urls import reverse

from accounts.models import User
from applications import drafting
from applications.models import Draft
from cohorts import alerts
from lifecycle import journal
from notifications.models import Letter
from tests import factories

pytestmark = pytest.mark.django_db

WRONG, RIGHT = "inse@example.org", "ines@example.org"


@pytest.fixture
def mistyped(cohort):
    """Inès signed up with two letters swapped; her file is sent, and she has it open again."""
    person = factories.make_user("Inès", "Belkacem", email=WRONG)
    file = factories.make_sent(
        cohort, person, referent_name="Mme Haddad", referent_email="mission.locale@example.org", hopes="Un regard."
    )
    drafting.take_back(file, actor=person)
    factories.fill(file, {"hopes": "Un regard, et du courage."})
    return file


def correct(browser, person, email=RIGHT):
    return browser.post(reverse("admin:accounts_user_correct_address", args=[person.pk]), {"email": email}, follow=True)


def addresses():
    return dict(Letter.objects.values_list("kind", "to"))


def test_letters_follow_and_the_draft_stays(mistyped, coordinator, signed_in):
    hers = signed_in(mistyped.candidate)
    assert addresses() == {"applications.receipt": WRONG, "applications.referent": "mission.locale@example.org"}
    assert correct(signed_in(coordinator), mistyped.candidate).status_code == 200
    assert addresses() == {"applications.receipt": RIGHT, "applications.referent": "mission.locale@example.org"}
    assert Draft.objects.get(application=mistyped).answers["hopes"] == "Un regard, et du courage."
    tasks = reverse("applications:tasks", args=[mistyped.reference])
    assert hers.get(tasks).status_code == 302  # signed out: whoever has the wrong address is
    person = User.objects.get(email=RIGHT)
    assert signed_in(person).get(tasks).status_code == 200


def test_the_file_leads_to_it(mistyped, coordinator, signed_in):
    page = signed_in(coordinator).get(reverse("admin:applications_application_change", args=[mistyped.pk]))
    address = reverse("admin:accounts_user_correct_address", args=[mistyped.candidate.pk])
    assert page.content.decode().count(f'href="{address}"') == 1


def test_what_was_written_to_that_address_for_another_reason_stays(cohort, coordinator, signed_in, now):
    """A school opened an account for somebody with its own address, and follows two files."""
    school = "cfa.rennes@example.org"
    pupil = factories.make_user("Lina", "Diop", email=school)
    factories.make_sent(cohort, pupil)
    factories.make_sent(cohort, referent_name="CFA", referent_email=school)
    alerts.ask(school, now=now)
    before = addresses()
    assert set(Letter.objects.filter(to=school).values_list("kind", flat=True)) == {
        "applications.receipt",
        "applications.referent",
        "cohorts.alert_confirmation",
    }
    correct(signed_in(coordinator), pupil, "lina@example.org")
    assert before.keys() == addresses().keys()
    assert set(Letter.objects.filter(to="lina@example.org").values_list("kind", "about")) == {
        ("applications.receipt", journal.ref(pupil.applications.get()))
    }

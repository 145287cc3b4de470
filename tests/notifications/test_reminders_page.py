"""The link under a reminder: it works without an account, and only a button changes anything."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from notifications import preferences
from notifications.links import stop_reminders_url
from notifications.models import Preference

EMAIL = "ines@example.org"


@pytest.fixture
def url(settings):
    return stop_reminders_url(EMAIL).removeprefix(settings.SITE_URL)


@pytest.fixture
def strict():
    """A browser without a session nor a token, as a mail program is."""
    return Client(enforce_csrf_checks=True)


@pytest.mark.django_db
class TestRemindersPage:
    def test_opening_it_changes_nothing(self, strict, url):
        response = strict.get(url)
        assert (response.status_code, Preference.objects.count()) == (200, 0)
        assert EMAIL in response.content.decode()
        assert "no-store" in response["Cache-Control"]

    def test_the_button_stops_reminders_and_the_next_one_takes_them_back(self, strict, url):
        response = strict.post(url, {"action": "stop"}, follow=True)
        assert "plus de rappels à cette adresse" in response.content.decode()
        assert not preferences.wants_reminders(EMAIL)
        response = strict.post(url, {"action": "resume"}, follow=True)
        assert "vous recevrez de nouveau nos rappels" in response.content.decode()
        assert preferences.wants_reminders(EMAIL)

    def test_a_mail_program_does_it_in_one_click(self, strict, url):
        for _ in range(2):
            assert strict.post(url, {"List-Unsubscribe": "One-Click"}).status_code == 204
        assert list(Preference.objects.values_list("email", flat=True)) == [EMAIL]

    def test_a_link_that_was_not_made_here_is_refused_with_a_sentence(self, strict, url):
        assert strict.get(url).status_code == 200
        for token in (url.split("/")[-2][:-1], "n-importe-quoi"):
            forged = reverse("notifications:reminders", args=[token])
            assert strict.post(forged, {"action": "stop"}).status_code == 404
            assert "Ce lien n’est pas complet" in strict.get(forged).content.decode()
        assert Preference.objects.count() == 0


@pytest.mark.django_db
def test_an_address_is_the_same_whatever_its_case():
    preferences.stop_reminders("Ines@Example.org", now=timezone.now())
    preferences.stop_reminders(EMAIL, now=timezone.now())
    assert Preference.objects.count() == 1
    assert not preferences.wants_reminders("INES@example.org")
    preferences.take_reminders_back("INES@example.org")
    assert preferences.wants_reminders(EMAIL)

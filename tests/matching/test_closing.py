"""The page on which a coordinator closes a cohort: what it does is said first, and only once its last day has come."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils.html import strip_tags

from applications.models import Application
from mentorships.models import Mentorship
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def spring(closed_cohort):
    """With a pair, an offer that waits, and somebody for whom nothing is out."""
    factories.make_pair(factories.make_confirmed(closed_cohort))
    factories.make_offer(factories.make_confirmed(closed_cohort))
    factories.make_confirmed(closed_cohort)
    return closed_cohort


def page_of(cohort) -> str:
    return reverse("admin:matching_run_close", args=[cohort.pk])


def words(response) -> str:
    return " ".join(strip_tags(response.content.decode()).replace("\u00a0", " ").split())


def test_before_the_last_day_the_page_says_what_will_happen_and_has_no_button(spring, coordinator, signed_in):
    client = signed_in(coordinator)
    shown = words(client.get(page_of(spring)))
    assert "1 binôme est achevé" in shown
    assert "1 proposition sans réponse est annulée" in shown
    assert "2 personnes n’ont pas de mentor·e" in shown
    assert "Clore la promotion Ne rien changer" not in shown
    told = [str(message) for message in get_messages(client.post(page_of(spring)).wsgi_request)]
    assert [sentence.partition(" jusqu’au ")[0] for sentence in told] == ["Cette promotion court"]
    assert Mentorship.objects.get().state == Mentorship.State.ACTIVE


def test_on_the_last_day_one_click_closes_it_and_a_second_changes_nothing(spring, coordinator, signed_in, time_machine):
    time_machine.move_to(factories.paris(spring.ends_on, 9))
    client = signed_in(coordinator)
    assert "Clore la promotion Ne rien changer" in words(client.get(page_of(spring)))
    closed = words(client.post(page_of(spring), follow=True))
    assert f"La promotion {spring.name} est close." in closed
    assert "Rien n’est à clore" in closed
    assert {*Application.objects.values_list("state", flat=True)} == {Application.State.COMPLETED}
    client.post(page_of(spring))
    assert Mentorship.objects.get().state == Mentorship.State.COMPLETED

"""Addresses that refuse mail, on staff's screens: the sign on the first page, the list, the two buttons."""

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lifecycle.models import JournalEntry
from notifications import addresses
from notifications.models import Letter, RefusingAddress
from tests.notifications.letters import post

pytestmark = pytest.mark.django_db

LIST = "/admin/notifications/refusingaddress/"


@pytest.fixture
def claire(coordinator, signed_in):
    """The browser of the coordinator."""
    return signed_in(coordinator)


@pytest.fixture
def letter():
    post("fact:1")
    Letter.objects.update(status=Letter.Status.SENT, claimed_at=timezone.now(), sent_at=timezone.now())
    return Letter.objects.get()


def told(answer) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


def offered(browser, letter) -> set[str]:
    page = browser.get(f"/admin/notifications/letter/{letter.pk}/change/")
    return {item["button"].path for item in page.context["buttons"]}


def test_from_a_letter_to_the_note_and_back(claire, letter):
    page = f"/admin/notifications/letter/{letter.pk}/"
    assert offered(claire, letter) == {"adresse-refuse"}
    assert "Les courriels continueront d’être essayés" in claire.get(f"{page}adresse-refuse/").content.decode()
    assert not RefusingAddress.objects.exists()

    answer = claire.post(f"{page}adresse-refuse/")
    assert told(answer) == ["C’est noté : cette adresse refuse le courrier."]
    assert offered(claire, letter) == {"adresse-fonctionne"}
    assert "d’après la coordination" in claire.get(f"{page}change/").content.decode()

    answer = claire.post(f"{page}adresse-fonctionne/")
    assert told(answer) == ["C’est noté : cette adresse fonctionne."]
    assert offered(claire, letter) == {"adresse-refuse"}
    written = " ".join(f"{line.actor} {line.action} {line.target} {line.detail}" for line in JournalEntry.objects.all())
    assert "ines" not in written


def test_the_sign_leads_to_the_list_and_to_the_page_of_one(claire, letter, candidate, now):
    assert "<dt>Adresses qui refusent</dt>" not in claire.get("/admin/").content.decode()
    addresses.note_refusal(candidate.email, "550 5.1.1 unknown", now=now)
    page = claire.get("/admin/").content.decode()
    assert ("<dt>Adresses qui refusent</dt>" in page, f'href="{LIST}">Voir' in page) == (True, True)

    shown = claire.get(LIST).content.decode()
    assert (candidate.email in shown, candidate.last_name in shown, "le serveur de courrier" in shown) == (True,) * 3

    row = RefusingAddress.objects.get()
    page = claire.get(f"{LIST}{row.pk}/change/").content.decode()
    assert ("550 5.1.1 unknown" in page, candidate.get_full_name() in page) == (True, True)
    answer = claire.post(f"{LIST}{row.pk}/fonctionne/")
    assert told(answer) == ["C’est noté : cette adresse fonctionne."]
    assert not RefusingAddress.objects.exists()


def test_the_list_takes_as_many_queries_for_one_and_for_three(claire, now):
    counts = []
    for number in range(3):
        addresses.note_refusal(f"p{number}@example.org", "550", now=now)
        with CaptureQueriesContext(connection) as captured:
            claire.get(LIST)
        counts.append(len(captured))
    assert counts[0] == counts[2]


def test_only_coordinators_see_the_addresses(signed_in, reviewer, now):
    addresses.note_refusal("p@example.org", "550", now=now)
    assert signed_in(reviewer).get(LIST).status_code == 403

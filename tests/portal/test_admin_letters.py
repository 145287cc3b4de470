"""The outbox in the admin: finding a letter, reading it, freeing one that is stuck."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lifecycle.models import JournalEntry
from notifications import kinds, links
from notifications.models import Letter
from tests import factories

pytestmark = pytest.mark.django_db

LIST = "/admin/notifications/letter/"
MARK = "L’adresse refuse le courrier"


def make_letter(key: str = "one", *, status: str = "QUEUED", claimed_at=None, **fields) -> Letter:
    return Letter.objects.create(
        **{
            "key": key,
            "kind": "applications.receipt",
            "to": "ines@example.org",
            "subject": "Votre candidature est arrivée",
            "body": f"Bonjour Inès,\n\n{links.STOP_REMINDERS}\n",
            "status": status,
            "claimed_at": claimed_at,
            **fields,
        }
    )


def make_uncertain(now, key="uncertain") -> Letter:
    return make_letter(key, status="SENDING", claimed_at=now - timedelta(hours=1))


def make_failed(now, key="failed") -> Letter:
    return make_letter(key, status="FAILED", claimed_at=now, error="550 inconnu")


def keys(answer) -> set[str]:
    return {letter.key for letter in answer.context["cl"].result_list}


def said(answer) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


@pytest.fixture
def claire(coordinator, signed_in):
    """The browser of the coordinator."""
    return signed_in(coordinator)


def test_letters_are_found_by_where_they_are(claire, now):
    make_letter("queued")
    make_letter("held", hold="reviews.release:1")
    make_letter("sending", status="SENDING", claimed_at=now)
    make_uncertain(now)
    make_failed(now)

    assert keys(claire.get(LIST)) == {"queued", "held", "sending", "uncertain", "failed"}
    assert keys(claire.get(LIST, {"status": "QUEUED"})) == {"queued", "held"}
    assert keys(claire.get(LIST, {"status": "held"})) == {"held"}
    assert keys(claire.get(LIST, {"status": "uncertain"})) == {"uncertain"}
    assert keys(claire.get(LIST, {"status": "FAILED"})) == {"failed"}


def test_letters_are_found_by_kind_and_by_words(claire):
    make_letter("receipt")
    make_letter("other", kind="applications.reminder", to="lina@example.org", subject="Votre brouillon")

    assert keys(claire.get(LIST, {"kind": "applications.reminder"})) == {"other"}
    assert keys(claire.get(LIST, {"q": "arrivee"})) == {"receipt"}
    assert keys(claire.get(LIST, {"q": "lina@"})) == {"other"}
    assert keys(claire.get(LIST, {"q": "receipt"})) == {"receipt"}


def test_as_many_queries_for_one_letter_and_for_three(claire):
    def count():
        with CaptureQueriesContext(connection) as captured:
            claire.get(LIST)
        return len(captured)

    make_letter("1")
    one = count()
    make_letter("2")
    make_letter("3")
    assert count() == one


def test_a_letter_is_read_without_its_personal_links(claire):
    letter = make_letter(about="accounts.user:0")
    page = claire.get(f"{LIST}{letter.pk}/change/").content.decode()
    assert "Bonjour Inès," in page
    assert links.STOP_REMINDERS not in page
    assert "[lien personnel, ajouté au moment de l’envoi]" in page
    assert "/courriel/rappels/" not in page


def test_it_leads_to_what_it_speaks_of(claire, candidate, now):
    application = factories.make_sent(factories.make_cohort("open"), candidate, now=now)
    letter = Letter.objects.get(about=f"applications.application:{application.pk}")
    assert application.reference in claire.get(f"{LIST}{letter.pk}/change/").content.decode()


@pytest.mark.parametrize(
    ("status", "offered"),
    [
        ("QUEUED", []),
        ("SENT", [MARK]),
        ("FAILED", ["Relancer", MARK]),
        ("uncertain", ["Relancer", "Marquer comme arrivé", MARK]),
    ],
)
def test_only_what_is_stuck_can_be_freed(claire, now, status, offered):
    if status == "uncertain":
        letter = make_uncertain(now)
    else:
        times = {"claimed_at": now} if status in ("SENT", "FAILED") else {}
        letter = make_letter(status=status, sent_at=now if status == "SENT" else None, **times)
    buttons = claire.get(f"{LIST}{letter.pk}/change/").context["buttons"]
    assert [str(item["button"].label) for item in buttons] == offered


def test_a_failed_letter_leaves_again(claire, coordinator, now):
    letter = make_failed(now)
    path = f"{LIST}{letter.pk}/relancer/"

    assert "deux fois" in claire.get(path).content.decode()
    letter.refresh_from_db()
    assert letter.status == "FAILED"

    answer = claire.post(path)

    letter.refresh_from_db()
    assert (letter.status, letter.attempts) == ("QUEUED", 0)
    assert answer.url == f"{LIST}{letter.pk}/change/"
    assert JournalEntry.objects.get(action="letter.requeued").actor == f"accounts.user:{coordinator.pk}"


def test_a_second_click_is_told(claire, now):
    letter = make_failed(now)
    claire.post(f"{LIST}{letter.pk}/relancer/")
    answer = claire.post(f"{LIST}{letter.pk}/relancer/")
    assert said(answer)[-1] == "Ce courriel n’est ni incertain ni en échec : il n’y a rien à relancer."


def test_an_uncertain_letter_is_settled(claire, now):
    letter = make_uncertain(now)
    claire.post(f"{LIST}{letter.pk}/arrive/")
    letter.refresh_from_db()
    assert letter.status == "SENT"


def test_several_are_freed_at_once_after_a_page_that_asks(claire, now):
    letters = [make_failed(now), make_uncertain(now), make_letter("queued")]
    chosen = {"action": "resend_selected", "_selected_action": [letter.pk for letter in letters]}

    asked = claire.post(LIST, chosen)
    assert asked.status_code == 200
    assert Letter.objects.filter(status="QUEUED").count() == 1
    assert "Votre candidature est arrivée → ines@example.org" in asked.content.decode()

    answer = claire.post(LIST, {**chosen, "confirmed": "1"})

    assert Letter.objects.filter(status="QUEUED").count() == 3
    assert said(answer) == [
        "Votre candidature est arrivée → ines@example.org : Ce courriel n’est ni incertain ni en échec : "
        "il n’y a rien à relancer.",
        "Courriels relancés : 2.",
    ]


def test_several_are_settled_at_once(claire, now):
    letter = make_uncertain(now)
    chosen = {"action": "settle_selected", "_selected_action": [letter.pk], "confirmed": "1"}
    claire.post(LIST, chosen)
    letter.refresh_from_db()
    assert letter.status == "SENT"


def test_every_kind_is_shown_with_a_sample(claire):
    answer = claire.get("/admin/notifications/letter/modeles/")
    assert [item["kind"] for item in answer.context["shown"]] == kinds.every()
    assert all(item["subject"] and item["body"] for item in answer.context["shown"])

"""Addresses that refuse mail: what a server says of them, what staff know of them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from lifecycle import journal
from lifecycle.models import JournalEntry
from lifecycle.refusals import Refusal
from notifications import addresses, delivery, outbox
from notifications.models import Letter, RefusingAddress
from tests.notifications import servers
from tests.notifications.letters import post

INES = "ines@example.org"


def known() -> list[tuple[str, str, bool]]:
    return list(RefusingAddress.objects.order_by("email").values_list("email", "said", "is_marked_by_staff"))


def send_to(settings, sink) -> int:
    for name, value in sink.settings.items():
        setattr(settings, name, value)
    Letter.objects.update(next_try_at=None)
    return delivery.send_due()


def lines(thing) -> list[tuple[str, str]]:
    return list(JournalEntry.objects.about(journal.ref(thing)).order_by("id").values_list("action", "detail"))


# --- What a server's answer speaks of -------------------------------------------------------------

OF_THE_ADDRESS = [
    (550, "no such person"),
    (550, "5.1.1 The email account that you tried to reach does not exist"),
    (550, "5.1.1 The email account that you tried\n5.1.1 to reach does not exist"),
    (550, "#5.1.0 Address rejected."),
    (550, "5.4.1 Recipient address rejected: Access denied"),
    (551, "User not local"),
    (552, "5.2.2 Mailbox full"),
    (553, "Mailbox name not allowed"),
    (550, "5.2.1 The email account that you tried to reach is disabled"),
    (556, "5.1.10 Domain takes no mail"),
]
OF_US_OR_OF_THE_LETTER = [
    (550, "5.7.1 Service unavailable; client host [192.0.2.1] blocked"),
    (550, "5.7.26 This mail is unauthenticated"),
    (550, "5.1.8 Sender address rejected: domain not found"),
    (552, "5.2.3 Message too large"),
    (552, "5.3.4 Message size exceeds fixed limit"),
    (554, "5.7.0 Message rejected as spam"),
    (554, "Transaction failed"),
    (530, "5.7.0 Authentication required"),
    (503, "Bad sequence of commands"),
    (450, "4.2.2 Mailbox full for the moment"),
]


@pytest.mark.parametrize(("code", "said"), OF_THE_ADDRESS)
def test_what_speaks_of_the_address(code, said):
    assert addresses.is_about_the_address(code, said, at_recipient=True) is True


@pytest.mark.parametrize(("code", "said"), OF_US_OR_OF_THE_LETTER)
def test_what_speaks_of_the_letter_or_of_us(code, said):
    assert addresses.is_about_the_address(code, said, at_recipient=True) is False


@pytest.mark.parametrize(
    ("said", "expected"),
    [("no such person", False), ("5.1.1 unknown", True), ("5.2.2 full", True), ("5.1.0 denied", False)],
)
def test_once_the_letter_was_said_only_a_plain_word_about_the_address_counts(said, expected):
    assert addresses.is_about_the_address(550, said, at_recipient=False) is expected


# --- What the worker notes ------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_refused_address_is_noted_once_with_the_servers_words_and_forgotten_when_it_accepts(settings):
    post("fact:1", to="Ines@Example.org")
    post("fact:2", to=INES)
    post("fact:3", to="lina@example.org")

    def refuse_ines(sink, server, what):
        return "550 5.1.1 unknown" if what.lower() == INES else None

    with servers.moody(on_rcpt=refuse_ines) as (sink, _controller):
        assert send_to(settings, sink) == 1
        assert known() == [(INES, "550 5.1.1 unknown", False)]
        since = RefusingAddress.objects.get().since

        sink.on_rcpt = servers.answers("550 5.2.1 disabled")
        post("fact:4", to=INES)
        assert send_to(settings, sink) == 0
        assert known() == [(INES, "550 5.2.1 disabled", False)]
        assert RefusingAddress.objects.get().since == since

        sink.on_rcpt = None
        post("fact:5", to="INES@example.org")
        assert send_to(settings, sink) == 1
    assert known() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("stage", "answer", "status"),
    [
        ("on_rcpt", "450 mailbox busy", "QUEUED"),
        ("on_rcpt", "550 5.7.1 blocked", "FAILED"),
        ("on_data", "550 no", "FAILED"),
        ("on_data", "552 5.3.4 too big", "FAILED"),
    ],
)
def test_a_server_that_refuses_the_letter_says_nothing_of_the_address(settings, stage, answer, status):
    post("fact:1")
    with servers.moody(**{stage: servers.answers(answer)}) as (sink, _controller):
        assert send_to(settings, sink) == 0
    assert (Letter.objects.get().status, known()) == (status, [])


@pytest.mark.django_db
def test_of_whom_we_promised_to_keep_nothing_no_address_is_noted(settings):
    post("told:1", "cohorts.call_open", to=INES)
    with servers.moody(on_rcpt=servers.answers("550 5.1.1 unknown")) as (sink, _controller):
        assert send_to(settings, sink) == 0
    assert (Letter.objects.get().status, known()) == ("FAILED", [])


# --- What staff know ------------------------------------------------------------------------------


@pytest.fixture
def letter(coordinator):
    post("fact:1")
    return Letter.objects.get(key="fact:1")


@pytest.mark.django_db
def test_staff_mark_an_address_and_only_staff_take_it_back(letter, coordinator, settings):
    addresses.mark(letter, actor=coordinator)
    assert known() == [(INES, "", True)]
    with pytest.raises(Refusal) as refusal:
        addresses.mark(letter, actor=coordinator)
    assert refusal.value.sentence == "Cette adresse est déjà notée comme refusant le courrier."

    with servers.moody() as (sink, _controller):  # the first server takes it; it comes back later
        assert send_to(settings, sink) == 1
    assert known() == [(INES, "", True)]

    addresses.unmark(INES, about=letter, actor=coordinator)
    assert known() == []
    with pytest.raises(Refusal) as refusal:
        addresses.unmark(INES, about=letter, actor=coordinator)
    assert refusal.value.sentence == "Cette adresse n’est pas notée comme refusant le courrier."
    assert lines(letter) == [("letter.address_marked", ""), ("letter.address_cleared", "")]


@pytest.mark.django_db
def test_staff_confirm_what_a_server_said(letter, coordinator):
    addresses.note_refusal(INES, "550 unknown", now=timezone.now() - timedelta(days=1))
    addresses.mark(letter, actor=coordinator)
    assert known() == [(INES, "550 unknown", True)]


@pytest.mark.django_db
def test_a_letter_whose_address_was_forgotten_marks_nothing(letter, coordinator):
    Letter.objects.update(**outbox.FORGOTTEN)
    letter.refresh_from_db()
    with pytest.raises(Refusal) as refusal:
        addresses.mark(letter, actor=coordinator)
    assert refusal.value.sentence == "L’adresse de ce courriel est effacée : il n’y a rien à noter."
    assert known() == []


@pytest.mark.django_db
def test_asking_about_many_is_one_query(django_assert_num_queries):
    addresses.note_refusal("Lina@example.org", "550", now=timezone.now())
    with django_assert_num_queries(1):
        found = addresses.refusing(["LINA@example.org", INES, ""])
    assert list(found) == ["lina@example.org"]
    with django_assert_num_queries(0):
        assert addresses.refusing(["", ""]) == {}

"""Handing letters to a real SMTP server, in good days and bad ones."""

from datetime import timedelta

import pytest
from django.core.mail import get_connection
from django.utils import timezone

from notifications import delivery
from notifications.models import Letter, Preference
from tests.notifications import servers
from tests.notifications.letters import REMINDER, post
from tests.smtp import free_port, start

pytestmark = pytest.mark.django_db

Status = Letter.Status


def send_to(settings, sink) -> int:
    """One sweep of the worker, over this server."""
    for name, value in sink.settings.items():
        setattr(settings, name, value)
    return delivery.send_due()


def let_pauses_pass() -> None:
    Letter.objects.update(next_try_at=timezone.now() - timedelta(seconds=1))


# --- What leaves --------------------------------------------------------------------------------


def test_a_letter_leaves_whole(smtp_sink):
    post("fact:1")

    assert delivery.send_due() == 1

    (mail,) = smtp_sink.messages
    letter = Letter.objects.get()
    assert (letter.status, letter.attempts, letter.error, letter.sent_at is None) == (Status.SENT, 1, "", False)
    assert mail["To"] == "ines@example.org"
    assert mail["From"] == "Mentorat 50/50 <mentorat@collectif5050.example>"
    assert mail["Reply-To"] == "mentorat@collectif5050.example"
    assert mail["Subject"] == letter.subject
    assert mail["Auto-Submitted"] == "auto-generated"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    text, html = (part.get_content() for part in mail.iter_parts())
    assert text.replace("\r\n", "\n").strip() == letter.body.strip()
    assert '<a class="button" href="https://mentorat.example/candidature/P27-7K3F/">' in html


def test_nothing_is_due_nothing_is_said(smtp_sink):
    assert delivery.send_due() == 0
    assert smtp_sink.messages == []


def test_a_message_id_comes_from_the_fact_and_survives_retries(settings):
    post("fact:1")
    post("fact:2")
    with servers.moody(on_data=servers.answers("451 later")) as (sink, _controller):
        assert send_to(settings, sink) == 0
    ids = {letter.key: delivery.message(letter).extra_headers["Message-ID"] for letter in Letter.objects.all()}
    let_pauses_pass()
    with servers.moody() as (sink, _controller):
        assert send_to(settings, sink) == 2

    assert sorted(mail["Message-ID"] for mail in sink.messages) == sorted(ids.values())
    assert len(set(ids.values())) == 2
    assert all(name.endswith("@collectif5050.example>") for name in ids.values())


def test_only_what_is_not_essential_can_be_stopped_and_one_click_does(smtp_sink, client):
    post("receipt")
    post("reminder", REMINDER)
    delivery.send_due()

    receipt, reminder = sorted(smtp_sink.messages, key=lambda mail: mail["List-Unsubscribe"] is not None)
    assert (receipt["List-Unsubscribe"], receipt["List-Unsubscribe-Post"]) == (None, None)
    assert reminder["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    url = reminder["List-Unsubscribe"].strip(" <>")
    text, html = (part.get_content() for part in reminder.iter_parts())
    assert (url in text, url in html) == (True, True)
    assert "[[" not in text + html

    answer = client.post(url.removeprefix("https://mentorat.example"), {"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 204
    assert list(Preference.objects.values_list("email", flat=True)) == ["ines@example.org"]


def test_a_stored_body_holds_no_working_link():
    post("reminder", REMINDER)

    body = Letter.objects.get().body
    assert "[[lien:rappels]]" in body
    assert "/courriel/rappels/" not in body


# --- Bad days -----------------------------------------------------------------------------------


def test_a_temporary_refusal_is_tried_again_with_growing_pauses_then_fails(settings):
    post("fact:1")
    pauses = []
    with servers.moody(on_rcpt=servers.answers("450 mailbox busy")) as (sink, _controller):
        for _attempt in delivery.PAUSES:
            before = timezone.now()
            assert send_to(settings, sink) == 0
            letter = Letter.objects.get()
            assert (letter.status, letter.error, letter.claimed_at) == (Status.QUEUED, "450 mailbox busy", None)
            assert delivery.claim(timezone.now()) is None
            pauses.append(round((letter.next_try_at - before).total_seconds() / 60))
            let_pauses_pass()
        assert send_to(settings, sink) == 0

    assert pauses == [1, 5, 15, 60, 180, 360, 720]
    letter = Letter.objects.get()
    assert (letter.status, letter.attempts, letter.error) == (Status.FAILED, 8, "450 mailbox busy")
    assert sink.messages == []


@pytest.mark.parametrize("stage", ["on_rcpt", "on_data"])
def test_a_permanent_refusal_fails_at_once_and_the_next_letter_leaves(settings, stage):
    post("fact:1", to="nobody@example.org", now=timezone.now() - timedelta(minutes=1))
    post("fact:2")

    def refuse_nobody(sink, server, what):
        address = what if isinstance(what, str) else what.rcpt_tos[0]
        return "550 no such person" if address == "nobody@example.org" else None

    with servers.moody(**{stage: refuse_nobody}) as (sink, _controller):
        assert send_to(settings, sink) == 1

    assert dict(Letter.objects.values_list("key", "status")) == {"fact:1": Status.FAILED, "fact:2": Status.SENT}
    assert Letter.objects.get(key="fact:1").error == "550 no such person"
    assert sink.recipients == ["ines@example.org"]


def test_a_server_that_is_down_costs_nothing_but_time(settings):
    post("fact:1")
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()

    assert delivery.send_due() == 0
    letter = Letter.objects.get()
    assert (letter.status, letter.attempts, "ConnectionRefusedError" in letter.error) == (Status.QUEUED, 1, True)

    let_pauses_pass()
    sink, controller = start()
    try:
        assert send_to(settings, sink) == 1
    finally:
        controller.stop()
    assert sink.recipients == ["ines@example.org"]


@pytest.mark.parametrize(("mood", "kept"), [(servers.hang_up, 0), (servers.keep_and_hang_up, 1)])
def test_a_connection_lost_after_the_letter_was_said_leaves_it_uncertain(settings, mood, kept):
    """Whether the server kept it nobody can know: a person decides, and it never leaves again on its own."""
    post("fact:1", now=timezone.now() - timedelta(minutes=1))
    with servers.moody(on_data=mood) as (sink, _controller):
        assert send_to(settings, sink) == 0
        letter = Letter.objects.get()
        assert (letter.status, letter.claimed_at is None, letter.sent_at) == (Status.SENDING, False, None)
        assert letter.error != ""

        sink.on_data = None
        post("fact:2", to="lina@example.org")
        assert send_to(settings, sink) == 1

    assert len(sink.messages) == kept + 1
    assert Letter.objects.get(key="fact:1").status == Status.SENDING
    assert Letter.objects.uncertain(timezone.now() + Letter.SENDING_GRACE).count() == 1


def test_one_lost_connection_does_not_lose_the_letters_behind_it(settings):
    for number in range(3):
        post(f"fact:{number}", to=f"p{number}@example.org", now=timezone.now() - timedelta(minutes=3 - number))

    def hang_up_once(sink, server, envelope):
        return servers.hang_up(sink, server, envelope) if envelope.rcpt_tos == ["p0@example.org"] else None

    with servers.moody(on_data=hang_up_once) as (sink, _controller):
        assert send_to(settings, sink) == 2

    assert sink.recipients == ["p1@example.org", "p2@example.org"]
    assert Letter.objects.get(key="fact:0").status == Status.SENDING


def test_a_connection_that_died_of_silence_is_replaced_before_anything_is_said(settings):
    for number in range(2):
        post(f"fact:{number}", now=timezone.now() - timedelta(minutes=2 - number))
    with servers.moody() as (sink, controller):
        for name, value in sink.settings.items():
            setattr(settings, name, value)
        connection = get_connection()
        assert delivery.hand_over(delivery.claim(timezone.now()), connection) is True
        sink.forget_idle_connections(controller)

        assert delivery.hand_over(delivery.claim(timezone.now()), connection) is True
        connection.close()

    assert sorted(Letter.objects.values_list("status", flat=True)) == [Status.SENT, Status.SENT]
    assert len(sink.messages) == 2


def test_many_letters_go_over_one_connection(settings):
    for number in range(5):
        post(f"fact:{number}")
    with servers.moody() as (sink, _controller):
        assert send_to(settings, sink) == 5

    assert len(set(map(id, sink.sessions))) == 1


def test_a_sweep_stops_at_its_limit(smtp_sink):
    for number in range(5):
        post(f"fact:{number}")

    assert delivery.send_due(limit=2) == 2

    assert Letter.objects.filter(status=Status.QUEUED).count() == 3

"""The outbox: one fact, one letter; kept, held, cancelled, dropped, and put back by hand."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from lifecycle import journal
from lifecycle.models import JournalEntry
from lifecycle.refusals import Refusal
from notifications import delivery, outbox
from notifications.models import Letter, Preference
from tests.notifications.letters import NAMES, post

pytestmark = pytest.mark.django_db

Status = Letter.Status


def statuses() -> dict[str, str]:
    return dict(Letter.objects.values_list("key", "status"))


# --- Posting ------------------------------------------------------------------------------------


def test_a_letter_is_rendered_when_it_is_posted(cohort, now):
    assert post("fact:1", about=cohort, now=now) is True

    letter = Letter.objects.get()
    assert letter.subject == "Votre candidature est bien arrivée (P27-7K3F)"
    assert letter.body.startswith("Bonjour Inès,\n\n")
    assert (letter.kind, letter.to, letter.about) == (
        "applications.receipt",
        "ines@example.org",
        f"cohorts.cohort:{cohort.pk}",
    )
    assert (letter.status, letter.created_at, letter.not_before, letter.not_after) == (Status.QUEUED, now, now, None)


def test_one_fact_makes_one_letter_whoever_asks_and_how_often():
    assert post("fact:1") is True
    assert post("fact:1", to="autre@example.org") is False
    assert post("fact:2") is True

    assert list(Letter.objects.order_by("key").values_list("key", "to")) == [
        ("fact:1", "ines@example.org"),
        ("fact:2", "ines@example.org"),
    ]


def test_a_fact_that_was_sent_or_cancelled_is_not_written_again():
    post("fact:1")
    outbox.cancel(Letter.objects.all())

    assert post("fact:1") is False
    assert statuses() == {"fact:1": Status.CANCELLED}


def test_a_rollback_takes_the_letter_with_it():
    with transaction.atomic():
        assert post("fact:1") is True
        transaction.set_rollback(True)

    assert Letter.objects.count() == 0
    assert post("fact:1") is True


def test_a_kind_that_nobody_registered_is_an_error():
    with pytest.raises(KeyError, match=r"applications\.nothing"):
        outbox.post("applications.nothing", to="ines@example.org", key="fact:1", context={})


# --- Waiting ------------------------------------------------------------------------------------


def test_a_letter_waits_for_its_moment(now):
    post("fact:1", now=now, not_before=now + timedelta(hours=1))

    assert delivery.claim(now + timedelta(minutes=59)) is None
    assert delivery.claim(now + timedelta(hours=1)).key == "fact:1"


def test_a_letter_whose_moment_has_passed_is_dropped_and_shown_as_such(now):
    post("late", now=now, not_after=now + timedelta(hours=1))
    post("in time", now=now, not_after=now + timedelta(hours=3))

    assert delivery.drop_expired(now + timedelta(hours=2)) == 1

    assert statuses() == {"late": Status.EXPIRED, "in time": Status.QUEUED}


def test_a_letter_is_never_claimed_past_its_moment_even_before_it_is_dropped(now):
    post("late", now=now, not_after=now + timedelta(hours=1))

    assert delivery.claim(now + timedelta(hours=2)) is None
    assert delivery.claim(now + timedelta(minutes=30)).key == "late"


def test_held_letters_leave_together_once_released(now):
    post("fact:1", hold="reviews.release:1")
    post("fact:2", hold="reviews.release:1")
    post("fact:3", hold="reviews.release:2")
    assert Letter.objects.waiting(timezone.now()).count() == 0

    assert outbox.release("reviews.release:1") == 2

    assert list(Letter.objects.waiting(timezone.now()).order_by("key").values_list("key", flat=True)) == [
        "fact:1",
        "fact:2",
    ]
    assert outbox.release("") == 0


def test_the_oldest_letter_leaves_first_and_only_once(now):
    post("second", now=now - timedelta(minutes=1))
    post("first", now=now - timedelta(minutes=2))

    assert [delivery.claim(now).key for _claim in range(2)] == ["first", "second"]
    assert delivery.claim(now) is None
    assert statuses() == {"first": Status.SENDING, "second": Status.SENDING}


# --- Cancelling ---------------------------------------------------------------------------------


def test_a_moot_letter_is_cancelled_and_one_that_left_is_not(now):
    post("waiting")
    post("held", hold="reviews.release:1")
    post("left", now=now - timedelta(hours=1))
    delivery.claim(now)

    assert outbox.cancel(Letter.objects.all()) == 2

    assert statuses() == {"waiting": Status.CANCELLED, "held": Status.CANCELLED, "left": Status.SENDING}


def test_letters_follow_a_corrected_address_unless_they_have_left(now):
    post("left", to="inse@example.org", now=now - timedelta(hours=1))
    delivery.claim(now)
    post("waiting", to="inse@example.org")
    post("another's", to="lina@example.org")

    assert outbox.readdress("inse@example.org", "ines@example.org") == 1

    assert dict(Letter.objects.values_list("key", "to")) == {
        "left": "inse@example.org",
        "waiting": "ines@example.org",
        "another's": "lina@example.org",
    }


# --- Put back by hand ---------------------------------------------------------------------------


def in_state(status: str, *, since=timedelta(0)) -> Letter:
    """A letter that a worker claimed that long ago."""
    post(f"letter:{status}")
    sent_at = timezone.now() if status == Status.SENT else None
    claimed_at = None if status == Status.QUEUED else timezone.now() - since
    Letter.objects.update(status=status, claimed_at=claimed_at, sent_at=sent_at, attempts=3, error="451 plus tard")
    return Letter.objects.get()


def test_a_failed_letter_can_be_put_back(coordinator):
    letter = in_state(Status.FAILED)

    outbox.resend(letter, actor=coordinator)

    letter.refresh_from_db()
    assert (letter.status, letter.attempts, letter.error, letter.claimed_at) == (Status.QUEUED, 0, "", None)
    assert [(line.action, line.actor) for line in JournalEntry.objects.about(journal.ref(letter))] == [
        ("letter.requeued", journal.ref(coordinator))
    ]


def test_an_uncertain_letter_can_be_put_back_or_settled_after_a_while(coordinator):
    letter = in_state(Status.SENDING, since=Letter.SENDING_GRACE + timedelta(seconds=1))
    outbox.settle(letter, actor=coordinator)
    letter.refresh_from_db()
    assert (letter.status, letter.sent_at is None) == (Status.SENT, False)

    Letter.objects.update(status=Status.SENDING, sent_at=None)
    outbox.resend(letter, actor=coordinator)
    letter.refresh_from_db()
    assert letter.status == Status.QUEUED
    assert list(JournalEntry.objects.order_by("id").values_list("action", flat=True)) == [
        "letter.settled",
        "letter.requeued",
    ]


@pytest.mark.parametrize("status", [Status.QUEUED, Status.SENDING, Status.SENT])
def test_nothing_else_is_put_back_or_settled(status, coordinator):
    """Not even one that a worker may be sending right now."""
    letter = in_state(status)

    for verb in (outbox.resend, outbox.settle):
        with pytest.raises(Refusal):
            verb(letter, actor=coordinator)

    letter.refresh_from_db()
    assert (letter.status, letter.attempts) == (status, 3)
    assert JournalEntry.objects.count() == 0


def test_a_failed_letter_cannot_be_called_arrived(coordinator):
    with pytest.raises(Refusal, match="pas incertain"):
        outbox.settle(in_state(Status.FAILED), actor=coordinator)


def test_it_is_uncertain_only_once_the_worker_should_have_come_back():
    in_state(Status.SENDING, since=Letter.SENDING_GRACE - timedelta(seconds=30))
    assert Letter.objects.uncertain(timezone.now()).count() == 0

    assert Letter.objects.uncertain(timezone.now() + timedelta(minutes=1)).count() == 1


# --- Preferences --------------------------------------------------------------------------------


def test_who_wants_no_reminders_gets_none_and_everything_else(mailoutbox):
    Preference.objects.create(email="ines@example.org")
    post("reminder", "applications.reminder", to="Ines@example.org")
    post("receipt", to="Ines@example.org")
    post("hers", "applications.reminder", to="lina@example.org")

    assert delivery.send_due() == 2

    assert statuses() == {"reminder": Status.CANCELLED, "receipt": Status.SENT, "hers": Status.SENT}
    assert sorted(to for mail in mailoutbox for to in mail.to) == ["Ines@example.org", "lina@example.org"]


def test_the_sample_letters_of_these_tests_are_registered():
    from notifications import kinds

    assert [kinds.get(name).essential for name in NAMES] == [True, False]

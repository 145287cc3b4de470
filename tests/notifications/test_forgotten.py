"""Letters of which nothing is kept: once they have left, or never will, neither address nor text stays."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notifications import delivery, kinds, outbox
from notifications.models import Letter
from tests.notifications import servers

pytestmark = pytest.mark.django_db

Status = Letter.Status
KIND = "cohorts.alert_confirmation"
EMAIL = "ines@example.org"
NOTHING = ("", "", "")


def post(key: str = "alert:1", kind: str = KIND, **options) -> bool:
    return outbox.post(kind, to=EMAIL, key=key, context=dict(kinds.get(kind).sample), about="house.alert:1", **options)


def what_is_kept() -> dict[str, tuple]:
    """Key → where the letter is, and what its row says of the person."""
    return {letter.key: (letter.status, (letter.to, letter.body, letter.error)) for letter in Letter.objects.all()}


def in_state(status: str, now, *, since=timedelta(0), error="550 <ines@example.org> unknown") -> None:
    post()
    sent_at = now if status == Status.SENT else None
    Letter.objects.update(status=status, claimed_at=now - since, sent_at=sent_at, error=error)


def test_once_sent_its_row_forgets_and_the_fact_is_still_told_once(smtp_sink):
    post()
    post("fact:1", "applications.receipt")
    assert delivery.send_due() == 2

    assert smtp_sink.recipients == [EMAIL, EMAIL]
    receipt = Letter.objects.get(key="fact:1")
    assert what_is_kept() == {
        "alert:1": (Status.SENT, NOTHING),
        "fact:1": (Status.SENT, (EMAIL, receipt.body, "")),
    }
    assert "P27-7K3F" in receipt.body
    assert post() is False
    assert delivery.send_due() == 0


def test_a_key_must_not_keep_the_address(now):
    assert post(f"alert:{outbox.fingerprint(EMAIL)}") is True
    assert EMAIL not in Letter.objects.get().key
    with pytest.raises(ValueError, match="its key holds the address"):
        post("alert:Ines@Example.org")


def test_an_address_has_one_fingerprint_that_needs_the_secret_key(settings):
    print_here = outbox.fingerprint(EMAIL)
    assert outbox.fingerprint("INES@example.org") == print_here
    assert outbox.fingerprint("lina@example.org") != print_here
    settings.SECRET_KEY = "another"
    assert outbox.fingerprint(EMAIL) != print_here


def test_a_temporary_failure_forgets_nothing(settings):
    post()
    with servers.moody(on_data=servers.answers("451 later")) as (sink, _controller):
        for name, value in sink.settings.items():
            setattr(settings, name, value)
        assert delivery.send_due() == 0

    assert outbox.forget_due(timezone.now()) == 0
    [(status, (to, body, _error))] = what_is_kept().values()
    assert (status, to, "[[lien:confirm]]" in body) == (Status.QUEUED, EMAIL, True)


@pytest.mark.parametrize("status", [Status.SENT, Status.CANCELLED, Status.EXPIRED])
def test_whatever_has_ended_is_forgotten_by_the_clock(status, now):
    in_state(status, now)
    assert outbox.forget_due(now) == 1
    assert what_is_kept() == {"alert:1": (status, NOTHING)}
    assert outbox.forget_due(now) == 0


@pytest.mark.parametrize("status", [Status.FAILED, Status.SENDING])
def test_what_is_stuck_waits_a_week_for_somebody_and_is_given_up(status, now):
    in_state(status, now, since=outbox.STUCK_FOR - timedelta(minutes=1))
    assert outbox.forget_due(now) == 0
    assert what_is_kept()["alert:1"][1][0] == EMAIL

    assert outbox.forget_due(now + timedelta(minutes=2)) == 1
    assert what_is_kept() == {"alert:1": (Status.CANCELLED, NOTHING)}


def test_other_letters_are_kept(now):
    post("fact:1", "applications.receipt")
    before = what_is_kept()
    for status in (Status.SENT, Status.CANCELLED, Status.EXPIRED, Status.FAILED, Status.SENDING):
        Letter.objects.update(
            status=status, claimed_at=now - timedelta(days=60), sent_at=now if status == Status.SENT else None
        )
        assert outbox.forget_due(now) == 0
        assert what_is_kept()["fact:1"] == (status, before["fact:1"][1])


def test_one_that_a_person_declares_arrived_is_forgotten_at_once(coordinator, now):
    in_state(Status.SENDING, now, since=Letter.SENDING_GRACE + timedelta(seconds=1))
    outbox.settle(Letter.objects.get(), actor=coordinator)
    assert what_is_kept() == {"alert:1": (Status.SENT, NOTHING)}


def test_staff_read_that_it_is_forgotten(coordinator, signed_in, now):
    in_state(Status.SENT, now)
    page = f"/admin/notifications/letter/{Letter.objects.get().pk}/change/"
    assert EMAIL in signed_in(coordinator).get(page).content.decode()
    outbox.forget_due(now)
    words = signed_in(coordinator).get(page).content.decode()
    assert EMAIL not in words
    assert "adresse effacée" in words
    assert "ne sont pas gardés" in words

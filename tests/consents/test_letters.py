"""The letters about an authorisation, word for word."""

from pathlib import Path

import pytest

from consents import emails
from notifications import kinds
from tests.letters import check_letter

LETTERS = Path(__file__).parent / "letters"
KINDS = [kind for kind in kinds.every() if kind.name.startswith("consents.")]
VARIANTS = {"authorisation_stopped_withdrawn", "guardian_copy_refused_by_the_other", "staff_alert_withdrawn"} | {
    "guardian_request_with_a_telephone",
    *("guardian_copy_outing", "guardian_withdrawal_outing", "authorisation_stopped_outing", "staff_alert_outing"),
}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_reads_as_agreed(kind):
    check_letter(kind, LETTERS)


@pytest.mark.parametrize("kind", [emails.STOPPED, emails.ALERT], ids=lambda kind: kind.name)
def test_a_withdrawal_is_not_called_a_refusal(kind):
    check_letter(kind, LETTERS, "withdrawn", state="WITHDRAWN")


def test_who_signed_reads_that_the_other_said_no():
    check_letter(emails.COPY, LETTERS, "refused_by_the_other", state="REFUSED")


def test_what_an_outing_is_stands_in_the_copy():
    title, details = "une journée au festival", "Clermont-Ferrand, le 3 février, de 9 h à 19 h, avec Claire."
    check_letter(emails.COPY, LETTERS, "outing", title=title, details=details)


@pytest.mark.parametrize("kind", [emails.STOPPED, emails.ALERT, emails.WITHDRAWAL], ids=lambda kind: kind.name)
def test_a_no_to_an_outing_stops_no_mentoring_in_words_either(kind):
    check_letter(kind, LETTERS, "outing", title="une journée au festival", is_outing=True)


def test_a_telephone_is_told_where_there_is_one(settings):
    settings.CONTACT_PHONE = "01 84 16 00 00"
    check_letter(emails.REQUEST, LETTERS, "with_a_telephone")


def test_every_golden_letter_is_still_sent():
    sent = {kind.name.partition(".")[2] for kind in KINDS}
    assert {path.stem for path in LETTERS.glob("*.txt")} == sent | VARIANTS

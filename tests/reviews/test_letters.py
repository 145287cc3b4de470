"""The letters of the jury's work, word for word."""

from pathlib import Path

from reviews import emails
from tests.letters import check_letter

LETTERS = Path(__file__).parent / "letters"


def test_an_announcement_to_confirm():
    check_letter(emails.RELEASE_TO_CONFIRM, LETTERS)


def test_one_decision_proposed_by_nobody_in_particular():
    check_letter(
        emails.RELEASE_TO_CONFIRM, LETTERS, "alone", proposer="", total=1, accepted=1, waitlisted=0, rejected=0
    )

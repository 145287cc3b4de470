"""The letters about calls, word for word."""

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

from cohorts import emails
from tests.letters import check_letter

FOLDER = Path(__file__).parent / "letters"


def test_confirm_your_address():
    check_letter(emails.ALERT_CONFIRMATION, FOLDER)


def test_the_next_call_is_open():
    check_letter(emails.NEXT_CALL, FOLDER)


def test_a_call_is_open():
    check_letter(emails.CALL_OPEN, FOLDER)


def test_two_calls_are_open():
    spring = emails.CALL_OPEN.sample["calls"][0]
    cohort = SimpleNamespace(**vars(spring["cohort"]))
    cohort.name, cohort.audience_labels, cohort.min_age = "Automne 2027", ["lycéen·ne"], 15
    cohort.starts_on += timedelta(days=150)
    autumn = {"cohort": cohort, "url": "https://mentorat.example/promotions/automne-2027/"}
    check_letter(emails.CALL_OPEN, FOLDER, "two", calls=[spring, autumn])

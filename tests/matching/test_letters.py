"""The letters about offers, word for word."""

from pathlib import Path

import pytest

from notifications import kinds
from tests.letters import check_letter

LETTERS = Path(__file__).parent / "letters"
KINDS = [kind for kind in kinds.every() if kind.name.startswith("matching.")]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_reads_as_agreed(kind):
    check_letter(kind, LETTERS)


@pytest.mark.parametrize("letter", ["offer", "offer_reminder", "offer_cancelled"])
def test_one_person_is_not_many(letter):
    check_letter(kinds.get(f"matching.{letter}"), LETTERS, "one", count=1)


def test_every_golden_letter_is_still_sent():
    sent = [kind.name.partition(".")[2] for kind in KINDS]
    ones = ["offer_one", "offer_reminder_one", "offer_cancelled_one"]
    assert sorted(path.stem for path in LETTERS.glob("*.txt")) == sorted([*sent, *ones])

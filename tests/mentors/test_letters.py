"""The letters about becoming a mentor, word for word."""

from pathlib import Path

import pytest

from notifications import kinds
from tests.letters import check_letter

LETTERS = Path(__file__).parent / "letters"
KINDS = [kind for kind in kinds.every() if kind.name.startswith("mentors.")]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_reads_as_agreed(kind):
    check_letter(kind, LETTERS)


def test_every_golden_letter_is_still_sent():
    assert sorted(path.stem for path in LETTERS.glob("*.txt")) == [kind.name.partition(".")[2] for kind in KINDS]

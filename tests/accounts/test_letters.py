"""The letters to the team, word for word."""

from pathlib import Path

import pytest

from accounts import emails
from tests.letters import check_letter

FOLDER = Path(__file__).parent / "letters"


@pytest.mark.parametrize(
    "kind", [emails.ROLE_GRANTED, emails.ROLE_REVOKED, emails.SECOND_FACTOR_RESET], ids=lambda kind: kind.name
)
def test_letter(kind):
    check_letter(kind, FOLDER)


@pytest.mark.parametrize("kind", [emails.ROLE_GRANTED, emails.ROLE_REVOKED], ids=lambda kind: kind.name)
@pytest.mark.parametrize("role", ["COORDINATOR", "SAFEGUARDING"])
def test_letter_of_the_other_roles(kind, role):
    check_letter(kind, FOLDER, role.lower(), role=role, cohort="", first_name="")

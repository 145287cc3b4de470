"""Whom the tests of mentors share."""

import pytest

from mentors import transitions


@pytest.fixture
def lea():
    """Invited, she has said nothing yet."""
    return transitions.invite("lea@example.org", first_name="Léa", last_name="Roche", actor="a")

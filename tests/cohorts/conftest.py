"""A cohort that the cast does not have."""

import pytest

from tests import factories


@pytest.fixture
def upcoming(db):
    """A cohort whose call has not opened: nobody can have answered."""
    return factories.make_cohort("upcoming")

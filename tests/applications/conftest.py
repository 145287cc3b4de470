"""Inès, in front of her phone."""

import pytest


@pytest.fixture
def hers(candidate, signed_in):
    """Inès's browser."""
    return signed_in(candidate)

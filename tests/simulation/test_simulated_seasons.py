"""Seasons of random answers, changes of mind and deaths: all holds after each step, nobody is forgotten at the end."""

import pytest

from tests.simulation.stories import story

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("seed", range(3))
def test_nobody_is_lost(seed):
    story(seed, mentees=20, mentors=12, days=16)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 400))
def test_nobody_is_lost_whatever_happens(seed):
    story(seed, mentees=20, mentors=12, days=16)

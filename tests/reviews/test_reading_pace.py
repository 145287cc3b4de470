"""How long a reader still has to read, as her page tells it."""

from datetime import datetime, timedelta

import pytest

from reviews import pace

NINE = datetime(2027, 3, 2, 9, 0)
NBSP = "\u00a0"


def after(*minutes: int) -> list[datetime]:
    """Moments so many minutes after nine o'clock."""
    return [NINE + timedelta(minutes=minute) for minute in minutes]


@pytest.mark.parametrize(
    ("given", "left", "minutes"),
    [
        (after(0, 4, 10, 16), 10, 60),
        (after(16, 0, 10, 4), 10, 60),  # in whatever order
        (after(0, 5, 10), 1, 5),
        (after(0, 5, 34), 4, 17 * 4),  # two gaps: between them
        (after(0, 5, 10, 40), 10, 50),  # half an hour later is another sitting
        (after(0, 5, 10, 1440, 1447), 10, 50),
    ],
)
def test_the_time_left_is_her_median_gap_by_the_files_left(given, left, minutes):
    assert pace.time_left(given, left) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("given", "left"),
    [([], 10), (after(0, 5), 10), (after(0, 5, 10), 0), (after(0, 60, 120, 180), 10)],
)
def test_nothing_is_told_without_enough_to_tell(given, left):
    assert pace.time_left(given, left) is None


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(1, "5 min"), (5, "5 min"), (6, "10 min"), (56, "1 h"), (66, "1 h 10"), (121, "2 h 05"), (181, "3 h 30")],
)  # fmt: skip
def test_it_is_told_in_round_figures(minutes, words):
    assert pace.told(timedelta(minutes=minutes)).replace(NBSP, " ") == words

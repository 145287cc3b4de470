"""Days and hours as French people read them."""

from datetime import UTC, date, datetime

import pytest

from cohorts.moments import day, hour, moment, stamp

NIGHT = datetime(2026, 10, 31, 23, 5, tzinfo=UTC)  # five past midnight in Paris, the day after


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (day(date(2026, 11, 24)), "mardi 24 novembre 2026"),
        (day(date(2026, 5, 1)), "vendredi 1er mai 2026"),
        (hour(NIGHT), "0 h 05"),
        (moment(NIGHT), "dimanche 1er novembre 2026 à 0 h 05, heure de Paris"),
        (stamp(NIGHT), "1 nov. 2026, 0 h 05"),
    ],
)
def test_moments_are_written_in_french(written, expected):
    assert written.replace("\u00a0", " ") == expected


def test_a_number_never_parts_from_its_unit():
    assert moment(NIGHT) == "dimanche 1er\u00a0novembre\u00a02026 à\u00a00\u00a0h\u00a005, heure de Paris"

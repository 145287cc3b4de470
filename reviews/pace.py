"""How long a jury member still has to read, from how long she took so far. Plain Python, no database."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise
from math import ceil
from statistics import median

SAME_SITTING = timedelta(minutes=30)
"""Two opinions further apart than that were not given in one go: she did something else in between."""
ENOUGH = 3
"""So many opinions given before anything is said of the rest."""
NBSP = "\u00a0"


def time_left(given: Iterable[datetime], left: int) -> timedelta | None:
    """Files left × the median gap between two opinions of one sitting. None as long as there is too little to tell.

    The median, because one file read over a coffee says nothing of the others.
    """
    moments = sorted(given)
    gaps = [later - earlier for earlier, later in pairwise(moments)]
    sitting = [gap for gap in gaps if gap < SAME_SITTING]
    if len(moments) < ENOUGH or not sitting or not left:
        return None
    return left * median(sitting)


def told(duration: timedelta) -> str:
    """« 1 h 10 », « 25 min », « 5 min »: to the next five minutes, to the next half an hour beyond three hours."""
    minutes = duration.total_seconds() / 60
    step = 30 if minutes > 180 else 5
    hours, rest = divmod(max(step, step * ceil(minutes / step)), 60)
    if not hours:
        return f"{rest}{NBSP}min"
    return f"{hours}{NBSP}h{NBSP}{rest:02}" if rest else f"{hours}{NBSP}h"

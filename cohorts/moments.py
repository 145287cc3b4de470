"""Days and hours as French people read them: whole, with the hour and where it is counted."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format

NBSP = "\u00a0"


def day(value: date) -> str:
    """`mardi 24 novembre 2026`, or `1er`; no line break between the number and the month."""
    weekday, month, year = (date_format(value, part) for part in ("l", "F", "Y"))
    number = "1er" if value.day == 1 else str(value.day)
    return f"{weekday} {number}{NBSP}{month}{NBSP}{year}"


def hour(value: datetime) -> str:
    """`18 h 00`, Paris time."""
    local = timezone.localtime(value)
    return f"{local.hour}{NBSP}h{NBSP}{local.minute:02d}"


def moment(value: datetime) -> str:
    """`mardi 24 novembre 2026 à 18 h 00, heure de Paris`: how a deadline is always written."""
    return f"{day(timezone.localtime(value).date())} à{NBSP}{hour(value)}, heure de Paris"


def stamp(value: datetime) -> str:
    """`10 oct. 2026, 20 h 17`, Paris time: for tables, where a moment must be short."""
    return f"{date_format(timezone.localtime(value), f'j{NBSP}N{NBSP}Y')}, {hour(value)}"

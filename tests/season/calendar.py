"""When a season of the demo takes place: relative to now, so that it is always alive."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from cohorts.models import Audience, Cohort

SPRING, AUTUMN = Cohort.Season.SPRING, Cohort.Season.AUTUMN

USUAL_START = {SPRING: (5, 10), AUTUMN: (10, 12)}
"""Month and day on which a season's accompaniment starts in real life."""

AUDIENCES = {
    SPRING: [Audience.STUDENT, Audience.SELF_TAUGHT],
    AUTUMN: [Audience.PUPIL, Audience.REINSERTION],
}
"""Whom a season is for by default."""


def seasons(now: datetime) -> tuple[dict, dict]:
    """The fields of two cohorts: one whose call closes in four days, and the one before it, in decision and matching.

    The second one starts in a month; it bears the name of the season nearest to that day, whatever today is.
    """
    today = timezone.localdate(now)
    soon = today + timedelta(days=33)
    season, year = nearest_season(soon)
    following = (AUTUMN, year) if season == SPRING else (SPRING, year + 1)
    usual = date(following[1], *USUAL_START[following[0]])
    later = usual if timedelta(days=60) < usual - today < timedelta(days=240) else today + timedelta(days=110)
    audiences = list(dict.fromkeys([*AUDIENCES[season], Audience.PUPIL]))
    return (
        {
            **_fields(*following, today, opened=24, closes=4, decided=30, starts=later),
            "audiences": AUDIENCES[following[0]],
        },
        {
            **_fields(season, year, today, opened=75, closes=-40, decided=3, starts=soon),
            "audiences": audiences,
            "min_age": 15,
        },
    )


def nearest_season(day: date) -> tuple[str, int]:
    """The season whose usual start is the nearest to that day."""
    candidates = [(s, y) for y in range(day.year - 1, day.year + 2) for s in (SPRING, AUTUMN)]
    return min(candidates, key=lambda candidate: abs(date(candidate[1], *USUAL_START[candidate[0]]) - day))


def _fields(season: str, year: int, today: date, *, opened: int, closes: int, decided: int, starts: date) -> dict:
    return {
        "season": season,
        "year": year,
        "min_age": 18 if season == SPRING else 15,
        "max_age": 30,
        "opens_at": paris(today - timedelta(days=opened), 9),
        "closes_at": paris(today + timedelta(days=closes), 18),
        "readings_due_on": today + timedelta(days=decided - 2),
        "decisions_on": today + timedelta(days=decided),
        "starts_on": starts,
        "ends_on": starts + timedelta(days=183),
    }


def paris(day: date, hour: int, minute: int = 0) -> datetime:
    """That hour of that day in Paris."""
    return timezone.make_aware(datetime(day.year, day.month, day.day, hour, minute))


PRESENTATIONS = {
    SPRING: (
        "Six mois aux côtés d’une personne du métier que vous visez, pour les étudiant·es et les autodidactes qui "
        "n’ont pas de réseau dans le cinéma et l’audiovisuel. Un échange par mois au moins, une immersion quand c’est "
        "possible, et la promotion qui se retrouve autour d’un festival."
    ),
    AUTUMN: (
        "Six mois d’accompagnement pour les lycéen·nes et les jeunes en réinsertion sociale qui veulent découvrir les "
        "métiers du cinéma et de l’audiovisuel, et rencontrer celles et ceux qui les font. Aucun diplôme n’est demandé."
    ),
}
PARTNERS = (
    {
        "name": "Collectif 50/50",
        "presentation": "Agit depuis 2018 pour l’égalité, la parité et la diversité dans le cinéma et l’audiovisuel.",
        "order": 10,
    },
    {
        "name": "Netflix",
        "presentation": "Soutient le programme, et des membres de son équipe en France accompagnent des mentoré·es.",
        "yearly_contribution": 50_000,
        "order": 20,
    },
    {
        "name": "École Kourtrajmé",
        "presentation": "École gratuite, sans condition de diplôme, à Montfermeil : ateliers d’écriture et rencontres.",
        "order": 30,
    },
)

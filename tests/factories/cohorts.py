"""Cohorts and what their calls ask."""

import itertools
from datetime import datetime, time, timedelta

from django.utils import timezone

from cohorts.models import Audience, Cohort, Criterion, Question, Trade
from consents.first_texts import publish_first_texts
from consents.models import TextVersion
from consents.queries import current_texts

CALENDARS = {
    # days from now: opening, closing, decisions, start, end
    "upcoming": (10, 40, 60, 90, 270),
    "open": (-20, 10, 30, 60, 240),
    "closed": (-50, -20, 10, 40, 220),
    "running": (-180, -140, -120, -90, 90),
    "over": (-400, -360, -340, -300, -120),
}


def make_cohort(phase: str = "open", *, now=None, **fields) -> Cohort:
    """A cohort at that point of its life (see `CALENDARS`), open to every audience, minors too; one criterion, and one
    coordinator is enough to announce."""
    now = now or timezone.now()
    opens, closes, decisions, starts, ends = (timezone.localdate(now) + timedelta(days=d) for d in CALENDARS[phase])
    season, year = _free_season(starts)
    cohort = Cohort.objects.create(
        **{
            "season": season,
            "year": year,
            "audiences": Audience.values,
            "places": 20,
            "min_age": 15,
            "max_age": 35,
            "opens_at": paris(opens, 9),
            "closes_at": paris(closes, 18),
            "decisions_on": decisions,
            "starts_on": starts,
            "ends_on": ends,
            "needs_two_people": False,
            **fields,
        }
    )
    Criterion.objects.create(cohort=cohort, name="Ensemble")
    return cohort


def _free_season(starts) -> tuple[str, int]:
    """The season of that day, or the next one that no cohort has yet."""
    taken = set(Cohort.objects.values_list("season", "year"))
    spring, autumn = Cohort.Season.SPRING, Cohort.Season.AUTUMN
    seasons = ((s, year) for year in itertools.count(starts.year) for s in (spring, autumn))
    wanted = itertools.dropwhile(lambda s: starts.month > 7 and s == (spring, starts.year), seasons)
    return next(s for s in wanted if s not in taken)


def paris(day, hour: int, minute: int = 0) -> datetime:
    """That hour of that day in Paris."""
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def make_question(
    cohort: Cohort, text: str = "Quel film vous a marqué·e ?", *, kind: str = "TEXT", **fields
) -> Question:
    """A question of that cohort's own, after those it has; a choice is between three, unless `choices` says which."""
    if kind == Question.Kind.CHOICE:
        fields.setdefault("choices", ["Le matin", "L’après-midi", "Le soir"])
    fields.setdefault("order", cohort.questions.count() + 1)
    return Question.objects.create(cohort=cohort, text=text, kind=kind, **fields)


TRADES = (
    ("realisation", "Réalisation", "Réalisation", "L1304"),
    ("montage", "Montage image", "Montage et postproduction", "L1507"),
    ("prise-de-son", "Prise de son", "Son", "L1508"),
)


def make_trades(count: int = 2) -> list[Trade]:
    """Up to three trades. They stand from the first migration on, save after a test that empties the tables."""
    return [
        Trade.objects.get_or_create(slug=slug, defaults={"name": name, "family": family, "rome_code": code})[0]
        for slug, name, family, code in TRADES[:count]
    ]


def make_texts() -> dict[str, TextVersion]:
    """What people agree to, by key. It stands from the migrations on, save after a test that empties the tables."""
    publish_first_texts(TextVersion.objects)
    return current_texts()

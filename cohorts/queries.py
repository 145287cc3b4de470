"""Reads shaped for pages."""

from cohorts.models import Cohort, Criterion, DocumentAsked, Question, Trade

_SEASONS = {"printemps": Cohort.Season.SPRING, "automne": Cohort.Season.AUTUMN}


def by_slug(slug: str) -> Cohort:
    """The cohort at such an address, `printemps-2027`. Raises Cohort.DoesNotExist."""
    word, _, year = slug.partition("-")
    if word not in _SEASONS or not (year.isascii() and year.isdigit() and len(year) == 4):
        raise Cohort.DoesNotExist
    return Cohort.objects.get(season=_SEASONS[word], year=int(year))


def trades_by_family() -> dict[str, list[Trade]]:
    """Trades that can be chosen, under their family, in the programme's own order (one query)."""
    families: dict[str, list[Trade]] = {}
    for trade in Trade.objects.filter(is_offered=True):
        families.setdefault(trade.family, []).append(trade)
    return families


def documents_asked_of(cohort: Cohort) -> list[DocumentAsked]:
    """The documents that the cohort asks, in order (one query)."""
    return list(DocumentAsked.objects.filter(cohort=cohort))


def questions_of(cohort: Cohort) -> list[Question]:
    """The cohort's own questions, in the order in which they are asked (one query)."""
    return list(Question.objects.filter(cohort=cohort))


def criteria_of(cohort: Cohort) -> list[Criterion]:
    """What the jury of the cohort judges by, in order (one query)."""
    return list(Criterion.objects.filter(cohort=cohort))

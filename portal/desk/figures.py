"""« Les chiffres » of a cohort: how its files stand by reader, audience, trade, region and declared gender.

Gender is for parity and nothing else, and small numbers name people: what fewer than THRESHOLD share is not shown.
"""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.regions import Region
from applications.choices import Gender
from applications.models import Application, Wish
from cohorts.models import Audience, Cohort, Trade
from portal.desk import funnel
from portal.desk.funnel import Stage, share
from reviews.models import Assignment, Review

THRESHOLD = 10
"""Fewer people than that are never shown as a number where the number says something of them (PROGRAMME: 10)."""
FIRST = 12
"""So many readers are in sight; the others are behind a click."""
COUNTED = {
    "sent": Count("pk", filter=Q(sent_at__isnull=False)),
    "held": Count("pk", filter=Q(state__in=Application.PLACE_STATES, masked_state="")),
}
"""Files that were sent, and those that hold a place, as their candidates know."""


@dataclass(frozen=True)
class Row:
    """One line of a table: how many files were sent, how many hold a place, and what the cohort aims at."""

    name: str
    sent: int | None
    held: int | None
    percent: int
    """The length of its bar: its share of the longest."""
    target: int | None = None

    @property
    def is_short(self) -> bool:
        """Whether fewer hold a place than the cohort aims at."""
        return self.target is not None and (self.held or 0) < self.target


@dataclass(frozen=True)
class Parity:
    """Women and non-binary people among those who hold a place, against what the cohort asks for."""

    percent: int | None
    """None while too few have said it."""
    declared: int
    target: int | None


@dataclass(frozen=True)
class Reader:
    """How far a member of the jury has come: opinions given, out of the files entrusted to her."""

    name: str
    given: int
    asked: int

    @property
    def left(self) -> int:
        return max(0, self.asked - self.given)

    @property
    def percent(self) -> int:
        return share(min(self.given, self.asked), self.asked)


@dataclass(frozen=True)
class Figures:
    """All that the page shows, and the sheet « Chiffres » of an export."""

    cohort: Cohort
    stages: list[Stage]
    places: int
    held: int
    readers: list[Reader]
    audiences: list[Row]
    regions: list[Row]
    trades: list[Row]
    genders: list[Row]
    parity: Parity

    @property
    def given(self) -> int:
        return sum(reader.given for reader in self.readers)

    @property
    def asked(self) -> int:
        return sum(reader.asked for reader in self.readers)

    @property
    def first_readers(self) -> list[Reader]:
        """Who has most left to read."""
        return self.readers[:FIRST]

    @property
    def other_readers(self) -> list[Reader]:
        return self.readers[FIRST:]

    @property
    def has_targets(self) -> bool:
        """Whether places are kept for some audience."""
        return any(row.target for row in self.audiences)

    @property
    def reading_percent(self) -> int:
        return share(min(self.given, self.asked), self.asked)


def of(cohort: Cohort) -> Figures:
    """The figures of a cohort (8 queries, whatever its size)."""
    crossed = list(_files(cohort).values("audience", "gender").annotate(**COUNTED))
    held = sum(row["held"] for row in crossed)
    audiences = _rows(Audience.choices, crossed, "audience", targets=cohort.audience_minimums or {})
    genders, parity = _genders(cohort, crossed)
    regions = list(_files(cohort).values("candidate__region").annotate(**COUNTED))
    counts = funnel.counts_by_cohort([cohort]).get(cohort.pk, {})
    return Figures(
        cohort=cohort,
        stages=funnel.stages(counts),
        places=cohort.places,
        held=held,
        readers=readers(cohort),
        audiences=audiences,
        regions=_rows(Region.choices, regions, "candidate__region"),
        trades=_trades(cohort),
        genders=genders,
        parity=parity,
    )


def _files(cohort: Cohort):
    return Application.objects.filter(cohort=cohort, sent_at__isnull=False).order_by()


def _rows(choices, counted: list[dict], key: str, targets: dict | None = None) -> list[Row]:
    """A line a choice that somebody has made, or that has a target, in the order of the choices."""
    sent, held, targets = Counter(), Counter(), targets or {}
    for row in counted:
        sent[row[key]] += row["sent"]
        held[row[key]] += row["held"]
    top = max(sent.values(), default=0)
    names = [*choices, ("", _("non renseigné"))]
    return [
        Row(str(name), sent[value], held[value], share(sent[value], top), targets.get(value))
        for value, name in names
        if sent[value] or targets.get(value)
    ]


def _trades(cohort: Cohort) -> list[Row]:
    """By the trade wanted first, the most wanted first."""
    wishes = Wish.objects.filter(rank=1, application__cohort=cohort, application__sent_at__isnull=False).order_by()
    holds = Q(application__state__in=Application.PLACE_STATES, application__masked_state="")
    rows = list(wishes.values("trade").annotate(sent=Count("pk"), held=Count("pk", filter=holds)))
    names = dict(Trade.objects.values_list("pk", "name"))
    top = max((row["sent"] for row in rows), default=0)
    rows.sort(key=lambda row: (-row["sent"], names[row["trade"]]))
    return [Row(names[row["trade"]], row["sent"], row["held"], share(row["sent"], top)) for row in rows]


def _genders(cohort: Cohort, crossed: list[dict]) -> tuple[list[Row], Parity]:
    """Declared genders among files sent and places held, none of fewer than THRESHOLD."""
    sent, held = Counter(), Counter()
    for row in crossed:
        sent[row["gender"]] += row["sent"]
        held[row["gender"]] += row["held"]
    names = [*Gender.choices, ("", _("non déclaré"))]
    shown_sent, shown_held = thresholded(sent, [v for v, _n in names]), thresholded(held, [v for v, _n in names])
    top = max((count for count in shown_sent.values() if count), default=0)
    rows = [
        Row(str(name), shown_sent[value], shown_held[value], share(shown_sent[value] or 0, top))
        for value, name in names
        if sent[value]
    ]
    declared = sum(count for value, count in held.items() if value)
    counted_in = held[Gender.WOMAN] + held[Gender.NON_BINARY]
    # A share beside counts of which one is hidden would give that one away by subtraction.
    is_whole = all(shown_held[value] is not None for value in Gender.values)
    tells = is_whole and declared >= THRESHOLD and min(counted_in, declared - counted_in) >= THRESHOLD
    return rows, Parity(share(counted_in, declared) if tells else None, declared, cohort.parity_percent)


def thresholded(counts: dict[str, int], values: list[str]) -> dict[str, int | None]:
    """The counts, with None for those that are too small to be shown.

    When one alone is hidden the smallest of the others goes too: it could be had by subtracting from the total.
    """
    shown = {value: counts[value] if counts[value] >= THRESHOLD or not counts[value] else None for value in values}
    if sum(count is None for count in shown.values()) == 1:
        others = [value for value in values if shown[value]]
        if others:
            shown[min(others, key=lambda value: shown[value])] = None
    return shown


def readers(cohort: Cohort) -> list[Reader]:
    """The jury's progress, who has most left to read first; a file that was withdrawn waits for nobody (3 queries)."""
    here = Q(application__cohort=cohort) & ~Q(application__state=Application.State.WITHDRAWN)
    asked = dict(Assignment.objects.filter(here).order_by().values_list("reviewer").annotate(Count("pk")))
    given = dict(Review.objects.filter(here).order_by().values_list("reviewer").annotate(Count("pk")))
    people = User.objects.filter(pk__in=asked.keys() | given.keys())
    found = [
        # An opinion outlives its assignment when a file is handed on: she was asked for it all the same.
        Reader(person.get_full_name(), given.get(person.pk, 0), max(asked.get(person.pk, 0), given.get(person.pk, 0)))
        for person in people
    ]
    return sorted(found, key=lambda reader: (-reader.left, reader.name))

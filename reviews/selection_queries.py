"""Reads for the pages of lists: a cohort's lists, the lines of one, what its bounds do, how two of them differ."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import (
    Case,
    Count,
    DecimalField,
    ExpressionWrapper,
    F,
    IntegerField,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.utils.translation import gettext_lazy as _

from accounts.search import named
from applications.choices import COUNTING
from cohorts.models import Audience, Cohort
from reviews.choosing import TOGETHER, Bounds
from reviews.models import Decision, Line, Selection
from reviews.selection_words import audience_words, bound_words, in_order, price_words, tie_words

Outcome = Decision.Outcome
ACCEPTED = Q(lines__outcome=Outcome.ACCEPTED)


def lists(cohort: Cohort) -> QuerySet[Selection]:
    """The lists of a cohort, the latest first, with what each accepts, its points, how many were moved (1 query)."""
    return (
        cohort.selections.select_related("composed_by")
        .annotate(
            accepted=Count("lines", filter=ACCEPTED),
            points=Sum("lines__points", filter=ACCEPTED, default=0),
            moved=Count("lines", filter=Q(lines__moved_at__isnull=False)),
        )
        .order_by("-number")
    )


# --- One list -------------------------------------------------------------------------------------


def is_close(selection: Selection) -> Q:
    """The lines whose distance to the cut is smaller than their uncertainty: people should talk about them."""
    cut = selection.figures.get("cut")
    if cut is None:
        return Q(pk__in=())
    margin = ExpressionWrapper(F("uncertainty") * 100, output_field=DecimalField())
    return Q(uncertainty__isnull=False, points__lt=cut + margin, points__gt=cut - margin)


VIEWS = {
    "": _("Toute la liste"),
    "retenus": _("À accepter"),
    "attente": _("Liste d’attente"),
    "autres": _("Non retenus"),
    "bornes": _("Du fait d’une borne"),
    "discuter": _("À discuter"),
    "deplaces": _("Déplacés à la main"),
}
"""What a list can be narrowed to, by the word in the address."""


def _narrowed(selection: Selection) -> dict[str, Q]:
    return {
        "": Q(),
        "retenus": Q(outcome=Outcome.ACCEPTED),
        "attente": Q(outcome=Outcome.WAITLISTED),
        "autres": Q(outcome=Outcome.REJECTED),
        "bornes": ~Q(because=[]),
        "discuter": is_close(selection),
        "deplaces": Q(moved_at__isnull=False),
    }


def counts(selection: Selection) -> dict[str, int]:
    """How many lines each view holds (1 query)."""
    views = {f"v_{name}": Count("pk", filter=Q(pk__isnull=False) & held) for name, held in _narrowed(selection).items()}
    return {name.removeprefix("v_"): count for name, count in selection.lines.aggregate(**views).items()}


def lines(selection: Selection, view: str = "", words: str = "") -> QuerySet[Line]:
    """The lines of a view, in order, those whose reference or name holds these words; with what a row shows."""
    found = selection.lines.filter(_narrowed(selection)[view])
    if words:
        people = named(words, "application__candidate__")
        references = Q(application__reference__icontains=words)
        found = found.filter(references if people is None else references | people)
    close = Case(When(is_close(selection), then=Value(1)), default=Value(0), output_field=IntegerField())
    return (
        found.select_related("application__candidate", "moved_by")
        .prefetch_related("application__wishes__trade")
        .annotate(is_close=close)
        .order_by("rank", "pk")
    )


def reasons(selection: Selection, line: Line) -> list[str]:
    """The bounds that brought this file in or pushed it out, in words."""
    return [words_of(selection, name) for name in in_order(line.because)]


def words_of(selection: Selection, bound: str) -> str:
    return bound_words(bound, selection.audience_minimums, selection.parity_percent)


def total(selection: Selection) -> int:
    """The points of what it accepts now (1 query)."""
    return selection.lines.filter(outcome=Outcome.ACCEPTED).aggregate(total=Sum("points", default=0))["total"]


def bounds(selection: Selection) -> list[str]:
    """What the list asks for, in words."""
    asked = Bounds(selection.audience_minimums, selection.parity_percent or 0)
    return [words_of(selection, name) for name in in_order(asked.names)]


def prices(selection: Selection) -> list[str]:
    """What each bound costs, a sentence each; all of them last, where there are several."""
    effects = selection.figures.get("effects", {})
    names = [name for name in in_order(effects) if name != TOGETHER or len(effects) > 2]
    return [price_words(name, words_of(selection, name), effects[name]) for name in names]


def ties(selection: Selection) -> list[str]:
    return [tie_words(tie) for tie in selection.figures.get("ties", [])]


@dataclass(frozen=True)
class Part:
    """How one audience, or all, stands among the accepted: counts, and the bar that shows them, in per cent."""

    label: str
    chosen: int
    counting: int
    """Women and non-binary people among them."""
    supply: int
    """Files of the list, chosen or not."""
    least: int
    """What a bound asks of `chosen`, or of `counting` in the last part."""
    scale: int

    @property
    def width(self) -> float:
        return self._percent(self.chosen)

    @property
    def counting_width(self) -> float:
        return self._percent(self.counting)

    @property
    def least_at(self) -> float:
        return self._percent(self.least)

    def _percent(self, count: int) -> float:
        return round(100 * count / self.scale, 2) if self.scale else 0


@dataclass(frozen=True)
class Breakdown:
    """The accepted by audience, and all of them for parity."""

    audiences: list[Part]
    everybody: Part

    @property
    def missed(self) -> list[Part]:
        """The parts that no longer keep their bound, moved by hand."""
        short = [part for part in self.audiences if part.chosen < part.least]
        return [*short, self.everybody] if self.everybody.counting < self.everybody.least else short


def breakdown(selection: Selection) -> Breakdown:
    """The accepted by audience and class, against the bounds (1 query)."""
    rows = (
        selection.lines.filter(outcome=Outcome.ACCEPTED)
        .order_by()
        .values_list("application__audience", "application__gender")
        .annotate(Count("pk"))
    )
    chosen, counting = Counter(), Counter()
    for audience, gender, count in rows:
        chosen[audience] += count
        counting[audience] += count if gender in COUNTING else 0
    supply = {audience: sum(pair) for audience, pair in selection.figures.get("supply", {}).items()}
    minimums = selection.audience_minimums
    shown = [audience for audience in Audience.values if audience in {*supply, *minimums, *chosen}]
    scale = max([*chosen.values(), *minimums.values(), 1])
    total = chosen.total()
    asked = Bounds(parity_percent=selection.parity_percent or 0).parity_count(total)
    return Breakdown(
        [
            Part(audience_words(a), chosen[a], counting[a], supply.get(a, 0), minimums.get(a, 0), scale)
            for a in [*shown, *({""} & set(chosen))]
        ],
        Part("", total, counting.total(), sum(supply.values()), asked, total),
    )


# --- Two lists ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """A file that two lists decide otherwise, or that only one of them holds (the other line is None)."""

    before: Line | None
    after: Line | None

    @property
    def line(self) -> Line:
        return self.after or self.before


@dataclass(frozen=True)
class Comparison:
    """What goes from one list to the other."""

    entering: list[Change]
    leaving: list[Change]
    moving: list[Change]
    """Neither accepted here nor there."""
    alike: int


def comparison(first: Selection, second: Selection) -> Comparison:
    """How the second list differs from the first (4 queries)."""
    before, after = ({line.application_id: line for line in one.lines.all()} for one in (first, second))
    entering, leaving, moving, alike = [], [], [], 0
    changed = set()
    for pk in before.keys() | after.keys():
        change = Change(before.get(pk), after.get(pk))
        was, becomes = (line.outcome if line else None for line in (change.before, change.after))
        if was == becomes:
            alike += 1
            continue
        changed.add(pk)
        side = entering if becomes == Outcome.ACCEPTED else leaving if was == Outcome.ACCEPTED else moving
        side.append(change)
    files = first.cohort.applications.filter(pk__in=changed).select_related("candidate").in_bulk()
    for change in (*entering, *leaving, *moving):
        change.line.application = files[change.line.application_id]
    for side in (entering, leaving, moving):
        side.sort(key=lambda change: (-change.line.points, change.line.rank))
    return Comparison(entering, leaving, moving, alike)

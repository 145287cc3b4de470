"""Two calculations of a cohort side by side: what each found, what it started from, and who changes.

A run writes no second proposal for an offer that it keeps: those are named in `figures["kept_offers"]`, and whoever has
one is paired by it as much as whoever it proposes anew.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db import models
from django.db.models.fields.json import KT
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from applications.fields import grouped
from applications.models import Application
from cohorts.models import Cohort
from matching import run_pages
from matching.models import Proposal, Run, Unmatched, Weights
from matching.scoring import WEIGHTS
from mentors.models import Commitment

# --- Which calculations -------------------------------------------------------------------------


def runs_of(cohort: Cohort):
    """Those that are done, the latest first, light: with `pairs` as text, without their proof (one query)."""
    done = Run.objects.filter(cohort=cohort, state=Run.State.DONE).annotate(pairs=KT("figures__pairs"))
    return done.defer("certificate", "figures", "parameters").order_by("-requested_at", "-pk")


def has_earlier(run: Run) -> bool:
    """Whether its cohort has a calculation to compare it with, asked for before it (one query)."""
    others = Run.objects.filter(cohort=run.cohort_id, state=Run.State.DONE).exclude(pk=run.pk)
    before = models.Q(requested_at__lt=run.requested_at) | models.Q(requested_at=run.requested_at, pk__lt=run.pk)
    return others.filter(before).exists()


# --- Figures ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One figure of both. None where a calculation does not have it."""

    label: str
    before: int | None
    after: int | None
    words: str
    """« 2 binômes de plus »."""

    @property
    def signed(self) -> str:
        """`+2`; empty where nothing goes up or down."""
        if self.before is None or self.after is None or self.before == self.after:
            return ""
        return ("+" if self.after > self.before else "−") + grouped(abs(self.after - self.before))


def difference(before: int | None, after: int | None, noun: Callable[[int], str]) -> str:
    """What goes from one number to the other, in words."""
    if before is None or after is None:
        return _("seulement après") if before is None else _("seulement avant")
    if before == after:
        return _("pas de changement")
    count = abs(after - before)
    told = {"count": grouped(count), "noun": noun(count)}
    more = _("%(count)s\u00a0%(noun)s de plus") if after > before else _("%(count)s\u00a0%(noun)s de moins")
    return more % told


def _pairs(count):
    return ngettext("binôme", "binômes", count)


def _points(count):
    return ngettext("point", "points", count)


def _people(count):
    return ngettext("personne", "personnes", count)


def _places(count):
    return ngettext("place", "places", count)


def _offers(count):
    return ngettext("proposition", "propositions", count)


SUBJECTS = [
    (
        gettext_lazy("En tout"),
        [
            (gettext_lazy("Personnes dans le calcul"), ("candidates",), _people),
            (gettext_lazy("Places libres"), ("seats",), _places),
            (gettext_lazy("Binômes"), ("pairs",), _pairs),
            (gettext_lazy("Personnes sans proposition"), ("unmatched",), _people),
            (gettext_lazy("Points"), ("points",), _points),
        ],
    ),
    (
        gettext_lazy("Le métier de la ou du mentor répond"),
        [
            (gettext_lazy("au premier vœu"), ("wishes", "1"), _people),
            (gettext_lazy("au deuxième vœu"), ("wishes", "2"), _people),
            (gettext_lazy("au troisième vœu"), ("wishes", "3"), _people),
            (gettext_lazy("par un métier voisin"), ("wishes", "family"), _people),
            (gettext_lazy("à aucun vœu"), ("wishes", "none"), _people),
        ],
    ),
    (
        gettext_lazy("Part de femmes et de personnes non binaires"),
        [
            (gettext_lazy("demandée, en binômes"), ("floor", "target"), _pairs),
            (gettext_lazy("tenue, en binômes"), ("floor", "held"), _pairs),
            (gettext_lazy("son prix, en points"), ("floor", "price"), _points),
        ],
    ),
    (
        gettext_lazy("Propositions déjà parties"),
        [
            (gettext_lazy("gardées"), ("kept",), _offers),
            (gettext_lazy("déplacées"), ("moved",), _offers),
        ],
    ),
    (
        gettext_lazy("Binômes fixés à la main"),
        [
            (gettext_lazy("tenus"), ("pins", "held"), _pairs),
            (gettext_lazy("binômes qu’ils empêchent"), ("pins", "pairs"), _pairs),
            (gettext_lazy("points qu’ils coûtent"), ("pins", "points"), _points),
            (gettext_lazy("propositions qu’ils déplacent"), ("pins", "broken"), _offers),
        ],
    ),
]
"""What is compared, by subject: what a figure is called, where a run keeps it, and what it counts."""


def subjects(before: Run, after: Run) -> list[tuple[str, list[Line]]]:
    """Every figure that one of the two has, by subject; a subject of which neither says anything is left out."""
    figures = [_figures(run) for run in (before, after)]
    told = [
        (title, [_line(label, [_read(one, path) for one in figures], noun) for label, path, noun in rows])
        for title, rows in SUBJECTS
    ]
    # What is nought in both is not news, save for what every calculation is about.
    kept = [(title, lines if not place else list(filter(_says, lines))) for place, (title, lines) in enumerate(told)]
    return [(title, lines) for title, lines in kept if any(map(_says, lines))]


def _figures(run: Run) -> dict:
    """Its figures, with its one floor by name, and how many offers it moves."""
    told = dict(run.figures)
    if "moved" in told:
        told["moved"] = len(told["moved"])
    if pins := told.get("pins"):  # a pair that only a pin makes prevents none, and costs nothing
        told["pins"] = {**pins, **{name: max(0, pins[name]) for name in ("pairs", "points")}}
    if floors := told.get("floors"):
        told["floor"] = floors[0]
    return told


def _read(figures: dict, path: tuple[str, ...]) -> int | None:
    for name in path:
        figures = (figures or {}).get(name)
    return figures


def _line(label: str, values: list[int | None], noun) -> Line:
    before, after = values
    return Line(label, before, after, difference(before, after, noun))


def _says(line: Line) -> bool:
    return bool(line.before or line.after)


# --- What they started from ---------------------------------------------------------------------


def has_same_inputs(before: Run, after: Run) -> bool:
    return bool(before.inputs_checksum) and before.inputs_checksum == after.inputs_checksum


def has_same_weights(before: Run, after: Run) -> bool:
    """Whether points may be compared: the same pair has the same number in both."""
    return before.parameters.get("weights") == after.parameters.get("weights")


def conditions(before: Run, after: Run) -> list[str]:
    """What was asked of one otherwise than of the other, in sentences."""
    both = before.parameters, after.parameters
    weights = [one.get("weights", {}) for one in both]
    told = [
        _told(Weights._meta.get_field(name).verbose_name, *(grouped(one[name]) for one in weights))
        for name in WEIGHTS
        if all(name in one for one in weights) and weights[0][name] != weights[1][name]
    ]
    others = [one.get("pairs_other_trades", False) for one in weights]
    if others[0] != others[1]:
        told.append(_told(Weights._meta.get_field("pairs_other_trades").verbose_name, *map(_yes, others)))
    shares = [next((floor["percent"] for floor in one.get("floors", ())), None) for one in both]
    if shares[0] != shares[1]:
        shown = [_("aucune") if one is None else _("%s\u00a0%%") % one for one in shares]
        told.append(_told(_("part demandée de femmes et de personnes non binaires"), *shown))
    keeps = [one.get("keeps_offers", False) for one in both]
    if keeps[0] != keeps[1]:
        told.append(_told(_("garder toutes les propositions déjà parties"), *map(_yes, keeps)))
    return told


def _yes(value: bool) -> str:
    return _("oui") if value else _("non")


def _told(label, before: str, after: str) -> str:
    told = {"label": capfirst(str(label)), "before": before, "after": after}
    return _("%(label)s\u00a0: %(before)s avant, %(after)s après.") % told


# --- Who changes --------------------------------------------------------------------------------


class Fate(models.TextChoices):
    """What becomes of somebody, those who lose most first."""

    LOST = "LOST", gettext_lazy("n’a plus de mentor·e")
    GONE = "GONE", gettext_lazy("n’est plus dans le calcul")
    MOVED = "MOVED", gettext_lazy("change de mentor·e")
    GAINED = "GAINED", gettext_lazy("a maintenant un·e mentor·e")
    NEW = "NEW", gettext_lazy("entre dans le calcul, avec un·e mentor·e")


@dataclass(frozen=True)
class Answer:
    """Who has whom in a calculation, by the file's reference: new proposals and offers kept alike; and who is left out,
    with the kind of reason.
    """

    mentor_of: dict[str, int] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)

    def __contains__(self, reference: str) -> bool:
        return reference in self.mentor_of or reference in self.left_out


@dataclass(frozen=True)
class Change:
    """Somebody who has not the same mentor in both; commitments by number, None for nobody."""

    reference: str
    fate: Fate
    before: int | None
    after: int | None
    why_before: str = ""
    why_after: str = ""


@dataclass(frozen=True)
class Changes:
    """Who changes, and how many do not; people who take part in one of the two alone are counted."""

    rows: list[Change]
    alike: int
    entered: int
    left: int

    @property
    def counts(self) -> list[str]:
        """« 2 personnes changent de mentor·e », for each fate that somebody has."""
        found = Counter(row.fate for row in self.rows)
        return [_counted(fate, found[fate]) for fate in Fate if found[fate]]


def _counted(fate: Fate, count: int) -> str:
    told = {
        Fate.LOST: ngettext("%s personne n’a plus de mentor·e", "%s personnes n’ont plus de mentor·e", count),
        Fate.GONE: ngettext("%s personne n’est plus dans le calcul", "%s personnes ne sont plus dans le calcul", count),
        Fate.MOVED: ngettext("%s personne change de mentor·e", "%s personnes changent de mentor·e", count),
        Fate.GAINED: ngettext(
            "%s personne a maintenant un·e mentor·e", "%s personnes ont maintenant un·e mentor·e", count
        ),
        Fate.NEW: ngettext(
            "%s personne entre dans le calcul, avec un·e mentor·e",
            "%s personnes entrent dans le calcul, avec un·e mentor·e",
            count,
        ),
    }
    return told[fate] % count


def changes(before: Run, after: Run) -> Changes:
    """How the second answer differs from the first, by person (three queries)."""
    was, is_now = _answers(before, after)
    people = sorted(was.mentor_of.keys() | is_now.mentor_of.keys())
    rows = [_change(one, was, is_now) for one in people if was.mentor_of.get(one) != is_now.mentor_of.get(one)]
    order = list(Fate)
    everybody = [one.mentor_of.keys() | one.left_out.keys() for one in (was, is_now)]
    return Changes(
        rows=sorted(rows, key=lambda row: (order.index(row.fate), row.reference)),
        alike=len(people) - len(rows),
        entered=len(everybody[1] - everybody[0]),
        left=len(everybody[0] - everybody[1]),
    )


def _answers(*runs: Run) -> list[Answer]:
    found = {run.pk: Answer() for run in runs}
    new = Proposal.objects.filter(run__in=runs).order_by()
    for run, reference, commitment in new.values_list("run_id", "application__reference", "commitment_id"):
        found[run].mentor_of[reference] = commitment
    kept = {run.pk: run.figures.get("kept_offers", []) for run in runs}
    standing = Proposal.objects.filter(pk__in={one for ids in kept.values() for one in ids}).order_by()
    offers = {pk: pair for pk, *pair in standing.values_list("pk", "application__reference", "commitment_id")}
    for run, ids in kept.items():
        found[run].mentor_of.update(offers[one] for one in ids if one in offers)
    left = Unmatched.objects.filter(run__in=runs).order_by()
    for run, reference, kind in left.values_list("run_id", "application__reference", "kind"):
        found[run].left_out[reference] = kind
    return list(found.values())


def _change(reference: str, was: Answer, is_now: Answer) -> Change:
    before, after = was.mentor_of.get(reference), is_now.mentor_of.get(reference)
    if before and after:
        fate = Fate.MOVED
    elif before:
        fate = Fate.LOST if reference in is_now else Fate.GONE
    else:
        fate = Fate.GAINED if reference in was else Fate.NEW
    why = [one.left_out.get(reference, "") for one in (was, is_now)]
    return Change(reference, fate, before, after, *(str(Unmatched.Kind(kind).label) if kind else "" for kind in why))


def unnamed(run: Run) -> int:
    """How many offers it keeps without saying which: a calculation older than that list."""
    return run.figures.get("kept", 0) - len(run.figures.get("kept_offers", []))


@dataclass(frozen=True)
class Shown:
    """A change with its people."""

    change: Change
    file: Application
    before: Commitment | None
    after: Commitment | None


def shown(rows: Iterable[Change]) -> list[Shown]:
    """Two queries, for as many people as one likes."""
    rows = list(rows)
    numbers = {one for row in rows for one in (row.before, row.after) if one}
    known = run_pages.names((row.reference for row in rows), numbers)
    return [
        Shown(row, known.files[row.reference], known.commitments.get(row.before), known.commitments.get(row.after))
        for row in rows
    ]

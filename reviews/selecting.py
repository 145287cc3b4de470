"""The verbs of a list: composing it, changing it by hand, adopting it. Nothing is decided before it is adopted.

A list is numbered, and a draft until a coordinator adopts it: its lines then become pending decisions, which nobody is
told before they are published. The choice itself is `reviews.choosing`'s.
"""

from collections import Counter, defaultdict

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.choices import COUNTING
from applications.drafting import require_not_own
from applications.models import Application
from cohorts.models import Cohort
from lifecycle import journal
from lifecycle.moves import lock
from lifecycle.refusals import Refusal
from reviews import scores
from reviews.choosing import Bounds, Candidate, Choice, Impossible, choose
from reviews.models import Decision, Line, Selection
from reviews.selection_words import impossible_words

Outcome = Decision.Outcome

LONGEST_REASON = Line._meta.get_field("moved_reason").max_length


class NoSuchList(Refusal):
    """No list keeps these bounds. `impossible` says which ones fail, `sentences` says it in French."""

    def __init__(self, impossible: Impossible, percent: int | None):
        self.impossible, self.sentences = impossible, impossible_words(impossible, percent)
        super().__init__(" ".join(self.sentences))


def free_places(cohort: Cohort) -> int:
    """Places of the cohort that nobody holds, and that no open announcement has promised."""
    promised = Decision.objects.promised().filter(application__cohort=cohort)
    return max(0, cohort.places - cohort.applications.holding_a_place().count() - promised.count())


def eligible(cohort: Cohort) -> tuple[list[scores.Standing], list[scores.Standing]]:
    """The files that a list may hold, and those still waiting for a first opinion: sent, not decided, not announced."""
    held = Decision.objects.held().filter(application__cohort=cohort)
    announced = set(held.values_list("application_id", flat=True))
    files = [
        standing
        for standing in scores.standings(cohort)
        if standing.state == Application.State.SUBMITTED and standing.application_id not in announced
    ]
    return [file for file in files if file.given], [file for file in files if not file.given]


# --- Composing ------------------------------------------------------------------------------------


@transaction.atomic
def compose(
    cohort: Cohort,
    *,
    basis: str,
    places: int,
    waiting: int,
    audience_minimums: dict[str, int],
    parity_percent: int | None,
    parity_reason: str = "",
    actor,
    now=None,
) -> Selection:
    """A coordinator draws the best list of the files that have an opinion, as a new draft.

    Raises Refusal when there is no such file, the places are not free, or a share is asked without a reason; NoSuchList
    when the bounds cannot be kept. Nothing is kept then.
    """
    now, parity_reason = now or timezone.now(), parity_reason.strip()
    lock(cohort)
    if parity_percent and not parity_reason:
        raise Refusal(_("Écrivez pourquoi cette part est demandée\u00a0: le procès-verbal le dira."))
    if not 1 <= places <= free_places(cohort):
        free = free_places(cohort)
        raise Refusal(ngettext("La promotion a %s place libre.", "La promotion a %s places libres.", free) % free)
    files, unread = eligible(cohort)
    if not files:
        raise Refusal(_("Aucun dossier à décider n’a encore d’avis\u00a0: il n’y a pas de liste à composer."))
    bounds = Bounds(audience_minimums, parity_percent or 0)
    candidates = _candidates(cohort, files, basis)
    try:
        choice = choose(candidates, places, bounds, seed=cohort.slug)
    except Impossible as impossible:
        raise NoSuchList(impossible, parity_percent)
    number = cohort.selections.aggregate(last=Max("number"))["last"] or 0
    selection = Selection.objects.create(
        cohort=cohort,
        number=number + 1,
        basis=basis,
        places=places,
        waiting=waiting,
        audience_minimums={audience: least for audience, least in audience_minimums.items() if least},
        parity_percent=parity_percent or None,
        parity_reason=parity_reason if parity_percent else "",
        figures={**_figures(choice), "unread": len(unread)},
        composed_by=actor,
        composed_at=now,
    )
    _write_lines(selection, choice, {file.reference: file for file in files})
    journal.record("selection.composed", selection, actor=actor, now=now)
    return selection


def _candidates(cohort: Cohort, files: list[scores.Standing], basis: str) -> list[Candidate]:
    people = {
        pk: (audience, gender in COUNTING)
        for pk, audience, gender in cohort.applications.order_by().values_list("pk", "audience", "gender")
    }
    return [
        Candidate(file.reference, file.points(basis), *people[file.application_id], mean=int(file.mean * 100))
        for file in files
    ]


def _figures(choice: Choice) -> dict:
    """What is kept of how the list was found, for the pages and the minutes."""
    ranked = sorted((*choice.chosen, *choice.others), key=lambda one: -one.points)
    supply: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for one in ranked:
        supply[one.audience][one.counts_for_parity] += 1
    return {
        "files": len(ranked),
        "chosen": len(choice.chosen),
        "points": choice.points,
        "cut": ranked[len(choice.chosen) - 1].points if choice.others else None,
        "effects": {
            name: {"price": effect.price, "entered": len(effect.entered), "left": len(effect.left)}
            for name, effect in choice.effects.items()
        },
        "supply": supply,
        "ties": _ties(choice),
    }


def _ties(choice: Choice) -> list[dict]:
    """Where the tie rule decided: as many points, the same audience and the same class, one kept and another not."""
    cells: dict[tuple, tuple[list, list]] = defaultdict(lambda: ([], []))
    for side, files in enumerate((choice.chosen, choice.others)):
        for one in files:
            cells[one.points, one.audience, one.counts_for_parity][side].append(one)
    ties: dict[int, dict] = {}
    for (points, _audience, _counting), (kept, left) in sorted(cells.items(), reverse=True):
        if kept and left:
            by_lot = {one.mean for one in kept} & {one.mean for one in left}
            tie = ties.setdefault(points, {"points": points, "kept": 0, "left": 0, "by": "MEAN"})
            tie["kept"], tie["left"] = tie["kept"] + len(kept), tie["left"] + len(left)
            tie["by"] = "LOTTERY" if by_lot else tie["by"]
    return list(ties.values())


def _write_lines(selection: Selection, choice: Choice, files: dict[str, scores.Standing]) -> None:
    kept, waits = len(choice.chosen), len(choice.chosen) + selection.waiting
    lines = []
    for rank, one in enumerate((*choice.chosen, *choice.others), start=1):
        outcome = Outcome.ACCEPTED if rank <= kept else Outcome.WAITLISTED if rank <= waits else Outcome.REJECTED
        file = files[one.reference]
        lines.append(
            Line(
                selection=selection,
                application_id=file.application_id,
                points=one.points,
                mean=file.mean,
                uncertainty=file.uncertainty if selection.basis == Selection.Basis.ADJUSTED else None,
                readings=file.given,
                rank=rank,
                outcome=outcome,
                computed_rank=rank,
                computed_outcome=outcome,
                because=list(choice.because.get(one.reference, ())),
            )
        )
    Line.objects.bulk_create(lines)


@transaction.atomic
def delete_draft(selection: Selection, *, actor, now=None) -> None:
    """A coordinator throws a draft away. Raises Refusal when it is adopted."""
    _lock_draft(selection)
    journal.record("selection.deleted", selection, actor=actor, now=now)
    selection.delete()


# --- Changing by hand -----------------------------------------------------------------------------


@transaction.atomic
def move_line(line: Line, *, outcome: str, position: int | None = None, reason: str, actor, now=None) -> None:
    """A coordinator gives a file another decision, or another place among those of the same decision, and says why.

    `position` counts from 1; None puts it where its score would. The others keep their order. Raises Refusal without a
    reason, when the file is her own or there already, or when the list is adopted.
    """
    require_not_own(line.application.candidate, actor)
    now, reason = now or timezone.now(), _tidy(reason)
    _lock_draft(line.selection)
    line.refresh_from_db()
    before = (line.rank, line.outcome)
    _place(line, outcome, position)
    if (line.rank, line.outcome) == before:
        raise Refusal(_("Ce dossier est déjà à cette place."))
    _keep_moved(line, reason, actor, now)


@transaction.atomic
def swap_lines(line: Line, other: Line, *, reason: str, actor, now=None) -> None:
    """A coordinator gives two files of a list each other's place and decision, and says why: the counts stay.

    Raises Refusal without a reason, for one file alone or her own, or when the list is adopted.
    """
    for one in (line, other):
        require_not_own(one.application.candidate, actor)
    now, reason = now or timezone.now(), _tidy(reason)
    _lock_draft(line.selection)
    line.refresh_from_db()
    other.refresh_from_db()
    if line.pk == other.pk or line.selection_id != other.selection_id:
        raise Refusal(_("Choisissez un autre dossier de la même liste."))
    line.rank, line.outcome, other.rank, other.outcome = other.rank, other.outcome, line.rank, line.outcome
    for moved in (line, other):
        _keep_moved(moved, reason, actor, now)


@transaction.atomic
def return_line(line: Line, *, actor, now=None) -> None:
    """A coordinator undoes what was moved by hand: the file is again where its score and the bounds put it.

    Raises Refusal when it was not moved, is her own, or when the list is adopted.
    """
    require_not_own(line.application.candidate, actor)
    _lock_draft(line.selection)
    line.refresh_from_db()
    if not line.moved_at:
        raise Refusal(_("Ce dossier est à la place que le calcul lui a donnée."))
    _place(line, line.computed_outcome, None)
    line.moved_reason, line.moved_at, line.moved_by = "", None, None
    line.save(update_fields=["rank", "outcome", "moved_reason", "moved_at", "moved_by"])
    _tell(line, "selection.line_returned", actor, now)


def _tidy(reason: str) -> str:
    """Raises Refusal when it is empty or too long."""
    reason = reason.strip()
    if not reason:
        raise Refusal(_("Écrivez pourquoi ce dossier change de place\u00a0: le procès-verbal le dira."))
    if len(reason) > LONGEST_REASON:
        raise Refusal(_("La raison est trop longue\u00a0: %s caractères au plus.") % LONGEST_REASON)
    return reason


def _keep_moved(line: Line, reason: str, actor, now) -> None:
    line.moved_reason, line.moved_at, line.moved_by = reason, now, actor
    line.save(update_fields=["rank", "outcome", "moved_reason", "moved_at", "moved_by"])
    _tell(line, "selection.line_moved", actor, now)


def lock_list(selection: Selection) -> None:
    """Lock the cohort, then the list. Raises Refusal when somebody threw it away since it was read."""
    lock(selection.cohort)
    try:
        lock(selection)
    except Selection.DoesNotExist:
        raise Refusal(_("Cette liste vient d’être supprimée."))


def _lock_draft(selection: Selection) -> None:
    """Raises Refusal when the list is adopted, or thrown away."""
    lock_list(selection)
    if selection.state != Selection.State.DRAFT:
        raise Refusal(_("Cette liste est retenue\u00a0: reprenez-la en brouillon pour la changer."))


def _place(line: Line, outcome: str, position: int | None) -> None:
    """Put the line among those of that decision, the others closing up behind it; its own row is not saved."""
    others = line.selection.lines.exclude(pk=line.pk)
    sizes = Counter(others.values_list("outcome", flat=True))
    if position is None:
        position = others.filter(outcome=outcome, computed_rank__lt=line.computed_rank).count() + 1
    before = {
        Outcome.ACCEPTED: 0,
        Outcome.WAITLISTED: sizes[Outcome.ACCEPTED],
        Outcome.REJECTED: sizes[Outcome.ACCEPTED] + sizes[Outcome.WAITLISTED],
    }[Outcome(outcome)]
    rank = before + max(1, min(position, sizes[outcome] + 1))
    others.filter(rank__gt=line.rank, rank__lte=rank).update(rank=F("rank") - 1)
    others.filter(rank__lt=line.rank, rank__gte=rank).update(rank=F("rank") + 1)
    line.rank, line.outcome = rank, outcome


def _tell(line: Line, action: str, actor, now) -> None:
    journal.record(action, line.selection, actor=actor, now=now, detail=journal.ref(line.application))

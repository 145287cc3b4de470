"""The verbs that make a list the pending decisions of its files, and take that back, while nothing is published."""

from collections import Counter
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.models import Application
from cohorts.models import Cohort
from lifecycle import journal
from lifecycle.moves import move
from lifecycle.refusals import IllegalTransition, Refusal
from reviews.models import Decision, Release, Review, Selection
from reviews.selecting import free_places, lock_list

State, Outcome = Selection.State, Decision.Outcome

ALLOWED = {State.DRAFT: {State.ADOPTED}, State.ADOPTED: {State.DRAFT}}


@dataclass(frozen=True)
class Drift:
    """What changed since a list was composed. References, in the order of the list; the last two in their own."""

    withdrawn: tuple[str, ...]
    decided: tuple[str, ...]
    reread: tuple[str, ...]
    """Files with an opinion more, less, or changed."""
    arrived: tuple[str, ...]
    """Files that had no opinion, or were not sent, when the list was composed."""

    def __bool__(self):
        return bool(self.withdrawn or self.decided or self.reread or self.arrived)


def drift(selection: Selection) -> Drift:
    """What changed in the files since the list was composed (4 queries)."""
    read = {
        pk: (given, last)
        for pk, given, last in Review.objects.filter(application__cohort=selection.cohort_id)
        .order_by()
        .values_list("application_id")
        .annotate(Count("pk"), Max("given_at"))
    }
    open_now = set(_undecided(selection.cohort).values_list("pk", flat=True))
    withdrawn, decided, reread, listed = [], [], [], set()
    lines = selection.lines.order_by("rank").values_list(
        "application_id", "application__reference", "application__state", "readings"
    )
    for pk, reference, state, readings in lines:
        listed.add(pk)
        given, last = read.get(pk, (0, selection.composed_at))
        if state == Application.State.WITHDRAWN:
            withdrawn.append(reference)
        elif pk not in open_now:
            decided.append(reference)
        elif given != readings or last > selection.composed_at:
            reread.append(reference)
    new = _undecided(selection.cohort).filter(pk__in=read.keys() - listed).order_by("reference")
    arrived = tuple(new.values_list("reference", flat=True))
    return Drift(tuple(withdrawn), tuple(decided), tuple(reread), arrived)


def _undecided(cohort: Cohort):
    """The files that a list of the cohort may still decide: sent, and not held by an announcement."""
    held = Decision.objects.held().filter(application__cohort=cohort)
    return cohort.applications.filter(state=Application.State.SUBMITTED).exclude(pk__in=held.values("application_id"))


@dataclass(frozen=True)
class Adoption:
    """What adopting a list would write: how many decisions of each kind, and what they take the place of."""

    outcomes: Counter
    replaced: int
    """Pending decisions of its files that would become another one."""
    left_alone: Counter
    """Pending decisions of files that are not in the list: they stay."""
    excess: int
    """Acceptances beyond the free places, with those that stay: more than zero, and the list cannot be adopted."""
    other: Selection | None
    """The list adopted before, which becomes a draft again."""

    @property
    def shown(self) -> dict[str, int]:
        """What somebody confirms who reads the page: how many decisions of each kind, how many replaced."""
        return {**{outcome: self.outcomes[outcome] for outcome in Outcome.values}, "replaced": self.replaced}


def adoption(selection: Selection) -> Adoption:
    """What adopting that list now would do (a constant number of queries)."""
    lines = list(_living(selection))
    outcomes = Counter(line.outcome for line in lines)
    listed = {line.application_id: line.outcome for line in lines}
    other = _adopted(selection.cohort)
    replaced, left_alone = 0, Counter()
    pending = Decision.objects.pending().filter(application__cohort=selection.cohort)
    for pk, outcome, source in pending.values_list("application_id", "outcome", "selection_id"):
        if pk in listed:
            replaced += listed[pk] != outcome
        elif other is None or source != other.pk:
            left_alone[outcome] += 1
    wanted = outcomes[Outcome.ACCEPTED] + left_alone[Outcome.ACCEPTED]
    excess = max(0, wanted - free_places(selection.cohort))
    return Adoption(outcomes, replaced, left_alone, excess, other)


@transaction.atomic
def adopt(selection: Selection, *, actor, expected: dict[str, int] | None = None, now=None) -> Adoption:
    """A coordinator makes the list the pending decisions of its files; all stays free to change until it is published.

    Files withdrawn or decided since are passed over. What was marked by hand on its files gives way, and the list
    adopted before becomes a draft again. A reason shared with somebody who stays refused is kept. `expected` is what
    she was shown (`Adoption.shown`). Raises Refusal when that changed meanwhile, an announcement is open, places would
    lack or the list was thrown away, IllegalTransition when it is adopted already.
    """
    now = now or timezone.now()
    lock_list(selection)
    _require_no_announcement(selection.cohort)
    files = Application.objects.filter(pk__in=selection.lines.values("application_id")).order_by("pk")
    list(files.select_for_update(of=("self",), no_key=True).values_list("pk"))
    if selection.state == State.ADOPTED:
        raise IllegalTransition(journal.ref(selection), State.ADOPTED, State.ADOPTED)
    done = adoption(selection)
    if expected is not None and expected != done.shown:
        raise Refusal(
            _("La liste ou ses dossiers ont changé pendant que vous lisiez cette page. Relisez, puis retenez-la.")
        )
    if done.excess:
        raise Refusal(
            ngettext(
                "Il y a %s acceptation de trop pour les places libres\u00a0: faites descendre un dossier.",
                "Il y a %s acceptations de trop pour les places libres\u00a0: faites descendre des dossiers.",
                done.excess,
            )
            % done.excess
        )
    before = _pending_of(selection)
    if done.other and done.other.pk != selection.pk:
        listed = {line.application_id for line in _living(selection)}
        _give_back(done.other, actor=actor, now=now, but=listed)
    move(selection, State.ADOPTED, allowed=ALLOWED, actor=actor, now=now, adopted_at=now)
    _write(selection, before, actor=actor, now=now)
    return done


def _write(selection: Selection, before: dict[int, Decision], *, actor, now) -> None:
    """Pending decisions for every line, in the place of those that stood; the journal tells of each that changes."""
    lines = list(_living(selection))
    Decision.objects.pending().filter(application__in=[line.application_id for line in lines]).delete()
    waiting, decisions, marked = 0, [], []
    for line in lines:
        waiting += line.outcome == Outcome.WAITLISTED
        old = before.get(line.application_id)
        is_kept = old is not None and old.outcome == line.outcome
        decisions.append(
            Decision(
                application_id=line.application_id,
                outcome=line.outcome,
                rank=waiting if line.outcome == Outcome.WAITLISTED else None,
                shared_reason=old.shared_reason if is_kept else "",
                selection=selection,
                marked_at=old.marked_at if is_kept else now,
            )
        )
        if not is_kept:
            marked.append((line.application, line.outcome))
    Decision.objects.bulk_create(decisions)
    journal.record_each("decision.marked", marked, actor=actor, now=now)


@transaction.atomic
def withdraw_adoption(selection: Selection, *, actor, now=None) -> None:
    """A coordinator takes the list back to a draft; its pending decisions go, and its files wait for one again.

    Raises Refusal when an announcement is open or some of it was published, IllegalTransition when it is a draft.
    """
    now = now or timezone.now()
    lock_list(selection)
    _require_no_announcement(selection.cohort)
    _give_back(selection, actor=actor, now=now)


def _give_back(selection: Selection, *, actor, now, but=frozenset()) -> None:
    """Make the list a draft again, and take its decisions back save those of the files that another list decides."""
    if selection.decisions.filter(state=Decision.State.PUBLISHED).exists():
        raise Refusal(_("Des décisions de cette liste sont publiées\u00a0: elle ne peut plus être reprise."))
    move(selection, State.DRAFT, allowed=ALLOWED, actor=actor, now=now, adopted_at=None)
    pending = list(Decision.objects.pending().filter(selection=selection).exclude(application__in=but))
    Decision.objects.filter(pk__in=[decision.pk for decision in pending]).delete()
    unmarked = ((f"{Application._meta.label_lower}:{decision.application_id}", "") for decision in pending)
    journal.record_each("decision.unmarked", unmarked, actor=actor, now=now)


def _require_no_announcement(cohort: Cohort) -> None:
    if Release.objects.filter(cohort=cohort, state__in=Release.OPEN_STATES).exists():
        raise Refusal(_("Une annonce est ouverte pour cette promotion\u00a0: terminez-la ou abandonnez-la d’abord."))


def _adopted(cohort: Cohort) -> Selection | None:
    """The list whose decisions wait to be published."""
    unpublished = cohort.selections.filter(state=State.ADOPTED).exclude(decisions__state=Decision.State.PUBLISHED)
    return unpublished.order_by("-number").first()


def _living(selection: Selection):
    """The lines whose file can still be decided, in order."""
    lines = selection.lines.filter(application__in=_undecided(selection.cohort))
    return lines.select_related("application").order_by("rank")


def _pending_of(selection: Selection) -> dict[int, Decision]:
    """The pending decisions of the cohort, by file."""
    pending = Decision.objects.pending().filter(application__cohort=selection.cohort_id)
    return {decision.application_id: decision for decision in pending}

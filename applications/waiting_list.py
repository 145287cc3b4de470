"""The verbs of a cohort's waiting list: who is called when a place is free, and how the list stops and ends.

It is OPEN, and calls the next by itself; STOPPED, when places that become free wait for a person; or CLOSED for good,
when whoever still waited has the answer no. Closing is said once, and the clock then answers file by file (`refuse`).
"""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from applications import emails, minors
from applications.drafting import require_not_own
from applications.models import Application
from applications.states import ALLOWED, confirmation_term
from cohorts.models import Cohort, WaitingList
from lifecycle import journal
from lifecycle.models import JournalEntry
from lifecycle.moves import lock, move
from lifecycle.refusals import Refusal

State = Application.State

LONGEST_REASON = 200


def of(cohort: Cohort) -> QuerySet[Application]:
    """Who waits, and knows it, in the order in which they are called."""
    return Application.objects.filter(cohort=cohort).announced().waitlisted().select_related("candidate", "cohort")


def free_places(cohort: Cohort) -> int:
    """Places of the cohort that nobody holds."""
    return max(0, cohort.places - Application.objects.filter(cohort=cohort).holding_a_place().count())


def is_over(cohort: Cohort, now) -> bool:
    """Whether the cohort has begun: from its first day on nobody is called any more."""
    return timezone.localdate(now) >= cohort.starts_on


@dataclass(frozen=True)
class Call:
    """Whom a free place goes to; `passed` is who stood before her on the list, and `freed_by` whose place it was."""

    file: Application
    passed: Application | None = None
    freed_by: Application | None = None

    @property
    def words(self) -> str:
        """What the journal keeps of it, so that nobody is passed over in silence."""
        rank = self.file.waitlist_rank
        if self.passed is None:
            return _("rang %(rank)s") % {"rank": rank}
        return _("rang %(rank)s, avant le rang %(first)s\u00a0: même public que %(freed_by)s") % {
            "rank": rank,
            "first": self.passed.waitlist_rank,
            "freed_by": self.freed_by.reference,
        }


@transaction.atomic
def promote_next(cohort: Cohort, *, freed_by: Application | None = None, now) -> Application | None:
    """Offer a free place to the next of the waiting list, before the cohort starts. Returns who was called.

    Whoever frees a place calls it, in the same transaction. `freed_by` is that file: where the cohort wants it, the
    first of the same audience goes before the others. Nobody is called while the list is stopped, or closed.
    """
    lock(cohort)
    if cohort.waiting_list != WaitingList.OPEN or is_over(cohort, now) or not free_places(cohort):
        return None
    waiting = list(of(cohort)[:1])
    if not waiting:
        return None
    if cohort.promotes_same_audience and freed_by:
        waiting += of(cohort).filter(audience=freed_by.audience)[:1]
    return _promote(_next(cohort, waiting, freed_by), actor=journal.CLOCK, now=now)


def next_calls(cohort: Cohort, *, kept: int = 0, now) -> list[Call]:
    """Whom `resume`, or `call` for a list that is open, would call at once, in order."""
    free = 0 if is_over(cohort, now) else max(0, free_places(cohort) - kept)
    freed = _freed_since_stop(cohort) if free and cohort.waiting_list == WaitingList.STOPPED else []
    waiting, calls = list(of(cohort)) if free else [], []
    for turn in range(min(free, len(waiting))):
        calls.append(_next(cohort, waiting, freed[turn] if turn < len(freed) else None))
        waiting.remove(calls[-1].file)
    return calls


def _next(cohort: Cohort, waiting: list[Application], freed_by: Application | None) -> Call:
    """The first of the list, or the first of the audience of who left, where the cohort wants it."""
    first = waiting[0]
    if cohort.promotes_same_audience and freed_by:
        same = next((file for file in waiting if file.audience == freed_by.audience), first)
        if same.pk != first.pk:
            return Call(same, first, freed_by)
    return Call(first)


def _promote(call: Call, *, actor, now) -> Application:
    promoted, words = call.file, call.words
    move(
        promoted,
        State.ACCEPTED,
        allowed=ALLOWED,
        actor=actor,
        now=now,
        confirm_by=confirmation_term(promoted.cohort, now),
        waitlist_rank=None,
    )
    journal.record("application.promoted", promoted, actor=actor, now=now, detail=words)
    emails.announce_promotion(promoted, awaits_authorisation=not minors.is_authorised(promoted), now=now)
    return promoted


@transaction.atomic
def stop(cohort: Cohort, *, actor, now=None) -> None:
    """A coordinator holds the list: places that become free stay free until `resume`. Raises Refusal unless OPEN."""
    lock(cohort)
    _require(cohort, WaitingList.OPEN)
    _set(cohort, WaitingList.STOPPED, "cohort.waiting_list_stopped", actor=actor, now=now or timezone.now())


@transaction.atomic
def resume(cohort: Cohort, *, kept: int = 0, actor, now=None) -> list[Application]:
    """A coordinator lets the list go on: as many are called as places are free, less `kept` that are promised.

    Each place that was freed meanwhile goes to its own audience first, where the cohort wants it. A step of
    `reviews.waiting`, which knows what is promised. Returns who was called. Raises Refusal unless STOPPED.
    """
    now = now or timezone.now()
    lock(cohort)
    _require(cohort, WaitingList.STOPPED)
    calls = next_calls(cohort, kept=kept, now=now)
    _set(cohort, WaitingList.OPEN, "cohort.waiting_list_resumed", actor=actor, now=now)
    return [_promote(call, actor=actor, now=now) for call in calls]


@transaction.atomic
def call(cohort: Cohort, *, kept: int = 0, actor, now=None) -> list[Application]:
    """A coordinator offers the places that are free to the first of the list, less `kept` that are promised.

    For places that nobody freed: the cohort got more of them, or an announcement left some. A step of
    `reviews.waiting`. Returns who was called. Raises Refusal unless the list is OPEN.
    """
    now = now or timezone.now()
    lock(cohort)
    _require(cohort, WaitingList.OPEN)
    called = [_promote(call, actor=actor, now=now) for call in next_calls(cohort, kept=kept, now=now)]
    if called:
        journal.record("cohort.waiting_list_called", cohort, actor=actor, now=now, detail=str(len(called)))
    return called


def _freed_since_stop(cohort: Cohort) -> list[Application]:
    """Who left a place while the list was stopped, in that order."""
    stops = JournalEntry.objects.about(journal.ref(cohort)).filter(action="cohort.waiting_list_stopped")
    since = stops.values_list("id", flat=True).first()
    left = Application.objects.filter(cohort=cohort, state__in=[State.WITHDRAWN, State.LAPSED])
    files = {journal.ref(file): file for file in left}
    freed = JournalEntry.objects.filter(target__in=files, id__gt=since or 0, source_state__in=Application.PLACE_STATES)
    freed = freed.filter(target_state__in=[State.WITHDRAWN, State.LAPSED]).order_by("id")
    return [files[target] for target in freed.values_list("target", flat=True)]


@transaction.atomic
def close(cohort: Cohort, *, expected: int | None = None, actor, now=None) -> int:
    """A coordinator ends the list for good: nobody is called any more, and the clock answers whoever waits.

    `expected` is how many she was shown. A step of `reviews.waiting`, which asks for a moment without announcement.
    Returns how many wait. Raises Refusal when it is closed already, when that number changed, or when an announcement
    is being applied.
    """
    lock(cohort)
    _require(cohort, WaitingList.OPEN, WaitingList.STOPPED)
    if Application.objects.filter(cohort=cohort).exclude(masked_state="").exists():
        raise Refusal(_("Une annonce est en cours pour cette promotion\u00a0: attendez qu’elle soit finie."))
    count = of(cohort).count()
    if expected is not None and expected != count:
        raise Refusal(_("La liste a changé pendant que vous lisiez cette page. Relisez, puis recommencez."))
    now = now or timezone.now()
    _set(cohort, WaitingList.CLOSED, "cohort.waiting_list_closed", actor=actor, now=now, detail=str(count))
    return count


def to_refuse() -> QuerySet[Application]:
    """Who still waits for the answer that a closed list owes them, the first ranks first."""
    waiting = Application.objects.filter(cohort__waiting_list=WaitingList.CLOSED).announced().waitlisted()
    return waiting.select_related("candidate", "cohort")


@transaction.atomic
def refuse(application: Application, *, now) -> bool:
    """The clock: the list is closed, and no place came. She knows at once, by one letter. Returns whether it was done.

    Does nothing when she left meanwhile, or another worker was faster: it may be run again after any interruption. Her
    rank stays, which tells such an answer from the jury's own.
    """
    lock(application)
    if application.state != State.WAITLISTED or application.masked_state:
        return False
    move(application, State.REJECTED, allowed=ALLOWED, actor=journal.CLOCK, now=now, announced_at=now)
    emails.announce_closed_list(application, now=now)
    return True


@transaction.atomic
def move_rank(application: Application, rank: int, *, reason: str, actor, now=None) -> None:
    """A coordinator moves somebody to the place `rank` of the list, counted from 1, and says why in the journal.

    The others close up. Raises Refusal without a reason, when the file is her own, when the list has no such place or
    is closed, or when the person does not wait any more.
    """
    require_not_own(application.candidate, actor)
    reason = " ".join(reason.split())
    if not reason or len(reason) > LONGEST_REASON:
        raise Refusal(_("Écrivez pourquoi, en %s caractères au plus.") % LONGEST_REASON)
    lock(application.cohort)
    _require(application.cohort, WaitingList.OPEN, WaitingList.STOPPED)
    waiting = list(of(application.cohort).select_for_update(of=("self",), no_key=True))
    place = next((place for place, file in enumerate(waiting, start=1) if file.pk == application.pk), None)
    if place is None:
        raise Refusal(_("Cette personne n’est plus sur la liste d’attente."))
    if not 1 <= rank <= len(waiting):
        raise Refusal(_("La liste va du rang 1 au rang %s.") % len(waiting))
    if rank == place:
        return
    waiting.insert(rank - 1, waiting.pop(place - 1))
    _number(waiting)
    words = _("%(before)s → %(after)s\u00a0: %(reason)s") % {"before": place, "after": rank, "reason": reason}
    journal.record("application.rank_moved", application, actor=actor, now=now or timezone.now(), detail=words)


def _number(waiting: list[Application]) -> None:
    """Give the ranks that these files have to the same files in their new order.

    They keep the numbers they share, since others may stand after them whose ranks are not announced yet.
    """
    ranks = sorted(file.waitlist_rank for file in waiting if file.waitlist_rank is not None)
    if len(set(ranks)) < len(waiting):
        ranks = list(range(1, len(waiting) + 1))
    for file, rank in zip(waiting, ranks, strict=True):
        file.waitlist_rank = rank
    Application.objects.bulk_update(waiting, ["waitlist_rank"])


def _require(cohort: Cohort, *states: str) -> None:
    if cohort.waiting_list not in states:
        words = {
            WaitingList.OPEN: _("La liste d’attente est déjà ouverte."),
            WaitingList.STOPPED: _("La liste d’attente est suspendue."),
            WaitingList.CLOSED: _("La liste d’attente est close\u00a0: elle ne change plus."),
        }
        raise Refusal(words[cohort.waiting_list])


def _set(cohort: Cohort, to: str, action: str, *, actor, now, detail: str = "") -> None:
    before, cohort.waiting_list = cohort.waiting_list, to
    cohort.save(update_fields=["waiting_list"])
    journal.record(action, cohort, actor=actor, now=now, source_state=before, target_state=to, detail=detail)

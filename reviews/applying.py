"""The worker's part of an announcement: each decision applied in a transaction of its own, then all shown at once.

It can be killed at any moment, run twice, or be stopped between two files; `reviews.releasing` holds what people do.
Locks are taken in one order: the cohort, the announcement, the file, its decision.
"""

import logging

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from applications import drafting, undoing
from applications import transitions as applications
from applications.models import Application
from lifecycle import journal
from lifecycle.moves import lock, move
from lifecycle.refusals import Refusal
from notifications import outbox
from notifications.models import Letter
from reviews import minutes
from reviews.models import Decision, Release

log = logging.getLogger(__name__)

State = Release.State

ALLOWED = {
    State.PROPOSED: {State.RUNNING, State.ABANDONED},
    State.RUNNING: {State.STOPPED, State.DONE},
    State.STOPPED: {State.RUNNING, State.UNDOING, State.ABANDONED},
    State.UNDOING: {State.ABANDONED},
}
DECISION_ALLOWED = {
    Decision.State.PENDING: {Decision.State.PUBLISHED},
    Decision.State.PUBLISHED: {Decision.State.PENDING},
}
LONGEST_TROUBLE = Decision._meta.get_field("trouble").max_length


def work(release: Release, *, now=None) -> None:
    """The worker: apply each decision in its own transaction, then announce all. Safe to resume or to run twice.

    A decision that cannot be applied is put aside with its reason, and the others go on; the announcement then waits
    for a person. A database that went away is nobody's fault: the clock comes back to it.
    """
    while batch := _next(release, now or timezone.now()):
        for decision in batch:
            try:
                if not apply(decision, now=now or timezone.now()):
                    return
            except (OperationalError, InterfaceError):
                raise
            except Exception as error:
                _put_aside(decision, error)
    announce(release, now=now or timezone.now())


BATCH = 50
"""So many decisions are read at once; each is locked, and read again, before it is applied."""


def _next(release: Release, now) -> list[Decision]:
    """What is left to apply, in the order of the files; then what was applied too long ago to be announced today."""
    todo = release.decisions.filter(trouble="").order_by("application_id")
    todo = todo.select_related("release", "application__cohort", "application__candidate")
    return list(todo.filter(state=Decision.State.PENDING)[:BATCH] or _stale(todo, now)[:BATCH])


def _stale(decisions: QuerySet[Decision], now) -> QuerySet[Decision]:
    """Those applied on another day: their letters, held since, give a term to confirm that was counted from then."""
    applied = decisions.filter(state=Decision.State.PUBLISHED).exclude(replaced={})
    return applied.exclude(replaced__day=_day(now))


def _day(now) -> str:
    return timezone.localdate(now).isoformat()


def _put_aside(decision: Decision, error: Exception) -> None:
    log.error("decision %s of %s could not be applied: %r", decision.pk, decision.release, error)
    why = error.sentence if isinstance(error, Refusal) else f"{type(error).__name__} : {error}"
    Decision.objects.filter(pk=decision.pk).update(trouble=why[:LONGEST_TROUBLE] or _("raison inconnue"))


@transaction.atomic
def apply(decision: Decision, *, now) -> bool:
    """Apply one decision of an announcement, hidden until `announce`. Returns False when the announcement was stopped.

    A file that was withdrawn, or settled in another way meanwhile, is only closed, without a letter. One applied on
    another day is applied anew. Nothing is done a second time when another worker was faster.
    """
    application = decision.application
    lock(application.cohort)
    if not Release.objects.filter(pk=decision.release_id, state=State.RUNNING).exists():
        return False
    lock(application)
    lock(decision)
    if decision.state == Decision.State.PUBLISHED and decision.replaced and decision.replaced["day"] != _day(now):
        put_back(decision, application, actor=journal.CLOCK, now=now)
    if decision.state != Decision.State.PENDING:
        return True
    replaced = {}
    if can_be_applied(decision, application):
        replaced = {"day": _day(now), **undoing.before(application)}
        applications.decide(
            application,
            decision.outcome,
            rank=decision.rank,
            shared_reason=decision.shared_reason,
            actor=journal.CLOCK,
            hold=_hold(decision),
            now=now,
        )
    move(
        decision,
        Decision.State.PUBLISHED,
        allowed=DECISION_ALLOWED,
        actor=journal.CLOCK,
        now=now,
        replaced=replaced,
    )
    return True


def can_be_applied(decision: Decision, application: Application) -> bool:
    """Whether the file still waits for this decision."""
    follows = applications.ALLOWED.get(application.state, frozenset())
    return application.state in Decision.DECIDABLE_STATES and decision.outcome in follows


def _hold(decision: Decision) -> str:
    return f"{Release._meta.label_lower}:{decision.release_id}"


def put_back(decision: Decision, application: Application, *, actor, now) -> None:
    """Undo one applied decision that is not announced: it is pending again, and its letter, which never left, is gone.

    `application` is its file, which is left as it is by then. Inside a transaction that holds the cohort. A step of
    `undo`, of `releasing.take_out`, and of applying anew.
    """
    lock(application)
    if decision.replaced and undoing.put_back(application, decision.replaced, actor=actor, now=now):
        outbox.discard(Letter.objects.about(journal.ref(application)), hold=_hold(decision))
    move(decision, Decision.State.PENDING, allowed=DECISION_ALLOWED, actor=actor, now=now, replaced={})


def undo(release: Release, *, now=None) -> None:
    """The worker: put back each decision of an announcement that was given up, then set them free. Safe to resume."""
    while batch := list(_applied(release).select_related("release", "application__cohort")[:BATCH]):
        for decision in batch:
            _undo_one(decision, now=now or timezone.now())
    set_free(release, actor=journal.CLOCK, now=now or timezone.now())


def _applied(release: Release) -> QuerySet[Decision]:
    return release.decisions.filter(state=Decision.State.PUBLISHED).order_by("application_id")


@transaction.atomic
def _undo_one(decision: Decision, *, now) -> None:
    application = decision.application
    lock(application.cohort)
    lock(application)
    lock(decision)
    if decision.state == Decision.State.PUBLISHED:  # else another worker was faster
        put_back(decision, application, actor=journal.CLOCK, now=now)


@transaction.atomic
def set_free(release: Release, *, actor, now) -> None:
    """An announcement of which nothing is applied any more is over: its decisions are pending and free again.

    A step of `releasing.abandon` and of `undo`. Does nothing when another worker did it.
    """
    lock(release.cohort)
    lock(release)
    if release.state == State.ABANDONED or _applied(release).exists():
        return
    release.decisions.update(release=None, trouble="")
    move(release, State.ABANDONED, allowed=ALLOWED, actor=actor, now=now)


@transaction.atomic
def announce(release: Release, *, now) -> None:
    """Show all the decisions of a release to their candidates, and let their letters go, in one instant.

    Its minutes are frozen with it. Does nothing while a decision is still to be applied, when it was announced already,
    or stopped. A decision whose file was withdrawn after it was applied is closed as the others were: it keeps nothing
    to put back.
    """
    lock(release.cohort)
    lock(release)
    left = Q(state=Decision.State.PENDING) | Q(pk__in=_stale(release.decisions.all(), now).values("pk"))
    if release.state != State.RUNNING or release.decisions.filter(left).exists():
        return
    hidden = Application.objects.filter(decisions__release=release).exclude(masked_state="").order_by("pk")
    told = list(hidden.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))
    move(release, State.DONE, allowed=ALLOWED, actor=journal.CLOCK, now=now, done_at=now)
    release.decisions.exclude(application__in=told).update(replaced={})
    Application.objects.filter(pk__in=told).update(masked_state="", announced_at=now)
    drafting.close_revisions(told)
    minutes.freeze(release, now=now)
    outbox.release(journal.ref(release))

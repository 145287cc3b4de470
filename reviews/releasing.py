"""The verbs of announcing: a coordinator proposes, another one confirms, the worker applies, all shows at once."""

from collections import Counter

from django.db import transaction
from django.db.models import Avg, F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from applications import drafting
from applications import transitions as applications
from applications.models import Application
from cohorts.models import Cohort
from lifecycle import journal
from lifecycle.moves import lock, move
from lifecycle.refusals import IllegalTransition, Refusal
from notifications import outbox
from reviews.models import Decision, Release

State = Release.State

DECISION_ALLOWED = {Decision.State.PENDING: {Decision.State.PUBLISHED}}
ALLOWED = {
    State.PROPOSED: {State.RUNNING, State.ABANDONED},
    State.RUNNING: {State.STOPPED, State.DONE},
    State.STOPPED: {State.RUNNING, State.ABANDONED},
}


@transaction.atomic
def propose(cohort: Cohort, *, actor, expected: dict[str, int] | None = None, now=None) -> Release:
    """A coordinator proposes the announcement of every pending decision of the cohort.

    It waits for `confirm` by another one, or starts at once where the cohort does not want two people. `expected` is
    what she was shown, by outcome. Raises Refusal when that changed meanwhile, there is nothing to announce, an
    announcement is open, or places would lack.
    """
    now = now or timezone.now()
    lock(cohort)
    if Release.objects.filter(cohort=cohort, state__in=Release.OPEN_STATES).exists():
        raise Refusal(_("Une annonce est déjà en cours pour cette promotion."))
    pending = Decision.objects.pending().filter(application__cohort=cohort)
    outcomes = Counter(pending.values_list("outcome", flat=True))
    if not outcomes:
        raise Refusal(_("Il n’y a aucune décision à publier."))
    if expected is not None and outcomes != Counter(expected):
        raise Refusal(_("Les décisions ont changé pendant que vous lisiez cette page. Relisez, puis publiez."))
    held = Application.objects.filter(cohort=cohort).holding_a_place().count()
    excess = held + outcomes[Decision.Outcome.ACCEPTED] - cohort.places
    if excess > 0:
        raise Refusal(
            _("La promotion a %(places)s places : il y a %(excess)s acceptation(s) de trop.")
            % {"places": cohort.places, "excess": excess}
        )
    proposer = actor if isinstance(actor, User) else None
    release = Release.objects.create(cohort=cohort, requested_at=now, proposed_by=proposer)
    _rank_waiting_list(cohort, pending)
    pending.update(release=release)
    journal.record("release.proposed", release, actor=actor, now=now, detail=str(sum(outcomes.values())))
    if not cohort.needs_two_people:
        move(release, State.RUNNING, allowed=ALLOWED, actor=actor, now=now)
    return release


@transaction.atomic
def confirm(release: Release, *, actor, now=None) -> None:
    """Another coordinator, who has seen the whole, lets the announcement start. The worker does the rest.

    Raises Refusal when she is the one who proposed it, IllegalTransition when it no longer waits.
    """
    now = now or timezone.now()
    lock(release.cohort)
    if release.proposed_by_id and release.proposed_by_id == getattr(actor, "pk", None):
        raise Refusal(_("Vous avez proposé cette annonce\u00a0: une autre personne de la coordination la confirme."))
    who = {"confirmed_by": actor} if isinstance(actor, User) else {}
    move(release, State.RUNNING, allowed=ALLOWED, actor=actor, now=now, confirmed_at=now, **who)


def _rank_waiting_list(cohort: Cohort, pending) -> None:
    """Number the new waiting list after the one that stands: the ranks that a list gave, then the best mean
    score; of two alike chance decides, by the reference."""
    last = Application.objects.filter(cohort=cohort).waitlisted().aggregate(last=Max("waitlist_rank"))["last"] or 0
    listed = list(
        pending.filter(outcome=Decision.Outcome.WAITLISTED)
        .annotate(mean=Avg("application__reviews__score"))
        .order_by(F("rank").asc(nulls_last=True), F("mean").desc(nulls_last=True), "application__reference")
    )
    for rank, decision in enumerate(listed, start=last + 1):
        decision.rank = rank
    Decision.objects.bulk_update(listed, ["rank"])


def work(release: Release, *, now=None) -> None:
    """The worker: apply each decision in its own transaction, then announce all. Safe to resume or to run twice."""
    todo = release.decisions.filter(state=Decision.State.PENDING).order_by("id")
    for decision in todo.select_related("application__cohort", "application__candidate"):
        apply(decision, now=now or timezone.now())
    announce(release, now=now or timezone.now())


@transaction.atomic
def apply(decision: Decision, *, now) -> None:
    """Apply one decision of a release, hidden until `announce`. One that was withdrawn in the meantime only closes."""
    application = decision.application
    lock(application)
    try:
        move(decision, Decision.State.PUBLISHED, allowed=DECISION_ALLOWED, actor=journal.CLOCK, now=now)
    except IllegalTransition:
        return  # another worker was faster
    if application.state in Decision.DECIDABLE_STATES:
        applications.decide(
            application,
            decision.outcome,
            rank=decision.rank,
            shared_reason=decision.shared_reason,
            actor=journal.CLOCK,
            hold=journal.ref(decision.release),
            now=now,
        )


@transaction.atomic
def announce(release: Release, *, now) -> None:
    """Show all the decisions of a release to their candidates, and let their letters go, in one instant.

    Does nothing while a decision is still to be applied, or when it was announced already.
    """
    lock(release)
    if release.state != State.RUNNING or release.decisions.filter(state=Decision.State.PENDING).exists():
        return
    move(release, State.DONE, allowed=ALLOWED, actor=journal.CLOCK, now=now, done_at=now)
    decided = Application.objects.filter(decisions__release=release).exclude(masked_state="")
    told = list(decided.values_list("pk", flat=True))
    Application.objects.filter(pk__in=told).update(masked_state="", announced_at=now)
    drafting.close_revisions(told)
    outbox.release(journal.ref(release))

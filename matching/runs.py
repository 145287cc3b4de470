"""The worker's side of a run: claim one, work it, and write all of its answer or nothing."""

import logging
from collections import Counter
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import Application
from lifecycle import journal
from lifecycle.models import JournalEntry
from lifecycle.moves import lock, move
from matching import assignment, instances, scoring, transitions, verification
from matching.instances import Situation
from matching.models import Proposal, Run

log = logging.getLogger(__name__)

State = Run.State

ALLOWED = {
    State.REQUESTED: {State.RUNNING},
    State.RUNNING: {State.REQUESTED, State.DONE, State.FAILED},
}

LEASE = timedelta(minutes=10)
"""A worker that says nothing for that long is taken for dead."""
MAX_ATTEMPTS = 3
"""A run that kills its worker that many times is not tried again."""


class _LeaseLost(Exception):
    """Another worker took the run over meanwhile: what this one found is not written."""


@transaction.atomic
def claim(now) -> Run | None:
    """The oldest run to work, now RUNNING with a lease; none when there is nothing to do."""
    lost = Run.objects.filter(state=State.RUNNING, lease_until__lt=now)
    for run in lost.select_for_update(skip_locked=True, no_key=True).order_by("pk"):
        _give_back(run, now)
    waiting = Run.objects.filter(state=State.REQUESTED).order_by("requested_at", "pk")
    run = waiting.select_for_update(skip_locked=True, no_key=True).first()
    if run is not None:
        move(run, State.RUNNING, allowed=ALLOWED, actor=journal.CLOCK, now=now, lease_until=now + LEASE)
    return run


def _give_back(run: Run, now) -> None:
    started = JournalEntry.objects.about(journal.ref(run)).filter(action="run.running").count()
    if started < MAX_ATTEMPTS:
        move(run, State.REQUESTED, allowed=ALLOWED, actor=journal.CLOCK, now=now, lease_until=None)
    else:
        error = _("Le calcul s’est interrompu %s fois de suite\u00a0: il n’est plus relancé.") % started
        move(run, State.FAILED, allowed=ALLOWED, actor=journal.CLOCK, now=now, done_at=now, error=error)


def work(run: Run, *, now=None) -> None:
    """Pair the cohort's people as they are now, and write the proposals, still drafts, for a coordinator to publish.

    Whatever goes wrong leaves the run FAILED with a sentence, and nothing else.
    """
    now = now or timezone.now()
    try:
        transitions.expire_offers(now=now)
        situation = instances.of(run.cohort, now)
        pairs = assignment.solve(situation.instance)
        verification.check(situation.instance, pairs)
        _finish(run, situation, pairs, now=now)
    except _LeaseLost:
        log.warning("run %s was taken over by another worker", run.pk)
    except verification.Unsound as flaw:
        log.error("run %s: the answer was refused: %s", run.pk, flaw)
        _fail(
            run, _("La vérification du résultat a échoué\u00a0: rien n’est proposé. Prévenez l’équipe technique."), now
        )
    except Exception as error:
        log.exception("run %s failed", run.pk)
        name = type(error).__name__
        _fail(run, _("Le calcul s’est arrêté sur une erreur (%s). Prévenez l’équipe technique.") % name, now)


@transaction.atomic
def _finish(run: Run, situation: Situation, pairs: list[assignment.Pair], *, now) -> None:
    lock(run.cohort)
    _hold(run)
    transitions.cancel_drafts(run.cohort, now=now)
    proposals = [_proposal(run, situation, *pair) for pair in pairs]
    Proposal.objects.bulk_create(proposals)
    figures = _figures(situation, proposals)
    move(run, State.DONE, allowed=ALLOWED, actor=journal.CLOCK, now=now, done_at=now, figures=figures)


def _hold(run: Run) -> None:
    lease = run.lease_until
    lock(run)
    if run.state != State.RUNNING or run.lease_until != lease:
        raise _LeaseLost


def _proposal(run: Run, situation: Situation, application: int, commitment: int) -> Proposal:
    parts = situation.parts(application, commitment)
    return Proposal(
        run=run,
        application_id=application,
        commitment_id=commitment,
        score=scoring.score(parts),
        parts=scoring.told(parts),
    )


def _figures(situation: Situation, proposals: list[Proposal]) -> dict:
    wishes = Counter(scoring.best_wish(situation.parts(p.application_id, p.commitment_id)) for p in proposals)
    return {
        "candidates": len(situation.mentees) + len(situation.waiting),
        "mentors": sum(1 for places in situation.instance.capacities.values() if places),
        "seats": situation.seats,
        "possible": len(situation.instance.scores),
        "pairs": len(proposals),
        "points": sum(p.score for p in proposals),
        "wishes": {rank: wishes[rank] for rank in ("1", "2", "3", "family", "none")},
        "unmatched": _unmatched(situation, {p.application_id for p in proposals}),
    }


def _unmatched(situation: Situation, paired: set[int]) -> list[dict]:
    """Those left without a proposal, and why. References only: the page looks the names up."""
    reasons = dict(situation.waiting)
    for pk in situation.mentees:
        if pk not in paired:
            reasons[pk] = scoring.why_unpaired(situation.possible[pk], situation.broken[pk])
    references = dict(Application.objects.filter(pk__in=reasons).values_list("pk", "reference"))
    return [{"reference": references[pk], "reason": reason} for pk, reason in sorted(reasons.items())]


@transaction.atomic
def _fail(run: Run, error: str, now) -> None:
    try:
        _hold(run)
    except _LeaseLost:
        return
    move(run, State.FAILED, allowed=ALLOWED, actor=journal.CLOCK, now=now, done_at=now, error=error[:300])

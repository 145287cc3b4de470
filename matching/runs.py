"""The worker's side of a run: claim one, work it, and write all of its answer or nothing.

The engine answers, a second program that shares no code with it verifies, and only then is anything written.
"""

import logging
from fractions import Fraction

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lifecycle import journal
from lifecycle.models import JournalEntry
from lifecycle.moves import lock, move
from matching import explaining, instances, results, scoring, transitions, verifier
from matching.engine import solving
from matching.engine.instance import Floor, Instance
from matching.explaining import Explained
from matching.models import Proposal, Run, Unmatched
from matching.progress import LEASE, LeaseLost, Progress
from matching.situation import Situation, checksum_of, commitment_of

log = logging.getLogger(__name__)

State, Step = Run.State, Run.Step

ALLOWED = {
    State.REQUESTED: {State.RUNNING},
    State.RUNNING: {State.REQUESTED, State.DONE, State.FAILED},
}

MAX_ATTEMPTS = 3
"""A run that kills its worker that many times is not tried again."""
ENGINE = "1"
"""Moves on whenever the same inputs may give another answer."""


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
        again = {"lease_until": None, "step": "", "percent": 0}
        move(run, State.REQUESTED, allowed=ALLOWED, actor=journal.CLOCK, now=now, **again)
    else:
        error = _("Le calcul s’est interrompu %s fois de suite\u00a0: il n’est plus relancé.") % started
        move(run, State.FAILED, allowed=ALLOWED, actor=journal.CLOCK, now=now, done_at=now, error=error)


def work(run: Run, *, now=None) -> dict[str, float]:
    """Pair the cohort's people as they are now, and write the proposals, still drafts, for a coordinator to publish.

    Whatever goes wrong leaves the run FAILED with a sentence, and nothing else. Returns what each step took of the
    processor, in seconds.
    """
    now = now or timezone.now()
    progress = Progress(run, now)
    try:
        transitions.expire_offers(now=now)
        _work(run, progress, now)
    except LeaseLost:
        log.warning("run %s was taken over by another worker", run.pk)
    except verifier.Refused as flaw:
        log.error("run %s: the answer was refused: %s", run.pk, flaw)
        words = _("La vérification du résultat a échoué\u00a0: rien n’est proposé. Prévenez l’équipe technique.")
        _fail(run, progress, words, now)
    except Exception as error:
        log.exception("run %s failed", run.pk)
        words = _("Le calcul s’est arrêté sur une erreur (%s). Prévenez l’équipe technique.") % type(error).__name__
        _fail(run, progress, words, now)
    progress.measure()
    return progress.seconds


def _work(run: Run, progress: Progress, now) -> None:
    progress.reach(Step.READING)
    keeps_offers = run.parameters.get("keeps_offers", False)
    situation = instances.of(run.cohort, now, floors=run.parameters.get("floors", ()), keeps_offers=keeps_offers)
    inputs = situation.as_json()
    checksum = checksum_of(inputs)
    progress.reach(Step.SOLVING)
    solution = _solved(inputs, situation.floors)
    answer = solution.answer()
    progress.reach(Step.VERIFYING)
    verdict = verifier.verify(inputs, answer)
    unpinned = _verdict_without_pins(situation)
    progress.reach(Step.EXPLAINING)
    explained = explaining.of(situation, solution)
    found = {
        "figures": results.figures(situation, solution.pairs, answer, verdict, explained)
        | results.standing(situation, solution.pairs, verdict, unpinned),
        "certificate": {name: answer[name] for name in ("mins", "certificate", "stats")},
        "inputs_checksum": checksum,
        "parameters": _parameters(situation, keeps_offers=keeps_offers),
    }
    progress.reach(Step.WRITING)
    _finish(run, progress, situation, solution.pairs, explained, found, now=now)


def _solved(inputs: dict, floors: list[dict]) -> solving.Solution:
    instance = Instance.build(
        seed=inputs["seed"],
        mentees=[(one["id"], one["groups"]) for one in inputs["mentees"]],
        mentors=[(one["id"], one["capacity"]) for one in inputs["mentors"]],
        scores=inputs["scores"],
        floors=[Floor(floor["group"], share=Fraction(floor["percent"], 100)) for floor in floors],
        previous=inputs.get("previous", ()),
        locked=inputs.get("locked", ()),
    )
    return solving.solve(instance)


def _verdict_without_pins(situation: Situation) -> verifier.Verdict | None:
    """What there would be, verified too, had nobody pinned anything; none where nobody has."""
    if not situation.pins:
        return None
    inputs = situation.without_pins()
    return verifier.verify(inputs, _solved(inputs, situation.floors).answer())


def _parameters(situation: Situation, *, keeps_offers: bool) -> dict:
    return {
        "weights": {name: getattr(situation.scale, name) for name in scoring.CHOSEN},
        "floors": situation.floors,
        "seed": situation.seed,
        "engine": ENGINE,
        "keeps_offers": keeps_offers,
        "fingerprint": situation.fingerprint(),
    }


@transaction.atomic
def _finish(
    run: Run, progress: Progress, situation: Situation, pairs: list, explained: Explained, found: dict, *, now
) -> None:
    lock(run.cohort)
    progress.hold()
    transitions.cancel_drafts(run.cohort, now=now)
    # A pair that is announced already, and stays, needs nothing more.
    new = (pair for pair in pairs if not situation.is_announced(*pair))
    Proposal.objects.bulk_create(_proposal(run, situation, explained, *pair) for pair in new)
    Unmatched.objects.bulk_create(
        Unmatched(run=run, application_id=situation.file_of[reference], kind=kind, data=data)
        for reference, (kind, data) in sorted(explained.unmatched.items())
    )
    done = {"verified_at": now, "done_at": now, "step": "", "percent": 100}
    move(run, State.DONE, allowed=ALLOWED, actor=journal.CLOCK, now=now, **found, **done)


def _proposal(run: Run, situation: Situation, explained: Explained, mentee: str, mentor: str) -> Proposal:
    parts = explained.parts[mentee]
    return Proposal(
        run=run,
        application_id=situation.file_of[mentee],
        commitment_id=commitment_of(mentor),
        score=scoring.score(parts),
        parts=parts,
        explanation=explained.pairs[mentee],
    )


@transaction.atomic
def _fail(run: Run, progress: Progress, error: str, now) -> None:
    try:
        progress.hold()
    except LeaseLost:
        return
    move(run, State.FAILED, allowed=ALLOWED, actor=journal.CLOCK, now=now, done_at=now, error=error[:300])

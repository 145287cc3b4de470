"""Publishing a run: what it moves is taken back, what it proposes is offered, one letter a mentor.

People ask for it; the worker does it, one transaction a mentor. Killed at any moment, it is taken up again: what was
done is done, and nothing is done twice. Locks: cohort, run, application, commitment, proposal.
"""

import logging
from collections import Counter, defaultdict
from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from cohorts.models import Cohort
from lifecycle import journal
from lifecycle.moves import lock
from lifecycle.refusals import Refusal
from matching import emails, locks, states
from matching.models import Proposal, Run
from matching.transitions import why_not
from mentors.models import Commitment
from mentorships.models import Mentorship

log = logging.getLogger(__name__)

State = Proposal.State


def offer_term(cohort: Cohort, now) -> datetime:
    """Last minute of the day, Paris time, that leaves mentors the cohort's number of days to answer."""
    return timezone.make_aware(
        datetime.combine(timezone.localdate(now) + timedelta(days=cohort.offer_days), time(23, 59))
    )


# --- Asked for ----------------------------------------------------------------------------------


@transaction.atomic
def ask(run: Run, *, actor, now=None) -> None:
    """A coordinator, or the clock where the cohort says so, has a run published; the worker does it.

    Raises Refusal when the run is not finished and verified, was published already or is being published, proposes and
    moves nothing, and while another one is calculated: it would propose other pairs to the same people.
    """
    now = now or timezone.now()
    lock(run.cohort)
    lock(run)
    is_due = run.state == Run.State.DONE and run.verified_at is not None and run.published_at is None
    if not is_due or run.publishing_since is not None:
        raise Refusal(_("Ce calcul n’est pas à publier, ou l’a déjà été."))
    if not Run.objects.publishable().filter(pk=run.pk).exists():
        raise Refusal(_("Ce calcul n’a rien à publier, ou un calcul plus récent l’a remplacé."))
    others = Run.objects.filter(cohort=run.cohort).exclude(pk=run.pk)
    if others.under_way().exists():
        raise Refusal(_("Un autre calcul est en cours pour cette promotion\u00a0: attendez son résultat."))
    if others.publishing().exists():
        raise Refusal(_("Des propositions de cette promotion sont en train de partir\u00a0: attendez la fin."))
    run.publishing_since = now
    run.save(update_fields=["publishing_since"])
    journal.record("run.publication_asked", run, actor=actor, now=now)


def publish(run: Run, *, actor, now=None) -> int:
    """Both at once, for the terminal and the tests. Returns how many offers went out. Raises Refusal as `ask` does."""
    ask(run, actor=actor, now=now)
    work(run, now=now)
    return run.proposals.filter(offered_at__isnull=False).count()


# --- Done ---------------------------------------------------------------------------------------


def work(run: Run, *, now=None) -> None:
    """The worker: publish what is left of a run that was asked to be. Safe to resume, or to run twice at once.

    What cannot be offered to one mentor does not stop the others; the run stays to be published, and the clock comes
    back to it. Raises the first error.
    """
    _make_room(run, now or timezone.now())
    first = None
    for commitment in _commitments_left(run):
        try:
            _offer_all(run, commitment, now or timezone.now())
        except Exception as error:
            log.exception("run %s: nothing could be offered for commitment %s", run.pk, commitment)
            first = first or error
    if first is not None:
        raise first
    _finish(run, now or timezone.now())


def _commitments_left(run: Run) -> list[int]:
    drafts = run.proposals.filter(state=State.DRAFT).order_by("commitment_id")
    return list(drafts.values_list("commitment_id", flat=True).distinct())


@transaction.atomic
def _make_room(run: Run, now) -> None:
    """Take back the offers that the run moves. Whoever cannot have the pair she was moved for keeps her offer, and then
    whoever was to take that place does too.
    """
    lock(run.cohort)
    lock(run)
    if run.publishing_since is None or run.published_at is not None:
        return
    drafts = run.proposals.filter(state=State.DRAFT)
    # Whoever was to have somebody else and has no draft any more keeps what she has.
    after = {one["proposal"]: one["after"] for one in run.figures.get("moved", [])}
    moved = Proposal.objects.filter(pk__in=after, state=State.OFFERED)
    to_nobody = [proposal for proposal, commitment in after.items() if commitment is None]
    moved = moved.filter(Q(application__in=drafts.values("application")) | Q(pk__in=to_nobody))
    if not moved:
        return
    locked = locks.lock_offers(Proposal.objects.filter(Q(pk__in=drafts) | Q(pk__in=moved)))
    leaving = {one.application_id: one for one in locked if one.state == State.OFFERED}
    new = {one.application_id: one for one in locked if one.state == State.DRAFT}
    lost = _lost(new, leaving, now)
    gone = [one.pk for file, one in leaving.items() if file not in lost] + [new[file].pk for file in lost]
    states.cancel(Proposal.objects.filter(pk__in=gone), actor=journal.CLOCK, now=now)


def _lost(drafts: dict[int, Proposal], leaving: dict[int, Proposal], now) -> set[int]:
    """The files whose new pair cannot be: for a reason of their own, or because its place is kept by another one."""
    lost = {file for file, draft in drafts.items() if why_not(draft, now, moves=True)}
    places = _places({draft.commitment_id: draft.commitment for draft in drafts.values()})
    while True:
        free = places + Counter(one.commitment_id for file, one in leaving.items() if file not in lost)
        wanted = defaultdict(list)
        for file, draft in drafts.items():
            if file not in lost:
                wanted[draft.commitment_id].append(draft)
        beyond = set()
        for commitment, hers in wanted.items():
            hers.sort(key=lambda draft: (-draft.score, draft.pk))
            beyond |= {draft.application_id for draft in hers[max(0, free[commitment]) :]}
        if not beyond:
            return lost
        lost |= beyond


def _places(commitments: dict[int, Commitment]) -> Counter:
    """What neither a pair nor an offer has taken of each."""
    free = Counter({pk: one.capacity for pk, one in commitments.items()})
    pairs = Mentorship.objects.living().filter(commitment__in=commitments)
    offers = Proposal.objects.filter(commitment__in=commitments, state=State.OFFERED)
    free.subtract(Counter(pairs.values_list("commitment_id", flat=True)))
    free.subtract(Counter(offers.values_list("commitment_id", flat=True)))
    return free


@transaction.atomic
def _offer_all(run: Run, commitment: int, now) -> None:
    """Offer one mentor all that the run proposes to her and that still holds, in one letter; cancel the rest."""
    hers = run.proposals.filter(state=State.DRAFT, commitment=commitment)
    drafts = [one for one in locks.lock_offers(hers) if one.state == State.DRAFT]
    term = offer_term(run.cohort, now)
    count = sum(_offer(draft, now, term) for draft in drafts)
    if count:
        emails.offer(run, drafts[0].commitment, count=count, term=term, now=now)


def _offer(proposal: Proposal, now, term) -> bool:
    if why_not(proposal, now):
        states.move_offer(proposal, State.CANCELLED, actor=journal.CLOCK, now=now)
        return False
    states.move_offer(proposal, State.OFFERED, actor=journal.CLOCK, now=now, offered_at=now, expires_at=term)
    return True


@transaction.atomic
def _finish(run: Run, now) -> None:
    lock(run)
    if run.publishing_since is None or run.published_at is not None or _commitments_left(run):
        return
    run.published_at = now
    run.save(update_fields=["published_at"])
    offered = run.proposals.filter(offered_at__isnull=False).count()
    journal.record("run.published", run, actor=journal.CLOCK, now=now, detail=str(offered))

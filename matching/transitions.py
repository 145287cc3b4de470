"""What is asked of a matching, and answered to an offer; what falls from below is in `falls`. Locks: cohort,
application, commitment, proposal.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications import minors
from applications import transitions as applications
from applications.models import Application
from cohorts.models import Cohort
from cohorts.moments import moment
from lifecycle import journal
from lifecycle.moves import lock, move, move_each
from lifecycle.refusals import IllegalTransition, Refusal
from matching import emails, locks
from matching.models import NeverPaired, Pinned, Proposal, Run
from matching.states import ALLOWED, cancel, move_offer
from mentors import readiness
from mentors.models import MentorProfile
from mentorships import transitions as mentorships
from mentorships.models import Mentorship

State = Proposal.State


@transaction.atomic
def request_run(
    cohort: Cohort,
    *,
    parity_percent: int | None = None,
    keeps_offers: bool = False,
    kind: str = Run.Kind.WHOLE,
    actor,
    now=None,
) -> Run:
    """A coordinator, or the clock for a repair, asks for a calculation; with `parity_percent`, at least that share of
    women and non-binary people among those paired, never at the price of a pair; with `keeps_offers`, what is
    announced stays even where it leaves somebody without a mentor.

    Raises Refusal while another one is under way or is being published, and for a share where the cohort has set no
    parity.
    """
    now = now or timezone.now()
    lock(cohort)
    if parity_percent and not cohort.parity_percent:
        raise Refusal(_("Cette promotion ne demande aucune part\u00a0: réglez-la d’abord, avec sa raison."))
    if Run.objects.filter(cohort=cohort).under_way().exists():
        raise Refusal(_("Un calcul est déjà en cours pour cette promotion."))
    if Run.objects.publishing().filter(cohort=cohort).exists():
        raise Refusal(_("Des propositions de cette promotion sont en train de partir\u00a0: attendez la fin."))
    floors = [{"group": Run.PARITY, "percent": parity_percent}] if parity_percent else []
    parameters = {"floors": floors, "keeps_offers": keeps_offers}
    run = Run.objects.create(cohort=cohort, kind=kind, requested_at=now, parameters=parameters)
    journal.record("run.requested", run, actor=actor, now=now, target_state=Run.State.REQUESTED)
    return run


def why_not(proposal: Proposal, now, *, moves: bool = False) -> str:
    """The sentence that says why this pair cannot be offered or accepted any more; empty when it can. With `moves`, of
    a draft before its place is made free: what is offered to either side does not count.
    """
    application, commitment = proposal.application, proposal.commitment
    mentor = commitment.mentor
    if application.state != Application.State.CONFIRMED:
        return _("Cette personne n’est plus à accompagner\u00a0: la proposition est annulée.")
    if mentor.state != MentorProfile.State.APPROVED:
        return _("Votre profil n’est pas actif en ce moment.")
    if not readiness.is_ready(mentor):
        return _("Avant d’accompagner quelqu’un, il vous reste à signer la charte et à lire le guide.")
    if NeverPaired.objects.filter(application__candidate=application.candidate_id, mentor=mentor).exists():
        return _("Cette proposition n’a plus lieu d’être.")
    if minors.is_minor(application):
        if not minors.is_authorised(application):
            return _("L’autorisation de la ou du représentant légal manque encore.")
        if not mentor.is_cleared_for_minors(timezone.localdate(now)):
            return _("Votre profil ne permet pas, pour le moment, d’accompagner une personne mineure.")
    others = Proposal.objects.filter(commitment=commitment, state=State.OFFERED).exclude(pk=proposal.pk)
    taken = commitment.mentorships.living().count()
    if proposal.state == State.DRAFT:
        if application.candidate.is_followed_by_hand and not _is_pinned(proposal):
            return _("Cette personne est en suivi manuel\u00a0: rien ne lui est proposé par le calcul.")
        if moves:
            return ""
        taken += others.count()
        if application.proposals.live().exists():
            return _("Cette personne a déjà une proposition en cours.")
    if taken >= commitment.capacity:
        return _(
            "Toutes les places de cet engagement sont déjà prises\u00a0: cette proposition ne peut plus être acceptée."
        )
    return ""


def _is_pinned(proposal: Proposal) -> bool:
    return Pinned.objects.filter(application=proposal.application_id, commitment=proposal.commitment_id).exists()


@transaction.atomic
def accept(proposal: Proposal, *, actor, now=None) -> Mentorship:
    """The mentor accepts: every condition is checked again under lock, the pair opens, both sides are written to. The
    young person may still say no (`matching.introductions`); her representative learns of it once she has not.

    Raises IllegalTransition when it was answered already, Refusal with the reason when the pair no longer holds.
    """
    now = now or timezone.now()
    locks.lock_offer(proposal)
    if proposal.state == State.OFFERED:
        if now > proposal.expires_at:
            raise Refusal(_("Cette proposition attendait votre réponse avant le %s.") % moment(proposal.expires_at))
        if reason := why_not(proposal, now):
            raise Refusal(reason)
    _answer(proposal, State.ACCEPTED, actor=actor, now=now)
    mentorship = mentorships.open_pair(proposal.application, proposal.commitment, actor=actor, now=now)
    applications.mark_matched(proposal.application, actor=actor, now=now)
    return mentorship


@transaction.atomic
def decline(proposal: Proposal, *, reason: str, words: str = "", actor, now=None) -> None:
    """The mentor declines: the mentee is free for the next run, and never learns who declined.

    Raises IllegalTransition when it was answered already.
    """
    now = now or timezone.now()
    locks.lock_offer(proposal)
    _answer(proposal, State.DECLINED, actor=actor, now=now, decline_reason=reason, decline_words=words)
    emails.acknowledge_decline(proposal, now=now)


def _answer(proposal: Proposal, to: str, *, actor, now, **changes) -> None:
    move_offer(proposal, to, actor=actor, now=now, answered_at=now, **changes)
    emails.drop_if_nothing_waits(proposal.commitment)


@transaction.atomic
def resume_pair(mentorship: Mentorship, *, actor, now=None) -> None:
    """A coordinator takes a paused pair up again. Raises Refusal for a minor without authorisation or a mentor who may
    not accompany minors any more, IllegalTransition unless it is paused.
    """
    now = now or timezone.now()
    application, mentor = mentorship.application, mentorship.commitment.mentor
    lock(application)
    if not minors.is_authorised(application):
        raise Refusal(
            _("L’autorisation de la ou du représentant légal manque encore\u00a0: rien ne reprend sans elle.")
        )
    if minors.is_minor(application) and not mentor.is_cleared_for_minors(timezone.localdate(now)):
        raise Refusal(_("L’honorabilité de ce·tte mentor·e n’est plus valable\u00a0: elle est à revoir d’abord."))
    mentorships.resume(mentorship, actor=actor, now=now)


@transaction.atomic
def forbid_pair(application: Application, mentor: MentorProfile, *, actor, now=None) -> int:
    """A coordinator will not have these two proposed to each other, in this cohort or another: what is drafted or
    offered is cancelled. A pair that runs goes on.

    Returns how many proposals were cancelled. Does nothing the second time.
    """
    now = now or timezone.now()
    lock(application)
    locks.lock_commitments_of(application)
    who = journal.ref(actor)
    _pair, is_new = NeverPaired.objects.get_or_create(
        application=application, mentor=mentor, defaults={"said_by": who, "said_at": now}
    )
    if is_new:
        journal.record("application.pair_forbidden", application, actor=actor, now=now, detail=journal.ref(mentor))
    both = Proposal.objects.filter(application=application, commitment__mentor=mentor)
    return cancel(both.filter(state__in=(State.DRAFT, State.OFFERED)), actor=actor, now=now)


@transaction.atomic
def allow_pair(application: Application, mentor: MentorProfile, *, actor, now=None) -> None:
    """A coordinator lets the next run propose them to each other again. Raises Refusal when nothing forbids it."""
    lock(application)
    count, _rows = NeverPaired.objects.filter(application=application, mentor=mentor).delete()
    if not count:
        raise Refusal(_("Rien n’écarte ce binôme."))
    journal.record("application.pair_allowed", application, actor=actor, now=now, detail=journal.ref(mentor))


def cancel_drafts(cohort: Cohort, *, now) -> None:
    """A newer run replaces what was calculated before and never published. A step of `matching.runs`."""
    drafts = Proposal.objects.filter(run__cohort=cohort)
    move_each(drafts, State.DRAFT, State.CANCELLED, allowed=ALLOWED, actor=journal.CLOCK, now=now)


def expire_offers(*, now) -> int:
    """The clock: offers whose term has passed free their mentees for the next run. Returns how many."""
    late = Proposal.objects.filter(state=State.OFFERED, expires_at__lt=now).order_by("pk")
    return sum(_expire(proposal, now) for proposal in late)


@transaction.atomic
def _expire(proposal: Proposal, now) -> bool:
    try:
        move(proposal, State.EXPIRED, allowed=ALLOWED, actor=journal.CLOCK, now=now)
    except IllegalTransition:
        return False  # answered or cancelled a moment ago
    emails.drop_if_nothing_waits(proposal.commitment)
    return True

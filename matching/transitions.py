"""Every act that can touch an offer or a pair. Locks: cohort, application, commitment, proposal."""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications import minors
from applications import transitions as applications
from applications.models import Application
from cohorts.models import Cohort
from cohorts.moments import moment
from consents import transitions as authorisations
from consents.models import GuardianAuthorisation
from lifecycle import journal
from lifecycle.moves import lock, move
from lifecycle.refusals import Refusal
from matching import emails
from matching.models import Proposal, Run
from mentors.models import MentorProfile
from mentorships import transitions as mentorships
from mentorships.models import Mentorship

State = Proposal.State

ALLOWED = {
    State.DRAFT: {State.OFFERED, State.CANCELLED},
    State.OFFERED: {State.ACCEPTED, State.DECLINED, State.EXPIRED, State.CANCELLED},
    State.ACCEPTED: {State.CANCELLED},
}


@transaction.atomic
def request_run(cohort: Cohort, *, actor, now=None) -> Run:
    """A coordinator asks for a calculation. Raises Refusal while another one is under way."""
    now = now or timezone.now()
    lock(cohort)
    if Run.objects.filter(cohort=cohort, state__in=(Run.State.REQUESTED, Run.State.RUNNING)).exists():
        raise Refusal(_("Un calcul est déjà en cours pour cette promotion."))
    run = Run.objects.create(cohort=cohort, requested_at=now)
    journal.record("run.requested", run, actor=actor, now=now, target_state=Run.State.REQUESTED)
    return run


@transaction.atomic
def publish(run: Run, *, actor, now=None) -> int:
    """Offer a run's pairs to their mentors, one letter a mentor. Pairs that no longer hold are cancelled.

    Returns how many offers went out. Raises Refusal when the run is not finished or was published already.
    """
    now = now or timezone.now()
    lock(run.cohort)
    lock(run)
    if run.state != Run.State.DONE or run.published_at is not None:
        raise Refusal(_("Ce calcul n’est pas à publier, ou l’a déjà été."))
    term = offer_term(run.cohort, now)
    offered = [p for p in _in_lock_order(run) if _offer(p, actor=actor, now=now, term=term)]
    run.published_at = now
    run.save(update_fields=["published_at"])
    journal.record("run.published", run, actor=actor, now=now, detail=str(len(offered)))
    for commitment in {p.commitment_id: p.commitment for p in offered}.values():
        count = sum(p.commitment_id == commitment.pk for p in offered)
        emails.offer(run, commitment, count=count, term=term, now=now)
    return len(offered)


def _in_lock_order(run: Run):
    drafts = run.proposals.filter(state=State.DRAFT).order_by("application_id")
    return drafts.select_related("application__cohort", "application__candidate", "commitment__mentor__person")


def offer_term(cohort: Cohort, now) -> datetime:
    """Last minute of the day, Paris time, that leaves mentors the cohort's number of days to answer."""
    return timezone.make_aware(
        datetime.combine(timezone.localdate(now) + timedelta(days=cohort.offer_days), time(23, 59))
    )


def _offer(proposal: Proposal, *, actor, now, term) -> bool:
    _lock_all(proposal)
    if why_not(proposal, now):
        move(proposal, State.CANCELLED, allowed=ALLOWED, actor=actor, now=now)
        return False
    move(proposal, State.OFFERED, allowed=ALLOWED, actor=actor, now=now, offered_at=now, expires_at=term)
    return True


def _lock_all(proposal: Proposal) -> None:
    """Lock what an offer stands on, in the one order, and read it all again."""
    application, commitment = proposal.application, proposal.commitment
    lock(application)
    lock(commitment)
    lock(proposal)
    proposal.application, proposal.commitment = application, commitment


def why_not(proposal: Proposal, now) -> str:
    """The sentence that says why this pair cannot be offered or accepted any more; empty when it can."""
    application, commitment = proposal.application, proposal.commitment
    mentor = commitment.mentor
    if application.state != Application.State.CONFIRMED:
        return _("Cette personne n’est plus à accompagner : la proposition est annulée.")
    if mentor.state != MentorProfile.State.APPROVED:
        return _("Votre profil n’est pas actif en ce moment.")
    if minors.is_minor(application):
        if not minors.is_authorised(application):
            return _("L’autorisation de la ou du représentant légal manque encore.")
        if not mentor.is_cleared_for_minors(timezone.localdate(now)):
            return _("Votre profil ne permet pas, pour le moment, d’accompagner une personne mineure.")
    others = Proposal.objects.filter(commitment=commitment, state=State.OFFERED).exclude(pk=proposal.pk)
    taken = commitment.mentorships.living().count()
    if proposal.state == State.DRAFT:
        taken += others.count()
        if application.proposals.live().exists():
            return _("Cette personne a déjà une proposition en cours.")
    if taken >= commitment.capacity:
        return _("Toutes les places de cet engagement sont déjà prises : cette proposition ne peut plus être acceptée.")
    return ""


@transaction.atomic
def accept(proposal: Proposal, *, actor, now=None) -> Mentorship:
    """The mentor accepts: every condition is checked again under lock, the pair opens, both sides are written to.

    Raises IllegalTransition when it was answered already, Refusal with the reason when the pair no longer holds.
    """
    now = now or timezone.now()
    _lock_all(proposal)
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
    _lock_all(proposal)
    _answer(proposal, State.DECLINED, actor=actor, now=now, decline_reason=reason, decline_words=words)
    emails.acknowledge_decline(proposal, now=now)


def _answer(proposal: Proposal, to: str, *, actor, now, **changes) -> None:
    application, commitment = proposal.application, proposal.commitment
    move(proposal, to, allowed=ALLOWED, actor=actor, now=now, answered_at=now, **changes)
    proposal.application, proposal.commitment = application, commitment
    emails.drop_reminder_if_answered(proposal)


@transaction.atomic
def withdraw_application(application: Application, *, actor, now=None) -> None:
    """The candidate leaves: her offer is cancelled, her pair ends, her place goes to the waiting list.

    Raises IllegalTransition when the file is a draft, or already over.
    """
    now = now or timezone.now()
    lock(application.cohort)
    lock(application)
    _lock_commitments(application)
    applications.withdraw(application, actor=actor, now=now)
    for proposal in application.proposals.filter(state__in=(State.DRAFT, *Proposal.LIVE_STATES)).order_by("id"):
        move(proposal, State.CANCELLED, allowed=ALLOWED, actor=actor, now=now)
        emails.drop_reminder_if_answered(proposal)
    for mentorship in application.mentorships.living().order_by("id"):
        mentorships.end_early(mentorship, actor=actor, now=now)


def _lock_commitments(application: Application) -> None:
    ids = {*application.proposals.live().values_list("commitment_id", flat=True)}
    ids |= {*application.mentorships.living().values_list("commitment_id", flat=True)}
    for proposal in (
        application.proposals.filter(commitment_id__in=ids).select_related("commitment").order_by("commitment_id")
    ):
        lock(proposal.commitment)


@transaction.atomic
def withdraw_authorisation(authorisation: GuardianAuthorisation, *, actor, now=None) -> None:
    """The representative takes the authorisation back: offers are cancelled, a running pair is paused.

    Raises IllegalTransition when it was not given.
    """
    now = now or timezone.now()
    files = Application.objects.filter(candidate=authorisation.person).select_related("cohort").order_by("id")
    concerned = [a for a in files if journal.ref(a.cohort) == authorisation.scope]
    for application in concerned:
        lock(application)
        _lock_commitments(application)
    authorisations.withdraw(authorisation, actor=actor, now=now)
    for application in concerned:
        for proposal in application.proposals.filter(state__in=(State.DRAFT, State.OFFERED)).order_by("id"):
            move(proposal, State.CANCELLED, allowed=ALLOWED, actor=actor, now=now)
        for mentorship in application.mentorships.filter(state=Mentorship.State.ACTIVE).order_by("id"):
            mentorships.pause(mentorship, actor=actor, now=now)

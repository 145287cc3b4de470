"""What falls from below, with offers out or pairs open: somebody withdraws, says no, pauses, leaves, takes fewer
people, a cohort ends. Locks: cohort, application, mentor's profile, commitment, proposal.
"""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from applications import minors
from applications import transitions as applications
from applications.models import Application
from cohorts.models import Cohort, Trade
from cohorts.moments import day
from consents import answers
from consents.models import Guardian, GuardianAuthorisation
from lifecycle import journal
from lifecycle.moves import lock
from lifecycle.refusals import Refusal
from matching import locks, states
from matching.models import Proposal
from mentors import transitions as mentors
from mentors.models import Commitment, MentorProfile
from mentorships import transitions as mentorships
from mentorships.models import Mentorship

State = Proposal.State

# --- The young people ---------------------------------------------------------------------------


@transaction.atomic
def withdraw_application(application: Application, *, actor, now=None) -> None:
    """The candidate leaves: her offer is cancelled, her pair ends, her place goes to the waiting list.

    Raises IllegalTransition when the file is a draft, or already over.
    """
    now = now or timezone.now()
    lock(application.cohort)
    lock(application)
    locks.lock_commitments_of(application)
    applications.withdraw(application, actor=actor, now=now)
    states.cancel(application.proposals.filter(state__in=(State.DRAFT, *Proposal.LIVE_STATES)), actor=actor, now=now)
    for mentorship in application.mentorships.living().order_by("id"):
        mentorships.end_early(mentorship, actor=actor, now=now)


@transaction.atomic
def withdraw_authorisation(
    authorisation: GuardianAuthorisation, *, guardian: Guardian | None = None, link_number=None, actor, now=None
) -> None:
    """A representative, by her link, or a coordinator who heard from her takes the authorisation back: offers are
    cancelled, a running pair is paused.

    Raises `guardians.LinkUsed`, IllegalTransition when it was not given.
    """
    now = now or timezone.now()
    concerned = _lock_files_of(authorisation)
    answers.withdraw(authorisation, guardian=guardian, link_number=link_number, actor=actor, now=now)
    _stop(concerned, actor=actor, now=now)


@transaction.atomic
def refuse_authorisation(
    authorisation: GuardianAuthorisation, *, guardian: Guardian | None = None, link_number=None, actor, now=None
) -> None:
    """A representative, by her link, or a coordinator who heard from her says no. When the other one had authorised
    already, it stops what was under way: offers are cancelled, a running pair is paused.

    Raises `guardians.LinkUsed`, IllegalTransition when she answered already.
    """
    now = now or timezone.now()
    concerned = _lock_files_of(authorisation)
    answers.refuse(authorisation, guardian=guardian, link_number=link_number, actor=actor, now=now)
    _stop(concerned, actor=actor, now=now)


def _lock_files_of(authorisation: GuardianAuthorisation) -> list[Application]:
    files = Application.objects.filter(candidate=authorisation.person).select_related("cohort").order_by("id")
    concerned = [application for application in files if minors.scope(application.cohort) == authorisation.scope]
    for application in concerned:
        lock(application)
        locks.lock_commitments_of(application)
    return concerned


def _stop(applications: list[Application], *, actor, now) -> None:
    """Without authorisation no offer stands and no pair runs."""
    for application in applications:
        if not minors.is_authorised(application):
            states.cancel(application.proposals.filter(state__in=(State.DRAFT, State.OFFERED)), actor=actor, now=now)
            for mentorship in application.mentorships.filter(state=Mentorship.State.ACTIVE).order_by("id"):
                mentorships.pause(mentorship, actor=actor, now=now)


@transaction.atomic
def recheck_minors(cohort: Cohort, *, actor, now=None) -> int:
    """A coordinator moved the cohort's first day: whoever is a minor now, without authorisation, has no standing offer
    and no running pair until it comes.

    Returns how many people it concerns.
    """
    now = now or timezone.now()
    lock(cohort)
    files = Application.objects.taking_part().filter(cohort=cohort)
    placed = list(files.select_related("candidate", "cohort").order_by("id"))
    concerned = [application for application in placed if not minors.is_authorised(application)]
    for application in concerned:
        lock(application)
    for application in concerned:
        locks.lock_commitments_of(application)
    _stop(concerned, actor=actor, now=now)
    return len(concerned)


# --- The mentors --------------------------------------------------------------------------------


@transaction.atomic
def pause_mentor(mentor: MentorProfile, *, actor, now=None) -> int:
    """A mentor stops for a while: what she has not answered is cancelled, her running pairs go on.

    Returns how many offers were cancelled. Raises IllegalTransition unless she is approved.
    """
    now = now or timezone.now()
    mentors.pause(mentor, actor=actor, now=now)
    return _cancel_hers(mentor.commitments.all(), actor=actor, now=now)


@transaction.atomic
def leave_mentor(mentor: MentorProfile, *, actor, now=None) -> int:
    """A mentor leaves for good: what she has not answered is cancelled, her pairs end, and each of her mentees, who
    gets a letter, waits for somebody else.

    Returns how many pairs ended. Raises IllegalTransition unless she is approved or pauses, Refusal in the rare case
    that a pair opens at that very instant.
    """
    now = now or timezone.now()
    commitments = mentor.commitments.all()
    files = locks.lock_files_of(commitments)
    mentors.leave(mentor, actor=actor, now=now)
    _cancel_hers(commitments, actor=actor, now=now)
    pairs = list(Mentorship.objects.living().filter(commitment__in=commitments).order_by("pk"))
    if any(pair.application_id not in files for pair in pairs):
        raise Refusal(_("Un binôme vient de s’ouvrir à l’instant\u00a0: rien n’est changé, réessayez."))
    for pair in pairs:
        mentorships.end_without_mentor(pair, actor=actor, now=now)
        free(files[pair.application_id], actor=actor, now=now)
    return len(pairs)


def free(application: Application, *, actor, now) -> None:
    """Her pair is over: what her mentor had accepted is cancelled, and somebody else may be proposed. A step of
    `leave_mentor` and of `matching.introductions.object_to`, which have locked the file and its commitments.
    """
    states.cancel(application.proposals.filter(state=State.ACCEPTED), actor=actor, now=now)
    applications.mark_unmatched(application, actor=actor, now=now)


@transaction.atomic
def reduce_capacity(commitment: Commitment, capacity: int, *, actor, now=None) -> int:
    """A mentor, or a coordinator for her, takes fewer young people in a cohort, down to none at all. Offers beyond that
    are cancelled, those with fewest points first.

    Returns how many were cancelled. Raises Refusal below her running pairs, and for more than before.
    """
    now = now or timezone.now()
    lock(commitment)
    running = commitment.mentorships.living().count()
    if capacity < running:
        raise Refusal(
            _("Cet engagement a déjà %s binôme(s) en cours\u00a0: il ne peut pas descendre plus bas.") % running
        )
    if capacity > commitment.capacity:
        raise Refusal(_("C’est plus que ce qui était prévu, et non moins."))
    offers = Proposal.objects.filter(commitment=commitment, state=State.OFFERED).order_by("-score", "pk")
    beyond = list(offers.values_list("pk", flat=True)[capacity - running :])
    states.cancel(Proposal.objects.filter(pk__in=beyond), actor=actor, now=now, is_told=False)
    mentors.set_capacity(commitment, capacity, actor=actor, now=now)
    return len(beyond)


@transaction.atomic
def settle_commitment(
    mentor: MentorProfile,
    cohort: Cohort,
    *,
    capacity: int,
    preferred_trades: list[Trade] | None = None,
    actor,
    now=None,
) -> int:
    """How many young people a mentor takes in a cohort, more or fewer than before, or none: hers to say, by whichever
    door, or a coordinator's for her.

    Returns how many offers were cancelled. Raises Refusal as `mentors.commit` and `reduce_capacity` do.
    """
    now = now or timezone.now()
    lock(mentor)
    standing = Commitment.objects.filter(mentor=mentor, cohort=cohort).first()
    cancelled = 0
    if standing is not None and capacity < standing.capacity:
        cancelled = reduce_capacity(standing, capacity, actor=actor, now=now)
        if not capacity or preferred_trades is None:
            return cancelled
    mentors.commit(mentor, cohort, capacity=capacity, preferred_trades=preferred_trades, actor=actor, now=now)
    return cancelled


def _cancel_hers(commitments, *, actor, now) -> int:
    """Cancel what waits for this mentor's answer: she needs no letter about what she does herself."""
    waiting = [proposal.pk for proposal in locks.lock_offers_of(commitments)]
    return states.cancel(Proposal.objects.filter(pk__in=waiting), actor=actor, now=now, is_told=False)


# --- The cohort ---------------------------------------------------------------------------------


@transaction.atomic
def close_cohort(cohort: Cohort, *, actor, now=None) -> int:
    """The clock, or a coordinator, once a cohort's last day has come: what is drafted or offered is cancelled, its
    pairs are completed, both sides thanked, and whoever still waited for a mentor gets a letter that says so.

    Returns how many pairs were completed; nothing happens the second time. Raises Refusal before the last day.
    """
    now = now or timezone.now()
    lock(cohort)
    if not cohort.is_at_its_end(now):
        raise Refusal(
            _("Cette promotion court jusqu’au %s\u00a0: changez d’abord sa date de fin.") % day(cohort.ends_on)
        )
    commitments = Commitment.objects.filter(cohort=cohort)
    files = locks.lock_files_in(cohort)
    locks.lock_offers_of(commitments)
    left = Proposal.objects.filter(application__cohort=cohort, state__in=(State.DRAFT, State.OFFERED))
    states.cancel(left, actor=actor, now=now)
    pairs = list(Mentorship.objects.living().filter(commitment__in=commitments).order_by("pk"))
    for pair in pairs:
        mentorships.complete(pair, actor=actor, now=now)
    for file in files:
        applications.complete(file, actor=actor, now=now)
    return len(pairs)


def close_cohorts(*, now) -> int:
    """The clock: close the cohorts whose last day is over and that still have something open. Returns how many."""
    left = Application.objects.taking_part().values("cohort")
    # A calculation that was under way when its cohort was closed writes its drafts afterwards.
    written = Proposal.objects.filter(state__in=(State.DRAFT, State.OFFERED)).values("application__cohort")
    over = Cohort.objects.filter(ends_on__lt=timezone.localdate(now))
    cohorts = list(over.filter(Q(pk__in=left) | Q(pk__in=written)).order_by("pk"))
    for cohort in cohorts:
        close_cohort(cohort, actor=journal.CLOCK, now=now)
    return len(cohorts)

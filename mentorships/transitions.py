"""The verbs of a pair. All are steps of verbs of `matching`, which hold the locks in the right order."""

from datetime import timedelta

from django.utils.translation import gettext as _

from lifecycle import journal
from lifecycle.moves import move
from lifecycle.refusals import Refusal
from mentorships import emails
from mentorships.models import Mentorship

State = Mentorship.State

ALLOWED = {
    State.ACTIVE: {State.PAUSED, State.COMPLETED, State.ENDED_EARLY},
    State.PAUSED: {State.ACTIVE, State.COMPLETED, State.ENDED_EARLY},
}


def open_pair(application, commitment, *, actor, now) -> Mentorship:
    """Open a pair on a commitment whose row the caller has locked; both sides get a letter.

    Raises Refusal when the mentor has no place left.
    """
    if commitment.mentorships.living().count() >= commitment.capacity:
        raise Refusal(
            _(
                "Toutes les places de cet engagement sont déjà prises\u00a0: "
                "cette proposition ne peut plus être acceptée."
            )
        )
    days = commitment.cohort.objection_days
    mentorship = Mentorship.objects.create(
        application=application, commitment=commitment, opened_at=now, objection_until=now + timedelta(days=days)
    )
    journal.record("mentorship.active", mentorship, actor=actor, now=now, target_state=State.ACTIVE)
    emails.introduce(mentorship, now=now)
    return mentorship


def pause(mentorship: Mentorship, *, actor, now) -> None:
    """Suspend a pair. Raises IllegalTransition unless it is running."""
    move(mentorship, State.PAUSED, allowed=ALLOWED, actor=actor, now=now)
    emails.announce_pause(mentorship, now=now)


def resume(mentorship: Mentorship, *, actor, now) -> None:
    """Take a paused pair up again. Raises IllegalTransition unless it is paused."""
    move(mentorship, State.ACTIVE, allowed=ALLOWED, actor=actor, now=now)
    emails.announce_resumption(mentorship, now=now)


def end_early(mentorship: Mentorship, *, actor, now) -> None:
    """Interrupt a pair. Raises IllegalTransition when it is over already."""
    move(mentorship, State.ENDED_EARLY, allowed=ALLOWED, actor=actor, now=now, ended_at=now)
    emails.announce_early_end(mentorship, now=now)


def end_without_mentor(mentorship: Mentorship, *, actor, now) -> None:
    """The mentor leaves the programme: the young person is told kindly, and that somebody else is looked for.

    Raises IllegalTransition when it is over already.
    """
    move(mentorship, State.ENDED_EARLY, allowed=ALLOWED, actor=actor, now=now, ended_at=now)
    emails.announce_mentor_gone(mentorship, now=now)


def complete(mentorship: Mentorship, *, actor, now) -> None:
    """A pair comes to its end with its cohort; both sides are thanked. Raises IllegalTransition when it is over."""
    move(mentorship, State.COMPLETED, allowed=ALLOWED, actor=actor, now=now, ended_at=now)
    emails.announce_completion(mentorship, now=now)

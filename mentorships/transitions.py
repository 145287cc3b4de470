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
    """Open a pair on a commitment whose row the caller has locked; both sides get a letter: who it would be, and until
    when the young person may say no. No address is given yet.

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


def exchange_contacts(mentorship: Mentorship, *, actor, now) -> None:
    """From here each finds how to reach the other; both get a letter. The caller has locked the pair.

    Raises Refusal when it was done already, or when the pair does not run.
    """
    if mentorship.contacts_at is not None:
        raise Refusal(_("C’est déjà fait\u00a0: vos coordonnées à chacun·e sont sur vos pages."))
    if mentorship.state != State.ACTIVE:
        raise Refusal(_("Ce binôme n’est pas en cours\u00a0: rien n’est échangé."))
    mentorship.contacts_at = now
    mentorship.save(update_fields=["contacts_at"])
    journal.record("mentorship.contacts_exchanged", mentorship, actor=actor, now=now)
    emails.exchange_contacts(mentorship, now=now)


def object_to(mentorship: Mentorship, *, words: str, actor, now) -> None:
    """The young person would rather have somebody else. The mentor reads that it will not be, never why or who said so.

    Raises IllegalTransition when the pair is over.
    """
    changes = {"ended_at": now, "objected_at": now, "objection_words": words}
    move(mentorship, State.ENDED_EARLY, allowed=ALLOWED, actor=actor, now=now, **changes)
    emails.drop_introductions(mentorship)
    emails.acknowledge_objection(mentorship, now=now)
    emails.tell_not_to_be(mentorship, now=now)


def pause(mentorship: Mentorship, *, actor, now) -> None:
    """Suspend a pair. Raises IllegalTransition unless it is running."""
    move(mentorship, State.PAUSED, allowed=ALLOWED, actor=actor, now=now)
    emails.announce_pause(mentorship, now=now)


def resume(mentorship: Mentorship, *, actor, now) -> None:
    """Take a paused pair up again. Raises IllegalTransition unless it is paused."""
    move(mentorship, State.ACTIVE, allowed=ALLOWED, actor=actor, now=now)
    emails.announce_resumption(mentorship, now=now)


def end_early(mentorship: Mentorship, *, actor, now) -> None:
    """Interrupt a pair. A mentor who has not met the young person yet reads the same words as after an objection, so
    that these say nothing. Raises IllegalTransition when it is over already.
    """
    move(mentorship, State.ENDED_EARLY, allowed=ALLOWED, actor=actor, now=now, ended_at=now)
    if mentorship.contacts_at is None:
        emails.drop_introductions(mentorship)
        emails.tell_not_to_be(mentorship, now=now)
    else:
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

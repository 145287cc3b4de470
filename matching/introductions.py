"""Between a mentor's yes and the first words: the young person reads who it would be, and may say no to coordinators
alone. Contacts are exchanged once she says yes, or once the days to object have passed.

Locks: application, commitment, pair, proposal.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications import minors
from lifecycle import journal
from lifecycle.moves import lock
from lifecycle.refusals import Refusal
from matching import locks
from matching.falls import free
from matching.models import NeverPaired
from mentorships import transitions as mentorships
from mentorships.models import Mentorship


@transaction.atomic
def say_yes(mentorship: Mentorship, *, actor, now=None) -> None:
    """The young person says that this mentor suits her: contacts are exchanged at once.

    Raises Refusal when they were exchanged already, or when the pair does not run (any more).
    """
    _exchange(mentorship, actor=actor, now=now or timezone.now())


@transaction.atomic
def object_to(mentorship: Mentorship, *, words: str = "", actor, now=None) -> None:
    """The young person would rather have somebody else, and need not say why: the pair is over before it began, her
    mentor reads that it will not be, and nothing more, and these two are never proposed to each other again.

    `words` are for coordinators alone. Raises Refusal once contacts were exchanged, or when the pair is over.
    """
    now = now or timezone.now()
    _lock(mentorship)
    application, mentor = mentorship.application, mentorship.commitment.mentor
    if mentorship.contacts_at is not None:
        raise Refusal(
            _("Vos coordonnées ont déjà été échangées\u00a0: si quelque chose ne va pas, écrivez-nous tout de suite.")
        )
    mentorships.object_to(mentorship, words=words, actor=actor, now=now)
    NeverPaired.objects.get_or_create(
        application=application, mentor=mentor, defaults={"said_by": journal.ref(actor), "said_at": now}
    )
    free(application, actor=actor, now=now)


def exchange_due(*, now) -> int:
    """The clock: contacts are exchanged where the days to object have passed. A paused pair waits. Returns how many."""
    due = Mentorship.objects.filter(
        state=Mentorship.State.ACTIVE, contacts_at__isnull=True, objection_until__lt=now
    ).order_by("pk")
    return sum(_exchange_late(mentorship, now) for mentorship in due)


@transaction.atomic
def _exchange_late(mentorship: Mentorship, now) -> bool:
    try:
        _exchange(mentorship, actor=journal.CLOCK, now=now)
    except Refusal:
        return False  # she has just answered, or an authorisation lacks
    return True


def _exchange(mentorship: Mentorship, *, actor, now) -> None:
    _lock(mentorship)
    application = mentorship.application
    minors.require_authorised(application)
    mentorships.exchange_contacts(mentorship, actor=actor, now=now)
    minors.tell_guardians_of_pair(application, fact=str(mentorship.pk), now=now)


def _lock(mentorship: Mentorship) -> None:
    application = mentorship.application
    lock(application)
    locks.lock_commitments_of(application)
    lock(mentorship)
    mentorship.application = application

"""A mentor who would rather talk before she answers asks for a call; a coordinator makes it. Locks: as an answer."""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cohorts.moments import moment
from lifecycle import journal
from lifecycle.refusals import IllegalTransition, Refusal
from matching import locks
from matching.models import Proposal

State = Proposal.State

DAYS_TO_CALL = 4
"""How long an offer stays open, at least, from the day a call is asked for."""


@transaction.atomic
def ask_call(proposal: Proposal, *, words: str = "", actor, now=None) -> None:
    """The mentor would like to talk first: the coordination reads it on its desk, and her term moves on, once, so that
    the call can be made.

    Raises IllegalTransition when she has answered, Refusal after the term or when she has asked already.
    """
    now = now or timezone.now()
    _lock_waiting(proposal)
    if now > proposal.expires_at:
        raise Refusal(_("Cette proposition attendait votre réponse avant le %s.") % moment(proposal.expires_at))
    if proposal.call_asked_at is not None:
        raise Refusal(_("C’est déjà demandé\u00a0: la coordination vous appelle."))
    last_day = timezone.localdate(now) + timedelta(days=DAYS_TO_CALL)
    proposal.call_asked_at, proposal.call_words = now, words
    proposal.expires_at = max(proposal.expires_at, timezone.make_aware(datetime.combine(last_day, time(23, 59))))
    proposal.save(update_fields=["call_asked_at", "call_words", "expires_at"])
    journal.record("proposal.call_asked", proposal, actor=actor, now=now)


@transaction.atomic
def note_call(proposal: Proposal, *, actor, now=None) -> None:
    """A coordinator has called her. Raises Refusal when no call is awaited, IllegalTransition once she has answered."""
    now = now or timezone.now()
    _lock_waiting(proposal)
    if proposal.call_asked_at is None or proposal.called_at is not None:
        raise Refusal(_("Aucun appel n’est attendu, ou un·e collègue l’a déjà passé."))
    proposal.called_at = now
    proposal.save(update_fields=["called_at"])
    journal.record("proposal.called", proposal, actor=actor, now=now)


def _lock_waiting(proposal: Proposal) -> None:
    locks.lock_offer(proposal)
    if proposal.state != State.OFFERED:
        raise IllegalTransition(journal.ref(proposal), proposal.state, State.OFFERED)

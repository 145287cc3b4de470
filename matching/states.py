"""Which state of a proposal may follow which, and moving one: what every verb that touches an offer goes by."""

from collections import defaultdict

from lifecycle.moves import move
from matching import emails
from matching.models import Proposal

State = Proposal.State

ALLOWED = {
    State.DRAFT: {State.OFFERED, State.CANCELLED},
    State.OFFERED: {State.ACCEPTED, State.DECLINED, State.EXPIRED, State.CANCELLED},
    State.ACCEPTED: {State.CANCELLED},
}


def move_offer(proposal: Proposal, to: str, **options) -> None:
    """Move, and keep what was read under lock: `move` forgets it when it reads the row again."""
    application, commitment = proposal.application, proposal.commitment
    move(proposal, to, allowed=ALLOWED, **options)
    proposal.application, proposal.commitment = application, commitment


def cancel(proposals, *, actor, now, is_told: bool = True) -> int:
    """Cancel these, whose files and commitments the caller has locked. A mentor who has read of an offer is told that
    it no longer stands, unless it is her own doing (`is_told`); a letter that has not left is cancelled with it.

    Returns how many.
    """
    found = list(proposals.select_related("application", "commitment__mentor__person", "commitment__cohort"))
    commitments, gone = {}, defaultdict(list)
    for proposal in sorted(found, key=lambda one: one.pk):
        commitments[proposal.commitment_id] = proposal.commitment
        if proposal.state == State.OFFERED:
            gone[proposal.commitment_id].append(proposal.run_id)
        move_offer(proposal, State.CANCELLED, actor=actor, now=now)
    for key, commitment in sorted(commitments.items()):
        if is_told:
            emails.tell_of_cancelled(commitment, gone[key], now=now)
        emails.drop_if_nothing_waits(commitment)
    return len(found)

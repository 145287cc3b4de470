"""Undoing a decision that was applied and is not announced: the file goes back to what its candidate still sees."""

from datetime import datetime

from applications.models import Application
from lifecycle.moves import move

FIELDS = ("confirm_by", "waitlist_rank", "shared_reason")
"""What a decision writes beside the state."""


def before(application: Application) -> dict:
    """What `put_back` needs, as JSON, taken before a decision is applied."""
    term = application.confirm_by
    return {
        "state": str(application.state),
        "confirm_by": term and term.isoformat(),
        "waitlist_rank": application.waitlist_rank,
        "shared_reason": application.shared_reason,
    }


def put_back(application: Application, known: dict, *, actor, now) -> bool:
    """Undo a hidden decision. A step of `reviews.applying.put_back`, which locks the file and drops the
    letter that was held.

    `known` is what `before` said. Returns whether there was something to undo: a file withdrawn since is left as it is.
    """
    if not application.masked_state:
        return False
    changes = {name: known[name] for name in FIELDS}
    if changes["confirm_by"]:
        changes["confirm_by"] = datetime.fromisoformat(changes["confirm_by"])
    move(
        application,
        known["state"],
        allowed={application.state: {known["state"]}},
        actor=actor,
        now=now,
        action="application.put_back",
        masked_state="",
        **changes,
    )
    return True

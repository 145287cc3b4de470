"""Letters to test the outbox with: one that is essential, one that is not."""

from notifications import kinds, outbox

RECEIPT, REMINDER = NAMES = ("applications.receipt", "applications.reminder")


def post(key: str, kind: str = RECEIPT, *, to: str = "ines@example.org", **options) -> bool:
    """Post that kind's sample under that key."""
    return outbox.post(kind, to=to, key=key, context=dict(kinds.get(kind).sample), **options)

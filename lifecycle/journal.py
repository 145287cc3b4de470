"""Writing the journal, and naming what it speaks of."""

from collections.abc import Iterable

from django.db import models
from django.utils import timezone

from lifecycle.models import JournalEntry

CLOCK = "clock"
"""The actor of what nobody did by hand: reminders, lapses, a worker's run."""
CONSOLE = "console"
"""The actor of a management command."""


def ref(thing: models.Model | str) -> str:
    """Name of an object in the journal: `app.model:pk`. Text is returned as it is."""
    return thing if isinstance(thing, str) else f"{thing._meta.label_lower}:{thing.pk}"


def record(action: str, target, *, actor, now=None, source_state="", target_state="", detail="") -> JournalEntry:
    """Append one line. `action` is in the past tense (`application.accepted`); `detail` never holds personal data."""
    return JournalEntry.objects.create(
        at=now or timezone.now(),
        actor=ref(actor),
        action=action,
        target=ref(target),
        source_state=source_state,
        target_state=target_state,
        detail=detail,
    )


def record_each(
    action: str, targets: Iterable[tuple[models.Model | str, str]], *, actor, now=None, source_state="", detail=""
) -> None:
    """Append one line for each (target, state it comes to), in one query: for a verb that acts on thousands."""
    at, who = now or timezone.now(), ref(actor)
    JournalEntry.objects.bulk_create(
        JournalEntry(
            at=at,
            actor=who,
            action=action,
            target=ref(target),
            source_state=source_state,
            target_state=state,
            detail=detail,
        )
        for target, state in targets
    )

"""The one way to change a state."""

from collections.abc import Mapping, Set

from django.db import models
from django.utils import timezone

from lifecycle import journal
from lifecycle.refusals import IllegalTransition


def lock(instance: models.Model) -> None:
    """Lock the row of `instance` until the transaction ends, and read it again into `instance`.

    The lock is FOR NO KEY UPDATE: it stops writers of this row, not inserts of rows that refer to it.
    Locks are always taken in one order: cohort, application, commitment, proposal, ids ascending.
    """
    rows = type(instance)._base_manager.select_for_update(of=("self",), no_key=True)
    instance.refresh_from_db(from_queryset=rows)


def move(
    instance: models.Model,
    to: str,
    *,
    allowed: Mapping[str, Set[str]],
    actor,
    now=None,
    detail: str = "",
    action: str = "",
    **changes,
) -> None:
    """Move `instance` to the state `to`, with `changes` to other fields, and write the journal line.

    Must run inside a transaction. The row is locked and read again first, so that `allowed` (state →
    states that may follow) is asked about what is true now.

    `action` names the line where the state alone would mislead: a file put back to « sent » was not sent again.

    Raises IllegalTransition when the table does not allow the move.
    """
    lock(instance)
    source = instance.state
    if to not in allowed.get(source, frozenset()):
        raise IllegalTransition(journal.ref(instance), source, to)
    instance.state = to
    for name, value in changes.items():
        setattr(instance, name, value)
    instance.save(update_fields=["state", *changes])
    journal.record(
        action or f"{instance._meta.model_name}.{to.lower()}",
        instance,
        actor=actor,
        now=now or timezone.now(),
        source_state=source,
        target_state=to,
        detail=detail,
    )


def move_each(rows: models.QuerySet, source: str, to: str, *, allowed: Mapping[str, Set[str]], actor, now=None) -> int:
    """Move all of these that are in the state `source` to the state `to`, each with its journal line, in three queries.

    For a verb that moves thousands at once, changes nothing else of them, and has nothing follow. Must run inside a
    transaction. Returns how many moved. Raises IllegalTransition when the table does not allow the move.
    """
    if to not in allowed.get(source, frozenset()):
        raise IllegalTransition(rows.model._meta.label_lower, source, to)
    locked = rows.filter(state=source).order_by("pk").select_for_update(of=("self",), no_key=True)
    ids = list(locked.values_list("pk", flat=True))
    rows.model._base_manager.filter(pk__in=ids).update(state=to)
    name, label = rows.model._meta.model_name, rows.model._meta.label_lower
    targets = [(f"{label}:{pk}", to) for pk in ids]
    journal.record_each(f"{name}.{to.lower()}", targets, actor=actor, now=now, source_state=source)
    return len(ids)

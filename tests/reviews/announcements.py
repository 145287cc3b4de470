"""What the tests of announcements look at: files as another request sees them, letters, lines of the journal."""

import pytest

from applications.models import Application
from lifecycle import journal
from lifecycle.models import JournalEntry
from lifecycle.refusals import Refusal
from notifications.models import Letter
from reviews import applying, releasing
from reviews.models import Release


def fresh(thing):
    return type(thing)._default_manager.get(pk=thing.pk)


def refused(verb, *args, **kwargs) -> str:
    with pytest.raises(Refusal) as refusal:
        verb(*args, **kwargs)
    return refusal.value.sentence.replace("\u00a0", " ")


def decision_letters(file) -> list[tuple[str, str, bool]]:
    letters = Letter.objects.about(journal.ref(file)).filter(key__contains=":decision:").order_by("id")
    return [(letter.kind.partition(".")[2], letter.status, bool(letter.hold)) for letter in letters]


def requests_to_confirm() -> list[tuple[str, str]]:
    letters = Letter.objects.filter(kind="reviews.release_to_confirm").order_by("to")
    return list(letters.values_list("to", "status"))


def lines(thing) -> list[str]:
    return list(JournalEntry.objects.about(journal.ref(thing)).order_by("id").values_list("action", flat=True))


def row(file) -> dict:
    """All that an announcement may write over in a file."""
    names = ("state", "masked_state", "confirm_by", "waitlist_rank", "shared_reason", "announced_at")
    return Application.objects.values(*names).get(pk=file.pk)


def started(cohort, coordinator, now, *, applied: int = 0) -> Release:
    """An announcement that runs, with so many decisions applied."""
    release = releasing.propose(cohort, actor=coordinator, now=now)
    for decision in release.decisions.order_by("application_id")[:applied]:
        assert releasing.apply(decision, now=now) is True
    return release


def give_up(release, coordinator, now=None) -> None:
    """A coordinator gives it up, and the worker undoes what was applied."""
    releasing.abandon(release, actor=coordinator, now=now)
    applying.undo(fresh(release), now=now)

"""Reads for staff's pages: the story of an object, in words, and the letters about it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from lifecycle import journal
from lifecycle.models import JournalEntry
from lifecycle.wording import action_words, state_words
from notifications.models import Letter

SHOWN = 50
"""How many lines of the journal, and how many letters, a page shows."""

_PERSON = f"{User._meta.label_lower}:"


@dataclass(frozen=True)
class StoryLine:
    """One line of the journal as staff read it."""

    at: datetime
    who: str
    what: str
    before: str
    after: str
    detail: str


def story_of(thing) -> list[StoryLine]:
    """What happened to an object, the latest first (2 queries)."""
    return told(JournalEntry.objects.about(journal.ref(thing))[:SHOWN])


def told(entries) -> list[StoryLine]:
    """Lines of the journal with names and words in the place of references."""
    entries = list(entries)
    names = actor_names(entry.actor for entry in entries)
    return [
        StoryLine(
            entry.at,
            names[entry.actor],
            action_words(entry.action),
            state_words(entry.target, entry.source_state),
            state_words(entry.target, entry.target_state),
            entry.detail,
        )
        for entry in entries
    ]


def actor_names(actors) -> dict[str, str]:
    """Who each actor of the journal is: a person's name while she has an account, the reference otherwise."""
    names = {actor: actor for actor in actors}
    names |= {journal.CLOCK: _("le portail"), journal.CONSOLE: _("une commande d’administration")}
    ids = [int(actor.removeprefix(_PERSON)) for actor in names if actor.startswith(_PERSON)]
    for person in User.objects.filter(pk__in=ids):
        names[journal.ref(person)] = person.get_full_name()
    return names


def letters_about(thing):
    """The letters written about an object, the latest first."""
    return Letter.objects.about(journal.ref(thing)).only("subject", "to", "status", "created_at", "sent_at")[:SHOWN]

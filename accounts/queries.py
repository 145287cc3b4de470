"""Reads for staff's pages: the story of an object, in words, and the letters about it."""

import re
from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress
from django.apps import apps
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from accounts.search import among
from lifecycle import journal
from lifecycle.models import JournalEntry
from lifecycle.wording import action_words, field_words, state_words
from notifications.models import Letter

SHOWN = 50
"""How many lines of the journal, and how many letters, a page shows."""

_PERSON = f"{User._meta.label_lower}:"
_REFERENCE = re.compile(r"[a-z]+\.[a-z]+:\d+")


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
    more = details(entries)
    return [
        StoryLine(
            entry.at,
            names[entry.actor],
            action_words(entry.action),
            *states(entry),
            more[entry.pk],
        )
        for entry in entries
    ]


def states(entry: JournalEntry) -> tuple[str, str]:
    """The state before and the state after, in words; of a role, its name."""
    codes = entry.source_state, entry.target_state
    if entry.action.startswith("role."):
        labels = dict(Role.choices)
        return tuple(str(labels.get(code, code)) for code in codes)
    return tuple(state_words(entry.target, code) for code in codes)


def details(entries) -> dict[int, str]:
    """What each line adds, in words: the object it names, the fields that changed (1 query a kind of object named)."""
    named = target_names(entry.detail for entry in entries if _REFERENCE.fullmatch(entry.detail))
    return {entry.pk: named.get(entry.detail) or field_words(entry.target, entry.detail) for entry in entries}


def actor_names(actors) -> dict[str, str]:
    """Who each actor of the journal is: a person's name while she has an account, the reference otherwise."""
    names = {actor: actor for actor in actors}
    names |= {journal.CLOCK: _("le portail"), journal.CONSOLE: _("une commande d’administration")}
    names |= {"guardian": _("un·e représentant·e légal·e")}
    ids = [int(actor.removeprefix(_PERSON)) for actor in names if actor.startswith(_PERSON)]
    for person in User.objects.filter(pk__in=ids):
        names[journal.ref(person)] = person.get_full_name()
    return names


def target_names(targets) -> dict[str, str]:
    """What each object of the journal calls itself; « candidature 12 » once it is gone (1 query a kind of object)."""
    names, keys = {}, {}
    for target in set(targets):
        label, _separator, pk = target.partition(":")
        keys.setdefault(label, []).append(pk)
    for label, pks in keys.items():
        try:
            model = apps.get_model(label)
        except (LookupError, ValueError):
            names |= {f"{label}:{pk}": f"{label}:{pk}" for pk in pks}
            continue
        names |= {f"{label}:{pk}": f"{model._meta.verbose_name} {pk}" for pk in pks}
        for thing in model._base_manager.filter(pk__in=pks):
            names[journal.ref(thing)] = thing.get_full_name() if isinstance(thing, User) else str(thing)
    return names


def people_named(words: str):
    """People whose name or address holds these words, accents or not."""
    return among(User.objects.all(), words)


def addresses_of(person: User) -> list[str]:
    """The addresses that are hers for certain: the one she signs in with, and those she has verified."""
    verified = EmailAddress.objects.filter(user=person, verified=True)
    return [person.email, *verified.values_list("email", flat=True)]


def letters_of(person: User):
    """The letters about a person, and those written to her address, the latest first."""
    letters = Letter.objects.filter(Q(about=journal.ref(person)) | Q(to=person.email))
    return letters.only("subject", "to", "status", "created_at", "sent_at")[:SHOWN]


def letters_about(thing):
    """The letters written about an object, the latest first."""
    return Letter.objects.about(journal.ref(thing)).only("subject", "to", "status", "created_at", "sent_at")[:SHOWN]

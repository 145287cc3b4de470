"""Every door of the portal, found where it is declared, and tried: addresses, actions of lists, tasks, commands.

An address is tried by whoever might have it (the coordination, each minor, a mentor), for every object of the world it
may be about, as a browser would: its page is read, and its forms are sent as they stand, with plausible words in them.
Whatever a door wrote is undone before the next one.
"""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import product

from celery import current_app
from django.contrib import admin
from django.core.management import call_command, get_commands
from django.core.management.base import CommandError
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse

from tests.house.filled_forms import unchanged
from tests.house.test_visitors import patterns

ROOMS = {
    *("lifecycle", "notifications", "accounts", "consents", "cohorts", "applications", "reviews", "mentors"),
    *("mentorships", "matching", "portal", "devtools"),
}
TYPED = {
    "name": "Samira Diop",
    "email": "samira.diop@example.org",
    "guardian_name": "Samira Diop",
    "relation": "mère",
    "signed_on": "2026-01-15",
    "title": "Une journée au festival",
    "details": "Départ à 9 h, retour à 20 h.",
    "phone": "06 12 34 56 78",
    "reason": "TIME",
    "confirmed": "1",
    "accepts": "on",
    "agrees": "on",
}
"""Words for the boxes that a page leaves empty."""
COMMANDS = {"create_coordinator": ["quelqu-un@example.org"], "load_season": []}
"""What each command of ours is called with."""


@dataclass(frozen=True)
class Door:
    """One way in: `name` says which, `go` goes through it."""

    name: str
    go: Callable[[], object] = field(repr=False)


class _Undo(Exception):
    """Ends what a door wrote."""


def tried(door: Door, read: Callable[[], object]):
    """What `read` says once somebody went through the door; all that it wrote is undone."""
    seen = None
    try:
        with transaction.atomic():
            door.go()
            seen = read()
            raise _Undo
    except _Undo:
        return seen


# --- Addresses ----------------------------------------------------------------------------------


def addresses(world) -> Iterator[Door]:
    """Each named address × each of its objects × each person; once, when nothing can be sent to that address."""
    read_only = set()
    for name, holes in patterns():
        for filled in _fillings(name, holes, world):
            if name in read_only:
                break
            try:
                path = reverse(name, kwargs=filled)
            except NoReverseMatch:
                continue
            for person in world.people_for(name, filled):
                yield Door(name, partial(_go, world.browsers[person], path, name, read_only))


def _fillings(name: str, holes: list[str], world) -> Iterator[dict]:
    values = [world.values(name, hole) for hole in holes]
    for chosen in product(*values):
        filled = dict(zip(holes, chosen, strict=True))
        if world.fits(filled):
            yield filled


def _go(browser: Client, path: str, name: str, read_only: set[str]) -> None:
    """Read the page, then send its form."""
    cookies = browser.cookies.output()
    page = browser.get(path)
    is_page = page.status_code == 200 and page.headers.get("Content-Type", "").startswith("text/html")
    shown = unchanged(page) if is_page and not page.streaming else {}
    said = {name: value for name, value in shown.items() if value != [""]}
    if browser.post(path, {**TYPED, **said}).status_code == 405:
        read_only.add(name)
    browser.cookies.clear()
    browser.cookies.load(cookies.replace("Set-Cookie: ", ""))


# --- Actions, tasks, commands -------------------------------------------------------------------


def actions(world) -> Iterator[Door]:
    """Each action of each list of the admin, on all that the list holds."""
    browser = world.browsers["coordinator"]
    for model, screen in admin.site._registry.items():
        for action in screen.actions or ():
            name = action if isinstance(action, str) else action.__name__
            chosen = [str(pk) for pk in model._base_manager.values_list("pk", flat=True)]
            meta = model._meta
            path = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
            said = {"action": name, "_selected_action": chosen, "select_across": "0", "expected": str(len(chosen))}
            yield Door(f"{meta.label} {name}", lambda path=path, said=said: browser.post(path, {**TYPED, **said}))


def tasks() -> Iterator[Door]:
    """Each task of ours, as the clock calls it."""
    current_app.loader.import_default_modules()
    for name, task in sorted(current_app.tasks.items()):
        if name.partition(".")[0] in ROOMS:
            yield Door(name, task)


def commands() -> Iterator[Door]:
    """Each command of ours."""
    for name, app in sorted(get_commands().items()):
        if app in ROOMS:
            yield Door(name, lambda name=name: _command(name))


def _command(name: str) -> None:
    try:
        call_command(name, *COMMANDS[name], stdout=io.StringIO(), stderr=io.StringIO())
    except CommandError:
        pass

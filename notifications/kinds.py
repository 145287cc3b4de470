"""Every kind of letter the portal can send, registered by the `emails.py` of the app it belongs to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from notifications.models import Letter

PersonalLink = Callable[["Letter"], str]
"""Makes the absolute address of a personal link from what a letter itself says: `to`, `about`, `key`.

It signs those, and reads nothing else: a letter leaves even when what it speaks of has changed since, and the page
behind the link tells what holds by then.
"""


@dataclass(frozen=True)
class Kind:
    """A kind of letter.

    `name` is `app.letter`; its template is `app/email/letter.txt`, whose first line is the subject.
    `essential` letters go out whatever the person's preferences; the others carry a link to stop them.

    `links` are the personal links of the letter, by the names (`[a-z_]+`) under which its template writes them:
    with `links={"confirm": confirm_url}` the template says `{{ links.confirm }}`. What is stored is a mark in its
    place; the function is called when the letter leaves, and its answer is never kept (see `notifications.links`).
    A function may serve several kinds.

    `is_forgotten` letters go to people of whom we promised to keep nothing: once sent, or certain never to be, their
    row keeps neither address nor text. Its key stays, so that the fact is still told only once; the address in it,
    if it needs one, is `outbox.fingerprint(address)`.

    Letters are written to the person of an account, and follow when staff correct her address. Those that are not
    `is_for_account` go to an address that somebody gave, whoever is behind it: they stay where they were sent.
    """

    name: str
    title: str
    when: str
    recipient: str
    essential: bool = True
    sample: Mapping[str, object] = field(default_factory=dict)
    links: Mapping[str, PersonalLink] = field(default_factory=dict)
    is_forgotten: bool = False
    is_for_account: bool = True

    @property
    def template(self) -> str:
        app, letter = self.name.split(".")
        return f"{app}/email/{letter}.txt"


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Make a kind known. Raises ValueError when the name is taken."""
    if kind.name in _kinds:
        raise ValueError(f"letter kind registered twice: {kind.name}")
    _kinds[kind.name] = kind
    return kind


def get(name: str) -> Kind:
    """The kind of that name. Raises KeyError when no app registered it."""
    return _kinds[name]


def every() -> list[Kind]:
    """All kinds, by name."""
    return [_kinds[name] for name in sorted(_kinds)]

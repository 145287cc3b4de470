"""Every kind of letter the portal can send, registered by the `emails.py` of the app it belongs to."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Kind:
    """A kind of letter.

    `name` is `app.letter`; its template is `app/email/letter.txt`, whose first line is the subject.
    `essential` letters go out whatever the person's preferences; the others carry a link to stop them.
    """

    name: str
    title: str
    when: str
    recipient: str
    essential: bool = True
    sample: Mapping[str, object] = field(default_factory=dict)

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

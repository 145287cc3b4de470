"""What a run is about: the people as they are, the pairs that may be, what stands already; and the engine's instance.

People are named by the file's reference and by `m` and the commitment's number.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from matching import scoring
from matching.models import Run
from matching.promises import Offer

Row = tuple[int, int, int, int, int]
"""Mentee's and mentor's place in the instance, score, the mentee's side of it, the mentor's."""


def mentor_id(commitment: int) -> str:
    """What the engine calls a commitment."""
    return f"m{commitment}"


def commitment_of(mentor: str) -> int:
    """The way back."""
    return int(mentor[1:])


@dataclass
class Situation:
    """The people of a run as they are, in the order of their ids, and every pair that may be.

    `mentors` are all who committed, with or without a free place; `seats` says how many places each has to give: what
    is offered counts as free, since a run may move it. `waiting` are the files left out, and why (`Unmatched.Kind`).
    """

    seed: str
    scale: scoring.Scale
    floors: list[dict]
    mentees: dict[str, scoring.Mentee]
    mentors: dict[str, scoring.Mentor]
    waiting: dict[str, str]
    file_of: Mapping[str, int]
    """The key of each file, by its reference."""
    counting: frozenset[str] = frozenset()
    """Who counts for the parity asked; nobody where none is: a gender serves nothing else."""
    rows: list[Row] = field(default_factory=list)
    is_shortened: bool = False
    """Whether the rows are candidate lists, because all that may be are too many."""
    offers: dict[str, Offer] = field(default_factory=dict)
    """The pairs announced to a mentor who has not answered, of those who are in the instance."""
    pins: dict[str, str] = field(default_factory=dict)
    """The pairs that a coordinator pinned, where nothing forbids them."""
    vain_pins: dict[str, tuple[str, scoring.Rule | None]] = field(default_factory=dict)
    """Those that cannot be today: the mentor, and the rule; no rule where an authorisation lacks."""
    kept: dict[str, str] = field(default_factory=dict)
    """The announced pairs that must stay, because that was asked."""
    previous: dict[str, str] = field(default_factory=dict)
    """The announced pairs that may still be."""
    tries: dict[str, int] = field(default_factory=dict)
    """How many proposals led nowhere, of those who had too many."""
    announced_rows: list[Row] = field(default_factory=list)
    """Pairs that may be for the sole reason that they are announced already."""
    pinned_rows: list[Row] = field(default_factory=list)
    """Pairs that may be for the sole reason that they are pinned."""

    @property
    def seats(self) -> dict[str, int]:
        return {name: mentor.free for name, mentor in self.mentors.items() if mentor.is_ready and mentor.free > 0}

    def as_json(self) -> dict:
        """The instance as `python -m matching` reads it: what the engine is given, and its answer verified against."""
        rows = self.rows + self.announced_rows + self.pinned_rows
        return self._as_json(rows, self.kept | self.pins, self.previous)

    def without_pins(self) -> dict:
        """The same, had nobody pinned anything: beside it stands what the pins cost."""
        return self._as_json(self.rows + self.announced_rows, self.kept, self.previous)

    def fingerprint(self) -> str:
        """SHA-256 of what a run decides on, apart from what is announced: as long as it stays the same, another run
        finds nothing new.
        """
        return checksum_of(self._as_json(self.rows + self.pinned_rows, self.pins, {}))

    def _as_json(self, rows: list[Row], locked: Mapping[str, str], previous: Mapping[str, str]) -> dict:
        written = {
            "seed": self.seed,
            "mentees": [{"id": one, "groups": [Run.PARITY] if one in self.counting else []} for one in self.mentees],
            "mentors": [{"id": one, "capacity": places} for one, places in self.seats.items()],
            "scores": rows,
            "constraints": [{"group": floor["group"], "min_share": floor["percent"] / 100} for floor in self.floors],
        }
        if previous:
            written["previous"] = [list(pair) for pair in sorted(previous.items())]
        if locked:
            written["locked"] = [list(pair) for pair in sorted(locked.items())]
        return written

    def is_announced(self, mentee: str, mentor: str) -> bool:
        """Whether this mentor has an offer for this mentee already."""
        return mentee in self.offers and mentor_id(self.offers[mentee].commitment) == mentor

    def parts(self, mentee: str, mentor: str) -> list[scoring.Part]:
        return scoring.parts(self.mentees[mentee], self.mentors[mentor], self.scale)

    def broken_rules(self, mentee: str) -> Counter:
        """How many mentors each rule closes to somebody; a mentor counts for the first one that does."""
        person = self.mentees[mentee]
        found = (scoring.broken_rule(person, mentor, self.scale) for mentor in self.mentors.values())
        return Counter(rule.value for rule in found if rule)


def checksum_of(inputs: dict) -> str:
    """SHA-256, in hexadecimal, of the canonical JSON of an instance, where all stand in the order of their ids."""
    canonical = json.dumps(inputs, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()

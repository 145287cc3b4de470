"""Reads for the coordinators' page of a jury: how far each reader is, how even it is, which files want one more."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import timezone

from accounts.models import User
from applications.models import Application
from cohorts.models import Cohort
from reviews.assigning import Pair, Reader, why_uneven
from reviews.board import Board, board_of, circle_of, tied_among
from reviews.models import Recusal
from reviews.scores import Standing, is_reading_over, needs_third, standings

LISTED = 200
"""Files beyond which a list names none: they have not been shared out yet."""


@dataclass
class ReaderRow:
    """One jury member: what she was entrusted (`asked`), has given, has begun, has still to read (`left`)."""

    person: User
    is_on_jury: bool
    asked: int = 0
    given: int = 0
    begun: int = 0
    left: int = 0
    recused: int = 0
    last: datetime | None = None
    is_late: bool = False


@dataclass(frozen=True)
class Unevenness:
    """Loads that differ by more than one: from which to which, who has more, who less, and why."""

    least: int
    most: int
    heavy: list[User]
    light: list[User]
    movable: int
    is_final: bool


@dataclass(frozen=True)
class ShortFile:
    """A file that lacks readers, and how many could take it by what is known."""

    pk: int
    reference: str
    missing: int
    free: int


@dataclass(frozen=True)
class WantsOneMore:
    """A file for one more reading, and why (`scores.Third`)."""

    standing: Standing
    why: str


@dataclass(frozen=True)
class OneMore:
    """A reading that was asked on top, and who has still to give it."""

    application_id: int
    reference: str
    person: User


@dataclass(frozen=True)
class TiedOpinion:
    """An opinion given on a file of somebody the reader might know."""

    application_id: int
    reference: str
    person: User
    reason: str


@dataclass
class JuryView:
    """What the page shows."""

    readers: list[ReaderRow]
    asked: int
    given: int
    due_on: date | None
    is_over: bool
    uneven: Unevenness | None
    short: list[ShortFile]
    """Named only when they are few: `short_count` counts them all."""
    short_count: int
    thirds: list[WantsOneMore]
    asked_more: list[OneMore]
    tied: list[TiedOpinion] = field(default_factory=list)

    @property
    def is_stuck(self) -> bool:
        """Whether some file lacks a reader whom nobody can be."""
        return any(file.free < file.missing for file in self.short)


def jury_view(cohort: Cohort, now: datetime) -> JuryView:
    """All of it (at most 30 queries, whatever the number of files and readers)."""
    board = board_of(cohort)
    concerned = board.jury | {reader for _file, reader in board.rows} | {reader for _file, reader in board.given}
    people = User.objects.in_bulk(concerned)
    rows = _readers(board, people, now)
    is_over = is_reading_over(cohort, now)
    stands = standings(cohort)
    reference = {one.application_id: one.reference for one in stands}
    return JuryView(
        readers=rows,
        asked=sum(row.asked for row in rows),
        given=sum(row.given for row in rows),
        due_on=cohort.readings_due_on,
        is_over=is_over,
        uneven=_unevenness(board, people),
        short=_short(board, reference),
        short_count=len(board.short()),
        thirds=[WantsOneMore(one, why) for one in stands if (why := needs_third(one, is_over=is_over))],
        asked_more=[
            OneMore(pair[0], reference.get(pair[0], ""), people[pair[1]])
            for pair in board.left()
            if board.rows[pair].is_third
        ],
        tied=_tied(board, people, reference),
    )


def _readers(board: Board, people: dict[int, User], now: datetime) -> list[ReaderRow]:
    """Whoever is on the jury, and who left it after giving opinions; who has most to read first."""
    rows = {pk: ReaderRow(person, pk in board.jury) for pk, person in people.items()}
    left = Counter(reader for _file, reader in board.left())
    for pair, assignment in board.rows.items():
        row = rows[pair[1]]
        is_given = pair in board.given
        row.asked += is_given or pair[0] in board.open_files
        row.begun += not is_given and assignment.saved_at is not None and pair[0] in board.open_files
        row.last = max(filter(None, (row.last, assignment.saved_at)), default=None)
    for _file, reader in board.given:
        rows[reader].given += 1
    for _file, readers in board.recused.items():
        for reader in readers & rows.keys():
            rows[reader].recused += 1
    due_on = board.cohort.readings_due_on
    for pk, row in rows.items():
        row.left = left[pk]
        row.is_late = bool(row.left and due_on and timezone.localdate(now) > due_on)
    shown = [row for row in rows.values() if row.is_on_jury or row.given]
    return sorted(shown, key=lambda row: (not row.is_on_jury, -row.left, row.person.get_full_name(), row.person.pk))


def _unevenness(board: Board, people: dict[int, User]) -> Unevenness | None:
    pairs = [p for p in board.rows.keys() | board.given if p[1] in board.jury and _counts(board, p)]
    load = Counter(dict.fromkeys(board.jury, 0))
    load.update(reader for _file, reader in pairs)
    least, most = min(load.values(), default=0), max(load.values(), default=0)
    if most - least < 2:
        return None
    moving = [pair for pair in pairs if not board.stands(pair)]
    closed = {file: set(some) for file, some in circle_of(board, {file for file, _reader in moving}).closed_to.items()}
    standing = Counter()
    for file, reader in pairs:
        if board.stands((file, reader)):
            standing[reader] += 1
            closed.setdefault(file, set()).add(reader)
    why = why_uneven(moving, closed, [Reader(reader, load=standing[reader]) for reader in board.jury])
    return Unevenness(
        least,
        most,
        _by_name(people[reader] for reader in why.heavy),
        _by_name(people[reader] for reader in why.light),
        why.movable,
        why.is_final,
    )


def _counts(board: Board, pair: Pair) -> bool:
    return pair in board.given or pair[0] in board.open_files


def _by_name(people) -> list[User]:
    return sorted(people, key=lambda person: (person.get_full_name(), person.pk))


def _short(board: Board, reference: dict[int, str]) -> list[ShortFile]:
    lacking = board.short()
    if not 0 < len(lacking) <= LISTED:
        return []
    free = {file: board.jury - closed for file, closed in circle_of(board, lacking).closed_to.items()}
    for file, reader in board.rows.keys() | board.given:
        if file in free:
            free[file] -= {reader}
    found = [ShortFile(file, reference.get(file, ""), missing, len(free[file])) for file, missing in lacking.items()]
    return sorted(found, key=lambda file: (file.free >= file.missing, file.reference))


def _tied(board: Board, people: dict[int, User], reference: dict[int, str]) -> list[TiedOpinion]:
    given = [pair for pair in board.given if pair[0] in board.open_files]
    found = [
        TiedOpinion(file, reference.get(file, ""), people[reader], Recusal.Reason(reason).label)
        for (file, reader), reason in tied_among(board, given).items()
    ]
    return sorted(found, key=lambda one: (one.reference, one.person.pk))


def tie_of(application: Application, reader: User) -> str:
    """Why an opinion is among those of `JuryView.tied`, or nothing."""
    return tied_among(board_of(application.cohort), [(application.pk, reader.pk)]).get((application.pk, reader.pk), "")

"""Who reads what in a cohort, as it stands: what sharing out starts from, and what the coordination is shown."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import QuerySet

from accounts.models import User
from applications.models import Application, Wish
from cohorts.models import Cohort
from reviews import ties
from reviews.assigning import Need, Pair, Reader, Sharing, assign
from reviews.jury import jury_of
from reviews.models import Assignment, ReaderProfile, Recusal, Review

State = Application.State


@dataclass
class Board:
    """The readings of a cohort. Pairs are (application id, reader id).

    A reading stands, and never moves, once its opinion is given, once it is begun, or when it is one more that was
    asked for; it stands for nothing when its reader left the jury without an opinion.
    """

    cohort: Cohort
    jury: frozenset[int]
    open_files: frozenset[int]
    """Sent, and nothing decided."""
    rows: dict[Pair, Assignment] = field(default_factory=dict)
    given: set[Pair] = field(default_factory=set)
    recused: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    """By file, who stands aside from it."""

    def is_idle(self, pair: Pair) -> bool:
        """A reading of somebody who is no longer on the jury, and gave nothing."""
        return pair not in self.given and pair[1] not in self.jury

    def stands(self, pair: Pair) -> bool:
        row = self.rows.get(pair)
        has_begun = row is not None and (row.is_third or row.saved_at is not None)
        return pair in self.given or (has_begun and pair[1] in self.jury)

    def left(self) -> list[Pair]:
        """What is still to be read by somebody on the jury, in order."""
        return [p for p in self.rows if p not in self.given and p[0] in self.open_files and p[1] in self.jury]

    def readers_of(self) -> dict[int, set[int]]:
        """By file, who gave an opinion or still can; whoever was asked on top is not among them."""
        readers: dict[int, set[int]] = {file: set() for file in self.open_files}
        for file, reader in self.rows.keys() | self.given:
            row = self.rows.get((file, reader))
            if file in readers and not self.is_idle((file, reader)) and not (row and row.is_third):
                readers[file].add(reader)
        return readers

    def short(self) -> dict[int, int]:
        """By file, how many readers it lacks."""
        lacking = {file: self.cohort.reviews_per_file - len(some) for file, some in self.readers_of().items()}
        return {file: count for file, count in lacking.items() if count > 0}


def board_of(cohort: Cohort, *, for_update: bool = False) -> Board:
    """The readings of a cohort (5 queries, whatever its size). `for_update`: nobody begins one meanwhile."""
    rows = Assignment.objects.filter(application__cohort=cohort).order_by("pk")
    if for_update:
        rows = rows.select_for_update(of=("self",))
    board = Board(
        cohort,
        frozenset(jury_of(cohort).values_list("pk", flat=True)),
        frozenset(Application.objects.filter(cohort=cohort, state=State.SUBMITTED).values_list("pk", flat=True)),
        {(row.application_id, row.reviewer_id): row for row in rows},
    )
    opinions = Review.objects.filter(application__cohort=cohort).order_by()
    board.given.update(opinions.values_list("application_id", "reviewer_id"))
    for file, reader in Recusal.objects.filter(application__cohort=cohort).values_list("application_id", "reviewer_id"):
        board.recused[file].add(reader)
    return board


@dataclass(frozen=True)
class Circle:
    """Which files are closed to whom, by recusal or by what ties them, and the trades that both know."""

    closed_to: dict[int, frozenset[int]]
    tied: dict[Pair, str]
    """Why, for those that no recusal says yet."""
    trades_of: dict[int, frozenset[int]]
    trades_known: dict[int, frozenset[int]]


def circle_of(board: Board, files: Collection[int], *, without: Collection[int] = ()) -> Circle:
    """What decides who may read these files (6 queries), a whole jury but for `without`."""
    known = ties.known_by(jury_of(board.cohort))
    facts = ties.facts_of(_with_candidates(files))
    tied = {
        (file, reader): reason
        for file in facts
        for reader in known
        if reader not in board.recused[file] and (reason := ties.why_tied(facts[file], known[reader]))
    }
    closed = {file: frozenset(board.recused[file] | set(without)) for file in files}
    for file, reader in tied:
        closed[file] |= {reader}
    trades = defaultdict(set)
    for file, trade in Wish.objects.filter(application__in=files).order_by().values_list("application", "trade"):
        trades[file].add(trade)
    trades_known = defaultdict(set)
    profiles = ReaderProfile.objects.filter(person__in=known, trades__isnull=False)
    for reader, trade in profiles.values_list("person", "trades"):
        trades_known[reader].add(trade)
    return Circle(
        closed,
        tied,
        {file: frozenset(trades[file]) for file in files},
        {reader: frozenset(some) for reader, some in trades_known.items()},
    )


def _with_candidates(files: Collection[int]) -> QuerySet[Application]:
    return Application.objects.filter(pk__in=files).select_related("candidate")


def tied_among(board: Board, pairs: Collection[Pair]) -> dict[Pair, str]:
    """Of these pairs, those tied by what is known beforehand, and why (4 queries)."""
    if not pairs:
        return {}
    known = ties.known_by(User.objects.filter(pk__in={reader for _file, reader in pairs}))
    facts = ties.facts_of(_with_candidates({file for file, _reader in pairs}))
    reasons = {(file, reader): ties.why_tied(facts[file], known[reader]) for file, reader in pairs}
    return {pair: reason for pair, reason in reasons.items() if reason}


def share(board: Board, circle: Circle, wanted: dict[int, int], *, staying: Collection[Pair], preferred=()) -> Sharing:
    """The best sharing of so many readings of each file, beside those that stay (see `reviews.assigning`)."""
    taken, load = defaultdict(set), Counter()
    for file, reader in staying:
        taken[file].add(reader)
        load[reader] += (file, reader) in board.given or file in board.open_files
    needs = [
        Need(file, count, circle.trades_of[file], circle.closed_to[file] | frozenset(taken[file]))
        for file, count in wanted.items()
    ]
    readers = [Reader(r, circle.trades_known.get(r, frozenset()), load[r]) for r in board.jury]
    return assign(needs, readers, preferred)

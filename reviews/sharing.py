"""The verbs of who reads what: sharing out the files, handing them on, one reading more, standing aside."""

from collections.abc import Collection, Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from applications.models import Application
from cohorts.models import Cohort
from lifecycle import journal
from lifecycle.moves import lock
from lifecycle.refusals import Refusal
from reviews import reader_emails
from reviews.assigning import Pair
from reviews.board import Board, board_of, circle_of, share, tied_among
from reviews.jury import require_criteria
from reviews.models import Assignment, Recusal, Review

State = Application.State


@transaction.atomic
def distribute(cohort: Cohort, *, actor, now=None) -> int:
    """A coordinator gives every sent file its readers, as evenly as can be (see `reviews.assigning`).

    What is begun, given or asked on top stays. The rest moves where loads or trades gain by it, and stays otherwise.
    Nobody reads a file of somebody she knows, by a recusal or by the rules of `reviews.ties` (an opinion that is given
    stands, and is shown to the coordination); who left the jury frees what she had not given. Readers who get files
    are written to, once a day. Returns how many readings were entrusted. Raises Refusal when the cohort has no jury or
    no criteria.
    """
    now = now or timezone.now()
    board = _locked_board(cohort)
    require_criteria(cohort)
    circle = circle_of(board, board.open_files)
    _close(board, _closing(board, circle.tied), circle.tied, actor=actor, now=now)
    staying = {pair for pair in board.rows.keys() | board.given if board.stands(pair)}
    moving = {pair for pair in board.rows if pair[0] in board.open_files and pair not in staying}
    wanted = dict.fromkeys(board.open_files, cohort.reviews_per_file)
    for file, reader in staying:
        row = board.rows.get((file, reader))
        if file in wanted and not (row and row.is_third):
            wanted[file] = max(0, wanted[file] - 1)
    pairs = set(share(board, circle, wanted, staying=staying, preferred=moving).pairs)
    _forget(board, moving - pairs)
    _entrust(board, pairs - moving, now=now)
    journal.record("cohort.files_distributed", cohort, actor=actor, now=now, detail=str(len(pairs - moving)))
    return len(pairs - moving)


@transaction.atomic
def hand_on(cohort: Cohort, reader: User, *, actor, now=None) -> int:
    """A coordinator gives to others what a reader has not read: what she had begun goes, what others have stays.

    Returns how many were handed on. Raises Refusal when she has nothing to hand on, or nobody may take any of it.
    """
    now = now or timezone.now()
    board = _locked_board(cohort)
    hers = {pair for pair in board.rows if pair[1] == reader.pk and pair not in board.given}
    hers = {pair for pair in hers if pair[0] in board.open_files}
    if not hers:
        raise Refusal(_("Il n’y a rien à reconfier : tout ce qui lui était confié est lu."))
    thirds = {file for file, _reader in hers if board.rows[file, reader.pk].is_third}
    pairs = _more_readings(board, {file for file, _reader in hers}, without=[reader.pk], dropped=hers)
    if not pairs:
        raise Refusal(_("Personne d’autre ne peut lire ces dossiers : invitez quelqu’un de plus dans le jury."))
    taken = {file for file, _reader in pairs}
    _forget(board, {pair for pair in hers if pair[0] in taken})
    _entrust(board, pairs, thirds=thirds, now=now)
    detail = f"{journal.ref(reader)}, {len(pairs)}"
    journal.record("cohort.readings_handed_on", cohort, actor=actor, now=now, detail=detail)
    return len(pairs)


@transaction.atomic
def ask_third_reading(files: Iterable[Application], *, actor, now=None) -> int:
    """A coordinator asks one reader more for each of these files of one cohort, beside those who have it.

    A file that is decided, or for which somebody was asked already, is left as it is. Returns how many were asked.
    Raises Refusal when none could be.
    """
    now = now or timezone.now()
    files = list(files)
    if not files:
        raise Refusal(_("Choisissez au moins un dossier."))
    board = _locked_board(files[0].cohort)
    asked = {file for (file, _reader), row in board.rows.items() if row.is_third}
    wanted = {file.pk for file in files if file.pk in board.open_files} - asked
    pairs = _more_readings(board, wanted)
    if not pairs:
        raise Refusal(_("Rien n’a pu être confié : ces dossiers sont décidés, ou personne d’autre ne peut les lire."))
    _entrust(board, pairs, thirds=wanted, now=now)
    told = [(f"{Application._meta.label_lower}:{file}", "") for file, _reader in sorted(pairs)]
    journal.record_each("application.third_reading_asked", told, actor=actor, now=now)
    return len(pairs)


@transaction.atomic
def recuse(application: Application, reviewer: User, *, reason: str = Recusal.Reason.DECLARED, actor, now=None) -> None:
    """A jury member stands aside from a file: it closes to her, what she wrote or gave about it goes, and the file
    goes to somebody else if anybody may read it.

    Doing it again changes nothing. Raises Refusal once the file is decided with her opinion.
    """
    now = now or timezone.now()
    lock(application.cohort)
    lock(application)  # before the readings, as whoever gives an opinion
    board = board_of(application.cohort, for_update=True)
    pair = (application.pk, reviewer.pk)
    if application.state != State.SUBMITTED and pair in board.given:
        raise Refusal(_("Ce dossier a déjà reçu une décision, et votre avis y a compté : parlez-en à la coordination."))
    if reviewer.pk in board.recused[application.pk]:
        return
    _close(board, [pair], {pair: reason}, actor=actor, now=now, is_replaced=True)


@transaction.atomic
def stand_aside(reader: User, cohorts: Iterable[Cohort], *, actor, now=None) -> int:
    """Close to a reader the files that she should not read by what is known now, unless her opinion is given.

    They go to others. Returns how many closed.
    """
    return sum(_close_tied(cohort, actor=actor, now=now, readers={reader.pk}) for cohort in cohorts)


def close_tied(cohort: Cohort, *, now=None) -> int:
    """The clock: the same for a whole jury, since files change after they were shared out. Returns how many closed."""
    board = board_of(cohort)
    if not tied_among(board, board.left()):
        return 0  # nobody who writes is made to wait
    return _close_tied(cohort, actor=journal.CLOCK, now=now)


@transaction.atomic
def _close_tied(cohort: Cohort, *, actor, now=None, readers: Collection[int] | None = None) -> int:
    now = now or timezone.now()
    board = _locked_board(cohort, needs_jury=False)
    tied = tied_among(board, [pair for pair in board.left() if not readers or pair[1] in readers])
    closing = _closing(board, tied)
    _close(board, closing, tied, actor=actor, now=now, is_replaced=True)
    return len(closing)


# --- The steps, all under the cohort's lock ---------------------------------------------------------


def _locked_board(cohort: Cohort, *, needs_jury: bool = True) -> Board:
    lock(cohort)
    board = board_of(cohort, for_update=True)
    if needs_jury and not board.jury:
        raise Refusal(_("Cette promotion n’a pas encore de jury : invitez d’abord ses membres."))
    return board


def _closing(board: Board, tied: Collection[Pair]) -> list[Pair]:
    """Of these pairs, the readings that are entrusted and not given, of files that can still be read."""
    return [pair for pair in board.left() if pair in tied]


def _more_readings(board: Board, files: set[int], *, without: Collection[int] = (), dropped=frozenset()) -> set[Pair]:
    """One reader more for each of these files, where somebody may; nothing of the rest moves."""
    circle = circle_of(board, files, without=without)
    staying = {pair for pair in board.rows.keys() | board.given if not board.is_idle(pair)} - dropped
    return set(share(board, circle, dict.fromkeys(files, 1), staying=staying).pairs)


def _close(board: Board, pairs: Collection[Pair], reasons: dict[Pair, str], *, actor, now, is_replaced=False) -> None:
    """These readers stand aside from these files. What they wrote or gave goes; a reading that was theirs and is
    missed goes to somebody else if `is_replaced`.
    """
    pairs = sorted(pairs)
    Recusal.objects.bulk_create(
        Recusal(application_id=file, reviewer_id=reader, reason=reasons[file, reader], at=now) for file, reader in pairs
    )
    for file, reader in pairs:
        Review.objects.filter(application=file, reviewer=reader).delete()
        board.recused[file].add(reader)
    thirds = {pair[0] for pair in pairs if pair in board.rows and board.rows[pair].is_third}
    had = {pair[0] for pair in pairs if pair in board.rows and pair[0] in board.open_files}
    _forget(board, pairs)
    board.given.difference_update(pairs)
    told = [(f"{Application._meta.label_lower}:{file}", "") for file, _reader in pairs]
    journal.record_each("application.recused", told, actor=actor, now=now)
    missed = had & (board.short().keys() | thirds)
    if is_replaced and missed:
        _entrust(board, _more_readings(board, missed), thirds=thirds, is_told=False, now=now)


def _forget(board: Board, pairs: Iterable[Pair]) -> None:
    """Take these readings away."""
    Assignment.objects.filter(pk__in=[board.rows.pop(pair).pk for pair in list(pairs) if pair in board.rows]).delete()


def _entrust(board: Board, pairs: Iterable[Pair], *, thirds=frozenset(), is_told: bool = True, now) -> None:
    """Give these readings. Readers are written to; with `is_told` false, only those who had nothing left to read."""
    busy = {reader for _file, reader in board.left()}
    new = [
        Assignment(application_id=file, reviewer_id=reader, assigned_at=now, is_third=file in thirds)
        for file, reader in sorted(pairs)
    ]
    for row in Assignment.objects.bulk_create(new):
        board.rows[row.application_id, row.reviewer_id] = row
    concerned = {row.reviewer_id for row in new} - (set() if is_told else busy)
    left = [reader for _file, reader in board.left()]
    for reader in User.objects.filter(pk__in=concerned).order_by("pk"):
        reader_emails.tell_files(reader, board.cohort, count=left.count(reader.pk), now=now)

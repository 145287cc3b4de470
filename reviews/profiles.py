"""What a jury member says of herself: the verb, and what it is for."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from applications.models import Application
from cohorts.models import Cohort, Trade
from lifecycle import journal
from reviews import sharing, ties
from reviews.board import board_of, tied_among
from reviews.models import ReaderProfile


@dataclass(frozen=True)
class Saved:
    """What followed from it: the files that closed to her, and the opinions she gave on files of people she may know.

    These stand: a person decides about them.
    """

    closed: int
    given: int


@transaction.atomic
def save_profile(
    reader: User, *, trades: list[Trade], schools: str, employers: str, addresses: str, actor, now=None
) -> Saved:
    """A jury member, or a coordinator for her, writes down her trades and whom she might know.

    Files that this closes to her go to others at once; opinions that are given stand. What she wrote is hers and the
    coordination's: the journal says only that it changed.
    """
    now = now or timezone.now()
    cohorts = cohorts_read_by(reader)
    profile, _is_new = ReaderProfile.objects.select_for_update().get_or_create(person=reader)
    profile.schools, profile.employers, profile.addresses = schools, employers, addresses
    profile.updated_at = now
    profile.save()
    profile.trades.set(trades)
    journal.record("readerprofile.saved", profile, actor=actor, now=now)
    closed = sharing.stand_aside(reader, cohorts, actor=actor, now=now)
    return Saved(closed, sum(_given_all_the_same(reader, cohort) for cohort in cohorts))


def cohorts_read_by(reader: User) -> list[Cohort]:
    """The cohorts whose jury she is on and that still have files to read."""
    scopes = [scope for role, scope in reader.grants.values_list("role", "scope") if role == Role.JURY]
    mine = Cohort.objects.filter(pk__in=[int(scope.rpartition(":")[2]) for scope in scopes])
    reading = mine.filter(applications__state=Application.State.SUBMITTED)
    return list(reading.distinct().order_by("pk"))


def _given_all_the_same(reader: User, cohort: Cohort) -> int:
    board = board_of(cohort)
    hers = [pair for pair in board.given if pair[1] == reader.pk and pair[0] in board.open_files]
    return len(tied_among(board, hers))


def offered_trades(profile: ReaderProfile | None) -> dict[int, Trade]:
    """The trades of the forms, and hers even when they are offered no longer, in order."""
    hers = {trade.pk for trade in profile.trades.all()} if profile else set()
    return {t.pk: t for t in Trade.objects.order_by("order", "name") if t.is_offered or t.pk in hers}


def unreadable_addresses(text: str) -> list[str]:
    """The lines that hold no e-mail address: they would close nothing."""
    return [line.strip() for line in text.splitlines() if line.strip() and not ties.addresses_in(line)]

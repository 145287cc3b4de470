"""How many people a season has, and what becomes of them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    """Counts, the cast included."""

    opened_sent: int
    opened_drafts: int
    places: int
    kept: int
    """Accepted at the first announcement of the closed cohort."""
    forgotten: int
    """Of these, those who let the term pass; their places go to the waiting list."""
    waitlisted: int
    rejected: int
    kept_later: int
    """Accepted at the second announcement: they have not answered yet."""
    rejected_later: int
    pending: int
    """Read by everybody, and not published; some are marked."""
    unread: int
    """Sent, and still to be read by somebody."""
    never_sent: int
    mentors: int
    committed_later: int
    """Mentors who committed to the cohort whose call is open."""
    documents: int
    """Files that people give, at least: each giver gives one or two."""
    pairs_other_trades: bool = False
    """Whether the few mentors of a small season may have anybody, so that each of the cast has a part."""

    @property
    def first(self) -> int:
        """Files of the closed cohort that are read and decided first."""
        return self.kept + self.waitlisted + self.rejected

    @property
    def second(self) -> int:
        return self.kept_later + self.rejected_later

    @property
    def last(self) -> int:
        """Nothing of them is published."""
        return self.pending + self.unread

    @property
    def closed_sent(self) -> int:
        return self.first + self.second + self.last


FULL = Plan(
    opened_sent=149,
    opened_drafts=84,
    places=70,
    kept=46,
    forgotten=2,
    waitlisted=18,
    rejected=30,
    kept_later=10,
    rejected_later=12,
    pending=24,
    unread=20,
    never_sent=10,
    mentors=120,
    committed_later=28,
    documents=36,
)
"""The demo's."""

SMALL = Plan(
    opened_sent=2,
    opened_drafts=3,
    places=20,
    kept=5,
    forgotten=1,
    waitlisted=2,
    rejected=1,
    kept_later=2,
    rejected_later=1,
    pending=3,
    unread=2,
    never_sent=1,
    mentors=8,
    committed_later=1,
    documents=1,
    pairs_other_trades=True,
)
"""A season in a second or two, for tests."""

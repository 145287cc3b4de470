"""Reads for the pages of a run and of a proposal: what is kept as ids is shown with names, in a constant number of
queries.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Q

from applications.models import Application
from matching import wording
from matching.models import NeverPaired, Proposal, Run, Unmatched
from mentors.models import Commitment

NAMED = 12
"""How many people of a list are named; of the others, how many there are."""


@dataclass(frozen=True)
class Names:
    """People as staff know them: files by reference, commitments by number. Who is gone since is left out."""

    files: dict[str, Application]
    commitments: dict[int, Commitment]


def names(references: Iterable[str], commitments: Iterable[int]) -> Names:
    """Both kinds at once (two queries)."""
    files = Application.objects.filter(reference__in=set(references)).select_related("candidate")
    found = Commitment.objects.filter(pk__in=set(commitments)).select_related("mentor__person")
    return Names({file.reference: file for file in files}, {one.pk: one for one in found})


# --- One proposal -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Better:
    """A mentor with more points than the one proposed: what that place would cost everybody, and who has it."""

    commitment: Commitment
    score: int
    loss: int
    breaks: bool
    """Whether an offer that is out already would have to be taken back."""
    holders: list[Application]


def better_of(proposal: Proposal) -> list[Better]:
    told = proposal.explanation.get("better", [])
    known = names((one for row in told for one in row["holders"]), (row["mentor"] for row in told))
    return [
        Better(
            commitment=known.commitments[row["mentor"]],
            score=row["score"],
            loss=row["loss"],
            breaks=row.get("breaks", False),
            holders=[known.files[one] for one in row["holders"] if one in known.files],
        )
        for row in told
        if row["mentor"] in known.commitments
    ]


def never_of(proposal: Proposal) -> NeverPaired | None:
    """What a coordinator said of these two, if she did."""
    pairs = NeverPaired.objects.filter(mentor=proposal.commitment.mentor_id)
    return pairs.filter(application__candidate=proposal.application.candidate_id).first()


# --- Publishing ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class PublicationSoFar:
    """How far the worker is with what a run proposes: offered, no longer possible, still to do."""

    offered: int
    dropped: int
    left: int

    @property
    def total(self) -> int:
        return self.offered + self.dropped + self.left

    @property
    def done(self) -> int:
        return self.offered + self.dropped


def publication_so_far(run: Run) -> PublicationSoFar | None:
    """None before anybody asked for it (no query then, else one)."""
    if run.publishing_since is None:
        return None
    counts = run.proposals.aggregate(
        offered=Count("pk", filter=Q(offered_at__isnull=False)),
        dropped=Count("pk", filter=Q(offered_at=None, state=Proposal.State.CANCELLED)),
        left=Count("pk", filter=Q(state=Proposal.State.DRAFT)),
    )
    return PublicationSoFar(**counts)


# --- One run ------------------------------------------------------------------------------------


def proposals_shown(proposals: Iterable[Proposal], trades: dict[int, str]) -> list[dict]:
    """Each pair with its reasons in words."""
    return [
        {"proposal": one, "parts": wording.parts_of(one, trades), "rank": wording.rank(one.explanation)}
        for one in proposals
    ]


@dataclass(frozen=True)
class Few:
    """Some people, and those who have no other choice than the same few mentors."""

    mentees: list[Application]
    mentors: list[Commitment]
    mentee_count: int
    mentor_count: int
    seats: int

    @property
    def unnamed_mentees(self) -> int:
        return self.mentee_count - len(self.mentees)

    @property
    def unnamed_mentors(self) -> int:
        return self.mentor_count - len(self.mentors)


@dataclass(frozen=True)
class Left:
    """Somebody left without a proposal, and what her page says of it."""

    unmatched: Unmatched
    options: int = 0
    rules: list[tuple[str, int]] = field(default_factory=list)
    few: Few | None = None

    @property
    def application(self) -> Application:
        return self.unmatched.application


def unmatched_of(run: Run):
    """Those left without a proposal, by reference, whatever became of them since (two queries)."""
    rows = Unmatched.objects.filter(run=run).select_related("application__candidate")
    return rows.prefetch_related("application__wishes__trade").order_by("application__reference")


def left_shown(run: Run, rows: Iterable[Unmatched]) -> list[Left]:
    """Why each of them has no proposal."""
    rows = list(rows)
    scarcities = run.figures.get("scarcities", [])
    shown = {row.data["scarcity"] for row in rows if "scarcity" in row.data}
    known = names(
        (one for number in shown for one in scarcities[number]["mentees"][:NAMED]),
        (one for number in shown for one in scarcities[number]["mentors"][:NAMED]),
    )
    few = {number: _few(scarcities[number], known) for number in shown}
    return [
        Left(
            row,
            options=row.data.get("options", 0),
            rules=wording.rules(row.data.get("rules", {})),
            few=few.get(row.data.get("scarcity")),
        )
        for row in rows
    ]


def _few(scarcity: dict, known: Names) -> Few:
    return Few(
        mentees=[known.files[one] for one in scarcity["mentees"][:NAMED] if one in known.files],
        mentors=[known.commitments[one] for one in scarcity["mentors"][:NAMED] if one in known.commitments],
        mentee_count=len(scarcity["mentees"]),
        mentor_count=len(scarcity["mentors"]),
        seats=scarcity["seats"],
    )


def supply_of(run: Run, trades: dict[int, str]) -> dict[str, list[dict]]:
    """Wishes against places by trade: those that lack places for the first wishes, and the others."""
    rows = [
        {**row, "name": trades[row["trade"]], "lacking": max(0, row["first"] - row["places"])}
        for row in run.figures.get("supply", [])
        if row["trade"] in trades
    ]
    return {
        "lacking": [row for row in rows if row["lacking"]],
        "others": [row for row in rows if not row["lacking"]],
    }


def floors_of(run: Run) -> list[dict]:
    """What was asked for among those paired, and by how many it was missed."""
    return [{**floor, "missing": floor["target"] - floor["held"]} for floor in run.figures.get("floors", [])]

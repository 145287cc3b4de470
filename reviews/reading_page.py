"""Reads for the pages of a jury member: what she may know of a file, and how far she has come.

A page is given what is here and never the file itself: what a `Sheet` does not hold, no template can tell.
"""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from applications import outline, reading
from applications.models import Application, Document
from applications.papers import sent_papers
from applications.summary import JURY_STEPS
from cohorts.models import Audience
from reviews import blind, pace, queries
from reviews.masking import masked
from reviews.models import Assignment, Note, Review

LAST_OPINIONS = 200
"""How many of her latest opinions tell her pace."""


@dataclass(frozen=True)
class ShownPaper:
    """A document of the file: its label, and the token of what a reader may open of it ('' when nothing)."""

    label: str
    token: str = ""


@dataclass(frozen=True)
class Sheet:
    """A file as its reader gets it."""

    reference: str
    is_blind: bool
    name: str
    facts: list[tuple[str, str]]
    parts: list[reading.Part]
    papers: list[ShownPaper]
    sent_at: object

    @property
    def title(self) -> str:
        if self.name:
            return _("%(name)s, dossier %(reference)s") % {"name": self.name, "reference": self.reference}
        return _("Dossier %s") % self.reference


def sheet(application: Application) -> Sheet:
    """What a reader of this file may know of it: blind or not, as its cohort reads (at most 7 queries).

    Never, either way: an address, a number, who signs for her, whom she avoids, what she needs, her gender.
    """
    copy = application.copies.first()
    is_blind = application.cohort.is_blind
    person = application.candidate
    identity = blind.identifying(application, copy.content) if is_blind else None
    parts = reading.parts(copy, JURY_STEPS if is_blind else (*JURY_STEPS, outline.LINKS))
    facts = [
        (_("Âge au début"), _("%s ans") % application.cohort.age_at_start(person.birth_date)),
        (_("Situation"), str(Audience(application.audience).label)),
        (_("Rendez-vous à distance"), _("possibles") if application.accepts_remote else _("non")),
    ]
    if not is_blind:
        facts += [
            (_("Région"), person.get_region_display()),
            (_("Établissement ou structure"), application.structure),
        ]
    return Sheet(
        reference=application.reference,
        is_blind=is_blind,
        name="" if is_blind else person.get_full_name(),
        facts=[(label, value) for label, value in facts if value],
        parts=blind.masked_parts(parts, identity) if is_blind else parts,
        papers=[_shown(paper, identity) for paper in sent_papers(copy)],
        sent_at=copy.sent_at,
    )


def _shown(paper, identity) -> ShownPaper:
    document = paper.redacted if identity else paper.document
    label = masked(paper.label, identity) if identity else paper.label
    is_open = document is not None and document.state == Document.State.CLEAN
    return ShownPaper(label, document.token if is_open else "")


def openable(application: Application, token: str) -> tuple[str, Document] | None:
    """The document of that token that a reader of this file may open now, with its label.

    In a blind reading, the redacted copy that staff gave and nothing else: the very name of a document tells. Otherwise
    what the candidate sent, once it is verified.
    """
    is_blind = application.cohort.is_blind
    for paper in sent_papers(application.copies.first()):
        document = paper.redacted if is_blind else paper.document
        if document and document.token == token and document.state == Document.State.CLEAN:
            return paper.label, document
    return None


@dataclass(frozen=True)
class Mine:
    """What a reader wrote about one file: what she gave, and what stands in her draft since."""

    review: Review | None
    assignment: Assignment
    notes: list[Note]

    @property
    def draft(self) -> dict:
        return self.assignment.draft

    @property
    def is_changed(self) -> bool:
        """Whether something other than what she gave waits to be given."""
        if not (self.review and self.draft):
            return False
        given = {str(score.criterion_id): score.value for score in self.review.scores.all()}
        return (self.draft.get("scores"), self.draft.get("comment")) != (given, self.review.comment)


def mine(user, application: Application) -> Mine:
    """What she has written herself (4 queries)."""
    given = Review.objects.filter(application=application, reviewer=user).prefetch_related("scores")
    return Mine(
        review=given.first(),
        assignment=Assignment.objects.get(application=application, reviewer=user),
        notes=list(Note.objects.filter(application=application, author=user)),
    )


@dataclass(frozen=True)
class Opinions:
    """What others think of a file, and the mean of all the opinions given, hers too."""

    others: list[Review]
    mean: Decimal
    count: int


def opinions(user, application: Application) -> Opinions | None:
    """What others think; None as long as she has not said what she thinks (3 queries)."""
    given = list(application.reviews.select_related("reviewer").prefetch_related("scores__criterion"))
    others = [review for review in given if review.reviewer_id != user.pk]
    if len(others) == len(given):
        return None
    return Opinions(others, sum(review.score for review in given) / len(given), len(given))


@dataclass(frozen=True)
class Progress:
    """How far she has come: files read, out of how many; those she can still read, and the time they will take."""

    total: int
    read: int
    left: int
    time: timedelta | None

    @property
    def words(self) -> str:
        """« environ 1 h 10 », or nothing."""
        return _("environ %s") % pace.told(self.time) if self.time else ""


def progress(user) -> Progress:
    """Her own progress over all her files (2 queries)."""
    counts = queries.reading_progress(user)
    given = Review.objects.filter(reviewer=user).order_by("-given_at").values_list("given_at", flat=True)
    left = counts.pop("left")
    return Progress(**counts, left=left, time=pace.time_left(given[:LAST_OPINIONS], left))


@dataclass(frozen=True)
class Row:
    """One line of her list."""

    reference: str
    age: int
    trades: list[str]
    cohort: str
    is_open: bool
    is_read: bool
    is_begun: bool
    score: object


def row(application: Application) -> Row:
    """A file of `queries.to_read` as a line of her list."""
    return Row(
        reference=application.reference,
        age=application.cohort.age_at_start(application.candidate.birth_date),
        trades=[trade.name for trade in application.ranked_trades],
        cohort=application.cohort.name,
        is_open=application.state == Application.State.SUBMITTED,
        is_read=application.is_read,
        is_begun=application.is_begun,
        score=application.my_score,
    )

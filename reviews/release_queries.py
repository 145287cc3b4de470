"""Reads for publishing: the whole that a coordinator sees before anything leaves, and how far an announcement is."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from applications import emails
from applications.models import Application
from applications.transitions import confirmation_term
from cohorts.models import Cohort
from lifecycle import journal
from notifications import addresses
from notifications.models import Letter, RefusingAddress
from reviews.models import Decision, Release
from reviews.queries import awaiting_authorisation
from reviews.releasing import decisions_of, fingerprint, pending_of, waiting_order

Outcome = Decision.Outcome

LONG_TEXTS = ("background", "project", "hopes")
"""What no page of an announcement shows of a file."""


@dataclass(frozen=True)
class Example:
    """One kind of letter: how many would leave, and one of them as it would read; or why it cannot be written."""

    decision: Decision
    count: int
    is_awaiting: bool
    subject: str = ""
    body: str = ""
    problem: str = ""


@dataclass(frozen=True)
class Shared:
    """One reason, and the decisions whose people will read it."""

    text: str
    decisions: list[Decision]


@dataclass
class Whole:
    """All that an announcement would do, to be read before it is proposed, and again before it is confirmed."""

    cohort: Cohort
    decisions: list[Decision]
    fingerprint: str
    waiting: list[Decision]
    """The new waiting list, in its order, each with its rank."""
    waiting_before: int
    """How many people wait already; ranks count those who were called too."""
    awaiting: set[int]
    """Files of minors whose place rests on an authorisation that has not come."""
    known_refusing: dict[str, RefusingAddress]
    without_decision: int
    held: int
    term: datetime
    """When the places would have to be confirmed, if it were announced today."""

    @cached_property
    def outcomes(self) -> Counter:
        return Counter(decision.outcome for decision in self.decisions)

    @property
    def total(self) -> int:
        return len(self.decisions)

    @property
    def accepted(self) -> int:
        return self.outcomes[Outcome.ACCEPTED]

    @property
    def waitlisted(self) -> int:
        return self.outcomes[Outcome.WAITLISTED]

    @property
    def rejected(self) -> int:
        return self.outcomes[Outcome.REJECTED]

    @property
    def taken(self) -> int:
        """Places held once all this is announced."""
        return self.held + self.accepted

    @property
    def free(self) -> int:
        return max(0, self.cohort.places - self.taken)

    @property
    def excess(self) -> int:
        """Acceptances beyond the places: more than zero, and nothing can be announced."""
        return max(0, self.taken - self.cohort.places)

    @cached_property
    def on_condition(self) -> list[Decision]:
        """Minors who would be accepted « sous réserve »."""
        return [d for d in self.decisions if d.outcome == Outcome.ACCEPTED and d.application_id in self.awaiting]

    @cached_property
    def refusing(self) -> list[tuple[Decision, RefusingAddress]]:
        """Whose letter will probably not arrive, and what is known of the address."""
        found = ((d, self.known_refusing.get(d.application.candidate.email.lower())) for d in self.decisions)
        return [(decision, address) for decision, address in found if address]

    @cached_property
    def by_hand(self) -> list[Decision]:
        """Those whom a person follows: nothing lapses by itself for them."""
        return [d for d in self.decisions if d.application.candidate.is_followed_by_hand]

    @cached_property
    def shared(self) -> list[Shared]:
        """The reasons that people will read, each once, the most frequent first."""
        by_text: dict[str, list[Decision]] = {}
        for decision in self.decisions:
            if decision.shared_reason:
                by_text.setdefault(decision.shared_reason, []).append(decision)
        ordered = sorted(by_text.items(), key=lambda item: (-len(item[1]), item[0]))
        return [Shared(text, decisions) for text, decisions in ordered]

    @property
    def with_reason(self) -> int:
        return sum(len(shared.decisions) for shared in self.shared)

    @cached_property
    def examples(self) -> list[Example]:
        """Each kind of letter that would leave, with the first one as it would read today."""
        return list(self._examples())

    @property
    def problems(self) -> list[Example]:
        """Letters that cannot be written: nothing can be announced before somebody has seen to it."""
        return [example for example in self.examples if example.problem]

    def _examples(self) -> Iterator[Example]:
        kinds: dict[tuple, list[Decision]] = {}
        for decision in self.decisions:
            is_awaiting = decision.application_id in self.awaiting
            kinds.setdefault((decision.outcome, is_awaiting, bool(decision.shared_reason)), []).append(decision)
        order = Outcome.values
        for (outcome, is_awaiting, _reason), alike in sorted(
            kinds.items(), key=lambda item: (order.index(item[0][0]), *item[0][1:])
        ):
            yield self._example(alike[0], outcome, is_awaiting, len(alike))

    def _example(self, decision: Decision, outcome: str, is_awaiting: bool, count: int) -> Example:
        try:
            subject, body = emails.preview_decision(
                decision.application,
                outcome,
                confirm_by=self.term,
                awaits_authorisation=is_awaiting,
                shared_reason=decision.shared_reason,
            )
        except Exception as error:  # a template that fails is shown here, before it stops an announcement half way
            return Example(decision, count, is_awaiting, problem=f"{type(error).__name__} : {error}")
        return Example(decision, count, is_awaiting, subject, body)


def whole_of_pending(cohort: Cohort, now=None) -> Whole:
    """What an announcement proposed now would do (a constant number of queries)."""
    return _whole(cohort, pending_of(cohort), now)


def whole_of_release(release: Release, now=None) -> Whole:
    """What an announcement that waits to be confirmed would do (a constant number of queries)."""
    return _whole(release.cohort, decisions_of(release), now)


def _whole(cohort: Cohort, decisions: QuerySet[Decision], now) -> Whole:
    rows = list(
        decisions.select_related("application__candidate", "application__cohort")
        .defer(*(f"application__{name}" for name in LONG_TEXTS))
        .order_by("application__reference")
    )
    files = Application.objects.filter(cohort=cohort)
    marked = Exists(Decision.objects.filter(application=OuterRef("pk"), state=Decision.State.PENDING))
    return Whole(
        cohort=cohort,
        decisions=rows,
        fingerprint=fingerprint(decisions),
        waiting=waiting_order(decisions),
        waiting_before=files.waitlisted().count(),
        awaiting=awaiting_authorisation(rows, cohort),
        known_refusing=addresses.refusing(row.application.candidate.email for row in rows),
        without_decision=files.filter(~marked, state=Application.State.SUBMITTED).count(),
        held=files.holding_a_place().count(),
        term=confirmation_term(cohort, now or timezone.now()),
    )


@dataclass(frozen=True)
class Standing:
    """How far an announcement has come, or what came of it."""

    total: int
    applied: int
    closed: int
    """Files withdrawn, or settled in another way, meanwhile: no letter."""
    aside: list[Decision]
    """Decisions that the worker could not apply, each with its trouble."""
    told: Counter
    letters: Counter
    """What became of the letters, once announced: by status."""

    @property
    def left(self) -> int:
        return self.total - self.applied


SHOWN = 50
"""So many decisions put aside are named on the page; all of them can be tried again at once."""


def standing_of(release: Release) -> Standing:
    """How far an announcement has come (3 queries, one more once it is done)."""
    published, nothing = Q(state=Decision.State.PUBLISHED), Q(replaced={})
    counts = release.decisions.order_by().aggregate(
        total=Count("pk"), applied=Count("pk", filter=published), closed=Count("pk", filter=published & nothing)
    )
    aside = release.decisions.exclude(trouble="").order_by("application__reference")
    told = told_in(release).order_by().values_list("outcome").annotate(Count("pk"))
    return Standing(
        **counts,
        aside=list(aside.select_related("application__candidate")[:SHOWN]),
        told=Counter(dict(told)),
        letters=_letters(release) if release.state == Release.State.DONE else Counter(),
    )


def told_in(release: Release) -> QuerySet[Decision]:
    """The decisions that were applied: those of a done announcement that somebody was told."""
    return release.decisions.filter(state=Decision.State.PUBLISHED).exclude(replaced={})


def closed_in(release: Release) -> QuerySet[Decision]:
    """Those closed without a letter, with their files."""
    closed = release.decisions.filter(state=Decision.State.PUBLISHED, replaced={})
    return closed.select_related("application__candidate").order_by("application__reference")


def _letters(release: Release) -> Counter:
    files = release.decisions.values_list("application_id", flat=True)
    about = [f"{Application._meta.label_lower}:{pk}" for pk in files]
    letters = Letter.objects.filter(about__in=about, key__endswith=f":decision:{journal.ref(release)}").order_by()
    return Counter(dict(letters.values_list("status").annotate(Count("pk"))))


def may_confirm(release: Release, user: User) -> bool:
    """Whether this coordinator is the second person."""
    return not release.cohort.needs_two_people or release.proposed_by_id != user.pk

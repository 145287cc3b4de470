"""What stands before a run begins: pairs announced to mentors, pairs that a coordinator has pinned, and how often
somebody was proposed in vain.

An announced pair is broken only for more pairs, or where the law or a place forbids it by now. A pinned one is locked:
what is a matter of preference (a language, a distance, a trade) does not undo what a person has decided.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Count

from cohorts.models import Cohort
from matching import scoring
from matching.models import Pinned, Proposal
from matching.scoring import Rule

OF_PREFERENCE = frozenset({Rule.LANGUAGE, Rule.DISTANCE, Rule.TRADE})
"""The rules that a person may set aside, for one pair; never the others."""


@dataclass(frozen=True)
class Offer:
    """An offer that waits for its mentor's answer."""

    proposal: int
    commitment: int


@dataclass
class Promises:
    """By file: the offers that are out, the mentors' commitments pinned, and the proposals that led nowhere."""

    offers: dict[int, Offer] = field(default_factory=dict)
    pins: dict[int, int] = field(default_factory=dict)
    """The one pinned first comes first."""
    tries: dict[int, int] = field(default_factory=dict)


def of(cohort: Cohort) -> Promises:
    """Three queries, whatever the size of the cohort."""
    hers = Proposal.objects.filter(application__cohort=cohort)
    out = hers.filter(state=Proposal.State.OFFERED).order_by("pk")
    in_vain = hers.filter(state__in=(Proposal.State.DECLINED, Proposal.State.EXPIRED)).order_by()
    pinned = Pinned.objects.filter(application__cohort=cohort, commitment__cohort=cohort).order_by("said_at", "pk")
    return Promises(
        offers={
            file: Offer(proposal, commitment)
            for file, proposal, commitment in out.values_list("application_id", "pk", "commitment_id")
        },
        pins=dict(pinned.values_list("application_id", "commitment_id")),
        tries=dict(in_vain.values_list("application_id").annotate(Count("pk"))),
    )


def forbidding_rule(mentee: scoring.Mentee, mentor: scoring.Mentor, scale: scoring.Scale) -> Rule | None:
    """The rule that forbids the pair whatever a coordinator would rather have; none when she may pin it."""
    rule = scoring.broken_rule(mentee, mentor, scale)
    return None if rule in OF_PREFERENCE else rule


class Seats:
    """The places that pairs locked one after the other leave."""

    def __init__(self, mentors: Mapping[str, scoring.Mentor], scale: scoring.Scale):
        self.mentors, self.scale = mentors, scale
        self.free = {name: mentor.free for name, mentor in mentors.items()}

    def take(self, mentee: scoring.Mentee, mentor: str) -> Rule | None:
        """Take a place for this pair; the rule that forbids it, when one does."""
        if rule := forbidding_rule(mentee, self.mentors[mentor], self.scale):
            return rule
        if self.free[mentor] <= 0:
            return Rule.NO_PLACE
        self.free[mentor] -= 1
        return None

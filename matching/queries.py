"""Reads for the clock and for the mentor's pages."""

from datetime import timedelta

from django.db.models import (
    CharField,
    Count,
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    Min,
    OuterRef,
    Value,
)
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from matching.models import Proposal
from mentors.models import Commitment, MentorProfile
from mentorships.models import Mentorship
from notifications.models import Letter


def offers_to_remind(now):
    """Per publication and commitment, the offers unanswered after the cohort's number of days and not yet reminded.

    Rows hold `run_id`, `commitment_id`, `count`, `term`.
    """
    days = F("run__cohort__offer_remind_days") * Value(timedelta(days=1))
    remind_at = ExpressionWrapper(F("offered_at") + ExpressionWrapper(days, DurationField()), DateTimeField())
    waiting = Proposal.objects.filter(state=Proposal.State.OFFERED, expires_at__gt=now)
    due = waiting.alias(remind_at=remind_at).filter(remind_at__lte=now)
    key = Concat(
        Value("commitment:"),
        Cast(OuterRef("commitment_id"), CharField()),
        Value(":offer_reminder:"),
        Cast(OuterRef("run_id"), CharField()),
    )
    unreminded = due.exclude(Exists(Letter.objects.filter(key=key)))
    return unreminded.values("run_id", "commitment_id").annotate(count=Count("id"), term=Min("expires_at"))


def with_brief(proposals):
    """With all that a brief shows, in two queries."""
    related = proposals.select_related("application__candidate", "application__cohort", "commitment__cohort")
    return related.prefetch_related("application__wishes__trade")


def offers_waiting(user, now=None):
    """What waits for this mentor's answer and may still have one, the most urgent first."""
    answerable = Proposal.objects.offered_to(user).filter(expires_at__gte=now or timezone.now())
    return with_brief(answerable).order_by("expires_at", "id")


def met_by(proposal: Proposal):
    """Until when the contacts of an accepted pair are exchanged at the latest; None once they were."""
    pairs = Mentorship.objects.living().filter(application=proposal.application_id, contacts_at__isnull=True)
    return pairs.values_list("objection_until", flat=True).first()


def running_pairs(commitment: Commitment | None) -> int:
    """How many young people she accompanies on this commitment, if she took it at all."""
    return commitment.mentorships.living().count() if commitment else 0


def living_pairs_of(mentor: MentorProfile):
    """Whom she accompanies, the longest first."""
    pairs = Mentorship.objects.living().filter(commitment__mentor=mentor)
    return pairs.select_related("application__candidate", "application__cohort").order_by("opened_at", "pk")

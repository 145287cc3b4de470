"""Mentors, what they are offered, and pairs."""

from collections.abc import Iterable
from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from accounts.regions import Region
from applications.models import Application
from cohorts.models import Cohort, Language, Slot, Trade
from consents.models import TextVersion
from lifecycle import journal
from matching import introductions, publishing
from matching import transitions as matching
from matching.models import Proposal, Run
from mentors.models import Commitment, MentorProfile, Seniority
from mentorships.models import Mentorship
from tests.factories.cohorts import make_cohort, make_texts, make_trades
from tests.factories.files import make_confirmed
from tests.factories.people import make_user


def make_mentor(person: User | None = None, *, is_ready: bool = True, now=None, **fields) -> MentorProfile:
    """A mentor whom the coordination has approved, of the same trades as `make_complete_draft`'s file.

    She has signed the charter and read the guide, unless `is_ready` says otherwise.
    """
    trades = fields.pop("trades", None)
    profile = MentorProfile.objects.create(
        **{
            "person": person or make_user("Morgane", "Le Gall", age=40, now=now),
            "state": MentorProfile.State.APPROVED,
            "position": "cheffe monteuse",
            "employer": "Les Films du Canal",
            "region": Region.BRETAGNE,
            "languages": [Language.FRENCH],
            "slots": [Slot.WED_DAY, Slot.THU_EVE],
            "presentation": "Vingt ans de salles de montage, du court au documentaire.",
            "created_at": now or timezone.now(),
            **fields,
        }
    )
    if is_ready:
        make_ready(profile, now=now)
    exercised = make_trades() if trades is None else trades
    profile.trades.set(exercised, through_defaults={"seniority": Seniority.SENIOR})
    return profile


def make_ready(profile: MentorProfile, *, now=None) -> None:
    """A coordinator has called her; she has signed the charter of the day and read the guide."""
    profile.called_on, profile.called_by = timezone.localdate(now), journal.CONSOLE
    profile.charter = make_texts()[TextVersion.Key.CHARTER]
    profile.charter_name = profile.person.get_full_name() or "Morgane Le Gall"
    profile.charter_signed_at = profile.guide_read_at = now or timezone.now()
    profile.save()


def clear_for_minors(profile: MentorProfile, *, now=None) -> None:
    """She accompanies minors, and a coordinator has seen her honorability: valid one year."""
    today = timezone.localdate(now)
    profile.accompanies_minors = True
    profile.honorability_seen_on, profile.honorability_seen_by = today, journal.CONSOLE
    profile.honorability_valid_until = today + timedelta(days=365)
    profile.save()


def make_commitment(
    cohort: Cohort | None = None,
    mentor: MentorProfile | None = None,
    *,
    capacity: int = 2,
    preferred_trades: Iterable[Trade] = (),
    now=None,
) -> Commitment:
    """A mentor takes so many young people of this cohort."""
    commitment = Commitment.objects.create(
        mentor=mentor or make_mentor(now=now),
        cohort=cohort or make_cohort("closed", now=now),
        capacity=capacity,
        made_at=now or timezone.now(),
    )
    commitment.preferred_trades.set(preferred_trades)
    return commitment


def make_run(*pairs: tuple[Application, Commitment], now=None) -> Run:
    """A finished run, not published, that proposes these pairs of one cohort."""
    now = now or timezone.now()
    run = Run.objects.create(
        cohort=pairs[0][0].cohort, state=Run.State.DONE, requested_at=now, done_at=now, verified_at=now
    )
    for application, commitment in pairs:
        Proposal.objects.create(run=run, application=application, commitment=commitment, score=600)
    return run


def make_offer(application: Application | None = None, commitment: Commitment | None = None, *, now=None) -> Proposal:
    """A pair offered to its mentor, who has not answered."""
    if application is None:
        application = make_confirmed(commitment.cohort if commitment else None, now=now)
    run = make_run((application, commitment or make_commitment(application.cohort, now=now)), now=now)
    publishing.publish(run, actor=journal.CONSOLE, now=now)
    return run.proposals.get()


def make_pair(
    application: Application | None = None, commitment: Commitment | None = None, *, is_met: bool = True, now=None
) -> Mentorship:
    """A pair whose mentor has accepted, and to whom the young person has said yes; unless `is_met`, not yet."""
    proposal = make_offer(application, commitment, now=now)
    pair = matching.accept(proposal, actor=proposal.commitment.mentor.person, now=now)
    if is_met:
        introductions.say_yes(pair, actor=pair.application.candidate, now=now)
    return pair

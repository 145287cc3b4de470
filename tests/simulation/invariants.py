"""What holds at every instant of a matching, whatever has just happened."""

from collections import Counter

from django.db.models import Count, F, Q
from django.utils import timezone

from applications import minors
from applications.models import Application
from cohorts.models import Cohort
from matching import instances, scoring
from matching.models import NeverPaired, Proposal, Run, Unmatched
from mentors import readiness
from mentors.models import Commitment
from mentorships.models import Mentorship
from notifications.models import Letter

LIVING = Mentorship.LIVING_STATES
State = Proposal.State


def check(cohort: Cohort, now) -> None:
    """Raises AssertionError with the first thing that does not hold."""
    _one_live_offer_each(cohort)
    _no_mentor_beyond_her_places(cohort)
    _pairs_and_states_agree(cohort)
    _offers_may_be_accepted(cohort, now)
    _never_the_same_two_again(cohort)
    _contacts_wait(cohort, now)


def _one_live_offer_each(cohort: Cohort) -> None:
    live = Proposal.objects.live().filter(application__cohort=cohort)
    taken = Counter(live.values_list("application_id", flat=True))
    assert not [one for one, count in taken.items() if count > 1], taken
    pairs = Mentorship.objects.filter(application__cohort=cohort, state__in=LIVING)
    assert pairs.count() == pairs.values("application").distinct().count()


def _no_mentor_beyond_her_places(cohort: Cohort) -> None:
    living = Count("mentorships", filter=Q(mentorships__state__in=LIVING), distinct=True)
    offered = Count("proposals", filter=Q(proposals__state=State.OFFERED), distinct=True)
    taken = Commitment.objects.filter(cohort=cohort).annotate(living=living, offered=offered)
    over = taken.filter(capacity__lt=F("living") + F("offered"))
    assert not over.exists(), list(over.values("pk", "capacity", "living", "offered"))


def _pairs_and_states_agree(cohort: Cohort) -> None:
    matched = set(_files(cohort, Application.State.MATCHED))
    paired = set(_pairs(cohort).values_list("application_id", flat=True))
    assert matched == paired, (matched, paired)
    accepted = set(_proposals(cohort, State.ACCEPTED).values_list("application_id", "commitment_id"))
    assert accepted == set(_pairs(cohort).values_list("application_id", "commitment_id"))
    offered = set(_proposals(cohort, State.OFFERED).values_list("application_id", flat=True))
    assert offered <= set(_files(cohort, Application.State.CONFIRMED))


def _offers_may_be_accepted(cohort: Cohort, now) -> None:
    """Nothing is out that could not be said yes to."""
    least, today = readiness.least_charter(), timezone.localdate(now)
    related = ("application__candidate", "application__cohort", "commitment__mentor__charter")
    for proposal in _proposals(cohort, State.OFFERED).select_related(*related):
        mentor = proposal.commitment.mentor
        assert readiness.is_ready(mentor, least), (proposal, mentor.state)
        if minors.is_minor(proposal.application):
            assert minors.is_authorised(proposal.application), proposal
            assert mentor.is_cleared_for_minors(today), proposal


def _never_the_same_two_again(cohort: Cohort) -> None:
    """Who said no, or nothing, is not asked about the same person again; who was set aside is not offered."""
    let_go = Q(state__in=(State.DECLINED, State.EXPIRED))
    asked = Counter(
        Proposal.objects.filter(Q(state__in=Proposal.LIVE_STATES) | let_go, application__cohort=cohort).values_list(
            "application__candidate_id", "commitment__mentor_id"
        )
    )
    assert not [pair for pair, count in asked.items() if count > 1], asked
    never = set(NeverPaired.objects.values_list("application__candidate_id", "mentor_id"))
    offered = _proposals(cohort, State.OFFERED)
    assert never.isdisjoint(offered.values_list("application__candidate_id", "commitment__mentor_id"))


def _contacts_wait(cohort: Cohort, now) -> None:
    """Contacts are known once the young person's days have passed, or on her own word; never after her no."""
    pairs = Mentorship.objects.filter(application__cohort=cohort)
    assert not pairs.filter(objected_at__isnull=False, contacts_at__isnull=False).exists()
    assert not pairs.filter(objected_at__isnull=False, state__in=LIVING).exists()


def check_letters(cohort: Cohort) -> None:
    """One fact, one letter: nobody is told twice of the same offer, pair or refusal."""
    letters = Letter.objects.exclude(status=Letter.Status.CANCELLED)
    told = Counter(letters.filter(kind="matching.offer").values_list("key", flat=True))
    assert not [key for key, count in told.items() if count > 1], told
    offers = Proposal.objects.filter(run__cohort=cohort, offered_at__isnull=False)
    written = set(Letter.objects.filter(kind="matching.offer").values_list("key", flat=True))
    expected = {f"commitment:{one}:offer:{run}" for one, run in offers.values_list("commitment_id", "run_id")}
    assert written == expected, written ^ expected


def check_end(cohort: Cohort, now) -> None:
    """Whoever can be placed is placed; whoever cannot is on the desk, with the reason."""
    free = Application.objects.filter(cohort=cohort, state=Application.State.CONFIRMED)
    free = free.exclude(pk__in=Proposal.objects.live().values("application_id"))
    last = Run.objects.filter(cohort=cohort, state=Run.State.DONE).order_by("-requested_at", "-pk").first()
    told = dict(Unmatched.objects.filter(run=last).values_list("application_id", "kind"))
    lost = [one.reference for one in free if one.pk not in told]
    assert not lost, f"free, and on no desk: {lost}"
    placeable = _placeable(cohort, now) & {one.reference for one in free}
    assert not placeable, f"a place is free for {placeable}"


def check_closed(cohort: Cohort) -> None:
    """After the end nothing is open, and each young person was told of it once: thanked, or that nobody was found."""
    assert not Application.objects.taking_part().filter(cohort=cohort).exists()
    assert not _pairs(cohort).exists()
    assert not Proposal.objects.filter(application__cohort=cohort, state__in=(State.DRAFT, State.OFFERED)).exists()
    ended = Application.objects.filter(cohort=cohort, state=Application.State.COMPLETED)
    told = Letter.objects.filter(kind__in=("mentorships.completed_mentee", "applications.no_mentor"))
    assert Counter(told.values_list("to", flat=True)) == Counter(ended.values_list("candidate__email", flat=True))


def _placeable(cohort: Cohort, now) -> set[str]:
    """Who has a possible mentor with a place that nobody holds."""
    situation = instances.of(cohort, now)
    held = Counter(f"m{pk}" for pk in _proposals(cohort, State.OFFERED).values_list("commitment_id", flat=True))
    open_to_all = {name for name, seats in situation.seats.items() if seats > held[name]}
    return {
        name
        for name, mentee in situation.mentees.items()
        if any(not scoring.broken_rule(mentee, situation.mentors[one], situation.scale) for one in open_to_all)
    }


def _files(cohort: Cohort, state: str):
    return Application.objects.filter(cohort=cohort, state=state).values_list("pk", flat=True)


def _pairs(cohort: Cohort):
    return Mentorship.objects.filter(application__cohort=cohort, state__in=LIVING)


def _proposals(cohort: Cohort, state: str):
    return Proposal.objects.filter(application__cohort=cohort, state=state)

"""From a cohort as it stands to an instance of the assignment, with what is needed to explain the answer.

A constant number of queries, whatever the size of the cohort.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from applications import minors
from applications.models import Application
from cohorts.models import Cohort, Trade
from consents.models import GuardianAuthorisation
from lifecycle import journal
from matching import scoring
from matching.assignment import Instance
from matching.models import Proposal
from mentors.models import Commitment, MentorProfile
from mentorships.models import Mentorship


@dataclass
class Situation:
    """The people of a run: mentees by application, mentors by commitment, and what became of each pair.

    `waiting` are the applications left out, and why: of minors whose representative has not signed, of people followed
    by hand.
    """

    instance: Instance
    mentees: dict[int, scoring.Mentee]
    mentors: dict[int, scoring.Mentor]
    trades: scoring.Trades
    waiting: dict[int, str]
    possible: Counter = field(default_factory=Counter)
    broken: dict[int, Counter] = field(default_factory=lambda: defaultdict(Counter))

    def parts(self, application: int, commitment: int) -> list[scoring.Part]:
        return scoring.parts(self.mentees[application], self.mentors[commitment], self.trades)

    @property
    def seats(self) -> int:
        return sum(self.instance.capacities.values())


def of(cohort: Cohort, now) -> Situation:
    """Those who confirmed and have no offer out, and the mentors who committed, as they are at `now`."""
    files = _unpaired(cohort)
    authorised = set(GuardianAuthorisation.objects.given_for(journal.ref(cohort)).values_list("person_id", flat=True))
    mentees, waiting = {}, {}
    for application in files:
        mentee = _mentee(application)
        if application.candidate.is_followed_by_hand:
            waiting[application.pk] = _("Suivi manuel\u00a0: à mettre en binôme à la main.")
        elif mentee.is_minor and mentee.person not in authorised:
            waiting[application.pk] = _("Autorisation de la ou du représentant légal attendue.")
        else:
            mentees[application.pk] = mentee
    mentors = _mentors(cohort, {m.person for m in mentees.values()}, timezone.localdate(now))
    rows = Trade.objects.values_list("id", "name", "family")
    trades = scoring.Trades({pk: name for pk, name, _f in rows}, {pk: family for pk, _n, family in rows})
    # The seed is the cohort's, not the run's: calculating again never draws another lot.
    places = {pk: max(0, mentor.free) if mentor.is_approved else 0 for pk, mentor in mentors.items()}
    instance = Instance(places, {}, cohort.slug)
    situation = Situation(instance, mentees, mentors, trades, waiting)
    _weigh(situation)
    return situation


def _weigh(situation: Situation) -> None:
    for application, mentee in situation.mentees.items():
        for commitment, mentor in situation.mentors.items():
            if rule := scoring.broken_rule(mentee, mentor):
                situation.broken[application][rule.value] += 1
            else:
                situation.possible[application] += 1
                score = scoring.score(scoring.parts(mentee, mentor, situation.trades))
                situation.instance.scores[application, commitment] = score


def _unpaired(cohort: Cohort):
    confirmed = Application.objects.filter(cohort=cohort, state=Application.State.CONFIRMED)
    out = Proposal.objects.live().filter(application__cohort=cohort).values("application_id")
    return confirmed.exclude(pk__in=out).select_related("candidate", "cohort").prefetch_related("wishes").order_by("pk")


def _mentee(application: Application) -> scoring.Mentee:
    return scoring.Mentee(
        person=application.candidate_id,
        is_minor=minors.is_minor(application),
        languages=frozenset(application.languages),
        region=application.candidate.region,
        accepts_remote=application.accepts_remote,
        wishes=tuple(wish.trade_id for wish in application.wishes.all()),
    )


def _mentors(cohort: Cohort, people: set[int], today) -> dict[int, scoring.Mentor]:
    commitments = (
        Commitment.objects.filter(cohort=cohort)
        .select_related("mentor")
        .prefetch_related("mentor__trades")
        .annotate(
            running=Count("mentorships", filter=Q(mentorships__state__in=Mentorship.LIVING_STATES), distinct=True),
            offered=Count("proposals", filter=Q(proposals__state=Proposal.State.OFFERED), distinct=True),
        )
        .order_by("pk")
    )
    past = _past(people)
    return {commitment.pk: _mentor(commitment, past, today) for commitment in commitments}


def _mentor(commitment: Commitment, past: dict[int, set[int]], today) -> scoring.Mentor:
    profile = commitment.mentor
    return scoring.Mentor(
        person=profile.person_id,
        is_approved=profile.state == MentorProfile.State.APPROVED,
        is_cleared_for_minors=profile.is_cleared_for_minors(today),
        free=commitment.capacity - commitment.running - commitment.offered,
        languages=frozenset(profile.languages),
        region=profile.region,
        accepts_remote=profile.accepts_remote,
        trades=frozenset(trade.pk for trade in profile.trades.all()),
        past=past.get(profile.pk, frozenset()),
    )


def _past(people: set[int]) -> dict[int, set[int]]:
    """Per mentor profile, the people of this run already paired with her, or whom she let go, in any cohort."""
    answered = Proposal.objects.filter(state__in=(Proposal.State.DECLINED, Proposal.State.EXPIRED))
    past = defaultdict(set)
    for rows in (answered, Mentorship.objects.all()):
        pairs = rows.filter(application__candidate__in=people)
        for mentor, person in pairs.values_list("commitment__mentor_id", "application__candidate_id"):
            past[mentor].add(person)
    return past

"""From a cohort as it stands to an instance of the engine, with what is needed to explain the answer.

A constant number of queries, whatever the size of the cohort. People are named by the file's reference and by `m` and
the commitment's number.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from django.db.models import Count, Q
from django.db.models.fields.json import KeyTextTransform
from django.utils import timezone

from applications import minors
from applications.choices import COUNTING
from applications.models import Application, SentCopy
from cohorts.models import Cohort, Trade
from consents.models import GuardianAuthorisation
from matching import scoring, weights
from matching.listing import Listing
from matching.models import NeverPaired, Proposal, Run, Unmatched
from mentors import readiness
from mentors.models import Commitment, MentorProfile
from mentorships.models import Mentorship

Row = tuple[int, int, int, int, int]
"""Mentee's and mentor's place in the instance, score, the mentee's side of it, the mentor's."""


def mentor_id(commitment: int) -> str:
    """What the engine calls a commitment."""
    return f"m{commitment}"


def commitment_of(mentor: str) -> int:
    """The way back."""
    return int(mentor[1:])


@dataclass
class Situation:
    """The people of a run as they are, in the order of their ids, and every pair that may be.

    `mentors` are all who committed, with or without a free place; `seats` says how many places each has to give.
    `waiting` are the files left out, and why (`Unmatched.Kind`).
    """

    seed: str
    scale: scoring.Scale
    floors: list[dict]
    mentees: dict[str, scoring.Mentee]
    mentors: dict[str, scoring.Mentor]
    waiting: dict[str, str]
    file_of: Mapping[str, int]
    """The key of each file, by its reference."""
    counting: frozenset[str] = frozenset()
    """Who counts for the parity asked; nobody where none is: a gender serves nothing else."""
    rows: list[Row] = field(default_factory=list)
    is_shortened: bool = False
    """Whether the rows are candidate lists, because all that may be are too many."""

    @property
    def seats(self) -> dict[str, int]:
        return {name: mentor.free for name, mentor in self.mentors.items() if mentor.is_ready and mentor.free > 0}

    def as_json(self) -> dict:
        """The instance as `python -m matching` reads it: what the engine is given, and its answer verified against."""
        return {
            "seed": self.seed,
            "mentees": [{"id": one, "groups": [Run.PARITY] if one in self.counting else []} for one in self.mentees],
            "mentors": [{"id": one, "capacity": places} for one, places in self.seats.items()],
            "scores": self.rows,
            "constraints": [{"group": floor["group"], "min_share": floor["percent"] / 100} for floor in self.floors],
        }

    def parts(self, mentee: str, mentor: str) -> list[scoring.Part]:
        return scoring.parts(self.mentees[mentee], self.mentors[mentor], self.scale)

    def broken_rules(self, mentee: str) -> Counter:
        """How many mentors each rule closes to somebody; a mentor counts for the first one that does."""
        person = self.mentees[mentee]
        found = (scoring.broken_rule(person, mentor, self.scale) for mentor in self.mentors.values())
        return Counter(rule.value for rule in found if rule)


def of(cohort: Cohort, now, *, floors: Iterable[dict] = ()) -> Situation:
    """Those who confirmed and have no offer out, and the mentors who committed, as they are at `now`."""
    floors = list(floors)
    families = dict(Trade.objects.values_list("id", "family"))
    mentees, waiting, file_of, counting = {}, {}, {}, set()
    authorised = set(GuardianAuthorisation.objects.given_for(minors.scope(cohort)).values_list("person_id", flat=True))
    avoids = _avoids(cohort)
    for application in _unpaired(cohort):
        application.cohort = cohort
        name, mentee = application.reference, _mentee(application, families, avoids)
        file_of[name] = application.pk
        if application.candidate.is_followed_by_hand:
            waiting[name] = Unmatched.Kind.BY_HAND
        elif mentee.is_minor and mentee.person not in authorised:
            waiting[name] = Unmatched.Kind.UNAUTHORISED
        else:
            mentees[name] = mentee
            if floors and application.gender in COUNTING:
                counting.add(name)
    # The seed is the cohort's, not the run's: calculating again never draws another lot.
    situation = Situation(
        seed=cohort.slug,
        scale=weights.of(cohort).scale,
        floors=floors,
        mentees=dict(sorted(mentees.items())),
        mentors=_mentors(cohort, families, timezone.localdate(now)),
        waiting=waiting,
        file_of=file_of,
        counting=frozenset(counting),
    )
    situation.rows = list(_rows(situation))
    return situation


def _rows(situation: Situation) -> Iterator[Row]:
    """Every pair that may be, with its points; among too many people, each mentee's candidate list alone."""
    seats, scale = list(situation.seats), situation.scale
    listing = Listing(situation.seed, seats, [situation.mentors[name] for name in seats], scale)
    situation.is_shortened = listing.is_short_for(len(situation.mentees))
    for place, (name, mentee) in enumerate(situation.mentees.items()):
        options = listing.options(mentee)
        for mentor, points, theirs in listing.shortened(name, options) if situation.is_shortened else options:
            yield place, mentor, points, points - theirs, theirs


# --- The young people ---------------------------------------------------------------------------


def _unpaired(cohort: Cohort):
    confirmed = Application.objects.filter(cohort=cohort, state=Application.State.CONFIRMED)
    out = Proposal.objects.live().filter(application__cohort=cohort).values("application_id")
    # What is written in a file never counts: only what is asked here is read.
    read = ("reference", "cohort_id", "languages", "accepts_remote", "slots", "gender")
    person = ("region", "birth_date", "is_followed_by_hand")
    rows = confirmed.exclude(pk__in=out).select_related("candidate").prefetch_related("wishes")
    return rows.only(*read, *(f"candidate__{name}" for name in person)).order_by("pk")


def _mentee(application: Application, families: Mapping[int, str], avoids: Mapping[int, str]) -> scoring.Mentee:
    wishes = tuple(wish.trade_id for wish in application.wishes.all())
    return scoring.Mentee(
        person=application.candidate_id,
        is_minor=minors.is_minor(application),
        languages=frozenset(application.languages),
        region=application.candidate.region,
        accepts_remote=application.accepts_remote,
        slots=frozenset(application.slots),
        wishes=wishes,
        families=tuple(families[trade] for trade in wishes),
        avoids=scoring.comparable(avoids.get(application.pk, "")),
    )


def _avoids(cohort: Cohort) -> dict[int, str]:
    """By file, whom a candidate does not want to meet, in her words: those of the latest copy that she sent."""
    copies = SentCopy.objects.filter(
        application__cohort=cohort, application__state=Application.State.CONFIRMED
    ).annotate(avoid=KeyTextTransform("avoid", "content"))
    latest = copies.order_by("application_id", "-number").distinct("application_id")
    return {file: words for file, words in latest.values_list("application_id", "avoid") if words}


# --- The mentors --------------------------------------------------------------------------------


def _mentors(cohort: Cohort, families: Mapping[int, str], today) -> dict[str, scoring.Mentor]:
    commitments = (
        Commitment.objects.filter(cohort=cohort)
        .select_related("mentor__person", "mentor__charter")
        .prefetch_related("mentor__trades", "preferred_trades")
        .annotate(
            running=Count("mentorships", filter=Q(mentorships__state__in=Mentorship.LIVING_STATES), distinct=True),
            offered=Count("proposals", filter=Q(proposals__state=Proposal.State.OFFERED), distinct=True),
        )
    )
    least = readiness.least_charter()
    past, never = _past(cohort), _by_mentor(NeverPaired.objects.all(), cohort, "mentor_id")
    found = {
        mentor_id(one.pk): _mentor(one, families, past.get(one.mentor_id), never.get(one.mentor_id), least, today)
        for one in commitments
    }
    return dict(sorted(found.items()))


def _mentor(commitment: Commitment, families: Mapping[int, str], past, never, least: int, today) -> scoring.Mentor:
    profile = commitment.mentor
    trades = frozenset(trade.pk for trade in profile.trades.all())
    return scoring.Mentor(
        person=profile.person_id,
        is_approved=profile.state == MentorProfile.State.APPROVED,
        is_ready=readiness.is_ready(profile, least),
        is_cleared_for_minors=profile.is_cleared_for_minors(today),
        free=commitment.capacity - commitment.running - commitment.offered,
        languages=frozenset(profile.languages),
        region=profile.region,
        accepts_remote=profile.accepts_remote,
        slots=frozenset(profile.slots),
        trades=trades,
        families=frozenset(families[trade] for trade in trades),
        preferred=frozenset(trade.pk for trade in commitment.preferred_trades.all()),
        past=past or frozenset(),
        never=never or frozenset(),
        names=scoring.names_of(profile.person.first_name, profile.person.last_name),
    )


def _past(cohort: Cohort) -> dict[int, set[int]]:
    """Per mentor, the people already paired with her, or whom she let go, in any cohort."""
    answered = Proposal.objects.filter(state__in=(Proposal.State.DECLINED, Proposal.State.EXPIRED))
    past = _by_mentor(answered, cohort, "commitment__mentor_id")
    for mentor, people in _by_mentor(Mentorship.objects.all(), cohort, "commitment__mentor_id").items():
        past.setdefault(mentor, set()).update(people)
    return past


def _by_mentor(rows, cohort: Cohort, mentor: str) -> dict[int, set[int]]:
    """Per mentor, the people of this cohort whom such rows tie to her."""
    people = Application.objects.filter(cohort=cohort, state=Application.State.CONFIRMED).values("candidate_id")
    found: dict[int, set[int]] = {}
    tied = rows.filter(application__candidate__in=people)
    for key, person in tied.values_list(mentor, "application__candidate_id"):
        found.setdefault(key, set()).add(person)
    return found

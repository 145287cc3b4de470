"""From a cohort as it stands to an instance of the engine, with what is needed to explain the answer.

A constant number of queries, whatever the size of the cohort. People are named by the file's reference and by `m` and
the commitment's number.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass

from django.db.models import Count, Q
from django.db.models.fields.json import KeyTextTransform
from django.utils import timezone

from applications import minors
from applications.choices import COUNTING
from applications.models import Application, SentCopy
from cohorts.models import Cohort, Trade
from consents.models import GuardianAuthorisation
from matching import promises, scoring, weights
from matching.listing import Listing
from matching.models import NeverPaired, Proposal, Unmatched
from matching.promises import Promises
from matching.situation import Row, Situation, mentor_id
from mentors import readiness
from mentors.models import Commitment, MentorProfile
from mentorships.models import Mentorship


def of(cohort: Cohort, now, *, floors: Iterable[dict] = (), keeps_offers: bool = False) -> Situation:
    """Those who confirmed and have no pair, and the mentors who committed, as they are at `now`.

    What is offered may move, unless `keeps_offers`; what is pinned stays. An offer to somebody whom no run may pair is
    left as it is, with its place.
    """
    floors = list(floors)
    families = dict(Trade.objects.values_list("id", "family"))
    promised = promises.of(cohort)
    people, waiting, file_of, counting = {}, {}, {}, set()
    authorised = set(GuardianAuthorisation.objects.given_for(minors.scope(cohort)).values_list("person_id", flat=True))
    avoids = _avoids(cohort)
    for application in _unpaired(cohort):
        application.cohort = cohort
        name, mentee = application.reference, _mentee(application, families, avoids)
        file_of[name], people[name] = application.pk, mentee
        if mentee.is_minor and mentee.person not in authorised:
            waiting[name] = Unmatched.Kind.UNAUTHORISED
        elif application.candidate.is_followed_by_hand:
            waiting[name] = Unmatched.Kind.BY_HAND
        elif promised.tries.get(application.pk, 0) >= cohort.max_tries:
            waiting[name] = Unmatched.Kind.TRIES
        if floors and application.gender in COUNTING:
            counting.add(name)
    # The seed is the cohort's, not the run's: calculating again never draws another lot.
    situation = Situation(
        seed=cohort.slug,
        scale=weights.of(cohort).scale,
        floors=floors,
        mentees=dict(sorted(people.items())),
        mentors={},
        waiting=waiting,
        file_of=file_of,
        counting=frozenset(counting),
        tries={name: promised.tries[file_of[name]] for name, kind in waiting.items() if kind == Unmatched.Kind.TRIES},
    )
    settled = _leave_alone(situation, promised)
    situation.mentors = _mentors(cohort, families, timezone.localdate(now), settled)
    by_hand = _promise(situation, promised, keeps_offers=keeps_offers)
    situation.rows = list(_rows(situation, by_hand))
    _add_promised_rows(situation)
    return situation


@dataclass(frozen=True)
class Around:
    """One young person, and the mentors of her cohort as a run would see them."""

    mentee: scoring.Mentee
    mentors: dict[str, scoring.Mentor]
    commitments: list[Commitment]
    scale: scoring.Scale


def around(application: Application, now) -> Around:
    """What a run would know of her and of each mentor, without the others: nothing is listed or solved."""
    cohort = application.cohort
    families = dict(Trade.objects.values_list("id", "family"))
    commitments = list(_committed(cohort, Counter()))
    return Around(
        mentee=_mentee(application, families, _avoids(cohort)),
        mentors=_known(commitments, cohort, families, timezone.localdate(now)),
        commitments=commitments,
        scale=weights.of(cohort).scale,
    )


def _leave_alone(situation: Situation, promised: Promises) -> Counter:
    """Take out whoever no run may pair and has an offer all the same; how many places each commitment gives to them."""
    settled: Counter = Counter()
    for name in list(situation.waiting):
        if offer := promised.offers.get(situation.file_of[name]):
            settled[offer.commitment] += 1
            del situation.waiting[name], situation.mentees[name]
    return settled


def _promise(situation: Situation, promised: Promises, *, keeps_offers: bool) -> set[str]:
    """Lock the pins that may be, then the offers if they are to stay, and leave out of the instance all who wait.

    Returns those whom their pin alone brings in.
    """
    taken, by_hand = promises.Seats(situation.mentors, situation.scale), set()
    name_of = {situation.file_of[name]: name for name in situation.mentees}
    for file, commitment in promised.pins.items():
        if (name := name_of.get(file)) is None:
            continue  # paired meanwhile, or gone
        kind, mentor = situation.waiting.get(name), mentor_id(commitment)
        if kind == Unmatched.Kind.UNAUTHORISED:
            situation.vain_pins[name] = mentor, None
        elif rule := taken.take(situation.mentees[name], mentor):
            situation.vain_pins[name] = mentor, rule
        else:
            situation.pins[name] = mentor
            if kind:
                del situation.waiting[name]
                by_hand.add(name)
    for name in situation.waiting:
        del situation.mentees[name]
    for file, offer in promised.offers.items():
        if (name := name_of.get(file)) in situation.mentees:
            situation.offers[name] = offer
            mentor = mentor_id(offer.commitment)
            if keeps_offers and name not in situation.pins and not taken.take(situation.mentees[name], mentor):
                situation.kept[name] = mentor
    return by_hand


def _rows(situation: Situation, by_hand: Set[str]) -> Iterator[Row]:
    """Every pair that may be, with its points; among too many people, each mentee's candidate list alone. Whoever is
    followed by hand has none but what is pinned.
    """
    seats, scale = list(situation.seats), situation.scale
    listing = Listing(situation.seed, seats, [situation.mentors[name] for name in seats], scale)
    situation.is_shortened = listing.is_short_for(len(situation.mentees))
    for place, (name, mentee) in enumerate(situation.mentees.items()):
        if name in by_hand:
            continue
        options = listing.options(mentee)
        for mentor, points, theirs in listing.shortened(name, options) if situation.is_shortened else options:
            yield place, mentor, points, points - theirs, theirs


def _add_promised_rows(situation: Situation) -> None:
    """Add what is announced or pinned and that no list holds, where the law allows it: preferences are set aside."""
    place_of = {name: place for place, name in enumerate(situation.mentees)}
    seat_of = {name: place for place, name in enumerate(situation.seats)}
    wanted = [(name, mentor_id(offer.commitment), situation.announced_rows) for name, offer in situation.offers.items()]
    wanted += [(name, mentor, situation.pinned_rows) for name, mentor in situation.pins.items()]
    concerned = {place_of[name] for name, _mentor, _rows in wanted}
    known = {(row[0], row[1]) for row in situation.rows if row[0] in concerned}
    for name, mentor, rows in wanted:
        people = situation.mentees[name], situation.mentors[mentor]
        if mentor not in seat_of or promises.forbidding_rule(*people, situation.scale):
            continue
        if rows is situation.announced_rows:
            situation.previous[name] = mentor
        if (pair := (place_of[name], seat_of[mentor])) not in known:
            known.add(pair)
            found = situation.parts(name, mentor)
            points, theirs = scoring.score(found), scoring.mentor_side(found)
            rows.append((*pair, points, points - theirs, theirs))


# --- The young people ---------------------------------------------------------------------------


def _unpaired(cohort: Cohort):
    confirmed = Application.objects.filter(cohort=cohort, state=Application.State.CONFIRMED)
    accepted = Proposal.objects.filter(application__cohort=cohort, state=Proposal.State.ACCEPTED)
    # What is written in a file never counts: only what is asked here is read.
    read = ("reference", "cohort_id", "languages", "accepts_remote", "slots", "gender")
    person = ("region", "birth_date", "is_followed_by_hand")
    rows = (
        confirmed.exclude(pk__in=accepted.values("application_id"))
        .select_related("candidate")
        .prefetch_related("wishes")
    )
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


def _mentors(cohort: Cohort, families: Mapping[int, str], today, settled: Counter) -> dict[str, scoring.Mentor]:
    return _known(_committed(cohort, settled), cohort, families, today)


def _committed(cohort: Cohort, settled: Counter) -> Iterable[Commitment]:
    """Each with `free`: places that no pair takes, nor an offer to somebody who stays out of the run (`settled`)."""
    commitments = (
        Commitment.objects.filter(cohort=cohort)
        .select_related("mentor__person", "mentor__charter")
        .prefetch_related("mentor__trades", "preferred_trades")
        .annotate(
            running=Count("mentorships", filter=Q(mentorships__state__in=Mentorship.LIVING_STATES)),
        )
    )
    for one in commitments:
        one.free = one.capacity - one.running - settled[one.pk]
    return commitments


def _known(commitments: Iterable[Commitment], cohort, families: Mapping[int, str], today) -> dict[str, scoring.Mentor]:
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
        free=commitment.free,
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

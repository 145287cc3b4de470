"""Mentors join and commit, a run pairs them with the confirmed, and they answer: the closed cohort."""

from datetime import timedelta

from accounts.models import User
from applications.models import Application
from cohorts.models import Trade
from consents.models import TextVersion
from consents.queries import current_texts
from matching import falls, introductions, pinning, publishing, runs, weights
from matching import transitions as matching
from matching.models import Proposal
from mentors import transitions as mentors
from mentors.models import MentorProfile
from tests import factories
from tests.season import crafts, names, people, places

JOINED_TRADES = ("montage", "assistanat-montage", "realisation")
"""Karim's."""


def paired(season) -> None:
    """A run three days ago, published; some mentors have answered, Karim has not."""
    profiles = mentors_joined(season)
    mentors_committed(season, profiles)
    if season.plan.pairs_other_trades:
        chosen = {"pairs_other_trades": True}
        weights.save(season.closed, chosen=chosen, actor=season.coordinator, now=season.days_ago(4))
    _fix_thais(season)
    run = matching.request_run(season.closed, actor=season.coordinator, now=season.days_ago(3.2))
    claimed = runs.claim(season.days_ago(3.19))
    runs.work(claimed, now=season.days_ago(3.19))
    run.refresh_from_db()
    publishing.publish(run, actor=season.coordinator, now=season.days_ago(3))
    _answer(season, run)


def _fix_thais(season) -> None:
    """A coordinator has fixed one pair: whatever is drawn, Thaïs has a mentor, of her trade where there is one."""
    when = season.days_ago(3.4)
    file = Application.objects.get(cohort=season.closed, candidate__email=people.THAIS.email)
    possible = [
        one
        for one in pinning.choices(file, when)
        if one.rule is None and one.commitment.mentor.person.email != people.KARIM.email
    ]
    best = max(possible, key=lambda one: (one.set_aside is None, one.points))
    pinning.pin_pair(file, best.commitment, actor=season.coordinator, now=when)


# --- Mentors ------------------------------------------------------------------------------------


def mentors_joined(season) -> list[MentorProfile]:
    """Everybody at some point of joining; returns those who are approved, Karim first."""
    rng, now = season.crowd.rng, season.now
    karim = factories.make_person(people.KARIM, now=now, date_joined=season.days_ago(140))
    drawn = season.crowd.people(season.plan.mentors - 1, joined=lambda: season.days_ago(120, 60))
    approved = [_join(season, names.Name(karim.first_name, karim.last_name, is_woman=False), karim, "approved")]
    stages = ("approved", "invited", "applied", "declined", "paused")
    for place, (name, user) in enumerate(drawn):
        stage = stages[place] if 0 < place < len(stages) else rng.choices(stages, (82, 6, 8, 2, 4))[0]
        profile = _join(season, name, user, stage)
        if stage == "approved":
            approved.append(profile)
    return approved


def _join(season, name: names.Name, user: User, stage: str) -> MentorProfile:
    """Invited, and as far on as `stage` says."""
    rng, actor = season.crowd.rng, season.coordinator
    invited = season.days_ago(100, 30) if stage in ("approved", "declined", "paused") else season.days_ago(9, 7)
    trades = _trades(season, user)
    title = crafts.job_title(trades[0].slug, is_woman=name.is_woman)
    employer = season.crowd.mentor_writer.employer()
    profile = mentors.invite(
        user.email,
        first_name=name.first,
        last_name=name.last,
        position=title,
        employer=employer,
        actor=actor,
        now=invited,
    )
    if stage == "invited":
        return profile
    profile.person = user
    region, town = places.draw(rng, places.MENTOR_WEIGHTS)
    answers = {
        "position": title,
        "employer": employer,
        "region": region,
        "languages": season.crowd.languages(),
        "slots": season.crowd.mentor_slots(),
        "presentation": season.crowd.mentor_writer.presentation(trade=trades[0], town=town, is_woman=name.is_woman),
        "accepts_remote": user.email == people.KARIM.email or rng.random() < 0.9,
        "accompanies_minors": user.email == people.KARIM.email or rng.random() < 0.7,
    }
    applied_at = min(season.now, invited + timedelta(days=rng.uniform(0.2, 4)))
    practices = season.crowd.practices(trades, answers["presentation"])
    mentors.save_profile(profile, answers=answers, practices=practices, actor=user, now=applied_at)
    _follow(season, profile, stage, applied_at)
    return profile


def _trades(season, user: User) -> list[Trade]:
    if user.email == people.KARIM.email:
        return list(Trade.objects.filter(slug__in=JOINED_TRADES).order_by("-slug"))
    return season.crowd.wishes()


def _follow(season, profile: MentorProfile, stage: str, applied_at) -> None:
    """What the coordination did with the profile."""
    when = min(season.now, applied_at + timedelta(days=season.crowd.rng.uniform(0.5, 5)))
    if stage == "declined":
        mentors.decline(profile, actor=season.coordinator, now=when)
    if stage not in ("approved", "paused"):
        return
    mentors.note_call(profile, called_on=when.date(), notes="", actor=season.coordinator, now=when)
    mentors.approve(profile, actor=season.coordinator, now=when)
    _sign_and_read(profile, now=min(season.now, when + timedelta(days=1)))
    if profile.accompanies_minors and (profile.person.email == people.KARIM.email or season.crowd.rng.random() < 0.85):
        mentors.record_honorability(profile, seen_on=when.date(), actor=season.coordinator, now=when)
    if stage == "paused":
        falls.pause_mentor(profile, actor=profile.person, now=season.days_ago(20, 10))


def _sign_and_read(profile: MentorProfile, *, now) -> None:
    version, person = current_texts()[TextVersion.Key.CHARTER], profile.person
    mentors.sign_charter(profile, version=version, name=person.get_full_name(), actor=person, now=now)
    mentors.read_guide(profile, actor=person, now=now)


def mentors_committed(season, profiles: list[MentorProfile]) -> None:
    """Places for nearly all the confirmed of the closed cohort, as in real life; and some already for the next one."""
    rng = season.crowd.rng
    confirmed = Application.objects.filter(cohort=season.closed, state=Application.State.CONFIRMED).count()
    places_left, later = round(0.93 * confirmed), season.plan.committed_later
    for profile in profiles:
        actor, preferred = profile.person, season.crowd.preferred(list(profile.trades.all()))
        capacity = min(places_left, 2 if profile.person.email == people.KARIM.email else rng.choice((1, 1, 1, 2, 2, 3)))
        if capacity:
            mentors.commit(
                profile,
                season.closed,
                capacity=capacity,
                preferred_trades=preferred,
                actor=actor,
                now=season.days_ago(18, 10),
            )
            places_left -= capacity
        elif later:
            mentors.commit(
                profile, season.opened, capacity=rng.choice((1, 1, 2)), actor=actor, now=season.days_ago(4, 3)
            )
            later -= 1


# --- Answers ------------------------------------------------------------------------------------

WORDS = {
    Proposal.Reason.TIME: "Je pars en tournage six semaines au pire moment. À la prochaine promotion, avec plaisir.",
    Proposal.Reason.TRADE: "Son projet relève plutôt de la fiction, et je ne fais que du documentaire.",
    Proposal.Reason.KNOWN: "C’est la fille d’une amie proche\u00a0: mieux vaut quelqu’un d’autre.",
    Proposal.Reason.OTHER: "",
}


def _answer(season, run) -> None:
    """Half say yes, a few say no, the others have not looked yet; Thaïs's mentor was quick."""
    rng = season.crowd.rng
    offered = run.proposals.filter(state=Proposal.State.OFFERED).order_by("id")
    for place, proposal in enumerate(offered.select_related("application__candidate", "commitment__mentor__person")):
        mentor, when = proposal.commitment.mentor.person, season.days_ago(1.5, 1.2)
        is_thais = proposal.application.candidate.email == people.THAIS.email
        if is_thais or (mentor.email != people.KARIM.email and place % 7 in (0, 2, 5)):
            pair = matching.accept(proposal, actor=mentor, now=when)
            if is_thais or place % 2:  # the others have two days to say yes or no
                person = pair.application.candidate
                introductions.say_yes(pair, actor=person, now=when + timedelta(hours=5))
        elif mentor.email != people.KARIM.email and place % 7 == 3:
            reason = rng.choice(list(WORDS))
            matching.decline(proposal, reason=reason, words=WORDS[reason], actor=mentor, now=when)

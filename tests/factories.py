"""What tests and the demo are made of: people, cohorts, files, mentors, pairs.

Plain functions that go through the verbs, with moments that fit the cohort's calendar: a file that is
accepted here was started, sent, decided and announced as it would be for real, journal and letters
included. Each function makes what it needs and was not given. `now` is the present of the story.
"""

import itertools
from datetime import datetime, time, timedelta

from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client, RequestFactory
from django.utils import timezone

from accounts.models import Grant, User
from accounts.regions import Region
from accounts.roles import EVERYWHERE, Role
from applications import drafting, minors
from applications import transitions as applications
from applications.choices import Mobility
from applications.models import Application
from cohorts.models import Audience, Cohort, Criterion, Language, Question, Slot, Trade
from consents.first_texts import publish_first_texts
from consents.models import TextVersion
from consents.queries import current_texts
from lifecycle import journal
from matching import transitions as matching
from matching.models import Proposal, Run
from mentors.models import Commitment, MentorProfile
from mentorships.models import Mentorship
from reviews import readings, releasing
from reviews import transitions as reviews
from reviews.models import Assignment, Review
from tests.families import authorise, guardian_answers
from tests.season.people import Person
from tests.season.places import postcode_in

TOTP_SECRET = "MENTORATDEMOMENTORATDEMOMENTORAT"
"""The second factor of every member of staff in tests and in the demo, and nowhere else."""

_number = itertools.count(1)

# --- People -------------------------------------------------------------------------------------


def make_user(first_name: str = "Camille", last_name: str = "Martin", *, age: int = 22, now=None, **fields) -> User:
    """A person who gave her name, birth date and region, and whose address is verified: she can sign in by code."""
    person = Person(first_name, last_name, age, Region.BRETAGNE)
    email = fields.pop("email", None) or f"personne{next(_number)}@example.org"
    known = {"region": person.region, "birth_date": person.birth_date(now), **fields}
    user = User.objects.create_user(email, first_name=first_name, last_name=last_name, **known)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def make_person(person: Person, *, now=None, **fields) -> User:
    """A member of the cast (see `tests.season.people`)."""
    return make_user(
        person.first_name,
        person.last_name,
        age=person.age,
        now=now,
        **{"region": person.region, "email": person.email, **fields},
    )


def make_coordinator(user: User | None = None) -> User:
    """A coordinator with a second factor."""
    return _with_role(user or make_user("Coordination"), Role.COORDINATOR, EVERYWHERE)


def make_reviewer(cohort: Cohort, user: User | None = None) -> User:
    """A member of that cohort's jury, with a second factor. Files are hers only once assigned (`make_reading`)."""
    return _with_role(user or make_user("Jury"), Role.JURY, journal.ref(cohort))


def _with_role(user: User, role: Role, scope: str) -> User:
    Grant.objects.create(user=user, role=role, scope=scope)
    user.__dict__.pop("held_roles", None)
    add_second_factor(user)
    return user


def add_second_factor(user: User) -> None:
    """The authenticator application of a member of staff; nothing when there is one."""
    if not Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
        TOTP.activate(user, TOTP_SECRET)


def sign_in(client: Client, user: User) -> Client:
    """Sign this person in, staff with the second factor given."""
    client.force_login(user)
    if Authenticator.objects.filter(user=user).exists():
        request = RequestFactory().get("/")
        request.session = client.session
        record_authentication(request, user, method="code", email=user.email)
        record_authentication(request, user, method="mfa", type="totp")
        request.session.save()
    return client


def staff_client(user: User) -> Client:
    """A browser in which this member of staff is signed in, and may enter the admin."""
    add_second_factor(user)
    return sign_in(Client(), user)


# --- Cohorts ------------------------------------------------------------------------------------

CALENDARS = {
    # days from now: opening, closing, decisions, start, end
    "upcoming": (10, 40, 60, 90, 270),
    "open": (-20, 10, 30, 60, 240),
    "closed": (-50, -20, 10, 40, 220),
    "running": (-180, -140, -120, -90, 90),
    "over": (-400, -360, -340, -300, -120),
}


def make_cohort(phase: str = "open", *, now=None, **fields) -> Cohort:
    """A cohort at that point of its life (see `CALENDARS`), open to every audience, minors too; one criterion, and one
    coordinator is enough to announce."""
    now = now or timezone.now()
    opens, closes, decisions, starts, ends = (timezone.localdate(now) + timedelta(days=d) for d in CALENDARS[phase])
    season, year = _free_season(starts)
    cohort = Cohort.objects.create(
        **{
            "season": season,
            "year": year,
            "audiences": Audience.values,
            "places": 20,
            "min_age": 15,
            "max_age": 35,
            "opens_at": paris(opens, 9),
            "closes_at": paris(closes, 18),
            "decisions_on": decisions,
            "starts_on": starts,
            "ends_on": ends,
            "needs_two_people": False,
            **fields,
        }
    )
    Criterion.objects.create(cohort=cohort, name="Ensemble")
    return cohort


def _free_season(starts) -> tuple[str, int]:
    """The season of that day, or the next one that no cohort has yet."""
    taken = set(Cohort.objects.values_list("season", "year"))
    spring, autumn = Cohort.Season.SPRING, Cohort.Season.AUTUMN
    seasons = ((s, year) for year in itertools.count(starts.year) for s in (spring, autumn))
    wanted = itertools.dropwhile(lambda s: starts.month > 7 and s == (spring, starts.year), seasons)
    return next(s for s in wanted if s not in taken)


def paris(day, hour: int, minute: int = 0) -> datetime:
    """That hour of that day in Paris."""
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def make_question(
    cohort: Cohort, text: str = "Quel film vous a marqué·e ?", *, kind: str = "TEXT", **fields
) -> Question:
    """A question of that cohort's own, after those it has; a choice is between three, unless `choices` says which."""
    if kind == Question.Kind.CHOICE:
        fields.setdefault("choices", ["Le matin", "L’après-midi", "Le soir"])
    fields.setdefault("order", cohort.questions.count() + 1)
    return Question.objects.create(cohort=cohort, text=text, kind=kind, **fields)


TRADES = (
    ("realisation", "Réalisation", "Réalisation", "L1304"),
    ("montage", "Montage image", "Montage et postproduction", "L1507"),
    ("prise-de-son", "Prise de son", "Son", "L1508"),
)


def make_trades(count: int = 2) -> list[Trade]:
    """Up to three trades. They stand from the first migration on, save after a test that empties the tables."""
    return [
        Trade.objects.get_or_create(slug=slug, defaults={"name": name, "family": family, "rome_code": code})[0]
        for slug, name, family, code in TRADES[:count]
    ]


def make_texts() -> dict[str, TextVersion]:
    """What people agree to, by key. It stands from the migrations on, save after a test that empties the tables."""
    publish_first_texts(TextVersion.objects)
    return current_texts()


# --- Files --------------------------------------------------------------------------------------


def within_call(cohort: Cohort, now=None, *, before: timedelta = timedelta(hours=1)) -> datetime:
    """A moment of the call: `before` its closing, or before `now` when it is still open."""
    return max(cohort.opens_at, min(cohort.closes_at, now or timezone.now()) - before)


def make_draft(cohort: Cohort | None = None, candidate: User | None = None, *, now=None) -> Application:
    """A file just started: nothing is answered."""
    cohort, candidate = cohort or make_cohort(now=now), candidate or make_user(now=now)
    return drafting.start(cohort, candidate, now=within_call(cohort, now, before=timedelta(days=5)))


ANSWERS = {
    "background": "Après un bac pro, j’ai appris le montage toute seule en filmant le club de boxe de ma ville.",
    "languages": [Language.FRENCH],
    "attraction": "Choisir, dans trois heures d’images, les dix secondes où tout se dit.",
    "project": "Je veux monter un premier documentaire sur les entraînements du dimanche matin.",
    "hopes": "Rencontrer quelqu’un du métier, comprendre comment on trouve un premier poste d’assistante.",
    "slots": [Slot.WED_DAY, Slot.SAT_DAY],
    "accepts_remote": True,
    "mobility": Mobility.REGION,
    "rules": 1,
    "privacy": 1,
}


def fill(application: Application, answers: dict, *, now=None) -> None:
    """Write these answers into what is being written of a file, whatever stands there."""
    drafting.save_step(application, tuple(answers), answers, seen=None, now=now)


def complete_answers(application: Application, *, trades=None, **answers) -> dict:
    """All that a file needs to be sent, from where its candidate lives."""
    make_texts()
    wanted = make_trades() if trades is None else trades
    said = {str(q.pk): q.choices[0] if q.choices else "oui" for q in application.cohort.questions.all()}
    return {
        "postcode": postcode_in(application.candidate.region or Region.BRETAGNE),
        "audience": application.cohort.audiences[0],
        **ANSWERS,
        **({"questions": said} if said else {}),
        **guardian_answers(application),
        "trades": [trade.slug for trade in wanted],
        **answers,
    }


def make_complete_draft(
    cohort: Cohort | None = None, candidate: User | None = None, *, trades=None, now=None, **answers
) -> Application:
    """A draft that lacks nothing: it only has to be sent."""
    application = make_draft(cohort, candidate, now=now)
    saved_at = within_call(application.cohort, now, before=timedelta(hours=2))
    fill(application, complete_answers(application, trades=trades, **answers), now=saved_at)
    return application


def make_sent(cohort: Cohort | None = None, candidate: User | None = None, *, now=None, **answers) -> Application:
    """A file sent within the call; by default to a cohort whose call is closed."""
    cohort = cohort or make_cohort("closed", now=now)
    application = make_complete_draft(cohort, candidate, now=now, **answers)
    applications.submit(application, actor=application.candidate, now=within_call(cohort, now))
    return application


def decide(*files: Application, outcome: str, now=None) -> None:
    """Mark, publish and announce this decision for these files of one cohort."""
    now = now or timezone.now()
    for application in files:
        reviews.mark(application, outcome, actor=journal.CONSOLE, now=now)
    release = releasing.propose(files[0].cohort, actor=journal.CONSOLE, now=now)
    releasing.work(release, now=now)
    for application in files:
        application.refresh_from_db()


def make_accepted(cohort: Cohort | None = None, candidate: User | None = None, *, now=None, **answers) -> Application:
    """A file accepted, and the candidate knows; a place to confirm."""
    application = make_sent(cohort, candidate, now=now, **answers)
    decide(application, outcome=Application.State.ACCEPTED, now=now)
    return application


def make_waitlisted(cohort: Cohort | None = None, candidate: User | None = None, *, now=None) -> Application:
    """A file on the waiting list, and the candidate knows."""
    application = make_sent(cohort, candidate, now=now)
    decide(application, outcome=Application.State.WAITLISTED, now=now)
    return application


def make_rejected(cohort: Cohort | None = None, candidate: User | None = None, *, now=None) -> Application:
    """A file not kept, and the candidate knows."""
    application = make_sent(cohort, candidate, now=now)
    decide(application, outcome=Application.State.REJECTED, now=now)
    return application


def make_confirmed(cohort: Cohort | None = None, candidate: User | None = None, *, now=None, **answers) -> Application:
    """A place confirmed, ready to be matched; a minor was authorised first."""
    application = make_accepted(cohort, candidate, now=now, **answers)
    if minors.is_minor(application):
        authorise(application, now=now)
    applications.confirm(application, actor=application.candidate, now=now)
    return application


# --- The jury -----------------------------------------------------------------------------------


def assign(application: Application, reviewer: User, *, now=None) -> Assignment:
    """Entrust one file to one member of the jury."""
    return Assignment.objects.create(application=application, reviewer=reviewer, assigned_at=now or timezone.now())


def make_reading(
    application: Application,
    reviewer: User,
    *,
    score: int = 4,
    comment: str = "Projet clair, regard personnel.",
    now=None,
) -> Review:
    """One member of the jury read this file, which was assigned to her."""
    Assignment.objects.get_or_create(application=application, reviewer=reviewer)
    return readings.review(application, reviewer, scores=alike(application.cohort, score), comment=comment, now=now)


def alike(cohort: Cohort, score: int) -> dict[int, int]:
    """The same score for each criterion of the cohort."""
    return {criterion.pk: score for criterion in cohort.criteria.all()}


# --- Mentors, offers, pairs ---------------------------------------------------------------------


def make_mentor(person: User | None = None, *, now=None, **fields) -> MentorProfile:
    """A mentor whom the coordination has approved, of the same trades as `make_complete_draft`'s file."""
    trades = fields.pop("trades", None)
    profile = MentorProfile.objects.create(
        **{
            "person": person or make_user("Morgane", "Le Gall", age=40, now=now),
            "state": MentorProfile.State.APPROVED,
            "position": "cheffe monteuse",
            "employer": "Les Films du Canal",
            "region": Region.BRETAGNE,
            "languages": [Language.FRENCH],
            "presentation": "Vingt ans de salles de montage, du court au documentaire.",
            "created_at": now or timezone.now(),
            **fields,
        }
    )
    profile.trades.set(make_trades() if trades is None else trades)
    return profile


def clear_for_minors(profile: MentorProfile, *, now=None) -> None:
    """She accompanies minors, and a coordinator has seen her honorability: valid one year."""
    today = timezone.localdate(now)
    profile.accompanies_minors = True
    profile.honorability_seen_on, profile.honorability_seen_by = today, journal.CONSOLE
    profile.honorability_valid_until = today + timedelta(days=365)
    profile.save()


def make_commitment(
    cohort: Cohort | None = None, mentor: MentorProfile | None = None, *, capacity: int = 2, now=None
) -> Commitment:
    """A mentor takes so many young people of this cohort."""
    return Commitment.objects.create(
        mentor=mentor or make_mentor(now=now),
        cohort=cohort or make_cohort("closed", now=now),
        capacity=capacity,
        made_at=now or timezone.now(),
    )


def make_run(*pairs: tuple[Application, Commitment], now=None) -> Run:
    """A finished run, not published, that proposes these pairs of one cohort."""
    now = now or timezone.now()
    run = Run.objects.create(cohort=pairs[0][0].cohort, state=Run.State.DONE, requested_at=now, done_at=now)
    for application, commitment in pairs:
        Proposal.objects.create(run=run, application=application, commitment=commitment, score=600)
    return run


def make_offer(application: Application | None = None, commitment: Commitment | None = None, *, now=None) -> Proposal:
    """A pair offered to its mentor, who has not answered."""
    if application is None:
        application = make_confirmed(commitment.cohort if commitment else None, now=now)
    run = make_run((application, commitment or make_commitment(application.cohort, now=now)), now=now)
    matching.publish(run, actor=journal.CONSOLE, now=now)
    return run.proposals.get()


def make_pair(application: Application | None = None, commitment: Commitment | None = None, *, now=None) -> Mentorship:
    """A pair whose mentor has accepted."""
    proposal = make_offer(application, commitment, now=now)
    return matching.accept(proposal, actor=proposal.commitment.mentor.person, now=now)

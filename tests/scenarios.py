"""A season in steps: call open → applied → read → selected → paired. Tests and the demo live in the same one.

Each step goes through the verbs, at the moments at which they would have been called, counted from `now`.
There are two cohorts: `opened`, whose call closes in four days, and `closed`, in decision and matching.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from unittest import mock

from django.db.models import F
from django.utils import timezone

from accounts import transitions as accounts
from accounts.models import User
from accounts.roles import EVERYWHERE, Role
from applications import drafting
from applications import transitions as applications
from applications.models import Application
from cohorts import transitions as cohorts
from cohorts.first_criteria import FIRST_CRITERIA
from cohorts.models import Cohort, Criterion, Partner
from lifecycle import journal
from notifications.models import Letter
from tests import factories
from tests.season import calendar, documents, families, jury, matching, names, people, questions, selection
from tests.season.crowd import Crowd, Draft
from tests.season.plan import FULL, Plan

MOUSSA = people.Person("Moussa", "Keïta", 39, "IDF")
"""Who coordinates with Claire."""
SIGN_INS = [
    ("candidate", people.INES.email, "sa candidature est presque remplie, l’appel est ouvert"),
    ("candidate", people.AWA.email, "acceptée, doit confirmer sa place"),
    ("candidate mineure", people.LINA.email, "acceptée, sous réserve\u00a0: sa mère a son lien dans /courriels/"),
    ("mentorée", people.THAIS.email, "en binôme"),
    ("mentor", people.KARIM.email, "quelqu’un lui est proposé"),
    ("jury", people.NADIA.email, "a encore des dossiers à lire"),
    ("coordination", people.CLAIRE.email, "voit tout, et décide"),
    ("coordination", MOUSSA.email, "confirme les annonces que Claire propose"),
]
"""Who can sign in to the demo, one per kind of person, two where two are needed: role, address, what is to be seen, in
the portal's language."""


@dataclass
class Season:
    """A season under way: what the next step needs of the ones before."""

    now: datetime
    plan: Plan
    crowd: Crowd
    opened: Cohort
    closed: Cohort
    coordinator: User
    colleague: User
    """Who coordinates with her, and confirms what she proposes."""
    jury: list[User]
    """In the order of `tests.season.jury.READERS`."""
    papers: documents.Papers
    files: dict[str, list[Application]] = field(default_factory=dict)
    """Files of the closed cohort, by when they are read (see `tests.season.jury`)."""

    def days_ago(self, days: float, spread: float = 0) -> datetime:
        """So many days before now, give or take."""
        return self.now - timedelta(days=days + self.crowd.rng.uniform(-spread, spread))


def load(*, now=None, seed: int = 5050, plan: Plan = FULL) -> Season:
    """The whole season, up to mentors answering. The letters of the past have left; a few are on their way."""
    now = now or timezone.now()
    with known_references(seed):
        season = call_open(now=now, seed=seed, plan=plan)
        applied(season)
        families.answered(season)
        jury.prepared(season)
        selection.selected(season)
        matching.paired(season)
    post_the_past(season)
    return season


@contextmanager
def known_references(seed: int) -> Iterator[None]:
    """References of files come from chance, which no seed governs in real life; here they do, and never collide."""
    chance, dealt = Crowd.chance(seed), set()

    def deal(cohort: Cohort) -> str:
        while True:
            signs = "".join(chance.choice(drafting.REFERENCE_ALPHABET) for _sign in range(4))
            if signs not in dealt:
                dealt.add(signs)
                return f"{cohort.reference_prefix}-{signs}"

    with mock.patch.object(drafting, "_new_reference", deal):
        yield


# --- The call opens -----------------------------------------------------------------------------


def call_open(*, now: datetime, seed: int = 5050, plan: Plan = FULL) -> Season:
    """Partners, two cohorts with their questions, a team."""
    for partner in calendar.PARTNERS:
        Partner.objects.get_or_create(name=partner["name"], defaults=partner)
    opened, closed = (
        Cohort.objects.create(**fields, places=plan.places, presentation=calendar.PRESENTATIONS[fields["season"]])
        for fields in calendar.seasons(now)
    )
    crowd = Crowd(seed)
    papers = documents.Papers(plan.documents, seed)
    claire, moussa = _person(people.CLAIRE, now), _person(MOUSSA, now)
    season = Season(now, plan, crowd, opened, closed, claire, moussa, [], papers)
    _grant(season, season.coordinator, Role.COORDINATOR, by=journal.CONSOLE)
    _grant(season, season.colleague, Role.COORDINATOR)
    for cohort, days in ((opened, 26), (closed, 78)):
        asked = questions.asked_by(cohort)
        moment = now - timedelta(days=days)
        cohorts.save_questions(cohort, added=asked, actor=season.coordinator, now=moment)
        cohorts.save_documents(cohort, added=documents.asked_by(cohort), actor=season.coordinator, now=moment)
        criteria = [Criterion(**criterion) for criterion in FIRST_CRITERIA]
        cohorts.save_criteria(cohort, added=criteria, actor=season.coordinator, now=moment)
    season.jury = [_person(reader.person, now) for reader in jury.READERS]
    for reader in season.jury:
        for cohort in (closed, opened):
            _grant(season, reader, Role.JURY, journal.ref(cohort))
    return season


def _person(person: people.Person, now: datetime, **fields) -> User:
    return factories.make_person(person, now=now, date_joined=now - timedelta(days=100), **fields)


def _grant(season: Season, user: User, role: Role, scope: str = EVERYWHERE, *, by=None) -> None:
    accounts.grant_role(user, role, scope, actor=by or season.coordinator, now=season.days_ago(90, 5))
    factories.add_second_factor(user)


# --- People apply -------------------------------------------------------------------------------


def applied(season: Season) -> None:
    """Drafts and sent files in both cohorts."""
    plan, opened, closed = season.plan, season.opened, season.closed
    _apply(season, closed, plan.closed_sent - 3, plan.never_sent, cast=[people.AWA, people.LINA, people.THAIS])
    _apply(season, opened, plan.opened_sent, plan.opened_drafts - 1)
    _nearly_complete(season, people.INES, opened)
    documents.clean()
    documents.redact(closed, actor=season.coordinator, now=season.days_ago(20))


def _apply(season: Season, cohort: Cohort, sent: int, drafts: int, cast: Iterable[people.Person] = ()) -> None:
    crowd = season.crowd
    last = min(cohort.closes_at, season.now)
    ends = [_moment_of_the_call(season, cohort, last) for _file in range(sent + drafts)]
    joined = iter([max(cohort.opens_at, moment - timedelta(days=crowd.rng.uniform(0.1, 9))) for moment in ends])
    crowd_here = crowd.people(sent + drafts, joined=lambda: next(joined))
    for place, ((name, user), end) in enumerate(zip(crowd_here, ends, strict=True)):
        whole = crowd.file(name, cohort)
        answers = whole if place < sent else crowd.unfinished(whole)
        write(
            cohort,
            user,
            answers,
            started=user.date_joined,
            saved=end,
            sent=end if place < sent else None,
            papers=season.papers,
        )
    for person in cast:
        end = last - timedelta(days=2, minutes=crowd.rng.randrange(600))
        user = _person(person, season.now)
        write(
            cohort,
            user,
            _of_the_cast(season, person, cohort),
            started=end - timedelta(days=6),
            saved=end,
            sent=end,
            papers=season.papers,
        )


def _moment_of_the_call(season: Season, cohort: Cohort, last: datetime) -> datetime:
    """Some time of the call: half of the files come in its last fifth."""
    share = season.crowd.rng.random() ** 0.4
    return cohort.opens_at + (last - cohort.opens_at) * (0.02 + 0.97 * share)


def _of_the_cast(season: Season, person: people.Person, cohort: Cohort) -> Draft:
    name = names.Name(person.first_name, person.last_name, is_woman=True)
    is_minor = person.age < 18
    audience = "PUPIL" if is_minor else next(a for a in cohort.audiences if a != "PUPIL")
    facts = {"birth_date": person.birth_date(season.now), "region": person.region}
    draft = season.crowd.file(name, cohort, audience=audience, **facts)
    draft.answers["accepts_remote"] = True
    return draft


def _nearly_complete(season: Season, person: people.Person, cohort: Cohort) -> None:
    """Only the last answer is missing."""
    draft = _of_the_cast(season, person, cohort)
    draft.answers.pop("hopes")
    started = season.days_ago(6)
    write(
        cohort,
        _person(person, season.now),
        draft,
        started=started,
        saved=season.days_ago(1),
        sent=None,
        papers=season.papers,
    )


def write(cohort: Cohort, user: User, draft: Draft, *, started: datetime, saved: datetime, sent=None, papers=None):
    """Somebody starts a file, fills it in, maybe adds documents, and sends it (`sent`: when) or not."""
    application = drafting.start(cohort, user, now=started)
    named = families.named_by(draft.person, cohort)
    factories.fill(application, {**draft.person, **named, **draft.answers}, now=saved)
    if papers:
        papers.give(application, now=saved)
    if sent:
        applications.submit(application, actor=user, now=sent)
    return application


# --- The letters --------------------------------------------------------------------------------

RECENT = timedelta(days=4)
"""How far back letters to the cast are still on their way when the demo starts."""


def post_the_past(season: Season) -> None:
    """Letters that would have left long ago have left; the recent ones to the cast wait for the worker."""
    waiting = Letter.objects.filter(status=Letter.Status.QUEUED, hold="")
    cast = [*(person.email for person in people.CAST), families.SAMIRA[1]]
    to_read = waiting.filter(to__in=cast, created_at__gt=season.now - RECENT)
    waiting.exclude(pk__in=to_read.values("pk")).update(
        status=Letter.Status.SENT,
        attempts=1,
        claimed_at=F("not_before") + timedelta(seconds=12),
        sent_at=F("not_before") + timedelta(seconds=13),
    )

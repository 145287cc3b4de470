"""Files, from the first word to a place confirmed."""

from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import User
from accounts.regions import Region
from applications import drafting, minors
from applications import transitions as applications
from applications.choices import Mobility
from applications.models import Application
from cohorts.models import Cohort, Language, Slot
from lifecycle import journal
from reviews import releasing
from reviews import transitions as reviews
from tests.factories.cohorts import make_cohort, make_texts, make_trades
from tests.factories.people import make_user
from tests.families import authorise, guardian_answers
from tests.season.places import postcode_in


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

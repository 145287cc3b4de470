"""The jury reads, the coordination decides, decisions are announced, places are confirmed: the closed cohort."""

from applications import minors
from applications import transitions as applications
from applications.models import Application
from applications.queries import places_to_lapse
from reviews import readings, releasing
from reviews import transitions as reviews
from reviews.forms import READY_REASONS
from reviews.models import Assignment
from tests import factories
from tests.season import families, people

ACCEPTED, WAITLISTED, REJECTED = (
    Application.State.ACCEPTED,
    Application.State.WAITLISTED,
    Application.State.REJECTED,
)

SHARED_REASONS = (
    "Nous avons aimé votre énergie, et cette façon de parler des gens que vous filmez. Il manquait à votre dossier "
    "une idée plus nette de ce qu’un·e mentor·e pourrait vous apprendre : commencez par là la prochaine fois.",
    str(READY_REASONS["metier"]),
    None,
    f"{READY_REASONS['beaucoup']}\n\n{READY_REASONS['precision']}",
    None,
    "Votre projet est prêt à se tourner, presque sans nous : montrez-le, il trouvera ses alliés.",
)
"""What the coordinators chose to say, or not."""


def read(season) -> None:
    """Every file has its readers, and each reader has given an opinion, save for the files that are left to read."""
    readings.distribute(season.closed, actor=season.coordinator, now=season.days_ago(38))
    sent = Application.objects.filter(cohort=season.closed, state=Application.State.SUBMITTED)
    files = list(sent.select_related("cohort", "candidate").prefetch_related("wishes__trade").order_by("id"))
    _destine(season, files)
    unread = {application.pk for application in season.files["unread"]}
    readers = {reader.pk: reader for reader in season.jury}
    nadia = season.jury[0].pk
    by_pk = {application.pk: application for application in files}
    worth = {application.pk: worth for worth, group in _worth(season) for application in group}
    for assignment in Assignment.objects.filter(application__in=files).order_by("id"):
        is_hers = assignment.reviewer_id == nadia
        if assignment.application_id in unread and (is_hers or season.crowd.rng.random() < 0.6):
            continue
        application = by_pk[assignment.application_id]
        _give(season, application, readers[assignment.reviewer_id], worth[application.pk])


def _destine(season, files: list[Application]) -> None:
    """Who will be kept, who not: the cast as their roles want it, the others by chance."""
    cast = {person.email: None for person in (people.AWA, people.LINA, people.THAIS)}
    others = [application for application in files if application.candidate.email not in cast]
    cast |= {application.candidate.email: application for application in files if application.candidate.email in cast}
    season.crowd.rng.shuffle(others)
    plan, left = season.plan, iter(others)
    first = {"kept": [cast[people.THAIS.email]], "kept_later": [cast[people.AWA.email], cast[people.LINA.email]]}
    for group in ("kept", "waitlisted", "rejected", "kept_later", "rejected_later", "pending", "unread"):
        named = first.get(group, [])
        season.files[group] = [*named, *(next(left) for _file in range(getattr(plan, group) - len(named)))]


def _worth(season):
    """What a file is worth to its readers, about: the selection follows the opinions."""
    worth = {"kept": 4.4, "kept_later": 4, "waitlisted": 3.5, "pending": 3.2, "unread": 3.2}
    return ((worth.get(group, 2.2), files) for group, files in season.files.items())


def _give(season, application: Application, reader, worth: float) -> None:
    score = min(5, max(1, round(season.crowd.rng.gauss(worth, 0.7))))
    comment = season.crowd.juror.comment(score, trade=application.ranked_trades[0])
    readings.review(
        application,
        reader,
        scores=factories.alike(application.cohort, score),
        comment=comment,
        now=season.days_ago(24, 12),
    )


def selected(season) -> None:
    """Two announcements, nine and two days ago; what came of the first one; and decisions still pending."""
    groups = season.files
    _announce(season, 9, {ACCEPTED: groups["kept"], WAITLISTED: groups["waitlisted"], REJECTED: groups["rejected"]})
    _confirm(season)
    for application in places_to_lapse(season.days_ago(1)):
        applications.lapse(application, now=season.days_ago(1))
    _announce(season, 2, {ACCEPTED: groups["kept_later"], REJECTED: groups["rejected_later"]})
    for place, application in enumerate(groups["pending"]):
        outcome = (ACCEPTED, WAITLISTED, REJECTED)[place % 3]
        _mark(season, application, outcome, place, now=season.days_ago(0.5, 0.3))


def _announce(season, days: float, outcomes: dict[str, list[Application]]) -> None:
    for outcome, files in outcomes.items():
        for place, application in enumerate(files):
            _mark(season, application, outcome, place, now=season.days_ago(days + 1, 0.5))
    release = releasing.propose(season.closed, actor=season.coordinator, now=season.days_ago(days))
    releasing.work(release, now=season.days_ago(days))


def _mark(season, application: Application, outcome: str, place: int, *, now) -> None:
    """A decision; to two people out of three who are refused, with a reason."""
    reason = SHARED_REASONS[place % len(SHARED_REASONS)] if outcome == REJECTED else None
    reviews.mark(application, outcome, shared_reason=reason, actor=season.coordinator, now=now)


def _confirm(season) -> None:
    """The accepted take their places, minors once their representative has signed; some forget."""
    forgotten = season.plan.forgotten
    for place, application in enumerate(season.files["kept"]):
        if place >= season.plan.kept - forgotten:
            continue
        application.refresh_from_db()
        when = season.days_ago(6, 2.4)
        if minors.is_minor(application) and not families.authorised(season, application):
            continue
        applications.confirm(application, actor=application.candidate, now=when)

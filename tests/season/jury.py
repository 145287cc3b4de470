"""The jury of the closed cohort: who reads, how severely, whom they may not read, and what they write."""

from collections.abc import Iterable
from dataclasses import dataclass

from applications.models import Application
from cohorts.models import Criterion, Trade
from cohorts.queries import criteria_of
from reviews import notes, profiles, readings, sharing
from reviews.models import Assignment, Note
from tests.season import people


@dataclass(frozen=True)
class Reader:
    """A jury member: who she is, how far above or below the others she scores, and what she says of herself."""

    person: people.Person
    severity: float = 0
    trades: tuple[str, ...] = ()
    schools: str = ""
    employers: str = ""
    addresses: str = ""


READERS = (
    Reader(
        people.NADIA,
        trades=("realisation", "scenario", "casting"),
        schools="Lycée Musidora, Montreuil",
        employers="Les Films du Canal",
    ),
    Reader(
        people.Person("Rose-May", "Lubin", 44, "MTQ"),
        severity=0.2,
        trades=("montage", "montage-son", "postproduction"),
        schools="Lycée Sarah-Maldoror, Fort-de-France",
    ),
    Reader(
        people.Person("Tuan", "Phan", 33, "IDF"), severity=0.6, trades=("animation", "effets-visuels", "storyboard")
    ),
    Reader(people.Person("Étienne", "Delattre", 51, "HDF"), severity=-0.8, trades=("direction-photo", "cadre")),
    Reader(people.Person("Salomé", "Kerbrat", 31, "BRE"), severity=-0.2, trades=("prise-de-son", "mixage", "decors")),
    Reader(
        people.Person("Idriss", "Mansour", 42, "ARA"),
        severity=0.3,
        trades=("production", "distribution", "festivals"),
        employers="Netflix France",
    ),
)
"""Nadia first. The others read with her."""

FIRST, SECOND, LAST = "first", "second", "last"
"""The files in the order in which they are read: decided by the first list, by the second one, not decided yet."""


def prepared(season) -> None:
    """Readers say what they know and whom; files are shared out; two stand aside, and others read in their place."""
    for user, reader in zip(season.jury, READERS, strict=True):
        _introduce(user, reader, now=season.days_ago(50, 4))
    sharing.distribute(season.closed, actor=season.coordinator, now=season.days_ago(38))
    shared = Assignment.objects.filter(application__cohort=season.closed).exclude(reviewer=season.jury[0])
    for assignment in shared.select_related("application__cohort", "reviewer").order_by("id")[:2]:
        reader = assignment.reviewer
        sharing.recuse(assignment.application, reader, actor=reader, now=season.days_ago(37, 0.4))
    _split(season)


def _introduce(user, reader: Reader, *, now) -> None:
    told = {"schools": reader.schools, "employers": reader.employers, "addresses": reader.addresses}
    trades = list(Trade.objects.filter(slug__in=reader.trades))
    profiles.save_profile(user, trades=trades, **told, actor=user, now=now)


def _split(season) -> None:
    """Which files are read when: the cast as their roles want it, the others by chance; Nadia reads some at the end."""
    sent = Application.objects.filter(cohort=season.closed, state=Application.State.SUBMITTED)
    files = list(sent.select_related("cohort", "candidate").prefetch_related("wishes__trade").order_by("id"))
    cast = {people.THAIS.email: FIRST, people.AWA.email: SECOND, people.LINA.email: SECOND}
    others = [application for application in files if application.candidate.email not in cast]
    season.crowd.rng.shuffle(others)
    plan, hers = season.plan, set(season.jury[0].assignments.values_list("application_id", flat=True))
    mine = [application.pk for application in others if application.pk in hers]
    at_the_end = set(mine[-max(1, plan.unread // 2) :])
    left = iter(sorted(others, key=lambda application: application.pk in at_the_end))
    for group, count in ((FIRST, plan.first), (SECOND, plan.second), (LAST, plan.last)):
        named = [application for application in files if cast.get(application.candidate.email) == group]
        season.files[group] = [*named, *(next(left) for _file in range(count - len(named)))]


# --- Opinions -----------------------------------------------------------------------------------


def read(season, files: list[Application], *, days: float, spread: float, but: Iterable[tuple[int, int]] = ()) -> None:
    """Everybody gives an opinion on these files, so many days ago; save the (file, reader) that are left out."""
    criteria, rng, left_out = criteria_of(season.closed), season.crowd.rng, set(but)
    worth = {application.pk: _worth(season, application) for application in files}
    readers = {user.pk: (user, reader) for user, reader in zip(season.jury, READERS, strict=True)}
    by_pk = {application.pk: application for application in files}
    given = Assignment.objects.filter(application__in=files).order_by("id").values_list("application_id", "reviewer_id")
    for pk, reader_pk in given:
        if (pk, reader_pk) in left_out:
            continue
        user, reader = readers[reader_pk]
        scores = {criterion.pk: _score(rng, worth[pk] + reader.severity) for criterion in criteria}
        _give(season, by_pk[pk], user, criteria, scores, now=season.days_ago(days, spread))


def _worth(season, application: Application) -> float:
    """What a file is worth, before anybody reads it: the cast is liked."""
    cast = {people.THAIS.email: 4.6, people.AWA.email: 4.4, people.LINA.email: 4.4}
    return cast.get(application.candidate.email) or season.crowd.rng.gauss(3.3, 0.8)


def _score(rng, about: float) -> int:
    return min(5, max(1, round(rng.gauss(about, 0.7))))


def _give(season, application: Application, reader, criteria: list[Criterion], scores: dict[int, int], *, now) -> None:
    like = round(float(readings.weighted_mean(criteria, scores)))
    comment = season.crowd.juror.comment(like, trade=application.ranked_trades[0])
    readings.review(application, reader, scores=scores, comment=comment, now=now)


# --- What is under way --------------------------------------------------------------------------


def reading(season) -> None:
    """The last files: some read, some by one reader only, on one nobody agrees; Nadia has begun two."""
    nadia, files = season.jury[0], season.files[LAST]
    hers = set(nadia.assignments.values_list("application_id", flat=True))
    pending, unread = files[: season.plan.pending], files[season.plan.pending :]
    apart = next((application for application in pending if application.pk in hers), None)
    open_pairs = _left_open(season, unread)
    disputed = {(apart.pk, one.reviewer_id) for one in apart.assignments.all()} if apart else set()
    read(season, files, days=0.9, spread=0.6, but=open_pairs | disputed)
    if apart:
        _dispute(season, apart)
    begun = [application for application in unread if (application.pk, nadia.pk) in open_pairs]
    for application, words in zip(begun, BEGUN, strict=False):
        scores = dict.fromkeys([criterion.pk for criterion in criteria_of(season.closed)[:2]], 4)
        readings.save_draft(application, nadia, scores=scores, comment=words, now=season.days_ago(0.2, 0.1))
    _write_notes(season, files)


BEGUN = (
    "Une voix, tout de suite. La fin du projet reste à préciser, j’y reviens.",
    "À relire à tête reposée : beaucoup d’envie, et un métier qui n’est peut-être pas celui qui est nommé.",
)
"""What Nadia has written so far, and not given."""


def _left_open(season, files: list[Application]) -> set[tuple[int, int]]:
    """Nadia has read none of these, the others about half."""
    nadia, rng = season.jury[0].pk, season.crowd.rng
    assigned = Assignment.objects.filter(application__in=files).order_by("id")
    pairs = assigned.values_list("application_id", "reviewer_id")
    return {(pk, reader) for pk, reader in pairs if reader == nadia or rng.random() < 0.4}


def _dispute(season, application: Application) -> None:
    """Nadia and somebody else, three points between them: a third person is asked."""
    criteria = criteria_of(season.closed)
    assigned = Assignment.objects.filter(application=application).select_related("reviewer").order_by("id")
    for like, assignment in zip((5, 2), assigned, strict=False):
        scores = {criterion.pk: like for criterion in criteria}
        _give(season, application, assignment.reviewer, criteria, scores, now=season.days_ago(1, 0.3))
    sharing.ask_third_reading([application], actor=season.coordinator, now=season.days_ago(0.4, 0.1))


FLAGGED = (
    "À la fin du projet, cette personne parle d’un logement qu’elle va perdre. Quelqu’un peut-il prendre de ses "
    "nouvelles, quelle que soit la décision ?"
)
ASKED = (
    "Le film existe-t-il déjà, ou s’agit-il d’un projet ? Le texte dit les deux, et cela change ma lecture.",
    "À quelle période le service civique se termine-t-il ? Les rendez-vous en dépendent.",
)
FORWARDED = (
    "En relisant votre dossier, il nous manque une précision : votre service civique se termine-t-il avant "
    "l’été ? Deux lignes suffisent, en réponse à ce courriel."
)


def _write_notes(season, files: list[Application]) -> None:
    """One point to look at, one question that waits, one that a coordinator sent on in her words."""
    assigned = Assignment.objects.filter(application__in=files[1 : season.plan.pending])
    mine = assigned.select_related("application__cohort", "application__candidate", "reviewer").order_by("id")
    written = (
        (Note.Kind.FLAG, FLAGGED),
        (Note.Kind.QUESTION, ASKED[0]),
        (Note.Kind.QUESTION, ASKED[1]),
    )
    for assignment, (kind, text) in zip(mine, written, strict=False):
        now = season.days_ago(0.6, 0.1)
        note = notes.write(assignment.application, assignment.reviewer, kind=kind, text=text, now=now)
        if text == ASKED[1]:
            notes.forward(note, FORWARDED, actor=season.coordinator, now=season.days_ago(0.3, 0.1))

"""What coordinators make of the opinions: lists, announcements by two people, places confirmed, drafts to compare."""

from collections import Counter

from applications import minors
from applications import transitions as applications
from applications.choices import Gender
from applications.models import Application
from applications.queries import places_to_lapse
from cohorts.models import Audience
from reviews import adopting, releasing, selecting
from reviews import transitions as reviews
from reviews.forms import READY_REASONS
from reviews.models import Decision, Selection
from tests.season import families, jury, people

ACCEPTED, WAITLISTED, REJECTED = (
    Application.State.ACCEPTED,
    Application.State.WAITLISTED,
    Application.State.REJECTED,
)

SHARED_REASONS = (
    "Nous avons aimé votre énergie, et cette façon de parler des gens que vous filmez. Il manquait à votre dossier "
    "une idée plus nette de ce qu’un·e mentor·e pourrait vous apprendre\u00a0: commencez par là la prochaine fois.",
    str(READY_REASONS["metier"]),
    None,
    f"{READY_REASONS['beaucoup']}\n\n{READY_REASONS['precision']}",
    None,
    "Votre projet est prêt à se tourner, presque sans nous\u00a0: montrez-le, il trouvera ses alliés.",
)
"""What the coordinators chose to say, or not."""

PARITY_REASON = (
    "Les métiers de l’image et du son comptent encore peu de femmes\u00a0: la promotion leur garde au moins ces places."
)
MOVED_UP = "Une troisième lecture, à voix haute en commission, a levé l’hésitation sur le projet."
MOVED_DOWN = "Commence une formation à plein temps en mai\u00a0: ne pourrait pas tenir les rendez-vous."
OF_THE_CAST = "Les deux lectures disent la même chose\u00a0: une place, sans hésiter."


def selected(season) -> None:
    """Two announcements, nine and two days ago; what came of the first one; the last files are being read."""
    plan = season.plan
    jury.read(season, season.files[jury.FIRST], days=24, spread=11)
    _announce(season, days=9, places=plan.kept, waiting=plan.waitlisted, cast=[people.THAIS.email])
    _confirm(season)
    for application in places_to_lapse(season.days_ago(1)):
        applications.lapse(application, now=season.days_ago(1))
    jury.read(season, season.files[jury.SECOND], days=6, spread=2)
    _announce(season, days=2, places=plan.kept_later, waiting=0, cast=[people.AWA.email, people.LINA.email])
    jury.reading(season)
    _mark_some(season)
    _compare(season)


# --- Lists --------------------------------------------------------------------------------------


def _announce(season, *, days: float, places: int, waiting: int, cast: list[str]) -> None:
    """A list of what is read and not decided, touched up by hand, adopted; proposed by one, confirmed by another."""
    claire, moussa = season.coordinator, season.colleague
    selection = _compose(season, places, waiting, pupils=places // 5, now=season.days_ago(days + 1.05))
    _touch_up(season, selection, cast, now=season.days_ago(days + 1.03))
    adopting.adopt(selection, actor=claire, now=season.days_ago(days + 1))
    _share_reasons(season, selection, now=season.days_ago(days + 0.95))
    release = releasing.propose(season.closed, actor=claire, now=season.days_ago(days + 0.12))
    if season.closed.needs_two_people:
        releasing.confirm(release, actor=moussa, now=season.days_ago(days + 0.04))
    releasing.work(release, now=season.days_ago(days))


def _compose(season, places: int, waiting: int, *, pupils: int, now) -> Selection:
    """The best list of the files read by now; `pupils` (0: no bounds) have places kept, and so has a share of women and
    non-binary people, as far as there are any.
    """
    files, _unread = selecting.eligible(season.closed)
    waiting_now = Application.objects.filter(pk__in=[file.application_id for file in files])
    audiences = Counter(waiting_now.values_list("audience", flat=True))
    counting = waiting_now.filter(gender__in=(Gender.WOMAN, Gender.NON_BINARY)).count()
    has_share = pupils and counting >= 0.6 * places
    return selecting.compose(
        season.closed,
        basis=Selection.Basis.ADJUSTED,
        places=places,
        waiting=waiting,
        audience_minimums={Audience.PUPIL: min(pupils, audiences[Audience.PUPIL])},
        parity_percent=50 if has_share else None,
        parity_reason=PARITY_REASON if has_share else "",
        actor=season.coordinator,
        now=now,
    )


def _touch_up(season, selection: Selection, cast: list[str], *, now) -> None:
    """What people change: the cast has its role, and one file goes up as another goes down."""
    lines = selection.lines.select_related("selection__cohort", "application__candidate")
    for line in lines.filter(application__candidate__email__in=cast).exclude(outcome=ACCEPTED):
        last = lines.filter(outcome=ACCEPTED).exclude(application__candidate__email__in=cast).last()
        _swap(season, last, line, OF_THE_CAST, now=now)
    if season.plan.waitlisted > 5 and selection.waiting:
        last = lines.filter(outcome=ACCEPTED).exclude(application__candidate__email__in=cast).last()
        _swap(season, last, lines.filter(outcome=WAITLISTED)[1], MOVED_UP, now=now)


def _swap(season, down, up, why: str, *, now) -> None:
    """One line comes into the accepted as another leaves them."""
    below = WAITLISTED if down.selection.waiting else REJECTED
    selecting.move_line(down, outcome=below, position=1, reason=MOVED_DOWN, actor=season.coordinator, now=now)
    up.refresh_from_db()
    selecting.move_line(up, outcome=ACCEPTED, reason=why, actor=season.coordinator, now=now)


def _share_reasons(season, selection: Selection, *, now) -> None:
    """Two people out of three who are refused read why."""
    refused = selection.decisions.filter(outcome=Decision.Outcome.REJECTED).select_related("application__cohort")
    for place, decision in enumerate(refused.order_by("application_id")):
        if reason := SHARED_REASONS[place % len(SHARED_REASONS)]:
            reviews.change_reason(decision.application, reason, actor=season.coordinator, now=now)


def _mark_some(season) -> None:
    """A few of the last files are decided by hand already: nothing is published of it."""
    read = season.files[jury.LAST][1 : season.plan.pending]
    for place, application in enumerate(read[-season.plan.pending // 4 :]):
        outcome = (ACCEPTED, WAITLISTED, REJECTED)[place % 3]
        reviews.mark(application, outcome, actor=season.coordinator, now=season.days_ago(0.25, 0.1))


def _compare(season) -> None:
    """Two drafts of the same files, one without bounds and one with: nothing of either is decided."""
    places = min(8, selecting.free_places(season.closed), season.plan.pending)
    if places < 1:
        return
    waiting = 2 * places
    _compose(season, places, waiting, pupils=0, now=season.days_ago(0.12, 0.01))
    bound = _compose(season, places, waiting, pupils=max(1, places // 3), now=season.days_ago(0.1, 0.01))
    up = bound.lines.filter(outcome=WAITLISTED).select_related("selection__cohort").first()
    down = bound.lines.filter(outcome=ACCEPTED).select_related("selection__cohort").last()
    if up and down:
        _swap(season, down, up, MOVED_UP, now=season.days_ago(0.05, 0.01))


# --- Places -------------------------------------------------------------------------------------


def _confirm(season) -> None:
    """The accepted take their places, minors once their representative has signed; some forget."""
    accepted = Application.objects.filter(cohort=season.closed, state=ACCEPTED).select_related("cohort", "candidate")
    kept = sorted(accepted, key=lambda application: application.candidate.email != people.THAIS.email)
    for application in kept[: len(kept) - season.plan.forgotten]:
        when = season.days_ago(6, 1.8)
        if minors.is_minor(application) and not families.authorised(season, application):
            continue
        applications.confirm(application, actor=application.candidate, now=when)

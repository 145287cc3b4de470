"""Whoever falls free is paired again, without anybody having to think of it: a repair is a calculation that the clock
asks for, and where the cohort says so it is published by itself.

Nothing is kept of who is to be repaired: it is derived from who is free, and from whether anything that counts has
changed since the latest calculation (its fingerprint). A missed beat catches up, a second one does nothing.
"""

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone

from applications.models import Application
from cohorts.models import Cohort
from lifecycle import journal
from lifecycle.refusals import Refusal
from matching import instances, publishing, transitions
from matching.models import Proposal, Run, Unmatched

State = Proposal.State

FOR_A_PERSON = (
    Unmatched.Kind.TRIES,
    Unmatched.Kind.RULES,
    Unmatched.Kind.NOBODY,
    Unmatched.Kind.SCARCITY,
    Unmatched.Kind.BY_HAND,
)
"""Why somebody is left to the coordination; whoever lacks an authorisation is not: that is what is awaited."""

SAME_AGAIN = 3
"""Calculations that say the same are not asked for once more, whatever became of their drafts."""


# --- The clock ----------------------------------------------------------------------------------


def request_due(*, now) -> int:
    """Ask for a calculation in each cohort where somebody is free and something has changed. Returns how many."""
    published = Run.objects.filter(published_at__isnull=False).values("cohort_id")
    running = Cohort.objects.filter(pk__in=published, ends_on__gte=timezone.localdate(now)).order_by("pk")
    return sum(_request(cohort, now) for cohort in running if is_due(cohort, now))


def _request(cohort: Cohort, now) -> bool:
    latest = _latest_done(cohort)
    parity = next((floor["percent"] for floor in latest.parameters.get("floors", ())), None)
    try:
        transitions.request_run(
            cohort,
            kind=Run.Kind.REPAIR,
            parity_percent=parity if cohort.parity_percent else None,
            keeps_offers=latest.parameters.get("keeps_offers", False),
            actor=journal.CLOCK,
            now=now,
        )
    except Refusal:
        return False  # a coordinator has just asked for one
    return True


def is_due(cohort: Cohort, now) -> bool:
    """Whether a calculation would find something that the latest one did not know."""
    runs = Run.objects.filter(cohort=cohort)
    newest = runs.order_by("-requested_at", "-pk").first()
    if newest is None or newest.state != Run.State.DONE or runs.publishing().exists():
        return False
    people = free(cohort)
    if not people.exists():
        return False
    latest = _latest_done(cohort)
    known = latest.parameters.get("fingerprint")
    if instances.of(cohort, now, floors=latest.parameters.get("floors", ())).fingerprint() != known:
        return True
    lost = people.exclude(Exists(Unmatched.objects.filter(run=latest, application=OuterRef("pk"))))
    lost = lost.exclude(Exists(latest.proposals.filter(application=OuterRef("pk"), state=State.DRAFT)))
    # Everything is as it was, save that an offer of hers was taken back, or a draft before it could be one.
    never_out = latest.proposals.filter(application=OuterRef("pk"), offered_at__isnull=True)
    if latest.published_at is None or lost.exclude(Exists(never_out)).exists():
        return lost.exists()
    return lost.exists() and runs.filter(parameters__fingerprint=known).count() < SAME_AGAIN


def publish_due(*, now) -> int:
    """Have repairs published where the cohort lets the next offers leave by themselves. Returns how many."""
    repairs = Run.objects.publishable().filter(
        kind=Run.Kind.REPAIR, cohort__offers_again_by_itself=True, cohort__ends_on__gte=timezone.localdate(now)
    )
    return sum(_publish(run, now) for run in repairs.select_related("cohort").order_by("pk"))


def _publish(run: Run, now) -> bool:
    if _waits_for_a_person(run):
        return False
    try:
        publishing.ask(run, actor=journal.CLOCK, now=now)
    except Refusal:
        return False  # a coordinator was quicker, or asks for something else
    return True


def _waits_for_a_person(run: Run) -> bool:
    """Whether a coordinator has asked for a whole calculation and not published it: nothing of it leaves by itself, not
    even through the repair that replaced it.
    """
    before = Run.objects.filter(cohort=run.cohort_id, state=Run.State.DONE, requested_at__lte=run.requested_at)
    published = before.filter(published_at__isnull=False).order_by("-requested_at", "-pk").values("requested_at")[:1]
    mine = before.filter(kind=Run.Kind.WHOLE, published_at__isnull=True, proposals__isnull=False)
    return mine.filter(requested_at__gt=Subquery(published)).exists()


# --- Who is where -------------------------------------------------------------------------------


def free(cohort: Cohort) -> QuerySet[Application]:
    """Those who confirmed their place, and for whom nothing is out with a mentor."""
    live = Proposal.objects.live().filter(application=OuterRef("pk"))
    return Application.objects.filter(~Exists(live), cohort=cohort, state=Application.State.CONFIRMED)


def _latest_done(cohort: Cohort) -> Run:
    return Run.objects.filter(cohort=cohort, state=Run.State.DONE).order_by("-requested_at", "-pk").first()


def to_place_by_hand(cohorts) -> QuerySet[Unmatched]:
    """« À placer à la main »: who is free and was left out by the latest calculation of her cohort, with the reason."""
    live = Proposal.objects.live().filter(application=OuterRef("application"))
    done = Run.objects.filter(cohort=OuterRef("application__cohort"), state=Run.State.DONE)
    latest = done.order_by("-requested_at", "-pk").values("pk")[:1]
    return Unmatched.objects.filter(
        ~Exists(live),
        kind__in=FOR_A_PERSON,
        application__cohort__in=cohorts,
        application__state=Application.State.CONFIRMED,
        run=Subquery(latest),
    )


def to_send(cohorts) -> QuerySet[Proposal]:
    """What repairs propose, and a coordinator has to send: where the cohort does not let it leave by itself, or where a
    calculation of hers comes first.
    """
    runs = Run.objects.publishable().filter(kind=Run.Kind.REPAIR, cohort__in=cohorts)
    return Proposal.objects.filter(run__in=runs, state=State.DRAFT)

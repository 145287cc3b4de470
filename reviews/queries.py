"""Reads for the jury's pages and for the selection."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Avg, Count, Exists, F, OuterRef, Q, QuerySet

from accounts.models import User
from accounts.roles import Role
from applications import minors
from applications.models import Application
from cohorts.models import Cohort
from consents.models import GuardianAuthorisation
from lifecycle import journal
from reviews.jury import jury_of
from reviews.models import Assignment, Decision, Recusal, Release, Review

State, Outcome = Application.State, Decision.Outcome


def readable_by(user):
    """The files a jury member may open: assigned to her, in a cohort whose jury she is on, sent and not withdrawn, of
    somebody she does not know.
    """
    scopes = [scope for role, scope in user.held_roles if role == Role.JURY]
    cohort_ids = [int(scope.rpartition(":")[2]) for scope in scopes]
    mine = Assignment.objects.filter(reviewer=user, application=OuterRef("pk"))
    recused = Recusal.objects.filter(reviewer=user, application=OuterRef("pk"))
    sent = Application.objects.sent().exclude(state=State.WITHDRAWN)
    return sent.filter(Exists(mine), ~Exists(recused), cohort__in=cohort_ids)


def to_read(user):
    """Her files with what she gave (`my_score`) and whether she began (`is_begun`), the unread ones first, then by
    reference. Nothing here tells what others think, their order neither.
    """
    mine = Review.objects.filter(reviewer=user, application=OuterRef("pk"))
    begun = Assignment.objects.filter(reviewer=user, application=OuterRef("pk"), saved_at__isnull=False)
    files = readable_by(user).annotate(is_read=Exists(mine), my_score=mine.values("score")[:1], is_begun=Exists(begun))
    return (
        files.select_related("cohort", "candidate").prefetch_related("wishes__trade").order_by("is_read", "reference")
    )


def reading_progress(user) -> dict[str, int]:
    """How many files she has read (`read`), how many wait for her (`left`), and both (`total`) (1 query).

    A file that was decided before she read it waits for nobody: she would never come to the end.
    """
    mine = Review.objects.filter(reviewer=user, application=OuterRef("pk"))
    return readable_by(user).aggregate(
        total=Count("pk", filter=Exists(mine) | Q(state=State.SUBMITTED)),
        read=Count("pk", filter=Exists(mine)),
        left=Count("pk", filter=~Exists(mine) & Q(state=State.SUBMITTED)),
    )


def next_to_read(user, after: Application | None = None) -> Application | None:
    """The unread file that follows in the order of references, going round to the first; None when all are read."""
    unread = to_read(user).filter(is_read=False, state=State.SUBMITTED).prefetch_related(None)
    if after is None:
        return unread.first()
    unread = unread.exclude(pk=after.pk)
    return unread.filter(reference__gt=after.reference).first() or unread.first()


def may_see_scores(user, application) -> bool:
    """Coordinators always; a jury member once she has given her own."""
    return user.is_coordinator or Review.objects.filter(application=application, reviewer=user).exists()


@dataclass(frozen=True)
class Figures:
    """Where the selection of a cohort stands."""

    states: Counter
    outcomes: Counter
    promised: int
    without_decision: int
    places: int
    held: int
    under_read: int
    unassigned: int

    @property
    def received(self) -> int:
        """Files in the running or past it: sent, and not withdrawn."""
        return sum(count for state, count in self.states.items() if state not in (State.DRAFT, State.WITHDRAWN))

    @property
    def pending(self) -> int:
        return self.outcomes.total()

    @property
    def accepted(self) -> int:
        return self.outcomes[Outcome.ACCEPTED]

    @property
    def waitlisted(self) -> int:
        return self.outcomes[Outcome.WAITLISTED]

    @property
    def rejected(self) -> int:
        return self.outcomes[Outcome.REJECTED]

    @property
    def taken(self) -> int:
        """Places held once every decision is applied: those of an announcement under way, and the pending ones."""
        return self.held + self.promised + self.accepted

    @property
    def free(self) -> int:
        return max(0, self.places - self.taken)

    @property
    def excess(self) -> int:
        """Acceptances beyond the places: more than zero, and nothing can be published."""
        return max(0, self.taken - self.places)


def figures(cohort: Cohort) -> Figures:
    """Counts for the selection page (4 queries)."""
    files = Application.objects.filter(cohort=cohort)
    states = Counter(dict(files.order_by().values_list("state").annotate(Count("pk"))))
    pending = Decision.objects.pending().filter(application__cohort=cohort)
    promised = Decision.objects.promised().filter(application__cohort=cohort)
    marked = Exists(Decision.objects.filter(application=OuterRef("pk"), state=Decision.State.PENDING))
    readings = files.filter(state=State.SUBMITTED).annotate(
        given=Count("reviews", distinct=True), asked=Count("assignments", distinct=True), is_marked=marked
    )
    short = readings.aggregate(
        without_decision=Count("pk", filter=Q(is_marked=False)),
        under_read=Count("pk", filter=Q(given__lt=cohort.reviews_per_file)),
        unassigned=Count("pk", filter=Q(asked__lt=cohort.reviews_per_file)),
    )
    return Figures(
        states=states,
        outcomes=Counter(dict(pending.order_by().values_list("outcome").annotate(Count("pk")))),
        promised=promised.count(),
        places=cohort.places,
        held=sum(states[state] for state in Application.PLACE_STATES),
        **short,
    )


def jury_progress(cohort: Cohort) -> QuerySet[User]:
    """The jury of a cohort, each with how many files she was given (`asked`) and has read (`given`)."""
    asked = Q(assignments__application__cohort=cohort) & ~Q(assignments__application__state=State.WITHDRAWN)
    mine = Review.objects.filter(
        application=OuterRef("assignments__application"), reviewer=OuterRef("pk"), application__cohort=cohort
    )
    return (
        jury_of(cohort)
        .annotate(
            asked=Count("assignments", filter=asked, distinct=True),
            given=Count("assignments", filter=asked & Q(Exists(mine)), distinct=True),
        )
        .order_by("first_name", "last_name", "pk")
    )


def pending_decisions(cohort: Cohort) -> QuerySet[Decision]:
    """What is marked and not published, each with the file, its mean score and how many gave one."""
    return (
        Decision.objects.pending()
        .filter(application__cohort=cohort)
        .select_related("application__candidate", "application__cohort")
        .annotate(mean=Avg("application__reviews__score"), given=Count("application__reviews"))
        .order_by("outcome", F("mean").desc(nulls_last=True), "application__sent_at", "application_id")
    )


def awaiting_authorisation(decisions, cohort: Cohort) -> set[int]:
    """Ids of the files of minors that get, or may get, a place before their authorisation: « sous réserve »."""
    authorised = set(GuardianAuthorisation.objects.given_for(journal.ref(cohort)).values_list("person_id", flat=True))
    kept = (decision.application for decision in decisions if decision.outcome != Outcome.REJECTED)
    return {a.pk for a in kept if a.candidate_id not in authorised and minors.is_minor(a)}


@dataclass(frozen=True)
class Progress:
    """How far an announcement has come."""

    release: Release
    total: int
    applied: int


def releases(cohort: Cohort) -> list[Progress]:
    """The announcements of a cohort, the latest first, each with how many decisions are applied."""
    applied = Count("decisions", filter=Q(decisions__state=Decision.State.PUBLISHED))
    rows = Release.objects.filter(cohort=cohort).annotate(total=Count("decisions"), applied=applied)
    return [Progress(release, release.total, release.applied) for release in rows]


@dataclass
class Selection:
    """One line of the list of selections."""

    cohort: Cohort
    received: int = 0
    pending: int = 0
    held: int = 0
    under_way: bool = False


def selections() -> list[Selection]:
    """Every cohort with what its selection counts (4 queries)."""
    rows = {cohort.pk: Selection(cohort) for cohort in Cohort.objects.order_by("-starts_on")}
    counts = Application.objects.order_by().values_list("cohort_id", "state").annotate(Count("pk"))
    for cohort_id, state, count in counts:
        rows[cohort_id].received += count if state not in (State.DRAFT, State.WITHDRAWN) else 0
        rows[cohort_id].held += count if state in Application.PLACE_STATES else 0
    marked = Decision.objects.pending().order_by().values_list("application__cohort").annotate(Count("pk"))
    for cohort_id, count in marked:
        rows[cohort_id].pending = count
    for cohort_id in Release.objects.filter(state__in=Release.OPEN_STATES).values_list("cohort_id", flat=True):
        rows[cohort_id].under_way = True
    return list(rows.values())

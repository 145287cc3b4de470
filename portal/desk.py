"""What the admin's first page tells: the funnel of each cohort, and what waits for somebody today."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from allauth.mfa.models import Authenticator
from django.db.models import Count, IntegerField, Min, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy

from accounts.models import Grant, User
from accounts.roles import Role
from applications.models import Application, Document
from cohorts.models import Cohort, DocumentAsked
from cohorts.moments import day, moment
from matching.models import Proposal, Run
from mentors.models import MentorProfile
from mentorships.models import Mentorship
from notifications.models import RefusingAddress
from portal import authorisations
from portal.authorisations import Follow
from reviews.models import Assignment, Decision, Review
from reviews.queries import to_read

COHORT_REF = f"{Cohort._meta.label_lower}:"


@dataclass(frozen=True)
class Stage:
    """One step of the funnel: how many files came that far, the length of its bar, its share of the files sent."""

    name: str
    count: int
    percent: int
    of_sent: int | None


@dataclass(frozen=True)
class Waiting:
    """Something that waits for a person: the sentence, how many, and the list where it is done ('' when none)."""

    sentence: str
    count: int
    url: str


@dataclass(frozen=True)
class CohortDesk:
    """One cohort on the first page."""

    cohort: Cohort
    phase_words: str
    stages: list[Stage]
    waiting: list[Waiting]


@dataclass(frozen=True)
class Reading:
    """How far a member of the jury has come."""

    total: int
    read: int
    url: str

    @property
    def left(self) -> int:
        return self.total - self.read

    @property
    def percent(self) -> int:
        return round(100 * self.read / self.total) if self.total else 0


def cohort_desks(now) -> list[CohortDesk]:
    """Every cohort that is not over, the next to start first (3 queries, however many cohorts)."""
    cohorts = list(_with_counts(Cohort.objects.current(now), now))
    files, minors = _files_by_cohort(cohorts), authorisations.counts_by_cohort(cohorts, now)
    return [
        CohortDesk(c, _phase(c, now), _stages(c, files.get(c.pk, {})), _waiting(c, minors.get(c.pk, {})))
        for c in cohorts
    ]


def asks_documents(now) -> bool:
    """Whether a cohort that is not over asks documents of its candidates."""
    return DocumentAsked.objects.filter(cohort__in=Cohort.objects.current(now)).exists()


def documents_waiting() -> tuple[int, datetime | None]:
    """How many documents wait to be verified, and since when the oldest one does (1 query)."""
    waiting = Document.objects.to_clean().order_by().aggregate(count=Count("pk"), oldest=Min("received_at"))
    return waiting["count"], waiting["oldest"]


def refusing_addresses() -> int:
    """How many addresses are known to refuse mail (1 query)."""
    return RefusingAddress.objects.count()


def _with_counts(cohorts: QuerySet[Cohort], now) -> QuerySet[Cohort]:
    files = Application.objects.filter(cohort=OuterRef("pk"))
    # While the call is open files still come in; the coordinators hand them out once it is closed.
    unread = files.filter(state=Application.State.SUBMITTED, assignments=None, cohort__closes_at__lte=now)
    pairs = Mentorship.objects.filter(application__cohort=OuterRef("pk"))
    offers = Proposal.objects.filter(run__cohort=OuterRef("pk"), state=Proposal.State.OFFERED)
    return cohorts.annotate(
        n_read=_count(Review.objects.filter(application__cohort=OuterRef("pk")), "application", distinct=True),
        n_matched=_count(pairs, "application", distinct=True),
        n_pending=_count(Decision.objects.pending().filter(application__cohort=OuterRef("pk"))),
        n_without_reader=_count(unread),
        n_offers=_count(offers),
        n_late_offers=_count(offers.filter(expires_at__lt=now)),
        n_runs=_count(Run.objects.publishable().filter(cohort=OuterRef("pk"))),
    )


def _count(rows: QuerySet, field: str = "pk", *, distinct: bool = False) -> Coalesce:
    """The number of these rows of the outer cohort, as one subquery."""
    counted = rows.order_by().annotate(_one=Value(1)).values("_one").annotate(n=Count(field, distinct=distinct))
    return Coalesce(Subquery(counted.values("n"), output_field=IntegerField()), 0)


def _files_by_cohort(cohorts: list[Cohort]) -> dict[int, dict]:
    """How far the files of each cohort came. What was not announced to its candidate does not count as decided."""
    told = Q(announced_at__isnull=False, masked_state="")
    rows = (
        Application.objects.filter(cohort__in=cohorts)
        .order_by()
        .values("cohort")
        .annotate(
            started=Count("pk"),
            sent=Count("pk", filter=Q(sent_at__isnull=False)),
            decided=Count("pk", filter=told),
            accepted=Count("pk", filter=told & Q(confirm_by__isnull=False)),
            confirmed=Count("pk", filter=Q(confirmed_at__isnull=False)),
        )
    )
    return {row["cohort"]: row for row in rows}


def _phase(cohort: Cohort, now) -> str:
    """Where the season stands, in one sentence with its next date."""
    if now < cohort.opens_at:
        return _("L’appel ouvre le %s.") % moment(cohort.opens_at)
    if now < cohort.closes_at:
        return _("L’appel se clôt le %s.") % moment(cohort.closes_at)
    today = timezone.localdate(now)
    if today <= cohort.decisions_on:
        return _("L’appel est clos, les réponses sont attendues le %s.") % day(cohort.decisions_on)
    if today < cohort.starts_on:
        return _("L’accompagnement commence le %s.") % day(cohort.starts_on)
    return _("L’accompagnement dure jusqu’au %s.") % day(cohort.ends_on)


def _stages(cohort: Cohort, files: dict) -> list[Stage]:
    counts = [
        (_("commencées"), files.get("started", 0)),
        (_("envoyées"), files.get("sent", 0)),
        (_("lues par le jury"), cohort.n_read),
        (_("réponses annoncées"), files.get("decided", 0)),
        (_("acceptées"), files.get("accepted", 0)),
        (_("places confirmées"), files.get("confirmed", 0)),
        (_("en binôme"), cohort.n_matched),
    ]
    top = max(count for _name, count in counts)
    sent = files.get("sent", 0)
    return [
        Stage(name, count, _share(count, top), _share(count, sent) if n > 1 else None)
        for n, (name, count) in enumerate(counts)
    ]


def _share(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0


def _waiting(cohort: Cohort, minors: dict[str, int]) -> list[Waiting]:
    n = cohort
    found = [
        Waiting(
            ngettext("%d dossier sans lecteur·rice", "%d dossiers sans lecteur·rice", n.n_without_reader)
            % n.n_without_reader,
            n.n_without_reader,
            reverse("admin:reviews_selection", args=[cohort.pk]),
        ),
        Waiting(
            ngettext("%d décision à publier", "%d décisions à publier", n.n_pending) % n.n_pending,
            n.n_pending,
            reverse("admin:reviews_selection", args=[cohort.pk]),
        ),
        *_authorisations(cohort, minors),
        Waiting(
            ngettext("%d calcul d’appariement à publier", "%d calculs d’appariement à publier", n.n_runs) % n.n_runs,
            n.n_runs,
            reverse("admin:matching_run_cohort", args=[cohort.pk]),
        ),
        Waiting(_offers(n), n.n_offers, list_url("matching", "proposal", state__exact="OFFERED", cohort=cohort.pk)),
    ]
    return [item for item in found if item.count]


def _authorisations(cohort: Cohort, counts: dict[str, int]) -> list[Waiting]:
    """What is to be done about the authorisations of minors, and for those who are followed by hand."""
    files = partial(list_url, "applications", "application", cohort=cohort.pk)
    lines = [
        (Follow.TO_CALL, ngettext_lazy("%d représentant·e à rappeler", "%d représentant·es à rappeler")),
        ("REFUSED", ngettext_lazy("%d autorisation refusée", "%d autorisations refusées")),
        ("WITHDRAWN", ngettext_lazy("%d autorisation retirée", "%d autorisations retirées")),
        (
            Follow.SILENT,
            ngettext_lazy(
                "%d autorisation sans réponse depuis 14 jours", "%d autorisations sans réponse depuis 14 jours"
            ),
        ),
        (
            "REQUESTED",
            ngettext_lazy("%d autorisation parentale attendue", "%d autorisations parentales attendues"),
        ),
        (
            Follow.OUTING,
            ngettext_lazy("%d autorisation attendue pour une sortie", "%d autorisations attendues pour une sortie"),
        ),
    ]
    by_hand = counts.get("by_hand", 0)
    told = ngettext("%d suivi manuel sans mentor·e", "%d suivis manuels sans mentor·e", by_hand) % by_hand
    return [
        *(_line(words, counts.get(value, 0), files(authorisation=value)) for value, words in lines),
        Waiting(told, by_hand, files(by_hand="binome")),
    ]


def _line(words, count: int, url: str) -> Waiting:
    return Waiting(words % count, count, url)


def _offers(cohort) -> str:
    sentence = ngettext("%d proposition sans réponse", "%d propositions sans réponse", cohort.n_offers)
    if cohort.n_late_offers:
        sentence += ngettext(", dont %d hors délai", ", dont %d hors délai", cohort.n_late_offers)
        return sentence % (cohort.n_offers, cohort.n_late_offers)
    return sentence % cohort.n_offers


def mentors_waiting() -> list[Waiting]:
    """Mentors who applied and whom nobody has approved or declined yet."""
    count = MentorProfile.objects.filter(state=MentorProfile.State.APPLIED).count()
    sentence = ngettext("%d mentor·e à valider", "%d mentor·es à valider", count) % count
    return [Waiting(sentence, count, list_url("mentors", "mentorprofile", state__exact="APPLIED"))] if count else []


def reading_of(user) -> Reading:
    """The files this member of the jury has to read, and how many she has read (1 query)."""
    totals = (
        to_read(user)
        .order_by()
        .prefetch_related(None)
        .aggregate(total=Count("pk"), read=Count("pk", filter=Q(is_read=True)))
    )
    return Reading(totals["total"], totals["read"], list_url(*_model(Assignment)))


def _model(model) -> tuple[str, str]:
    return model._meta.app_label, model._meta.model_name


def list_url(app: str, model: str, **filters) -> str:
    """The address of a list in the admin, filtered; '' while no screen shows that list."""
    try:
        return reverse(f"admin:{app}_{model}_changelist", query=filters or None)
    except NoReverseMatch:
        return ""


def object_url(reference: str) -> str:
    """The admin's page of the object of a reference (`applications.application:12`); '' while it has none."""
    label, _separator, pk = reference.partition(":")
    try:
        return reverse(f"admin:{label.replace('.', '_')}_change", args=[pk])
    except NoReverseMatch:
        return ""


@dataclass(frozen=True)
class Member:
    """A member of staff on the team's page."""

    user: User
    roles: list[dict]
    has_second_factor: bool


def team() -> list[Member]:
    """Everybody who holds a role, coordinators first, with what each one holds (4 queries)."""
    grants = list(Grant.objects.select_related("user").order_by("role", "granted_at", "id"))
    cohort_names = {f"{COHORT_REF}{c.pk}": c.name for c in Cohort.objects.all()}
    users = {grant.user_id: grant.user for grant in grants}
    protected = set(Authenticator.objects.filter(user__in=users).values_list("user_id", flat=True))
    return [
        Member(
            user,
            [_role(grant, cohort_names) for grant in grants if grant.user_id == pk],
            pk in protected,
        )
        for pk, user in users.items()
    ]


def _role(grant: Grant, cohort_names: dict[str, str]) -> dict:
    label = grant.get_role_display().capitalize()
    return {
        "grant": grant,
        "label": label,
        "cohort": cohort_names.get(grant.scope, grant.scope),
        "can_be_revoked": grant.role in (Role.COORDINATOR, Role.JURY),
    }

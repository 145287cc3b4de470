"""Where the authorisations of a minor's legal representatives stand, as she reads it and as staff follow it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import CharField, Count, F, OuterRef, Q, QuerySet, Subquery, TextChoices, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications import minors
from applications.guardian_reminders import OVER, TO_STAFF
from applications.models import Application
from cohorts.models import Cohort
from consents.models import Guardian, GuardianAuthorisation

State = GuardianAuthorisation.State

# --- For the candidate --------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """Where the authorisation to take part in a cohort stands, for somebody who will be a minor there."""

    state: State = State.REQUESTED
    asked_on: date | None = None
    """When the first representative was written to; None as long as she named nobody."""
    given_on: date | None = None
    is_on_paper: bool = False
    """Given, and noted by the coordination: `given_on` is then the day that stands beside the signature."""
    is_followed_by_hand: bool = False

    @property
    def is_awaited(self) -> bool:
        """Whether it still lacks, be it refused: she cannot confirm, nor be matched."""
        return self.state != State.GIVEN

    @property
    def is_stopped(self) -> bool:
        return self.state in (State.REFUSED, State.WITHDRAWN)

    @property
    def is_hers_to_move(self) -> bool:
        """Whether she may name, correct and write again: nobody has answered, and no person of the team does it."""
        return self.state == State.REQUESTED and not self.is_followed_by_hand

    @property
    def is_named(self) -> bool:
        return self.asked_on is not None


def of_person(person) -> dict[str, GuardianAuthorisation]:
    """By scope, every authorisation asked for this person, with its representatives (2 queries)."""
    found = GuardianAuthorisation.objects.filter(person=person).prefetch_related("guardians")
    return {authorisation.scope: authorisation for authorisation in found}


def standing(application: Application, authorisations: dict[str, GuardianAuthorisation]) -> Standing | None:
    """Where the authorisation of this file stands; None for somebody who is of age when its cohort starts."""
    if not minors.is_minor(application):
        return None
    by_hand = application.candidate.is_followed_by_hand
    authorisation = authorisations.get(minors.scope(application.cohort))
    if authorisation is None:
        return Standing(is_followed_by_hand=by_hand)
    guardians = list(authorisation.guardians.all())
    asked = min((guardian.asked_at for guardian in guardians), default=None)
    is_given = authorisation.state == State.GIVEN
    return Standing(
        state=State(authorisation.state),
        asked_on=asked and timezone.localdate(asked),
        given_on=authorisation.signed_on if is_given else None,
        is_on_paper=is_given and all(guardian.state != State.GIVEN for guardian in guardians),
        is_followed_by_hand=by_hand,
    )


def outings(application: Application, authorisations: dict[str, GuardianAuthorisation]) -> list[GuardianAuthorisation]:
    """What was asked beside the mentoring itself, for this file's cohort, the first one first."""
    prefix = f"{minors.scope(application.cohort)}:"
    found = (one for scope, one in authorisations.items() if scope.startswith(prefix))
    return sorted(found, key=lambda one: one.pk)


# --- For staff ----------------------------------------------------------------------------------


class Follow(TextChoices):
    """What a coordinator follows, beside the state of the authorisation itself."""

    TO_CALL = "appel", _("appel demandé")
    SILENT = "silence", _("sans réponse depuis 14 jours")
    OUTING = "sortie", _("pour une sortie, attendue")


def scope_of(cohort_id: OuterRef | str) -> Concat:
    """The scope that an authorisation for that cohort bears, as SQL writes it."""
    return Concat(Value(f"{Cohort._meta.label_lower}:"), Cast(cohort_id, CharField()))


def with_state(files: QuerySet[Application]) -> QuerySet[Application]:
    """Files with `authorisation_state` (None: it was never asked for)."""
    asked = GuardianAuthorisation.objects.filter(person=OuterRef("candidate"), scope=scope_of(OuterRef("cohort_id")))
    return files.annotate(authorisation_state=Subquery(asked.values("state")[:1]))


def in_state(state: str) -> Q:
    """The condition, on files, that the authorisation for their cohort is in this state.

    Found from the authorisations, which are those of minors alone, however many files there are.
    """
    file = "person__applications"
    asked = GuardianAuthorisation.objects.filter(state=state, scope=scope_of(f"{file}__cohort_id"))
    return Q(pk__in=asked.values(file))


def living(files: QuerySet[Application]) -> QuerySet[Application]:
    """Files for which an authorisation still matters: neither over nor, as their candidates know, refused."""
    return files.sent().exclude(state__in=OVER).exclude(state=Application.State.REJECTED, masked_state="")


def followed(value: str, now: datetime) -> Q:
    """The condition, on files, that something of this kind is to be followed."""
    return Q(pk__in=_guardians().filter(_to_follow(now)[value]).values(FILE))


FILE = "authorisation__person__applications"
"""From a representative to the files of the person."""


def _guardians(**only) -> QuerySet[Guardian]:
    """Representatives asked for the mentoring, or for an outing, of the cohort of a file of the person."""
    scope = scope_of(f"{FILE}__cohort_id")
    here = Q(authorisation__scope=scope) | Q(authorisation__scope__startswith=Concat(scope, Value(":")))
    # In one call: what is said of the files is said of one and the same file.
    return Guardian.objects.order_by().filter(here, **only)


def _to_follow(now: datetime) -> dict[str, Q]:
    """What each kind is, of a representative."""
    awaited = Q(authorisation__state=State.REQUESTED)
    return {
        Follow.TO_CALL: Q(call_asked_at__isnull=False),
        Follow.SILENT: awaited & Q(state=State.REQUESTED, asked_at__lte=now - timedelta(days=TO_STAFF)),
        Follow.OUTING: awaited & Q(authorisation__scope__regex=":.*:"),
    }


def narrowed(files: QuerySet[Application], value: str, now: datetime) -> QuerySet[Application]:
    """The files that a choice of the filter keeps: a state, or what is to be followed.

    A signature counts whatever became of the file; nobody waits for one, nor talks about it, once the file is over.
    """
    if value == State.GIVEN:
        return files.filter(in_state(value))
    if value in State.values:
        return living(files).filter(in_state(value))
    return living(files).filter(followed(value, now))


def counts_by_cohort(cohorts: list[Cohort], now: datetime) -> dict[int, dict[str, int]]:
    """How many files of each cohort each choice of the filter would list, and those to match by hand (3 queries).

    Counted from the authorisations, which are those of minors alone, and never from every file.
    """
    counts = {cohort.pk: {} for cohort in cohorts}
    files = Application.objects.filter(cohort__in=cohorts).order_by()
    asked = "candidate__guardian_authorisations"
    main = living(files).filter(**{f"{asked}__scope": scope_of("cohort_id")})
    for cohort, state, count in main.values_list("cohort", f"{asked}__state").annotate(Count("pk")):
        counts[cohort][state] = count
    for row in _followed_by_cohort(cohorts, now):
        counts[row.pop("cohort")] |= row
    for cohort, count in files.filter(to_match_by_hand()).values_list("cohort").annotate(Count("pk")):
        counts[cohort]["by_hand"] = count
    return counts


def _followed_by_cohort(cohorts: list[Cohort], now: datetime) -> QuerySet:
    """How many living files of each cohort each kind of follow-up is for, from the representatives alone."""
    lives = {f"{FILE}__in": living(Application.objects.filter(cohort__in=cohorts)).values("pk")}
    found = _guardians(**lives).values(cohort=F(f"{FILE}__cohort"))
    return found.annotate(
        **{value: Count(FILE, filter=condition, distinct=True) for value, condition in _to_follow(now).items()}
    )


def to_match_by_hand() -> Q:
    """Files of people with a place and without a mentor, whom no calculation proposes to anybody."""
    return Q(state=Application.State.CONFIRMED, candidate__is_followed_by_hand=True)

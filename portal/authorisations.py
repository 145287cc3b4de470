"""Where the authorisations of a minor's legal representatives stand, as she reads it and as staff follow it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, TextChoices, Value
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


def in_state(state: str) -> Exists:
    """The condition, on files, that the authorisation for their cohort is in this state."""
    return Exists(
        GuardianAuthorisation.objects.filter(
            person=OuterRef("candidate"), scope=scope_of(OuterRef("cohort_id")), state=state
        )
    )


def living(files: QuerySet[Application]) -> QuerySet[Application]:
    """Files for which an authorisation still matters: neither over nor, as their candidates know, refused."""
    return files.sent().exclude(state__in=OVER).exclude(state=Application.State.REJECTED, masked_state="")


def followed(value: str, now: datetime) -> Exists:
    """The condition, on files, that something of this kind is to be followed."""
    guardians = Guardian.objects.filter(authorisation__person=OuterRef("candidate")).alias(
        cohort_scope=scope_of(OuterRef("cohort_id")), part_of=Concat(scope_of(OuterRef("cohort_id")), Value(":"))
    )
    return Exists(guardians.filter(_CONDITIONS[value](now)))


def _here() -> Q:
    """For the mentoring, or for an outing of this cohort."""
    return Q(authorisation__scope=F("cohort_scope")) | _for_an_outing()


def _for_an_outing() -> Q:
    return Q(authorisation__scope__startswith=F("part_of"))


def _silent(now) -> Q:
    awaited = Q(state=State.REQUESTED, authorisation__state=State.REQUESTED)
    return _here() & awaited & Q(asked_at__lte=now - timedelta(days=TO_STAFF))


_CONDITIONS = {
    Follow.TO_CALL: lambda now: _here() & Q(call_asked_at__isnull=False),
    Follow.SILENT: _silent,
    Follow.OUTING: lambda now: _for_an_outing() & Q(authorisation__state=State.REQUESTED),
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
    to_file = "authorisation__person__applications"
    told = Q(**{f"{to_file}__state": Application.State.REJECTED}) & ~Q(**{f"{to_file}__masked_state": ""})
    states = [s for s in Application.State.values if s not in (*OVER, Application.State.REJECTED)]
    lives = Q(**{f"{to_file}__state__in": states}) | told
    scope = scope_of(f"{to_file}__cohort_id")
    here = Q(authorisation__scope=scope) | Q(authorisation__scope__startswith=Concat(scope, Value(":")))
    is_open = {f"{to_file}__cohort__in": cohorts, f"{to_file}__sent_at__isnull": False}
    awaited = Q(authorisation__state=State.REQUESTED)
    conditions = {
        Follow.TO_CALL: Q(call_asked_at__isnull=False),
        Follow.SILENT: awaited & Q(state=State.REQUESTED, asked_at__lte=now - timedelta(days=TO_STAFF)),
        Follow.OUTING: awaited & Q(authorisation__scope__regex=":.*:"),
    }
    found = Guardian.objects.order_by().filter(lives & here, **is_open).values(cohort=F(f"{to_file}__cohort"))
    return found.annotate(
        **{value: Count(to_file, filter=condition, distinct=True) for value, condition in conditions.items()}
    )


def to_match_by_hand() -> Q:
    """Files of people with a place and without a mentor, whom no calculation proposes to anybody."""
    return Q(state=Application.State.CONFIRMED, candidate__is_followed_by_hand=True)

"""What the clock writes about an authorisation: reminders while an answer is awaited, a new text to sign."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import (
    CharField,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Cast, Concat

from applications.minors import MAJORITY
from applications.models import Application
from cohorts.models import Cohort
from consents import emails
from consents.models import Guardian, GuardianAuthorisation, TextVersion
from consents.queries import awaited, current_texts, to_sign_anew
from lifecycle.moves import lock
from notifications.models import Letter

State = Application.State

TO_FAMILY = (3, 7)
"""Days after which the representative, and the young person, are reminded."""
TO_STAFF = 14
"""Days after which the coordination is told that nobody answered."""
TURNS = (TO_STAFF, *reversed(TO_FAMILY))

OVER = (State.WITHDRAWN, State.LAPSED, State.COMPLETED)


def to_remind(now: datetime) -> Iterator[tuple[Guardian, int]]:
    """Every representative whose reminder is due and not yet written, with the days of its turn: the latest one due."""
    for index, days in enumerate(TURNS):
        asked = Q(asked_at__lte=now - timedelta(days=days))
        if index:
            asked &= Q(asked_at__gt=now - timedelta(days=TURNS[index - 1]))
        due = with_living_file(awaited().filter(asked, reminded_after__lt=days))
        for guardian in due.order_by("id").iterator(500):
            yield guardian, days


def with_living_file(guardians: QuerySet[Guardian]) -> QuerySet[Guardian]:
    """Those whose young person's file still runs, as far as she knows, for a cohort in which she will be a minor.

    Nobody is pressed to sign for nothing, nor stops somebody who decides alone.
    """
    cohort_ref = Concat(Value(f"{Cohort._meta.label_lower}:"), Cast("cohort_id", CharField()))
    files = Application.objects.sent().exclude(state__in=OVER).exclude(state=State.REJECTED, masked_state="")
    files = (
        files.exclude(_of_age())
        .filter(candidate=OuterRef("authorisation__person"))
        .annotate(
            scope=cohort_ref,
            part_of=Concat(cohort_ref, Value(":")),
            asked=Cast(OuterRef("authorisation__scope"), CharField()),
        )
    )
    return guardians.filter(Exists(files.filter(Q(asked=F("scope")) | Q(asked__startswith=F("part_of")))))


def _of_age() -> Q:
    """`minors.is_minor` denied, as SQL writes it: who was born at the latest so many years before the first day."""
    years = Func(Value(MAJORITY), function="make_interval", template="%(function)s(years => %(expressions)s)")
    latest = ExpressionWrapper(F("cohort__starts_on") - years, output_field=DateTimeField())
    return Q(candidate__birth_date__lte=latest)


@transaction.atomic
def remind(guardian: Guardian, days: int, *, now: datetime) -> bool:
    """The clock: write the reminders of one turn, unless she answered a moment ago. Returns whether it did."""
    authorisation = guardian.authorisation
    person = authorisation.person
    lock(authorisation)
    try:
        lock(guardian)
    except Guardian.DoesNotExist:
        return False  # named no longer, since a moment ago
    guardian.authorisation, authorisation.person = authorisation, person
    is_awaited = guardian.state == authorisation.state == Guardian.State.REQUESTED
    if not is_awaited or guardian.reminded_after >= days:
        return False
    guardian.reminded_after = days
    guardian.save(update_fields=["reminded_after"])
    if days in TO_FAMILY:
        emails.remind(guardian, days=days, now=now)
        emails.tell_waiting(guardian, days=days, now=now)
    else:
        emails.tell_overdue(guardian, days=days, now=now)
    return True


def ask_new_signatures(now: datetime) -> int:
    """The clock: whoever signed a text of which a newer version asks again is sent a link, once. Returns how many."""
    text = current_texts().get(TextVersion.Key.GUARDIAN)
    if text is None:
        return 0
    prefix, pk, number = (
        Value("guardian:"),
        Cast(OuterRef("pk"), CharField()),
        Cast(OuterRef("link_number"), CharField()),
    )
    written = Letter.objects.filter(key=Concat(prefix, pk, Value(":"), number, Value(f":text:{text.number}")))
    concerned = with_living_file(to_sign_anew()).filter(
        ~Exists(written),
        authorisation__state=GuardianAuthorisation.State.GIVEN,
        authorisation__person__is_followed_by_hand=False,
    )
    for guardian in (guardians := concerned.select_related("authorisation__person").order_by("id")):
        emails.ask_new_signature(guardian, number=text.number, now=now)
    return len(guardians)

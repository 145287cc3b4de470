"""The verbs of a cohort's settings: keeping what a coordinator set, and preparing next year's."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cohorts.models import Cohort
from lifecycle import journal
from lifecycle.moves import lock
from lifecycle.refusals import Refusal

MOMENTS = ("opens_at", "closes_at")
DAYS = ("decisions_on", "starts_on", "ends_on")
COPIED = ("audiences", "presentation", "places", "min_age", "max_age", "confirm_days", "offer_days")


@transaction.atomic
def save(cohort: Cohort, *, fields: list[str], actor, now=None) -> None:
    """A coordinator keeps a cohort's settings: a new one, or `fields` of one that stands.

    Only the fields she changed are written, so that two people who edit different dates keep both.
    The journal says which fields, never what they hold.
    """
    if cohort.pk is None:
        cohort.save()
        journal.record("cohort.created", cohort, actor=actor, now=now)
    elif fields:
        cohort.save(update_fields=fields)
        journal.record("cohort.changed", cohort, actor=actor, now=now, detail=", ".join(fields)[:300])


@transaction.atomic
def copy(cohort: Cohort, *, actor, now=None) -> Cohort:
    """A coordinator prepares the same season of the next year: same settings, dates one year later.

    Raises Refusal when that cohort exists already.
    """
    lock(cohort)
    following = Cohort(season=cohort.season, year=cohort.year + 1)
    if Cohort.objects.filter(season=following.season, year=following.year).exists():
        raise Refusal(_("La promotion %s existe déjà.") % following.name)
    for name in COPIED:
        setattr(following, name, getattr(cohort, name))
    for name in DAYS:
        setattr(following, name, a_year_later(getattr(cohort, name)))
    for name in MOMENTS:
        setattr(following, name, _same_hour_a_year_later(getattr(cohort, name)))
    following.save()
    journal.record("cohort.copied", following, actor=actor, now=now, detail=journal.ref(cohort))
    return following


def a_year_later(day: date) -> date:
    """The same day of the next year; 28 February after a 29th."""
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + 1, day=28 if is_leap_day else day.day)


def _same_hour_a_year_later(moment: datetime) -> datetime:
    """The clock on the wall stays the same, whichever side of a clock change the new day falls on."""
    local = timezone.localtime(moment)
    return timezone.make_aware(datetime.combine(a_year_later(local.date()), local.time()))

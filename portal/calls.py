"""A cohort's call as public pages tell it: where it stands, its calendar, and what this visitor can do."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from cohorts import moments
from cohorts.models import Audience, Cohort, Phase

_PLURALS = {
    Audience.STUDENT: _("étudiant·es"),
    Audience.SELF_TAUGHT: _("autodidactes"),
    Audience.PUPIL: _("lycéen·nes"),
    Audience.REINSERTION: _("jeunes en réinsertion sociale"),
}


@dataclass(frozen=True)
class Step:
    """One date of the calendar, as people read it."""

    label: str
    when: str
    is_past: bool


@dataclass
class Call:
    """A cohort seen at a moment by a visitor who may have a file there."""

    cohort: Cohort
    now: datetime
    application: Application | None = None

    @cached_property
    def phase(self) -> Phase:
        return self.cohort.phase(self.now)

    @property
    def is_open(self) -> bool:
        return self.phase == Phase.OPEN

    @property
    def is_upcoming(self) -> bool:
        return self.phase == Phase.UPCOMING

    @property
    def for_whom(self) -> str:
        """« les étudiant·es et les autodidactes »."""
        *first, last = [gettext("les %(people)s") % {"people": _PLURALS[a]} for a in self.cohort.audiences] or [""]
        return gettext(" et ").join([", ".join(first), last]) if first else last

    @property
    def action(self) -> tuple[str, str] | None:
        """(address, words) of the one thing to do, or None when there is nothing to do now."""
        if self.application is None:
            if not self.is_open:
                return None
            return reverse("applications:eligibility", args=[self.cohort.slug]), _("Candidater")
        if self.application.state != Application.State.DRAFT:
            return self.application.get_absolute_url(), _("Voir ma candidature")
        if self.application.is_open(self.now):  # in the call, or in the time that staff gave this person
            return reverse("applications:tasks", args=[self.application.reference]), _("Reprendre mon brouillon")
        return None

    @property
    def calendar(self) -> list[Step]:
        """All the dates, in order; instants with their hour."""
        cohort, today = self.cohort, timezone.localdate(self.now)
        instants = [(_("L’appel ouvre"), cohort.opens_at), (_("L’appel se clôt"), cohort.closes_at)]
        days = [
            (_("Les réponses partent"), cohort.decisions_on),
            (_("Le mentorat commence"), cohort.starts_on),
            (_("Le mentorat s’achève"), cohort.ends_on),
        ]
        return [
            *(Step(label, moments.moment(at), at <= self.now) for label, at in instants),
            *(Step(label, moments.day(on), on < today) for label, on in days),
        ]


def calls_for(user, now: datetime, cohorts=None) -> list[Call]:
    """The calls of `cohorts` (by default those not over) for that visitor, open ones first: two queries at most."""
    cohorts = list(Cohort.objects.current(now) if cohorts is None else cohorts)
    own = {}
    if user.is_authenticated:
        files = Application.objects.filter(candidate=user, cohort__in=cohorts).select_related("cohort")
        own = {file.cohort_id: file for file in files}
    order = (Phase.OPEN, Phase.UPCOMING, Phase.CLOSED)
    return sorted((Call(cohort, now, own.get(cohort.pk)) for cohort in cohorts), key=lambda c: order.index(c.phase))

"""The cohorts on the first page: where the season stands, what waits for somebody, the funnel."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cohorts.models import Cohort
from cohorts.moments import day, moment
from portal import authorisations
from portal.desk import funnel, waiting
from portal.desk.funnel import Stage
from portal.desk.waiting import Waiting


@dataclass(frozen=True)
class CohortDesk:
    """One cohort on the first page."""

    cohort: Cohort
    phase_words: str
    stages: list[Stage]
    waiting: list[Waiting]

    @property
    def figures_url(self) -> str:
        return reverse("admin:figures", args=[self.cohort.pk])

    @property
    def funnel_id(self) -> str:
        """The id of the title of its picture."""
        return f"funnel-{self.cohort.pk}"


def cohort_desks(now) -> list[CohortDesk]:
    """Every cohort that is not over, the next to start first (as many queries, however many cohorts)."""
    cohorts = list(Cohort.objects.current(now))
    files, minors = funnel.counts_by_cohort(cohorts), authorisations.counts_by_cohort(cohorts, now)
    waits = waiting.counts_by_cohort(cohorts, now)
    return [
        CohortDesk(
            c,
            phase(c, now),
            funnel.stages(files.get(c.pk, {})),
            waiting.lines(c, waits.get(c.pk, {}), minors.get(c.pk, {})),
        )
        for c in cohorts
    ]


def phase(cohort: Cohort, now) -> str:
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

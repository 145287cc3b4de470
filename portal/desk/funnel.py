"""How far the files of a cohort came, step by step."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from applications.models import Application
from mentorships.models import Mentorship

TOLD = Q(announced_at__isnull=False, masked_state="")
"""What was not announced to its candidate does not count as decided."""
STEPS = {
    "started": Count("pk"),
    "sent": Count("pk", filter=Q(sent_at__isnull=False)),
    "read": Count("pk", filter=Q(mean_score__isnull=False)),
    "decided": Count("pk", filter=TOLD),
    "accepted": Count("pk", filter=TOLD & Q(confirm_by__isnull=False)),
    "confirmed": Count("pk", filter=Q(confirmed_at__isnull=False)),
}
"""Each step, as PostgreSQL counts it from an index alone (`application_counts`)."""


@dataclass(frozen=True)
class Stage:
    """One step of the funnel: how many files came that far, the length of its bar, its share of the files sent."""

    name: str
    count: int
    percent: int
    of_sent: int | None


def counts_by_cohort(cohorts) -> dict[int, dict[str, int]]:
    """How far the files of each cohort came (2 queries)."""
    files = Application.objects.filter(cohort__in=cohorts).order_by()
    counts = {row["cohort"]: row for row in files.values("cohort").annotate(**STEPS)}
    pairs = Mentorship.objects.filter(application__cohort__in=cohorts).order_by().values_list("application__cohort")
    for cohort, matched in pairs.annotate(Count("application", distinct=True)):
        counts[cohort]["matched"] = matched
    return counts


def stages(counts: dict[str, int]) -> list[Stage]:
    """The funnel of one cohort, from its counts."""
    named = [
        (_("commencées"), "started"),
        (_("envoyées"), "sent"),
        (_("lues par le jury"), "read"),
        (_("réponses annoncées"), "decided"),
        (_("acceptées"), "accepted"),
        (_("places confirmées"), "confirmed"),
        (_("en binôme"), "matched"),
    ]
    found = [(name, counts.get(step, 0)) for name, step in named]
    top, sent = max(count for _name, count in found), counts.get("sent", 0)
    return [
        Stage(name, count, share(count, top), share(count, sent) if n > 1 and sent else None)
        for n, (name, count) in enumerate(found)
    ]


def share(part: int, whole: int) -> int:
    """How many in a hundred; 0 of nothing."""
    return round(100 * part / whole) if whole else 0

"""Small reads of the first page: documents that wait, addresses that refuse, how far a member of the jury has come."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min

from applications.models import Document
from cohorts.models import Cohort, DocumentAsked
from notifications.models import RefusingAddress
from portal.desk.addresses import list_url
from reviews.queries import reading_progress


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


def reading_of(user) -> Reading:
    """The files this member of the jury has to read, and how many she has read (1 query)."""
    counts = reading_progress(user)
    return Reading(counts["total"], counts["read"], list_url("reviews", "assignment"))

"""What the admin's first page tells, and « Les chiffres » of a cohort: reads only, a few GROUP BY each."""

from portal.desk.addresses import list_url, object_url
from portal.desk.cohorts import CohortDesk, cohort_desks
from portal.desk.funnel import Stage
from portal.desk.signs import asks_documents, documents_waiting, reading_of, refusing_addresses
from portal.desk.team import team
from portal.desk.waiting import Waiting, mentors_waiting

__all__ = [
    "CohortDesk",
    "Stage",
    "Waiting",
    "asks_documents",
    "cohort_desks",
    "documents_waiting",
    "list_url",
    "mentors_waiting",
    "object_url",
    "reading_of",
    "refusing_addresses",
    "team",
]

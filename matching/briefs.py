"""What a mentor reads of somebody before she answers: these fields, and nothing else of the file.

A page about an offer is given a Brief, never the application: what must not be shown is not there to be shown.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.regions import Region
from cohorts.models import Language
from matching import scoring, wording
from matching.models import Proposal
from matching.scoring import Reason

BRACKETS = ((18, 21), (22, 25), (26, 30))
"""Ages in whole years, both included; under and over are said in words."""

WORTH_SAYING = (*scoring.WISHES, Reason.OTHER_WISH, Reason.FAMILY, Reason.REGION, Reason.SAID)
"""What of a pair's reasons is told to the mentor: trades and region, not a shared language."""


@dataclass(frozen=True)
class Brief:
    """A young person as a mentor may know her before accepting."""

    first_name: str
    age: str
    region: str
    languages: list[str]
    is_remote_fine: bool
    trades: list[str]
    project: str
    hopes: str
    common: list[str]
    """Why the pair was proposed, without its points."""


def of(proposal: Proposal) -> Brief:
    application = proposal.application
    person = application.candidate
    wanted = {trade.pk: trade.name for trade in application.ranked_trades}
    return Brief(
        first_name=person.first_name,
        age=_age_bracket(application),
        region=Region(person.region).label if person.region else "",
        languages=[Language(code).label for code in application.languages],
        is_remote_fine=application.accepts_remote,
        trades=[trade.name for trade in application.ranked_trades],
        project=application.project,
        hopes=application.hopes,
        common=[part.label for part in wording.parts_of(proposal, wanted) if part.reason in WORTH_SAYING],
    )


def _age_bracket(application) -> str:
    """Her age when the cohort starts, as a bracket: a birth date would be more than is needed."""
    if application.candidate.birth_date is None:
        return ""
    age = application.cohort.age_at_start(application.candidate.birth_date)
    for low, high in BRACKETS:
        if low <= age <= high:
            return _("%(low)s–%(high)s ans") % {"low": low, "high": high}
    return _("moins de 18 ans") if age < BRACKETS[0][0] else _("plus de 30 ans")

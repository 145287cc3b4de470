"""Who is a minor for a cohort, and whether she may take part. The gate every verb of every door goes through."""

from django.utils.translation import gettext as _

from applications.models import Application
from consents.models import GuardianAuthorisation
from lifecycle import journal
from lifecycle.refusals import Refusal

MAJORITY = 18
"""Age from which nobody else signs (Code civil, article 414)."""


def is_minor(application: Application) -> bool:
    """Whether the candidate is under 18 on the cohort's first day; unknown birth dates count as minor."""
    birth_date = application.candidate.birth_date
    return birth_date is None or application.cohort.age_at_start(birth_date) < MAJORITY


def is_authorised(application: Application) -> bool:
    """Whether she is of age, or her legal representative's authorisation stands for this cohort."""
    if not is_minor(application):
        return True
    given = GuardianAuthorisation.objects.given_for(journal.ref(application.cohort))
    return given.filter(person_id=application.candidate_id).exists()


def require_authorised(application: Application) -> None:
    """Raises Refusal for a minor without her representative's authorisation."""
    if not is_authorised(application):
        raise Refusal(
            _("L’autorisation de votre représentant·e légal·e manque encore : elle est nécessaire avant 18 ans.")
        )

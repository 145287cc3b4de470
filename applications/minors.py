"""Who is a minor for a cohort, and whether she may take part. The gate every verb of every door goes through."""

from django.utils.translation import gettext as _

from applications.models import Application
from cohorts.models import Cohort
from consents import guardians
from consents.models import GuardianAuthorisation
from consents.queries import is_given
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
    return not is_minor(application) or is_given(application.candidate_id, scope(application.cohort))


def require_authorised(application: Application) -> None:
    """Raises Refusal for a minor without her representative's authorisation."""
    if not is_authorised(application):
        raise Refusal(
            _("L’autorisation de votre représentant·e légal·e manque encore : elle est nécessaire avant 18 ans.")
        )


def scope(cohort: Cohort) -> str:
    """What an authorisation to take part in this cohort is for, as the scope it bears."""
    return journal.ref(cohort)


def expect(application: Application) -> GuardianAuthorisation:
    """The authorisation to take part in the file's cohort: the one there already, or a new one that waits."""
    title = _("le mentorat de la promotion %s") % application.cohort
    return guardians.expect(application.candidate, scope(application.cohort), title=title)


def tell_guardians_of_pair(application: Application, *, fact: str, now) -> None:
    """A minor has a mentor: whoever authorised it learns where to see who that is. `fact` names the pair."""
    if is_minor(application):
        guardians.tell_of_pair(expect(application), fact=fact, now=now)

"""The jury of a cohort, and what it judges by."""

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from cohorts.models import Cohort, Criterion
from cohorts.queries import criteria_of
from lifecycle import journal
from lifecycle.refusals import Refusal


def require_criteria(cohort: Cohort) -> list[Criterion]:
    """What the jury judges by. Raises Refusal when the cohort has nothing of the kind yet."""
    criteria = criteria_of(cohort)
    if not criteria:
        raise Refusal(_("Cette promotion n’a pas encore de critères : écrivez-les d’abord dans ses réglages."))
    return criteria


def jury_of(cohort: Cohort):
    """The people who hold the jury role for this cohort."""
    return User.objects.filter(is_active=True, grants__role=Role.JURY, grants__scope=journal.ref(cohort))

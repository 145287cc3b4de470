"""Who works for the programme, for the team's page."""

from dataclasses import dataclass

from allauth.mfa.models import Authenticator

from accounts.models import Grant, User
from accounts.roles import Role
from cohorts.models import Cohort

COHORT_REF = f"{Cohort._meta.label_lower}:"


@dataclass(frozen=True)
class Member:
    """A member of staff on the team's page."""

    user: User
    roles: list[dict]
    has_second_factor: bool


def team() -> list[Member]:
    """Everybody who holds a role, coordinators first, with what each one holds (4 queries)."""
    grants = list(Grant.objects.select_related("user").order_by("role", "granted_at", "id"))
    cohort_names = {f"{COHORT_REF}{c.pk}": c.name for c in Cohort.objects.all()}
    users = {grant.user_id: grant.user for grant in grants}
    protected = set(Authenticator.objects.filter(user__in=users).values_list("user_id", flat=True))
    return [
        Member(
            user,
            [_role(grant, cohort_names) for grant in grants if grant.user_id == pk],
            pk in protected,
        )
        for pk, user in users.items()
    ]


def _role(grant: Grant, cohort_names: dict[str, str]) -> dict:
    label = grant.get_role_display().capitalize()
    return {
        "grant": grant,
        "label": label,
        "cohort": cohort_names.get(grant.scope, grant.scope),
        "can_be_revoked": grant.role in (Role.COORDINATOR, Role.JURY),
    }

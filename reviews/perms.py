"""Who may do what around the jury, as the pages need to know. The verbs check again, under lock."""

from accounts.roles import Role
from applications.models import Application


def is_on_a_jury(user) -> bool:
    """Whoever holds the jury role for at least one cohort."""
    return user.is_authenticated and user.is_active and any(role == Role.JURY for role, _scope in user.held_roles)


def can_still_review(application: Application) -> bool:
    """Readers, as long as the file has not been decided."""
    return application.state == Application.State.SUBMITTED

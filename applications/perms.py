"""Who may do what with an application, as the pages need to know. The verbs check again, under lock."""

from applications.models import Application

State = Application.State


def can_edit(user, application: Application) -> bool:
    """The candidate, as long as she has not sent it."""
    return application.candidate_id == user.pk and application.state == State.DRAFT


def can_withdraw(user, application: Application) -> bool:
    """The candidate, once sent and until it is over."""
    over = (State.DRAFT, State.REJECTED, State.LAPSED, State.COMPLETED, State.WITHDRAWN)
    return application.candidate_id == user.pk and application.shown_state not in over


def can_confirm(user, application: Application, now) -> bool:
    """The accepted candidate, until the term."""
    is_accepted = application.shown_state is State.ACCEPTED
    return application.candidate_id == user.pk and is_accepted and now <= application.confirm_by

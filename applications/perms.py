"""Who may do what with an application, as the pages need to know. The verbs check again, under lock."""

from applications.models import Application

State = Application.State


def can_write(user, application: Application) -> bool:
    """The candidate, or a coordinator when staff types it from paper, as long as something is open to be written."""
    is_hers = application.candidate_id == user.pk
    types_it = application.is_typed_by_staff and user.is_coordinator
    is_undecided = application.shown_state in (State.DRAFT, State.SUBMITTED)
    return (is_hers or types_it) and is_undecided and hasattr(application, "draft")


def can_take_back(user, application: Application, now) -> bool:
    """The candidate, once sent and not decided, while the file can still be sent again."""
    is_sent = application.shown_state is State.SUBMITTED and not hasattr(application, "draft")
    return application.candidate_id == user.pk and is_sent and application.is_open(now)


def can_withdraw(user, application: Application) -> bool:
    """The candidate, once sent and until it is over."""
    over = (State.DRAFT, State.REJECTED, State.LAPSED, State.COMPLETED, State.WITHDRAWN)
    return application.candidate_id == user.pk and application.shown_state not in over


def can_confirm(user, application: Application, now) -> bool:
    """The accepted candidate, until the term."""
    is_accepted = application.shown_state is State.ACCEPTED
    return application.candidate_id == user.pk and is_accepted and now <= application.confirm_by

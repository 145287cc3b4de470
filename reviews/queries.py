"""Reads for the jury's pages."""

from django.db.models import Exists, OuterRef

from accounts.roles import Role
from applications.models import Application
from reviews.models import Assignment, Review


def readable_by(user):
    """The files a jury member may open: assigned to her, in a cohort whose jury she is on, sent and not withdrawn."""
    scopes = [scope for role, scope in user.held_roles if role == Role.JURY]
    cohort_ids = [int(scope.rpartition(":")[2]) for scope in scopes]
    mine = Assignment.objects.filter(reviewer=user, application=OuterRef("pk"))
    return (
        Application.objects.sent()
        .exclude(state=Application.State.WITHDRAWN)
        .filter(Exists(mine), cohort__in=cohort_ids)
    )


def to_read(user):
    """Her files with what she gave (`my_score`), the unread ones first, then by reference."""
    mine = Review.objects.filter(reviewer=user, application=OuterRef("pk"))
    files = readable_by(user).annotate(is_read=Exists(mine), my_score=mine.values("score")[:1])
    return (
        files.select_related("cohort", "candidate").prefetch_related("wishes__trade").order_by("is_read", "reference")
    )


def may_see_scores(user, application) -> bool:
    """Coordinators always; a jury member once she has given her own."""
    return user.is_coordinator or Review.objects.filter(application=application, reviewer=user).exists()

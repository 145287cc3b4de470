"""What a mentor has to do before somebody is proposed to her: the charter, the guide; for minors, honorability too."""

from django.utils import timezone

from consents.models import TextVersion
from mentors.models import MentorProfile


def least_charter() -> int:
    """The number of the oldest version of the charter that still counts: the last one that asked again. One query."""
    published = TextVersion.objects.filter(key=TextVersion.Key.CHARTER, published_at__isnull=False)
    asking = published.filter(asks_again=True).order_by("-number")
    return asking.values_list("number", flat=True).first() or 1


def has_signed(mentor: MentorProfile, least: int) -> bool:
    """Whether she signed the charter in a version that counts."""
    return mentor.charter is not None and mentor.charter.number >= least


def is_ready(mentor: MentorProfile, least: int | None = None) -> bool:
    """Whether somebody may be proposed to her: approved, the charter signed in a version that counts, the guide read.

    `least` is `least_charter()`, for those who ask about many mentors.
    """
    if mentor.state != MentorProfile.State.APPROVED or mentor.guide_read_at is None:
        return False
    return has_signed(mentor, least_charter() if least is None else least)


def what_is_left(mentor: MentorProfile, now) -> list[str]:
    """What she has not done yet, by name and in order: `charter`, `guide`; for minors, what the coordination has not
    seen: `honorability`.
    """
    left = []
    if not has_signed(mentor, least_charter()):
        left.append("charter")
    if mentor.guide_read_at is None:
        left.append("guide")
    if mentor.accompanies_minors and not mentor.is_cleared_for_minors(timezone.localdate(now)):
        left.append("honorability")
    return left

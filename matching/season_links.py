"""The signed link of a season's letter: one mentor, one cohort. Made when the letter leaves, never stored."""

from django.conf import settings
from django.core import signing
from django.urls import reverse

from cohorts.models import Cohort
from mentors.models import MentorProfile
from notifications.models import Letter

_SALT = "matching.season"


def key(mentor_id: int, cohort_id: int) -> str:
    """What names the letter: one a mentor and cohort."""
    return f"mentor:{mentor_id}:season:{cohort_id}"


def token(mentor_id: int, cohort_id: int) -> str:
    """What the address holds."""
    return signing.dumps(key(mentor_id, cohort_id), salt=_SALT)


def url_of(letter: Letter) -> str:
    """The link of such a letter: its key, signed."""
    return settings.SITE_URL + reverse("matching:season", args=[signing.dumps(letter.key, salt=_SALT)])


def read(value: str) -> tuple[MentorProfile, Cohort] | None:
    """Who is asked about which cohort; None for a link that was not made here, or whose people are gone."""
    try:
        _mentor, mentor_id, _season, cohort_id = signing.loads(value, salt=_SALT).split(":")
    except (signing.BadSignature, ValueError):
        return None
    mentor = MentorProfile.objects.select_related("person").filter(pk=mentor_id).first()
    cohort = Cohort.objects.filter(pk=cohort_id).first()
    return (mentor, cohort) if mentor and cohort else None

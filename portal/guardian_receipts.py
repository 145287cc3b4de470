"""The receipt of an answer: what the browser that gave it may still read for a while, once the link is used up.

The link itself no longer opens anything, for anybody. That this browser has just answered with it stands in its
session, so that the page can say what was done, be printed, and be read again after a reload; an hour later it shows
nothing either, nor once somebody has signed in there, because families share telephones.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from cohorts.models import Cohort
from consents.links import Link
from consents.models import Guardian, GuardianAuthorisation
from portal.guardian_page import NO, cohort_of

KEPT_FOR = timedelta(hours=1)

_SESSION_KEY = "guardian_answers"


@dataclass(frozen=True)
class Receipt:
    """What she answered, as it stands now."""

    guardian: Guardian
    cohort: Cohort | None

    @property
    def authorisation(self) -> GuardianAuthorisation:
        return self.guardian.authorisation

    @property
    def is_stopped(self) -> bool:
        """She has signed, and somebody else said no."""
        return self.guardian.state == Guardian.State.GIVEN and self.authorisation.state in NO


def keep(request, link: Link) -> None:
    """This browser has just answered with this link."""
    answers = request.session.get(_SESSION_KEY, {})
    request.session[_SESSION_KEY] = {**answers, _name(request, link): timezone.now().timestamp()}


def has(request, link: Link) -> bool:
    """Whether this browser answered with this link within the hour, and nothing has been answered since."""
    given_at = request.session.get(_SESSION_KEY, {}).get(_name(request, link), 0)
    is_recent = timezone.now().timestamp() - given_at < KEPT_FOR.total_seconds()
    return is_recent and link.guardian.link_number == link.number + 1


def of(link: Link) -> Receipt:
    """What to show of that answer."""
    return Receipt(link.guardian, cohort_of(link.guardian.authorisation.scope))


def _name(request, link: Link) -> str:
    """Signing in keeps what an anonymous session held: whoever does it on this browser afterwards is somebody else."""
    return f"{link.guardian.pk}:{link.number}:{request.user.pk or ''}"

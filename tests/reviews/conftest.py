"""What several tests of the jury stand on."""

import pytest

from reviews import transitions
from reviews.models import Decision
from tests import factories

Outcome = Decision.Outcome


@pytest.fixture
def decided_files(closed_cohort, coordinator, now):
    """One to accept, one for the waiting list, one to refuse with a reason, one that waited and is accepted now."""
    waiting = factories.make_waitlisted(closed_cohort, now=now)
    yes, wait, no = (factories.make_sent(closed_cohort, now=now) for _file in range(3))
    transitions.mark(yes, Outcome.ACCEPTED, actor=coordinator, now=now)
    transitions.mark(wait, Outcome.WAITLISTED, actor=coordinator, now=now)
    transitions.mark(no, Outcome.REJECTED, shared_reason="À préciser.", actor=coordinator, now=now)
    transitions.mark(waiting, Outcome.ACCEPTED, actor=coordinator, now=now)
    return [waiting, yes, wait, no]

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


# --- Lists ---


@pytest.fixture
def jury(closed_cohort):
    return factories.make_reviewer(closed_cohort)


@pytest.fixture
def read(closed_cohort, jury):
    def make(score: int, audience: str = "STUDENT", gender: str = ""):
        file = factories.make_sent(closed_cohort, audience=audience, gender=gender)
        factories.make_reading(file, jury, score=score)
        return file

    return make


@pytest.fixture
def files(read):
    """Two students, the best; a woman in the third place; a pupil last."""
    return [read(5), read(4), read(3, gender="WOMAN"), read(2, "PUPIL")]


@pytest.fixture
def claire(coordinator, signed_in):
    """The browser in which Claire is signed in."""
    return signed_in(coordinator)


@pytest.fixture
def compose(closed_cohort, coordinator):
    """`compose(places=1)`: a list of the closed cohort."""
    return lambda **wanted: factories.make_list(closed_cohort, coordinator, **wanted)

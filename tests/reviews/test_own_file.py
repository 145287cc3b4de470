"""A coordinator who is a candidate too decides nothing of her own file: somebody else does."""

import pytest

from applications import waiting_list
from applications.models import Application
from lifecycle.refusals import Refusal
from reviews import selecting, transitions
from reviews.models import Decision
from tests import factories

pytestmark = pytest.mark.django_db

ACCEPTED, WAITLISTED, REJECTED = Decision.Outcome.values


@pytest.fixture
def inside(candidate):
    """Inès, who coordinates too by the time her file is decided."""
    return candidate


def refused_to(person, *acts) -> None:
    for act in acts:
        with pytest.raises(Refusal, match="votre propre candidature"):
            act(person)


def test_she_neither_marks_it_nor_takes_the_mark_back(closed_cohort, inside, coordinator):
    mine = factories.make_sent(closed_cohort, inside)
    factories.make_coordinator(inside)
    marks = [lambda person, outcome=one: transitions.mark(mine, outcome, actor=person) for one in (ACCEPTED, REJECTED)]
    refused_to(inside, *marks)
    transitions.mark(mine, REJECTED, actor=coordinator)
    refused_to(
        inside,
        lambda person: transitions.change_reason(mine, "Bravo.", actor=person),
        lambda person: transitions.unmark(mine, actor=person),
    )
    assert Decision.objects.get().outcome == REJECTED
    transitions.unmark(mine, actor=coordinator)


def test_she_moves_it_in_no_list(closed_cohort, inside, coordinator):
    mine, other = factories.make_sent(closed_cohort, inside), factories.make_sent(closed_cohort)
    reader = factories.make_reviewer(closed_cohort)
    for file, score in ((mine, 2), (other, 5)):
        factories.make_reading(file, reader, score=score)
    factories.make_coordinator(inside)
    selection = factories.make_list(closed_cohort, coordinator, places=1)
    line, first = (selection.lines.get(application=file) for file in (mine, other))
    acts = [
        lambda person: selecting.swap_lines(line, first, reason="Vu.", actor=person),
        lambda person: selecting.swap_lines(first, line, reason="Vu.", actor=person),
        lambda person: selecting.move_line(line, outcome=REJECTED, reason="Vu.", actor=person),
    ]
    refused_to(inside, *acts)
    acts[2](coordinator)
    refused_to(inside, lambda person: selecting.return_line(line, actor=person))
    selecting.move_line(first, outcome=WAITLISTED, reason="Vu.", actor=inside)


def test_she_moves_herself_on_no_waiting_list(closed_cohort, inside, coordinator):
    factories.make_waitlisted(closed_cohort)
    mine = factories.make_waitlisted(closed_cohort, inside)
    factories.make_coordinator(inside)
    refused_to(inside, lambda person: waiting_list.move_rank(mine, 1, reason="Vu.", actor=person))
    waiting_list.move_rank(mine, 1, reason="Vu.", actor=coordinator)
    assert Application.objects.filter(cohort=closed_cohort).waitlisted().first() == mine

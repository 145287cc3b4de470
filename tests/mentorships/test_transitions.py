"""The verbs of a pair: every state × every verb."""

from contextlib import suppress

import pytest
from django.db import transaction

from lifecycle import journal
from lifecycle.models import JournalEntry
from lifecycle.refusals import Refusal
from mentorships import transitions
from mentorships.models import Mentorship
from mentorships.transitions import ALLOWED
from notifications.models import Letter
from tests import factories

pytestmark = pytest.mark.django_db
State = Mentorship.State


def in_state(cohort, state, now) -> Mentorship:
    pair = factories.make_pair(factories.make_confirmed(cohort), factories.make_commitment(cohort))
    ended_at = now if state in (State.COMPLETED, State.ENDED_EARLY) else None
    Mentorship.objects.filter(pk=pair.pk).update(state=state, ended_at=ended_at)
    pair.refresh_from_db()
    return pair


VERBS = {
    "pause": (transitions.pause, State.PAUSED, {State.ACTIVE}),
    "resume": (transitions.resume, State.ACTIVE, {State.PAUSED}),
    "complete": (transitions.complete, State.COMPLETED, {State.ACTIVE, State.PAUSED}),
    "end_without_mentor": (transitions.end_without_mentor, State.ENDED_EARLY, {State.ACTIVE, State.PAUSED}),
    "end_early": (transitions.end_early, State.ENDED_EARLY, {State.ACTIVE, State.PAUSED}),
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", State.values)
def test_a_verb_moves_from_the_states_it_may(closed_cohort, now, state, verb):
    pair = in_state(closed_cohort, state, now)
    act, target, sources = VERBS[verb]
    with suppress(Refusal), transaction.atomic():
        act(pair, actor="a", now=now)
    pair.refresh_from_db()
    assert pair.state == (target if state in sources else state)
    if state in sources:
        assert target in ALLOWED[state]


def test_both_sides_are_written_to(closed_cohort, now):
    pair = in_state(closed_cohort, State.ACTIVE, now)
    transitions.end_early(pair, actor="a", now=now)
    written = Letter.objects.about(journal.ref(pair)).filter(kind="mentorships.ended_early").order_by("id")
    people = [pair.application.candidate.email, pair.commitment.mentor.person.email]
    assert list(written.values_list("to", flat=True)) == people
    assert JournalEntry.objects.about(journal.ref(pair)).filter(action="mentorship.ended_early").count() == 1


def test_no_pair_beyond_the_places(closed_cohort, now):
    commitment = factories.make_commitment(closed_cohort, capacity=1)
    one, two = factories.make_confirmed(closed_cohort), factories.make_confirmed(closed_cohort)
    transitions.open_pair(one, commitment, actor="a", now=now)
    with pytest.raises(Refusal, match="Toutes les places"):
        transitions.open_pair(two, commitment, actor="a", now=now)
    assert commitment.mentorships.count() == 1

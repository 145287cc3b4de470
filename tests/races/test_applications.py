"""Two people, or two clicks, at the same instant, on one file."""

from functools import partial

import pytest
from django.utils import timezone

from applications import transitions
from applications.models import Application
from lifecycle import journal
from lifecycle.models import JournalEntry
from lifecycle.refusals import IllegalTransition, Refusal
from notifications.models import Letter
from tests import factories
from tests.races.threads import together

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 5


def fresh(application: Application) -> Application:
    """As another request would see it."""
    return Application.objects.select_related("cohort", "candidate").get(pk=application.pk)


def lines(application: Application, action: str) -> int:
    return JournalEntry.objects.about(journal.ref(application)).filter(action=action).count()


def letters(application: Application, kind: str) -> int:
    return Letter.objects.about(journal.ref(application)).filter(kind=kind).count()


def test_sending_from_four_tabs_sends_once(cohort):
    for _round in range(ROUNDS):
        draft = factories.make_complete_draft(cohort)
        copies = [fresh(draft) for _tab in range(4)]
        outcomes = together(*[partial(transitions.submit, tab, actor=tab.candidate) for tab in copies])
        assert sorted(type(outcome).__name__ for outcome in outcomes) == [*["IllegalTransition"] * 3, "NoneType"]
        assert lines(draft, "application.submitted") == 1
        assert letters(draft, "applications.receipt") == 1
        assert fresh(draft).copies.count() == 1


def test_confirming_and_lapsing_at_once_has_one_outcome(closed_cohort):
    for _round in range(ROUNDS):
        accepted = factories.make_accepted(closed_cohort)
        after_term = accepted.confirm_by + timezone.timedelta(minutes=1)
        mine, clocks = fresh(accepted), fresh(accepted)
        outcomes = together(
            partial(transitions.confirm, mine, actor=mine.candidate, now=accepted.confirm_by),
            partial(transitions.lapse, clocks, now=after_term),
        )
        assert sum(isinstance(outcome, Refusal) for outcome in outcomes) == 1
        end = fresh(accepted).state
        assert end in (Application.State.CONFIRMED, Application.State.LAPSED)
        assert lines(accepted, f"application.{end.lower()}") == 1
        assert letters(accepted, "applications.confirmed") + letters(accepted, "applications.lapsed") == 1


def test_two_who_leave_call_two_from_the_waiting_list(closed_cohort):
    for _round in range(ROUNDS):
        cohort = factories.make_cohort("closed", places=2)
        leaving = [factories.make_accepted(cohort) for _person in range(2)]
        waiting = [factories.make_waitlisted(cohort) for _person in range(3)]
        together(*[partial(transitions.withdraw, fresh(a), actor=a.candidate) for a in leaving])
        assert Application.objects.filter(cohort=cohort).holding_a_place().count() == 2
        assert [fresh(a).state for a in waiting] == ["ACCEPTED", "ACCEPTED", "WAITLISTED"]
        assert sum(letters(a, "applications.promoted") for a in waiting) == 2


def test_starting_from_two_tabs_opens_one_file(cohort, candidate):
    outcomes = together(*[partial(transitions.start, cohort, candidate)] * 4)
    assert {outcome.pk for outcome in outcomes} == {Application.objects.get(candidate=candidate).pk}


def test_the_second_click_reads_a_sentence(cohort):
    draft = factories.make_complete_draft(cohort)
    transitions.submit(fresh(draft), actor=draft.candidate)
    with pytest.raises(IllegalTransition) as refusal:
        transitions.submit(fresh(draft), actor=draft.candidate)
    assert refusal.value.sentence == "Cette action a déjà été faite, ou n’est plus possible."

"""Decisions under several hands at once: publishing, marking, withdrawing, two workers."""

from functools import partial

import pytest
from django.utils import timezone

from applications.models import Application
from lifecycle import journal
from lifecycle.models import JournalEntry
from lifecycle.refusals import Refusal
from matching import falls
from notifications.models import Letter
from reviews import readings, releasing, sharing, transitions
from reviews.models import Decision, Release, Review
from tests import factories
from tests.races.threads import together

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 6


def fresh(thing):
    """As another request would see it."""
    return type(thing)._default_manager.get(pk=thing.pk)


def decision_letters(application) -> list[str]:
    kinds = ["applications.accepted", "applications.waitlisted", "applications.rejected"]
    about = Letter.objects.about(journal.ref(application)).filter(kind__in=kinds)
    return list(about.exclude(status=Letter.Status.CANCELLED).values_list("kind", flat=True))


def settle(release):
    releasing.work(fresh(release))


def marked(cohort, coordinator, count=3):
    files = [factories.make_sent(cohort) for _file in range(count)]
    for file in files:
        transitions.mark(file, Decision.Outcome.ACCEPTED, actor=coordinator)
    return files


def test_two_who_publish_make_one_announcement(coordinator):
    for _round in range(ROUNDS):
        cohort = factories.make_cohort("closed")
        marked(cohort, coordinator)
        outcomes = together(*[partial(releasing.propose, fresh(cohort), actor=coordinator) for _person in range(4)])
        assert sorted(type(outcome).__name__ for outcome in outcomes) == [*["Refusal"] * 3, "Release"]
        release = Release.objects.get(cohort=cohort)
        assert release.decisions.count() == 3
        assert JournalEntry.objects.about(journal.ref(release)).filter(action="release.proposed").count() == 1


def test_publishing_never_takes_more_than_the_places(coordinator):
    for _round in range(ROUNDS):
        cohort = factories.make_cohort("closed", places=2)
        first, _second = marked(cohort, coordinator, 2)
        third = factories.make_sent(cohort)
        together(
            partial(releasing.propose, fresh(cohort), actor=coordinator),
            partial(transitions.mark, fresh(third), Decision.Outcome.ACCEPTED, actor=coordinator),
        )
        release = Release.objects.filter(cohort=cohort).first()
        assert release is None or release.decisions.count() == 2
        if release:
            settle(release)
            assert fresh(first).state == "ACCEPTED"
        assert Application.objects.filter(cohort=cohort).holding_a_place().count() <= 2


def test_a_mark_changed_while_publishing_is_what_leaves_or_stays_behind(coordinator):
    for _round in range(ROUNDS):
        cohort = factories.make_cohort("closed")
        file, other = marked(cohort, coordinator, 2)
        published, changed = together(
            partial(releasing.propose, fresh(cohort), actor=coordinator),
            partial(transitions.mark, fresh(file), Decision.Outcome.REJECTED, actor=coordinator),
        )
        settle(published)
        expected = "ACCEPTED" if isinstance(changed, Refusal) else "REJECTED"
        assert fresh(file).state == fresh(file).shown_state == expected
        assert decision_letters(file) == [f"applications.{expected.lower()}"]
        assert fresh(other).shown_state == "ACCEPTED"


def test_a_mark_taken_back_while_publishing_leaves_nothing_half_done(coordinator):
    for _round in range(ROUNDS):
        cohort = factories.make_cohort("closed")
        file, _other = marked(cohort, coordinator, 2)
        published, taken_back = together(
            partial(releasing.propose, fresh(cohort), actor=coordinator),
            partial(transitions.unmark, fresh(file), actor=coordinator),
        )
        settle(published)
        was_published = isinstance(taken_back, Refusal)
        assert fresh(file).state == ("ACCEPTED" if was_published else "SUBMITTED")
        assert decision_letters(file) == (["applications.accepted"] if was_published else [])


def test_a_withdrawal_while_decisions_are_applied_wins_or_comes_after(coordinator):
    for _round in range(ROUNDS):
        cohort = factories.make_cohort("closed")
        file, other = marked(cohort, coordinator, 2)
        release = releasing.propose(cohort, actor=coordinator)
        outcomes = together(
            partial(releasing.work, fresh(release)),
            partial(falls.withdraw_application, fresh(file), actor=file.candidate),
        )
        assert outcomes == [None, None]
        assert (fresh(file).state, fresh(other).shown_state) == ("WITHDRAWN", "ACCEPTED")
        assert decision_letters(file) == []
        assert fresh(release).state == "DONE"


def test_two_workers_apply_each_decision_once(coordinator):
    for _round in range(ROUNDS):
        cohort = factories.make_cohort("closed")
        files = marked(cohort, coordinator, 5)
        release = releasing.propose(cohort, actor=coordinator)
        assert together(*[partial(releasing.work, fresh(release)) for _worker in range(3)]) == [None] * 3
        for file in files:
            assert fresh(file).shown_state == "ACCEPTED"
            assert decision_letters(file) == ["applications.accepted"]
            lines = JournalEntry.objects.about(journal.ref(file)).filter(action="application.accepted")
            assert lines.count() == 1
        assert JournalEntry.objects.about(journal.ref(release)).filter(action="release.done").count() == 1


def test_one_mark_from_four_tabs_is_one_fact(coordinator):
    for _round in range(ROUNDS):
        file = factories.make_sent(factories.make_cohort("closed"))
        mark = partial(transitions.mark, outcome=Decision.Outcome.ACCEPTED, actor=coordinator)
        outcomes = together(*[partial(mark, fresh(file)) for _tab in range(4)])
        assert {type(outcome) for outcome in outcomes} == {Decision}
        assert JournalEntry.objects.about(journal.ref(file)).filter(action="decision.marked").count() == 1


def test_one_opinion_from_four_tabs_is_one_fact():
    for _round in range(ROUNDS):
        cohort = factories.make_cohort("closed")
        file, reader = factories.make_sent(cohort), factories.make_reviewer(cohort)
        factories.assign(file, reader)
        review = partial(
            readings.review,
            reviewer=reader,
            scores=factories.alike(file.cohort, 4),
            comment="Convaincant.",
            now=timezone.now(),
        )
        outcomes = together(*[partial(review, fresh(file)) for _tab in range(4)])
        assert {type(outcome) for outcome in outcomes} == {Review}
        assert JournalEntry.objects.about(journal.ref(file)).filter(action="application.reviewed").count() == 1


def test_two_who_share_out_the_files_give_each_two_readers(coordinator):
    for _round in range(ROUNDS):
        cohort = factories.make_cohort("closed")
        files = [factories.make_sent(cohort) for _file in range(3)]
        for _person in range(4):
            factories.make_reviewer(cohort)
        counts = together(*[partial(sharing.distribute, fresh(cohort), actor=coordinator)] * 2)
        assert sorted(counts) == [0, 6]
        assert {file.assignments.count() for file in files} == {2}

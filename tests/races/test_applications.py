"""Two people, or two clicks, at the same instant, on one file."""

from datetime import timedelta
from functools import partial
from time import sleep

import pytest
from django.utils import timezone

from applications import copies, drafting, outline, transitions
from applications.models import Application, Draft
from lifecycle import journal
from lifecycle.models import JournalEntry
from lifecycle.refusals import IllegalTransition, Refusal
from notifications.models import Letter
from reviews import releasing
from reviews import transitions as reviews
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


def kinds(outcomes) -> list[str]:
    return sorted(type(outcome).__name__ for outcome in outcomes)


def saving(application: Application, project: str, *, seen: str):
    """« Enregistrer » in a tab that was shown what `seen` is the fingerprint of."""
    tab = fresh(application)
    return partial(drafting.save_step, tab, outline.PROJECT.answers, {"project": project}, seen=seen)


def sending(application: Application, **options):
    tab = fresh(application)
    return partial(transitions.submit, tab, actor=tab.candidate, **options)


def later(milliseconds: int, act):
    def wait_and_act():
        sleep(milliseconds / 1000)
        return act()

    return wait_and_act


def seen_project(application: Application) -> str:
    return drafting.fingerprint(Draft.objects.get(application=application).answers, outline.PROJECT.answers)


# --- Writing ------------------------------------------------------------------------------------


def test_starting_from_four_tabs_opens_one_file(cohort, candidate):
    outcomes = together(*[partial(drafting.start, cohort, candidate)] * 4)
    application = Application.objects.get(candidate=candidate)
    assert [outcome.pk for outcome in outcomes] == [application.pk] * 4
    assert Draft.objects.filter(application=application).count() == 1
    assert lines(application, "application.started") == 1


def test_of_four_tabs_that_save_one_step_one_is_kept_and_the_others_are_told(cohort):
    for _round in range(ROUNDS):
        draft = factories.make_complete_draft(cohort)
        seen = seen_project(draft)
        outcomes = together(*[saving(draft, words, seen=seen) for words in ("Ici", "Là", "Ailleurs", "Partout")])
        assert kinds(outcomes) == ["Draft", *["Stale"] * 3]
        kept, *stale = sorted(outcomes, key=lambda outcome: isinstance(outcome, drafting.Stale))
        answers = Draft.objects.get(application=draft).answers
        assert {answers["project"], *[told.kept["project"] for told in stale]} == {kept.answers["project"]}
        assert answers["hopes"] == factories.ANSWERS["hopes"]


def test_two_tabs_that_save_two_steps_both_keep_their_words(cohort):
    for _round in range(ROUNDS):
        draft = factories.make_complete_draft(cohort)
        outcomes = together(
            saving(draft, "Un film", seen=seen_project(draft)),
            partial(drafting.save_step, fresh(draft), outline.NEEDS.answers, {"needs": "Des pauses"}, seen=None),
        )
        assert kinds(outcomes) == ["Draft", "Draft"]
        answers = Draft.objects.get(application=draft).answers
        assert (answers["project"], answers["needs"]) == ("Un film", "Des pauses")


# --- Sending ------------------------------------------------------------------------------------


def test_sending_from_four_tabs_sends_once(cohort):
    for _round in range(ROUNDS):
        draft = factories.make_complete_draft(cohort)
        outcomes = together(*[sending(draft) for _tab in range(4)])
        assert kinds(outcomes) == [*["IllegalTransition"] * 3, "SentCopy"]
        assert lines(draft, "application.submitted") == 1
        assert letters(draft, "applications.receipt") == 1
        assert fresh(draft).copies.count() == 1


def test_sending_again_from_four_tabs_sends_once(cohort):
    for _round in range(ROUNDS):
        sent = factories.make_sent(cohort)
        drafting.take_back(sent, actor=sent.candidate)
        outcomes = together(*[sending(sent) for _tab in range(4)])
        assert kinds(outcomes) == [*["IllegalTransition"] * 3, "SentCopy"]
        assert lines(sent, "application.sent_again") == 1
        assert letters(sent, "applications.receipt") == 2
        assert [copy.number for copy in fresh(sent).copies.all()] == [2, 1]


def test_words_saved_while_the_file_is_sent_are_in_the_copy_or_their_writer_is_told(cohort):
    for _round in range(2 * ROUNDS):
        draft = factories.make_complete_draft(cohort)
        saved, copy = together(saving(draft, "Le dernier mot", seen=seen_project(draft)), sending(draft))
        if isinstance(saved, Draft):
            assert copy.content["project"] == "Le dernier mot"
        else:
            assert isinstance(saved, IllegalTransition)
            assert copy.content["project"] == factories.ANSWERS["project"]
        assert fresh(draft).project == copy.content["project"]
        assert copy.checksum == copies.checksum(copy.content)
        assert not Draft.objects.filter(application=draft).exists()


def test_at_the_second_of_closing_the_one_before_is_sent_and_the_others_read_why_not(cohort):
    for _round in range(ROUNDS):
        draft = factories.make_complete_draft(cohort)
        late = [sending(draft, now=cohort.closes_at) for _tab in range(3)]
        in_time = sending(draft, now=cohort.closes_at - timedelta(microseconds=1))
        copy, *refused = together(in_time, *late)
        assert copy.sent_at < cohort.closes_at
        assert {type(outcome) for outcome in refused} <= {IllegalTransition, drafting.CallClosed}
        assert (lines(draft, "application.submitted"), letters(draft, "applications.receipt")) == (1, 1)


def test_a_revision_sent_while_its_decision_is_applied_counts_before_it_is_told_or_is_refused(coordinator):
    """Never a file whose answers changed after its decision was told; before that, a refusal would tell it."""
    for delay in range(0, 30, 3):  # milliseconds: a decision comes before, in the middle of, or after the sending
        cohort = factories.make_cohort("closed")
        sent = factories.make_sent(cohort)
        reviews.mark(sent, "ACCEPTED", actor=coordinator)
        until = timezone.now() + timedelta(days=1)
        drafting.reopen(sent, until=until, request="Un lien qui marche ?", actor=coordinator)
        factories.fill(sent, {"project": "Tout autre chose"})
        release = releasing.propose(cohort, actor=coordinator)
        copy, applied = together(later(delay, sending(sent)), partial(releasing.work, release))
        assert applied is None
        end = fresh(sent)
        assert end.shown_state == "ACCEPTED"
        done = list(JournalEntry.objects.about(journal.ref(sent)).order_by("pk").values_list("action", flat=True))
        if isinstance(copy, IllegalTransition):
            assert (end.copies.count(), end.project) == (1, factories.ANSWERS["project"])
            assert "application.sent_again" not in done
        else:
            assert (copy.number, end.project) == (2, "Tout autre chose")
            told = JournalEntry.objects.about(journal.ref(release)).get(action="release.done")
            assert JournalEntry.objects.about(journal.ref(sent)).get(action="application.sent_again").pk < told.pk


# --- After sending ------------------------------------------------------------------------------


def test_taking_back_from_four_tabs_opens_one_revision(cohort):
    for _round in range(ROUNDS):
        sent = factories.make_sent(cohort)
        tabs = [fresh(sent) for _tab in range(4)]
        outcomes = together(*[partial(drafting.take_back, tab, actor=tab.candidate) for tab in tabs])
        assert outcomes == [Draft.objects.get(application=sent)] * 4
        assert lines(sent, "application.revision_opened") == 1


def test_giving_up_and_sending_a_revision_at_once_has_one_outcome(cohort):
    for _round in range(ROUNDS):
        sent = factories.make_sent(cohort)
        drafting.take_back(sent, actor=sent.candidate)
        factories.fill(sent, {"project": "Autrement"})
        tab = fresh(sent)
        copy, dropped = together(sending(sent), partial(drafting.drop_revision, tab, actor=tab.candidate))
        was_sent = dropped is not None
        assert isinstance(dropped if was_sent else copy, IllegalTransition)
        assert lines(sent, "application.sent_again") == was_sent
        assert lines(sent, "application.revision_dropped") == (not was_sent)
        end = fresh(sent)
        assert (end.copies.count(), end.project) == (
            (2, "Autrement") if was_sent else (1, factories.ANSWERS["project"])
        )


def test_the_same_time_given_twice_at_once_is_one_letter_and_one_line(cohort, coordinator):
    for _round in range(ROUNDS):
        draft = factories.make_draft(cohort)
        until = cohort.closes_at + timedelta(days=2)
        outcomes = together(
            *[partial(drafting.give_time, fresh(draft), until=until, actor=coordinator) for _tab in range(4)]
        )
        assert outcomes == [None] * 4
        assert fresh(draft).open_until == until
        assert letters(draft, "applications.more_time") == 1
        assert lines(draft, "application.more_time_given") == 1


# --- Places -------------------------------------------------------------------------------------


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


def test_the_second_click_reads_a_sentence(cohort):
    draft = factories.make_complete_draft(cohort)
    transitions.submit(fresh(draft), actor=draft.candidate)
    with pytest.raises(IllegalTransition) as refusal:
        transitions.submit(fresh(draft), actor=draft.candidate)
    assert refusal.value.sentence == "Cette action a déjà été faite, ou n’est plus possible."

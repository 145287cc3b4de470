"""The verbs of writing: starting, saving, taking back, more time, files that staff type."""

from datetime import timedelta

import pytest
from django.db import transaction

from applications import drafting, transitions
from applications.models import Application, Draft
from lifecycle import journal
from lifecycle.models import JournalEntry
from lifecycle.refusals import IllegalTransition, Refusal
from notifications.models import Letter
from tests import factories

pytestmark = pytest.mark.django_db
State = Application.State
SECOND = timedelta(seconds=1)


def story(application) -> list[tuple[str, str]]:
    """(action, actor) of each line about a file."""
    lines = JournalEntry.objects.about(journal.ref(application)).order_by("id")
    return list(lines.values_list("action", "actor"))


# --- Starting -----------------------------------------------------------------------------------


def test_starting_twice_is_one_file_and_one_line(cohort, candidate):
    first, second = (drafting.start(cohort, candidate) for _click in range(2))
    assert (first, story(first)) == (second, [("application.started", journal.ref(candidate))])
    assert first.reference.startswith(cohort.reference_prefix + "-")


def test_a_file_starts_from_the_opening_and_before_the_closing(cohort, candidate):
    outcomes = []
    for moment in (cohort.opens_at - SECOND, cohort.opens_at, cohort.closes_at - SECOND, cohort.closes_at):
        with transaction.atomic():
            try:
                drafting.start(cohort, candidate, now=moment)
                outcomes.append("started")
            except drafting.CallClosed:
                outcomes.append("refused")
            transaction.set_rollback(True)
    assert outcomes == ["refused", "started", "started", "refused"]


def test_a_draft_is_found_again_after_the_closing(closed_cohort, candidate):
    draft = factories.make_draft(closed_cohort, candidate)
    assert drafting.start(closed_cohort, candidate) == draft


def test_a_second_year_starts_from_the_answers_of_the_first(cohort, candidate):
    last_year = factories.make_cohort("over")
    asked = factories.make_question(last_year)
    sent = factories.make_sent(last_year, candidate, needs="Des pauses.")
    assert sent.copies.get().content["questions"] == {str(asked.pk): "oui"}
    again = drafting.start(cohort, candidate)
    kept = again.draft.answers
    assert (kept["project"], kept["needs"], kept["slots"]) == (
        factories.ANSWERS["project"],
        "Des pauses.",
        factories.ANSWERS["slots"],
    )
    assert [name for name in ("questions", "asked", "rules", "privacy", "image") if name in kept] == []
    assert again.draft.copied_from == sent.copies.get()
    assert again.project == ""


def test_somebody_new_is_known_by_the_name_she_gives(cohort, stranger):
    """While she writes it, letter by letter: a save while typing may come after two of them."""
    stranger.first_name = stranger.last_name = ""
    stranger.save()
    draft, known = factories.make_complete_draft(cohort, stranger), []
    for first_name, last_name in [("Sa", ""), ("Sami", ""), ("Sami", "Roux")]:
        factories.fill(draft, {"first_name": first_name, "last_name": last_name})
        stranger.refresh_from_db()
        known.append((stranger.first_name, stranger.last_name))
    assert known == [("Sa", ""), ("Sami", ""), ("Sami", "Roux")]
    transitions.submit(draft, actor=stranger)
    drafting.take_back(draft, actor=stranger)
    factories.fill(draft, {"first_name": "Autre"})
    stranger.refresh_from_db()
    assert stranger.first_name == "Sami"


# --- Saving -------------------------------------------------------------------------------------


def test_nothing_of_a_draft_is_shown_to_staff(cohort, candidate, coordinator):
    draft = factories.make_complete_draft(cohort, candidate)
    assert list(Application.objects.visible_to(candidate)) == [draft]
    assert list(Application.objects.visible_to(coordinator)) == []


def test_a_sent_file_is_not_written_any_more(cohort, candidate):
    sent = factories.make_sent(cohort, candidate)
    with pytest.raises(IllegalTransition):
        factories.fill(sent, {"project": "Autre"})
    assert Application.objects.get().project == factories.ANSWERS["project"]


def test_a_save_that_saw_something_else_keeps_what_stands(cohort, candidate, now):
    draft = factories.make_draft(cohort, candidate)
    names = ("project", "hopes")
    old = drafting.fingerprint(draft.draft.answers, names)
    drafting.save_step(draft, names, {"project": "Un", "hopes": ""}, seen=old, now=now)
    with pytest.raises(drafting.Stale) as refusal:
        drafting.save_step(draft, names, {"project": "Deux", "hopes": ""}, seen=old)
    assert (refusal.value.kept, refusal.value.saved_at) == ({"project": "Un", "hopes": None}, now)
    assert Draft.objects.get().answers["project"] == "Un"


# --- Taking back --------------------------------------------------------------------------------


def test_taking_back_twice_is_one_draft_and_one_line(cohort, candidate):
    sent = factories.make_sent(cohort, candidate)
    first, second = (drafting.take_back(sent, actor=candidate) for _click in range(2))
    assert first == second
    assert [action for action, _actor in story(sent)] == [
        "application.started",
        "application.submitted",
        "application.revision_opened",
    ]
    assert "asked" not in first.answers
    assert first.answers["project"] == factories.ANSWERS["project"]


def test_a_draft_never_sent_is_not_given_up(cohort, candidate):
    draft = factories.make_draft(cohort, candidate)
    with pytest.raises(IllegalTransition):
        drafting.drop_revision(draft, actor=candidate)
    assert Draft.objects.count() == 1


@pytest.mark.parametrize("made", [factories.make_accepted, factories.make_rejected, factories.make_waitlisted])
def test_a_decided_file_is_not_taken_back(made, closed_cohort, candidate):
    decided = made(closed_cohort, candidate)
    before = closed_cohort.closes_at - SECOND
    with pytest.raises(IllegalTransition):
        drafting.take_back(decided, actor=candidate, now=before)


def test_taking_back_tells_nothing_of_a_hidden_decision(cohort, candidate):
    sent = factories.make_sent(cohort, candidate)
    transitions.decide(sent, State.REJECTED, actor=journal.CLOCK, hold="reviews.release:1")
    drafting.take_back(sent, actor=candidate)
    factories.fill(sent, {"project": "Autre"})
    assert transitions.submit(sent, actor=candidate).number == 2
    sent.refresh_from_db()
    assert (sent.project, sent.state, sent.shown_state) == ("Autre", State.REJECTED, State.SUBMITTED)


def test_an_announced_decision_closes_what_was_being_changed(cohort, candidate, stranger):
    hers, other = factories.make_sent(cohort, candidate), factories.make_sent(cohort, stranger)
    for sent in (hers, other):
        drafting.take_back(sent, actor=sent.candidate)
    factories.decide(hers, outcome=State.REJECTED)
    assert list(Draft.objects.values_list("application", flat=True)) == [other.pk]


# --- More time ----------------------------------------------------------------------------------


def test_reopening_asks_for_more_until_a_moment(closed_cohort, candidate, coordinator, now):
    sent = factories.make_sent(closed_cohort, candidate)
    until = now + timedelta(days=5)
    drafting.reopen(sent, until=until, request="Un lien qui marche ?", actor=coordinator, now=now)
    letter = Letter.objects.get(kind="applications.more_asked")
    assert (letter.to, letter.not_after, "Un lien qui marche ?" in letter.body) == (candidate.email, until, True)
    factories.fill(sent, {"links": ["https://exemple.fr"]})
    with pytest.raises(drafting.CallClosed):
        transitions.submit(sent, actor=candidate, now=until)
    transitions.submit(sent, actor=candidate, now=until - SECOND)
    assert sent.copies.first().content["links"] == ["https://exemple.fr"]


def test_one_person_is_given_more_time(closed_cohort, candidate, stranger, coordinator, now):
    hers = factories.make_complete_draft(closed_cohort, candidate)
    other = factories.make_complete_draft(closed_cohort, stranger)
    until = now + timedelta(days=2)
    for _click in range(2):
        drafting.give_time(hers, until=until, actor=coordinator, now=now)
    with pytest.raises(drafting.CallClosed):
        transitions.submit(other, actor=stranger, now=now)
    transitions.submit(hers, actor=candidate, now=now)
    assert list(Letter.objects.filter(kind="applications.more_time").values_list("to", flat=True)) == [candidate.email]


def test_more_time_ends_in_the_future(closed_cohort, candidate, coordinator, now):
    draft = factories.make_draft(closed_cohort, candidate)
    with pytest.raises(Refusal, match="déjà passé"):
        drafting.give_time(draft, until=now, actor=coordinator, now=now)
    draft.refresh_from_db()
    assert (draft.open_until, Letter.objects.count()) == (None, 0)


def test_more_time_ends_before_the_cohort_starts(closed_cohort, candidate, coordinator, now):
    draft = factories.make_draft(closed_cohort, candidate)
    start = factories.paris(closed_cohort.starts_on, 0)
    with pytest.raises(Refusal, match="La promotion commence le"):
        drafting.give_time(draft, until=start, actor=coordinator, now=now)
    drafting.give_time(draft, until=start - SECOND, actor=coordinator, now=now)
    assert Application.objects.get().open_until == start - SECOND


def test_a_file_is_opened_late_for_who_had_begun_none(closed_cohort, candidate, coordinator, now):
    until = now + timedelta(days=2)
    late = drafting.start_late(closed_cohort, candidate, until=until, actor=coordinator, now=now)
    with pytest.raises(Refusal, match="a déjà une candidature"):
        drafting.start_late(closed_cohort, candidate, until=until, actor=coordinator, now=now)
    assert list(Application.objects.visible_to(coordinator)) == []
    factories.fill(late, factories.complete_answers(late))
    transitions.submit(late, actor=candidate, now=now)
    by_staff, hers = journal.ref(coordinator), journal.ref(candidate)
    assert story(late) == [
        ("application.started", by_staff),
        ("application.more_time_given", by_staff),
        ("application.submitted", hers),
    ]
    assert "Nous l’avons ouverte pour vous" in Letter.objects.get(kind="applications.more_time").body


def test_a_coordinator_does_none_of_it_for_herself(cohort, closed_cohort, coordinator, now):
    mine, given = factories.make_draft(closed_cohort, coordinator), {"until": now + timedelta(days=2)}
    for act in (
        lambda: drafting.give_time(mine, actor=coordinator, **given),
        lambda: drafting.reopen(mine, request="Un lien ?", actor=coordinator, **given),
        lambda: drafting.start_late(cohort, coordinator, actor=coordinator, **given),
        lambda: drafting.start_on_behalf(cohort, coordinator, actor=coordinator, **given),
    ):
        with pytest.raises(Refusal, match="votre propre candidature"):
            act()
    drafting.give_time(mine, actor=factories.make_coordinator(), **given)
    assert Application.objects.get().open_until == given["until"]


# --- Files that staff type ----------------------------------------------------------------------


def test_staff_type_a_file_for_somebody(cohort, stranger, coordinator):
    typed = drafting.start_on_behalf(cohort, stranger, actor=coordinator)
    assert list(Application.objects.visible_to(coordinator)) == [typed]
    factories.fill(typed, factories.complete_answers(typed))
    transitions.submit(typed, actor=coordinator)
    assert story(typed) == [
        ("application.started", journal.ref(coordinator)),
        ("application.submitted", journal.ref(coordinator)),
    ]
    receipt = Letter.objects.get(kind="applications.receipt")
    assert (receipt.to, "La coordination l’a saisie pour vous" in receipt.body) == (stranger.email, True)


def test_staff_never_take_over_a_file_somebody_began(cohort, candidate, coordinator):
    factories.make_draft(cohort, candidate)
    with pytest.raises(Refusal, match="a déjà une candidature"):
        drafting.start_on_behalf(cohort, candidate, actor=coordinator)
    assert list(Application.objects.visible_to(coordinator)) == []


def test_what_came_on_paper_in_time_is_typed_after_the_closing(closed_cohort, stranger, coordinator, now):
    with pytest.raises(drafting.CallClosed):
        drafting.start_on_behalf(closed_cohort, stranger, actor=coordinator, now=now)
    until = now + timedelta(days=3)
    typed = drafting.start_on_behalf(closed_cohort, stranger, until=until, actor=coordinator, now=now)
    factories.fill(typed, factories.complete_answers(typed))
    transitions.submit(typed, actor=coordinator, now=now)
    assert Application.objects.get().state == State.SUBMITTED

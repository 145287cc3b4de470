"""The verbs of an application: every state × every verb, and what follows from each."""

import hashlib
import json
from datetime import datetime, time, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from applications import drafting, transitions, waiting_list
from applications.models import Application, SentCopy
from applications.transitions import ALLOWED
from consents import transitions as authorisations
from consents.models import GuardianAuthorisation
from lifecycle import journal
from lifecycle.models import JournalEntry
from lifecycle.refusals import IllegalTransition, Refusal
from notifications.models import Letter
from tests import factories

pytestmark = pytest.mark.django_db
State = Application.State


def actions(application) -> list[str]:
    return list(JournalEntry.objects.about(journal.ref(application)).order_by("id").values_list("action", flat=True))


def letters(application, status=None) -> list[str]:
    found = Letter.objects.about(journal.ref(application)).order_by("id")
    if status:
        found = found.filter(status=status)
    return [kind.partition(".")[2] for kind in found.values_list("kind", flat=True)]


# --- Every state, every verb --------------------------------------------------------------------


def lapsed(cohort):
    application = factories.make_accepted(cohort)
    transitions.lapse(application, now=application.confirm_by + timedelta(minutes=1))
    return application


def matched(cohort):
    return factories.make_pair(factories.make_confirmed(cohort), factories.make_commitment(cohort)).application


def completed(cohort):
    application = matched(cohort)
    transitions.complete(application, actor=journal.CLOCK, now=timezone.now())
    return application


def withdrawn(cohort):
    application = factories.make_sent(cohort)
    transitions.withdraw(application, actor=application.candidate)
    return application


IN_STATE = {
    State.DRAFT: factories.make_complete_draft,
    State.SUBMITTED: factories.make_sent,
    State.ACCEPTED: factories.make_accepted,
    State.WAITLISTED: factories.make_waitlisted,
    State.REJECTED: factories.make_rejected,
    State.CONFIRMED: factories.make_confirmed,
    State.LAPSED: lapsed,
    State.MATCHED: matched,
    State.COMPLETED: completed,
    State.WITHDRAWN: withdrawn,
}


def decide(outcome):
    return lambda a, now: transitions.decide(a, outcome, actor=journal.CLOCK, hold="", now=now)


VERBS = {
    "submit": (State.SUBMITTED, lambda a, now: transitions.submit(a, actor=a.candidate, now=now - timedelta(days=25))),
    "accept": (State.ACCEPTED, decide(State.ACCEPTED)),
    "waitlist": (State.WAITLISTED, decide(State.WAITLISTED)),
    "reject": (State.REJECTED, decide(State.REJECTED)),
    "confirm": (State.CONFIRMED, lambda a, now: transitions.confirm(a, actor=a.candidate, now=now)),
    "lapse": (State.LAPSED, lambda a, now: transitions.lapse(a, now=now + timedelta(days=30))),
    "withdraw": (State.WITHDRAWN, lambda a, now: transitions.withdraw(a, actor=a.candidate, now=now)),
    "match": (State.MATCHED, lambda a, now: transitions.mark_matched(a, actor=a.candidate, now=now)),
    "unmatch": (State.CONFIRMED, lambda a, now: transitions.mark_unmatched(a, actor=a.candidate, now=now)),
    "complete": (State.COMPLETED, lambda a, now: transitions.complete(a, actor=journal.CLOCK, now=now)),
}
TWO_WAYS_TO_CONFIRMED = {(State.MATCHED, "confirm"), (State.ACCEPTED, "unmatch")}
"""A candidate confirms the place she was given; the end of a pair gives hers back. Neither does what the other does."""


@pytest.mark.parametrize("state", State)
def test_each_verb_does_what_the_table_allows(state, closed_cohort, now):
    application = IN_STATE[state](closed_cohort)
    application.refresh_from_db()
    assert application.state == state
    outcomes, expected = {}, {}
    for name, (target, verb) in VERBS.items():
        expected[name] = target if target in ALLOWED.get(state, ()) else "refused"
        with transaction.atomic():
            outcomes[name] = attempt(application, verb, now)
            transaction.set_rollback(True)
    assert outcomes == {**expected, **{verb: "refused" for from_, verb in TWO_WAYS_TO_CONFIRMED if from_ == state}}


def attempt(application, verb, now) -> str:
    before = actions(application)
    fresh = Application.objects.get(pk=application.pk)
    try:
        verb(fresh, now)
    except IllegalTransition:
        assert actions(application) == before
        return "refused"
    assert actions(application)[: len(before) + 1] == [*before, f"application.{fresh.state.lower()}"]
    return fresh.state


def test_the_table_speaks_of_every_state():
    targets = {target for targets in ALLOWED.values() for target in targets}
    assert {*ALLOWED, *targets} == set(State)


# --- Sending ------------------------------------------------------------------------------------


def test_sending_freezes_a_copy_and_acknowledges(cohort, candidate, now):
    film = factories.make_question(cohort, "Quel film ?")
    draft = factories.make_complete_draft(cohort, candidate)
    transitions.submit(draft, actor=candidate, now=now)
    copy = SentCopy.objects.get(application=draft)
    canonical = json.dumps(copy.content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert copy.checksum == hashlib.sha256(canonical.encode()).hexdigest()
    assert copy.content == {
        "first_name": "Inès",
        "last_name": candidate.last_name,
        "birth_date": candidate.birth_date.isoformat(),
        "postcode": "09000",
        "audience": "STUDENT",
        **factories.ANSWERS,
        "trades": [trade.slug for trade in factories.make_trades()],
        "questions": {str(film.pk): "oui"},
        "asked": [{"text": "Quel film ?", "kind": "TEXT", "answer": "oui"}],
    }
    assert (copy.number, copy.sent_at, draft.sent_at) == (1, now, now)
    assert actions(draft) == ["application.started", "application.submitted"]
    assert letters(draft) == ["receipt"]


def test_a_copy_stands_when_the_person_changes(cohort, candidate):
    sent = factories.make_sent(cohort, candidate)
    candidate.first_name = "Autre"
    candidate.save()
    assert sent.copies.get().content["first_name"] == "Inès"


def test_the_last_second_counts_and_the_hour_does_not(cohort, candidate):
    draft = factories.make_complete_draft(cohort, candidate)
    with pytest.raises(drafting.CallClosed):
        transitions.submit(draft, actor=candidate, now=cohort.closes_at)
    assert Application.objects.get().state == State.DRAFT
    transitions.submit(draft, actor=candidate, now=cohort.closes_at - timedelta(seconds=1))
    assert Application.objects.get().state == State.SUBMITTED


def test_an_incomplete_file_is_not_sent(cohort, candidate):
    draft = factories.make_complete_draft(cohort, candidate, hopes=" ")
    with pytest.raises(transitions.Incomplete) as refusal:
        transitions.submit(draft, actor=candidate)
    assert [(m.step.slug, m.field) for m in refusal.value.missing] == [("projet", "hopes")]
    assert (letters(draft), SentCopy.objects.count()) == ([], 0)


def test_sending_twice_is_one_copy_one_line_one_letter(cohort, candidate):
    draft = factories.make_complete_draft(cohort, candidate)
    transitions.submit(draft, actor=candidate)
    with pytest.raises(IllegalTransition):
        transitions.submit(draft, actor=candidate)
    assert actions(draft).count("application.submitted") == 1
    assert (letters(draft), draft.copies.count()) == (["receipt"], 1)


def test_a_new_version_replaces_the_facts_and_keeps_the_moment(cohort, candidate):
    sent = factories.make_sent(cohort, candidate)
    first_sent_at = sent.sent_at
    drafting.take_back(sent, actor=candidate)
    factories.fill(sent, {"project": "Autre", "gender": "WOMAN", "trades": ["montage"], "image": 1})
    transitions.submit(sent, actor=candidate)
    sent = Application.objects.get()
    assert (sent.project, sent.gender, [t.slug for t in sent.ranked_trades]) == ("Autre", "WOMAN", ["montage"])
    assert (sent.sent_at, [copy.number for copy in sent.copies.all()]) == (first_sent_at, [2, 1])
    assert actions(sent) == [
        "application.started",
        "application.submitted",
        "application.revision_opened",
        "application.sent_again",
    ]
    assert letters(sent) == ["receipt", "receipt"]


def test_a_box_unticked_in_a_new_version_takes_the_agreement_back(cohort, candidate):
    sent = factories.make_sent(cohort, candidate, image=1)
    assert {c.version.key for c in candidate.consents.standing()} == {"regles", "vie-privee", "image"}
    drafting.take_back(sent, actor=candidate)
    factories.fill(sent, {"image": None})
    transitions.submit(sent, actor=candidate)
    assert {c.version.key for c in candidate.consents.standing()} == {"regles", "vie-privee"}


def test_a_decided_file_is_not_sent_again(closed_cohort, candidate, now):
    sent = factories.make_sent(closed_cohort, candidate)
    drafting.reopen(sent, until=now + timedelta(days=30), request="Un lien ?", actor=journal.CONSOLE)
    factories.fill(sent, {"project": "Autre"})
    factories.decide(sent, outcome=State.REJECTED)
    with pytest.raises(IllegalTransition):
        transitions.submit(sent, actor=candidate)
    assert (Application.objects.get().project, sent.copies.count()) == (factories.ANSWERS["project"], 1)


def test_a_text_published_since_is_agreed_to_anew(cohort, candidate):
    draft = factories.make_complete_draft(cohort, candidate)
    rules = authorisations.new_version("regles", actor=journal.CONSOLE)
    authorisations.publish_text(rules, actor=journal.CONSOLE)
    with pytest.raises(transitions.Incomplete) as refusal:
        transitions.submit(draft, actor=candidate)
    assert [m.field for m in refusal.value.missing] == ["rules"]


def test_the_referent_is_told_once_and_a_new_one_too(cohort, candidate):
    sent = factories.make_sent(cohort, candidate, referent_name="Mme Haddad", referent_email="haddad@example.org")
    for name, email in (("Mme Haddad", "haddad@example.org"), ("M. Roux", "roux@example.org")):
        drafting.take_back(sent, actor=candidate)
        factories.fill(sent, {"referent_name": name, "referent_email": email})
        transitions.submit(sent, actor=candidate)
    told = Letter.objects.filter(kind="applications.referent").order_by("id").values_list("to", flat=True)
    assert list(told) == ["haddad@example.org", "roux@example.org"]


def test_only_a_minors_file_waits_for_an_authorisation(cohort, candidate, minor):
    factories.make_sent(cohort, candidate)
    factories.make_sent(cohort, minor)
    asked = GuardianAuthorisation.objects.get()
    assert (asked.person, asked.scope, asked.state) == (minor, journal.ref(cohort), "REQUESTED")


# --- Confirming ---------------------------------------------------------------------------------


def test_the_term_is_the_last_minute_of_a_paris_day(closed_cohort, candidate, now):
    accepted = factories.make_accepted(closed_cohort, candidate, now=now)
    day = timezone.localdate(now) + timedelta(days=closed_cohort.confirm_days)
    assert accepted.confirm_by == timezone.make_aware(datetime.combine(day, time(23, 59)))


def test_a_place_is_confirmed_until_its_term(closed_cohort, candidate):
    accepted = factories.make_accepted(closed_cohort, candidate)
    with pytest.raises(Refusal, match="Le délai pour confirmer est passé"):
        transitions.confirm(accepted, actor=candidate, now=accepted.confirm_by + timedelta(seconds=1))
    transitions.confirm(accepted, actor=candidate, now=accepted.confirm_by)
    assert (accepted.state, letters(accepted)[-1]) == (State.CONFIRMED, "confirmed")


def test_a_minor_confirms_once_authorised(closed_cohort, minor):
    accepted = factories.make_accepted(closed_cohort, minor)
    with pytest.raises(Refusal, match="autorisation"):
        transitions.confirm(accepted, actor=minor)
    factories.authorise(accepted)
    transitions.confirm(accepted, actor=minor)
    assert accepted.state == State.CONFIRMED


def test_a_hidden_decision_cannot_be_confirmed(closed_cohort, candidate):
    hidden = factories.make_sent(closed_cohort, candidate)
    transitions.decide(hidden, State.ACCEPTED, actor=journal.CLOCK, hold="reviews.release:1")
    with pytest.raises(IllegalTransition) as refusal:
        transitions.confirm(hidden, actor=candidate)
    assert (refusal.value.source_state, hidden.shown_state) == (State.SUBMITTED, State.SUBMITTED)


# --- Withdrawing, lapsing, the waiting list -----------------------------------------------------


@pytest.mark.parametrize("outcome", [State.ACCEPTED, State.WAITLISTED, State.REJECTED])
def test_withdrawing_tells_nothing_of_a_hidden_decision(outcome, closed_cohort, candidate):
    hidden = factories.make_sent(closed_cohort, candidate)
    transitions.decide(hidden, outcome, actor=journal.CLOCK, hold="reviews.release:1")
    transitions.withdraw(hidden, actor=candidate)
    assert hidden.state == State.WITHDRAWN
    assert letters(hidden, Letter.Status.CANCELLED) == ["receipt", outcome.lower()]
    assert letters(hidden, Letter.Status.QUEUED) == ["withdrawn"]


@pytest.fixture
def full(now):
    """A cohort of one place, taken, and two people who wait: (accepted, first, second)."""
    cohort = factories.make_cohort("closed", now=now, places=1)
    accepted = factories.make_accepted(cohort)
    first, second = factories.make_sent(cohort), factories.make_sent(cohort)
    factories.decide(first, outcome=State.WAITLISTED)
    factories.decide(second, outcome=State.WAITLISTED)
    return accepted, first, second


def states(*applications) -> list[str]:
    return [Application.objects.get(pk=application.pk).state for application in applications]


def test_a_withdrawn_place_goes_to_the_first_who_waits(full):
    accepted, first, second = full
    transitions.withdraw(accepted, actor=accepted.candidate)
    assert states(*full) == [State.WITHDRAWN, State.ACCEPTED, State.WAITLISTED]
    assert (letters(first)[-1], letters(second)[-1]) == ("promoted", "waitlisted")


def test_a_lapsed_place_goes_to_the_first_who_waits(full):
    accepted, first, _second = full
    with pytest.raises(IllegalTransition):
        transitions.lapse(accepted, now=accepted.confirm_by)
    transitions.lapse(accepted, now=accepted.confirm_by + timedelta(seconds=1))
    assert states(*full) == [State.LAPSED, State.ACCEPTED, State.WAITLISTED]
    promoted = Application.objects.get(pk=first.pk)
    assert (promoted.waitlist_rank, promoted.shown_state) == (None, State.ACCEPTED)


def test_somebody_who_waits_leaves_without_calling_anybody(full):
    _accepted, first, _second = full
    transitions.withdraw(first, actor=first.candidate)
    assert states(*full) == [State.ACCEPTED, State.WITHDRAWN, State.WAITLISTED]


def test_nobody_is_promoted_to_a_place_that_is_taken(full, now):
    accepted = full[0]
    assert waiting_list.promote_next(accepted.cohort, now=now) is None


def test_nobody_is_promoted_once_the_cohort_has_started(full):
    accepted, _first, _second = full
    start = factories.paris(accepted.cohort.starts_on, 0)
    Application.objects.filter(pk=accepted.pk).update(state=State.REJECTED)
    assert waiting_list.promote_next(accepted.cohort, now=start) is None
    assert waiting_list.promote_next(accepted.cohort, now=start - timedelta(seconds=1)) is not None


def test_nobody_is_promoted_before_she_knows_that_she_waits(closed_cohort, candidate, now):
    hidden = factories.make_sent(closed_cohort, candidate)
    transitions.decide(hidden, State.WAITLISTED, rank=1, actor=journal.CLOCK, hold="reviews.release:1")
    assert waiting_list.promote_next(closed_cohort, now=now) is None

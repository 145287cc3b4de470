"""The one way to change a state: locked, checked, written, journaled; or refused, and nothing changes."""

import pytest
from django.db import transaction
from django.utils import timezone

from consents.answers import ALLOWED
from consents.models import GuardianAuthorisation
from lifecycle import journal
from lifecycle.models import JournalEntry
from lifecycle.moves import lock, move, move_each
from lifecycle.refusals import IllegalTransition, Refusal

pytestmark = pytest.mark.django_db

State = GuardianAuthorisation.State


@pytest.fixture
def authorisation(minor, cohort):
    """Lina's representative has not answered yet."""
    return GuardianAuthorisation.objects.create(person=minor, scope=journal.ref(cohort))


def lines(target) -> list[tuple]:
    entries = JournalEntry.objects.about(journal.ref(target)).order_by("id")
    return list(entries.values_list("action", "actor", "source_state", "target_state", "detail"))


SIGNED = {"guardian_name": "Awa Diallo", "relation": "mère"}


def test_a_move_changes_the_state_and_writes_one_line(authorisation, coordinator, now):
    with transaction.atomic():
        move(
            authorisation,
            State.GIVEN,
            allowed=ALLOWED,
            actor=coordinator,
            now=now,
            detail="sur papier",
            signed_on=timezone.localdate(now),
            **SIGNED,
        )

    authorisation.refresh_from_db()
    assert (authorisation.state, authorisation.guardian_name, authorisation.relation) == ("GIVEN", "Awa Diallo", "mère")
    expected = ("guardianauthorisation.given", f"accounts.user:{coordinator.pk}", "REQUESTED", "GIVEN", "sur papier")
    assert lines(authorisation) == [expected]
    assert JournalEntry.objects.get().at == now


def test_a_move_that_the_table_does_not_allow_changes_nothing(authorisation):
    with transaction.atomic():
        move(authorisation, State.REFUSED, allowed=ALLOWED, actor=journal.CONSOLE)
    told = lines(authorisation)

    with pytest.raises(IllegalTransition) as refused, transaction.atomic():
        move(authorisation, State.GIVEN, allowed=ALLOWED, actor=journal.CONSOLE, **SIGNED)

    authorisation.refresh_from_db()
    assert (authorisation.state, authorisation.guardian_name) == (State.REFUSED, "")
    assert lines(authorisation) == told
    assert str(refused.value) == f"consents.guardianauthorisation:{authorisation.pk}: REFUSED → GIVEN"
    assert refused.value.sentence == "Cette action a déjà été faite, ou n’est plus possible."


def test_the_table_is_asked_about_what_is_true_now(authorisation):
    """A copy read before somebody else's click does not repeat it."""
    mine, theirs = (GuardianAuthorisation.objects.get(pk=authorisation.pk) for _copy in range(2))
    with transaction.atomic():
        move(theirs, State.REFUSED, allowed=ALLOWED, actor=journal.CONSOLE)

    with pytest.raises(IllegalTransition), transaction.atomic():
        move(mine, State.REFUSED, allowed=ALLOWED, actor=journal.CONSOLE)

    assert [action for action, *_rest in lines(authorisation)] == ["guardianauthorisation.refused"]


def test_a_move_writes_only_the_state_and_its_changes(authorisation):
    """What another request wrote to other fields is not overwritten by an old copy."""
    old_copy = GuardianAuthorisation.objects.get(pk=authorisation.pk)
    GuardianAuthorisation.objects.filter(pk=authorisation.pk).update(relation="tante")

    with transaction.atomic():
        move(old_copy, State.REFUSED, allowed=ALLOWED, actor=journal.CONSOLE)

    authorisation.refresh_from_db()
    assert (authorisation.state, authorisation.relation) == (State.REFUSED, "tante")


@pytest.mark.django_db(transaction=True)
def test_a_lock_needs_a_transaction(authorisation):
    with transaction.atomic():
        lock(authorisation)  # the same, inside one, is fine

    with pytest.raises(transaction.TransactionManagementError):
        lock(authorisation)


@pytest.mark.django_db(transaction=True)
def test_a_line_that_fails_takes_the_move_with_it(authorisation):
    @transaction.atomic
    def refuse_and_fail():
        move(authorisation, State.REFUSED, allowed=ALLOWED, actor=journal.CONSOLE)
        raise ValueError("too late")

    with pytest.raises(ValueError, match="too late"):
        refuse_and_fail()

    authorisation.refresh_from_db()
    assert (authorisation.state, lines(authorisation)) == (State.REQUESTED, [])


def test_a_refusal_says_its_sentence():
    refusal = Refusal("Le délai est passé.")

    assert (refusal.sentence, str(refusal)) == ("Le délai est passé.", "Le délai est passé.")
    assert isinstance(IllegalTransition("x:1", "A", "B"), Refusal)


def test_many_rows_move_at_once_each_with_its_line(authorisation, coordinator, cohort, now):
    other = GuardianAuthorisation.objects.create(person=coordinator, scope=journal.ref(cohort))
    given = GuardianAuthorisation.objects.create(person=coordinator, scope="cohorts.cohort:0")
    with transaction.atomic():
        move(given, State.GIVEN, allowed=ALLOWED, actor=journal.CONSOLE, signed_on=timezone.localdate(now), **SIGNED)
        everything = GuardianAuthorisation.objects.all()
        count = move_each(everything, State.REQUESTED, State.REFUSED, allowed=ALLOWED, actor=coordinator, now=now)
    states = GuardianAuthorisation.objects.order_by("id").values_list("state", flat=True)
    assert (count, list(states)) == (2, ["REFUSED", "REFUSED", "GIVEN"])
    line = ("guardianauthorisation.refused", f"accounts.user:{coordinator.pk}", "REQUESTED", "REFUSED", "")
    assert lines(authorisation) == lines(other) == [line]
    assert [action for action, *_rest in lines(given)] == ["guardianauthorisation.given"]


def test_many_rows_are_refused_what_the_table_does_not_allow(authorisation):
    with pytest.raises(IllegalTransition), transaction.atomic():
        move_each(GuardianAuthorisation.objects.all(), "GIVEN", "REQUESTED", allowed={}, actor=journal.CONSOLE)
    assert lines(authorisation) == []

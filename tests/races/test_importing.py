"""The same list of mentors at the same instant, and somebody of it who signs up meanwhile."""

from functools import partial

import pytest
from django.db import transaction

from accounts.models import User
from accounts.transitions import known_or_new
from lifecycle.refusals import Refusal
from mentors import transitions
from mentors.importing import inviting, pasted
from mentors.models import MentorImport, MentorProfile
from notifications.models import Letter
from tests import factories
from tests.races.threads import together

pytestmark = pytest.mark.django_db(transaction=True)


def people(numbers) -> str:
    return "\n".join(f"Léa Roche <p{number:02d}@example.org>" for number in numbers)


def checked(text: str, actor) -> MentorImport:
    return inviting.check(pasted.read(text)[0], source="…", unknown_columns=[], actor=actor)


def test_two_coordinators_import_crossing_lists():
    """Both lists hold the same people in opposite orders: one invites, the other reads that they have changed."""
    actors = [factories.make_coordinator(), factories.make_coordinator()]
    for turn in range(8):
        numbers = range(turn * 10, turn * 10 + 10)
        lists = [checked(people(numbers), actors[0]), checked(people(reversed(numbers)), actors[1])]
        outcomes = together(
            *(partial(inviting.import_, one, actor=actor) for one, actor in zip(lists, actors, strict=True))
        )
        assert sorted(outcomes) == [False, True]
    assert (MentorProfile.objects.count(), Letter.objects.count()) == (80, 80)


def test_one_list_clicked_twice():
    actor = factories.make_coordinator()
    for turn in range(8):
        one = checked(people([turn]), actor)
        twins = [MentorImport.objects.get(pk=one.pk) for _twin in range(2)]
        outcomes = together(*(partial(inviting.import_, twin, actor=actor) for twin in twins))
        assert [outcome for outcome in outcomes if outcome is True] == [True]
        assert [type(outcome) for outcome in outcomes if outcome is not True] == [Refusal]
    assert (MentorProfile.objects.count(), Letter.objects.count()) == (8, 8)


def test_somebody_signs_up_or_is_invited_alone_meanwhile(now):
    actor = factories.make_coordinator()

    def sign_up(email):
        with transaction.atomic():
            known_or_new(email, now)

    for turn in range(8):
        one, email = checked(people([turn, turn + 50]), actor), f"p{turn:02d}@example.org"
        outcomes = together(partial(inviting.import_, one, actor=actor), partial(sign_up, email))
        assert (outcomes[0], outcomes[1]) in ((True, None), (False, None))
        alone = partial(transitions.invite, f"p{turn + 50}@example.org", first_name="L", last_name="R", actor=actor)
        together(partial(inviting.import_, MentorImport.objects.get(pk=one.pk), actor=actor), alone)
        if MentorImport.objects.get(pk=one.pk).applied_at is None:
            assert inviting.import_(one, actor=actor) is True
        assert User.objects.filter(email=email).count() == 1
    assert (MentorProfile.objects.count(), Letter.objects.count()) == (16, 16)

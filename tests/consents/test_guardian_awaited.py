"""Once a representative has answered, nobody is named, corrected or pressed: the verbs say so, whichever the door."""

from datetime import timedelta

import pytest

from consents import answers, guardians
from consents.models import Guardian, GuardianAuthorisation
from lifecycle.journal import CONSOLE
from matching.falls import refuse_authorisation, withdraw_authorisation
from tests.consents.test_guardians import addresses, letters, refused
from tests.guardians import asked, sign

pytestmark = pytest.mark.django_db

State = GuardianAuthorisation.State
DAY = timedelta(days=1)

SETTLED_FIRST = "elle ne se redemande qu’après en avoir parlé avec la coordination."
STANDS = {
    State.GIVEN: "L’autorisation est déjà donnée : il n’y a plus rien à demander.",
    State.REFUSED: f"L’autorisation a été refusée : {SETTLED_FIRST}",
    State.WITHDRAWN: f"L’autorisation a été retirée : {SETTLED_FIRST}",
}


def answered(authorisation, state, *, now) -> None:
    """The first representative answers so; the second, if there is one, has not."""
    guardian = authorisation.guardians.get(order=1)
    if state == State.REFUSED:
        refuse_authorisation(authorisation, guardian=guardian, link_number=1, actor="guardian", now=now)
        return
    sign(guardian, now=now)
    if state == State.WITHDRAWN:
        withdraw_authorisation(authorisation, guardian=guardian, link_number=2, actor="guardian", now=now)


@pytest.mark.parametrize("state", STANDS)
def test_nobody_is_named_past_an_answer(state, minor, now):
    """Her page was open while her mother answered: the verb sees it, not the page alone."""
    authorisation = asked(minor, now=now)
    stale = GuardianAuthorisation.objects.get(pk=authorisation.pk)
    answered(authorisation, state, now=now)
    add = {"name": "Jo", "email": "jo@example.org", "actor": minor, "now": now + DAY}
    assert refused(guardians.add_second, stale, **add) == STANDS[state]
    assert (authorisation.guardians.count(), letters()) == (1, [])


@pytest.mark.parametrize("state", STANDS)
@pytest.mark.parametrize(
    "act", [lambda who, **by: guardians.correct_address(who, "s@x.org", **by), guardians.ask_again]
)
def test_nobody_is_corrected_or_pressed_past_the_answer_of_another(act, state, minor, now):
    authorisation = asked(minor, emails=["samira@example.org", "jo@example.org"], now=now)
    father = Guardian.objects.select_related("authorisation__person").get(order=2)
    answered(authorisation, state, now=now)
    assert refused(act, father, actor=minor, now=now + DAY) == STANDS[state]
    assert addresses(authorisation)[1] == (2, "jo@example.org", State.REQUESTED, 1)


@pytest.mark.parametrize(
    "act", [lambda who, **by: guardians.correct_address(who, "s@x.org", **by), guardians.ask_again]
)
def test_who_has_answered_is_left_in_peace(act, minor, now):
    """She said no and both sides settled it; her sister signed once already, and is asked by nobody anew."""
    authorisation = asked(minor, emails=["samira@example.org", "jo@example.org"], now=now)
    mother, father = authorisation.guardians.all()
    sign(mother, now=now)
    refuse_authorisation(authorisation, guardian=father, link_number=1, actor="guardian", now=now)
    answers.settle(authorisation, actor=CONSOLE, now=now)
    mother.refresh_from_db()
    act(father, actor=minor, now=now + DAY)
    assert refused(act, mother, actor=minor, now=now + DAY) == "Cette personne a déjà répondu."

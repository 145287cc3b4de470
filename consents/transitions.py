"""The verbs of an authorisation. `matching.transitions.withdraw_authorisation` withdraws one."""

from django.db import transaction
from django.utils import timezone

from consents.models import GuardianAuthorisation
from lifecycle.moves import move

State = GuardianAuthorisation.State

ALLOWED = {
    State.REQUESTED: {State.GIVEN, State.REFUSED},
    State.GIVEN: {State.WITHDRAWN},
}


@transaction.atomic
def request(person, scope: str) -> GuardianAuthorisation:
    """Wait for the authorisation of this person's representative for this scope; the one there already, if any."""
    authorisation, _created = GuardianAuthorisation.objects.get_or_create(person=person, scope=scope)
    return authorisation


@transaction.atomic
def record_given(authorisation, *, guardian_name: str, relation: str, signed_on, actor, now=None) -> None:
    """A coordinator has the signed authorisation before her eyes and writes down who signed, as what, and when.

    Raises IllegalTransition when it was given, refused or withdrawn already.
    """
    move(
        authorisation,
        State.GIVEN,
        allowed=ALLOWED,
        actor=actor,
        now=now or timezone.now(),
        guardian_name=guardian_name,
        relation=relation,
        signed_on=signed_on,
    )


@transaction.atomic
def record_refused(authorisation, *, actor, now=None) -> None:
    """The representative said no. Raises IllegalTransition when it was answered already."""
    move(authorisation, State.REFUSED, allowed=ALLOWED, actor=actor, now=now or timezone.now())


def withdraw(authorisation, *, actor, now) -> None:
    """A step of `matching.transitions.withdraw_authorisation`. Raises IllegalTransition when it was not given."""
    move(authorisation, State.WITHDRAWN, allowed=ALLOWED, actor=actor, now=now)

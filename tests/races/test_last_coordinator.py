"""Two coordinators remove each other at the same moment: one of them stays."""

import threading

import pytest
from django.db import connection

from accounts import transitions
from accounts.models import Grant
from accounts.roles import Role
from lifecycle.refusals import Refusal
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_coordinators_who_remove_each_other_leave_one():
    claire, karima = (factories.make_coordinator(factories.make_user(name)) for name in ("Claire", "Karima"))
    together, outcomes = threading.Barrier(2), []

    def remove(actor, other):
        try:
            grant = other.grants.get()
            together.wait(timeout=10)
            transitions.revoke_role(grant, actor=actor)
            outcomes.append("removed")
        except Refusal as refusal:
            outcomes.append(refusal.sentence)
        finally:
            connection.close()

    threads = [threading.Thread(target=remove, args=pair) for pair in ((claire, karima), (karima, claire))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert sorted(outcomes) == [
        "C’est la dernière personne de la coordination : donnez d’abord ce rôle à quelqu’un d’autre.",
        "removed",
    ]
    assert Grant.objects.filter(role=Role.COORDINATOR).count() == 1

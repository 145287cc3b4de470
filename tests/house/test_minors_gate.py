"""Nobody under 18 is confirmed, offered, matched or taken up again without an authorisation: by whichever door.

Minors stand at every point of the way, without an authorisation, and every door of the portal (`tests.house.doors`) is
tried. Since each point is there, no sequence of doors leads where no single one does. That nobody is further than
before is read from the tables themselves, by a rule written here, not from the gate that is tested.
"""

from datetime import timedelta
from itertools import chain

import pytest
import time_machine
from django.db import connection

from applications import minors
from cohorts.models import Cohort
from consents.models import GuardianAuthorisation
from tests.house import doors
from tests.house.minors_world import World, build

pytestmark = pytest.mark.django_db
State = GuardianAuthorisation.State

FURTHER = {
    ("applications:confirm", "CONFIRMED"),
    ("matching.tasks.publish_runs", "OFFERED"),
    ("portal:mentor_suits", "MET"),
    ("matching.tasks.exchange_contacts", "MET"),
    ("matching:accept", "MATCHED"),
    ("matching:accept", "ACTIVE"),
    ("admin:mentorships_mentorship_resume", "ACTIVE"),
}
"""The doors that lead further, and where to, for who is authorised."""


@pytest.fixture(scope="module")
def world(shared):
    """Minors at every stage, built once: what a test does to them is undone when it ends."""
    return shared(build)


def take_away(state: str | None) -> None:
    """All authorisations stand so, as if the verbs that follow from it had never run; None: never asked for."""
    if state is None:
        GuardianAuthorisation.objects.all().delete()
    else:
        unsigned = {"guardian_name": "", "relation": "", "signed_on": None}
        GuardianAuthorisation.objects.update(state=state, **(unsigned if state == State.REQUESTED else {}))


REACHED = """
WITH minor AS (
    SELECT a.id, a.reference, a.state,
           EXISTS (SELECT 1 FROM consents_guardianauthorisation g WHERE g.person_id = u.id AND g.state = 'GIVEN'
                   AND g.scope = 'cohorts.cohort:' || c.id) AS is_given
    FROM applications_application a
    JOIN cohorts_cohort c ON c.id = a.cohort_id
    JOIN accounts_user u ON u.id = a.candidate_id
    WHERE u.birth_date IS NULL OR u.birth_date + interval '18 years' > c.starts_on
)
SELECT state, reference, is_given FROM minor WHERE state IN ('CONFIRMED', 'MATCHED')
UNION SELECT 'OFFERED', reference, is_given FROM minor JOIN matching_proposal p ON p.application_id = minor.id
    WHERE p.state = 'OFFERED'
UNION SELECT 'ACTIVE', reference, is_given FROM minor JOIN mentorships_mentorship m ON m.application_id = minor.id
    WHERE m.state = 'ACTIVE'
UNION SELECT 'MET', reference, is_given FROM minor JOIN mentorships_mentorship m ON m.application_id = minor.id
    WHERE m.contacts_at IS NOT NULL
"""


def reached(*, without: bool) -> set[tuple[str, str]]:
    """(where, reference) of minors confirmed, matched, offered, in a running pair, given an address; all, or those
    `without` GIVEN.
    """
    with connection.cursor() as cursor:
        cursor.execute(REACHED)
        return {(where, reference) for where, reference, is_given in cursor.fetchall() if not (without and is_given)}


def sweep(world: World, *, without: bool = True, only: set[str] | None = None) -> tuple[set[tuple[str, str]], int]:
    """(door, where it led a minor who was not there before) of every door, or of those named; how many were tried."""
    # Whoever has a place keeps it, and knows an address, when the authorisation is taken back; nothing else goes on.
    placed = {(where, who) for where, who in reached(without=False) if where in ("CONFIRMED", "MATCHED", "MET")}
    # A pair that ends takes her back to where she was before it.
    placed |= {("CONFIRMED", who) for where, who in placed if where == "MATCHED"}
    before, found, swept = reached(without=without) | placed, set(), 0
    for door in chain(doors.addresses(world), doors.actions(world), doors.commands()):
        if only is None or door.name in only:
            found |= led(door, before, without)
            swept += 1
    for moment in (world.now, world.files["accepted"].confirm_by + timedelta(minutes=1)):
        with time_machine.travel(moment, tick=False):
            for door in doors.tasks():
                found |= led(door, before, without)
                swept += 1
    return found, swept


def led(door, before, without) -> set[tuple[str, str]]:
    after = doors.tried(door, lambda: reached(without=without))
    return {(door.name, where) for where, _reference in after - before}


AT_LEAST = 300

# --- The sweep ----------------------------------------------------------------------------------


@pytest.mark.long
def test_with_an_authorisation_these_doors_lead_further_and_no_other(world):
    found, swept = sweep(world, without=False)
    assert found == FURTHER
    assert swept > AT_LEAST


def test_with_an_authorisation_these_doors_lead_further(world):
    found, _swept = sweep(world, without=False, only={door for door, _where in FURTHER})
    assert found == FURTHER


def as_long(*states):
    return [pytest.param(state, marks=pytest.mark.long) for state in states]


@pytest.mark.parametrize("state", [State.REFUSED, *as_long(None, State.REQUESTED, State.WITHDRAWN)])
def test_without_one_no_door_does(state, world):
    take_away(state)
    found, swept = sweep(world)
    assert found == set()
    assert swept > AT_LEAST


@pytest.mark.long
def test_whoever_becomes_a_minor_when_the_first_day_moves_goes_no_further():
    here = build(of_age=True)
    assert reached(without=True) == set()
    first_day = here.cohort.starts_on - timedelta(days=60)
    Cohort.objects.update(starts_on=first_day, decisions_on=first_day)
    assert len(reached(without=True)) == 11
    assert sweep(here)[0] == set()


def test_the_sweep_sees_a_gate_that_is_open(world, monkeypatch):
    """Every door that leads further is seen when the gate says yes to all."""
    monkeypatch.setattr(minors, "is_authorised", lambda application: True)
    take_away(State.REFUSED)
    assert sweep(world, only={door for door, _where in FURTHER})[0] == FURTHER

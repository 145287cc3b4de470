"""Nobody under 18 is confirmed, offered, matched or taken up again without an authorisation: by whichever door.

Minors stand at every point of the way, without an authorisation, and every door of the portal (`tests.house.doors`) is
tried. Since each point is there, no sequence of doors leads where no single one does. That nobody is further than
before is read from the tables themselves, by a rule written here, not from the gate that is tested.
"""

from datetime import timedelta
from itertools import chain
from types import SimpleNamespace

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from applications import minors
from cohorts.models import Cohort
from consents.models import Guardian, GuardianAuthorisation, TextVersion
from lifecycle import journal
from matching import transitions as matching
from mentorships.models import Mentorship
from reviews import releasing
from reviews import transitions as reviews
from tests import factories
from tests.guardians import page_path
from tests.house import doors

pytestmark = pytest.mark.django_db
State = GuardianAuthorisation.State

STAGES = ("read", "told", "listed", "accepted", "confirmed", "drafted", "offered", "paused", "running")
FURTHER = {
    ("applications:confirm", "CONFIRMED"),
    ("admin:matching_run_publish", "OFFERED"),
    ("matching:accept", "MATCHED"),
    ("matching:accept", "ACTIVE"),
    ("admin:mentorships_mentorship_resume", "ACTIVE"),
}
"""The doors that lead further, and where to, for who is authorised."""


class World(SimpleNamespace):
    """Minors at every stage of one cohort, a mentor who may accompany them, and a browser for each person."""

    def people_for(self, name: str, filled: dict) -> list[str]:
        """Who might open that address. Each minor is tried on what is hers."""
        if name.startswith("admin:"):
            return ["coordinator"]
        if not filled and not name.startswith(("portal:", "matching:")):
            return ["accepted"]
        owner = self.owners.get((name.partition(":")[0], str(next(iter(filled.values()), ""))))
        return ["mentor"] if name.startswith(("matching:", "mentors:")) else [owner or "accepted"]

    def fits(self, filled: dict) -> bool:
        """A file goes with its own representative: with another one's, the address leads nowhere."""
        file = filled.get("reference", filled.get("object_id"))
        guardian = filled.get("guardian_id", filled.get("pk"))
        if "outing_id" in filled or ("token" in filled and file is not None):
            return file in (
                self.files["accepted"].pk,
                str(self.files["accepted"].reference),
            )  # none of these is there: the address leads nowhere
        if len(filled) < 2 or guardian is None:
            return True
        return (file, guardian) in self.families

    def values(self, name: str, hole: str) -> list:
        """What may fill a hole of that address."""
        if hole == "object_id":
            return self.objects.get("_".join(name.removeprefix("admin:").split("_")[:2]), [1])
        if hole == "pk":
            return self.proposals if name.startswith("matching:") else self.guardians
        if hole == "token" and not name.startswith("portal:guardian"):
            return ["x"]
        return self.others.get(hole, ["x"])


@pytest.fixture
def world(db):
    return build


def build(*, of_age: bool = False) -> World:
    """Everybody authorised, at every stage. `of_age`: they were adults, for the first day that the cohort has now."""
    now = timezone.now()
    cohort = factories.make_cohort("closed", now=now)
    eighteen = cohort.starts_on.replace(year=cohort.starts_on.year - 18, day=min(cohort.starts_on.day, 28))
    born = {"birth_date": eighteen} if of_age else {}
    people = {stage: factories.make_user(stage, age=16, now=now, **born) for stage in STAGES}
    mentor = factories.make_mentor(now=now)
    factories.clear_for_minors(mentor, now=now)
    commitment = factories.make_commitment(cohort, mentor, capacity=5, now=now)
    files = {
        "read": factories.make_sent(cohort, people["read"], now=now),
        "listed": factories.make_waitlisted(cohort, people["listed"], now=now),
        "accepted": factories.make_accepted(cohort, people["accepted"], now=now),
        **{s: factories.make_confirmed(cohort, people[s], now=now) for s in ("confirmed", "drafted", "offered")},
    }
    pairs = {}
    for stage in ("paused", "running"):
        pairs[stage] = factories.make_pair(factories.make_confirmed(cohort, people[stage], now=now), commitment)
        files[stage] = pairs[stage].application
    offer = factories.make_offer(files["offered"], commitment, now=now)
    run = factories.make_run((files["drafted"], commitment), now=now)
    matching.request_run(cohort, actor=journal.CONSOLE, now=now)
    files["told"] = factories.make_sent(cohort, people["told"], now=now)
    reviews.mark(files["told"], "ACCEPTED", actor=journal.CONSOLE, now=now)
    releasing.propose(cohort, actor=journal.CONSOLE, now=now)
    reviews.mark(files["read"], "ACCEPTED", actor=journal.CONSOLE, now=now)
    Mentorship.objects.filter(pk=pairs["paused"].pk).update(state=Mentorship.State.PAUSED)
    for file in files.values():
        if not of_age and not GuardianAuthorisation.objects.filter(person=file.candidate, state=State.GIVEN).exists():
            factories.authorise(file, now=now)
    coordinator = factories.make_coordinator()
    browsers = {s: factories.sign_in(doors.Client(), person) for s, person in people.items()}
    browsers |= {"mentor": factories.sign_in(doors.Client(), mentor.person)}
    browsers |= {"coordinator": factories.staff_client(coordinator)}
    by_stage = {stage: str(file.reference) for stage, file in files.items()}
    guardians = list(Guardian.objects.select_related("authorisation").order_by("pk"))
    return World(
        now=now,
        cohort=cohort,
        files=files,
        browsers=browsers,
        owners={
            **{("applications", reference): stage for stage, reference in by_stage.items()},
            **{("portal", reference): stage for stage, reference in by_stage.items()},
        },
        proposals=[offer.pk, run.proposals.get().pk],
        guardians=[guardian.pk for guardian in guardians] or [1],
        families={
            (file, guardian.pk)
            for guardian in guardians
            for known in files.values()
            if known.candidate_id == guardian.authorisation.person_id
            for file in (known.pk, str(known.reference))
        },
        objects={
            "applications_application": [file.pk for file in files.values()],
            "accounts_user": [person.pk for person in people.values()],
            "matching_proposal": [offer.pk, run.proposals.get().pk],
            "matching_run": [run.pk],
            "mentorships_mentorship": [pair.pk for pair in pairs.values()],
            "mentors_mentorprofile": [mentor.pk],
            "cohorts_cohort": [cohort.pk],
            "consents_textversion": [TextVersion.objects.latest("pk").pk],
        },
        others={
            "reference": list(by_stage.values()),
            "cohort_id": [cohort.pk],
            "slug": [cohort.slug],
            "step": ["identite", "representant"],
            "number": [1],
            "key": ["image"],
            "guardian_id": [guardian.pk for guardian in guardians] or [1],
            "outing_id": [1],
            "token": [page_path(guardian).split("/")[-2] for guardian in guardians] or ["x"],
        },
    )


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
"""


def reached(*, without: bool) -> set[tuple[str, str]]:
    """(where, reference) of minors confirmed, matched, offered, in a running pair; all, or those `without` GIVEN."""
    with connection.cursor() as cursor:
        cursor.execute(REACHED)
        return {(where, reference) for where, reference, is_given in cursor.fetchall() if not (without and is_given)}


def sweep(world: World, *, without: bool = True, only: set[str] | None = None) -> tuple[set[tuple[str, str]], int]:
    """(door, where it led a minor who was not there before) of every door, or of those named; how many were tried."""
    before, found, swept = reached(without=without), set(), 0
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
    found, swept = sweep(world(), without=False)
    assert found == FURTHER
    assert swept > AT_LEAST


def test_with_an_authorisation_these_doors_lead_further(world):
    found, _swept = sweep(world(), without=False, only={door for door, _where in FURTHER})
    assert found == FURTHER


def as_long(*states):
    return [pytest.param(state, marks=pytest.mark.long) for state in states]


@pytest.mark.parametrize("state", [State.REFUSED, *as_long(None, State.REQUESTED, State.WITHDRAWN)])
def test_without_one_no_door_does(state, world):
    here = world()
    take_away(state)
    found, swept = sweep(here)
    assert found == set()
    assert swept > AT_LEAST


@pytest.mark.long
def test_whoever_becomes_a_minor_when_the_first_day_moves_goes_no_further(world):
    here = world(of_age=True)
    assert reached(without=True) == set()
    first_day = here.cohort.starts_on - timedelta(days=60)
    Cohort.objects.update(starts_on=first_day, decisions_on=first_day)
    assert len(reached(without=True)) == 7
    assert sweep(here)[0] == set()


def test_the_sweep_sees_a_gate_that_is_open(world, monkeypatch):
    """Every door that leads further is seen when the gate says yes to all."""
    monkeypatch.setattr(minors, "is_authorised", lambda application: True)
    here = world()
    take_away(State.REFUSED)
    assert sweep(here, only={door for door, _where in FURTHER})[0] == FURTHER

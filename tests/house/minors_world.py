"""Minors at every point of the way, for the sweep of the doors: see `test_minors_gate.py`."""

from types import SimpleNamespace

from django.utils import timezone

from applications.models import Application
from cohorts.models import Cohort
from consents.models import Guardian, GuardianAuthorisation, TextVersion
from lifecycle import journal
from matching import transitions as matching
from matching.models import Run
from mentorships.models import Mentorship
from reviews import releasing
from reviews import transitions as reviews
from tests import factories
from tests.guardians import page_path
from tests.house import doors

STAGES = ("read", "told", "listed", "accepted", "confirmed", "drafted", "offered", "introduced", "paused", "running")


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
            # None of these is there: the address leads nowhere.
            return file in (self.files["accepted"].pk, str(self.files["accepted"].reference))
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


def build(*, of_age: bool = False) -> World:
    """Everybody authorised, at every stage. `of_age`: they were adults, for the first day that the cohort has now."""
    now = timezone.now()
    cohort = factories.make_cohort("closed", now=now)
    people = _people(cohort, of_age=of_age, now=now)
    mentor = factories.make_mentor(now=now)
    factories.clear_for_minors(mentor, now=now)
    commitment = factories.make_commitment(cohort, mentor, capacity=5, now=now)
    files, pairs = _files(cohort, people, commitment, now=now)
    offer = factories.make_offer(files["offered"], commitment, now=now)
    run = factories.make_run((files["drafted"], commitment), now=now)
    matching.request_run(cohort, actor=journal.CONSOLE, now=now)
    Run.objects.filter(pk=run.pk).update(publishing_since=now)  # a coordinator has asked; the worker has not come yet
    files["told"] = factories.make_sent(cohort, people["told"], now=now)
    _decide_not_announced(files, now=now)
    Mentorship.objects.filter(pk=pairs["paused"].pk).update(state=Mentorship.State.PAUSED)
    for file in files.values() if not of_age else ():
        given = GuardianAuthorisation.objects.filter(person=file.candidate, state=GuardianAuthorisation.State.GIVEN)
        if not given.exists():
            factories.authorise(file, now=now)
    guardians = list(Guardian.objects.select_related("authorisation").order_by("pk"))
    proposals = [offer.pk, run.proposals.get().pk]
    return World(
        now=now,
        cohort=cohort,
        files=files,
        browsers=_browsers(people, mentor),
        owners={
            (app, str(file.reference)): stage for app in ("applications", "portal") for stage, file in files.items()
        },
        proposals=proposals,
        guardians=_keys(guardians),
        families=_families(files, guardians),
        objects={
            "applications_application": _keys(files.values()),
            "accounts_user": _keys(people.values()),
            "matching_proposal": proposals,
            "matching_run": [run.pk],
            "mentorships_mentorship": _keys(pairs.values()),
            "mentors_mentorprofile": [mentor.pk],
            "cohorts_cohort": [cohort.pk],
            "consents_textversion": [TextVersion.objects.latest("pk").pk],
        },
        others=_holes(cohort, files, guardians),
    )


def _people(cohort: Cohort, *, of_age: bool, now) -> dict:
    eighteen = cohort.starts_on.replace(year=cohort.starts_on.year - 18, day=min(cohort.starts_on.day, 28))
    born = {"birth_date": eighteen} if of_age else {}
    return {stage: factories.make_user(stage, age=16, now=now, **born) for stage in STAGES}


def _files(cohort: Cohort, people: dict, commitment, *, now) -> tuple[dict[str, Application], dict[str, Mentorship]]:
    """A file for each stage but the last ones told, and the pairs of three: one has not met her mentor yet."""
    files = {
        "read": factories.make_sent(cohort, people["read"], now=now),
        "listed": factories.make_waitlisted(cohort, people["listed"], now=now),
        "accepted": factories.make_accepted(cohort, people["accepted"], now=now),
        **{s: factories.make_confirmed(cohort, people[s], now=now) for s in ("confirmed", "drafted", "offered")},
    }
    pairs = {
        stage: factories.make_pair(
            factories.make_confirmed(cohort, people[stage], now=now), commitment, is_met=stage != "introduced", now=now
        )
        for stage in ("introduced", "paused", "running")
    }
    return files | {stage: pair.application for stage, pair in pairs.items()}, pairs


def _decide_not_announced(files: dict[str, Application], *, now) -> None:
    """`told` is part of an announcement under way; `read` is marked and waits for the next one."""
    reviews.mark(files["told"], "ACCEPTED", actor=journal.CONSOLE, now=now)
    releasing.propose(files["told"].cohort, actor=journal.CONSOLE, now=now)
    reviews.mark(files["read"], "ACCEPTED", actor=journal.CONSOLE, now=now)


def _browsers(people: dict, mentor) -> dict:
    browsers = {stage: factories.sign_in(doors.Client(), person) for stage, person in people.items()}
    browsers["mentor"] = factories.sign_in(doors.Client(), mentor.person)
    browsers["coordinator"] = factories.staff_client(factories.make_coordinator())
    return browsers


def _keys(things) -> list[int]:
    return [thing.pk for thing in things] or [1]


def _families(files: dict[str, Application], guardians: list[Guardian]) -> set[tuple]:
    """(file, representative) that belong together, the file by its key and by its reference."""
    return {
        (name, guardian.pk)
        for guardian in guardians
        for file in files.values()
        if file.candidate_id == guardian.authorisation.person_id
        for name in (file.pk, str(file.reference))
    }


def _holes(cohort: Cohort, files: dict[str, Application], guardians: list[Guardian]) -> dict[str, list]:
    return {
        "reference": [str(file.reference) for file in files.values()],
        "cohort_id": [cohort.pk],
        "application_id": _keys(files.values()),
        "slug": [cohort.slug],
        "step": ["identite", "representant"],
        "number": [1],
        "key": ["image"],
        "guardian_id": _keys(guardians),
        "outing_id": [1],
        "pair_id": [1],
        "import_id": [1],
        "token": [page_path(guardian).split("/")[-2] for guardian in guardians] or ["x"],
    }

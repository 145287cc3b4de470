"""Two thousand decisions published by workers that are killed: everybody gets one answer, the right one, at once."""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.db import connection

from accounts.models import User
from applications.models import Application
from lifecycle.models import JournalEntry
from notifications import delivery
from notifications.models import Letter
from reviews import releasing
from reviews.models import Decision, Release
from tests import factories

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

BASE_DIR = Path(__file__).resolve().parent.parent.parent
FILES, PLACES, KILLS = 2_000, 200, 5

WORKER = """
import django
django.setup()
from reviews.tasks import publish_decisions
publish_decisions()
"""


def outcome_of(number: int) -> str:
    """One in ten accepted, one in five on the waiting list, the others not kept."""
    return {0: "ACCEPTED", 1: "WAITLISTED", 2: "WAITLISTED"}.get(number % 10, "REJECTED")


def send_files(cohort, now) -> dict[int, str]:
    """So many files in one go, each of somebody else, each with its decision: file → outcome."""
    people = User.objects.bulk_create(
        User(email=f"personne{n}@example.org", first_name=f"Camille{n}", last_name="Martin", birth_date="2000-01-01")
        for n in range(FILES)
    )
    files = Application.objects.bulk_create(
        Application(reference=f"P27-{n:05}", cohort=cohort, candidate=person, state="SUBMITTED", sent_at=now)
        for n, person in enumerate(people)
    )
    Decision.objects.bulk_create(
        Decision(application=file, outcome=outcome_of(n), shared_reason="À préciser." if n % 10 == 5 else "")
        for n, file in enumerate(files)
    )
    return {file.pk: outcome_of(n) for n, file in enumerate(files)}


def start_worker() -> subprocess.Popen:
    """A process of its own that works on the announcements of the test's database."""
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    environment = {
        **os.environ,
        "DATABASE_URL": database.geturl(),
        "DJANGO_SETTINGS_MODULE": "mentorat.settings.test",
    }
    return subprocess.Popen([sys.executable, "-c", WORKER], cwd=BASE_DIR, env=environment)


def applied(release) -> int:
    return release.decisions.filter(state="PUBLISHED").count()


def killed_after(release, count: int, chance: random.Random) -> bool:
    """Start a worker and kill it once so many decisions are applied, at a moment of its own."""
    worker = start_worker()
    while worker.poll() is None and applied(release) < count:
        time.sleep(0.01)
    time.sleep(chance.uniform(0, 0.03))
    worker.kill()
    return worker.wait(timeout=60) == -9


def check_nobody_knows(samples: dict, seen: dict) -> None:
    """No letter may leave, no candidate's page has changed, nobody is shown anything."""
    assert not Letter.objects.filter(key__contains=":decision:", hold="").exists()
    assert delivery.send_due() == 0
    assert {file.shown_state for file in Application.objects.only("state", "masked_state")} == {"SUBMITTED"}
    assert read(samples) == seen


def read(samples: dict) -> dict[int, str]:
    return {pk: browser.get("/mon-espace/").content.decode().partition("<main")[2] for pk, browser in samples.items()}


def test_two_thousand_decisions_killed_five_times_in_the_middle(coordinator, signed_in, now):
    cohort = factories.make_cohort("closed", now=now, places=PLACES)
    expected, chance = send_files(cohort, now), random.Random(5050)
    chosen = [pk for pk, outcome in expected.items() if outcome == "ACCEPTED"][:1] + list(expected)[1:4]
    samples = {pk: signed_in(User.objects.get(applications=pk)) for pk in chosen}
    seen = read(samples)
    release = releasing.propose(cohort, actor=coordinator, now=now)
    check_nobody_knows(samples, seen)

    reached = []
    for turn in range(1, KILLS + 1):
        assert killed_after(release, turn * FILES // (KILLS + 1), chance)
        reached.append(applied(release))
        check_nobody_knows(samples, seen)
    assert reached == sorted(set(reached))
    assert reached[-1] < FILES

    last = [start_worker() for _worker in range(2)]
    assert [worker.wait(timeout=600) for worker in last] == [0, 0]

    assert Release.objects.get().state == "DONE"
    assert dict(Application.objects.values_list("pk", "state")) == expected
    assert set(Application.objects.values_list("masked_state", flat=True)) == {""}
    assert Application.objects.values("announced_at").distinct().count() == 1
    letters = Letter.objects.filter(key__contains=":decision:")
    told = Counter(letters.values_list("about", "kind"))
    assert told == {(f"applications.application:{pk}", f"applications.{o.lower()}"): 1 for pk, o in expected.items()}
    lines = JournalEntry.objects.filter(action__in=[f"application.{o.lower()}" for o in set(expected.values())])
    assert (lines.count(), lines.values("target").distinct().count()) == (FILES, FILES)
    assert {pk for pk, page in read(samples).items() if page != seen[pk]} == set(samples)

    while delivery.send_due():
        pass
    assert Counter(to for message in mail.outbox for to in message.to) == Counter(
        f"personne{n}@example.org" for n in range(FILES)
    )
    waiting = Application.objects.filter(state="WAITLISTED").values_list("waitlist_rank", flat=True)
    assert sorted(waiting) == list(range(1, len(waiting) + 1))

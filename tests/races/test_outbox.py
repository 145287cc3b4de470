"""The outbox under several workers, and under workers that are killed: nothing twice, nothing lost."""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection

from notifications import delivery
from notifications.models import Letter
from tests.notifications import servers
from tests.notifications.letters import post
from tests.races.threads import together

pytestmark = pytest.mark.django_db(transaction=True)

Status = Letter.Status
BASE_DIR = Path(__file__).resolve().parent.parent.parent

WORKER = """
import django
django.setup()
from django.conf import settings
settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
from notifications import delivery
delivery.send_due()
"""


def write_letters(count: int) -> set[str]:
    """So many letters, each to somebody else."""
    addresses = {f"personne{number}@example.org" for number in range(count)}
    for address in sorted(addresses):
        post(f"fact:{address}", to=address)
    return addresses


def start_worker(sink) -> subprocess.Popen:
    """A process of its own that drains the outbox of the test's database over that server."""
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    environment = {
        **os.environ,
        "DATABASE_URL": database.geturl(),
        "EMAIL_URL": sink.url,
        "DJANGO_SETTINGS_MODULE": "mentorat.settings.test",
    }
    return subprocess.Popen([sys.executable, "-c", WORKER], cwd=BASE_DIR, env=environment)


def addresses_with(status: str) -> set[str]:
    return set(Letter.objects.filter(status=status).values_list("to", flat=True))


def check_none_twice_none_lost(sink, everybody: set[str], *, killed: int) -> None:
    """Each letter arrived once, or is shown as uncertain: at most one for each worker that was killed."""
    arrived = Counter(sink.recipients)
    sent, uncertain = addresses_with(Status.SENT), addresses_with(Status.SENDING)
    assert [address for address, times in arrived.items() if times > 1] == []
    assert sent | uncertain == everybody
    assert sent <= set(arrived) <= everybody
    assert len(uncertain) <= killed


def test_four_workers_send_each_letter_once(smtp_sink):
    everybody = write_letters(200)

    counts = together(*[delivery.send_due] * 4)

    assert Counter(smtp_sink.recipients) == dict.fromkeys(everybody, 1)
    assert addresses_with(Status.SENT) == everybody
    assert sum(counts) == 200
    assert max(counts) < 200, "one worker did all the work: nothing was shown"


@pytest.mark.parametrize(("stage", "arrives"), [("on_data", True), ("on_rcpt", False)])
def test_a_worker_killed_in_the_middle_leaves_one_letter_uncertain(stage, arrives):
    """Killed once the server has the whole letter, and before it has any of it: for the worker it is the same."""
    everybody, workers = write_letters(40), []

    def worker_is_killed_at_the_thirteenth(sink, server, what):
        return mood(sink, server, what)

    mood = servers.kill_at(13, workers)
    with servers.moody(**{stage: worker_is_killed_at_the_thirteenth}) as (sink, _controller):
        first = start_worker(sink)
        workers.append(first.pid)
        assert first.wait(timeout=60) == -9
        (uncertain,) = addresses_with(Status.SENDING)

        assert start_worker(sink).wait(timeout=60) == 0

    check_none_twice_none_lost(sink, everybody, killed=1)
    assert addresses_with(Status.SENDING) == {uncertain}
    assert (uncertain in sink.recipients) is arrives
    assert len(sink.messages) == 39 + arrives


@pytest.mark.long
def test_workers_killed_again_and_again_in_a_batch_of_two_hundred():
    everybody, chance, killed = write_letters(200), random.Random(5050), 0
    with servers.moody() as (sink, _controller):
        for _worker in range(8):
            worker, enough = start_worker(sink), len(sink.messages) + chance.randint(5, 25)
            while worker.poll() is None and len(sink.messages) < enough:
                time.sleep(chance.uniform(0.0005, 0.004))
            worker.kill()
            killed += worker.wait(timeout=60) == -9
        assert start_worker(sink).wait(timeout=120) == 0

    assert killed == 8
    check_none_twice_none_lost(sink, everybody, killed=killed)

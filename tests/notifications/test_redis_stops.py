"""Redis stops in the middle of an evening: people notice nothing, and letters leave when it is back."""

import os
import re
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.db import connection
from django.urls import reverse

from applications.models import Application
from devtools import services
from devtools.children import Children
from devtools.folder import DataFolder
from notifications.models import Letter
from tests import factories, smtp

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]

BASE_DIR = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def house(tmp_path):
    """A folder for a Redis, a worker and a clock of the test's own, and an SMTP server that keeps letters."""
    folder = DataFolder(tmp_path)
    children = Children(logs=folder.root, lock=folder.take())
    sink, controller = smtp.start()
    yield folder, children, sink
    children.stop()
    controller.stop()
    folder.release()


def start_worker_and_clock(folder, children, redis_url: str, sink) -> None:
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "mentorat.settings.production",
        "SECRET_KEY": "only-for-this-test-only-for-this-test-only-for-this-test",
        "ALLOWED_HOSTS": "localhost",
        "DATABASE_URL": database.geturl(),
        "REDIS_URL": redis_url,
        "EMAIL_URL": sink.url,
    }
    celery = [sys.executable, "-m", "celery", "-A", "mentorat"]
    options = {"cwd": BASE_DIR, "env": environment}
    children.spawn("worker", [*celery, "worker", "--pool", "solo", "--loglevel", "INFO"], **options)
    children.spawn("clock", [*celery, "beat", "--schedule", folder.root / "beat"], **options)


def wait_until(is_so, seconds: float) -> float:
    """Seconds until it was so. Fails when it never was."""
    start = time.monotonic()
    while not is_so():
        assert time.monotonic() - start < seconds, "it never came"
        time.sleep(0.2)
    return time.monotonic() - start


def sign_in_by_code(client, email: str) -> None:
    client.post(reverse("account_login"), {"login": email})
    code = re.search(r"^\s*([0-9A-Z]{3,4}-?[0-9A-Z]{3,4})\s*$", mail.outbox[-1].body, re.MULTILINE)[1]
    client.post(reverse("account_confirm_login_code"), {"code": code})
    assert client.get(reverse("portal:home")).status_code == 200


def test_letters_wait_for_redis_and_leave_when_it_is_back(house, client, cohort, candidate, settings):
    folder, children, sink = house
    settings.CELERY_BROKER_URL = services.start_redis(folder, children)
    start_worker_and_clock(folder, children, settings.CELERY_BROKER_URL, sink)
    before = factories.make_sent(cohort)
    wait_until(lambda: before.candidate.email in sink.recipients, 60)

    redis = next(child for child in children.running if child.name == "redis")
    redis.process.terminate()
    redis.process.wait()
    children.running.remove(redis)

    draft = factories.make_complete_draft(cohort, candidate)
    sign_in_by_code(client, candidate.email)
    client.post(reverse("applications:submit", args=[draft.reference]))
    assert Application.objects.get(pk=draft.pk).state == "SUBMITTED"
    time.sleep(35)  # more than one beat
    assert Letter.objects.get(to=candidate.email).status == Letter.Status.QUEUED
    assert "dégradé" in client.get(reverse("portal:healthz")).json().values()

    services.start_redis(folder, children)
    wait_until(lambda: candidate.email in sink.recipients, 120)
    wait_until(lambda: Letter.objects.get(to=candidate.email).status == Letter.Status.SENT, 10)
    assert sink.recipients.count(candidate.email) == 1

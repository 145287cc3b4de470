"""What every test stands on: the real services, a clean cache, a browser, an SMTP server."""

import importlib
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings as project_settings
from django.core.cache import cache
from django.db import connection, transaction

from devtools import services
from devtools.children import Children, Failure
from devtools.folder import DataFolder
from tests import inflight, smtp

pytest_plugins = ["tests.cast"]

# Playwright's synchronous side runs an event loop in the thread of the test, where Django refuses to query.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_ARGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--lang=fr",
]

# --- Services ---------------------------------------------------------------------------------


def pytest_configure(config):
    """Start PostgreSQL and Redis once for the whole run, unless the environment names them.

    The workers of pytest-xdist inherit the addresses. The settings were read before this file could be: they are
    completed in place, which works because nothing has connected yet.
    """
    if config.option.collectonly:
        return
    _keep_documents_apart(config)
    if hasattr(config, "workerinput"):
        return
    addresses = {name: os.environ.get(name) for name in ("DATABASE_URL", "REDIS_URL")}
    if not all(addresses.values()):
        addresses = _start_services(config)
    os.environ.update(addresses)
    project_settings.DATABASES["default"].update(_database(addresses["DATABASE_URL"]))
    project_settings.CELERY_BROKER_URL = addresses["REDIS_URL"]


def _keep_documents_apart(config) -> None:
    """Uploads go into a folder of this process, that goes with the run; whatever is started from here inherits it."""
    folder = tempfile.mkdtemp(prefix="mentorat-documents-")
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
    os.environ["DOCUMENTS_ROOT"] = project_settings.DOCUMENTS_ROOT = folder
    project_settings.STORAGES["documents"]["OPTIONS"]["location"] = folder


def _start_services(config) -> dict[str, str]:
    folder = DataFolder(Path(tempfile.mkdtemp(prefix="mentorat-tests-")))
    children = Children(logs=folder.root, lock=folder.take())

    def stop():
        children.stop()
        folder.release()
        shutil.rmtree(folder.root, ignore_errors=True)

    config.add_cleanup(stop)
    try:
        return services.start(folder, children)
    except Failure as failure:
        pytest.exit(f"the services of the tests did not start: {failure}", returncode=1)


def _database(url: str) -> dict:
    import environ

    return environ.Env.db_url_config(url)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The test database; at the end nobody is left in it, not even a worker that a test has killed."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(autouse=True)
def _clean_start(request):
    """What every test may count on: nothing in the cache, where allauth counts attempts, the seeded trades and texts.

    A test that commits empties all tables when it ends, and takes the rows of the migrations with it.
    """
    has_database = request.node.get_closest_marker("django_db") or (
        {"db", "transactional_db", "live_server"} & set(request.fixturenames)
    )
    if has_database:
        request.getfixturevalue("db")  # before the first query, whichever fixture asked for it
        cache.clear()
        seed()
    yield
    if "live_server" in request.fixturenames:
        inflight.wait()


def seed() -> None:
    """The rows of the migrations, where a test has emptied the tables."""
    if not apps.get_model("cohorts.Trade").objects.exists():
        importlib.import_module("cohorts.migrations.0002_trades").seed(apps, None)
    if not apps.get_model("consents.TextVersion").objects.exists():
        importlib.import_module("consents.migrations.0003_first_texts").publish(apps, None)


@pytest.fixture(scope="module")
def shared(django_db_setup, django_db_blocker):
    """`shared(build)`: what `build` makes in the database, once for the tests of a module.

    It stands in a transaction around all of them, which is rolled back when the module ends: whatever a test writes is
    undone to where this stood. For tests that commit nothing, and do not change the Python objects they are given.
    """
    whole = transaction.atomic()
    with django_db_blocker.unblock():
        whole.__enter__()
        seed()

    def made(build):
        with django_db_blocker.unblock():
            return build()

    yield made
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        whole.__exit__(None, None, None)


# --- Letters ----------------------------------------------------------------------------------


@pytest.fixture
def smtp_sink(settings):
    """A real SMTP server, and the settings to send letters to it."""
    sink, controller = smtp.start()
    for name, value in sink.settings.items():
        setattr(settings, name, value)
    yield sink
    controller.stop()


# --- The browser ------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where Chromium is. Without one its tests are skipped, save where CI=true promises it: there they fail."""
    named = os.environ.get("CHROMIUM")
    found = named or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if not found:
        reason = "no Chromium here: apt-get install chromium, or set CHROMIUM"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    return found


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args, chromium):
    """The system's Chromium, silent on the network."""
    return {**browser_type_launch_args, "executable_path": chromium, "args": CHROMIUM_ARGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    """A phone's browser, in French, in Paris."""
    return {
        **browser_context_args,
        "locale": "fr-FR",
        "timezone_id": "Europe/Paris",
        "viewport": {"width": 360, "height": 740},
    }

"""What a run stands on: a database of its own, 500 drafts that only have to be sent, the web server."""

import contextlib
import http.client
import os
import resource
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2

from devtools import services
from devtools.children import Child, Children
from devtools.folder import DataFolder

BASE_DIR = Path(__file__).resolve().parent.parent
HOST = "mentorat.example"
KEY = "bench-only-not-a-secret-0123456789-bench-only-not-a-secret"


@dataclass(frozen=True)
class Candidate:
    """One person, signed in, with a draft that lacks nothing: `project` is hers and nobody else's."""

    reference: str
    cookie: str
    project: str


@contextlib.contextmanager
def database(keep: str = "") -> Iterator[tuple[DataFolder, Children]]:
    """An empty database with its tables, on the server of DATABASE_URL or one of our own; both are gone afterwards.

    With `keep`, a name: it is left there, and found again with all that it holds (with DATABASE_URL only).
    Our own writes to disk before it answers, as production's does and the demo's does not.
    """
    folder = DataFolder(Path(tempfile.mkdtemp(prefix="mentorat-bench-")))
    children = Children(logs=folder.root, lock=folder.take())
    services.POSTGRES_SETTINGS = ["listen_addresses="]
    try:
        server = os.environ.get("DATABASE_URL") or services.start_postgres(folder, children)
        name = keep or f"bench_{os.getpid()}"
        with _scratch(server, name, is_kept=bool(keep)):
            os.environ.update(
                DATABASE_URL=urlsplit(server)._replace(path=f"/{name}").geturl(),
                DJANGO_SETTINGS_MODULE="bench.settings",
                ALLOWED_HOSTS=HOST,
                SECRET_KEY=KEY,
                SITE_URL=f"https://{HOST}",
                STATIC_ROOT=str(folder.root / "static"),
            )
            for command in (["migrate", "--verbosity=0"], ["collectstatic", "--no-input", "--verbosity=0"]):
                children.run(command[0], [sys.executable, "manage.py", *command], cwd=BASE_DIR)
            yield folder, children
    finally:
        children.stop()
        folder.release()
        shutil.rmtree(folder.root, ignore_errors=True)


@contextlib.contextmanager
def _scratch(server: str, name: str, *, is_kept: bool) -> Iterator[None]:
    with contextlib.closing(psycopg2.connect(server)) as connection:
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute("select 1 from pg_database where datname = %s", [name])
        if not cursor.fetchone():
            cursor.execute(f'create database "{name}"')
        try:
            yield
        finally:
            if not is_kept:
                cursor.execute(f'drop database "{name}" with (force)')


def prepare(people: int) -> list[Candidate]:
    """The candidates of one cohort whose call is open, each with a complete draft and a session."""
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test import Client

    from tests import factories

    cohort, candidates = factories.make_cohort("open"), []
    for number in range(people):
        project = f"Mon projet est le n° {number}. " + factories.ANSWERS["project"] * 8
        application = factories.make_complete_draft(cohort, project=project)
        client = factories.sign_in(Client(), application.candidate)
        name = settings.SESSION_COOKIE_NAME
        candidates.append(Candidate(application.reference, f"{name}={client.cookies[name].value}", project))
    connection.close()
    return candidates


def serve(children: Children, options: list[str]) -> tuple[Child, int]:
    """gunicorn as in README.md, on a port of its own; returns it once it answers."""
    port = _free_port()
    command = ["gunicorn", "mentorat.wsgi", f"--bind=127.0.0.1:{port}", "--no-control-socket", *options]
    server = children.spawn("web", [sys.executable, "-m", *command], cwd=BASE_DIR)
    children.wait_for(server, lambda: _is_healthy(port), seconds=60)
    return server, port


def stop(children: Children, server: Child) -> float:
    """End the web server; returns the seconds of processor that it and its workers took."""
    before = _waited_for()
    children.running.remove(server)
    server.process.terminate()
    server.process.wait(30)
    return _waited_for() - before


def _waited_for() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _is_healthy(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": HOST})
        return connection.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        connection.close()

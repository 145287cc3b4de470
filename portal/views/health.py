"""Is the portal able to serve? For a load balancer or a monitor, not for people."""

import logging
from functools import cache

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error as DatabaseError
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu import Connection

log = logging.getLogger(__name__)

PATIENCE = 1
"""Seconds given to the broker: a monitor must not hang with it."""


@login_not_required
@never_cache
@require_safe
def healthz(request):
    """503 when the database does not answer or lacks a migration; 200 « dégradé » when only Redis is silent.

    Without Redis every page works and letters wait in their outbox, so nobody should be turned away.
    """
    database = _database()
    broker = "ok" if _broker_answers() else "muet"
    if database != "ok":
        return JsonResponse({"état": "en panne", "base": database, "redis": broker}, status=503)
    state = "ok" if broker == "ok" else "dégradé"
    return JsonResponse({"état": state, "base": database, "redis": broker})


def _database() -> str:
    try:
        applied = MigrationRecorder(connection).applied_migrations()
    except DatabaseError as error:
        log.error("healthz: %r", error)
        return "muette"
    return "ok" if _expected() <= applied.keys() else "migrations en attente"


@cache
def _expected() -> frozenset[tuple[str, str]]:
    """The migrations of the code that runs; read once, they change only with a new deployment."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)


def _broker_answers() -> bool:
    options = {"socket_connect_timeout": PATIENCE, "socket_timeout": PATIENCE, "retry_on_timeout": False}
    try:
        with Connection(settings.CELERY_BROKER_URL, transport_options=options) as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, interval_step=0, timeout=PATIENCE)
            return True
    except Exception as error:
        # Whatever the driver raises, the answer to the question is no.
        log.warning("healthz: the broker does not answer: %r", error)
        return False

"""Is the portal able to serve?"""

import time

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder


@pytest.mark.django_db
class TestHealth:
    def test_all_is_well(self, client):
        response = client.get("/healthz")
        assert (response.status_code, response.json()) == (200, {"état": "ok", "base": "ok", "redis": "ok"})
        assert "no-store" in response["Cache-Control"]

    def test_redis_is_silent(self, client, settings):
        settings.CELERY_BROKER_URL = "redis+socket:///nulle/part?virtual_host=0"
        response = client.get("/healthz")
        assert (response.status_code, response.json()) == (200, {"état": "dégradé", "base": "ok", "redis": "muet"})

    def test_redis_that_hangs_does_not_hang_the_answer(self, client, settings, deaf_port):
        settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{deaf_port}/0"
        start = time.monotonic()
        response = client.get("/healthz")
        assert (response.status_code, response.json()["redis"]) == (200, "muet")
        assert time.monotonic() - start < 4

    def test_a_migration_is_missing(self, client):
        MigrationRecorder(connection).record_unapplied("cohorts", "0001_initial")
        response = client.get("/healthz")
        assert (response.status_code, response.json()["base"]) == (503, "migrations en attente")

    def test_the_database_is_silent(self, client):
        def refuse(execute, sql, params, many, context):
            raise OperationalError("nobody there")

        with connection.execute_wrapper(refuse):
            response = client.get("/healthz")
        assert (response.status_code, response.json()["état"]) == (503, "en panne")


@pytest.fixture
def deaf_port():
    """A port that accepts and never answers."""
    import socket

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(5)
        yield listener.getsockname()[1]

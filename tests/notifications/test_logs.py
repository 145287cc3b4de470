"""What the logs hold of a personal link: nothing that opens it."""

import logging

import pytest
from django.conf import settings
from django.test import Client

from tests import factories
from tests.guardians import page_path
from tests.portal.guardian import guardian_of

pytestmark = pytest.mark.django_db


class Lines(logging.Handler):
    """What the handler that the settings describe would write."""

    def __init__(self):
        super().__init__()
        self.written = []
        for name in settings.LOGGING["handlers"]["console"].get("filters", []):
            known = settings.LOGGING["filters"][name]
            module, _dot, cls = known["()"].rpartition(".")
            self.addFilter(getattr(__import__(module, fromlist=[cls]), cls)())

    def emit(self, record):
        self.written.append(record.getMessage())


@pytest.fixture
def lines():
    handler, root = Lines(), logging.getLogger()
    root.addHandler(handler)
    yield handler.written
    root.removeHandler(handler)


def test_no_line_holds_a_link_that_somebody_could_sign_with(closed_cohort, minor, lines):
    """A form sent empty, a method nobody allows, a page left open too long."""
    path = page_path(guardian_of(factories.make_sent(closed_cohort, minor)))
    lines.clear()
    Client().post(f"{path}signer/")
    Client().put(path)
    Client(enforce_csrf_checks=True).post(f"{path}refuser/")
    Client().get("/nulle-part/")
    assert lines == [
        "Unprocessable Entity: /autorisation/(lien personnel)/signer/",
        "Method Not Allowed (PUT): /autorisation/(lien personnel)/",
        "Forbidden (CSRF cookie not set.): /autorisation/(lien personnel)/refuser/",
        "Not Found: /nulle-part/",
    ]

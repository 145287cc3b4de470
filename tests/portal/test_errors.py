"""The pages people see when something did not work."""

import pytest
from django.core.exceptions import SuspiciousOperation
from django.db import OperationalError, connection
from django.http import Http404
from django.test import Client, RequestFactory
from django.urls import path

from mentorat.urls import *  # noqa: F403
from mentorat.urls import urlpatterns as portal_urlpatterns


def broken(request):
    raise RuntimeError("broken on purpose")


def suspicious(request):
    raise SuspiciousOperation


def absent(request):
    raise Http404


urlpatterns = [
    path("casse/", broken),
    path("louche/", suspicious),
    path("absent/", absent),
    *portal_urlpatterns,
]


@pytest.fixture
def browser(candidate, settings):
    """Inès, signed in; a view that breaks answers her with a page, as in production."""
    settings.ROOT_URLCONF = __name__
    client = Client(raise_request_exception=False)
    client.force_login(candidate)
    return client


def title(response) -> str:
    return response.content.decode().partition("<h1>")[2].partition("</h1>")[0].replace("\u00a0", " ")


@pytest.mark.django_db
class TestErrorPages:
    def test_broken(self, browser):
        response = browser.get("/casse/")
        assert (response.status_code, title(response)) == (500, "La bobine a cassé")

    def test_broken_with_its_database(self, browser):
        def refuse(execute, sql, params, many, context):
            raise OperationalError("nobody there")

        with connection.execute_wrapper(refuse):
            response = browser.get("/casse/")
        assert (response.status_code, title(response)) == (500, "La bobine a cassé")

    def test_suspicious(self, browser):
        response = browser.get("/louche/")
        assert (response.status_code, title(response)) == (400, "Demande incomprise")

    def test_absent(self, browser):
        response = browser.get("/absent/")
        assert (response.status_code, title(response)) == (404, "Cette scène a été coupée au montage")

    def test_a_form_without_its_token(self, candidate):
        client = Client(enforce_csrf_checks=True)
        client.force_login(candidate)
        response = client.post("/compte/deconnexion/")
        assert (response.status_code, title(response)) == (403, "Cette page a vieilli")
        assert client.get("/mon-espace/").status_code == 200

    def test_forbidden(self, rf: RequestFactory, candidate):
        from portal.views.errors import permission_denied

        request = rf.get("/")
        request.user = candidate
        assert title(permission_denied(request)) == "Cette page ne vous est pas ouverte"

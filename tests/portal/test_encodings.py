"""A body in another encoding than UTF-8: no browser sends one, and the 400 page answers."""

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.applications.reading import save, seen, url

pytestmark = pytest.mark.django_db

BODY = (
    b'--x\r\nContent-Disposition: form-data; name="project"\r\n\r\nUn film \\ud800 +2AA-\r\n'
    b'--x\r\nContent-Disposition: form-data; name="seen"\r\n\r\n%b\r\n--x--\r\n'
)


def post(client, path, body, charset):
    return client.generic("POST", path, body, content_type=f"multipart/form-data; boundary=x; charset={charset}")


@pytest.mark.parametrize("charset", ["utf-8", "UTF8"])
def test_utf8_is_read(charset, cohort, candidate, signed_in):
    application, hers = factories.make_draft(cohort, candidate), signed_in(candidate)
    page = hers.get(url("step", application, "projet"))
    response = post(hers, url("step", application, "projet"), BODY % seen(page).encode(), charset)
    application.draft.refresh_from_db()
    assert (response.status_code, application.draft.answers["project"]) == (302, "Un film \\ud800 +2AA-")


@pytest.mark.parametrize("charset", ["unicode_escape", "utf-7", "utf-16", "base64", "rot13", "undefined", "nonsense"])
def test_another_encoding_is_refused(charset, cohort, candidate, signed_in):
    application, hers = factories.make_draft(cohort, candidate), signed_in(candidate)
    save(hers, application, "projet", {"project": "Avant"})
    page = hers.get(url("step", application, "projet"))
    response = post(hers, url("step", application, "projet"), BODY % seen(page).encode(), charset)
    application.draft.refresh_from_db()
    assert (response.status_code, application.draft.answers["project"]) == (400, "Avant")


def test_another_encoding_is_refused_to_a_visitor():
    response = post(Client(), reverse("cohorts:alert"), BODY % b"", "unicode_escape")
    assert response.status_code == 400

"""How a kept file leaves: as a download that no browser takes for a page."""

from pathlib import Path

import pytest
from csp.middleware import CSPMiddleware
from django.core.files.base import ContentFile
from django.http import FileResponse

from documents import serving, storage

pytestmark = pytest.mark.django_db  # a response that ends closes old connections

POLICY = "sandbox; default-src 'none'"


@pytest.fixture
def kept():
    return storage.keep(ContentFile(b"%PDF-1.7 words"))


def test_sent_by_django(kept, settings):
    settings.DOCUMENTS_ACCEL = ""
    response = serving.attachment(kept, shown_as="CV d’Inès.pdf", content_type="application/pdf")
    assert isinstance(response, FileResponse)
    assert b"".join(response.streaming_content) == b"%PDF-1.7 words"
    response.close()
    assert dict(response.headers) == {
        "Content-Type": "application/pdf",
        "Content-Length": "14",
        "Content-Disposition": "attachment; filename*=utf-8''CV%20d%E2%80%99In%C3%A8s.pdf",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": POLICY,
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, no-store",
    }


def test_sent_by_the_web_server(kept, settings):
    settings.DOCUMENTS_ACCEL = "/prive/"
    response = serving.attachment(kept, shown_as="CV.pdf", content_type="application/pdf")
    assert response.content == b""
    assert response["X-Accel-Redirect"] == f"/prive/{kept}"
    assert response["Content-Disposition"] == 'attachment; filename="CV.pdf"'
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Security-Policy"] == POLICY
    assert response["Cache-Control"] == "private, no-store"


def test_a_name_cannot_break_the_header_or_the_path(settings):
    settings.DOCUMENTS_ACCEL = "/prive"
    odd = "é?#%2e X: y"
    (Path(settings.DOCUMENTS_ROOT) / odd).write_bytes(b"words")
    response = serving.attachment(odd, shown_as='a"b\r\nX: y.pdf', content_type="application/pdf")
    assert response["X-Accel-Redirect"] == "/prive/%C3%A9%3F%23%252e%20X%3A%20y"
    assert "\n" not in response["Content-Disposition"]


def test_the_policy_of_pages_is_not_added(kept, rf):
    response = serving.attachment(kept, shown_as="CV.pdf", content_type="application/pdf")
    middleware = CSPMiddleware(lambda request: response)
    assert middleware(rf.get("/"))["Content-Security-Policy"] == POLICY
    response.close()


@pytest.mark.parametrize("accel", ["", "/prive"])
def test_a_file_that_is_gone(kept, settings, accel):
    settings.DOCUMENTS_ACCEL = accel
    storage.forget(kept)
    with pytest.raises(FileNotFoundError):
        serving.attachment(kept, shown_as="CV.pdf", content_type="application/pdf")

"""How a kept file leaves: always as a download, never as a page of ours."""

from urllib.parse import quote

from django.conf import settings
from django.http import FileResponse, HttpResponse
from django.utils.http import content_disposition_header

from documents import storage

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    # django-csp leaves alone a response that has a policy already.
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}


def attachment(name: str, *, shown_as: str, content_type: str) -> HttpResponse:
    """The file kept under `name`, to be downloaded as `shown_as`. The caller has asked whether she may.

    With DOCUMENTS_ACCEL (an `internal` location of nginx) the web server sends it; otherwise we do. Raises
    FileNotFoundError when it is gone.
    """
    if settings.DOCUMENTS_ACCEL:
        if not storage.is_kept(name):
            raise FileNotFoundError(name)
        response = HttpResponse(content_type=content_type)
        response["X-Accel-Redirect"] = settings.DOCUMENTS_ACCEL.rstrip("/") + "/" + quote(name)
    else:
        response = FileResponse(storage.open_(name), content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, shown_as)
    for header, value in HEADERS.items():
        response[header] = value
    return response


def made(content: bytes, *, shown_as: str, content_type: str) -> HttpResponse:
    """A small file that was just made, to be downloaded; nothing of it is kept."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, shown_as)
    for header, value in HEADERS.items():
        response[header] = value
    return response

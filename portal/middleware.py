"""What is sent here is read as UTF-8, or not at all."""

import codecs

from django.core.exceptions import BadRequest


class Utf8OnlyMiddleware:
    """Refuses a body that says it is written in another encoding.

    Browsers send UTF-8, as our pages are. A multipart body may name any of Python's codecs: some decode to halves of
    characters, which PostgreSQL refuses, others are no text at all. Django itself refuses them in the other kind of
    form. Raises BadRequest, before anything reads the body.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        named = request.content_params.get("charset", "utf-8")
        if not _is_utf8(named):
            raise BadRequest("The body is not UTF-8.")
        return self.get_response(request)


def _is_utf8(name: str) -> bool:
    try:
        return codecs.lookup(name).name == "utf-8"
    except (LookupError, ValueError):  # ValueError: a NUL in the name
        return False

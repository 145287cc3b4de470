"""The demo's letters: each is written as a file, and anyone can read them on the page `/courriels/`.

Demo and tests only: the pages are public, show sign-in codes, and the second factors of the demo's staff.
"""

import email
import email.policy
import os
import re
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from functools import cached_property
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.mail.backends.base import BaseEmailBackend
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from devtools import people

NAME = re.compile(r"\d{19}-[0-9a-f]{8}")
"""A moment in nanoseconds, so that names sort as letters were sent, and a random part, so that none collide."""

CODE = re.compile(r"^[ \t]*(\d{3,4}-?\d{3,4})[ \t]*$", re.MULTILINE)
"""A sign-in code stands alone on its line."""

PER_PAGE = 20


class EmailBackend(BaseEmailBackend):
    """Writes each message as one `.eml` file in `EMAIL_FILE_PATH`, whole or not at all."""

    def send_messages(self, messages) -> int:
        folder = mailbox_folder()
        folder.mkdir(parents=True, exist_ok=True)
        for message in messages:
            name = f"{time.time_ns():019d}-{secrets.token_hex(4)}"
            unfinished = folder / f".{name}"
            unfinished.write_bytes(message.message().as_bytes(linesep="\r\n"))
            os.replace(unfinished, folder / f"{name}.eml")
        return len(messages)


@dataclass(frozen=True)
class StoredLetter:
    """One letter of the folder."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.stem

    @property
    def sent_at(self) -> datetime:
        return datetime.fromtimestamp(int(self.name[:19]) / 1e9, tz=UTC)

    @cached_property
    def _message(self) -> EmailMessage:
        return email.message_from_bytes(self.path.read_bytes(), policy=email.policy.default)

    @property
    def subject(self) -> str:
        return self._message["Subject"] or ""

    @property
    def to(self) -> str:
        return self._message["To"] or ""

    @property
    def sender(self) -> str:
        return self._message["From"] or ""

    def _part(self, kind: str) -> str:
        body = self._message.get_body((kind,))
        return body.get_content().replace("\r\n", "\n") if body else ""

    @property
    def text(self) -> str:
        return self._part("plain")

    @property
    def html(self) -> str:
        return self._part("html")

    @property
    def code(self) -> str:
        """The code to sign in with, or nothing."""
        found = CODE.search(self.text)
        return found[1] if found else ""


def mailbox_folder() -> Path:
    """Where the letters are."""
    return Path(settings.EMAIL_FILE_PATH)


def letters(to: str = "") -> list[StoredLetter]:
    """The letters whose recipient contains `to`, the newest first."""
    names = sorted(mailbox_folder().glob("[0-9]*.eml"), reverse=True)
    found = [StoredLetter(path) for path in names]
    return [letter for letter in found if to.lower() in letter.to.lower()] if to else found


def _letter_or_404(name: str) -> StoredLetter:
    path = mailbox_folder() / f"{name}.eml"
    if not NAME.fullmatch(name) or not path.exists():
        raise Http404
    return StoredLetter(path)


def _never_kept(response: HttpResponse) -> HttpResponse:
    """« Back » after waiting for a code must show the letters of now."""
    patch_cache_control(response, no_store=True)
    return response


@login_not_required
@require_safe
def inbox(request):
    """The letters sent, those to one address with `?a=`; and who can sign in here."""
    to = request.GET.get("a", "").strip().replace("\x00", "")
    page = Paginator(letters(to), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "to": to, "sign_ins": people.sign_ins(), "staff": people.second_factors()}
    return _never_kept(render(request, "devtools/mailbox.html", context))


@login_not_required
@require_safe
def letter(request, name):
    """One letter, as text with its links."""
    return _never_kept(render(request, "devtools/letter.html", {"letter": _letter_or_404(name)}))


@login_not_required
@require_safe
def letter_html(request, name):
    """The letter as a mail program shows it: a page shut off from the portal, that can run nothing."""
    html = _letter_or_404(name).html
    if not html:
        raise Http404
    response = HttpResponse(html)
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    return response


@login_not_required
@require_safe
def letter_file(request, name):
    """The letter's file, for a mail program."""
    path = _letter_or_404(name).path
    return FileResponse(path.open("rb"), as_attachment=True, filename=path.name, content_type="message/rfc822")

"""From a template and a context to the text of a letter, and from the text to its HTML."""

import re

from django.conf import settings
from django.template.loader import get_template, render_to_string
from django.utils.crypto import get_random_string
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import gettext

from notifications import links
from notifications.kinds import Kind

_URL = re.compile(r"https?://[^\s<>\[\]]+[^\s<>\[\].,;:!?)»]")
_ALONE = re.compile(rf"^{_URL.pattern}$")


def render(kind: Kind, context: dict) -> tuple[str, str]:
    """Subject and text body. The template's first line is the subject; a blank line follows it.

    Where a personal link goes the body holds its mark (`notifications.links`). The same letters typed by somebody, as a
    name for instance, are words: while it is written a mark is one that nobody can guess.
    """
    marks = {name: f"[[{get_random_string(32)}]]" for name in kind.links}
    ours = {
        "site_url": settings.SITE_URL,
        "contact_email": settings.CONTACT_EMAIL,
        "contact_phone": settings.CONTACT_PHONE,
    }
    text = get_template(kind.template, using="letters").render({**context, **ours, "links": marks})
    text = links.hidden(text, "[…]")
    for name, mark in marks.items():
        text = text.replace(mark, links.mark(name))
    subject, _, body = text.strip().partition("\n")
    body = re.sub(r"\n{3,}", "\n\n", body.strip())
    footer = get_template("notifications/email/footer.txt", using="letters").render(
        {
            "kind": kind,
            "marker": links.STOP_REMINDERS,
            "site_url": settings.SITE_URL,
            "contact_email": settings.CONTACT_EMAIL,
        }
    )
    return subject.strip(), f"{body}\n\n{footer.strip()}\n"


def _block(paragraph: str) -> str:
    lines = paragraph.strip().splitlines()
    if len(lines) == 1 and _ALONE.match(lines[0].strip()):
        url = escape(lines[0].strip())
        return f'<p><a class="button" href="{url}">Ouvrir la page</a><br><small>{url}</small></p>'
    return _words(lines)


def _words(lines: list[str]) -> str:
    if all(line.startswith("- ") for line in lines):
        return "<ul>" + "".join(f"<li>{_linked(line[2:])}</li>" for line in lines) + "</ul>"
    return "<p>" + "<br>".join(_linked(line) for line in lines) + "</p>"


def _linked(text: str) -> str:
    return _URL.sub(lambda m: f'<a href="{m[0]}">{m[0]}</a>', escape(text))


def _parts(body: str) -> tuple[list[str], list[str]]:
    """The paragraphs of a letter, and those of its footer."""
    text, _, footer = body.partition("\n-- \n")
    return tuple([p for p in re.split(r"\n\s*\n", part) if p.strip()] for part in (text, footer))


def to_html(subject: str, body: str) -> str:
    """The same words in a simple HTML page: paragraphs, lists, links; a link alone on its line is set apart."""
    blocks, small = ([_block(p) for p in part] for part in _parts(body))
    return render_to_string("notifications/email/wrapper.html", {"subject": subject, "blocks": blocks, "footer": small})


def to_page(body: str) -> tuple[list[str], list[str]]:
    """Paragraphs and footer of a stored letter as safe HTML, for whoever it was sent to to read it again.

    A personal link is in the letter she got, and nowhere else: here words say so.
    """
    body = links.hidden(body, gettext("(lien personnel, dans le courriel reçu)"))
    return tuple([mark_safe(_words(p.strip().splitlines())) for p in part] for part in _parts(body))  # noqa: S308 - escaped

"""Reading pages as a browser would, well enough to follow their links and check their markup."""

import re
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

from django.db import connection

UNTYPED = {"hidden", "submit", "button", "image", "reset"}
"""Inputs that need no label."""


@dataclass
class Page(HTMLParser):
    """What one page holds: links, headings, inputs and their labels."""

    html: str
    title: str = ""
    lang: str = ""
    headings: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    inputs: list[dict] = field(default_factory=list)
    labelled: set[str] = field(default_factory=set)
    _label_depth: int = 0
    _in_title: bool = False

    def __post_init__(self):
        super().__init__()
        self.feed(self.html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if identifier := attrs.get("id"):
            self.ids.append(identifier)
        if tag == "html":
            self.lang = attrs.get("lang", "")
        elif tag == "title":
            self._in_title = True
        elif tag in ("h1", "h2"):
            self.headings.append(tag)
        elif tag == "a" and "href" in attrs:
            self.links.append(attrs["href"])
        elif tag == "label":
            self._label_depth += 1
            self.labelled.add(attrs.get("for", ""))
        elif tag in ("input", "select", "textarea") and attrs.get("type") not in UNTYPED:
            self.inputs.append({**attrs, "in_label": self._label_depth > 0})

    def handle_endtag(self, tag):
        if tag == "label":
            self._label_depth -= 1
        elif tag == "title":
            self._in_title = False

    def handle_data(self, data):
        if self._in_title:
            self.title += data

    @property
    def unlabelled(self) -> list[str]:
        return [
            attrs.get("name", "?")
            for attrs in self.inputs
            if not (
                attrs["in_label"]
                or attrs.get("aria-label")
                or attrs.get("aria-labelledby")
                or attrs.get("id") in self.labelled
            )
        ]

    @property
    def doubled_ids(self) -> set[str]:
        return {identifier for identifier in self.ids if self.ids.count(identifier) > 1}


NUMBER = re.compile(r"\d+|[AP]\d\d-[0-9A-Z]{4}")
ALIKE = 3
"""So many addresses of one shape are visited: they differ by a number, a reference, or the values of their query."""


def shape_of(address: str) -> tuple[str, ...]:
    """An address without what tells one object, one page or one filter from the next."""
    parts = urlsplit(address)
    return NUMBER.sub("#", parts.path), *sorted(key for key, _value in parse_qsl(parts.query))


def crawl(client, start: str) -> dict[str, object]:
    """Follow the links of this site from `start`: address → response, redirects followed.

    A few addresses of each shape, and filters of lists one at a time, since each list links to all their combinations.
    """
    waiting, seen, responses = [start], Counter(), {}
    while waiting:
        address = waiting.pop(0)
        shape = shape_of(address)
        filters = len(shape) - 1
        if address in responses or filters > 1 or seen[shape] == (1 if filters else ALIKE):
            continue
        seen[shape] += 1
        response = client.get(address, follow=True)
        responses[address] = response
        if response.streaming:
            list(response.streaming_content)  # to its end: the file is closed
        if response.headers.get("Content-Type", "").startswith("text/html"):
            here = response.request["PATH_INFO"]
            for link in Page(response.content.decode()).links:
                target = urldefrag(urljoin(here, link)).url
                if (
                    urlsplit(target).netloc == ""
                    and urlsplit(target).scheme == ""
                    and not target.startswith("/static/")
                ):
                    waiting.append(target)
    return responses


UNSTABLE_TABLES = {"django_session", "portal_cache", "accounts_user"}
"""Sessions, rate limits, and the moment of the last sign-in: these may move when a page is read."""


def writes() -> int:
    """How many rows this transaction has inserted, changed or deleted so far, as PostgreSQL itself counts them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_xact_user_tables "
            "WHERE NOT relname = ANY(%s)",
            [list(UNSTABLE_TABLES)],
        )
        return cursor.fetchone()[0]

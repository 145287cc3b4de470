"""A tab of a browser with one page of the form in it: what its boxes show, and what the form would send."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode

from django.test import Client

from applications.form_views import AUTOSAVE

Shown = dict[str, tuple[str, ...]]
"""What every box shows, by its name: one text, or the values ticked."""

URLENCODED = "application/x-www-form-urlencoded"


def as_lines(text: str) -> str:
    """As a browser holds what was typed: lines end with one character, and there is no NUL in a page."""
    return text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")


@dataclass
class StepPage(HTMLParser):
    """The form of a step: its boxes, its hidden inputs, and the answers that it tells were saved elsewhere."""

    html: str
    shown: Shown = field(default_factory=dict)
    hidden: dict[str, str] = field(default_factory=dict)
    offered: dict[str, list[str]] = field(default_factory=dict)
    """The values that can be chosen, in the order of the page."""
    rows: list[tuple[str, str]] = field(default_factory=list)
    """Every question and answer of the page's summaries."""
    _writing: str = ""
    _select: str = ""
    _skipped: bool = False
    _is_summary: bool = False

    def __post_init__(self):
        super().__init__()
        self.feed(self.html)

    def handle_starttag(self, tag, attrs):
        attrs = {name: value or "" for name, value in attrs}
        name, value = attrs.get("name", ""), attrs.get("value", "")
        if tag == "input":
            self._input(attrs.get("type", "text"), name, attrs)
        elif tag == "select":
            self._select = name
            self.offered[name] = []
        elif tag == "option":
            self.offered[self._select].append(value)
            if "selected" in attrs or self._select not in self.shown:
                self.shown[self._select] = (value,)
        elif tag == "textarea":
            self._writing = name
            self.shown[name] = ("",)
        elif tag == "dl":
            self._is_summary = "summary" in attrs.get("class", "").split()
        elif tag == "dt" and self._is_summary:
            self.rows.append(("", ""))
            self._writing = "dt"
        elif tag == "dd" and self._is_summary:
            self._writing = "" if "summary__action" in attrs.get("class", "") else "dd"
        elif tag == "br" and self._writing == "dd":
            self.handle_data("\n")
        elif tag == "span":
            self._skipped = attrs.get("class") == "hint"

    def _input(self, kind: str, name: str, attrs: dict[str, str]) -> None:
        if kind == "hidden":
            self.hidden[name] = attrs["value"]
        elif kind in ("radio", "checkbox"):
            value = attrs.get("value", "on")
            self.offered.setdefault(name, []).append(value)
            ticked = self.shown.setdefault(name, ())
            self.shown[name] = (*ticked, value) if "checked" in attrs else ticked
        else:
            self.shown[name] = (attrs.get("value", ""),)

    def handle_endtag(self, tag):
        if tag in ("textarea", "dt", "dd"):
            if tag == "textarea":  # the line break after the tag is the template's own
                self.shown[self._writing] = (re.sub(r"\A\n", "", self.shown[self._writing][0]),)
            self._writing = ""
        elif tag == "span":
            self._skipped = False

    def handle_data(self, data):
        if self._writing in ("dt", "dd"):
            if not self._skipped:
                question, answer = self.rows.pop()
                self.rows.append((question + data, answer) if self._writing == "dt" else (question, answer + data))
        elif self._writing:
            self.shown[self._writing] = (self.shown[self._writing][0] + data,)


def summary_of(response) -> list[tuple[str, str]]:
    """(question, answer) of every line of a page that shows answers, those not given left out."""
    rows = StepPage(response.content.decode()).rows
    return [(question.strip(), answer.strip("\n")) for question, answer in rows if answer.strip()]


@dataclass
class Tab:
    """One tab, of one browser, with a step of the form in it or not.

    `boxes` is what stands in it, `base` what was saved when it was shown, or saved from it since.
    """

    client: Client
    step: str = ""
    url: str = ""
    boxes: Shown = field(default_factory=dict)
    hidden: dict[str, str] = field(default_factory=dict)
    offered: dict[str, list[str]] = field(default_factory=dict)
    base: Shown = field(default_factory=dict)
    is_open: bool = False

    def show(self, response, step: str, url: str, *, saved: Shown) -> None:
        """What a browser does with the page it was answered, which tells or shows what is saved."""
        page = StepPage(response.content.decode())
        self.step, self.url, self.base, self.is_open = step, url, saved, True
        self.boxes, self.hidden, self.offered = page.shown, page.hidden, page.offered

    def write(self, names: tuple[str, ...], values: tuple) -> None:
        self.boxes = self.boxes | dict(zip(names, values, strict=True))

    def leave(self) -> None:
        """Another page is shown; « Back » would show this one again."""
        self.is_open = False

    def go_back(self) -> None:
        self.is_open = bool(self.url)

    def save(self):
        return self._send()

    def autosave(self):
        """As the page's script does while somebody writes."""
        return self._send(**{AUTOSAVE: "1"})

    def _send(self, **headers):
        data = [*self.hidden.items(), *[(name, value) for name, values in self.boxes.items() for value in values]]
        return self.client.post(self.url, urlencode([*data, ("list", "")]), content_type=URLENCODED, headers=headers)

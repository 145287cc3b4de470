"""Reading « Mon espace » as its tests need it."""

import re

from django.urls import reverse

from cohorts.moments import day
from tests.house.pages import Page

HOME = "/mon-espace/"


def text_of(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).replace("\u00a0", " ").split())


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def short(value) -> str:
    """A day without its day of the week."""
    return plain(day(value)).partition(" ")[2]


def tags(response) -> list[str]:
    return re.findall(r'<span class="tag [^>]*>(.*?)</span>', response.content.decode())


def links(response) -> list[str]:
    return Page(response.content.decode()).links


def confirm_url(application) -> str:
    return reverse("applications:confirm", args=[application.reference])


def withdraw_url(application) -> str:
    return reverse("portal:withdraw", args=[application.reference])


def steps(response) -> list[tuple[str, str]]:
    """(mark, words) of each step of the timelines of a page."""
    found = re.findall(r"<li class=\"is-[a-z-]+\"( aria-current=\"step\")?>(.*?)</li>", response.content.decode())
    told = [plain(re.sub(r"<[^>]+>", "", words)).partition(" : ") for _current, words in found]
    assert [mark == "En ce moment" for mark, *_ in told] == [bool(current) for current, _words in found]
    return [(mark, words) for mark, _colon, words in told]

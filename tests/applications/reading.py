"""Reading a candidate's pages, and what she would type into them."""

import re

from django.contrib.messages import get_messages
from django.urls import reverse

from tests.house.pages import Page

NBSP = "\u00a0"


def url(name, application, *more):
    return reverse(f"applications:{name}", args=[application.reference, *more])


def told(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def text_of(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def problems(response) -> list[tuple[str, str]]:
    """(address, sentence) of each line of the error summary."""
    summary = re.search(r'<div class="error-summary".*?</div>', response.content.decode(), re.S)
    return re.findall(r'<a href="([^"]+)">(.*?)</a>', summary[0], re.S) if summary else []


def title(response) -> str:
    return Page(response.content.decode()).title.strip()


ABOUT = {
    "first_name": "Inès",
    "last_name": "Belkacem",
    "birth_date_day": "9",
    "birth_date_month": "3",
    "birth_date_year": "2005",
    "region": "LRE",
    "phone": "0692 12 34 56",
}
BACKGROUND = {"audience": "STUDENT", "background": "Un bac pro, puis la rue.\r\nEt un film.", "languages": ["fr", "ar"]}


def project(*trades, **more):
    wishes = {f"trade_{rank}": str(trade.pk) for rank, trade in enumerate(trades, start=1)}
    return {**wishes, "project": "Monter 🎬", "hopes": "Un regard", "accepts_remote": "False", **more}

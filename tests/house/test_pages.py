"""Every page a link leads to, for every kind of visitor: it works, is well made, and reading it changes nothing."""

import pytest

from lifecycle.models import JournalEntry
from tests.house.conftest import VISITORS
from tests.house.pages import Page, crawl, writes

pytestmark = pytest.mark.django_db

AT_LEAST = {
    "anonymous": 12,
    "candidate": 18,
    "minor": 14,
    "mentor": 14,
    "reviewer": 14,
    "coordinator": 60,
    "stranger": 14,
}


@pytest.mark.parametrize("visitor", VISITORS)
def test_every_page_works_and_changes_nothing(visitor, browser_of):
    client = browser_of(visitor)
    before, opened_before = writes(), openings()
    start = {"coordinator": "/admin/", "reviewer": "/admin/"}.get(visitor, "/")
    responses = crawl(client, start)
    assert {address: r.status_code for address, r in responses.items() if r.status_code != 200} == {}
    assert len(responses) >= AT_LEAST[visitor]
    assert writes() - before == openings() - opened_before
    faults = {}
    for address, response in responses.items():
        is_page = response.headers["Content-Type"].startswith("text/html")
        if is_page and (found := faults_of(Page(response.content.decode()))):
            faults[address] = found
    assert faults == {}


def openings() -> int:
    """Documents and exports opened, as the journal has them: the one thing that a page read may write."""
    return JournalEntry.objects.filter(action__in=("document.opened", "export.opened")).count()


def faults_of(page: Page) -> list[str]:
    """What is wrong with the markup of a page."""
    return [
        *(["lang"] if page.lang != "fr" else []),
        *(["title"] if not page.title.strip() else []),
        *([f"{page.headings.count('h1')} h1"] if page.headings.count("h1") != 1 else []),
        *[f"unlabelled {name}" for name in page.unlabelled],
        *[f"id twice: {identifier}" for identifier in sorted(page.doubled_ids)],
    ]

"""The jury's screens and the selection's, as the jury, the coordination and everybody else find them."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reviews import transitions
from reviews.models import Assignment, Release
from tests import factories

pytestmark = pytest.mark.django_db

SELECTION, PUBLISH = "admin:reviews_selection", "admin:reviews_selection_publish"
DISTRIBUTE = "admin:reviews_jury_distribute"


def text(answer) -> str:
    """What a person reads in the page's content, on one line."""
    content = answer.content.decode().partition('<div id="content-main"')[2]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>|&nbsp;", " ", content))


def told(answer) -> list[str]:
    return [str(message).replace("\u00a0", " ") for message in answer.context["messages"]]


@pytest.fixture
def file(cohort, reviewer, candidate):
    """Inès's file, assigned to Nadia."""
    file = factories.make_sent(cohort, candidate)
    factories.assign(file, reviewer)
    return file


def test_a_jury_member_reaches_no_other_screen_of_files(file, reviewer, coordinator, signed_in):
    browser = signed_in(reviewer)
    urls = [
        reverse("admin:applications_application_changelist"),
        reverse("admin:applications_application_change", args=[file.pk]),
        reverse("admin:reviews_release_changelist"),
        reverse(SELECTION, args=[file.cohort.pk]),
        reverse(PUBLISH, args=[file.cohort.pk]),
    ]
    assert [signed_in(coordinator).get(url).status_code for url in urls] == [200] * 5
    assert [browser.get(url).status_code for url in urls] == [403] * 5


# --- The selection ------------------------------------------------------------------------------


@pytest.fixture
def marked(closed_cohort, minor, candidate, coordinator):
    """Inès and Lina to accept, two others to reject, one file without a decision."""
    ines, lina = (factories.make_sent(closed_cohort, person) for person in (candidate, minor))
    others = [factories.make_sent(closed_cohort) for _file in range(2)]
    undecided = factories.make_sent(closed_cohort)
    for file in (ines, lina):
        transitions.mark(file, "ACCEPTED", actor=coordinator)
    for file in others:
        transitions.mark(file, "REJECTED", actor=coordinator)
    return [ines, lina, *others, undecided]


def test_the_selection_says_where_it_stands(closed_cohort, marked, coordinator, signed_in):
    page = signed_in(coordinator).get(reverse(SELECTION, args=[closed_cohort.pk]))
    figures = page.context["figures"]
    assert (figures.received, figures.without_decision, figures.pending) == (5, 1, 4)
    assert (figures.places, figures.held, figures.free, figures.excess) == (20, 0, 18, 0)
    assert figures.under_read == 5
    assert "2 à accepter , dont 1 sous réserve d’une autorisation" in text(page)


def test_files_are_shared_out_by_a_post(closed_cohort, marked, coordinator, signed_in):
    browser, url = signed_in(coordinator), reverse(DISTRIBUTE, args=[closed_cohort.pk])
    answer = browser.post(url, follow=True)
    assert told(answer) == ["Cette promotion n’a pas encore de jury : invitez d’abord ses membres."]
    for _person in range(2):
        factories.make_reviewer(closed_cohort)
    assert browser.get(url).status_code == 405
    assert not Assignment.objects.exists()
    assert told(browser.post(url, follow=True)) == ["10 lectures ont été confiées au jury."]
    assert Assignment.objects.count() == 10


def test_only_coordinators_select(closed_cohort, marked, coordinator, reviewer, candidate, stranger, signed_in):
    pages = [reverse("admin:reviews_release_changelist")]
    pages += [reverse(name, args=[closed_cohort.pk]) for name in (SELECTION, PUBLISH)]
    for url in pages:
        assert signed_in(coordinator).get(url).status_code == 200
        assert signed_in(reviewer).get(url).status_code == 403
        assert {signed_in(person).get(url).status_code for person in (candidate, stranger)} == {302}
    for name in (PUBLISH, DISTRIBUTE):
        assert signed_in(reviewer).post(reverse(name, args=[closed_cohort.pk])).status_code == 403
    assert signed_in(coordinator).get(reverse(SELECTION, args=[99999])).status_code == 404
    assert not Release.objects.exists()


def test_the_selection_asks_as_much_for_one_file_as_for_many(closed_cohort, coordinator, signed_in):
    browser, counts = signed_in(coordinator), []
    for new in (1, 2):
        for _file in range(new):
            transitions.mark(factories.make_sent(closed_cohort), "ACCEPTED", actor=coordinator)
            factories.make_reviewer(closed_cohort)
        with CaptureQueriesContext(connection) as asked:
            page = browser.get(reverse(SELECTION, args=[closed_cohort.pk]))
        counts.append((len(page.context["decisions"]), len(asked)))
    assert [rows for rows, _queries in counts] == [1, 3]
    assert counts[0][1] == counts[1][1] <= 20

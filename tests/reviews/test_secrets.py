"""What a jury reads of a file, and what it never reads."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications import drafting
from tests import brimful, factories

pytestmark = pytest.mark.django_db

AVAILABILITY = {"moment": "mardi soir", "other moment": "dimanche", "mobility": "partout en France"}
SECRETS = (
    brimful.IDENTITY | brimful.ACCOMPANIMENT | brimful.LINKS | brimful.FOR_COORDINATORS | AVAILABILITY
)  # fmt: skip
READ = {name: brimful.ANSWERS[name] for name in ("background", "attraction", "project", "hopes")} | {
    "language": "langue des signes",
    "trade": "1. Réalisation",
    "second trade": "2. Montage image",
    "question": brimful.QUESTION,
    "answer": brimful.ANSWER,
}


@pytest.fixture
def file(cohort, reviewer):
    """Zélie's file, filled to the brim and assigned to Nadia."""
    file = brimful.make(cohort)
    factories.assign(file, reviewer)
    return file


def page_of(file, browser):
    return browser.get(reverse("admin:reviews_assignment_read", args=[file.reference]))


def test_a_reader_reads_what_she_judges_and_no_secret(file, reviewer, signed_in):
    page = page_of(file, signed_in(reviewer))
    assert brimful.told(page, READ) == list(READ)
    assert brimful.told(page, SECRETS) == []


def test_every_secret_is_one_that_the_coordination_reads(file, coordinator, signed_in):
    """Else the walk above would look for words that no page ever says."""
    page = signed_in(coordinator).get(reverse("admin:applications_application_change", args=[file.pk]))
    as_kept = {"birth date as kept"}
    assert brimful.told(page, SECRETS | READ) == [name for name in SECRETS | READ if name not in as_kept]


def test_her_list_tells_no_secret_either(file, reviewer, signed_in):
    page = signed_in(reviewer).get(reverse("admin:reviews_assignment_changelist"))
    assert file.reference in brimful.words_of(page)
    assert brimful.told(page, SECRETS) == []


def test_what_is_being_changed_is_not_read(file, reviewer, signed_in):
    drafting.take_back(file, actor=file.candidate)
    factories.fill(file, {"project": "Tout autre chose."})
    page = page_of(file, signed_in(reviewer))
    changed = {"sent": brimful.ANSWERS["project"], "written since": "Tout autre chose."}
    assert brimful.told(page, changed) == ["sent"]


def test_the_queries_do_not_grow_with_the_answers(cohort, file, reviewer, signed_in):
    bare, colleague = factories.make_sent(cohort, trades=factories.make_trades(1)), factories.make_reviewer(cohort)
    factories.assign(bare, colleague)
    counts = []
    for read, person in ((file, reviewer), (bare, colleague)):
        browser = signed_in(person)
        with CaptureQueriesContext(connection) as asked:
            assert page_of(read, browser).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 22

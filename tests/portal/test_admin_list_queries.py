"""The coordinators’ list: ten queries at most whatever is asked of it, and what it says when it is cut short."""

import re

import pytest
from django.contrib import admin
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.models import Application
from portal import application_list as reads
from portal.admin.application_filters import FILTERS
from reviews import transitions as reviews
from tests import factories

pytestmark = pytest.mark.django_db

LIST = "admin:applications_application_changelist"
MOST = 10


@pytest.fixture
def staff(coordinator, signed_in):
    return signed_in(coordinator)


def queries(browser, **asked) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(reverse(LIST), asked).status_code == 200
    return len(captured)


def everything() -> list[dict]:
    """Every filter with each of its values, every column both ways, and a search."""
    request, screen = RequestFactory().get("/"), admin.site._registry[Application]
    filters = [kind(request, {}, Application, screen) for kind in FILTERS]
    values = [{one.parameter_name: str(value)} for one in filters for value, _label in one.lookup_choices]
    columns = [{"o": n * way} for n in range(1, 10) for way in (1, -1)]
    return [{}, *values, *columns, {"q": "zoé"}, {"q": "P27-"}, {"q": "zoe", "o": "-2"}]


def a_file_with_everything(cohort, coordinator):
    file = factories.make_sent(cohort, factories.make_user("Zoé", age=16), trades=factories.make_trades(2))
    factories.make_reading(file, factories.make_reviewer(cohort))
    reviews.mark(file, "ACCEPTED", actor=coordinator)


def test_at_most_ten_queries_whatever_the_filter_and_no_more_for_three_files(closed_cohort, coordinator, staff):
    a_file_with_everything(closed_cohort, coordinator)
    asked = everything()
    one = [queries(staff, **each) for each in asked]
    for _n in range(2):
        a_file_with_everything(closed_cohort, coordinator)
    three = [queries(staff, **each) for each in asked]
    assert {str(each): (a, b) for each, a, b in zip(asked, one, three, strict=True) if not a == b <= MOST} == {}
    assert len(asked) > 80


@pytest.mark.parametrize("words", ["%", "_", "\\", "🎬", "x" * 5000, "'", "zoe\\", "(", "  ", "P27-%"])
def test_nothing_that_is_searched_breaks_the_list(cohort, staff, words):
    factories.make_sent(cohort)
    assert queries(staff, q=words) <= MOST


def test_a_search_holds_every_word_wherever_it_stands(cohort, staff):
    zoe = factories.make_sent(cohort, factories.make_user("Zoé", "Lefèvre", email="zoe@exemple.org"))
    other = factories.make_sent(cohort, factories.make_user("Zoé", "Traoré"))
    zoe.reference = "P27-7QXK"
    zoe.save()

    def found(words):
        return {file.reference for file in staff.get(reverse(LIST), {"q": words}).context["cl"].result_list}

    assert found("zoe") == {zoe.reference, other.reference}
    assert found("lefevre exemple.org ZOE") == {zoe.reference}
    assert found("zoe nobody") == set()
    assert found(zoe.reference.lower()) == {zoe.reference}
    assert found(zoe.reference.replace("-", " ")) == {zoe.reference}
    assert found(zoe.reference[4:]) == {zoe.reference}
    assert found(zoe.reference[-3:]) == {zoe.reference}
    assert found(zoe.reference[-2:]) == set()  # two signs of a reference would be looked for in every one


def test_a_search_that_names_nobody_yet_says_so(cohort, staff, monkeypatch):
    for _n in range(3):
        factories.make_sent(cohort)
    monkeypatch.setattr(reads, "BROAD", 2)
    page = staff.get(reverse(LIST), {"q": "example"})
    assert "Trop de personnes répondent à cette recherche" in page.content.decode()
    assert page.context["cl"].result_list == []


def test_a_list_cut_short_says_so_and_offers_its_page_alone(cohort, staff, monkeypatch):
    files = [factories.make_sent(cohort) for _n in range(4)]
    whole = staff.get(reverse(LIST)).content.decode()
    assert re.findall(r"plus de \d+", whole) == []
    monkeypatch.setattr(reads, "MOST", 3)
    page = staff.get(reverse(LIST)).content.decode()
    assert re.findall(r"plus de \d+", page) == ["plus de 3", "plus de 3"]
    chosen = {"action": "accept", "_selected_action": [files[0].pk], "index": "0"}
    refused = staff.post(reverse(LIST), {**chosen, "select_across": "1"}, follow=True)
    assert "Trop de candidatures à la fois" in refused.content.decode()
    assert staff.post(reverse(LIST), {**chosen, "select_across": "0"}).status_code == 200


def test_the_numbers_beside_the_filters_are_those_of_their_lists(cohort, closed_cohort, coordinator, staff):
    a_file_with_everything(closed_cohort, coordinator)
    factories.make_sent(cohort, audience="STUDENT", gender="WOMAN")
    factories.make_waitlisted(closed_cohort)
    page = staff.get(reverse(LIST), {"_facets": "True"})
    wrong, swept = {}, 0
    for one in page.context["cl"].filter_specs:
        counts = one.get_facet_queryset(page.context["cl"])
        for n, (value, _label) in enumerate(one.lookup_choices):
            swept += 1
            listed = staff.get(reverse(LIST), {one.parameter_name: value}).context["cl"].result_count
            if counts[f"{n}__c"] != listed:
                wrong[one.parameter_name, value] = (counts[f"{n}__c"], listed)
    assert wrong == {}
    assert swept > 70


def test_the_mean_follows_the_opinions(closed_cohort):
    file = factories.make_sent(closed_cohort)

    def mean():
        file.refresh_from_db()
        return None if file.mean_score is None else float(file.mean_score)

    assert mean() is None
    first = factories.make_reading(file, factories.make_reviewer(closed_cohort), score=4)
    second = factories.make_reading(file, factories.make_reviewer(closed_cohort), score=5)
    assert mean() == 4.5
    second.delete()
    assert mean() == 4.0
    first.delete()
    assert mean() is None

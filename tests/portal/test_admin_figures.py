"""« Les chiffres » of a cohort: readers, audiences, trades, regions, and gender where enough people share it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.models import Application
from portal.desk import figures
from portal.desk.figures import Parity, Row, thresholded
from tests import factories

pytestmark = pytest.mark.django_db


def shown(rows: list[Row]) -> list[tuple]:
    return [(row.name, row.sent, row.held, row.target) for row in rows]


def test_audiences_against_their_minimums(closed_cohort):
    closed_cohort.audience_minimums = {"PUPIL": 3, "REINSERTION": 1}
    closed_cohort.save()
    factories.make_confirmed(closed_cohort, audience="STUDENT")
    factories.make_sent(closed_cohort, audience="STUDENT")
    factories.make_sent(closed_cohort, audience="PUPIL")
    found = figures.of(closed_cohort)
    assert shown(found.audiences) == [
        ("étudiant·e", 2, 1, None), ("lycéen·ne", 1, 0, 3), ("en réinsertion sociale", 0, 0, 1)
    ]  # fmt: skip
    assert [row.is_short for row in found.audiences] == [False, True, True]
    assert (found.held, found.places) == (1, closed_cohort.places)


def test_targets_are_explained_where_there_are_some(closed_cohort, coordinator, signed_in):
    claire, address = signed_in(coordinator), reverse("admin:figures", args=[closed_cohort.pk])
    assert "L’objectif est" not in claire.get(address).content.decode()
    closed_cohort.audience_minimums = {"PUPIL": 3}
    closed_cohort.save()
    page = claire.get(address).content.decode()
    assert "objectif 3" in page
    assert "L’objectif est le nombre de places réservées à un public" in page


def test_a_place_not_announced_is_no_place(closed_cohort):
    file = factories.make_accepted(closed_cohort)
    assert figures.of(closed_cohort).held == 1
    Application.objects.filter(pk=file.pk).update(masked_state="SUBMITTED")
    assert figures.of(closed_cohort).held == 0


def test_the_jury_from_given_opinions_alone(closed_cohort):
    nadia = factories.make_reviewer(closed_cohort, factories.make_user("Nadia", "B"))
    yann = factories.make_reviewer(closed_cohort, factories.make_user("Yann", "C"))
    files = [factories.make_sent(closed_cohort) for _n in range(3)]
    for file in files:
        factories.assign(file, nadia)
    factories.make_reading(files[0], nadia)
    factories.make_reading(files[1], yann)
    found = figures.of(closed_cohort)
    assert [(r.name, r.given, r.left, r.percent) for r in found.readers] == [
        ("Nadia B", 1, 2, 33),
        ("Yann C", 1, 0, 100),
    ]
    assert (found.given, found.asked) == (2, 4)


def test_trades_and_regions_the_first_wish_alone(closed_cohort):
    directing, editing = factories.make_trades(2)
    factories.make_sent(closed_cohort, factories.make_user(region="COR"), trades=[editing, directing])
    factories.make_sent(closed_cohort, factories.make_user(region="BRE"), trades=[editing])
    factories.make_sent(closed_cohort, factories.make_user(region="BRE"), trades=[directing])
    found = figures.of(closed_cohort)
    assert shown(found.trades) == [(editing.name, 2, 0, None), (directing.name, 1, 0, None)]
    assert shown(found.regions) == [("Bretagne", 2, 0, None), ("Corse", 1, 0, None)]


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ({"a": 10, "b": 12, "c": 30}, {"a": 10, "b": 12, "c": 30}),
        ({"a": 9, "b": 12, "c": 30}, {"a": None, "b": None, "c": 30}),
        ({"a": 9, "b": 3, "c": 30}, {"a": None, "b": None, "c": 30}),
        ({"a": 0, "b": 12, "c": 30}, {"a": 0, "b": 12, "c": 30}),
        ({"a": 4, "b": 0, "c": 0}, {"a": None, "b": 0, "c": 0}),
    ],
)
def test_what_few_share_is_hidden_and_cannot_be_subtracted(counts, told):
    assert thresholded(counts, list(counts)) == told


def test_parity_among_places_once_ten_on_each_side_have_said(closed_cohort):
    closed_cohort.parity_percent, closed_cohort.parity_reason = 50, "Pour la parité."
    closed_cohort.save()
    people = [factories.make_draft(closed_cohort) for _n in range(21)]
    now = closed_cohort.closes_at
    for n, file in enumerate(people):
        gender = "WOMAN" if n < 11 else "MAN"
        Application.objects.filter(pk=file.pk).update(
            state="CONFIRMED", gender=gender, sent_at=now, announced_at=now, confirm_by=now, confirmed_at=now
        )
    assert figures.of(closed_cohort).parity == Parity(52, 21, 50)
    Application.objects.filter(pk=people[-1].pk).update(gender="WOMAN")
    assert figures.of(closed_cohort).parity == Parity(None, 21, 50)


def test_a_share_that_would_give_a_hidden_count_away_is_hidden_too(closed_cohort):
    """28 women and 14 men of 45 who said: three are left."""
    now = closed_cohort.closes_at
    for n in range(30):
        gender = "WOMAN" if n < 14 else "MAN" if n < 27 else "NON_BINARY"
        file = factories.make_draft(closed_cohort)
        Application.objects.filter(pk=file.pk).update(
            state="CONFIRMED", gender=gender, sent_at=now, announced_at=now, confirm_by=now, confirmed_at=now
        )
    shown = figures.of(closed_cohort)
    assert [row.held for row in shown.genders].count(None) == 2
    assert shown.parity.percent is None


def test_the_page_is_for_coordinators_and_its_queries_do_not_grow(closed_cohort, coordinator, reviewer, signed_in):
    url, counts = reverse("admin:figures", args=[closed_cohort.pk]), []
    browser = signed_in(coordinator)
    for _round in range(2):
        file = factories.make_sent(closed_cohort)
        factories.make_reading(file, factories.make_reviewer(closed_cohort))
        with CaptureQueriesContext(connection) as asked:
            page = browser.get(url)
        counts.append(len(asked))
        assert page.status_code == 200
    assert counts[0] == counts[1] <= 16
    assert "Les lectures du jury" in page.content.decode()
    assert signed_in(reviewer).get(url).status_code == 403
    assert browser.get(reverse("admin:figures", args=[10**6])).status_code == 404

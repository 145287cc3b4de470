"""What the opinions of a cohort say of each file."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from applications.models import Application
from reviews import scores
from reviews.adjusting import adjust
from reviews.models import Assignment, Review, Selection
from reviews.scores import Standing, Third, files_apart, needs_third, standings
from tests import factories

pytestmark = pytest.mark.django_db

APART, NOT_APART = Decimal("2.00"), Decimal("1.99")


@pytest.fixture
def readers(closed_cohort):
    """Three members of the jury."""
    return [factories.make_reviewer(closed_cohort) for _ in range(3)]


def read(application, given):
    for reader, score in given.items():
        factories.make_reading(application, reader, score=score)


def test_a_standing_says_what_was_given_and_asked(closed_cohort, readers):
    first, second, third = (factories.make_sent(closed_cohort) for _ in range(3))
    read(first, {readers[0]: 5, readers[1]: 2})
    read(second, {readers[0]: 4})
    factories.assign(second, readers[1])
    Assignment.objects.create(application=third, reviewer=readers[2], is_third=True)

    found = {standing.application_id: standing for standing in standings(closed_cohort)}

    freed = adjust([(first.pk, readers[0].pk, 5), (first.pk, readers[1].pk, 2), (second.pk, readers[0].pk, 4)]).files
    common = {"state": "SUBMITTED", "per_file": 2}
    assert found[first.pk] == Standing(
        first.pk,
        first.reference,
        mean=Decimal("3.50"),
        adjusted=freed[first.pk].value,
        uncertainty=freed[first.pk].standard_error,
        given=2,
        asked=2,
        thirds=0,
        spread=Decimal("3.00"),
        **common,
    )
    assert (found[second.pk].mean, found[second.pk].given, found[second.pk].asked) == (4, 1, 2)
    assert found[third.pk] == Standing(
        third.pk,
        third.reference,
        mean=None,
        adjusted=None,
        uncertainty=None,
        given=0,
        asked=1,
        thirds=1,
        spread=Decimal("0.00"),
        **common,
    )
    assert [s.missing for s in (found[first.pk], found[second.pk], found[third.pk])] == [0, 1, 2]


def test_standings_go_by_reference_and_leave_out_drafts_the_withdrawn_and_other_cohorts(closed_cohort, readers):
    files = [factories.make_sent(closed_cohort) for _ in range(4)]
    read(files[0], {readers[0]: 5})
    Application.objects.filter(pk=files[0].pk).update(state="WITHDRAWN")
    factories.make_draft(closed_cohort)
    factories.make_sent(factories.make_cohort("closed", year=2031))

    assert [standing.reference for standing in standings(closed_cohort)] == sorted(f.reference for f in files[1:])


def test_what_a_withdrawn_file_got_still_tells_who_is_severe(closed_cohort, readers):
    severe, kind, _other = readers
    files = [factories.make_sent(closed_cohort) for _ in range(6)]
    for file in files[:4]:
        read(file, {severe: 2, kind: 4})
    read(files[4], {severe: 3})
    read(files[5], {kind: 3})
    Application.objects.filter(pk__in=[file.pk for file in files[:4]]).update(state="WITHDRAWN")

    adjusted = {standing.application_id: standing.adjusted for standing in standings(closed_cohort)}

    assert adjusted[files[4].pk] > adjusted[files[5].pk]
    assert scores.adjusted_scores(closed_cohort).readers[severe.pk].severity > 0


def test_standings_ask_three_queries_whatever_the_number(closed_cohort, readers, django_assert_num_queries):
    for count in (1, 3):
        for _file in range(count):
            read(factories.make_sent(closed_cohort), dict.fromkeys(readers[:2], 4))
        with django_assert_num_queries(3):
            standings(closed_cohort)


def standing(**changes):
    whole = {"mean": Decimal("3.33"), "adjusted": Decimal("3.46"), "uncertainty": Decimal("0.40"), "spread": APART}
    counts = {"given": 2, "asked": 2, "thirds": 0, "per_file": 2}
    return Standing(
        **{"application_id": 1, "reference": "P27-7K3F", "state": "SUBMITTED", **whole, **counts, **changes}
    )


def test_points_are_hundredths_of_the_score_that_the_list_goes_by():
    unread = standing(mean=None, adjusted=None, uncertainty=None, given=0)

    assert standing().points(Selection.Basis.ADJUSTED) == 346
    assert standing().points(Selection.Basis.MEAN) == 333
    assert [unread.points(basis) for basis in Selection.Basis] == [0, 0]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({}, Third.APART),
        ({"spread": NOT_APART}, ""),
        ({"spread": NOT_APART, "given": 1}, Third.MISSING),
        ({"spread": Decimal(0), "given": 0, "asked": 0}, Third.MISSING),
        ({"given": 3, "asked": 3}, ""),
        ({"thirds": 1, "asked": 3}, ""),
        ({"spread": NOT_APART, "given": 1, "thirds": 1}, ""),
        ({"state": "ACCEPTED"}, ""),
    ],
)
def test_a_third_reading_waits_where_readers_disagree_or_one_is_missing(changes, why):
    assert needs_third(standing(**changes)) == why


def test_a_missing_opinion_counts_once_the_readings_are_over():
    late = standing(spread=NOT_APART, given=1)

    assert (needs_third(late, is_over=False), needs_third(late, is_over=True)) == ("", Third.MISSING)
    assert needs_third(standing(), is_over=False) == Third.APART


def test_readings_are_over_after_their_day_or_else_with_the_call(closed_cohort):
    closes = closed_cohort.closes_at
    assert [scores.is_reading_over(closed_cohort, closes - timedelta(minutes=late)) for late in (1, 0)] == [False, True]
    due = timezone.localdate(closes) + timedelta(days=9)
    closed_cohort.readings_due_on = due
    assert scores.is_reading_over(closed_cohort, factories.paris(due, 23)) is False
    assert scores.is_reading_over(closed_cohort, factories.paris(due + timedelta(days=1), 0)) is True


def test_how_far_apart_opinions_are_is_kept_with_the_file(closed_cohort):
    file, readers = factories.make_sent(closed_cohort), [factories.make_reviewer(closed_cohort) for _ in range(2)]

    def kept():
        file.refresh_from_db()
        return file.score_spread, list(files_apart([closed_cohort]))

    assert kept() == (None, [])
    factories.make_reading(file, readers[0], score=5)
    assert kept() == (Decimal("0.00"), [])
    factories.make_reading(file, readers[1], score=3)
    assert kept() == (Decimal("2.00"), [file])
    factories.make_reading(file, readers[1], score=4)
    assert kept() == (Decimal("1.00"), [])
    factories.make_reading(file, readers[1], score=1)
    assert kept() == (Decimal("4.00"), [file])
    Review.objects.filter(reviewer=readers[1]).delete()
    assert kept() == (Decimal("0.00"), [])


def test_a_file_read_once_more_than_asked_for_wants_no_more(closed_cohort):
    file = factories.make_sent(closed_cohort)
    for score in (5, 1):
        factories.make_reading(file, factories.make_reviewer(closed_cohort), score=score)
    assert list(files_apart([closed_cohort])) == [file]
    assert list(files_apart([factories.make_cohort("closed")])) == []
    closed_cohort.reviews_per_file = 1
    closed_cohort.save()
    (stands,) = standings(closed_cohort)
    assert (needs_third(stands), list(files_apart([closed_cohort]))) == ("", [])

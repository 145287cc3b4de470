"""Reminders to jury members who lag: when, to whom, how often; and the letters, word for word."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Grant
from notifications import kinds
from notifications.models import Letter
from reviews import reader_emails, readings, reminders, sharing, tasks
from reviews.models import ReaderProfile
from reviews.turns import Turn, turn_of
from tests import factories
from tests.letters import check_letter

LETTERS = Path(__file__).parent / "letters"
DUE = date(2027, 3, 2)


@pytest.mark.parametrize(
    ("days", "turn"),
    [
        (-8, None),
        (-7, Turn.WEEK),
        (-3, Turn.WEEK),
        (-2, Turn.LAST),
        (0, Turn.LAST),
        (1, Turn.LATE),
        (14, Turn.LATE),
        (15, None),
    ],
)
def test_whose_turn_it_is(days, turn):
    assert turn_of(DUE, DUE + timedelta(days=days)) is turn


@pytest.fixture
def reading(db):
    """Nadia has two files to read for 2 March; they were entrusted in February."""
    before = timezone.make_aware(datetime(2027, 2, 10, 9))
    cohort = factories.make_cohort("closed", now=before, readings_due_on=DUE, reviews_per_file=1)
    reader = factories.make_reviewer(cohort, factories.make_user("Nadia", email="nadia@example.org"))
    for _file in range(2):
        factories.assign(factories.make_sent(cohort, now=before), reader, now=before)
    return cohort, reader


def written():
    return list(Letter.objects.filter(kind="reviews.reading_reminder").order_by("pk").values_list("key", flat=True))


def on(day, month=2, hour=9):
    return time_machine.travel(timezone.make_aware(datetime(2027, month, day, hour)), tick=False)


def test_each_turn_is_written_once(reading):
    cohort, reader = reading
    key = f"cohort:{cohort.pk}:reader:{reader.pk}:readings:2027-03-02:"
    with on(22):
        assert tasks.remind_readers() == 0
    for day, month, turn in ((23, 2, "week"), (28, 2, "last"), (3, 3, "late")):
        with on(day, month):
            assert (tasks.remind_readers(), tasks.remind_readers()) == (1, 0)
        with on(day, month, hour=20):
            assert tasks.remind_readers() == 0
        assert written()[-1] == key + turn
    assert len(written()) == 3


def test_a_missed_week_is_caught_up_by_one_letter(reading):
    with on(1, 3):
        assert tasks.remind_readers() == 1
    assert [key.rpartition(":")[2] for key in written()] == ["last"]


def test_a_day_that_moves_is_told_anew(reading):
    cohort, _reader = reading
    with on(28):
        tasks.remind_readers()
        cohort.readings_due_on = DUE + timedelta(days=4)
        cohort.save()
        assert tasks.remind_readers() == 1
    assert [key.split(":")[-2:] for key in written()] == [["2027-03-02", "last"], ["2027-03-06", "week"]]


def test_the_letter_counts_what_is_left(reading):
    cohort, reader = reading
    readings.review(cohort.applications.first(), reader, scores=factories.alike(cohort, 3), comment="")
    with on(28):
        tasks.remind_readers()
    letter = Letter.objects.get(kind="reviews.reading_reminder")
    assert (letter.to, letter.subject) == (reader.email, f"Il vous reste un dossier à lire\u00a0: {cohort.name}")


def read_all(cohort, reader):
    for file in cohort.applications.all():
        factories.make_reading(file, reader)


def leave(cohort, reader):
    Grant.objects.all().delete()


def no_day(cohort, reader):
    cohort.readings_due_on = None
    cohort.save()


def withdraw(cohort, reader):
    cohort.applications.update(state="WITHDRAWN")


def only_yesterday(cohort, reader):
    reader.assignments.update(assigned_at=timezone.make_aware(datetime(2027, 2, 28, 8)))


@pytest.mark.parametrize("change", [read_all, leave, no_day, withdraw, only_yesterday])
def test_who_has_nothing_late_is_left_in_peace(reading, change):
    with on(28):
        assert len(list(reminders.readers_to_remind(timezone.now()))) == 1
        change(*reading)
        assert tasks.remind_readers() == 0
    assert written() == []


def test_it_takes_as_many_queries_for_a_large_jury(reading, django_assert_num_queries):
    cohort, _reader = reading
    for _person in range(4):
        factories.assign(cohort.applications.first(), factories.make_reviewer(cohort), now=cohort.closes_at)
    with django_assert_num_queries(2):
        assert len(list(reminders.readers_to_remind(timezone.make_aware(datetime(2027, 2, 28, 9))))) == 5


def test_the_clock_closes_tied_readings(reading):
    cohort, reader = reading
    file = cohort.applications.first()
    ReaderProfile.objects.create(person=reader, addresses=file.candidate.email)
    other = factories.make_reviewer(cohort)
    assert tasks.close_tied_readings() == 1
    assert list(file.assignments.values_list("reviewer", flat=True)) == [other.pk]
    assert tasks.close_tied_readings() == 0


def test_files_that_wait_say_until_when(reading):
    cohort, reader = reading
    factories.make_sent(cohort)
    with on(11):
        sharing.distribute(cohort, actor=reader)
    body = Letter.objects.get(kind="reviews.files_entrusted").body
    assert "avant le mardi 2\u00a0mars\u00a02027 à\u00a023\u00a0h\u00a059, heure de Paris" in body


# --- Word for word --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [reader_emails.FILES, reader_emails.REMINDER], ids=lambda kind: kind.name)
def test_reads_as_agreed(kind):
    check_letter(kinds.get(kind.name), LETTERS)


@pytest.mark.parametrize(
    ("letter", "variant", "changes"),
    [
        ("files_entrusted", "one", {"count": 1, "term": None}),
        ("reading_reminder", "last", {"turn": Turn.LAST}),
        ("reading_reminder", "late", {"turn": Turn.LATE, "count": 1}),
    ],
    ids=lambda value: str(value),
)
def test_variant_reads_as_agreed(letter, variant, changes):
    check_letter(kinds.get(f"reviews.{letter}"), LETTERS, variant, **changes)

"""The journal outlives what it speaks of, and nobody rewrites it."""

import pytest
from django.db import DatabaseError, connection, transaction

from lifecycle import journal
from lifecycle.models import JournalEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry(coordinator, cohort, now):
    """One line."""
    return journal.record("cohort.copied", cohort, actor=coordinator, now=now, detail="Printemps 2026")


def test_a_line_holds_references_and_no_names(entry, coordinator, cohort, now):
    stored = JournalEntry.objects.values().get()

    assert stored == {
        "id": entry.pk,
        "at": now,
        "actor": f"accounts.user:{coordinator.pk}",
        "action": "cohort.copied",
        "target": f"cohorts.cohort:{cohort.pk}",
        "source_state": "",
        "target_state": "",
        "detail": "Printemps 2026",
    }


def test_text_names_itself():
    assert journal.ref(journal.CLOCK) == "clock"
    assert journal.ref("guardian") == "guardian"


@pytest.mark.parametrize(
    "rewriting",
    [
        lambda: JournalEntry.objects.update(detail="autre chose"),
        lambda: JournalEntry.objects.all().delete(),
        lambda: JournalEntry.objects.get().delete(),
        lambda: JournalEntry(pk=JournalEntry.objects.get().pk, at=JournalEntry.objects.get().at).save(),
    ],
    ids=["update", "delete", "delete one", "save over"],
)
def test_the_database_refuses_to_rewrite_a_line(entry, rewriting):
    with pytest.raises(DatabaseError, match="the journal is append-only"), transaction.atomic():
        rewriting()

    assert JournalEntry.objects.get().detail == "Printemps 2026"


def test_retention_alone_may_delete_and_only_where_it_says_so(entry):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lifecycle.retention = 'on'")
        with pytest.raises(DatabaseError), transaction.atomic():
            JournalEntry.objects.update(detail="autre chose")
        JournalEntry.objects.all().delete()

    assert JournalEntry.objects.count() == 0


def test_a_line_outlives_what_it_speaks_of(entry, cohort):
    target = journal.ref(cohort)
    cohort.delete()

    assert [line.action for line in JournalEntry.objects.about(target)] == ["cohort.copied"]


def test_the_newest_line_comes_first(cohort, now, django_assert_num_queries):
    for action in ("cohort.copied", "cohort.changed"):
        journal.record(action, cohort, actor=journal.CONSOLE, now=now)

    with django_assert_num_queries(1):
        assert [line.action for line in JournalEntry.objects.about(journal.ref(cohort))] == [
            "cohort.changed",
            "cohort.copied",
        ]

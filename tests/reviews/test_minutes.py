"""The minutes of an announcement: what they say, that they name nobody, that they never change."""

import json
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from applications import transitions as applications
from applications.models import Application
from cohorts.models import Cohort
from matching import falls
from reviews import adopting, minutes, releasing, selecting
from reviews import transitions as reviews
from reviews.models import Decision, Minutes
from reviews.scores import adjusted_scores, standings
from tests import factories

pytestmark = pytest.mark.django_db

ACCEPTED, WAITLISTED, REJECTED = Decision.Outcome.values


def announced(cohort, coordinator, now=None) -> Minutes:
    """Everything pending of the cohort is announced: its minutes."""
    release = releasing.propose(cohort, actor=coordinator, now=now)
    releasing.work(release, now=now)
    release.refresh_from_db()
    assert release.state == "DONE"
    return release.minutes


@pytest.fixture
def readers(closed_cohort):
    return [factories.make_reviewer(closed_cohort) for _ in range(2)]


@pytest.fixture
def listed(closed_cohort, coordinator, readers):
    """Five files read by two, of a cohort of two places, in an adopted list that one file was moved up in by hand."""
    Cohort.objects.filter(pk=closed_cohort.pk).update(places=2)
    closed_cohort.refresh_from_db()
    files = [factories.make_sent(closed_cohort, audience="STUDENT") for _ in range(5)]
    for file, score in zip(files, (5, 4, 3, 2, 1), strict=True):
        factories.make_reading(file, readers[0], score=score)
        factories.make_reading(file, readers[1], score=min(5, score + 1))
    selection = factories.make_list(closed_cohort, coordinator, places=2, waiting=1, basis="ADJUSTED")
    line = selection.lines.get(application=files[3])
    selecting.move_line(line, outcome=WAITLISTED, position=1, reason="Un film à soutenir.", actor=coordinator)
    adopting.adopt(selection, actor=coordinator)
    return files, selection


def test_the_minutes_say_how_everybody_was_read_chosen_and_decided(closed_cohort, coordinator, listed, readers):
    files, selection = listed
    adjusted = adjusted_scores(closed_cohort)
    points = {s.reference: s.points("ADJUSTED") for s in standings(closed_cohort)}

    content = announced(closed_cohort, coordinator).content

    assert content["cohort"]["name"] == closed_cohort.name
    assert content["reading"] == {
        "per_file": 2,
        "is_blind": True,
        "criteria": [{"name": c.name, "low": c.low, "high": c.high, "weight": 1} for c in closed_cohort.criteria.all()],
    }
    jury = content["jury"]
    assert (jury["opinions"], jury["is_connected"], jury["groups"]) == (10, True, 1)
    assert [reader["number"] for reader in jury["readers"]] == [1, 2]
    assert sorted((reader["read"], reader["mean"], reader["severity"]) for reader in jury["readers"]) == sorted(
        (5, mean, str(adjusted.readers[reader.pk].severity))
        for reader, mean in zip(readers, ("3.00", "3.80"), strict=True)
    )
    everybody = {"received": 5, ACCEPTED: 2, WAITLISTED: 2, REJECTED: 1}
    assert content["counts"] == {
        **everybody,
        "withdrawn": 0,
        "read": 5,
        "closed": 0,
        "by_audience": {"STUDENT": everybody},
    }
    [kept] = content["lists"]
    assert (kept["number"], kept["basis"], kept["places"], kept["bounds"], kept["files"]) == (1, "ADJUSTED", 2, [], 5)
    assert kept["points"] == points[files[0].reference] + points[files[1].reference]
    assert "Henderson" in kept["model"]
    assert f"{closed_cohort.slug}:référence" in kept["tie_rule"]
    assert content["moved"] == [
        {
            "reference": files[3].reference,
            "computed": REJECTED,
            "computed_rank": 4,
            "decided": WAITLISTED,
            "rank": 3,
            "reason": "Un film à soutenir.",
            "is_in_list": True,
        }
    ]
    expected = [(0, ACCEPTED, 1, None), (1, ACCEPTED, 2, None), (3, WAITLISTED, 3, 1), (2, WAITLISTED, 4, 2)]
    assert content["decisions"] == [
        {
            "reference": files[which].reference,
            "outcome": outcome,
            "rank": rank,
            "waiting_rank": waiting,
            "points": points[files[which].reference],
        }
        for which, outcome, rank, waiting in [*expected, (4, REJECTED, 5, None)]
    ]
    assert (content["outside"], selection.number) == ([], 1)


def test_they_name_nobody(closed_cohort, coordinator, listed, readers):
    files, _selection = listed
    text = json.dumps(announced(closed_cohort, coordinator).content, ensure_ascii=False)

    people = [*(file.candidate for file in files), coordinator, *readers]
    told = [
        value
        for person in people
        for value in (person.email, person.last_name, person.get_full_name(), person.phone)
        if value and value in text
    ]
    assert told == []
    assert {reader["number"] for reader in json.loads(text)["jury"]["readers"]} == {1, 2}
    assert len([file for file in files if file.reference in text]) == 5


def test_who_proposed_and_who_confirmed_are_accounts(closed_cohort, coordinator, signed_in):
    Cohort.objects.filter(pk=closed_cohort.pk).update(needs_two_people=True)
    closed_cohort.refresh_from_db()
    other = factories.make_coordinator()
    reviews.mark(factories.make_sent(closed_cohort), ACCEPTED, actor=coordinator)
    release = releasing.propose(closed_cohort, actor=coordinator)
    releasing.confirm(release, actor=other)
    releasing.work(release)
    kept = Minutes.objects.get(release=release)

    said = kept.content["announcement"]

    assert (said["number"], said["proposed_by"], said["confirmed_by"]) == (1, coordinator.pk, other.pk)
    assert minutes.accounts(kept) == {
        "proposed_by": coordinator.get_full_name(),
        "confirmed_by": other.get_full_name(),
    }
    page = signed_in(coordinator).get(reverse("admin:reviews_minutes_read", args=[kept.pk])).content.decode()
    assert f"compte n°&nbsp;{other.pk} ({other.get_full_name()})" in page


def test_a_second_announcement_has_minutes_of_its_own(closed_cohort, coordinator):
    first, second = factories.make_sent(closed_cohort), factories.make_sent(closed_cohort)
    reviews.mark(first, REJECTED, actor=coordinator)
    before = announced(closed_cohort, coordinator).content
    reviews.mark(second, REJECTED, actor=coordinator)
    after = announced(closed_cohort, coordinator).content

    assert [said["announcement"]["number"] for said in (before, after)] == [1, 2]
    assert [said["outside"] for said in (before, after)] == [[first.reference], [second.reference]]
    assert [[d["reference"] for d in said["decisions"]] for said in (before, after)] == [
        [first.reference],
        [second.reference],
    ]


def test_a_file_withdrawn_before_the_announcement_is_closed_and_counted_apart(closed_cohort, coordinator):
    stays, leaves = factories.make_sent(closed_cohort), factories.make_sent(closed_cohort)
    for file in (stays, leaves):
        reviews.mark(file, ACCEPTED, actor=coordinator)
    release = releasing.propose(closed_cohort, actor=coordinator)
    falls.withdraw_application(leaves, actor=leaves.candidate)
    releasing.work(release)

    content = Minutes.objects.get(release=release).content

    assert (content["counts"][ACCEPTED], content["counts"]["closed"], content["counts"]["withdrawn"]) == (1, 1, 1)
    outcomes = {entry["reference"]: entry["outcome"] for entry in content["decisions"]}
    assert outcomes == {stays.reference: ACCEPTED, leaves.reference: "CLOSED"}


def test_a_decision_changed_after_the_list_is_told(closed_cohort, coordinator, listed):
    files, _selection = listed
    reviews.mark(files[0], REJECTED, actor=coordinator)

    content = announced(closed_cohort, coordinator).content

    changed = {one["reference"]: (one["computed"], one["decided"], one["is_in_list"]) for one in content["moved"]}
    assert changed == {
        files[0].reference: (ACCEPTED, REJECTED, False),
        files[3].reference: (REJECTED, WAITLISTED, True),
    }


def test_a_decision_of_the_list_that_was_taken_back_is_told(closed_cohort, coordinator, listed, signed_in):
    files, _selection = listed
    for file in files[:2]:
        reviews.unmark(file, actor=coordinator)
    reviews.mark(files[1], REJECTED, actor=coordinator)

    kept = announced(closed_cohort, coordinator)

    changed = {one["reference"]: (one["computed"], one["decided"], one["is_in_list"]) for one in kept.content["moved"]}
    assert changed == {
        files[0].reference: (ACCEPTED, "", False),
        files[1].reference: (ACCEPTED, REJECTED, False),
        files[3].reference: (REJECTED, WAITLISTED, True),
    }
    page = signed_in(coordinator).get(reverse("admin:reviews_minutes_read", args=[kept.pk])).content.decode()
    assert "décision effacée, rien n’est annoncé, acceptée → sans décision" in " ".join(page.split())


@pytest.mark.parametrize(("women", "men", "told"), [(10, 10, 10), (9, 11, None), (11, 9, None)])
def test_gender_is_counted_where_it_was_a_bound_and_for_ten_at_least(closed_cohort, coordinator, women, men, told):
    reader = factories.make_reviewer(closed_cohort)
    for gender, count in (("WOMAN", women), ("MAN", men)):
        for _person in range(count):
            factories.make_reading(factories.make_sent(closed_cohort, gender=gender), reader)
    Cohort.objects.filter(pk=closed_cohort.pk).update(places=20)
    closed_cohort.refresh_from_db()
    selection = factories.make_list(
        closed_cohort, coordinator, places=20, parity_percent=40, parity_reason="Un métier d’hommes."
    )
    adopting.adopt(selection, actor=coordinator)

    content = announced(closed_cohort, coordinator).content

    assert content["counts"]["parity"] == {"threshold": 10, "received": told, "accepted": told}
    assert content["lists"][0]["parity_reason"] == "Un métier d’hommes."
    assert len(content["lists"][0]["prices"]) == 1


def test_gender_is_not_counted_without_a_bound(closed_cohort, coordinator, listed):
    assert "parity" not in announced(closed_cohort, coordinator).content["counts"]


def test_without_any_opinion_there_are_minutes_all_the_same(closed_cohort, coordinator):
    reviews.mark(factories.make_sent(closed_cohort), ACCEPTED, actor=coordinator)
    jury = announced(closed_cohort, coordinator).content["jury"]
    assert jury == {"opinions": 0, "level": "", "is_connected": True, "groups": 0, "readers": []}


def test_the_database_refuses_any_change(closed_cohort, coordinator, listed):
    kept = announced(closed_cohort, coordinator)
    for change in (lambda: Minutes.objects.update(checksum="0" * 64), lambda: Minutes.objects.all().delete()):
        with pytest.raises(DatabaseError, match="minutes never change"), transaction.atomic():
            change()
    assert minutes.holds(Minutes.objects.get(pk=kept.pk))


def tamper(kept):
    """As somebody could who holds the database itself."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE reviews_minutes DISABLE TRIGGER reviews_minutes_are_frozen")
        content = {**kept.content, "outside": ["P27-FAUX"]}
        cursor.execute("UPDATE reviews_minutes SET content = %s WHERE id = %s", [json.dumps(content), kept.pk])
        cursor.execute("ALTER TABLE reviews_minutes ENABLE TRIGGER reviews_minutes_are_frozen")


def test_the_page_verifies_the_checksum_and_warns_loudly(closed_cohort, coordinator, listed, signed_in):
    claire, kept = signed_in(coordinator), announced(closed_cohort, coordinator)
    url = reverse("admin:reviews_minutes_read", args=[kept.pk])

    def shown():
        page = claire.get(url).content.decode()
        return "empreinte vérifiée" in page, "L’empreinte ne correspond plus" in page

    assert shown() == (True, False)
    with transaction.atomic():
        tamper(kept)
        assert shown() == (False, True)
        transaction.set_rollback(True)


def test_the_page_shows_it_all_and_the_announcement_leads_to_it(closed_cohort, coordinator, listed, signed_in):
    files, _selection = listed
    claire, kept = signed_in(coordinator), announced(closed_cohort, coordinator)
    url = reverse("admin:reviews_minutes_read", args=[kept.pk])
    assert f'href="{url}"' in claire.get(reverse("admin:reviews_release_page", args=[kept.release_id])).content.decode()

    page = claire.get(url).content.decode()

    assert [file.reference for file in files if file.reference not in page] == []
    assert [words in page for words in ("Un film à soutenir.", kept.checksum, "Henderson")] == [True] * 3
    for file in files:
        assert file.candidate.last_name not in page.replace(coordinator.last_name, "")


def test_it_asks_as_many_queries_for_few_and_for_many(closed_cohort, coordinator, readers, django_assert_num_queries):
    counted = []
    for size in (1, 3):
        cohort = factories.make_cohort("closed", year=2040 + size)
        reader = factories.make_reviewer(cohort)
        for _file in range(size):
            factories.make_reading(factories.make_sent(cohort), reader)
        adopting.adopt(factories.make_list(cohort, coordinator, places=size), actor=coordinator)
        kept = announced(cohort, coordinator)
        with django_assert_num_queries(99, exact=False) as queries:
            minutes.contents(kept.release, now=timezone.now())
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 12


def test_nobody_else_reads_them(closed_cohort, coordinator, listed, signed_in, stranger, reviewer):
    url = reverse("admin:reviews_minutes_read", args=[announced(closed_cohort, coordinator).pk])
    assert signed_in(coordinator).get(url).status_code == 200
    assert [signed_in(person).get(url).status_code for person in (stranger, reviewer)] == [302, 403]


def test_a_term_set_later_changes_nothing_in_them(closed_cohort, coordinator, listed):
    kept = announced(closed_cohort, coordinator)
    file = Application.objects.filter(cohort=closed_cohort, state="ACCEPTED").first()
    applications.lapse(file, now=file.confirm_by + timedelta(minutes=1))
    assert minutes.holds(Minutes.objects.get(pk=kept.pk))

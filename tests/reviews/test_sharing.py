"""Who reads what: sharing out, handing on, one reading more, standing aside."""

from collections import Counter
from datetime import timedelta

import pytest

from accounts.models import Grant
from lifecycle import journal
from lifecycle.models import JournalEntry
from lifecycle.refusals import Refusal
from notifications.models import Letter
from reviews import readings, sharing
from reviews.models import Assignment, ReaderProfile, Recusal, Review
from tests import factories

pytestmark = pytest.mark.django_db

Reason = Recusal.Reason


def fresh(thing):
    return type(thing)._default_manager.get(pk=thing.pk)


@pytest.fixture
def jury(cohort):
    return [factories.make_reviewer(cohort) for _person in range(3)]


@pytest.fixture
def files(cohort):
    return [factories.make_sent(cohort) for _file in range(6)]


def readers_of(application):
    return set(application.assignments.values_list("reviewer", flat=True))


def loads(cohort):
    rows = Assignment.objects.filter(application__cohort=cohort).values_list("reviewer", flat=True)
    return Counter(rows)


def begin(application, reader, now=None):
    readings.save_draft(application, fresh(reader), scores={}, comment="Je commence.", now=now)


def journaled(target, action):
    return JournalEntry.objects.about(journal.ref(target)).filter(action=action).count()


def says(reader, trades=(), **fields):
    profile, _is_new = ReaderProfile.objects.update_or_create(person=reader, defaults=fields)
    profile.trades.set(trades)


# --- Sharing out --------------------------------------------------------------------------------


def test_a_reader_who_comes_takes_her_share_of_what_nobody_began(cohort, jury, files, coordinator):
    sharing.distribute(cohort, actor=coordinator)
    begun = Assignment.objects.filter(reviewer=jury[0])[:3]
    for row in begun:
        begin(row.application, jury[0])
    late = factories.make_reviewer(cohort)
    assert sharing.distribute(cohort, actor=coordinator) == 3
    assert sorted(loads(cohort).values()) == [3, 3, 3, 3]
    assert loads(cohort)[late.pk] == 3
    assert {row.pk for row in begun} <= set(Assignment.objects.filter(reviewer=jury[0]).values_list("pk", flat=True))


def test_readers_get_the_trades_they_know(cohort, files, jury, coordinator):
    directing, editing, sound = factories.make_trades(3)
    wants = [directing, editing, sound, directing, editing, sound]
    for file, trade in zip(files, wants, strict=True):
        file.wishes.all().delete()
        file.wishes.create(trade=trade, rank=1)
    for reader, trade in zip(jury, (directing, editing, sound), strict=True):
        says(reader, trades=[trade])
    cohort.reviews_per_file = 1
    cohort.save()
    sharing.distribute(cohort, actor=coordinator)
    given = {file.pk: trade for file, trade in zip(files, wants, strict=True)}
    expert = {directing: jury[0].pk, editing: jury[1].pk, sound: jury[2].pk}
    assert {row.application_id: row.reviewer_id for row in Assignment.objects.all()} == {
        file: expert[trade] for file, trade in given.items()
    }


def test_fewer_readings_a_file_take_away_what_nobody_began(cohort, files, jury, coordinator):
    sharing.distribute(cohort, actor=coordinator)
    cohort.reviews_per_file = 1
    cohort.save()
    assert sharing.distribute(cohort, actor=coordinator) == 0
    assert sorted(loads(cohort).values()) == [2, 2, 2]


def test_whom_a_reader_might_know_goes_to_others(cohort, files, jury, coordinator):
    reader = jury[0]
    for file in files[:2]:
        file.structure = "Lycée Jean Moulin"
        file.save()
    says(reader, schools="lycée jean-moulin")
    sharing.distribute(cohort, actor=coordinator)
    assert [readers_of(file) for file in files[:2]] == [{jury[1].pk, jury[2].pk}] * 2
    assert sorted(loads(cohort).values()) == [4, 4, 4]
    assert not Recusal.objects.exists()


def test_what_was_entrusted_and_ties_are_found_later_closes(cohort, files, jury, coordinator):
    sharing.distribute(cohort, actor=coordinator)
    row = Assignment.objects.filter(reviewer=jury[0]).first()
    begin(row.application, jury[0])
    says(jury[0], addresses=row.application.candidate.email)
    sharing.distribute(cohort, actor=coordinator)
    assert jury[0].pk not in readers_of(row.application)
    recusal = Recusal.objects.get()
    assert (recusal.application_id, recusal.reviewer, recusal.reason) == (row.application_id, jury[0], Reason.ADDRESS)
    assert journaled(row.application, "application.recused") == 1


def test_an_opinion_that_is_given_stays_whatever_is_known_later(cohort, files, jury, coordinator):
    factories.make_reading(files[0], jury[0])
    says(jury[0], addresses=files[0].candidate.email)
    sharing.distribute(cohort, actor=coordinator)
    assert Review.objects.get().reviewer == jury[0]
    assert len(readers_of(files[0])) == 2
    assert not Recusal.objects.exists()


def test_a_sharing_out_takes_as_many_queries_for_more_files(cohort, jury, coordinator, django_assert_max_num_queries):
    for _file in range(2):
        factories.make_sent(cohort)
    with django_assert_max_num_queries(40) as few:
        sharing.distribute(cohort, actor=coordinator)
    for _file in range(9):
        factories.make_sent(cohort)
    with django_assert_max_num_queries(len(few)):
        sharing.distribute(cohort, actor=coordinator)


# --- Letters -------------------------------------------------------------------------------------


def subjects(reader):
    return list(Letter.objects.filter(to=reader.email).order_by("pk").values_list("subject", flat=True))


def test_each_reader_is_told_once_a_day_how_many_files_wait(cohort, files, jury, coordinator, now):
    sharing.distribute(cohort, actor=coordinator, now=now)
    assert [subjects(reader) for reader in jury] == [[f"4 dossiers vous attendent\u00a0: {cohort.name}"]] * 3
    factories.make_sent(cohort)
    sharing.distribute(cohort, actor=coordinator, now=now)
    assert [len(subjects(reader)) for reader in jury] == [1, 1, 1]
    for _file in range(3):
        factories.make_sent(cohort)
    sharing.distribute(cohort, actor=coordinator, now=now + timedelta(days=1))
    assert [len(subjects(reader)) for reader in jury] == [2, 2, 2]


def test_who_gets_nothing_is_not_written_to(cohort, files, jury, coordinator, now):
    sharing.distribute(cohort, actor=coordinator, now=now)
    sharing.distribute(cohort, actor=coordinator, now=now + timedelta(days=1))
    assert [len(subjects(reader)) for reader in jury] == [1, 1, 1]


# --- Handing on ----------------------------------------------------------------------------------


def test_what_a_reader_has_not_read_goes_to_the_others_at_once(cohort, files, jury, coordinator):
    slow = jury[0]
    other = factories.make_reviewer(cohort)
    sharing.distribute(cohort, actor=coordinator)
    hers = list(Assignment.objects.filter(reviewer=slow).order_by("pk"))
    factories.make_reading(hers[0].application, slow)
    begin(hers[1].application, slow)
    before = {file.pk: readers_of(file) - {slow.pk} for file in files}
    assert sharing.hand_on(cohort, slow, actor=coordinator) == 2
    assert list(Assignment.objects.filter(reviewer=slow)) == [hers[0]]
    assert {len(readers_of(file)) for file in files} == {2}
    assert all(before[file.pk] <= readers_of(file) for file in files)
    assert sorted(loads(cohort)[reader.pk] for reader in (*jury[1:], other)) == [3, 4, 4]
    line = JournalEntry.objects.about(journal.ref(cohort)).get(action="cohort.readings_handed_on")
    assert line.detail == f"accounts.user:{slow.pk}, 2"


def test_a_reading_asked_on_top_is_handed_on_as_such(cohort, files, jury, coordinator):
    for reader in jury[:2]:
        factories.make_reading(files[0], reader)
    sharing.ask_third_reading([files[0]], actor=coordinator)
    other = factories.make_reviewer(cohort)
    sharing.hand_on(cohort, jury[2], actor=coordinator)
    assert list(files[0].assignments.filter(is_third=True).values_list("reviewer", flat=True)) == [other.pk]


def test_there_may_be_nothing_to_hand_on(cohort, files, jury, coordinator):
    with pytest.raises(Refusal) as refusal:
        sharing.hand_on(cohort, jury[0], actor=coordinator)
    assert refusal.value.sentence == "Il n’y a rien à reconfier\u00a0: tout ce qui lui était confié est lu."


def test_nobody_else_may_take_what_a_reader_has(cohort, coordinator):
    first, _second = (factories.make_reviewer(cohort) for _person in range(2))
    file = factories.make_sent(cohort)
    sharing.distribute(cohort, actor=coordinator)
    with pytest.raises(Refusal) as refusal:
        sharing.hand_on(cohort, first, actor=coordinator)
    assert refusal.value.sentence.startswith("Personne d’autre ne peut lire ces dossiers")
    assert first.pk in readers_of(file)


# --- One reading more -----------------------------------------------------------------------------


def test_a_third_reader_comes_on_top_and_never_moves(cohort, files, jury, coordinator):
    for reader in jury[:2]:
        factories.make_reading(files[0], reader)
    assert sharing.ask_third_reading([files[0]], actor=coordinator) == 1
    third = files[0].assignments.get(is_third=True)
    assert third.reviewer == jury[2]
    assert journaled(files[0], "application.third_reading_asked") == 1
    sharing.distribute(cohort, actor=coordinator)
    assert files[0].assignments.get(is_third=True) == third
    assert readers_of(files[0]) == {reader.pk for reader in jury}


def test_a_third_reading_is_asked_once(cohort, files, jury, coordinator):
    for reader in jury[:2]:
        factories.make_reading(files[0], reader)
    sharing.ask_third_reading([files[0]], actor=coordinator)
    factories.make_reviewer(cohort)
    with pytest.raises(Refusal):
        sharing.ask_third_reading([files[0]], actor=coordinator)
    assert files[0].assignments.count() == 3


def test_third_readings_are_even_too(cohort, files, coordinator):
    readers = [factories.make_reviewer(cohort) for _person in range(2)]
    for file in files:
        factories.make_reading(file, readers[0])
        factories.make_reading(file, readers[1])
    late = [factories.make_reviewer(cohort) for _person in range(3)]
    assert sharing.ask_third_reading(files, actor=coordinator) == 6
    assert [loads(cohort)[reader.pk] for reader in late] == [2, 2, 2]


@pytest.mark.parametrize("count", [0, 1])
def test_a_third_reading_that_cannot_be_is_told(cohort, jury, coordinator, count):
    decided = [factories.make_rejected(cohort)][:count]
    with pytest.raises(Refusal):
        sharing.ask_third_reading(decided, actor=coordinator)


# --- Standing aside -------------------------------------------------------------------------------


def test_who_stands_aside_is_replaced_at_once(cohort, files, jury, coordinator):
    sharing.distribute(cohort, actor=coordinator)
    row = Assignment.objects.filter(reviewer=jury[0]).first()
    missing = {reader.pk for reader in jury} - readers_of(row.application)
    sharing.recuse(row.application, jury[0], actor=jury[0])
    assert readers_of(row.application) == {reader.pk for reader in jury} - {jury[0].pk}
    assert missing <= readers_of(row.application)
    assert Recusal.objects.get().reason == Reason.DECLARED
    sharing.recuse(row.application, jury[0], actor=jury[0])
    assert journaled(row.application, "application.recused") == 1


def test_who_stands_aside_with_nobody_left_leaves_the_file_short(cohort, coordinator):
    first, second = (factories.make_reviewer(cohort) for _person in range(2))
    file = factories.make_sent(cohort)
    sharing.distribute(cohort, actor=coordinator)
    sharing.recuse(file, first, actor=first)
    assert readers_of(file) == {second.pk}
    sharing.distribute(cohort, actor=coordinator)
    assert readers_of(file) == {second.pk}


def test_an_opinion_goes_with_who_stands_aside(cohort, files, jury):
    factories.make_reading(files[0], jury[0])
    sharing.recuse(files[0], jury[0], actor=jury[0])
    assert not Review.objects.exists()
    with pytest.raises(Refusal) as refusal:
        factories.make_reading(files[0], jury[0])
    assert "confié" in refusal.value.sentence


def test_whoever_replaces_is_written_to_only_if_she_had_nothing_left(cohort, jury, now):
    files = [factories.make_sent(cohort) for _file in range(2)]
    idle, busy = jury[1:]
    factories.assign(files[0], jury[0])
    factories.assign(files[0], busy)
    sharing.recuse(files[0], jury[0], actor=jury[0], now=now)
    assert readers_of(files[0]) == {idle.pk, busy.pk}
    assert (len(subjects(idle)), len(subjects(busy))) == (1, 0)
    factories.assign(files[1], jury[0])
    sharing.recuse(files[1], jury[0], actor=jury[0], now=now + timedelta(days=1))
    assert len(subjects(idle)) + len(subjects(busy)) == 1


def test_the_clock_closes_what_changed_since(cohort, files, jury, coordinator):
    sharing.distribute(cohort, actor=coordinator)
    row = Assignment.objects.filter(reviewer=jury[0]).first()
    assert sharing.close_tied(cohort) == 0
    type(row.application).objects.filter(pk=row.application_id).update(referent_email=jury[0].email)
    assert sharing.close_tied(cohort) == 1
    assert readers_of(row.application) == {jury[1].pk, jury[2].pk}
    assert sharing.close_tied(cohort) == 0


def test_what_a_reader_says_of_herself_closes_her_own_files_alone(cohort, files, jury, coordinator):
    sharing.distribute(cohort, actor=coordinator)
    shared = next(file for file in files if readers_of(file) == {jury[0].pk, jury[1].pk})
    for reader in jury[:2]:
        says(reader, addresses=shared.candidate.email)
    assert sharing.stand_aside(jury[0], [cohort], actor=jury[0]) == 1
    assert readers_of(shared) == {jury[1].pk, jury[2].pk}


def test_an_opinion_is_refused_once_a_tie_is_known(cohort, files, jury):
    factories.assign(files[0], jury[0])
    says(jury[0], addresses=files[0].candidate.email)
    with pytest.raises(Refusal) as refusal:
        readings.review(files[0], fresh(jury[0]), scores=factories.alike(cohort, 3), comment="")
    assert refusal.value.sentence.startswith("Ce dossier se ferme pour vous")
    assert not Review.objects.exists()
    assert journaled(files[0], "application.reviewed") == 0


def test_who_left_the_jury_keeps_what_she_gave_and_frees_the_rest(cohort, files, jury, coordinator):
    sharing.distribute(cohort, actor=coordinator)
    hers = list(Assignment.objects.filter(reviewer=jury[0]).order_by("pk"))
    factories.make_reading(hers[0].application, jury[0])
    begin(hers[1].application, jury[0])
    Grant.objects.filter(user=jury[0]).delete()
    sharing.distribute(cohort, actor=coordinator)
    assert list(Assignment.objects.filter(reviewer=jury[0])) == [hers[0]]
    assert {len(readers_of(file)) for file in files} == {2}

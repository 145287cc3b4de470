"""The jury's verbs: sharing out the files, giving an opinion."""

from collections import Counter

import pytest

from accounts.models import Grant
from applications.models import Application
from lifecycle import journal
from lifecycle.models import JournalEntry
from lifecycle.refusals import Refusal
from reviews import queries, readings, releasing, sharing, transitions
from reviews.models import Assignment, Review
from tests import factories

pytestmark = pytest.mark.django_db


def fresh(person):
    """As the next request would see her: roles are read once a request."""
    return type(person).objects.get(pk=person.pk)


def leave_jury(person):
    Grant.objects.filter(user=person).delete()
    return fresh(person)


@pytest.fixture
def jury(cohort):
    return [factories.make_reviewer(cohort) for _person in range(3)]


def readers_of(application):
    return set(application.assignments.values_list("reviewer", flat=True))


# --- Sharing out --------------------------------------------------------------------------------


def test_every_file_gets_two_readers_and_every_reader_her_share(cohort, jury, coordinator):
    files = [factories.make_sent(cohort) for _file in range(7)]
    assert sharing.distribute(cohort, actor=coordinator) == 14
    assert {len(readers_of(file)) for file in files} == {2}
    load = Counter(Assignment.objects.values_list("reviewer", flat=True))
    assert sorted(load.values()) == [4, 5, 5]


def test_what_is_shared_out_stays_and_new_files_follow(cohort, jury, coordinator):
    file = factories.make_sent(cohort)
    sharing.distribute(cohort, actor=coordinator)
    before = readers_of(file)
    late = factories.make_sent(cohort)
    assert sharing.distribute(cohort, actor=coordinator) == 2
    assert readers_of(file) == before
    assert len(readers_of(late)) == 2
    assert sharing.distribute(cohort, actor=coordinator) == 0


def test_nobody_reads_her_own_file(cohort, coordinator):
    applicant, other = (factories.make_reviewer(cohort) for _person in range(2))
    own = factories.make_sent(cohort, applicant)
    hers = factories.make_sent(cohort)
    sharing.distribute(cohort, actor=coordinator)
    assert readers_of(own) == {other.pk}
    assert readers_of(hers) == {applicant.pk, other.pk}


def test_drafts_and_decided_files_are_not_shared_out(cohort, jury, coordinator):
    factories.make_draft(cohort)
    factories.make_rejected(cohort)
    assert sharing.distribute(cohort, actor=coordinator) == 0


def test_who_left_without_a_word_is_replaced_and_who_gave_hers_is_not(cohort, jury, coordinator):
    silent, wrote, stays = jury
    file = factories.make_sent(cohort)
    factories.assign(file, silent)
    factories.make_reading(file, wrote)
    for person in (silent, wrote):
        leave_jury(person)
    sharing.distribute(cohort, actor=coordinator)
    assert readers_of(file) == {wrote.pk, stays.pk}


def test_without_a_jury_there_is_a_sentence(cohort, coordinator):
    factories.make_sent(cohort)
    with pytest.raises(Refusal) as refusal:
        sharing.distribute(cohort, actor=coordinator)
    assert refusal.value.sentence == "Cette promotion n’a pas encore de jury : invitez d’abord ses membres."


# --- Giving an opinion --------------------------------------------------------------------------


def opinions(application):
    return list(application.reviews.values_list("reviewer", "score", "comment"))


def lines(application):
    return JournalEntry.objects.about(journal.ref(application)).filter(action="application.reviewed").count()


def test_a_reader_gives_and_changes_her_opinion(cohort, reviewer):
    file = factories.make_sent(cohort)
    factories.assign(file, reviewer)
    readings.review(file, reviewer, scores=factories.alike(file.cohort, 3), comment="À revoir.")
    readings.review(file, reviewer, scores=factories.alike(file.cohort, 4), comment="Relu : convaincant.")
    assert opinions(file) == [(reviewer.pk, 4, "Relu : convaincant.")]
    assert lines(file) == 2


def test_the_same_opinion_twice_is_one_fact(cohort, reviewer):
    file = factories.make_sent(cohort)
    factories.assign(file, reviewer)
    for _click in range(2):
        readings.review(file, reviewer, scores=factories.alike(file.cohort, 3), comment="À revoir.")
    assert opinions(file) == [(reviewer.pk, 3, "À revoir.")]
    assert lines(file) == 1


def test_a_file_that_is_not_hers_takes_no_opinion(cohort, reviewer):
    file = factories.make_sent(cohort)
    with pytest.raises(Refusal) as refusal:
        readings.review(file, reviewer, scores=factories.alike(file.cohort, 3), comment="")
    assert refusal.value.sentence == "Ce dossier ne vous est pas confié."
    assert opinions(file) == []


def test_who_left_the_jury_gives_no_opinion(cohort, reviewer):
    file = factories.make_sent(cohort)
    factories.assign(file, reviewer)
    with pytest.raises(Refusal) as refusal:
        readings.review(file, leave_jury(reviewer), scores=factories.alike(file.cohort, 3), comment="")
    assert refusal.value.sentence == "Vous ne faites plus partie du jury de cette promotion."


def test_a_decided_file_takes_no_opinion_even_before_it_is_announced(cohort, reviewer, coordinator):
    file = factories.make_sent(cohort)
    factories.make_reading(file, reviewer, score=2)
    transitions.mark(file, "ACCEPTED", actor=coordinator)
    readings.review(file, reviewer, scores=factories.alike(file.cohort, 3), comment="")  # pending: still open
    release = releasing.propose(cohort, actor=coordinator)
    releasing.apply(release.decisions.get(), now=release.requested_at)
    with pytest.raises(Refusal):
        readings.review(file, reviewer, scores=factories.alike(file.cohort, 5), comment="")
    assert Review.objects.get().score == 3


# --- Who reads what -----------------------------------------------------------------------------


def test_she_reads_her_files_of_her_cohort_and_no_other(cohort, reviewer):
    hers, others, withdrawn = (factories.make_sent(cohort) for _file in range(3))
    elsewhere = factories.make_sent(factories.make_cohort("closed"))
    for file in (hers, withdrawn, elsewhere):
        factories.assign(file, reviewer)
    Application.objects.filter(pk=withdrawn.pk).update(state="WITHDRAWN")
    assert list(queries.readable_by(reviewer)) == [hers]
    assert list(queries.readable_by(leave_jury(reviewer))) == []
    assert others not in queries.to_read(reviewer)


def test_the_next_file_goes_round_by_reference(cohort, reviewer):
    files = sorted((factories.make_sent(cohort) for _file in range(3)), key=lambda file: file.reference)
    for file in files:
        factories.assign(file, reviewer)
    first, second, third = files
    assert queries.next_to_read(reviewer, first) == second
    assert queries.next_to_read(reviewer, third) == first
    factories.make_reading(first, reviewer)
    factories.make_reading(second, reviewer)
    assert queries.next_to_read(reviewer, third) is None
    assert queries.reading_progress(reviewer) == {"total": 3, "read": 2, "left": 1}


def test_scores_of_others_show_after_ones_own(cohort, reviewer, coordinator):
    file = factories.make_sent(cohort)
    other = factories.make_reviewer(cohort)
    factories.make_reading(file, other)
    factories.assign(file, reviewer)
    assert queries.may_see_scores(coordinator, file)
    assert not queries.may_see_scores(reviewer, file)
    factories.make_reading(file, reviewer)
    assert queries.may_see_scores(reviewer, file)

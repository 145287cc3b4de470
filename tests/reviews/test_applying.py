"""The worker of an announcement: another day, what cannot be applied, who withdrew; and nothing is seen before."""

from datetime import timedelta

import pytest
from django.db import OperationalError

from applications import drafting
from applications import transitions as applications
from applications.models import Application
from cohorts.moments import moment
from lifecycle import journal
from matching import falls
from notifications.models import Letter
from reviews import applying, release_queries, releasing, transitions
from reviews.models import Decision
from tests import factories
from tests.reviews.announcements import decision_letters, fresh, give_up, lines, refused, started

pytestmark = pytest.mark.django_db

Outcome = Decision.Outcome


@pytest.fixture
def files(decided_files):
    """One that waited and is accepted now, one to accept, one for the waiting list, one to refuse with a reason."""
    return decided_files


# --- Another day ----------------------------------------------------------------------------------


def test_what_was_prepared_on_another_day_is_prepared_anew(closed_cohort, files, coordinator, now):
    """The term to confirm is counted from the announcement: nobody loses the days during which it was stopped."""
    release = started(closed_cohort, coordinator, now, applied=4)
    first = fresh(files[1]).confirm_by
    releasing.stop(release, actor=coordinator, now=now)
    later = now + timedelta(days=2)
    releasing.resume(release, actor=coordinator, now=later)
    releasing.announce(release, now=later)  # too early: these letters give the term of the day before yesterday
    assert fresh(release).state == "RUNNING"
    releasing.work(release, now=later)
    assert fresh(release).state == "DONE"
    assert fresh(files[1]).confirm_by - first == timedelta(days=2)
    assert [letter[0] for letter in decision_letters(files[1])] == ["accepted"]
    body = Letter.objects.about(journal.ref(files[1])).get(kind="applications.accepted").body
    assert moment(fresh(files[1]).confirm_by) in body
    releasing.work(release, now=later + timedelta(days=3))
    assert fresh(files[1]).confirm_by - first == timedelta(days=2)


# --- What cannot be applied -----------------------------------------------------------------------


@pytest.fixture
def broken(monkeypatch, files):
    """The letter of the third file cannot be written, until this is emptied."""
    victims, real = {files[2].pk}, applications.decide

    def decide(application, outcome, **options):
        real(application, outcome, **options)
        if application.pk in victims:
            raise ValueError("gabarit cassé")

    monkeypatch.setattr(applying.applications, "decide", decide)
    return victims


def test_what_cannot_be_applied_is_put_aside_and_the_announcement_waits(closed_cohort, files, coordinator, now, broken):
    release = releasing.propose(closed_cohort, actor=coordinator, now=now)
    for _sweep in range(2):
        releasing.work(release, now=now)
    aside = release_queries.standing_of(fresh(release))
    assert [(d.application, d.trouble) for d in aside.aside] == [(files[2], "ValueError : gabarit cassé")]
    assert (aside.applied, aside.left, fresh(release).state) == (3, 1, "RUNNING")
    assert [fresh(file).masked_state for file in files] == ["WAITLISTED", "SUBMITTED", "", "SUBMITTED"]

    broken.clear()
    releasing.retry(release, actor=coordinator)
    assert refused(releasing.retry, release, actor=coordinator) == "Aucune décision n’est mise de côté."
    releasing.work(release, now=now)
    assert (fresh(release).state, fresh(files[2]).shown_state) == ("DONE", "WAITLISTED")


def test_a_decision_put_aside_is_taken_out_and_the_others_leave(closed_cohort, files, coordinator, now, broken):
    release = releasing.propose(closed_cohort, actor=coordinator, now=now)
    releasing.work(release, now=now)
    decision = release.decisions.get(application=files[2])
    releasing.take_out(decision, actor=coordinator, now=now)
    assert refused(releasing.take_out, decision, actor=coordinator) == "Cette décision n’est plus mise de côté."
    releasing.work(release, now=now)
    assert (fresh(release).state, fresh(files[2]).state) == ("DONE", "SUBMITTED")
    assert [d.application for d in Decision.objects.pending()] == [files[2]]
    assert decision_letters(files[2]) == []
    assert lines(files[2])[-1] == "decision.taken_out"


def test_one_applied_yesterday_that_fails_today_can_be_taken_out(closed_cohort, files, coordinator, now, broken):
    victims = set(broken)
    broken.clear()
    release = started(closed_cohort, coordinator, now, applied=4)
    broken.update(victims)
    later = now + timedelta(days=1)
    releasing.work(release, now=later)
    assert fresh(files[2]).masked_state == "SUBMITTED"
    releasing.take_out(release.decisions.get(application=files[2]), actor=coordinator, now=later)
    assert (fresh(files[2]).state, fresh(files[2]).masked_state, decision_letters(files[2])) == ("SUBMITTED", "", [])
    releasing.work(release, now=later)
    assert fresh(release).state == "DONE"


def test_a_database_that_went_away_puts_nothing_aside(closed_cohort, files, coordinator, now, monkeypatch):
    release = releasing.propose(closed_cohort, actor=coordinator, now=now)

    def gone(*args, **kwargs):
        raise OperationalError("server closed the connection")

    with monkeypatch.context() as patched:
        patched.setattr(applying.applications, "decide", gone)
        with pytest.raises(OperationalError):
            releasing.work(release, now=now)
    assert release.decisions.exclude(trouble="").count() == 0
    releasing.work(release, now=now)
    assert fresh(release).state == "DONE"


# --- Closed without a letter ----------------------------------------------------------------------


def test_who_withdraws_before_or_after_her_turn_is_closed_without_a_letter(closed_cohort, files, coordinator, now):
    release = started(closed_cohort, coordinator, now, applied=2)
    for file in (files[1], files[3]):
        falls.withdraw_application(fresh(file), actor=file.candidate, now=now)
    releasing.work(release, now=now)
    standing = release_queries.standing_of(fresh(release))
    assert (standing.total, standing.closed) == (4, 2)
    assert standing.told == {"ACCEPTED": 1, "WAITLISTED": 1}
    assert {d.application for d in release_queries.closed_in(release)} == {files[1], files[3]}
    assert decision_letters(files[1]) == [("accepted", "CANCELLED", False)]
    assert decision_letters(files[3]) == []
    assert [fresh(file).state for file in (files[1], files[3])] == ["WITHDRAWN", "WITHDRAWN"]


def test_a_file_settled_in_another_way_meanwhile_keeps_what_it_has(closed_cohort, files, coordinator, now):
    """The first of the waiting list was to be refused, and a place came to her while the announcement was stopped."""
    waiting = files[0]
    transitions.mark(waiting, Outcome.REJECTED, actor=coordinator, now=now)
    release = started(closed_cohort, coordinator, now)
    term = now + timedelta(days=7)
    Application.objects.filter(pk=waiting.pk).update(state="ACCEPTED", confirm_by=term)
    releasing.work(release, now=now)
    assert (fresh(waiting).state, fresh(waiting).confirm_by) == ("ACCEPTED", term)
    assert [kind for kind, _status, _hold in decision_letters(waiting)] == ["waitlisted"]
    assert [d.application for d in release_queries.closed_in(release)] == [waiting]


# --- Nothing is seen before -----------------------------------------------------------------------


def test_no_page_of_a_candidate_changes_before_the_announcement(closed_cohort, files, coordinator, now, signed_in):
    pages = {file: signed_in(file.candidate) for file in files}

    def seen() -> dict:
        return {
            (file.pk, path): _content(browser.get(path))
            for file, browser in pages.items()
            for path in ("/mon-espace/", file.get_absolute_url(), "/mon-espace/courriels/")
        }

    before = seen()
    assert len(before) == 12
    release = started(closed_cohort, coordinator, now, applied=4)
    assert seen() == before
    releasing.stop(release, actor=coordinator, now=now)
    assert seen() == before
    give_up(release, coordinator, now)
    assert seen() == before
    releasing.work(releasing.propose(closed_cohort, actor=coordinator, now=now), now=now)
    after = seen()
    assert {file.pk for file in files if after[file.pk, "/mon-espace/"] != before[file.pk, "/mon-espace/"]} == {
        file.pk for file in files
    }


def test_who_sends_again_while_her_answer_is_hidden_is_not_refused(closed_cohort, coordinator, now):
    """A refusal would tell her that something was decided."""
    file = factories.make_sent(closed_cohort, now=now)
    until = now + timedelta(days=3)
    drafting.reopen(file, until=until, request="Un lien qui marche ?", actor=coordinator, now=now)
    transitions.mark(file, Outcome.ACCEPTED, actor=coordinator, now=now)
    release = started(closed_cohort, coordinator, now, applied=1)
    assert applications.submit(fresh(file), actor=file.candidate, now=now).number == 2
    assert (fresh(file).state, fresh(file).shown_state) == ("ACCEPTED", "SUBMITTED")
    releasing.work(release, now=now)
    assert fresh(file).shown_state == "ACCEPTED"


def _content(answer) -> str:
    assert answer.status_code == 200
    return answer.content.decode().partition("<main")[2].partition("</main>")[0]

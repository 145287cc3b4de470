"""Announcing: proposed, confirmed, stopped, taken up, given up; what a candidate sees before, which is nothing."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import OperationalError

from applications import drafting
from applications import transitions as applications
from applications.models import Application
from cohorts.models import Cohort
from cohorts.moments import moment
from lifecycle import journal
from lifecycle.models import JournalEntry
from lifecycle.refusals import Refusal
from matching import transitions as matching
from notifications import delivery
from notifications.models import Letter
from reviews import applying, release_queries, releasing, transitions
from reviews.models import Decision, Release
from tests import factories

pytestmark = pytest.mark.django_db

Outcome = Decision.Outcome


def fresh(thing):
    return type(thing)._default_manager.get(pk=thing.pk)


def refused(verb, *args, **kwargs) -> str:
    with pytest.raises(Refusal) as refusal:
        verb(*args, **kwargs)
    return refusal.value.sentence.replace("\u00a0", " ")


def decision_letters(file) -> list[tuple[str, str, bool]]:
    letters = Letter.objects.about(journal.ref(file)).filter(key__contains=":decision:").order_by("id")
    return [(letter.kind.partition(".")[2], letter.status, bool(letter.hold)) for letter in letters]


def requests_to_confirm() -> list[tuple[str, str]]:
    letters = Letter.objects.filter(kind="reviews.release_to_confirm").order_by("to")
    return list(letters.values_list("to", "status"))


def lines(thing) -> list[str]:
    return list(JournalEntry.objects.about(journal.ref(thing)).order_by("id").values_list("action", flat=True))


def row(file) -> dict:
    """All that an announcement may write over in a file."""
    names = ("state", "masked_state", "confirm_by", "waitlist_rank", "shared_reason", "announced_at")
    return Application.objects.values(*names).get(pk=file.pk)


@pytest.fixture
def moussa():
    """Who coordinates with Claire."""
    return factories.make_coordinator(factories.make_user("Moussa", "Keïta"))


@pytest.fixture
def files(closed_cohort, coordinator, now):
    """One to accept, one for the waiting list, one to refuse with a reason, one that waited and is accepted now."""
    waiting = factories.make_waitlisted(closed_cohort, now=now)
    yes, wait, no = (factories.make_sent(closed_cohort, now=now) for _file in range(3))
    transitions.mark(yes, Outcome.ACCEPTED, actor=coordinator, now=now)
    transitions.mark(wait, Outcome.WAITLISTED, actor=coordinator, now=now)
    transitions.mark(no, Outcome.REJECTED, shared_reason="À préciser.", actor=coordinator, now=now)
    transitions.mark(waiting, Outcome.ACCEPTED, actor=coordinator, now=now)
    return [waiting, yes, wait, no]


@pytest.fixture
def by_two(closed_cohort, files):
    """The cohort wants two people from now on."""
    Cohort.objects.filter(pk=closed_cohort.pk).update(needs_two_people=True)
    closed_cohort.refresh_from_db()
    return closed_cohort


def started(cohort, coordinator, now, *, applied: int = 0) -> Release:
    """An announcement that runs, with so many decisions applied."""
    release = releasing.propose(cohort, actor=coordinator, now=now)
    for decision in release.decisions.order_by("application_id")[:applied]:
        assert releasing.apply(decision, now=now) is True
    return release


# --- Two people -----------------------------------------------------------------------------------


def test_it_waits_for_a_second_person_and_writes_to_the_others(by_two, files, coordinator, moussa, now):
    factories.make_coordinator(factories.make_user("Rose", is_active=False))
    release = releasing.propose(by_two, actor=coordinator, now=now)
    assert (release.state, release.proposed_by) == ("PROPOSED", coordinator)
    assert requests_to_confirm() == [(moussa.email, "QUEUED")]
    releasing.work(release, now=now)
    assert {fresh(file).masked_state for file in files} == {""}

    assert refused(releasing.confirm, release, actor=coordinator, now=now) == (
        "Vous avez proposé cette annonce : une autre personne de la coordination la confirme."
    )
    releasing.confirm(release, actor=moussa, now=now)
    release = fresh(release)
    assert (release.state, release.confirmed_by, release.confirmed_at) == ("RUNNING", moussa, now)
    assert requests_to_confirm() == [(moussa.email, "CANCELLED")]
    releasing.work(release, now=now)
    assert fresh(release).state == "DONE"
    assert lines(release) == ["release.proposed", "release.running", "release.done"]


def test_one_is_enough_where_the_cohort_says_so(closed_cohort, files, coordinator, moussa, now):
    assert releasing.propose(closed_cohort, actor=coordinator, now=now).state == "RUNNING"
    assert requests_to_confirm() == []


def test_confirming_checks_the_places_and_what_was_read_again(by_two, files, coordinator, moussa, now):
    release = releasing.propose(by_two, actor=coordinator, now=now)
    seen = releasing.fingerprint(releasing.decisions_of(release))
    Cohort.objects.filter(pk=by_two.pk).update(places=1)
    assert refused(releasing.confirm, release, actor=moussa) == (
        "La promotion a 1 places : il y a 1 acceptation(s) de trop."
    )
    Cohort.objects.filter(pk=by_two.pk).update(places=20)
    matching.withdraw_application(fresh(files[3]), actor=files[3].candidate)
    assert refused(releasing.confirm, release, actor=moussa, seen=seen) == (
        "Quelque chose a changé pendant que vous lisiez cette page. Relisez, puis confirmez."
    )
    releasing.confirm(release, actor=moussa, seen=releasing.fingerprint(releasing.decisions_of(release)))
    assert fresh(release).state == "RUNNING"
    assert refused(releasing.confirm, release, actor=moussa) == (
        "Cette annonce est déjà lancée. Vous pouvez encore l’arrêter."
    )


def test_a_second_proposal_waits_its_turn(by_two, files, coordinator, moussa, now):
    releasing.propose(by_two, actor=coordinator, now=now)
    transitions.mark(factories.make_sent(by_two, now=now), Outcome.REJECTED, actor=moussa)
    assert refused(releasing.propose, by_two, actor=moussa) == (
        "Une annonce attend déjà d’être confirmée pour cette promotion."
    )


def test_a_change_of_any_kind_is_seen(closed_cohort, files, coordinator, reviewer):
    """Decisions, reasons and the order of the waiting list: what she read is what she proposes."""
    other = factories.make_sent(closed_cohort)
    transitions.mark(other, Outcome.WAITLISTED, actor=coordinator)
    reader = factories.make_reviewer(closed_cohort)
    order = [d.application for d in releasing.waiting_order(releasing.pending_of(closed_cohort))]
    changes = [
        partial(transitions.change_reason, files[3], "Autrement.", actor=coordinator),
        partial(transitions.mark, files[1], Outcome.REJECTED, actor=coordinator),
        partial(transitions.unmark, files[1], actor=coordinator),
        partial(factories.make_reading, order[-1], reader, score=5),
    ]
    prints = [releasing.fingerprint(releasing.pending_of(closed_cohort))]
    for change in changes:
        change()
        prints.append(releasing.fingerprint(releasing.pending_of(closed_cohort)))
    assert len(set(prints)) == 5


# --- What an announcement holds -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (
            "PROPOSED",
            "La décision de ce dossier fait partie de l’annonce proposée par {who}, qui attend d’être confirmée.",
        ),
        ("RUNNING", "La décision de ce dossier est en cours d’annonce."),
        ("STOPPED", "La décision de ce dossier fait partie d’une annonce arrêtée."),
    ],
)
@pytest.mark.parametrize("applied", [0, 4])
def test_a_decision_held_cannot_change(closed_cohort, files, coordinator, now, state, sentence, applied):
    """Nor one that is applied and hidden: a file put on the waiting list is not to be decided a second time."""
    if state == "PROPOSED":
        Cohort.objects.filter(pk=closed_cohort.pk).update(needs_two_people=True)
        closed_cohort.refresh_from_db()
    release = started(closed_cohort, coordinator, now, applied=applied if state != "PROPOSED" else 0)
    if state == "STOPPED":
        releasing.stop(release, actor=coordinator)
    expected = sentence.format(who=coordinator.get_full_name())
    for verb in (
        partial(transitions.mark, files[2], Outcome.ACCEPTED),
        partial(transitions.unmark, files[2]),
        partial(transitions.change_reason, files[3], "Autrement."),
    ):
        assert refused(verb, actor=coordinator).startswith(expected)
    free = factories.make_sent(closed_cohort, now=now)
    transitions.mark(free, Outcome.ACCEPTED, actor=coordinator)
    transitions.unmark(free, actor=coordinator)


# --- Stopped, taken up, given up ------------------------------------------------------------------


def test_stopped_half_way_and_taken_up_again_without_a_second_letter(closed_cohort, files, coordinator, now):
    release = started(closed_cohort, coordinator, now, applied=2)
    releasing.stop(release, actor=coordinator, now=now)
    releasing.work(release, now=now)
    assert [fresh(file).masked_state for file in files] == ["WAITLISTED", "SUBMITTED", "", ""]
    assert fresh(release).state == "STOPPED"
    assert refused(releasing.stop, release, actor=coordinator) == (
        "Cette annonce est arrêtée. Vous pouvez la reprendre, ou y renoncer."
    )

    releasing.resume(release, actor=coordinator, now=now)
    releasing.work(release, now=now)
    assert [fresh(file).shown_state for file in files] == ["ACCEPTED", "ACCEPTED", "WAITLISTED", "REJECTED"]
    assert [decision_letters(file)[-1:] for file in files] == [
        [("accepted", "QUEUED", False)],
        [("accepted", "QUEUED", False)],
        [("waitlisted", "QUEUED", False)],
        [("rejected", "QUEUED", False)],
    ]
    assert refused(releasing.stop, release, actor=coordinator) == (
        "Trop tard : les décisions viennent d’être annoncées."
    )


def test_stopped_when_all_is_applied_nothing_shows(closed_cohort, files, coordinator, now):
    release = started(closed_cohort, coordinator, now, applied=4)
    releasing.stop(release, actor=coordinator, now=now)
    releasing.work(release, now=now)
    assert [fresh(file).shown_state for file in files] == ["WAITLISTED", "SUBMITTED", "SUBMITTED", "SUBMITTED"]
    assert delivery.send_due() > 0
    assert {letter[1:] for file in files for letter in decision_letters(file)[-1:]} == {("QUEUED", True)}


def test_giving_up_puts_every_file_back_and_leaves_no_letter(closed_cohort, files, coordinator, now):
    before, letters = [row(file) for file in files], [decision_letters(file) for file in files]
    release = started(closed_cohort, coordinator, now, applied=3)
    assert refused(releasing.abandon, release, actor=coordinator) == (
        "Cette annonce est déjà lancée. Vous pouvez encore l’arrêter."
    )
    assert [row(file) for file in files] != before
    releasing.stop(release, actor=coordinator, now=now)
    releasing.abandon(release, actor=coordinator, now=now)

    assert fresh(release).state == "ABANDONED"
    assert [row(file) for file in files] == before
    assert [decision_letters(file) for file in files] == letters
    assert {d.application for d in Decision.objects.pending()} == set(files)
    assert Decision.objects.get(application=files[3], state="PENDING").shared_reason == "À préciser."
    assert lines(files[1])[-2:] == ["application.accepted", "application.put_back"]

    transitions.mark(files[1], Outcome.REJECTED, actor=coordinator, now=now)
    again = releasing.propose(closed_cohort, actor=coordinator, now=now)
    releasing.work(again, now=now)
    assert [fresh(file).shown_state for file in files] == ["ACCEPTED", "REJECTED", "WAITLISTED", "REJECTED"]
    assert [len(decision_letters(file)) - len(before) for file, before in zip(files, letters, strict=True)] == [1] * 4
    assert refused(releasing.abandon, release, actor=coordinator) == (
        "Quelqu’un vient de renoncer à cette annonce : ses décisions sont de nouveau libres."
    )
    assert refused(releasing.abandon, again, actor=coordinator) == (
        "Trop tard : les décisions viennent d’être annoncées."
    )


def test_giving_up_what_waits_frees_its_decisions(by_two, files, coordinator, moussa, now):
    release = releasing.propose(by_two, actor=coordinator, now=now)
    releasing.abandon(release, actor=moussa, now=now)
    assert Decision.objects.pending().count() == 4
    assert requests_to_confirm() == [(moussa.email, "CANCELLED")]
    transitions.mark(files[1], Outcome.REJECTED, actor=moussa)
    assert releasing.propose(by_two, actor=coordinator, now=now).decisions.count() == 4


def test_who_withdrew_stays_withdrawn_when_it_is_given_up(closed_cohort, files, coordinator, now):
    release = started(closed_cohort, coordinator, now, applied=4)
    matching.withdraw_application(fresh(files[1]), actor=files[1].candidate, now=now)
    releasing.stop(release, actor=coordinator, now=now)
    releasing.abandon(release, actor=coordinator, now=now)
    assert (fresh(files[1]).state, fresh(files[1]).masked_state) == ("WITHDRAWN", "")
    assert {d.application for d in Decision.objects.pending()} == {files[0], files[2], files[3]}


def test_taking_up_again_checks_the_places(closed_cohort, files, coordinator, now):
    release = started(closed_cohort, coordinator, now, applied=1)
    releasing.stop(release, actor=coordinator)
    Cohort.objects.filter(pk=closed_cohort.pk).update(places=1)
    assert refused(releasing.resume, release, actor=coordinator).startswith("La promotion a 1 places")
    Cohort.objects.filter(pk=closed_cohort.pk).update(places=2)
    releasing.resume(release, actor=coordinator)
    assert fresh(release).state == "RUNNING"


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
        matching.withdraw_application(fresh(file), actor=file.candidate, now=now)
    releasing.work(release, now=now)
    standing = release_queries.standing_of(fresh(release))
    assert (standing.total, standing.closed) == (4, 2)
    assert standing.told == {"ACCEPTED": 1, "WAITLISTED": 1}
    assert [d.application for d in release_queries.closed_in(release)] == [files[1], files[3]]
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
    releasing.abandon(release, actor=coordinator, now=now)
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

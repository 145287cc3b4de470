"""What the clock writes while an authorisation is awaited, and when the text asks those who signed once more."""

from datetime import date, timedelta

import pytest
import time_machine

from accounts.models import User
from applications import guardian_reminders, minors, tasks
from applications.models import Application
from consents import guardians
from consents.models import Guardian, GuardianAuthorisation
from matching import falls
from notifications import delivery
from notifications.models import Letter
from tests import factories
from tests.families import authorise
from tests.guardians import asked, publish_guardian_text, sign

pytestmark = pytest.mark.django_db

State = GuardianAuthorisation.State
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
KINDS = ["consents.guardian_reminder", "consents.authorisation_waiting", "consents.staff_overdue"]
FAMILY, STAFF = KINDS[:2], KINDS[2:]


@pytest.fixture
def sent(closed_cohort, minor, now):
    """Lina has sent her file: her mother is asked, now."""
    application = factories.make_sent(closed_cohort, minor, now=now)
    Guardian.objects.update(asked_at=now)
    return application


@pytest.fixture
def clock(now):
    """`clock(days)`: the task of reminders, so long after now. Returns how many it was about."""

    def run(days: float) -> int:
        with time_machine.travel(now + days * DAY, tick=False):
            return tasks.remind_guardians()

    return run


def written() -> list[str]:
    """The reminders that wait to leave, the oldest first."""
    return list(Letter.objects.filter(kind__in=KINDS, status="QUEUED").order_by("id").values_list("kind", flat=True))


def guardian_of(application) -> Guardian:
    return Guardian.objects.select_related("authorisation__person").get(authorisation__person=application.candidate)


# --- When ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (2.99, []),
        (3, FAMILY),
        (6.99, FAMILY),
        (7, FAMILY),
        (13.99, FAMILY),
        (14, STAFF),
        (40, STAFF),
    ],
)
def test_each_turn_has_its_day(sent, clock, days, expected):
    """A clock that stood still writes the latest turn that is due, and that one alone."""
    assert (clock(days), written()) == (1 if expected else 0, expected)


def test_three_turns_and_each_letter_once(sent, clock, minor, settings):
    runs = [clock(days) for days in (1, 3, 3.01, 4, 7, 7.5, 14, 14.5, 30)]
    assert runs == [0, 1, 0, 0, 1, 0, 1, 0, 0]
    assert written() == [*FAMILY, *FAMILY, *STAFF]
    to = dict(Letter.objects.filter(kind__in=KINDS).values_list("kind", "to"))
    assert to == dict(zip(KINDS, (guardian_of(sent).email, minor.email, settings.CONTACT_EMAIL), strict=True))


def test_a_reminder_has_a_link_that_works(sent, clock, client):
    clock(3)
    body = delivery.message(Letter.objects.get(kind=KINDS[0])).body
    [address] = [line for line in body.splitlines() if "/autorisation/" in line]
    assert client.get(address.removeprefix("https://mentorat.example")).status_code == 200


def test_both_representatives_are_reminded(closed_cohort, minor, now, clock):
    factories.make_sent(closed_cohort, minor, now=now, guardian2_name="Jo", guardian2_email="jo@example.org")
    Guardian.objects.update(asked_at=now)
    assert (clock(3), written()) == (2, FAMILY * 2)


def test_an_address_that_was_corrected_begins_anew(sent, clock, now):
    clock(3)
    guardians.correct_address(guardian_of(sent), "s.benali@example.org", actor=sent.candidate, now=now + 4 * DAY)
    assert [clock(days) for days in (6.9, 7, 11)] == [0, 1, 1]
    last = Letter.objects.filter(kind=KINDS[0], status="QUEUED").latest("id")
    assert last.to == "s.benali@example.org"


# --- What stops them ----------------------------------------------------------------------------


def sign_it(application):
    sign(guardian_of(application))


def refuse_it(application):
    who = guardian_of(application)
    falls.refuse_authorisation(who.authorisation, guardian=who, link_number=who.link_number, actor="guardian")


def on_paper(application):
    authorise(application)


def put(**changes):
    return lambda application: Application.objects.filter(pk=application.pk).update(**changes)


def follow_by_hand(application):
    application.candidate.is_followed_by_hand = True
    application.candidate.save()


STOPS = {
    "she signed": sign_it,
    "she refused": refuse_it,
    "signed on paper": on_paper,
    "the file was withdrawn": lambda a: falls.withdraw_application(a, actor=a.candidate),
    "the file was refused": put(state="REJECTED"),
    "the place lapsed": put(state="LAPSED"),
    "the path is over": put(state="COMPLETED", confirmed_at="2026-01-01T00:00Z"),
    "followed by hand": follow_by_hand,
    "another scope": lambda a: GuardianAuthorisation.objects.update(scope="cohorts.cohort:0"),
    "the scope of a longer number": lambda a: GuardianAuthorisation.objects.update(
        scope=f"cohorts.cohort:{a.cohort_id}0"
    ),
}


@pytest.mark.parametrize("stop", STOPS.values(), ids=STOPS)
def test_nobody_is_pressed_for_nothing(sent, clock, stop):
    stop(sent)
    assert ([clock(days) for days in (3, 7, 14)], written()) == ([0, 0, 0], [])


@pytest.mark.parametrize("state", ["SUBMITTED", "WAITLISTED", "ACCEPTED", "CONFIRMED", "MATCHED"])
def test_while_the_file_runs_she_is_reminded(sent, clock, now, state):
    put(state=state, confirm_by=now + 90 * DAY, confirmed_at=now)(sent)
    assert clock(3) == 1


def test_a_refusal_that_is_not_announced_changes_nothing(sent, clock):
    put(state="REJECTED", masked_state="SUBMITTED")(sent)
    assert (clock(3), written()) == (1, FAMILY)


def test_an_answer_in_between_stops_what_is_on_its_way(sent, clock):
    clock(3)
    sign_it(sent)
    assert (written(), clock(7)) == ([], 0)


def test_an_answer_given_while_the_clock_writes_is_seen(sent, now):
    """Chosen a moment before she signs, her reminder is not written."""
    [(chosen, days)] = guardian_reminders.to_remind(now + 3 * DAY)
    sign_it(sent)
    assert (guardian_reminders.remind(chosen, days, now=now + 3 * DAY), written()) == (False, [])


def test_a_refusal_noted_while_the_clock_writes_is_seen(sent, now):
    mother = guardian_of(sent)
    falls.refuse_authorisation(guardian_of(sent).authorisation, actor="console")
    assert (guardian_reminders.remind(mother, 3, now=now), written()) == (False, [])


def test_who_is_named_no_longer_while_the_clock_writes_is_passed_over(sent, now):
    mother = guardian_of(sent)
    Guardian.objects.all().delete()
    assert guardian_reminders.remind(mother, 3, now=now) is False


@pytest.mark.parametrize(
    ("born", "starts", "expected"),
    [
        (date(2010, 3, 1), date(2028, 2, 29), 1),
        (date(2010, 2, 28), date(2028, 2, 29), 0),
        (date(2012, 2, 29), date(2030, 2, 28), 1),
        (date(2012, 2, 29), date(2030, 3, 1), 0),
    ],
)
def test_once_the_first_day_moved_past_her_majority_nobody_is_pressed(sent, clock, born, starts, expected):
    """The same days as `minors.is_minor` counts."""
    User.objects.filter(pk=sent.candidate_id).update(birth_date=born)
    type(sent.cohort).objects.filter(pk=sent.cohort_id).update(starts_on=starts, ends_on=starts + 180 * DAY)
    file = Application.objects.select_related("cohort", "candidate").get(pk=sent.pk)
    assert (minors.is_minor(file), clock(3)) == (bool(expected), expected)


def test_two_clocks_write_one_reminder(sent, now):
    [(chosen, days)], [(again, _days)] = (list(guardian_reminders.to_remind(now + 3 * DAY)) for _clock in range(2))
    outcomes = [guardian_reminders.remind(who, days, now=now + 3 * DAY) for who in (chosen, again)]
    assert (outcomes, written()) == ([True, False], FAMILY)


def test_an_outing_of_the_cohort_is_reminded_too(sent, clock, now):
    sign_it(sent)
    asked(sent.candidate, f"cohorts.cohort:{sent.cohort_id}:cannes", title="le festival", now=now)
    assert (clock(3), written()) == (1, FAMILY)


def test_who_sends_her_file_again_is_not_asked_again(sent, clock, now):
    """The turns go on from the first day."""
    guardians.ask(guardian_of(sent).authorisation, [("Samira", guardian_of(sent).email)], actor="a", now=now + 2 * DAY)
    assert clock(3) == 1


# --- A newer text -------------------------------------------------------------------------------


def new_text_letters() -> list[str]:
    kind = "consents.guardian_new_text"
    return list(Letter.objects.filter(kind=kind, status="QUEUED").order_by("id").values_list("to", flat=True))


def test_whoever_signed_is_asked_once_where_the_text_asks_again(sent, clock):
    sign_it(sent)
    publish_guardian_text(asks_again=True)
    assert [clock(days) for days in (0.1, 0.2, 8)] == [1, 0, 0]
    assert new_text_letters() == [guardian_of(sent).email]
    publish_guardian_text(asks_again=True)
    assert (clock(9), len(new_text_letters())) == (1, 2)
    sign_it(sent)
    assert (clock(10), new_text_letters()) == (0, [])


def test_a_text_that_does_not_ask_again_is_not_written_about(sent, clock):
    sign_it(sent)
    publish_guardian_text(asks_again=False)
    assert clock(1) == 0


def test_a_version_that_asks_again_counts_through_later_ones(sent, clock):
    sign_it(sent)
    publish_guardian_text(asks_again=True)
    publish_guardian_text(asks_again=False)
    assert (clock(1), clock(2), len(new_text_letters())) == (1, 0, 1)


def test_who_has_not_signed_is_not_asked_to_sign_anew(sent, clock):
    publish_guardian_text(asks_again=True)
    assert (clock(1), new_text_letters()) == (0, [])


@pytest.mark.parametrize("stop", [STOPS["the file was withdrawn"], follow_by_hand], ids=["withdrawn", "by hand"])
def test_nobody_signs_anew_for_nothing(sent, clock, stop):
    sign_it(sent)
    publish_guardian_text(asks_again=True)
    stop(sent)
    assert clock(1) == 0


def test_after_a_withdrawal_nobody_signs_anew(closed_cohort, minor, clock):
    sent = factories.make_sent(closed_cohort, minor, guardian2_name="Jo", guardian2_email="jo@example.org")
    for guardian in Guardian.objects.all():
        sign(guardian)
    publish_guardian_text(asks_again=True)
    who = Guardian.objects.get(email="jo@example.org")
    falls.withdraw_authorisation(who.authorisation, guardian=who, link_number=who.link_number, actor="guardian")
    assert (clock(1), sent.state) == (0, "SUBMITTED")

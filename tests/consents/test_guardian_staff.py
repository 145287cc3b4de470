"""What staff record by hand: a signature on paper, a no said on the telephone, and asking again once it is settled."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consents import answers, emails, queries
from lifecycle.journal import CONSOLE
from lifecycle.refusals import IllegalTransition
from matching.falls import refuse_authorisation, withdraw_authorisation
from notifications.models import Letter
from tests.consents.test_guardian_answers import GIVEN, REFUSED, REQUESTED, TWO, WITHDRAWN, say_no, states, written
from tests.guardians import asked, guardian_text, sign

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
BY_HAND = {"guardian_name": "Jo Diallo", "relation": "père", "actor": CONSOLE}


@pytest.fixture
def one(minor, now):
    return asked(minor, now=now)


@pytest.fixture
def two(minor, now):
    return asked(minor, emails=TWO, now=now)


def link_letters() -> list[str]:
    """To whom a link leaves, the oldest first."""
    sent = Letter.objects.filter(kind=emails.REQUEST.name, status=Letter.Status.QUEUED)
    return list(sent.order_by("id").values_list("to", flat=True))


# --- On paper -----------------------------------------------------------------------------------


def test_a_signature_on_paper_gives_it(one, minor, now):
    emails.remind(one.guardians.get(), days=3, now=now)
    answers.record_given(one, **BY_HAND, signed_on=timezone.localdate(now), now=now)

    assert (states(one), one.guardian_name, one.text_version) == ([GIVEN, REQUESTED], "Jo Diallo", None)
    assert queries.is_given(minor.pk, one.scope)
    assert written() == [("authorisation_given", minor.email)]


def test_a_signature_by_link_takes_the_place_of_the_one_on_paper(one, now):
    answers.record_given(one, **BY_HAND, signed_on=timezone.localdate(now))
    sign(one.guardians.get(), now=now)
    assert (states(one), one.guardian_name, one.text_version) == ([GIVEN, GIVEN], "Samira Benali", guardian_text())


@pytest.mark.parametrize("by", [sign, say_no])
def test_nothing_is_recorded_over_an_answer(one, by, now):
    by(one.guardians.get())
    before = states(one)
    with pytest.raises(IllegalTransition):
        answers.record_given(one, **BY_HAND, signed_on=timezone.localdate(now))
    assert states(one) == before


# --- On the telephone ---------------------------------------------------------------------------


def test_a_coordinator_records_a_refusal(one, minor, settings):
    refuse_authorisation(one, actor=CONSOLE)
    assert states(one) == [REFUSED, REQUESTED]
    assert written() == [("authorisation_stopped", minor.email), ("staff_alert", settings.CONTACT_EMAIL)]
    with pytest.raises(IllegalTransition):
        refuse_authorisation(one, actor=CONSOLE)


def test_a_coordinator_records_a_withdrawal(one):
    sign(one.guardians.get())
    withdraw_authorisation(one, actor=CONSOLE)
    assert states(one) == [WITHDRAWN, GIVEN]
    with pytest.raises(IllegalTransition):
        withdraw_authorisation(one, actor=CONSOLE)


# --- Settled ------------------------------------------------------------------------------------


def test_who_refused_is_asked_again(one, now):
    guardian = one.guardians.get()
    say_no(guardian, now=now)
    answers.settle(one, actor=CONSOLE, now=now + DAY)

    guardian.refresh_from_db()
    assert (states(one), guardian.asked_at, guardian.link_number) == ([REQUESTED, REQUESTED], now + DAY, 3)
    assert link_letters() == ["samira@example.org"]
    sign(guardian)
    assert states(one) == [GIVEN, GIVEN]


def test_who_took_it_back_is_asked_again(one):
    guardian = one.guardians.get()
    sign(guardian)
    say_no(guardian, withdraw_authorisation)
    answers.settle(one, actor=CONSOLE)
    assert (states(one), one.guardian_name, one.signed_on, one.text_version) == ([REQUESTED] * 2, "", None, None)


def test_the_signature_of_the_other_stands_meanwhile(two):
    mother, father = two.guardians.all()
    sign(mother)
    say_no(father)
    answers.settle(two, actor=CONSOLE)
    assert (states(two), link_letters()) == ([REQUESTED, GIVEN, REQUESTED], ["jo@example.org"])


def test_who_has_not_answered_yet_gets_a_link_too(two):
    say_no(two.guardians.first())
    answers.settle(two, actor=CONSOLE)
    assert (states(two), sorted(link_letters())) == ([REQUESTED] * 3, sorted([*TWO, "jo@example.org"]))


@pytest.mark.parametrize("emails_asked", [TWO[:1], TWO])
def test_when_a_coordinator_recorded_the_no_everybody_is_asked_again(minor, emails_asked):
    """Else nobody could sign any more: those who had signed by link have nothing left to answer."""
    authorisation = asked(minor, emails=emails_asked)
    for guardian in authorisation.guardians.all():
        sign(guardian)
    withdraw_authorisation(authorisation, actor=CONSOLE)
    answers.settle(authorisation, actor=CONSOLE)

    assert (states(authorisation), link_letters()) == ([REQUESTED] * (len(emails_asked) + 1), emails_asked)
    for guardian in authorisation.guardians.all():
        sign(guardian)
    assert queries.is_given(minor.pk, authorisation.scope)


def test_nothing_leaves_by_itself_for_somebody_followed_by_hand(one, minor):
    say_no(one.guardians.get())
    minor.is_followed_by_hand = True
    minor.save()
    one.refresh_from_db()
    answers.settle(one, actor=CONSOLE)
    assert (states(one), link_letters()) == ([REQUESTED, REQUESTED], [])


@pytest.mark.parametrize("by", [lambda guardian: None, sign])
def test_there_is_nothing_to_settle_without_a_no(one, by):
    by(one.guardians.get())
    before = states(one)
    with pytest.raises(IllegalTransition):
        answers.settle(one, actor=CONSOLE)
    assert states(one) == before

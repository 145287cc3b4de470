"""What a representative answers with her link, what staff record for her, and what each answer makes of the whole."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consents import answers, emails, guardians, queries
from consents.models import GuardianAuthorisation
from lifecycle.journal import CONSOLE, ref
from lifecycle.models import JournalEntry
from lifecycle.refusals import IllegalTransition, Refusal
from matching.falls import refuse_authorisation, withdraw_authorisation
from notifications.models import Letter
from tests.guardians import asked, guardian_text, publish_guardian_text, sign

pytestmark = pytest.mark.django_db

State = GuardianAuthorisation.State
REQUESTED, GIVEN, REFUSED, WITHDRAWN = State.REQUESTED, State.GIVEN, State.REFUSED, State.WITHDRAWN
DAY = timedelta(days=1)
TWO = ["samira@example.org", "jo@example.org"]


@pytest.fixture
def one(minor, now):
    """An authorisation asked of Lina's mother."""
    return asked(minor, now=now)


@pytest.fixture
def two(minor, now):
    """The same, of her mother and her father."""
    return asked(minor, emails=TWO, now=now)


def say_no(guardian, verb=refuse_authorisation, now=None, **changes) -> None:
    """With her live link."""
    known = {"link_number": guardian.link_number, "actor": "guardian", **changes}
    verb(guardian.authorisation, guardian=guardian, now=now, **known)


def take_back(guardian, now=None, **changes) -> None:
    say_no(guardian, withdraw_authorisation, now, **changes)


def states(authorisation) -> list[str]:
    """Of the whole, then of each representative."""
    authorisation.refresh_from_db()
    return [authorisation.state, *authorisation.guardians.order_by("order").values_list("state", flat=True)]


def written(*, beside=(emails.REQUEST,)) -> list[tuple[str, str]]:
    """(letter, to whom) of what waits to leave, the oldest first."""
    waiting = Letter.objects.filter(status=Letter.Status.QUEUED).exclude(kind__in=[kind.name for kind in beside])
    return [(kind.partition(".")[2], to) for kind, to in waiting.order_by("id").values_list("kind", "to")]


def story(*things) -> list[tuple[str, str]]:
    """(action, actor) in the journal about these, the oldest first."""
    found = JournalEntry.objects.filter(target__in=[ref(thing) for thing in things]).order_by("id")
    return list(found.exclude(action__endswith="link_sent").values_list("action", "actor"))


# --- Signing ------------------------------------------------------------------------------------


def test_her_mother_signs(one, minor, now):
    guardian = one.guardians.get()
    sign(guardian, name="Samira Benali", relation="mère", now=now)

    assert states(one) == [GIVEN, GIVEN]
    assert (one.guardian_name, one.relation, one.signed_on, one.text_version) == (
        "Samira Benali",
        "mère",
        timezone.localdate(now),
        guardian_text(),
    )
    guardian.refresh_from_db()
    assert (guardian.answered_at, guardian.text_version, guardian.link_number) == (now, guardian_text(), 2)
    assert queries.is_given(minor.pk, one.scope)
    assert written() == [("authorisation_given", minor.email), ("guardian_copy", "samira@example.org")]
    assert story(one, guardian) == [("guardian.given", "guardian"), ("guardianauthorisation.given", "guardian")]


def test_the_copy_holds_the_whole_text_and_nothing_of_the_file(one, now):
    sign(one.guardians.get(), now=now)
    body = Letter.objects.get(kind=emails.COPY.name).body

    for block in guardian_text().body.replace("## ", "").split("\n\n"):
        lines = [line for line in block.splitlines() if line.lower() not in body.lower()]
        assert lines == []
    assert ("Moreau-Diallo" in body, "[[lien:guardian]]" in body) == (False, True)


def test_an_answer_uses_the_link_up(one):
    guardian = one.guardians.get()
    sign(guardian)
    with pytest.raises(guardians.LinkUsed):
        sign(guardian, link_number=1)
    with pytest.raises(guardians.LinkUsed):
        take_back(guardian, link_number=1)
    with pytest.raises(guardians.LinkUsed):
        answers.ask_for_call(guardian, link_number=1, phone="06 12 34 56 78")
    assert states(one) == [GIVEN, GIVEN]


def test_signing_twice_changes_nothing(one, now):
    guardian = one.guardians.get()
    sign(guardian, now=now)
    with pytest.raises(IllegalTransition):
        sign(guardian, name="Autre Nom", now=now + DAY)
    guardian.refresh_from_db()
    assert (guardian.name, guardian.answered_at) == ("Samira Benali", now)


def test_a_text_that_has_changed_is_read_first(one):
    read = guardian_text()
    newer = publish_guardian_text(asks_again=False)
    with pytest.raises(answers.TextChanged) as refusal:
        sign(one.guardians.get(), version=read)
    assert refusal.value.sentence == "Ce texte vient de changer. Relisez-le avant de signer."
    assert states(one) == [REQUESTED, REQUESTED]
    sign(one.guardians.get(), version=newer)
    assert states(one) == [GIVEN, GIVEN]


def test_her_father_signs_too(two, minor, now):
    mother, father = two.guardians.all()
    sign(mother, now=now)
    sign(father, name="Jo Diallo", relation="père", now=now + DAY)

    assert states(two) == [GIVEN, GIVEN, GIVEN]
    assert (two.guardian_name, two.signed_on) == ("Samira Benali", timezone.localdate(now))
    assert [letter for letter, _to in written()].count("authorisation_given") == 1


def test_who_signs_after_a_refusal_does_not_pass_over_it(two):
    mother, father = two.guardians.all()
    say_no(father)
    sign(mother)

    assert states(two) == [REFUSED, GIVEN, REFUSED]
    assert ("authorisation_given" in dict(written()), two.guardian_name) == (False, "")
    assert "a dit non, et son refus tient" in Letter.objects.get(kind=emails.COPY.name).body


# --- A newer text -------------------------------------------------------------------------------


def test_she_signs_anew_where_the_text_asks_again(one, now):
    guardian = one.guardians.get()
    sign(guardian, now=now)
    newer = publish_guardian_text(asks_again=True, now=now)
    assert queries.must_sign_anew(guardian)
    sign(guardian, name="Samira Diallo", relation="tutrice", now=now + DAY)

    assert (states(one), one.text_version, one.guardian_name) == ([GIVEN, GIVEN], newer, "Samira Diallo")
    assert (one.signed_on, queries.must_sign_anew(guardian)) == (timezone.localdate(now + DAY), False)
    assert Letter.objects.filter(kind=emails.COPY.name).count() == 2


def test_a_text_that_does_not_ask_again_asks_for_nothing(one):
    guardian = one.guardians.get()
    sign(guardian)
    publish_guardian_text(asks_again=False)
    assert not queries.must_sign_anew(guardian)
    with pytest.raises(IllegalTransition):
        sign(guardian)


# --- Refusing -----------------------------------------------------------------------------------


def test_her_mother_refuses(one, minor, now, settings):
    guardian = one.guardians.get()
    say_no(guardian, now=now)

    guardian.refresh_from_db()
    assert (states(one), guardian.answered_at, guardian.link_number) == ([REFUSED, REFUSED], now, 2)
    assert written() == [
        ("guardian_refusal", "samira@example.org"),
        ("authorisation_stopped", minor.email),
        ("staff_alert", settings.CONTACT_EMAIL),
    ]
    assert story(one, guardian) == [("guardian.refused", "guardian"), ("guardianauthorisation.refused", "guardian")]
    assert not queries.is_given(minor.pk, one.scope)


def test_a_refusal_stands_over_the_signature_of_the_other(two, minor):
    mother, father = two.guardians.all()
    sign(mother)
    say_no(father)
    assert (states(two), queries.is_given(minor.pk, two.scope)) == ([REFUSED, GIVEN, REFUSED], False)


def test_two_refusals_alert_staff_twice_and_tell_lina_once(two, now):
    for days, guardian in enumerate(two.guardians.all()):
        say_no(guardian, now=now + days * DAY)
    assert states(two) == [REFUSED, REFUSED, REFUSED]
    assert [letter for letter, _to in written()] == [
        *("guardian_refusal", "authorisation_stopped", "staff_alert"),
        *("guardian_refusal", "staff_alert"),
    ]


def test_who_has_refused_answers_no_more(one):
    guardian = one.guardians.get()
    say_no(guardian)
    for answer in (sign, say_no, take_back):
        with pytest.raises(IllegalTransition):
            answer(guardian)
    assert states(one) == [REFUSED, REFUSED]


def test_who_has_signed_withdraws_rather_than_refuses(one):
    guardian = one.guardians.get()
    sign(guardian)
    with pytest.raises(IllegalTransition):
        say_no(guardian)
    assert states(one) == [GIVEN, GIVEN]


def test_an_answer_cancels_the_reminders_of_both(two, now):
    mother, father = two.guardians.all()
    emails.remind(father, days=3, now=now)
    emails.tell_waiting(father, days=3, now=now)
    say_no(mother)
    waiting = {letter for letter, _to in written()}
    assert waiting & {"guardian_reminder", "authorisation_waiting"} == set()


# --- Withdrawing --------------------------------------------------------------------------------


def test_she_takes_it_back(one, minor, now, settings):
    guardian = one.guardians.get()
    sign(guardian, now=now)
    take_back(guardian, now=now + DAY)

    assert (states(one), queries.is_given(minor.pk, one.scope)) == ([WITHDRAWN, WITHDRAWN], False)
    assert written() == [
        ("authorisation_given", minor.email),
        ("guardian_withdrawal", "samira@example.org"),
        ("authorisation_stopped", minor.email),
        ("staff_alert", settings.CONTACT_EMAIL),
    ]


def test_what_was_not_given_is_not_taken_back(one):
    with pytest.raises(IllegalTransition):
        take_back(one.guardians.get())
    with pytest.raises(IllegalTransition):
        withdraw_authorisation(one, actor=CONSOLE)
    assert states(one) == [REQUESTED, REQUESTED]


def test_taking_back_after_the_refusal_of_the_other_changes_her_answer_alone(two):
    mother, father = two.guardians.all()
    sign(mother)
    say_no(father)
    take_back(mother)
    assert states(two) == [REFUSED, WITHDRAWN, REFUSED]


def test_taken_back_while_the_other_is_asked_again_it_counts(two):
    """What he signs later does not pass over it."""
    mother, father = two.guardians.all()
    sign(mother)
    say_no(father)
    answers.settle(two, actor=CONSOLE)
    mother.refresh_from_db()
    take_back(mother)
    father.refresh_from_db()
    sign(father)
    assert states(two) == [REFUSED, WITHDRAWN, GIVEN]


# --- A call -------------------------------------------------------------------------------------


def test_she_would_rather_talk_first(one, now, settings):
    guardian = one.guardians.get()
    answers.ask_for_call(guardian, link_number=1, phone="06 12 34 56 78", now=now)
    answers.ask_for_call(guardian, link_number=1, phone="06 12 34 56 79", now=now + DAY)

    guardian.refresh_from_db()
    assert (guardian.call_asked_at, guardian.phone, guardian.link_number) == (now, "06 12 34 56 79", 1)
    assert written() == [("staff_to_call", settings.CONTACT_EMAIL)]
    assert story(guardian) == [("guardian.call_asked", "guardian")]


def test_staff_call_her_and_forget_the_number(one, coordinator, now):
    guardian = one.guardians.get()
    answers.ask_for_call(guardian, link_number=1, phone="06 12 34 56 78", now=now)
    answers.note_called(guardian, actor=coordinator, now=now)
    assert (guardian.call_asked_at, guardian.phone) == (None, "")
    with pytest.raises(Refusal, match="un·e collègue l’a déjà passé"):
        answers.note_called(guardian, actor=coordinator, now=now)
    assert story(guardian)[1:] == [("guardian.called", ref(coordinator))]


def test_signing_ends_the_wait_for_a_call_and_the_number_is_forgotten(one):
    guardian = one.guardians.get()
    answers.ask_for_call(guardian, link_number=1, phone="06 12 34 56 78")
    sign(guardian)
    guardian.refresh_from_db()
    assert (guardian.call_asked_at, guardian.phone) == (None, "")


def test_who_refuses_is_still_called(one, now):
    guardian = one.guardians.get()
    answers.ask_for_call(guardian, link_number=1, phone="06 12 34 56 78", now=now)
    say_no(guardian)
    guardian.refresh_from_db()
    assert (guardian.call_asked_at, guardian.phone) == (now, "06 12 34 56 78")


@pytest.mark.parametrize("act", [sign, say_no, lambda who: answers.ask_for_call(who, link_number=1, phone="06")])
def test_who_is_asked_no_more_reads_it_whatever_she_was_about_to_do(two, minor, act):
    """The file was sent again without her between the opening of her page and her answer."""
    sign(two.guardians.get(order=1))
    father = two.guardians.select_related("authorisation__person").get(order=2)
    guardians.ask(two, [("Samira Benali", TWO[0])], actor=minor)
    with pytest.raises(guardians.LinkUsed):
        act(father)
    assert states(two) == [GIVEN, GIVEN]

"""Representatives who answer at the same instant, and a no against a mentor's yes: one outcome, one sentence each."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from applications import transitions as applications
from applications.models import Application
from consents import answers, guardians
from consents import transitions as texts
from consents.models import Guardian, GuardianAuthorisation, TextVersion
from lifecycle import journal
from lifecycle.models import JournalEntry
from lifecycle.moves import lock
from lifecycle.refusals import Refusal
from matching import falls, transitions
from matching.models import Proposal
from mentorships.models import Mentorship
from notifications.models import Letter
from tests import factories
from tests.guardians import guardian_text, page_path, sign
from tests.portal.guardian import answer, signature
from tests.races.test_offers import in_thread, kinds, lines, wait_until_somebody_waits
from tests.races.threads import together

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 3
State = GuardianAuthorisation.State
NO = (State.REFUSED, State.WITHDRAWN)


@pytest.fixture
def autumn(db):
    """A cohort with places, a text to sign, and a mentor who accompanies minors."""
    factories.make_texts()
    return factories.make_cohort("closed", places=100)


def fresh(guardian: Guardian) -> Guardian:
    """As another request would see her."""
    return Guardian.objects.select_related("authorisation__person").get(pk=guardian.pk)


def asked(cohort) -> list[Guardian]:
    """Both representatives of a minor who has just sent her file."""
    named = {"guardian2_name": "Jo Diallo", "guardian2_email": f"jo{Application.objects.count()}@example.org"}
    sent = factories.make_sent(cohort, factories.make_user("Lina", age=16), **named)
    return list(sent.candidate.guardian_authorisations.get().guardians.all())


def offered(cohort) -> tuple[Proposal, Guardian, Guardian]:
    """A minor whose mother has signed, offered to a mentor who has not answered; her father has not either."""
    mother, father = asked(cohort)
    file = Application.objects.select_related("cohort").get(candidate=mother.authorisation.person)
    factories.decide(file, outcome=Application.State.ACCEPTED)
    sign(fresh(mother))
    applications.confirm(file, actor=file.candidate)
    commitment = factories.make_commitment(cohort)
    factories.clear_for_minors(commitment.mentor)
    return factories.make_offer(file, commitment), fresh(mother), fresh(father)


def no(verb, guardian: Guardian):
    who = fresh(guardian)
    return partial(verb, who.authorisation, guardian=who, link_number=who.link_number, actor="guardian")


def state_of(guardian: Guardian) -> tuple[str, str]:
    """(the whole, hers)."""
    who = fresh(guardian)
    return who.authorisation.state, who.state


def copies(guardian: Guardian) -> int:
    return Letter.objects.about(journal.ref(guardian)).filter(kind="consents.guardian_copy").count()


# --- One representative, two tabs ---------------------------------------------------------------


def test_signing_from_four_tabs_signs_once(autumn):
    for _round in range(ROUNDS):
        mother, _father = asked(autumn)
        outcomes = together(*[partial(sign, fresh(mother), version=guardian_text()) for _tab in range(4)])
        assert kinds(outcomes) == [*["LinkUsed"] * 3, "NoneType"]
        assert (state_of(mother), copies(mother)) == ((State.GIVEN, State.GIVEN), 1)
        assert lines(mother, "guardian.given") == lines(mother.authorisation, "guardianauthorisation.given") == 1


def test_two_clicks_in_one_browser_sign_once_and_nobody_reads_an_error(autumn):
    mother, _father = asked(autumn)
    typed, path = signature(), page_path(mother)
    clicks = [partial(answer, Client(), mother, "signer", typed, path=path, follow=False) for _click in range(2)]
    assert [(response.status_code, response.url) for response in together(*clicks)] == [(302, path)] * 2
    assert (state_of(mother), copies(mother)) == ((State.GIVEN, State.GIVEN), 1)


def test_signing_and_refusing_at_once_has_one_outcome(autumn):
    for _round in range(ROUNDS):
        mother, _father = asked(autumn)
        outcomes = together(
            partial(sign, fresh(mother), version=guardian_text()),
            no(falls.refuse_authorisation, mother),
        )
        assert kinds(outcomes) == ["LinkUsed", "NoneType"]
        expected = State.GIVEN if outcomes[0] is None else State.REFUSED
        assert state_of(mother) == (expected, expected)
        answers = JournalEntry.objects.about(journal.ref(mother)).filter(actor="guardian")
        assert answers.count() == 1


def test_asking_for_links_from_four_tabs_sends_one(autumn):
    mother, _father = asked(autumn)
    later = timezone.now() + guardians.PAUSE
    outcomes = together(*[partial(guardians.send_link, fresh(mother), actor="a", now=later) for _tab in range(4)])
    assert (kinds(outcomes), fresh(mother).links_sent) == ([*["NoneType"], *["Refusal"] * 3], 2)


def test_nobody_is_written_to_while_her_answer_is_on_its_way(autumn):
    """The page was open while she signed: whoever comes after the signature reads that it stands."""
    mother, father = (fresh(who) for who in asked(autumn))
    named = factories.make_sent(autumn, factories.make_user("Noé", age=16))
    alone = named.candidate.guardian_authorisations.get()
    acts = [
        partial(guardians.correct_address, father, "jo.diallo@example.org", actor="a"),
        partial(guardians.ask_again, father, actor="a", now=timezone.now() + guardians.PAUSE),
        partial(guardians.add_second, alone, name="Jo", email="jo@example.org", actor="a"),
    ]
    with ThreadPoolExecutor() as pool:
        with transaction.atomic():
            sign(fresh(mother))
            sign(fresh(alone.guardians.get()))
            waiting = [pool.submit(in_thread, act) for act in acts]
            wait_until_somebody_waits()
        assert kinds(one.exception(timeout=10) for one in waiting) == ["NotAwaited"] * 3
    assert (fresh(father).link_number, fresh(father).links_sent, alone.guardians.count()) == (1, 1, 1)


# --- Two representatives ------------------------------------------------------------------------


def test_a_signature_against_the_refusal_of_the_other_ends_refused(autumn):
    """Whichever comes first, a refusal by either stands."""
    for _round in range(ROUNDS):
        mother, father = asked(autumn)
        outcomes = together(
            partial(sign, fresh(mother), version=guardian_text()),
            no(falls.refuse_authorisation, father),
        )
        assert outcomes == [None, None]
        assert (state_of(mother), state_of(father)) == ((State.REFUSED, State.GIVEN), (State.REFUSED, State.REFUSED))


def test_two_signatures_at_once_give_it_once(autumn):
    for _round in range(ROUNDS):
        both = asked(autumn)
        outcomes = together(*[partial(sign, fresh(who), version=guardian_text()) for who in both])
        assert outcomes == [None, None]
        assert [state_of(who) for who in both] == [(State.GIVEN, State.GIVEN)] * 2
        given = Letter.objects.about(journal.ref(both[0].authorisation)).filter(kind="consents.authorisation_given")
        assert given.count() == 1


def test_two_refusals_at_once_tell_lina_once(autumn):
    for _round in range(ROUNDS):
        both = asked(autumn)
        assert together(*[no(falls.refuse_authorisation, who) for who in both]) == [None, None]
        told = Letter.objects.about(journal.ref(both[0].authorisation)).filter(kind="consents.authorisation_stopped")
        assert (told.count(), [state_of(who) for who in both]) == (1, [(State.REFUSED, State.REFUSED)] * 2)


def test_signing_while_a_coordinator_records_a_refusal_has_one_whole(autumn):
    for _round in range(ROUNDS):
        mother, _father = asked(autumn)
        outcomes = together(
            partial(sign, fresh(mother), version=guardian_text()),
            partial(falls.refuse_authorisation, fresh(mother).authorisation, actor=journal.CONSOLE),
        )
        assert (outcomes, state_of(mother)) == ([None, None], (State.REFUSED, State.GIVEN))


# --- The text -----------------------------------------------------------------------------------


def test_a_text_published_while_she_signs_is_read_or_was_not_there(autumn):
    mother, _father = asked(autumn)
    read = guardian_text()
    draft = texts.new_version(TextVersion.Key.GUARDIAN, actor=journal.CONSOLE)
    signed, published = together(
        partial(sign, fresh(mother), version=read), partial(texts.publish_text, draft, actor=journal.CONSOLE)
    )
    assert published is None
    if signed is None:
        assert fresh(mother).text_version == read
    else:
        assert (type(signed), fresh(mother).state) == (answers.TextChanged, State.REQUESTED)


# --- Against the mentor -------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["withdraw_authorisation", "refuse_authorisation"])
def test_a_no_against_the_mentors_yes_leaves_no_pair_running(autumn, verb):
    for _round in range(ROUNDS):
        offer, mother, father = offered(autumn)
        who = mother if verb == "withdraw_authorisation" else father
        mine = Proposal.objects.select_related("application__cohort", "commitment__mentor").get(pk=offer.pk)
        accepted, said = together(partial(transitions.accept, mine, actor="a"), no(getattr(falls, verb), who))
        assert said is None
        assert state_of(who)[0] in NO
        pairs = list(Mentorship.objects.filter(application=offer.application_id).values_list("state", flat=True))
        offer.refresh_from_db()
        if isinstance(accepted, Mentorship):
            assert (pairs, offer.state) == (["PAUSED"], Proposal.State.ACCEPTED)
        else:
            assert isinstance(accepted, Refusal)
            assert (pairs, offer.state) == ([], Proposal.State.CANCELLED)


def test_both_say_no_while_the_mentor_accepts(autumn):
    for _round in range(ROUNDS):
        offer, mother, father = offered(autumn)
        mine = Proposal.objects.select_related("application__cohort", "commitment__mentor").get(pk=offer.pk)
        accepted, *said = together(
            partial(transitions.accept, mine, actor="a"),
            no(falls.withdraw_authorisation, mother),
            no(falls.refuse_authorisation, father),
        )
        assert said == [None, None]
        assert isinstance(accepted, (Mentorship, Refusal))
        running = Mentorship.objects.filter(application=offer.application_id, state=Mentorship.State.ACTIVE)
        assert not running.exists()


def test_a_no_holds_no_authorisation_while_it_waits_for_the_file(autumn):
    """The mentor who accepts has the file, and reads the authorisation: had the no taken that one first, each would
    wait for the other."""
    offer, mother, _father = offered(autumn)
    with ThreadPoolExecutor() as pool:
        with transaction.atomic():
            lock(offer.application)
            saying = pool.submit(in_thread, no(falls.withdraw_authorisation, mother))
            wait_until_somebody_waits()
            free = GuardianAuthorisation.objects.select_for_update(nowait=True, no_key=True)
            assert free.get(pk=mother.authorisation_id).state == State.GIVEN
        assert saying.result(timeout=10) is None
    assert state_of(mother) == (State.WITHDRAWN, State.WITHDRAWN)

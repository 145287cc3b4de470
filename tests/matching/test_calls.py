"""A mentor who would rather talk before she answers, and the coordinator who calls her."""

from datetime import time, timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from lifecycle import journal
from lifecycle.models import JournalEntry
from lifecycle.refusals import IllegalTransition, Refusal
from matching import calls, transitions
from matching.models import Proposal
from portal import desk
from tests import factories
from tests.portal.reading import text_of

pytestmark = pytest.mark.django_db
WORDS = "Le soir, au 06 12 34 56 78."


@pytest.fixture
def offer(closed_cohort, candidate, now):
    """Inès, proposed to Karim, who has eight days."""
    karim = factories.make_mentor(factories.make_user("Karim", "Benali"))
    ines = factories.make_confirmed(closed_cohort, candidate)
    return factories.make_offer(ines, factories.make_commitment(closed_cohort, karim), now=now)


def url(offer) -> str:
    return reverse("matching:ask_call", args=[offer.pk])


def end_of(day):
    return timezone.make_aware(timezone.datetime.combine(day, time(23, 59)))


def test_asking_early_leaves_the_term_as_it_is(offer, now):
    term = offer.expires_at
    calls.ask_call(offer, words=WORDS, actor="karim", now=now)
    offer.refresh_from_db()
    assert (offer.call_asked_at, offer.call_words, offer.expires_at) == (now, WORDS, term)
    [line] = JournalEntry.objects.about(journal.ref(offer)).filter(action="proposal.call_asked")
    assert line.detail == ""


def test_asking_late_moves_the_term_once(offer):
    late = offer.expires_at - timedelta(hours=2)
    calls.ask_call(offer, actor="karim", now=late)
    assert offer.expires_at == end_of(timezone.localdate(late) + timedelta(days=4))
    with pytest.raises(Refusal, match="déjà demandé"), transaction.atomic():
        calls.ask_call(offer, actor="karim", now=late + timedelta(days=3))
    assert Proposal.objects.get().expires_at == end_of(timezone.localdate(late) + timedelta(days=4))
    assert transitions.expire_offers(now=late + timedelta(days=2)) == 0


def test_too_late_or_answered_there_is_nothing_to_ask(offer):
    with pytest.raises(Refusal, match="attendait votre réponse avant"), transaction.atomic():
        calls.ask_call(offer, actor="karim", now=offer.expires_at + timedelta(minutes=1))
    transitions.decline(offer, reason="TIME", actor="karim")
    with pytest.raises(IllegalTransition), transaction.atomic():
        calls.ask_call(offer, actor="karim")


def test_a_coordinator_notes_the_call_once(offer, now):
    with pytest.raises(Refusal, match="Aucun appel"), transaction.atomic():
        calls.note_call(offer, actor="claire", now=now)
    calls.ask_call(offer, actor="karim", now=now)
    calls.note_call(offer, actor="claire", now=now)
    assert Proposal.objects.get().called_at == now
    with pytest.raises(Refusal, match="un·e collègue"), transaction.atomic():
        calls.note_call(offer, actor="claire", now=now)


# --- Pages --------------------------------------------------------------------------------------


def test_a_mentor_asks_and_may_still_answer(offer, signed_in):
    karim = signed_in(offer.commitment.mentor.person)
    page = karim.get(reverse("matching:offer", args=[offer.pk]))
    assert url(offer) in page.content.decode()
    after = karim.post(url(offer), {"words": WORDS}, follow=True)
    text = text_of(after)
    assert ("la coordination vous appelle bientôt" in text, "Oui, j’accompagne Inès" in text) == (True, True)
    assert url(offer) not in after.content.decode()
    assert Proposal.objects.get().call_words == WORDS
    assert karim.get(url(offer)).status_code == 302


def test_words_too_long_are_told_and_kept(offer, signed_in):
    page = signed_in(offer.commitment.mentor.person).post(url(offer), {"words": "a" * 1001})
    assert (page.status_code, "a" * 1001 in page.content.decode()) == (422, True)
    assert Proposal.objects.get().call_asked_at is None


def test_it_is_her_offer_alone(offer, mentor, coordinator, signed_in):
    who = (offer.commitment.mentor.person, mentor, coordinator, offer.application.candidate)
    assert [signed_in(one).get(url(offer)).status_code for one in who] == [200, 404, 404, 404]
    assert [signed_in(one).post(url(offer), {"words": ""}).status_code for one in who[1:]] == [404, 404, 404]
    assert Proposal.objects.get().call_asked_at is None


def test_the_desk_leads_to_the_call_and_the_call_is_noted(offer, coordinator, now):
    calls.ask_call(offer, words=WORDS, actor=offer.commitment.mentor.person, now=now)
    staff = factories.staff_client(coordinator)
    (shown,) = desk.cohort_desks(now)
    [line] = [item for item in shown.waiting if "appeler" in item.sentence]
    assert line.sentence == "1 mentor·e à appeler avant sa réponse"
    listed = staff.get(line.url)
    page_url = reverse("admin:matching_proposal_change", args=[offer.pk])
    assert page_url in listed.content.decode()
    page = text_of(staff.get(page_url))
    assert [word for word in (WORDS, "Appel passé", "Appel demandé") if word not in page] == []
    told = staff.post(reverse("admin:matching_proposal_note_call", args=[offer.pk]), follow=True)
    assert "C’est noté : sa réponse est attendue avant le" in text_of(told)
    assert Proposal.objects.get().called_at is not None
    (shown,) = desk.cohort_desks(now)
    assert [item for item in shown.waiting if "appeler" in item.sentence] == []

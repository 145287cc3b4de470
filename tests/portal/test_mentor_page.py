"""« Votre mentor·e »: who it would be, until when, and the two answers; no address before its time, on any page."""

import pytest
from django.urls import reverse

from applications import transitions as applications
from applications.models import Application
from matching import introductions
from mentorships.models import Mentorship
from tests import factories
from tests.guardians import page_path, sign
from tests.portal.guardian import guardian_of
from tests.portal.reading import text_of

pytestmark = pytest.mark.django_db
HOME = reverse("portal:home")


@pytest.fixture
def pair(closed_cohort, candidate):
    commitment = factories.make_commitment(closed_cohort)
    return factories.make_pair(factories.make_confirmed(closed_cohort, candidate), commitment, is_met=False)


def url(pair, name="mentor") -> str:
    return reverse(f"portal:{name}", args=[pair.application.reference])


def test_she_reads_who_it_would_be_and_until_when(pair, candidate, signed_in):
    mentor = pair.commitment.mentor
    for page in (signed_in(candidate).get(HOME), signed_in(candidate).get(url(pair))):
        text = text_of(page)
        shown = [mentor.person.get_full_name(), mentor.employer]
        assert [word for word in shown if word not in text] == []
        hidden = [mentor.person.email, mentor.presentation]
        assert [word for word in hidden if word in page.content.decode()] == []
    assert "heure de Paris" in text_of(signed_in(candidate).get(url(pair)))


def test_her_mentor_reads_her_first_name_and_when_they_can_write(pair, candidate, signed_in):
    hers = signed_in(pair.commitment.mentor.person)
    before = hers.get(HOME)
    assert ("échangées au plus tard le" in text_of(before), candidate.first_name in text_of(before)) == (True, True)
    assert candidate.email not in before.content.decode()
    offer = hers.get(reverse("matching:offer", args=[pair.application.proposals.get().pk]))
    assert ("échangées au plus tard le" in text_of(offer), candidate.email in offer.content.decode()) == (True, False)
    introductions.say_yes(pair, actor=candidate)
    assert candidate.email in hers.get(HOME).content.decode()


def test_it_suits_her(pair, candidate, signed_in):
    page = signed_in(candidate).post(url(pair, "mentor_suits"), follow=True)
    mentor = pair.commitment.mentor
    assert ("vous pouvez vous écrire" in text_of(page), mentor.person.email in text_of(page)) == (True, True)
    again = signed_in(candidate).post(url(pair, "mentor_suits"), follow=True)
    assert "C’est déjà fait" in text_of(again)


def test_she_would_rather_have_somebody_else(pair, candidate, signed_in):
    hers = signed_in(candidate)
    form = text_of(hers.get(url(pair, "mentor_rather_not")))
    assert "vous n’avez pas à dire pourquoi" in form
    page = hers.post(url(pair, "mentor_rather_not"), {"words": "Je la connais."}, follow=True)
    text = text_of(page)
    assert ("nous cherchons quelqu’un d’autre" in text, "Mentor·e en cours d’attribution" in text) == (True, True)
    assert pair.commitment.mentor.person.last_name not in text
    assert Mentorship.objects.get().objection_words == "Je la connais."
    assert hers.get(url(pair)).status_code == 404
    closed = signed_in(pair.commitment.mentor.person).get(
        reverse("matching:offer", args=[pair.application.proposals.get().pk])
    )
    assert ("n’a plus lieu d’être" in text_of(closed), candidate.first_name in text_of(closed)) == (True, False)


def test_too_long_is_told_and_kept(pair, candidate, signed_in):
    page = signed_in(candidate).post(url(pair, "mentor_rather_not"), {"words": "a" * 2001})
    assert (page.status_code, "a" * 2001 in page.content.decode()) == (422, True)
    assert Mentorship.objects.get().state == Mentorship.State.ACTIVE


def test_once_contacts_are_exchanged_there_is_nothing_to_ask(pair, candidate, signed_in):
    introductions.say_yes(pair, actor=candidate)
    hers = signed_in(candidate)
    assert "Est-ce que cela vous convient" not in text_of(hers.get(url(pair)))
    assert hers.get(url(pair, "mentor_rather_not")).url == url(pair)
    refused = hers.post(url(pair, "mentor_rather_not"), {"words": ""}, follow=True)
    assert "écrivez-nous tout de suite" in text_of(refused)
    assert Mentorship.objects.get().state == Mentorship.State.ACTIVE


@pytest.mark.parametrize("name", ["mentor", "mentor_rather_not"])
def test_it_is_hers_alone(pair, candidate, stranger, coordinator, signed_in, name):
    who = (candidate, pair.commitment.mentor.person, stranger, coordinator)
    assert [signed_in(one).get(url(pair, name)).status_code for one in who] == [200, 404, 404, 404]


def test_nobody_else_answers_for_her(pair, candidate, stranger, signed_in):
    for one in (pair.commitment.mentor.person, stranger):
        assert signed_in(one).post(url(pair, "mentor_suits")).status_code == 404
        assert signed_in(one).post(url(pair, "mentor_rather_not"), {"words": ""}).status_code == 404
    pair.refresh_from_db()
    assert (pair.contacts_at, Application.objects.get().state) == (None, Application.State.MATCHED)
    assert signed_in(candidate).post(url(pair, "mentor_suits")).status_code == 302


def test_a_representative_reads_who_it_is_once_she_has_not_said_no(closed_cohort, minor, client):
    commitment = factories.make_commitment(closed_cohort)
    factories.clear_for_minors(commitment.mentor)
    accepted = factories.make_accepted(closed_cohort, minor)
    sign(guardian_of(accepted))
    applications.confirm(accepted, actor=minor)
    pair = factories.make_pair(accepted, commitment, is_met=False)
    page = page_path(guardian_of(accepted))
    name = commitment.mentor.person.get_full_name()
    assert name not in text_of(client.get(page, follow=True))
    introductions.say_yes(pair, actor=minor)
    assert name in text_of(client.get(page, follow=True))


def test_a_coordinator_reads_the_objection(pair, candidate, coordinator):
    introductions.object_to(pair, words="Je la connais.", actor=candidate)
    staff = factories.staff_client(coordinator)
    page = text_of(staff.get(reverse("admin:mentorships_mentorship_change", args=[pair.pk])))
    assert ("a préféré quelqu’un d’autre" in page, "Je la connais." in page) == (True, True)

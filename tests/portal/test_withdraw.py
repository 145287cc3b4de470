"""Leaving a cohort: a file taken back, a place given back to the next person."""

import pytest
from django.contrib.messages import get_messages

from applications.models import Application
from cohorts.moments import moment
from matching.models import Proposal
from notifications.models import Letter
from tests import factories
from tests.portal.reading import HOME, confirm_url, links, plain, tags, text_of, withdraw_url

pytestmark = pytest.mark.django_db
State = Application.State


def test_withdrawing_takes_two_steps(closed_cohort, candidate, signed_in):
    confirmed = factories.make_confirmed(closed_cohort, candidate)
    hers = signed_in(candidate)
    assert withdraw_url(confirmed) in links(hers.get(HOME))
    asked = hers.get(withdraw_url(confirmed))
    assert "Votre place est rendue" in text_of(asked)
    assert Application.objects.get().state == State.CONFIRMED
    done = hers.post(withdraw_url(confirmed), follow=True)
    assert (done.redirect_chain, tags(done)) == ([(HOME, 302)], ["retirée"])
    assert Letter.objects.filter(kind="applications.withdrawn").count() == 1
    again = hers.post(withdraw_url(confirmed))
    assert [str(m) for m in get_messages(again.wsgi_request)][-1] == (
        "Cette action a déjà été faite, ou n’est plus possible."
    )
    assert hers.get(withdraw_url(confirmed)).url == HOME


def test_withdrawing_ends_the_pair(closed_cohort, candidate, signed_in):
    pair = factories.make_pair(factories.make_confirmed(closed_cohort, candidate))
    hers = signed_in(candidate)
    assert "votre mentor·e reçoit un courriel" in text_of(hers.get(withdraw_url(pair.application)))
    hers.post(withdraw_url(pair.application))
    pair.refresh_from_db()
    assert (pair.state, Proposal.objects.get().state) == ("ENDED_EARLY", "CANCELLED")


def test_who_cannot_come_gives_her_place_to_the_next(closed_cohort, candidate, stranger, signed_in):
    closed_cohort.places = 1
    closed_cohort.save()
    accepted = factories.make_accepted(closed_cohort, candidate)
    waiting = factories.make_waitlisted(closed_cohort, stranger)
    hers = signed_in(candidate)
    page = hers.get(HOME)
    assert links(page).count(withdraw_url(accepted)) == 1
    assert "Je ne pourrai pas venir" in text_of(page)
    asked = text_of(hers.get(withdraw_url(accepted)))
    words = ["Vous ne pourrez pas venir ?", "C’est définitif", "la première personne de la liste d’attente"]
    assert [w for w in words if w not in asked] == []
    assert State(Application.objects.get(pk=accepted.pk).state) is State.ACCEPTED
    done = hers.post(withdraw_url(accepted), follow=True)
    assert (done.redirect_chain, tags(done)) == ([(HOME, 302)], ["retirée"])
    assert "Votre place est rendue. Merci de l’avoir dit" in text_of(done)
    waiting.refresh_from_db()
    promoted = Letter.objects.get(kind="applications.promoted")
    assert (waiting.state, promoted.to, plain(moment(waiting.confirm_by)) in plain(promoted.body)) == (
        State.ACCEPTED,
        stranger.email,
        True,
    )
    assert confirm_url(waiting) in signed_in(stranger).get(HOME).content.decode()


def test_a_confirmed_place_given_back_before_the_matching_goes_to_the_next(
    closed_cohort, candidate, stranger, signed_in
):
    closed_cohort.places = 1
    closed_cohort.save()
    confirmed = factories.make_confirmed(closed_cohort, candidate)
    waiting = factories.make_waitlisted(closed_cohort, stranger)
    signed_in(candidate).post(withdraw_url(confirmed))
    waiting.refresh_from_db()
    assert (waiting.state, Letter.objects.get(kind="applications.promoted").to) == (State.ACCEPTED, stranger.email)


def test_who_waits_for_her_authorisation_can_give_her_place_back(closed_cohort, minor, signed_in):
    accepted = factories.make_accepted(closed_cohort, minor)
    assert links(signed_in(minor).get(HOME)).count(withdraw_url(accepted)) == 1


def test_nobody_else_withdraws_a_file(closed_cohort, candidate, stranger, coordinator, mentor, signed_in):
    confirmed = factories.make_confirmed(closed_cohort, candidate)
    assert signed_in(candidate).get(withdraw_url(confirmed)).status_code == 200
    seen = set()
    for person in (stranger, mentor, coordinator):
        theirs = signed_in(person)
        seen |= {theirs.get(withdraw_url(confirmed)).status_code, theirs.post(withdraw_url(confirmed)).status_code}
    assert (seen, Application.objects.get().state) == ({404}, State.CONFIRMED)


def test_a_draft_is_not_withdrawn(cohort, candidate, signed_in):
    draft = factories.make_draft(cohort, candidate)
    hers = signed_in(candidate)
    assert [hers.get(withdraw_url(draft)).url, hers.post(withdraw_url(draft)).url] == [HOME, HOME]
    assert Application.objects.get().state == State.DRAFT

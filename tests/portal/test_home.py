"""« Mon espace »: each person's own page."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from applications import drafting, transitions, waiting_list
from applications.models import Application
from cohorts.moments import day, moment
from consents.models import GuardianAuthorisation
from lifecycle import journal
from matching import falls
from matching.models import Proposal
from mentors.models import MentorProfile
from mentorships.models import Mentorship
from tests import factories
from tests.house.pages import Page
from tests.portal.reading import HOME, confirm_url, links, plain, short, steps, tags, text_of, withdraw_url

pytestmark = pytest.mark.django_db
State = Application.State

# --- A candidate --------------------------------------------------------------------------------


def test_somebody_new_sees_which_call_is_open(cohort, candidate, signed_in):
    page = signed_in(candidate).get(HOME)
    assert reverse("applications:eligibility", args=[cohort.slug]) in links(page)
    assert plain(moment(cohort.closes_at)) in text_of(page)


def test_somebody_new_between_two_calls_is_told_so(closed_cohort, candidate, signed_in):
    assert "Aucun appel n’est ouvert en ce moment." in text_of(signed_in(candidate).get(HOME))


def test_a_draft_shows_its_deadline(cohort, candidate, signed_in):
    draft = factories.make_draft(cohort, candidate)
    page = signed_in(candidate).get(HOME)
    assert tags(page) == ["brouillon"]
    assert plain(moment(cohort.closes_at)) in text_of(page)
    assert reverse("applications:tasks", args=[draft.reference]) in links(page)
    assert withdraw_url(draft) not in links(page)


def test_a_draft_after_the_closing_says_it_was_not_sent(closed_cohort, candidate, signed_in):
    factories.make_draft(closed_cohort, candidate)
    assert "ce brouillon n’a pas été envoyé" in text_of(signed_in(candidate).get(HOME))


@pytest.mark.parametrize("outcome", [State.ACCEPTED, State.WAITLISTED, State.REJECTED])
def test_a_decision_stays_hidden_until_it_is_announced(outcome, closed_cohort, candidate, signed_in):
    sent = factories.make_sent(closed_cohort, candidate)
    hers = signed_in(candidate)
    before = hers.get(HOME)
    transitions.decide(sent, outcome, rank=1, actor=journal.CLOCK, hold="reviews.release:1")
    hidden = hers.get(HOME)
    assert tags(hidden) == ["envoyée"]
    assert text_of(hidden) == text_of(before)
    assert f"votre réponse, le {plain(day(closed_cohort.decisions_on))}" in text_of(hidden)
    Application.objects.update(masked_state="", announced_at=sent.sent_at)
    assert tags(hers.get(HOME)) == [str(outcome.label)]


def test_an_accepted_candidate_confirms_from_her_page(closed_cohort, candidate, signed_in):
    accepted = factories.make_accepted(closed_cohort, candidate)
    hers = signed_in(candidate)
    page = hers.get(HOME)
    assert f'action="{confirm_url(accepted)}"' in page.content.decode()
    assert plain(moment(accepted.confirm_by)) in text_of(page)
    confirmed = hers.post(confirm_url(accepted), follow=True)
    assert (confirmed.redirect_chain, tags(confirmed)) == ([(HOME, 302)], ["place confirmée"])
    assert "Mentor·e en cours d’attribution" in text_of(confirmed)


def test_after_the_term_there_is_nothing_to_confirm(closed_cohort, candidate, signed_in):
    accepted = factories.make_accepted(closed_cohort, candidate)
    hers = signed_in(candidate)
    with time_machine.travel(accepted.confirm_by + timedelta(minutes=1), tick=False):
        page = hers.get(HOME)
        refused = hers.post(confirm_url(accepted))
    assert confirm_url(accepted) not in page.content.decode()
    assert "Le délai pour confirmer est passé" in text_of(page)
    assert [plain(str(m)) for m in get_messages(refused.wsgi_request)] == [
        f"Le délai pour confirmer est passé depuis le {plain(moment(accepted.confirm_by))}."
    ]


def refused_with_the_list(cohort, candidate):
    waiting = factories.make_waitlisted(cohort, candidate)
    waiting_list.close(cohort, actor=journal.CONSOLE)
    waiting_list.refuse(waiting, now=timezone.now())


def without_mentor_to_the_end(cohort, candidate):
    transitions.complete(factories.make_confirmed(cohort, candidate), actor=journal.CLOCK, now=timezone.now())


def accompanied_to_the_end(cohort, candidate):
    factories.make_pair(factories.make_confirmed(cohort, candidate))
    falls.close_cohort(cohort, actor=journal.CLOCK, now=factories.paris(cohort.ends_on, 12))


@pytest.mark.parametrize(
    ("make", "tag", "words"),
    [
        (without_mentor_to_the_end, "parcours achevé", "sans que nous ayons un·e mentor·e pour vous"),
        (accompanied_to_the_end, "parcours achevé", "Vous êtes allé·e au bout du parcours"),
        (factories.make_waitlisted, "sur liste d’attente", "La liste d’attente suit un ordre"),
        (factories.make_rejected, "non retenue", "ne l’a pas retenue cette fois"),
        (refused_with_the_list, "non retenue", "c’est que le jury a aimé votre candidature"),
        (factories.make_confirmed, "place confirmée", "la promotion commence le"),
    ],
)
def test_each_state_has_its_words(make, tag, words, closed_cohort, candidate, signed_in):
    make(closed_cohort, candidate)
    page = signed_in(candidate).get(HOME)
    assert (tags(page), words in text_of(page)) == ([tag], True)


def test_the_timeline_says_in_words_what_is_done_and_what_follows(closed_cohort, candidate, signed_in):
    accepted = factories.make_accepted(closed_cohort, candidate)
    dates = {"sent": localdate(accepted.sent_at), "told": localdate(accepted.announced_at)}
    assert steps(signed_in(candidate).get(HOME)) == [
        ("Fait", f"Envoyée le {short(dates['sent'])}"),
        ("Fait", "Lue par le jury"),
        ("Fait", f"Réponse donnée le {short(dates['told'])}"),
        ("En ce moment", f"Place à confirmer avant le {plain(moment(accepted.confirm_by))}"),
        ("À venir", "Attribution d’un·e mentor·e"),
        (
            "À venir",
            f"Mentorat du {short(closed_cohort.starts_on)} au {short(closed_cohort.ends_on)}",
        ),
    ]


def test_what_was_sent_can_be_changed_until_the_closing(cohort, candidate, signed_in):
    sent = factories.make_sent(cohort, candidate)
    hers = signed_in(candidate)
    page = hers.get(HOME)
    assert f"Vous pouvez encore modifier votre candidature , avant le {plain(moment(cohort.closes_at))}." in text_of(
        page
    )
    with time_machine.travel(cohort.closes_at, tick=False):
        assert "Vous pouvez encore" not in text_of(signed_in(candidate).get(HOME))
    drafting.take_back(sent, actor=candidate)
    page = hers.get(HOME)
    assert f"Renvoyer votre candidature modifiée avant le {plain(moment(cohort.closes_at))} ." in text_of(page)
    assert (
        "Vous pouvez encore" in text_of(page),
        links(page).count(reverse("applications:tasks", args=[sent.reference])),
    ) == (False, 1)
    again = sent.sent_at + timedelta(days=1)
    transitions.submit(sent, actor=candidate, now=again)
    first, last = short(localdate(sent.sent_at)), short(localdate(again))
    assert steps(hers.get(HOME))[0] == ("Fait", f"Envoyée le {first}, puis de nouveau le {last}")


def test_the_day_of_a_withdrawal_is_known(closed_cohort, candidate, signed_in):
    sent = factories.make_sent(closed_cohort, candidate)
    transitions.withdraw(sent, actor=candidate, now=factories.paris(closed_cohort.decisions_on, 0, 30))
    told = f"Retirée le {short(closed_cohort.decisions_on)}"
    assert steps(signed_in(candidate).get(HOME))[1:] == [("Fait", told)]


def test_a_lapsed_place_says_what_can_be_done(closed_cohort, candidate, signed_in):
    accepted = factories.make_accepted(closed_cohort, candidate)
    transitions.lapse(accepted, now=accepted.confirm_by + timedelta(minutes=1))
    page = signed_in(candidate).get(HOME)
    assert (tags(page), "une place peut encore se libérer" in text_of(page)) == (["place non confirmée"], True)


def test_a_mentee_sees_who_accompanies_her(closed_cohort, candidate, signed_in):
    pair = factories.make_pair(factories.make_confirmed(closed_cohort, candidate))
    page = signed_in(candidate).get(HOME)
    mentor = pair.commitment.mentor
    shown = [mentor.person.get_full_name(), mentor.position, mentor.employer, mentor.person.email]
    assert (tags(page), [words for words in shown if words not in text_of(page)]) == (["en binôme"], [])
    Mentorship.objects.update(state=Mentorship.State.PAUSED)
    paused = text_of(signed_in(candidate).get(HOME))
    assert ("Mentorat en pause" in paused, mentor.person.email in paused) == (True, False)


# --- A minor ------------------------------------------------------------------------------------


def test_a_minor_confirms_once_her_authorisation_is_there(closed_cohort, minor, signed_in):
    accepted = factories.make_accepted(closed_cohort, minor)
    hers = signed_in(minor)
    page = hers.get(HOME)
    assert "Sous réserve de l’autorisation de votre représentant·e légal·e" in text_of(page)
    assert confirm_url(accepted) not in page.content.decode()
    refused = hers.post(confirm_url(accepted))
    assert [str(message) for message in get_messages(refused.wsgi_request)] == [
        "L’autorisation de votre représentant·e légal·e manque encore : elle est nécessaire avant 18 ans."
    ]
    factories.authorise(accepted)
    assert confirm_url(accepted) in hers.get(HOME).content.decode()
    assert tags(hers.post(confirm_url(accepted), follow=True)) == ["place confirmée"]


def test_a_refused_authorisation_asks_to_talk(closed_cohort, minor, signed_in):
    factories.make_accepted(closed_cohort, minor)
    falls.refuse_authorisation(GuardianAuthorisation.objects.get(), actor=journal.CONSOLE)
    assert "n’a pas été donnée. Ce n’est pas votre faute" in text_of(signed_in(minor).get(HOME))


# --- A mentor -----------------------------------------------------------------------------------


def test_a_mentor_sees_first_what_waits_for_an_answer(cohort, mentor, signed_in):
    commitment = mentor.mentor_profile.commitments.get()
    proposal = factories.make_offer(factories.make_confirmed(cohort), commitment)
    page = signed_in(mentor).get(HOME)
    assert "1 proposition attend votre réponse" in text_of(page)
    assert reverse("matching:offers") in links(page)
    Proposal.objects.filter(pk=proposal.pk).update(state=Proposal.State.CANCELLED)
    assert "attend votre réponse" not in text_of(signed_in(mentor).get(HOME))


def test_a_mentor_sees_whom_she_accompanies(cohort, mentor, stranger, signed_in):
    application = factories.make_confirmed(cohort)
    factories.make_pair(application, mentor.mentor_profile.commitments.get())
    page = text_of(signed_in(mentor).get(HOME))
    mentee = application.candidate
    shown = [mentee.first_name, mentee.email, "2 personnes au plus, dont 1 déjà accompagnée"]
    assert [words for words in shown if words not in page] == []
    assert (mentee.last_name in page, mentee.email in text_of(signed_in(stranger).get(HOME))) == (False, False)


def test_a_mentor_is_asked_to_commit_to_each_current_cohort(cohort, closed_cohort, mentor, signed_in):
    over = factories.make_cohort("over")
    page = links(signed_in(mentor).get(HOME))
    assert reverse("mentors:profile") in page
    commits = [reverse("matching:commit", args=[c.slug]) for c in (cohort, closed_cohort, over)]
    assert [address in page for address in commits] == [True, True, False]


@pytest.mark.parametrize(
    ("state", "tag"),
    [
        (MentorProfile.State.INVITED, "profil à compléter"),
        (MentorProfile.State.APPLIED, "profil à l’étude"),
        (MentorProfile.State.APPROVED, "profil validé"),
        (MentorProfile.State.PAUSED, "profil en pause"),
        (MentorProfile.State.DECLINED, "profil non retenu"),
    ],
)
def test_a_mentor_sees_where_her_profile_stands(state, tag, mentor, signed_in):
    MentorProfile.objects.update(state=state)
    assert tags(signed_in(mentor).get(HOME)) == [tag]


# --- Several roles, staff, weight ---------------------------------------------------------------


def test_who_has_several_roles_sees_them_all(cohort, closed_cohort, coordinator, signed_in):
    factories.make_commitment(closed_cohort, factories.make_mentor(coordinator))
    own = factories.make_draft(cohort, coordinator)
    others = factories.make_sent(closed_cohort)
    page = signed_in(coordinator).get(HOME)
    assert [reverse("admin:index") in links(page), reverse("mentors:profile") in links(page)] == [True, True]
    assert [own.reference in text_of(page), others.reference in text_of(page)] == [True, False]


def test_the_page_says_whom_to_talk_to(candidate, mentor, signed_in):
    seen = [text_of(signed_in(person).get(HOME)) for person in (candidate, mentor)]
    assert ["À qui parler" in page and "119" in page for page in seen] == [True, True]


def counted(client, django_assert_max_num_queries) -> int:
    with django_assert_max_num_queries(12) as queries:
        assert client.get(HOME).status_code == 200
    return len(queries)


@pytest.fixture
def both(cohort, candidate):
    """Inès again, who is a mentor too, for five young people: every part of the page at once."""
    factories.make_commitment(cohort, factories.make_mentor(candidate), capacity=5)
    return candidate


def test_the_number_of_queries_does_not_grow(both, cohort, closed_cohort, signed_in, django_assert_max_num_queries):
    hers, commitment = signed_in(both), both.mentor_profile.commitments.get()
    factories.make_draft(cohort, both)
    factories.make_pair(factories.make_confirmed(cohort), commitment)
    factories.make_offer(factories.make_confirmed(cohort), commitment)
    factories.make_pair(factories.make_confirmed(closed_cohort, both))
    one = counted(hers, django_assert_max_num_queries)
    for other in (factories.make_cohort("closed"), factories.make_cohort("closed")):
        factories.make_commitment(other, both.mentor_profile)
        factories.make_pair(factories.make_confirmed(other, both))
        factories.make_pair(factories.make_confirmed(cohort), commitment)
    assert counted(hers, django_assert_max_num_queries) == one
    assert sorted(tags(hers.get(HOME))) == ["brouillon", *["en binôme"] * 3, *["en cours"] * 3, "profil validé"]


def test_the_page_is_well_made(both, cohort, closed_cohort, signed_in):
    factories.make_draft(cohort, both)
    factories.make_accepted(closed_cohort, both)
    page = Page(signed_in(both).get(HOME).content.decode())
    assert (page.headings.count("h1"), page.unlabelled, page.doubled_ids) == (1, [], set())

"""From « devenir mentor·e » to the first mentee: applying, the call, what is left to do, reminders, leaving."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from cohorts.models import Trade
from lifecycle.refusals import Refusal
from mentors import reminders, transitions
from mentors.models import MentorProfile
from notifications.models import Letter
from tests import factories

pytestmark = pytest.mark.django_db
State = MentorProfile.State
APPLY, CHARTER, GUIDE, HOME = (
    reverse(name) for name in ("portal:mentor_apply", "mentors:charter", "mentors:guide", "portal:home")
)


@pytest.fixture
def answers():
    return {
        "first_name": "Léa",
        "last_name": "Roche",
        "position": "cheffe monteuse",
        "trade_1": Trade.objects.get(slug="montage").pk,
        "seniority_1": "SENIOR",
        "region": "BRE",
        "languages": ["fr"],
        "accepts_remote": "True",
        "presentation": "Vingt ans de salles de montage.",
        "links": "exemple.fr/film",
        "wished_capacity": "2",
        "accompanies_minors": "True",
    }


@pytest.fixture
def claire(coordinator, signed_in):
    return signed_in(coordinator)


def text(response) -> str:
    return response.content.decode()


# --- Applying -----------------------------------------------------------------------------------


def test_somebody_nobody_invited_presents_herself(client, signed_in, answers):
    assert APPLY in text(client.get(reverse("portal:become_mentor")))
    assert client.get(APPLY).url == f"{reverse('account_login')}?next={APPLY}"
    lea = factories.make_user("", "")
    page = signed_in(lea).post(APPLY, answers, follow=True)
    mentor = lea.mentor_profile
    lea.refresh_from_db()
    assert "puis vous appelle" in text(page)
    assert (mentor.state, mentor.wished_capacity) == (State.APPLIED, 2)
    assert [(one.trade.slug, one.seniority) for one in mentor.practices.all()] == [("montage", "SENIOR")]
    assert (lea.get_full_name(), mentor.links) == ("Léa Roche", ["https://exemple.fr/film"])
    assert list(Letter.objects.filter(to=lea.email).values_list("kind", flat=True)) == ["mentors.received"]
    assert signed_in(lea).get(APPLY).url == reverse("mentors:profile")


def test_every_fault_is_told_at_once_and_what_was_typed_is_kept(signed_in, answers):
    lea = factories.make_user("", "")
    sent = {**answers, "first_name": " ", "seniority_1": "", "links": "pas une adresse", "last_name": "Rochefort"}
    response = signed_in(lea).post(APPLY, sent)
    page = text(response)
    for words in (
        "Indiquez votre prénom.",
        "Dites depuis combien de temps",
        "n’est pas une adresse de site",
        "Rochefort",
    ):
        assert words in page
    assert (response.status_code, MentorProfile.objects.count()) == (422, 0)


@pytest.mark.parametrize(
    ("links", "words"),
    [
        ("a.fr\nb.fr\nc.fr\nd.fr", "3 liens au plus"),
        ("javascript:alert(1)", "n’est pas une adresse"),
        ("ftp://exemple.fr", "commencent par https"),
    ],
)
def test_links_that_do_not_hold(signed_in, answers, links, words):
    page = signed_in(factories.make_user("", "")).post(APPLY, {**answers, "links": links})
    assert (page.status_code, words in text(page).replace("\u00a0", " ")) == (422, True)


def test_a_candidate_under_way_is_told_to_come_back(signed_in, closed_cohort, answers):
    ines = factories.make_confirmed(closed_cohort).candidate
    browser = signed_in(ines)
    assert "Pas en même temps" in text(browser.get(APPLY))
    browser.post(APPLY, answers)
    assert not MentorProfile.objects.exists()
    sami = factories.make_rejected(closed_cohort).candidate
    signed_in(sami).post(APPLY, answers)
    assert MentorProfile.objects.get().person == sami


def test_an_invited_candidate_waits_too_and_only_while_her_season_lasts(closed_cohort, signed_in, answers):
    ines = factories.make_user("Inès", "Diallo")
    mentor = transitions.invite(ines.email, first_name="Inès", last_name="Diallo", actor="a")
    factories.make_confirmed(closed_cohort, ines)
    profile = reverse("mentors:profile")
    assert "candidature en cours" in text(signed_in(ines).post(profile, answers, follow=True))
    mentor.refresh_from_db()
    assert mentor.state == State.INVITED
    with time_machine.travel(timezone.now() + timedelta(days=400), tick=False):
        signed_in(ines).post(profile, answers)
    mentor.refresh_from_db()
    assert mentor.state == State.APPLIED


def test_applying_twice_is_refused(answers):
    mentor = factories.make_mentor()
    with pytest.raises(Refusal, match="existe déjà"):
        transitions.apply(mentor.person, first_name="", last_name="", answers={}, practices={}, actor="a")


# --- The call -----------------------------------------------------------------------------------


def test_a_profile_is_approved_after_a_call(claire, coordinator, now):
    mentor = factories.make_mentor(state=State.APPLIED, is_ready=False)
    page = reverse("admin:mentors_mentorprofile_change", args=[mentor.pk])
    approve = reverse("admin:mentors_mentorprofile_approve", args=[mentor.pk])
    assert approve not in text(claire.get(page))
    with pytest.raises(Refusal, match="appel"):
        transitions.approve(mentor, actor="a")
    with pytest.raises(Refusal, match="à venir"):
        transitions.note_call(mentor, called_on=timezone.localdate() + timedelta(days=1), actor="a")
    call = reverse("admin:mentors_mentorprofile_note_call", args=[mentor.pk])
    claire.post(call, {"called_on": timezone.localdate().isoformat(), "notes": "Vingt ans de montage, disponible."})
    html = text(claire.get(page))
    assert ("Vingt ans de montage, disponible." in html, approve in html) == (True, True)
    claire.post(approve)
    mentor.refresh_from_db()
    assert mentor.state == State.APPROVED


# --- What is left -------------------------------------------------------------------------------


def test_the_charter_then_the_guide_lead_to_each_other(signed_in):
    mentor = factories.make_mentor(is_ready=False)
    browser = signed_in(mentor.person)
    home = text(browser.get(HOME))
    assert (CHARTER in home, GUIDE in home, "Avant votre premier binôme" in home) == (True, True, True)
    page = text(browser.get(CHARTER))
    assert "Trois minutes de lecture" in page
    refused = browser.post(CHARTER, {"version": "1", "name": " "})
    assert (refused.status_code, "pour signer" in text(refused)) == (422, True)
    stale = browser.post(CHARTER, {"version": "0", "name": "Morgane Le Gall"})
    assert (stale.status_code, "vient de changer" in text(stale), "Morgane Le Gall" in text(stale)) == (422, True, True)
    assert browser.post(CHARTER, {"version": "1", "name": "Morgane Le Gall"}).url == GUIDE
    assert "Signée par Morgane Le Gall" in text(browser.get(CHARTER))
    assert browser.post(GUIDE).url == HOME
    assert "Avant votre premier binôme" not in text(browser.get(HOME))


@pytest.mark.parametrize("state", [State.INVITED, State.APPLIED, State.DECLINED, State.LEFT])
def test_they_are_for_those_who_were_approved(signed_in, state):
    mentor = factories.make_mentor(state=state)
    browser = signed_in(mentor.person)
    assert [browser.get(page).status_code for page in (CHARTER, GUIDE)] == [404, 404]


# --- Honorability -------------------------------------------------------------------------------


@pytest.fixture
def now(now):
    """In the morning: days are whole ones, whatever the season's hour."""
    return now.replace(hour=9)


@pytest.fixture
def cleared(now):
    mentor = factories.make_mentor()
    factories.clear_for_minors(mentor, now=now)
    return mentor


def told(mentor) -> list[str]:
    letters = Letter.objects.filter(kind="mentors.honorability").order_by("id")
    return [f"{letter.key.rpartition(':')[2]} {letter.status}" for letter in letters]


def test_reminders_45_and_15_days_before_the_end(cleared, now):
    seen = {}
    for days in (300, 319, 320, 321, 349, 350, 365, 366):
        reminders.remind_honorability(now=now + timedelta(days=days))
        reminders.remind_honorability(now=now + timedelta(days=days))
        seen[days] = [word.split()[0] for word in told(cleared)]
    assert seen == {
        300: [], 319: [], 320: ["45"], 321: ["45"], 349: ["45"],
        350: ["45", "15"], 365: ["45", "15"], 366: ["45", "15"],
    }  # fmt: skip


def test_missed_nights_catch_up_with_one_letter(cleared, now):
    assert reminders.remind_honorability(now=now + timedelta(days=355)) == 1
    assert told(cleared) == ["15 QUEUED"]


def test_an_extract_seen_again_makes_them_moot(cleared, now, coordinator):
    later = now + timedelta(days=330)
    reminders.remind_honorability(now=later)
    transitions.record_honorability(cleared, seen_on=timezone.localdate(later), actor=coordinator, now=later)
    assert told(cleared) == ["45 CANCELLED"]
    assert reminders.remind_honorability(now=later + timedelta(days=25)) == 0


def test_who_accompanies_no_minors_is_not_reminded(cleared, now):
    MentorProfile.objects.update(accompanies_minors=False)
    assert reminders.remind_honorability(now=now + timedelta(days=340)) == 0


# --- Pausing and leaving ------------------------------------------------------------------------


def test_a_pause_says_first_what_it_changes(signed_in, closed_cohort):
    commitment = factories.make_commitment(closed_cohort, capacity=3)
    pair = factories.make_pair(factories.make_confirmed(closed_cohort, factories.make_user("Awa")), commitment)
    factories.make_offer(factories.make_confirmed(closed_cohort), commitment)
    mentor, browser = commitment.mentor, signed_in(commitment.mentor.person)
    page = text(browser.get(reverse("matching:pause")))
    assert ("Awa" in page, "continue" in page, "annulée" in page) == (True, True, True)
    mentor.refresh_from_db()
    assert mentor.state == State.APPROVED
    browser.post(reverse("matching:pause"))
    mentor.refresh_from_db(), pair.refresh_from_db()
    assert (mentor.state, pair.state) == (State.PAUSED, "ACTIVE")
    browser.post(reverse("matching:resume"))
    page = text(browser.get(reverse("matching:leave")))
    assert ("Awa" in page, "s’arrête" in page) == (True, True)
    browser.post(reverse("matching:leave"))
    mentor.refresh_from_db(), pair.refresh_from_db()
    assert (mentor.state, pair.state) == (State.LEFT, "ENDED_EARLY")
    assert browser.get(reverse("matching:leave")).status_code == 404


def test_past_seasons_are_folded_away(signed_in, closed_cohort):
    commitment = factories.make_commitment(closed_cohort)
    browser = signed_in(commitment.mentor.person)
    assert "saison passée" not in text(browser.get(HOME))
    with time_machine.travel(timezone.now() + timedelta(days=400), tick=False):
        page = text(signed_in(commitment.mentor.person).get(HOME))
    assert ("La saison passée" in page, closed_cohort.name in page) == (True, True)

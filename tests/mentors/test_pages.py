"""A mentor's own pages, and the coordinators' screens of mentors."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from cohorts.models import Trade
from lifecycle import journal
from lifecycle.models import JournalEntry
from mentors.models import Commitment, MentorProfile
from notifications.models import Letter
from tests import factories
from tests.house.pages import Page

pytestmark = pytest.mark.django_db
State = MentorProfile.State
PROFILE = reverse("mentors:profile")


@pytest.fixture
def answers():
    return {
        "position": "cheffe monteuse",
        "employer": "",
        "trade_1": Trade.objects.get(slug="montage").pk,
        "seniority_1": "SENIOR",
        "wished_capacity": "2",
        "links": "https://exemple.fr/film\r\n\r\nexemple.fr/fiche",
        "region": "BRE",
        "languages": ["fr", "fsl"],
        "accepts_remote": "False",
        "presentation": "Vingt ans de salles de montage.",
        "accompanies_minors": "True",
    }


# --- Her profile --------------------------------------------------------------------------------


def test_an_invited_mentor_applies(lea, signed_in, answers):
    browser = signed_in(lea.person)
    page = browser.get(PROFILE).content.decode()
    assert ("Devenir mentor·e" in page, page.count("checked")) == (True, 0)
    page = browser.post(PROFILE, answers, follow=True).content.decode()
    lea.refresh_from_db()
    assert "La coordination lit votre profil" in page
    assert (lea.state, lea.languages, lea.accepts_remote, lea.accompanies_minors) == (
        State.APPLIED,
        ["fr", "fsl"],
        False,
        True,
    )
    assert [trade.slug for trade in lea.trades.all()] == ["montage"]


@pytest.mark.parametrize(
    ("field", "sentence"),
    [
        ("position", "Indiquez votre fonction."),
        ("seniority_1", "Dites depuis combien de temps vous exercez ce métier."),
        ("wished_capacity", "Choisissez un nombre."),
        ("trade_1", "Choisissez le métier"),
        ("region", "Choisissez une région."),
        ("languages", "Cochez au moins une langue."),
        ("accepts_remote", "Choisissez une réponse."),
        ("presentation", "Dites en quelques lignes ce que vous pouvez transmettre."),
        ("accompanies_minors", "Choisissez une réponse."),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_is_kept(lea, signed_in, answers, field, sentence):
    del answers[field]
    response = signed_in(lea.person).post(PROFILE, {**answers, "employer": "Studio Rosa"})
    page = response.content.decode()
    assert response.status_code == 422
    assert (sentence in page, "Studio Rosa" in page, 'role="alert"' in page) == (True, True, True)
    lea.refresh_from_db()
    assert lea.state == State.INVITED


def test_too_long_a_presentation_comes_back_whole(lea, signed_in, answers):
    text = "é" * 2001
    response = signed_in(lea.person).post(PROFILE, {**answers, "presentation": text})
    assert (response.status_code, text in response.content.decode()) == (422, True)


@pytest.mark.parametrize("trade", ["999999", "abc", "-1"])
def test_a_trade_that_does_not_exist_is_refused(lea, signed_in, answers, trade):
    assert signed_in(lea.person).post(PROFILE, {**answers, "trade_1": trade}).status_code == 422


def test_an_approved_mentor_corrects_her_profile(signed_in, answers):
    mentor = factories.make_mentor()
    signed_in(mentor.person).post(PROFILE, answers)
    mentor.refresh_from_db()
    assert (mentor.state, mentor.presentation) == (State.APPROVED, "Vingt ans de salles de montage.")


@pytest.mark.parametrize("state", [State.DECLINED, State.LEFT])
def test_a_closed_profile_says_so(signed_in, answers, state):
    mentor = factories.make_mentor(state=state)
    browser = signed_in(mentor.person)
    assert "Votre profil est clos" in browser.get(PROFILE).content.decode()
    browser.post(PROFILE, answers)
    mentor.refresh_from_db()
    assert mentor.employer == "Les Films du Canal"


def test_who_is_no_mentor_finds_nothing(signed_in, lea, stranger, coordinator, cohort):
    commit = reverse("matching:commit", args=[cohort.slug])
    for page in (PROFILE, commit):
        assert signed_in(lea.person).get(page).status_code == 200
        assert [signed_in(person).get(page).status_code for person in (stranger, coordinator)] == [404, 404]


# --- Her commitments ----------------------------------------------------------------------------


def test_committing(signed_in, cohort):
    mentor = factories.make_mentor()
    page = reverse("matching:commit", args=[cohort.slug])
    browser = signed_in(mentor.person)
    browser.post(page, {"capacity": "2"})
    assert Commitment.objects.get(mentor=mentor, cohort=cohort).capacity == 2
    html = browser.get(page).content.decode()
    assert ("<strong>2 personnes</strong>" in html, "1 personne<" in html) == (True, False)
    browser.post(page, {"capacity": "3"})
    assert Commitment.objects.get().capacity == 3


def test_what_she_would_rather_pass_on(signed_in, cohort, claire):
    """Her trades and their neighbours are offered, grouped; what she ticks is kept, and can be taken back."""
    mentor = factories.make_mentor(trades=[Trade.objects.get(slug="montage")])
    page, browser = reverse("matching:commit", args=[cohort.slug]), signed_in(mentor.person)
    offered = dict(browser.get(page).context["form"].fields["preferred_trades"].choices)
    assert list(offered) == ["Montage et postproduction"]
    colouring = Trade.objects.get(slug="etalonnage")
    browser.post(page, {"capacity": "2", "preferred_trades": [colouring.pk]})
    commitment = Commitment.objects.get()
    assert list(commitment.preferred_trades.all()) == [colouring]
    assert "de préférence\u00a0: Étalonnage" in plain(claire.get(url("change", mentor)).content.decode())
    sound = Trade.objects.get(slug="prise-de-son")
    refused = browser.post(page, {"capacity": "2", "preferred_trades": [sound.pk]})
    assert (refused.status_code, list(commitment.preferred_trades.all())) == (422, [colouring])
    browser.post(page, {"capacity": "2"})
    assert list(commitment.preferred_trades.all()) == []
    lines = JournalEntry.objects.about(journal.ref(commitment)).order_by("id").values_list("action", flat=True)
    assert list(lines) == ["commitment.made", "commitment.preferences_changed"]


def plain(html: str) -> str:
    return re.sub(r"[ \n]+", " ", html)


def test_when_she_is_free(lea, signed_in, answers, claire):
    browser = signed_in(lea.person)
    assert browser.get(PROFILE).content.decode().count('class="slots__day"') == 7
    browser.post(PROFILE, {**answers, "slots": ["MON_EVE", "SAT_DAY"]})
    lea.refresh_from_db()
    assert lea.slots == ["MON_EVE", "SAT_DAY"]
    assert "lundi soir, samedi en journée" in claire.get(url("change", lea)).content.decode()


@pytest.mark.parametrize("capacity", ["", "-1", "6", "deux"])
def test_a_number_out_of_bounds_is_refused(signed_in, cohort, capacity):
    page = reverse("matching:commit", args=[cohort.slug])
    response = signed_in(factories.make_mentor().person).post(page, {"capacity": capacity})
    assert (response.status_code, "Choisissez un nombre." in response.content.decode()) == (422, True)
    assert Commitment.objects.count() == 0


@pytest.mark.parametrize(
    ("state", "words"), [(State.APPLIED, "quand la coordination aura validé"), (State.PAUSED, "Vous êtes en pause")]
)
def test_who_may_not_commit_reads_why(signed_in, cohort, state, words):
    page = reverse("matching:commit", args=[cohort.slug])
    browser = signed_in(factories.make_mentor(state=state).person)
    assert words in browser.get(page).content.decode()
    browser.post(page, {"capacity": "1"})
    assert Commitment.objects.count() == 0


def test_a_cohort_that_does_not_exist_is_not_found(signed_in):
    browser = signed_in(factories.make_mentor().person)
    assert browser.get(reverse("matching:commit", args=["printemps-1999"])).status_code == 404


def test_every_page_says_whom_to_talk_to(signed_in, cohort):
    browser = signed_in(factories.make_mentor().person)
    for page in (PROFILE, reverse("matching:commit", args=[cohort.slug])):
        html = browser.get(page).content.decode()
        assert 'id="a-qui-parler"' in html
        assert (Page(html).headings.count("h1"), Page(html).unlabelled, Page(html).doubled_ids) == (1, [], set())


# --- Coordinators -------------------------------------------------------------------------------

LIST = reverse("admin:mentors_mentorprofile_changelist")
ADD = reverse("admin:mentors_mentorprofile_add")


@pytest.fixture
def claire(coordinator, signed_in):
    return signed_in(coordinator)


def url(name, mentor):
    return reverse(f"admin:mentors_mentorprofile_{name}", args=[mentor.pk])


def test_inviting(claire):
    person = {"email": "lea@example.org", "first_name": "Léa", "last_name": "Roche"}
    page = claire.post(ADD, person, follow=True).content.decode()
    assert "L’invitation est partie à lea@example.org." in page
    assert Letter.objects.get().kind == "mentors.invited"
    again = claire.post(ADD, person)
    assert "aucune nouvelle invitation n’est partie" in again.content.decode()
    assert Letter.objects.count() == 1


def test_inviting_nobody_is_refused(claire):
    page = claire.post(ADD, {"email": "lea@", "first_name": "Léa"}).content.decode()
    assert ("Cette adresse n’est pas complète" in page, "Indiquez son nom." in page) == (True, True)
    assert MentorProfile.objects.count() == 0


@pytest.mark.parametrize(("verb", "state"), [("approve", State.APPROVED), ("decline", State.DECLINED)])
def test_answering_who_applied(claire, verb, state):
    mentor = factories.make_mentor(state=State.APPLIED)
    assert url(verb, mentor) in claire.get(url("change", mentor)).content.decode()
    assert claire.get(url(verb, mentor)).status_code == 200
    mentor.refresh_from_db()
    assert mentor.state == State.APPLIED
    claire.post(url(verb, mentor))
    mentor.refresh_from_db()
    assert mentor.state == state
    assert url(verb, mentor) not in claire.get(url("change", mentor)).content.decode()


def test_resuming(claire):
    mentor = factories.make_mentor(state=State.PAUSED)
    claire.post(url("resume", mentor))
    mentor.refresh_from_db()
    assert mentor.state == State.APPROVED


def test_writing_down_the_honorability(claire, coordinator, now):
    mentor = factories.make_mentor(accompanies_minors=True)
    today = now.date().isoformat()
    page = claire.post(url("record_honorability", mentor), {"seen_on": today}, follow=True).content.decode()
    mentor.refresh_from_db()
    assert mentor.honorability_seen_by == journal.ref(coordinator)
    assert (f"par {coordinator.get_full_name()}" in page, "C’est noté" in page) == (True, True)


@pytest.mark.parametrize("days", [365, 100])
def test_for_how_long_an_extract_counts_is_told_as_it_is_set(claire, settings, days):
    settings.HONORABILITY_DAYS = days
    mentor = factories.make_mentor()
    asking = claire.get(url("record_honorability", mentor)).content.decode()
    end = date_format(timezone.localdate() + timedelta(days=days), "j F Y")
    assert (f"il compte jusqu’au {end}." in asking, "un an" in asking) == (True, False)
    claire.post(url("record_honorability", mentor), {"seen_on": timezone.localdate().isoformat()})
    mentor.refresh_from_db()
    assert date_format(mentor.honorability_valid_until, "j F Y") == end


@pytest.mark.parametrize("seen_on", ["", "demain", "2999-01-01", "0001-01-01"])
def test_a_day_that_makes_no_sense_is_refused(claire, seen_on):
    mentor = factories.make_mentor()
    claire.post(url("record_honorability", mentor), {"seen_on": seen_on}, follow=True)
    mentor.refresh_from_db()
    assert mentor.honorability_seen_on is None


@pytest.mark.parametrize("query", ["helene", "HÉLÈNE", "legendre", "cafe noir", "hl@example.org"])
def test_mentors_are_found_without_accents(claire, query):
    person = factories.make_user("Hélène", "Légendre", email="hl@example.org")
    factories.make_mentor(person, employer="Café Noir")
    factories.make_mentor(factories.make_user("Karim", "Benali"), employer="Studio Rosa")
    found = claire.get(LIST, {"q": query}).context_data["cl"].queryset
    assert [mentor.person.first_name for mentor in found] == ["Hélène"]


def test_a_jury_member_sees_no_mentor(reviewer, signed_in, claire):
    mentor = factories.make_mentor()
    assert claire.get(url("change", mentor)).status_code == 200
    browser = signed_in(reviewer)
    assert [browser.get(page).status_code for page in (LIST, ADD, url("change", mentor))] == [403, 403, 403]

"""Three questions before the form: who can be in a cohort, why not, in which other; and nothing is kept."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from applications import completeness, eligibility
from applications.eligibility import Answers, Reason
from applications.forms.eligibility import WANTED
from cohorts.models import Audience, Cohort
from cohorts.moments import day, moment
from tests import factories
from tests.house.pages import Page, writes

STUDENT, PUPIL = Audience.STUDENT, Audience.PUPIL
FIRST_DAY = date(2027, 5, 10)


def spring(**fields) -> Cohort:
    """A cohort for students and self-taught people from 18 to 30, from 10 May 2027 on; not saved."""
    known = {
        "season": Cohort.Season.SPRING,
        "year": 2027,
        "audiences": [STUDENT, Audience.SELF_TAUGHT],
        "min_age": 18,
        "max_age": 30,
        "starts_on": FIRST_DAY,
        "ends_on": date(2027, 11, 10),
    }
    return Cohort(**{**known, **fields})


def born(years: int, *, days: int = 0) -> date:
    """Somebody who turns that many years so many days after the first day."""
    return FIRST_DAY.replace(year=FIRST_DAY.year - years) + timedelta(days=days)


def says(birth_date=None, audience=STUDENT, *, is_available=True) -> Answers:
    return Answers(birth_date or born(20), audience, is_available)


# --- The rules ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("birth_date", "found"),
    [
        (born(15, days=1), [Reason.UNDER_AGE]),
        (born(15), [Reason.TOO_YOUNG]),
        (born(18, days=1), [Reason.TOO_YOUNG]),
        (born(18), []),
        (born(31, days=1), []),
        (born(31), [Reason.TOO_OLD]),
    ],
)
def test_age_counts_on_the_first_day(birth_date, found):
    assert eligibility.reasons(spring(), says(birth_date)) == found


@pytest.mark.parametrize("years", range(13, 40))
@pytest.mark.parametrize("days", [-1, 0, 1])
@pytest.mark.parametrize("audience", [STUDENT, PUPIL])
def test_who_is_told_yes_can_send_and_nobody_else(years, days, audience):
    """The same as what is asked when the file is sent."""
    cohort, answers = spring(), says(born(years, days=days), audience)
    file = SimpleNamespace(cohort=cohort, birth_date=answers.birth_date, answers={"audience": audience})
    refused = [
        field
        for rule in (completeness._identity, completeness._situation)
        for field, _sentence in rule(file)
        if field in ("birth_date", "audience")
    ]
    assert (eligibility.reasons(cohort, answers) == []) is (refused == [])


def test_all_reasons_are_told_age_first_then_audience_then_availability():
    answers = says(born(17), PUPIL, is_available=False)
    assert eligibility.reasons(spring(), answers) == [Reason.TOO_YOUNG, Reason.AUDIENCE, Reason.AVAILABILITY]


def test_another_cohort_fits_by_age_and_audience_whatever_the_months():
    autumn = spring(audiences=[PUPIL], min_age=15, season=Cohort.Season.AUTUMN)
    answers = says(born(17), PUPIL, is_available=False)
    assert eligibility.fitting([spring(), autumn], answers) == [autumn]


@pytest.mark.parametrize(
    ("birth_date", "birthday"),
    [
        (date(2012, 3, 9), date(2027, 3, 9)),
        (date(2012, 2, 29), date(2027, 3, 1)),
        (date(2012, 12, 31), date(2027, 12, 31)),
    ],
)
def test_the_fifteenth_birthday_is_the_first_day_she_may_start(birth_date, birthday):
    assert eligibility.birthday(birth_date, 15) == birthday
    starting = [spring(min_age=15, starts_on=birthday - timedelta(days=1)), spring(min_age=15, starts_on=birthday)]
    assert [eligibility.reasons(c, says(birth_date)) for c in starting] == [[Reason.UNDER_AGE], []]


def test_under_fifteen_nobody_leaves_an_address():
    answers = says(date(2012, 3, 9))
    assert not eligibility.may_leave_address(answers, date(2027, 3, 8))
    assert eligibility.may_leave_address(answers, date(2027, 3, 9))


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_one_sentence_and_a_few_words(reason):
    sentence = eligibility.sentence(reason, spring(), says(born(14)))
    brief = eligibility.brief(reason, spring())
    assert (sentence.count(". "), sentence[-1], brief[-1] != ".", brief.startswith("elle ")) == (0, ".", True, True)


# --- The page -----------------------------------------------------------------------------------

pages = pytest.mark.django_db


def url(cohort) -> str:
    return reverse("applications:eligibility", args=[cohort.slug])


def typed(birth_date=None, audience="STUDENT", availability="oui", *, age=20, **boxes) -> dict:
    """What somebody types, by default a student of twenty who is available."""
    at = birth_date or timezone.localdate() - timedelta(days=365 * age + 100)
    parts = {"birth_date_day": at.day, "birth_date_month": at.month, "birth_date_year": at.year}
    return {**parts, "audience": audience, "availability": availability, **boxes}


def words(response) -> str:
    """The page, spaces made plain."""
    return " ".join(response.content.decode().split())


def plain(text: str) -> str:
    return " ".join(text.split())


@pages
class TestQuestions:
    def test_anybody_reads_them_and_all_situations_are_there(self, cohort):
        Cohort.objects.update(audiences=[STUDENT])
        response = Client().get(url(cohort))
        page = Page(response.content.decode())
        assert [field["value"] for field in page.inputs if field["name"] == "audience"] == Audience.values
        assert len(page.inputs) == 3 + 4 + 3
        assert (page.unlabelled, page.headings.count("h1")) == ([], 1)
        assert "Vos réponses ne sont pas gardées" in words(response)
        assert plain(f"La promotion va du {day(cohort.starts_on)} au {day(cohort.ends_on)}") in words(response)

    def test_without_an_answer_each_question_says_so_twice(self, client, cohort):
        response = client.post(url(cohort), {})
        assert response.status_code == 422
        assert [response.content.decode().count(str(sentence)) for sentence in WANTED.values()] == [2, 2, 2]

    def test_what_was_typed_is_kept(self, client, cohort):
        response = client.post(url(cohort), typed(date(2006, 3, 9), audience="", availability="non"))
        form = response.context["form"]
        assert (response.status_code, list(form.errors)) == (422, ["audience"])
        assert form["availability"].value() == "non"
        boxes = [field["value"] for field in Page(response.content.decode()).inputs[:3]]
        assert boxes == ["9", "3", "2006"]

    @pytest.mark.parametrize(
        ("boxes", "sentence"),
        [
            ({"birth_date_day": "31", "birth_date_month": "2"}, "Cette date n’existe pas."),
            ({"birth_date_year": ""}, "il manque l’année"),
            ({"birth_date_year": "3007"}, "Vérifiez l’année"),
            ({"birth_date_year": "9" * 10_000}, "Cette date n’existe pas."),
            ({"birth_date_day": "\x00"}, "il manque le jour"),
            ({"birth_date_day": "😀"}, "Cette date n’existe pas."),
            ({"birth_date_day": "\u202e9"}, "Cette date n’existe pas."),
            ({"audience": "RICH"}, "Dites-nous quelle est votre situation."),
            ({"availability": "x" * 10_000}, "Dites-nous si vous serez disponible"),
        ],
    )
    def test_bad_input_is_told_next_to_its_question_and_at_the_top(self, client, cohort, boxes, sentence):
        response = client.post(url(cohort), typed(**boxes))
        assert (response.status_code, words(response).count(sentence)) == (422, 2)

    @pytest.mark.parametrize("slug", ["printemps-1999", "rien", "printemps-" + "9" * 100])
    def test_no_such_cohort(self, client, slug):
        assert client.get(f"/candidature/{slug}/conditions/").status_code == 404

    def test_nothing_is_kept(self, cohort):
        browser, before, sessions = Client(), writes(), Session.objects.count()
        for answers in (typed(), typed(age=12), typed(availability="non"), {}):
            browser.post(url(cohort), answers)
        assert (writes(), Session.objects.count()) == (before, sessions)
        assert "sessionid" not in browser.cookies

    def test_it_costs_two_queries_at_most(self, cohort, django_assert_num_queries):
        factories.make_cohort("upcoming")
        with django_assert_num_queries(1):
            Client().get(url(cohort))
        with django_assert_num_queries(2):
            Client().post(url(cohort), typed(age=60))


@pages
class TestAnswer:
    def answer(self, cohort, *, browser=None, **answers) -> str:
        response = (browser or Client()).post(url(cohort), typed(**answers))
        assert response.status_code == 200
        assert Page(response.content.decode()).doubled_ids == set()
        return words(response)

    @pytest.mark.parametrize("availability", ["oui", "peut-etre"])
    def test_yes_leads_to_the_form(self, cohort, availability):
        page = self.answer(cohort, availability=availability)
        assert "Cette promotion est pour vous" in page
        assert reverse("applications:start", args=[cohort.slug]) in page
        assert plain(moment(cohort.closes_at)) in page
        assert "Comptez un quart d’heure" in page
        assert "représentant·e" not in page
        assert "Prévenez-moi" not in page

    def test_it_is_the_same_signed_in(self, cohort, candidate, signed_in):
        assert "Cette promotion est pour vous" in self.answer(cohort, browser=signed_in(candidate))

    def test_a_minor_learns_that_somebody_will_sign(self, cohort):
        page = self.answer(cohort, age=16, audience="PUPIL")
        assert "Cette promotion est pour vous" in page
        assert "Préparez le nom et l’adresse e-mail de la personne qui signera pour vous" in page

    def test_before_the_opening_it_says_when_and_offers_to_tell(self):
        cohort = factories.make_cohort("upcoming")
        page = self.answer(cohort)
        assert "vous pourrez candidater dès que l’appel sera ouvert" in page
        assert plain(moment(cohort.opens_at)) in page
        assert "Prévenez-moi" in page
        assert reverse("applications:start", args=[cohort.slug]) not in page

    def test_after_the_closing_it_says_so_and_names_what_is_open(self, closed_cohort, cohort):
        page = self.answer(closed_cohort)
        assert "Vous remplissez les conditions, mais l’appel est clos depuis" in page
        assert url(cohort) in page
        assert "Prévenez-moi" in page
        assert reverse("applications:start", args=[closed_cohort.slug]) not in page

    def test_no_says_why_first_and_the_rest_briefly(self, cohort):
        Cohort.objects.update(min_age=18, audiences=[STUDENT])
        page = self.answer(cohort, age=16, audience="PUPIL", availability="non")
        assert "Pas cette promotion, cette fois" in page
        assert "Cette promotion accueille à partir de 18 ans" in page
        assert plain("À savoir aussi\u00a0: elle s’adresse à d’autres situations que la vôtre (étudiant·e)") in page
        assert page.index("accueille à partir de 18") < page.index("À savoir aussi")
        assert reverse("applications:start", args=[cohort.slug]) not in page

    def test_one_reason_alone_has_nothing_after_it(self, cohort):
        page = self.answer(cohort, availability="non")
        assert "Le mentorat vit de rendez-vous réguliers" in page
        assert "À savoir aussi" not in page
        assert url(cohort) not in Page(page).links, "the cohort itself is not another one"

    def test_no_names_the_cohort_that_fits(self, cohort, closed_cohort):
        Cohort.objects.filter(pk=cohort.pk).update(audiences=[STUDENT])
        pupils = factories.make_cohort("upcoming", audiences=[PUPIL])
        factories.make_cohort("upcoming", audiences=[STUDENT])
        page = self.answer(cohort, age=20, audience="PUPIL")
        assert "Une promotion qui peut vous aller" in page
        assert f"Promotion {pupils.name.lower()}" in page
        assert plain(moment(pupils.opens_at)) in page
        cards = Page(page).links
        assert [link for link in cards if link.endswith("/conditions/")] == [url(pupils)]
        assert "Prévenez-moi" not in page

    def test_who_fits_nowhere_can_ask_and_be_told(self, cohort, settings):
        factories.make_cohort("upcoming")
        page = self.answer(cohort, age=60)
        assert "Cette promotion accueille jusqu’à 35 ans" in page
        assert "peut vous aller" not in page
        assert "Prévenez-moi" in page
        assert f"mailto:{settings.CONTACT_EMAIL}" in page.partition("n’entre pas dans ces cases")[2]

    def test_under_fifteen_learns_from_which_day_and_leaves_no_address(self, cohort):
        birth_date = timezone.localdate() - timedelta(days=365 * 13)
        page = self.answer(cohort, birth_date=birth_date, audience="PUPIL")
        assert plain(day(eligibility.birthday(birth_date, 15))) in page
        assert "vous y serez bienvenu·e" in page
        assert "Prévenez-moi" not in page

    def test_answers_can_be_corrected_at_once(self, cohort):
        page = Page(Client().post(url(cohort), typed(age=60, audience="SELF_TAUGHT")).content.decode())
        ticked = [field["value"] for field in page.inputs if "checked" in field]
        assert ticked == ["SELF_TAUGHT", "oui"]

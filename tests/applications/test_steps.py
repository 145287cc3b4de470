"""The steps of the form: what they keep, and what they say of what they cannot keep."""

import re
from datetime import date

import pytest

from accounts.models import User
from applications.models import Application
from cohorts.models import Audience
from tests import factories
from tests.applications.reading import ABOUT, BACKGROUND, NBSP, problems, project, title, told, url
from tests.house.pages import Page

pytestmark = pytest.mark.django_db

# --- What is kept -------------------------------------------------------------------------------


def test_an_empty_step_is_saved(cohort, candidate, hers):
    draft = factories.make_complete_draft(cohort, candidate)
    for step in ("parcours", "projet", "a-propos"):
        assert hers.post(url("step", draft, step), {"list": ""}).url == url("tasks", draft)
    emptied = Application.objects.get()
    assert (emptied.audience, emptied.background, emptied.languages, emptied.ranked_trades) == ("", "", [], [])
    assert (emptied.project, emptied.accepts_remote, emptied.candidate.first_name) == ("", True, "")


def test_a_rank_left_empty_closes_up(cohort, candidate, hers):
    draft = factories.make_draft(cohort, candidate)
    montage = factories.make_trades()[1]
    hers.post(url("step", draft, "projet"), {"trade_3": str(montage.pk), "list": ""})
    assert Application.objects.get().ranked_trades == [montage]


def test_a_trade_no_longer_offered_stays_with_who_chose_it(cohort, candidate, hers):
    draft = factories.make_complete_draft(cohort, candidate)
    trade = draft.ranked_trades[0]
    trade.is_offered = False
    trade.save()
    page = hers.get(url("step", draft, "projet")).content.decode()
    assert f'<option value="{trade.pk}" selected>{trade.name}</option>' in page
    hers.post(url("step", draft, "projet"), {**project(trade), "list": ""})
    assert Application.objects.get().ranked_trades == [trade]


# --- What the form says -------------------------------------------------------------------------

NO_SUCH_DATE = f"Cette date n’existe pas. Écrivez-la en chiffres, par exemple 9{NBSP}3{NBSP}2007."
LONG = "é" * 4001
TOO_LONG = (
    f"Votre texte fait 4{NBSP}001{NBSP}caractères et la limite est de 4{NBSP}000{NBSP}: "
    "raccourcissez-le de 1. Rien n’a été effacé."
)


@pytest.mark.parametrize(
    ("step", "data", "expected"),
    [
        (
            "a-propos",
            {**ABOUT, "birth_date_day": "31", "birth_date_month": "2"},
            [
                (
                    "#id_birth_date_0",
                    f"Date de naissance{NBSP}: {NO_SUCH_DATE}",
                )
            ],
        ),
        (
            "a-propos",
            {**ABOUT, "first_name": "I" * 81},
            [
                (
                    "#id_first_name",
                    f"Prénom d’usage{NBSP}: Votre texte fait 81{NBSP}caractères et la limite est de 80{NBSP}: "
                    "raccourcissez-le de 1. Rien n’a été effacé.",
                )
            ],
        ),
        ("parcours", {**BACKGROUND, "background": LONG}, [("#id_background", f"Votre parcours{NBSP}: {TOO_LONG}")]),
        (
            "projet",
            project(project=LONG, hopes=LONG),
            [
                ("#id_project", f"Votre projet{NBSP}: {TOO_LONG}"),
                ("#id_hopes", f"Ce que vous attendez d’un·e mentor·e{NBSP}: {TOO_LONG}"),
            ],
        ),
    ],
)
def test_what_cannot_be_kept_comes_back_as_typed(step, data, expected, cohort, candidate, hers):
    draft = factories.make_draft(cohort, candidate)
    response = hers.post(url("step", draft, step), {**data, "continue": ""})
    page = response.content.decode()
    assert (response.status_code, problems(response)) == (422, expected)
    assert title(response).startswith(f"Erreur{NBSP}: ")
    anchors = {address.removeprefix("#") for address, _sentence in expected}
    assert anchors - set(Page(page).ids) == set()
    assert [value for value in data.values() if isinstance(value, str) and value not in page] == []
    draft.refresh_from_db()
    assert (draft.project, draft.background) == ("", "")


def test_the_same_trade_twice_is_told(cohort, candidate, hers):
    draft = factories.make_draft(cohort, candidate)
    montage, son = factories.make_trades(3)[1:]
    response = hers.post(url("step", draft, "projet"), {**project(montage, son, montage), "list": ""})
    assert problems(response) == [
        ("#id_trade_3", f"Un troisième métier (facultatif){NBSP}: Vous avez déjà choisi ce métier plus haut.")
    ]


@pytest.mark.parametrize(
    ("step", "field"),
    [("a-propos", "region"), ("parcours", "audience"), ("parcours", "languages"), ("projet", "trade_1")],
)
@pytest.mark.parametrize("value", ["NIMPORTE", "\x00", "999999999999999999999"])
def test_a_choice_that_does_not_exist_is_told(step, field, value, cohort, candidate, hers):
    draft = factories.make_draft(cohort, candidate)
    response = hers.post(url("step", draft, step), {field: value})
    anchor = {"audience": "id_audience_0", "languages": "id_languages_0"}.get(field, f"id_{field}")
    assert (response.status_code, [address for address, _ in problems(response)]) == (422, [f"#{anchor}"])


def test_only_the_cohorts_audiences_are_offered(cohort, candidate, hers):
    cohort.audiences = [Audience.STUDENT, Audience.SELF_TAUGHT]
    cohort.save()
    draft = factories.make_draft(cohort, candidate)
    page = hers.get(url("step", draft, "parcours")).content.decode()
    assert re.findall(r'name="audience" value="(\w+)"', page) == ["STUDENT", "SELF_TAUGHT"]


def test_an_age_the_cohort_does_not_take_is_kept_and_told_at_once(cohort, candidate, hers):
    draft = factories.make_draft(cohort, candidate)
    response = hers.post(url("step", draft, "a-propos"), {**ABOUT, "birth_date_year": "1960", "list": ""}, follow=True)
    assert told(response) == [
        "Cette promotion accueille des personnes de 15 à 35 ans le jour où elle commence.",
        "C’est enregistré.",
    ]
    assert User.objects.get(pk=candidate.pk).birth_date.year == 1960


# --- What a sent file relies on -----------------------------------------------------------------


def about(person, birth_date) -> dict:
    """« À propos de vous » as the browser sends it."""
    parts = (birth_date and {"day": birth_date.day, "month": birth_date.month, "year": birth_date.year}) or {}
    return {
        **{name: getattr(person, name) for name in ("first_name", "last_name", "region")},
        **{f"birth_date_{part}": parts.get(part, "") for part in ("day", "month", "year")},
    }


def test_nobody_comes_of_age_in_another_draft(cohort, closed_cohort, minor, signed_in):
    place = factories.make_accepted(closed_cohort, minor)
    draft = factories.make_draft(cohort, minor)
    browser, known = signed_in(minor), minor.birth_date
    assert browser.post(url("step", draft, "a-propos"), about(minor, known)).status_code == 302
    for other in (date(2000, 1, 1), None):
        answer = browser.post(url("step", draft, "a-propos"), about(minor, other))
        assert answer.status_code == 422
        assert answer.context["form"].errors == {
            "birth_date": [
                f"La candidature {place.reference} a été envoyée avec une autre date de naissance{NBSP}: "
                "pour la corriger, écrivez-nous."
            ]
        }
    browser.post(url("confirm", place))
    place.refresh_from_db()
    assert (place.state, User.objects.get(pk=minor.pk).birth_date) == (Application.State.ACCEPTED, known)


def test_a_birth_date_is_corrected_until_a_file_is_sent(cohort, closed_cohort, candidate, hers):
    factories.make_draft(closed_cohort, candidate)
    draft = factories.make_draft(cohort, candidate)
    assert hers.post(url("step", draft, "a-propos"), about(candidate, date(2001, 2, 3))).status_code == 302
    assert User.objects.get(pk=candidate.pk).birth_date == date(2001, 2, 3)

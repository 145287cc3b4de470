"""The steps of the form: what they keep, and what they say of what they cannot keep."""

import re
from datetime import date

import pytest

from accounts.models import User
from applications import outline
from applications.models import Application, Draft
from cohorts.models import Audience, Question
from tests import factories
from tests.applications.reading import (
    AGREEMENTS,
    CONTACT,
    IDENTITY,
    NBSP,
    PROJECT,
    SAVED,
    STEPS,
    TRADES,
    problems,
    save,
    seen,
    text_of,
    title,
    told,
    url,
)
from tests.house.filled_forms import unchanged
from tests.house.pages import Page

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def texts():
    factories.make_trades(3)
    factories.make_texts()


def answers() -> dict:
    return Draft.objects.get().answers


# --- What is kept -------------------------------------------------------------------------------


def test_every_step_keeps_what_it_asks(cohort, candidate, hers):
    draft = factories.make_draft(cohort, candidate)
    assert [
        step.slug
        for step in outline.steps(lambda step: step not in (outline.QUESTIONS, outline.DOCUMENTS, outline.GUARDIAN))
    ] == list(STEPS)
    for step, data in STEPS.items():
        assert save(hers, draft, step, data).url == url("tasks", draft)
    assert answers() == SAVED


def test_every_step_shows_what_it_keeps(cohort, candidate, hers):
    draft = factories.make_draft(cohort, candidate)
    for step, data in STEPS.items():
        save(hers, draft, step, data)
    before, kept = answers(), {}
    for step in STEPS:
        shown = unchanged(hers.get(url("step", draft, step)))
        Draft.objects.update(answers={})
        emptied = seen(hers.get(url("step", draft, step)))
        hers.post(url("step", draft, step), {**shown, "seen": emptied, "list": ""})
        kept |= answers()
        Draft.objects.update(answers=before)
    assert kept == before


def test_an_empty_step_is_saved(cohort, candidate, hers):
    draft = factories.make_complete_draft(cohort, candidate)
    for step in STEPS:
        assert save(hers, draft, step, {}).url == url("tasks", draft)
    assert [name for name, value in answers().items() if value not in ("", [], None)] == []


def test_a_rank_left_empty_closes_up(cohort, candidate, hers):
    draft = factories.make_draft(cohort, candidate)
    save(hers, draft, "metiers", {"trade_3": "montage"})
    save(hers, draft, "liens", {"link_3": "https://exemple.fr/film"})
    assert (answers()["trades"], answers()["links"]) == (["montage"], ["https://exemple.fr/film"])


def test_a_trade_no_longer_offered_stays_with_who_chose_it(cohort, candidate, hers):
    draft = factories.make_complete_draft(cohort, candidate)
    trade = factories.make_trades()[0]
    assert answers()["trades"][0] == trade.slug
    trade.is_offered = False
    trade.save()
    page = hers.get(url("step", draft, "metiers"))
    assert f'<option value="{trade.slug}" selected>{trade.name}</option>' in page.content.decode()
    assert save(hers, draft, "metiers", {**TRADES, "trade_1": trade.slug}).status_code == 302
    assert answers()["trades"] == [trade.slug, "montage"]


def test_the_cohorts_own_questions_are_a_step(cohort, candidate, hers):
    film = factories.make_question(cohort, "Quel film ?", word_limit=3)
    when = factories.make_question(cohort, "Quand ?", kind=Question.Kind.CHOICE, choices=["Matin", "Soir"])
    camera = factories.make_question(cohort, "Une caméra ?", kind=Question.Kind.YES_NO, is_required=False)
    draft = factories.make_draft(cohort, candidate)
    typed = {
        f"question_{film.pk}": "Trois mots ici, là",
        f"question_{when.pk}": "Soir",
        f"question_{camera.pk}": "non",
    }
    refused = save(hers, draft, "questions", typed)
    assert problems(refused) == [
        (
            f"#id_question_{film.pk}",
            f"Quel film ?{NBSP}: Votre texte fait 4 mots et la limite est de 3{NBSP}: retirez-en un.",
        )
    ]
    assert answers()["questions"] == {str(when.pk): "Soir", str(camera.pk): "non"}
    save(hers, draft, "questions", {**typed, f"question_{film.pk}": "Trois mots ici"})
    assert answers()["questions"] == {
        str(film.pk): "Trois mots ici",
        str(when.pk): "Soir",
        str(camera.pk): "non",
    }


def test_a_cohort_without_questions_has_no_such_step(cohort, candidate, hers):
    draft = factories.make_draft(cohort, candidate)
    assert hers.get(url("step", draft, "questions")).status_code == 404


def test_what_is_agreed_to_is_the_version_that_was_shown(cohort, candidate, hers):
    draft = factories.make_draft(cohort, candidate)
    save(hers, draft, "accords", AGREEMENTS)
    assert (answers()["rules"], answers()["privacy"], answers().get("image")) == (1, 1, None)
    save(hers, draft, "accords", {**AGREEMENTS, "rules_version": "2"})
    assert answers()["rules"] is None


# --- What the form says -------------------------------------------------------------------------

NO_SUCH_DATE = f"Cette date n’existe pas. Écrivez-la en chiffres, par exemple 9{NBSP}3{NBSP}2007."
LONG = "é" * 10_000
TOO_LONG = (
    f"Votre texte fait 10{NBSP}000{NBSP}caractères et la limite est de 4{NBSP}000{NBSP}: "
    f"raccourcissez-le de 6{NBSP}000. Rien n’a été effacé."
)


@pytest.mark.parametrize(
    ("step", "data", "expected", "kept"),
    [
        (
            "identite",
            {**IDENTITY, "birth_date_day": "31", "birth_date_month": "2"},
            [("#id_birth_date_0", f"Date de naissance{NBSP}: {NO_SUCH_DATE}")],
            {"last_name": "Belkacem"},
        ),
        (
            "identite",
            {**IDENTITY, "first_name": "I" * 81},
            [
                (
                    "#id_first_name",
                    f"Prénom d’usage{NBSP}: Votre texte fait 81{NBSP}caractères et la limite est de 80{NBSP}: "
                    "raccourcissez-le de 1. Rien n’a été effacé.",
                )
            ],
            {"birth_date": "2005-03-09"},
        ),
        (
            "projet",
            {"project": LONG, "hopes": LONG},
            [
                ("#id_project", f"Votre projet{NBSP}: {TOO_LONG}"),
                ("#id_hopes", f"Ce que vous attendez d’un·e mentor·e{NBSP}: {TOO_LONG}"),
            ],
            {"project": None},
        ),
        (
            "projet",
            {**PROJECT, "project": LONG},
            [("#id_project", f"Votre projet{NBSP}: {TOO_LONG}")],
            {"hopes": "Un regard"},
        ),
        (
            "metiers",
            {**TRADES, "trade_3": "prise-de-son"},
            [("#id_trade_3", f"Un troisième métier (facultatif){NBSP}: Vous avez déjà choisi ce métier plus haut.")],
            {"attraction": "Écouter 🎧", "trades": ["prise-de-son", "montage"]},
        ),
    ],
)
def test_what_cannot_be_kept_comes_back_as_typed_and_the_rest_is_kept(
    step, data, expected, kept, cohort, candidate, hers
):
    draft = factories.make_draft(cohort, candidate)
    response = save(hers, draft, step, data)
    page = response.content.decode()
    assert (response.status_code, problems(response)) == (422, expected)
    assert title(response).startswith(f"Erreur{NBSP}: ")
    anchors = {address.removeprefix("#") for address, _sentence in expected}
    assert anchors - set(Page(page).ids) == set()
    assert [value for value in data.values() if isinstance(value, str) and value not in page] == []
    assert {name: answers().get(name) for name in kept} == kept


@pytest.mark.parametrize(
    ("step", "field"),
    [
        ("situation", "audience"),
        ("parcours", "languages"),
        ("metiers", "trade_1"),
        ("disponibilites", "slots"),
        ("disponibilites", "mobility"),
        ("parite", "gender"),
        ("egalite", "social_criteria"),
    ],
)
@pytest.mark.parametrize("value", ["NIMPORTE", "\x00", "999999999999999999999"])
def test_a_choice_that_does_not_exist_is_told(step, field, value, cohort, candidate, hers):
    draft = factories.make_draft(cohort, candidate)
    response = save(hers, draft, step, {field: value})
    anchor = f"id_{field}" if field == "trade_1" else f"id_{field}_0"
    assert (response.status_code, [address for address, _ in problems(response)]) == (422, [f"#{anchor}"])


def test_only_the_cohorts_audiences_are_offered(cohort, candidate, hers):
    cohort.audiences = [Audience.STUDENT, Audience.SELF_TAUGHT]
    cohort.save()
    draft = factories.make_draft(cohort, candidate)
    page = hers.get(url("step", draft, "situation")).content.decode()
    assert re.findall(r'name="audience" value="(\w+)"', page) == ["STUDENT", "SELF_TAUGHT"]


def test_what_is_asked_of_support_follows_from_the_situation(cohort, candidate, hers):
    draft = factories.make_draft(cohort, candidate)
    labels = []
    for audience in (Audience.PUPIL, Audience.REINSERTION):
        save(hers, draft, "situation", {"audience": audience})
        labels.append(hers.get(url("step", draft, "accompagnement")).context["form"].fields["structure"].label)
    assert labels == ["Votre lycée ou votre CFA (facultatif)", "La structure qui vous accompagne (facultatif)"]


def test_an_age_the_cohort_does_not_take_is_kept_and_told_at_once(cohort, candidate, hers):
    draft = factories.make_draft(cohort, candidate)
    response = save(hers, draft, "identite", {**IDENTITY, "birth_date_year": "1960"}, follow=True)
    assert told(response) == [
        "Cette promotion accueille des personnes de 15 à 35 ans le jour où elle commence.",
        "C’est enregistré.",
    ]
    assert answers()["birth_date"] == "1960-03-09"


def test_a_referent_is_somebody_else(cohort, candidate, hers):
    draft = factories.make_draft(cohort, candidate)
    response = save(hers, draft, "accompagnement", {"referent_name": "Moi", "referent_email": candidate.email.upper()})
    assert [address for address, _sentence in problems(response)] == ["#id_referent_email"]


# --- Two tabs -----------------------------------------------------------------------------------


def test_a_stale_save_is_refused_with_both_versions_shown(cohort, candidate, hers):
    draft = factories.make_draft(cohort, candidate)
    step = url("step", draft, "projet")
    old, new = seen(hers.get(step)), seen(hers.get(step))
    assert hers.post(step, {"project": "Le premier", "hopes": "", "seen": new, "list": ""}).status_code == 302

    refused = hers.post(step, {"project": "Le second", "hopes": "", "seen": old, "list": ""})

    assert (refused.status_code, answers()["project"]) == (409, "Le premier")
    page = text_of(refused)
    assert ["Cette étape a été enregistrée ailleurs" in page, "Le premier" in page, "Le second" in page] == [True] * 3
    again = hers.post(step, {"project": "Le second", "hopes": "", "seen": seen(refused), "list": ""})
    assert (again.status_code, answers()["project"]) == (302, "Le second")


def test_a_stale_save_of_the_same_words_is_no_quarrel(cohort, candidate, hers):
    draft = factories.make_draft(cohort, candidate)
    step = url("step", draft, "projet")
    old = seen(hers.get(step))
    codes = [hers.post(step, {**PROJECT, "seen": old, "list": ""}).status_code for _tab in range(2)]
    assert (codes, answers()["project"]) == ([302, 302], "Monter 🎬")


def test_another_step_saved_meanwhile_is_no_quarrel(cohort, candidate, hers):
    draft = factories.make_draft(cohort, candidate)
    old = seen(hers.get(url("step", draft, "projet")))
    save(hers, draft, "coordonnees", CONTACT)
    done = hers.post(url("step", draft, "projet"), {**PROJECT, "seen": old, "list": ""})
    assert (done.status_code, answers()["postcode"], answers()["hopes"]) == (302, "97400", "Un regard")


def test_a_page_that_says_not_what_it_saw_wipes_nothing(cohort, candidate, hers):
    draft = factories.make_draft(cohort, candidate)
    save(hers, draft, "projet", PROJECT)
    refused = hers.post(url("step", draft, "projet"), {"project": "", "hopes": "", "list": ""})
    assert (refused.status_code, answers()["project"]) == (409, "Monter 🎬")


# --- What a sent file relies on -----------------------------------------------------------------


def identity(person, birth_date) -> dict:
    """« Vous » as the browser sends it."""
    parts = (birth_date and {"day": birth_date.day, "month": birth_date.month, "year": birth_date.year}) or {}
    return {
        **{name: getattr(person, name) for name in ("first_name", "last_name")},
        **{f"birth_date_{part}": parts.get(part, "") for part in ("day", "month", "year")},
    }


def test_nobody_comes_of_age_in_another_draft(cohort, closed_cohort, minor, signed_in):
    place = factories.make_accepted(closed_cohort, minor)
    draft = factories.make_draft(cohort, minor)
    browser, known = signed_in(minor), minor.birth_date
    assert save(browser, draft, "identite", identity(minor, known)).status_code == 302
    for other in (date(2000, 1, 1), None):
        answer = save(browser, draft, "identite", identity(minor, other))
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

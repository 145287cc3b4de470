"""The trades that a mentor exercises, and since when: on her pages, on the coordinators', in a list of mentors."""

import re

import pytest
from django.urls import reverse

from cohorts.models import Trade
from mentors.importing import inviting
from mentors.models import MentorProfile
from tests import factories
from tests.house.filled_forms import unchanged
from tests.mentors.lists import actions, checked, faults

pytestmark = pytest.mark.django_db
PROFILE = reverse("mentors:profile")


@pytest.fixture
def answers():
    return {
        "position": "cheffe monteuse",
        "trade_1": trade("montage"),
        "seniority_1": "SENIOR",
        "wished_capacity": "2",
        "region": "BRE",
        "languages": ["fr"],
        "accepts_remote": "False",
        "presentation": "Vingt ans de salles de montage.",
        "accompanies_minors": "True",
    }


def trade(slug: str) -> int:
    return Trade.objects.get(slug=slug).pk


def practices(mentor) -> dict[str, str]:
    return dict(mentor.practices.values_list("trade__slug", "seniority"))


def test_each_trade_has_its_seniority_and_an_empty_row_closes_up(lea, signed_in, answers):
    rows = {"trade_1": "", "seniority_1": "", "trade_2": trade("mixage"), "seniority_2": "STARTING"}
    rows |= {"trade_4": trade("montage"), "seniority_4": "SENIOR"}
    signed_in(lea.person).post(PROFILE, {**answers, **rows})
    assert practices(lea) == {"mixage": "STARTING", "montage": "SENIOR"}


@pytest.mark.parametrize(
    ("row", "box", "sentence"),
    [
        ({"trade_2": "mixage"}, "seniority_2", "Dites depuis combien de temps vous exercez ce métier."),
        ({"seniority_2": "SETTLED"}, "trade_2", "Choisissez le métier, ou remettez aussi « Depuis »"),
        ({"trade_3": "montage", "seniority_3": "SETTLED"}, "trade_3", "Vous avez déjà choisi ce métier plus haut."),
        ({"trade_2": "mixage", "seniority_2": "toujours"}, "seniority_2", "Choisissez une durée de la liste."),
        ({"trade_1": "", "seniority_1": ""}, "trade_1", "Choisissez au moins un métier."),
    ],
)
def test_half_a_row_is_told_beside_its_box_and_at_the_head(lea, signed_in, answers, row, box, sentence):
    sent = {**answers, **{k: trade(v) if v and k.startswith("trade") else v for k, v in row.items()}}
    response = signed_in(lea.person).post(PROFILE, sent)
    page = response.content.decode()
    assert (response.status_code, list(response.context["form"].errors)) == (422, [box])
    assert re.sub(r"\s+", " ", page).count(sentence) == 2
    assert (f'<a href="#id_{box}">' in page, f'id="id_{box}_error"' in page) == (True, True)
    typed = {name: [str(value)] for name, value in sent.items() if name.startswith("trade")}
    assert {name: value for name, value in unchanged(response).items() if name in typed} == typed
    assert practices(lea) == {}


def test_only_rows_with_nothing_in_them_are_folded(lea, signed_in, answers):
    """What is folded cannot be in error, nor be forgotten."""
    browser = signed_in(lea.person)
    folded = [row.is_folded for row in browser.get(PROFILE).context["form"].rows]
    wrong = browser.post(PROFILE, {**answers, "seniority_3": "SENIOR"})
    assert (folded, [row.is_folded for row in wrong.context["form"].rows]) == (
        [False, True, True, True],
        [False, False, False, True],
    )
    page = wrong.content.decode()
    assert (page.count("<details"), "Ajouter un quatrième métier" in page) == (1, True)


def test_who_exercises_many_trades_loses_none_by_saving(signed_in):
    mentor = factories.make_mentor(trades=Trade.objects.all()[:6], wished_capacity=2)
    browser, before = signed_in(mentor.person), practices(mentor)
    page = browser.get(PROFILE)
    assert len(page.context["form"].rows) == 7
    assert browser.post(PROFILE, unchanged(page)).status_code == 302
    assert (practices(mentor), len(before)) == (before, 6)
    sent = unchanged(page)
    mentor.practices.all().delete()
    browser.post(PROFILE, sent)  # from a page that stood open meanwhile
    assert practices(mentor) == before


def test_a_trade_that_a_list_named_waits_for_its_seniority(lea, signed_in, answers):
    lea.trades.add(trade("montage"))
    browser = signed_in(lea.person)
    shown = {name: unchanged(browser.get(PROFILE))[name] for name in ("trade_1", "seniority_1")}
    assert shown == {"trade_1": [str(trade("montage"))], "seniority_1": [""]}
    assert list(browser.post(PROFILE, {**answers, **shown}).context["form"].errors) == ["seniority_1"]
    browser.post(PROFILE, {**answers, **shown, "seniority_1": "SETTLED"})
    assert practices(lea) == {"montage": "SETTLED"}


def test_a_trade_that_is_offered_no_longer_stays_hers(signed_in, answers):
    mentor = factories.make_mentor(wished_capacity=2)
    Trade.objects.filter(pk__in=mentor.trades.all()).update(is_offered=False)
    before, browser = practices(mentor), signed_in(mentor.person)
    assert browser.post(PROFILE, unchanged(browser.get(PROFILE))).status_code == 302
    assert practices(mentor) == before


# --- The coordinators' pages --------------------------------------------------------------------


def test_each_trade_is_read_with_its_seniority(coordinator, signed_in):
    mentor, claire = factories.make_mentor(trades=[]), signed_in(coordinator)
    for slug, seniority in (("montage", "SENIOR"), ("mixage", "SETTLED"), ("scripte", "")):
        mentor.trades.add(trade(slug), through_defaults={"seniority": seniority})
    told = "Scripte, Mixage (de 3 à 10\u00a0ans), Montage image (plus de 10\u00a0ans)"
    page = reverse("admin:mentors_mentorprofile_change", args=[mentor.pk])
    assert told in claire.get(page).content.decode()
    listed = claire.get(reverse("admin:mentors_mentorprofile_changelist")).content.decode()
    assert "Scripte, Mixage, Montage image" in listed


# --- A list of mentors --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "seniority"),
    [
        ("plus de 10 ans", "SENIOR"),
        ("De 3 A 10\u00a0ANS", "SETTLED"),
        ("Moins de 3 ans", "STARTING"),
        ("depuis 11 ans", "SENIOR"),
        ("10", "SETTLED"),
        ("3 ans", "SETTLED"),
        ("1 an", "STARTING"),
        ("15 années", "SENIOR"),
        ("> 10 ans", "SENIOR"),
        ("+10 ans", "SENIOR"),
        ("10+", "SENIOR"),
        ("< 3 ans", "STARTING"),
        ("", ""),
    ],
)
def test_a_line_s_seniority_is_that_of_each_trade_it_names(coordinator, cell, seniority):
    header = "prénom;nom;e-mail;métiers;ancienneté"
    one = checked(f"{header}\nLéa;Roche;lea@example.org;Mixage, Montage image;{cell}", coordinator)
    assert faults(one) == []
    inviting.import_(one, actor=coordinator)
    assert practices(MentorProfile.objects.get()) == {"mixage": seniority, "montage": seniority}


def test_a_list_without_seniority_erases_none(coordinator):
    header = "prénom;nom;e-mail;métiers"
    first = checked(f"{header};ancienneté\nLéa;Roche;lea@example.org;Mixage, Scripte;12 ans", coordinator)
    inviting.import_(first, actor=coordinator)
    same = checked(f"{header}\nLéa;Roche;lea@example.org;Mixage, Scripte", coordinator)
    other = checked(f"{header}\nLéa;Roche;lea@example.org;Mixage, Montage image", coordinator)
    assert (actions(same), actions(other)) == (["same"], ["fill_in"])
    before, after = "Scripte (plus de 10\u00a0ans), Mixage", "Mixage (plus de 10\u00a0ans), Montage image"
    assert other.plan[0]["told"] == [f"métiers\u00a0: {before} (plus de 10\u00a0ans) → {after}"]
    inviting.import_(other, actor=coordinator)
    assert practices(MentorProfile.objects.get()) == {"mixage": "SENIOR", "montage": ""}

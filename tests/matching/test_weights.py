"""What the scores of a cohort count: set on a page, checked beside each field, handed on to the next year."""

import re

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from cohorts import transitions as cohorts
from lifecycle import journal
from lifecycle.models import JournalEntry
from matching import weights
from matching.models import Weights
from matching.scoring import CHOSEN, Scale
from tests import factories
from tests.house.pages import Page

pytestmark = pytest.mark.django_db

FIRST = {name: getattr(Scale, name) for name in CHOSEN if name != "pairs_other_trades"}


@pytest.fixture
def claire(coordinator, signed_in):
    return signed_in(coordinator)


def page(cohort) -> str:
    return reverse("admin:matching_run_weights", args=[cohort.pk])


def words(response) -> str:
    return re.sub(r"[ \n]+", " ", response.content.decode()).replace("\u00a0", " ").replace("&nbsp;", " ")


def test_a_cohort_begins_with_weights_that_add_up(cohort):
    assert (weights.of(cohort).scale, Weights.objects.count()) == (Scale(), 0)
    assert Scale().greatest == 1000


def test_a_coordinator_sets_what_counts(claire, cohort, coordinator):
    at = reverse("admin:matching_run_cohort", args=[cohort.pk])
    assert page(cohort) in claire.get(at).content.decode()
    shown = claire.get(page(cohort))
    markup = Page(shown.content.decode())
    assert (markup.headings.count("h1"), markup.unlabelled, Weights.objects.count()) == (1, [], 0)
    assert "a <strong>1 000 points</strong>" in words(shown)
    saved = claire.post(page(cohort), {**FIRST, "slots": 40, "pairs_other_trades": "on"}, follow=True)
    assert saved.redirect_chain == [(at, 302)]
    assert weights.of(cohort).scale == Scale(slots=40, pairs_other_trades=True)
    line = JournalEntry.objects.get(action="cohort.weights_changed")
    assert (line.target, line.actor, line.detail) == (
        journal.ref(cohort),
        journal.ref(coordinator),
        "slots, pairs_other_trades",
    )
    claire.post(page(cohort), {**FIRST, "slots": 40, "pairs_other_trades": "on"})
    assert JournalEntry.objects.filter(action="cohort.weights_changed").count() == 1


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        (
            {"slots": 130},
            "slots",
            "Un binôme pour qui tout compte aurait 1 040 points, et 1 000 est le plus haut possible : "
            "baissez de 40 ce poids, ou un autre.",
        ),
        ({"slots": -1}, "slots", "Écrivez un nombre entier, de 0 à 1 000."),
        ({"slots": 1001}, "slots", "Écrivez un nombre entier, de 0 à 1 000."),
        ({"slots": ""}, "slots", "Écrivez un nombre entier, de 0 à 1 000."),
        ({"slots": "beaucoup"}, "slots", "Écrivez un nombre entier, de 0 à 1 000."),
        ({"second_wish": 481}, "second_wish", "Pas plus que « Premier vœu » : 480 au plus."),
        ({"family": 300}, "family", "Pas plus que « Troisième vœu » : 280 au plus."),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(claire, cohort, changed, field, sentence):
    refused = claire.post(page(cohort), {**FIRST, **changed})
    told = {
        name: [error.replace("\u00a0", " ") for error in errors]
        for name, errors in refused.context["form"].errors.items()
    }
    assert (refused.status_code, told) == (422, {field: [sentence]})
    assert words(refused).count(sentence) == 2
    assert Weights.objects.count() == 0


def test_two_mistakes_are_said_at_once(claire, cohort):
    form = claire.post(page(cohort), {**FIRST, "slots": 130, "family": 300}).context["form"]
    assert {name: len(errors) for name, errors in form.errors.items()} == {"slots": 1, "family": 1}


@pytest.mark.parametrize("wrong", [{"slots": 91}, {"second_wish": 481}, {"family": 281}])
def test_the_database_keeps_scores_within_bounds(cohort, wrong):
    Weights.objects.create(cohort=cohort)
    with pytest.raises(IntegrityError, match="weights_"), transaction.atomic():
        Weights.objects.update(**wrong)


def test_the_next_year_counts_as_the_last_one_did(cohort):
    weights.save(cohort, chosen={**FIRST, "slots": 10}, actor=journal.CONSOLE)
    following = cohorts.copy(cohort, actor=journal.CONSOLE)
    assert weights.of(following).scale == Scale(slots=10)
    weights.save(following, chosen={**FIRST, "slots": 20}, actor=journal.CONSOLE)
    assert [weights.of(one).slots for one in (cohort, following)] == [10, 20]


def test_another_season_has_its_own(cohort):
    weights.save(cohort, chosen={**FIRST, "slots": 10}, actor=journal.CONSOLE)
    other = factories.make_cohort("upcoming", season="AUTUMN" if cohort.season == "SPRING" else "SPRING", year=2040)
    assert weights.of(other).scale == Scale()

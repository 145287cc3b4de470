"""Composing a list from its page: what the form begins with, and what is told when no list is possible."""

import pytest

from cohorts.models import Cohort
from reviews.models import Selection
from tests import factories
from tests.reviews.lists import BOUNDED, FORM, compose_url, list_url, text

pytestmark = pytest.mark.django_db


def test_the_form_begins_with_what_the_cohort_wants(closed_cohort, files, claire):
    closed_cohort.audience_minimums, closed_cohort.parity_percent = {"PUPIL": 3}, 50
    closed_cohort.parity_reason = "Un plateau à parité."
    closed_cohort.save()
    factories.make_accepted(closed_cohort)
    page = claire.get(compose_url(closed_cohort))
    form = page.context["form"]
    values = {name: form[name].value() for name in form.fields}
    assert values == {
        "basis": "ADJUSTED",
        "places": 19,
        "waiting": 10,
        "parity_percent": 50,
        "parity_reason": "Un plateau à parité.",
        "minimum_STUDENT": None,
        "minimum_SELF_TAUGHT": None,
        "minimum_PUPIL": 3,
        "minimum_REINSERTION": None,
    }
    assert "4 dossiers peuvent y entrer, dont 4 auxquels il manque encore un avis." in text(page)


def test_the_form_begins_with_what_the_minimums_still_lack(closed_cohort, files, claire):
    Cohort.objects.filter(pk=closed_cohort.pk).update(audience_minimums={"PUPIL": 3, "STUDENT": 1})
    factories.decide(files[0], files[3], outcome="ACCEPTED")
    page = claire.get(compose_url(closed_cohort))
    initial = page.context["form"].initial
    assert {name: value for name, value in initial.items() if "minimum" in name} == {"minimum_PUPIL": 2}
    assert text(page).count("1 place déjà prise.") == 2


def test_the_form_begins_with_another_list(closed_cohort, files, claire, compose):
    compose(**BOUNDED)
    form = claire.get(compose_url(closed_cohort), {"depuis": "1"}).context["form"]
    assert (form["places"].value(), form["minimum_PUPIL"].value(), form["basis"].value()) == (2, 1, "MEAN")
    assert claire.get(compose_url(closed_cohort), {"depuis": "x²"}).status_code == 200


def test_composing_leads_to_the_list(closed_cohort, files, claire, coordinator):
    sent = {**FORM, "minimum_PUPIL": "1", "parity_percent": "50", "parity_reason": "Un plateau à parité."}
    answer = claire.post(compose_url(closed_cohort), sent, follow=True)
    selection = Selection.objects.get()
    assert answer.redirect_chain == [(list_url(selection), 302)]
    assert (selection.composed_by, selection.audience_minimums, selection.waiting) == (coordinator, {"PUPIL": 1}, 1)
    page = text(answer)
    for shown in (
        "La borne « 1 lycéen·ne » coûte 3,00 points au total : 1 dossier entre, 1 sort.",
        "personnes non binaires » coûte 2,00 points au total : 1 dossier entre, 1 sort.",
        "Ensemble, les bornes coûtent 4,00 points au total : 2 dossiers entrent, 2 sortent.",
        "entré·e du fait de « 50 % de femmes et de personnes non binaires »",
        "sorti·e du fait de « 1 lycéen·ne » et de « 50 % de femmes et de personnes non binaires »",
        "sorti·e du fait de « l’ensemble des bornes »",
        "Un plateau à parité.",
        f"SHA-256 de « {closed_cohort.slug}:référence »",
        "Coupure : 4,00",
    ):
        assert shown in page


def test_a_share_without_a_reason_is_told_next_to_it_and_nothing_is_lost(closed_cohort, files, claire):
    answer = claire.post(compose_url(closed_cohort), {**FORM, "parity_percent": "50", "minimum_PUPIL": "1"})
    form = answer.context["form"]
    assert dict(form.errors) == {
        "parity_reason": ["Écrivez pourquoi cette part est demandée\u00a0: le procès-verbal le dira."]
    }
    assert (form["minimum_PUPIL"].value(), form["parity_percent"].value()) == ("1", "50")
    page = answer.content.decode()
    assert '<a href="#id_parity_reason">Écrivez pourquoi' in page
    assert 'aria-invalid="true"' in page
    assert not Selection.objects.exists()


def test_bounds_that_cannot_be_kept_are_told_next_to_each(closed_cohort, files, claire):
    sent = {**FORM, "minimum_PUPIL": "2", "parity_percent": "100", "parity_reason": "Pour essayer."}
    answer = claire.post(compose_url(closed_cohort), sent)
    errors = {
        name: [one.replace("\u00a0", " ") for one in said] for name, said in answer.context["form"].errors.items()
    }
    assert errors == {
        "minimum_PUPIL": ["2 places au moins pour les lycéen·nes ; dossiers qui ont un avis : 1. Il en manque 1."],
        "parity_percent": [
            "100 % de femmes et de personnes non binaires, soit 2 places ; dossiers qui peuvent y compter et qui ont "
            "un avis : 1. Il en manque 1."
        ],
        "__all__": ["En tout, il faut renoncer à 2 au moins des places ainsi demandées."],
    }
    assert 'value="2"' in answer.content.decode()
    assert not Selection.objects.exists()


def test_bounds_that_cross_are_told_above_all(closed_cohort, files, claire):
    sent = {**FORM, "places": "1", "minimum_PUPIL": "1", "parity_percent": "50", "parity_reason": "Pour essayer."}
    answer = claire.post(compose_url(closed_cohort), sent)
    (sentence,) = answer.context["form"].non_field_errors()
    assert sentence.replace("\u00a0", " ") == (
        "Les minimums par public (lycéen·nes) donnent au moins 1 place à des dossiers qui ne comptent pas dans la part "
        "de femmes et de personnes non binaires. Elle demande 1 place, il en reste 0 : il en manque 1. Baissez cette "
        "part ou ces minimums de 1 en tout."
    )
    more = claire.post(compose_url(closed_cohort), {**FORM, "minimum_PUPIL": "1", "minimum_STUDENT": "2"})
    assert more.context["form"].non_field_errors()[0].replace("\u00a0", " ") == (
        "Les minimums par public (étudiant·es, lycéen·nes) font en tout 3 places, et la liste ne peut en compter que "
        "2 : 1 de trop."
    )


def test_minimums_of_more_than_there_is_are_counted_as_far_as_they_go(closed_cohort, files, claire):
    sent = {**FORM, "places": "1", "minimum_PUPIL": "9", "minimum_STUDENT": "1"}
    form = claire.post(compose_url(closed_cohort), sent).context["form"]
    assert form.errors["minimum_PUPIL"] == [
        "9 places au moins pour les lycéen·nes\u00a0; dossiers qui ont un avis\u00a0: 1. Il en manque 8."
    ]
    assert form.non_field_errors()[0] == (
        "Même ramenés aux dossiers qu’il y a, les minimums par public (étudiant·es, lycéen·nes) font encore 2 places, "
        "et la liste ne peut en compter que 1\u00a0: 1 de trop."
    )


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"places": ""}, "Écrivez un nombre."),
        ({"places": "vingt"}, "Écrivez un nombre entier, par exemple 20."),
        ({"places": "0"}, "Écrivez un nombre entier, par exemple 20."),
        ({"places": "21"}, "Il n’y a que 20 places libres."),
        ({"waiting": "-1"}, "Écrivez un nombre entier, par exemple 20."),
        ({"minimum_PUPIL": "99999999999999999999"}, "Écrivez un nombre entier, par exemple 20."),
        ({"parity_percent": "101"}, "La part demandée va de 1 à 100\u00a0%."),
        ({"basis": ""}, "Choisissez sur quoi calculer."),
        ({"basis": "LUCK"}, None),
    ],
)
def test_nonsense_is_told(closed_cohort, files, claire, wrong, sentence):
    answer = claire.post(compose_url(closed_cohort), {**FORM, **wrong})
    assert answer.status_code == 200
    ((field, said),) = answer.context["form"].errors.items()
    assert field == next(iter(wrong))
    assert sentence is None or said == [sentence]
    assert not Selection.objects.exists()

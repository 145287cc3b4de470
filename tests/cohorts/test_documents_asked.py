"""The documents that a cohort asks: writing them on its admin page, keeping what people gave, copying a year."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from cohorts import transitions
from cohorts.models import DocumentAsked
from cohorts.queries import documents_asked_of
from lifecycle import journal
from lifecycle.models import JournalEntry
from lifecycle.refusals import Refusal
from tests import factories
from tests import papers as make
from tests.cohorts.test_admin import CHANGE, posted

pytestmark = pytest.mark.django_db

NEW = {"label": "CV", "hint": "", "max_files": "1", "order": ""}
FIELDS = ("label", "hint", "is_required", "max_files", "order")


def as_sent(*blocks, standing=()):
    """As the browser sends them: those that stand, then new blocks. An unticked box is not sent."""
    forms = [
        {**{name: getattr(asked, name) for name in FIELDS}, "id": asked.pk, "cohort": asked.cohort_id}
        for asked in standing
    ]
    data = {}
    for number, block in enumerate([*forms, *blocks]):
        data |= {f"documents_asked-{number}-{name}": value for name, value in block.items() if value is not False}
    total = len(forms) + len(blocks)
    return {**data, "documents_asked-TOTAL_FORMS": total, "documents_asked-INITIAL_FORMS": len(forms)}


def save(browser, cohort, *blocks, standing=(), **more):
    data = posted(cohort) | as_sent(*blocks, standing=standing) | more
    return browser.post(reverse(CHANGE, args=[cohort.pk]), data)


def errors(answer):
    formset = answer.context["inline_admin_formsets"][1].formset
    fields = [{field: list(said) for field, said in e.items()} for e in formset.errors if e]
    return fields, list(formset.non_form_errors())


def changes(cohort) -> int:
    return JournalEntry.objects.about(journal.ref(cohort)).filter(action="cohort.documents_changed").count()


def rows(cohort):
    return [tuple(getattr(asked, name) for name in FIELDS) for asked in documents_asked_of(cohort)]


def test_a_coordinator_writes_what_is_asked(upcoming, coordinator, signed_in):
    browser = signed_in(coordinator)
    book = NEW | {"label": "Portfolio", "hint": "Images,\r\nou un  texte.", "max_files": "3"}
    answer = save(browser, upcoming, NEW | {"is_required": "on"}, book)
    assert answer.status_code == 302
    assert rows(upcoming) == [("CV", "", True, 1, 1), ("Portfolio", "Images, ou un texte.", False, 3, 2)]
    assert changes(upcoming) == 1
    page = browser.get(reverse(CHANGE, args=[upcoming.pk])).content.decode()
    shown = " ".join(re.sub(r"<[^>]+>", " ", page.partition('id="documents_asked-group"')[2]).split())
    assert "1. CV obligatoire · 1 fichier au plus" in shown
    assert "2. Portfolio facultatif · 3 fichiers au plus" in shown
    assert "Documents demandés par la promotion changés" in shown


def test_saving_what_stands_changes_nothing(upcoming, coordinator, signed_in):
    asked = make.ask(upcoming)
    assert save(signed_in(coordinator), upcoming, NEW | {"label": ""}, standing=[asked]).status_code == 302
    assert (rows(upcoming), changes(upcoming)) == ([("CV", "", False, 1, 1)], 0)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("label", "x" * 81, "80 caractères au plus\u00a0: ce nom en a 81."),
        ("max_files", "6", "Écrivez un nombre entier, de 1 à 5."),
        ("max_files", "0", "Écrivez un nombre entier, de 1 à 5."),
        ("max_files", "", "Écrivez un nombre entier, de 1 à 5."),
        ("order", "x", "Écrivez un nombre entier, par exemple 2."),
        ("hint", "x" * 301, "300 caractères au plus\u00a0: cette précision en a 301."),
    ],
)
def test_what_breaks_a_rule_is_told_next_to_the_field(upcoming, coordinator, signed_in, field, value, sentence):
    browser = signed_in(coordinator)
    answer = save(browser, upcoming, NEW | {"label": "Lettre", field: value})
    assert (answer.status_code, errors(answer)) == (200, ([{field: [sentence]}], []))
    assert rows(upcoming) == []


def test_a_sixth_document_is_told_above_them(upcoming, coordinator, signed_in):
    answer = save(signed_in(coordinator), upcoming, *[NEW] * 6)
    assert errors(answer)[1] == ["Cinq documents au plus\u00a0: une candidature n’a pas plus de cinq fichiers."]
    assert rows(upcoming) == []
    with pytest.raises(Refusal, match="Cinq documents"):
        transitions.save_documents(
            upcoming, added=[DocumentAsked(label="CV", order=None) for _one in range(6)], actor=coordinator
        )


def test_before_the_call_one_goes(upcoming, coordinator, signed_in):
    asked = make.ask(upcoming)
    answer = save(signed_in(coordinator), upcoming, standing=[asked], **{"documents_asked-0-DELETE": "on"})
    assert (answer.status_code, rows(upcoming), changes(upcoming)) == (302, [], 1)


def test_once_the_call_has_opened_none_goes_nor_takes_fewer_files(cohort, coordinator, signed_in):
    asked, browser = make.ask(cohort, max_files=3), signed_in(coordinator)
    page = browser.get(reverse(CHANGE, args=[cohort.pk])).content.decode()
    assert "Un document demandé ne se supprime plus." in page
    assert 'name="documents_asked-0-DELETE"' not in page
    gone = save(browser, cohort, standing=[asked], **{"documents_asked-0-DELETE": "on"})
    kept = "«\u00a0CV\u00a0» a peut-être déjà des fichiers. Rendez-le facultatif plutôt que de le supprimer."
    assert errors(gone) == ([], [kept])
    fewer = save(browser, cohort, standing=[asked], **{"documents_asked-0-max_files": "2"})
    sentence = "L’appel a déjà ouvert\u00a0: quelqu’un a peut-être donné 3 fichiers. Vous pouvez en accepter plus."
    assert errors(fewer) == ([{"max_files": [sentence]}], [])
    more = {"documents_asked-0-max_files": "4", "documents_asked-0-label": "Votre CV"}
    assert save(browser, cohort, standing=[asked], **more).status_code == 302
    assert rows(cohort) == [("Votre CV", "", False, 4, 1)]


def test_one_that_files_use_stays_even_when_the_opening_is_put_off(cohort, candidate, coordinator, now):
    asked = make.ask(cohort)
    make.give(factories.make_draft(cohort, candidate), asked)
    cohort.opens_at, cohort.closes_at = now + timedelta(days=3), now + timedelta(days=9)
    cohort.save()
    with pytest.raises(transitions.DocumentStands) as refused:
        transitions.save_documents(cohort, dropped=[asked], actor=coordinator)
    assert "Rendez-le facultatif" in refused.value.sentence
    assert rows(cohort) == [("CV", "", False, 1, 1)]


def test_next_year_asks_the_same(cohort, coordinator):
    make.ask(cohort, is_required=True)
    make.ask(cohort, "Portfolio", hint="Des images.", max_files=3)
    following = transitions.copy(cohort, actor=coordinator)
    assert rows(following) == rows(cohort)
    assert not {a.pk for a in documents_asked_of(following)} & {a.pk for a in documents_asked_of(cohort)}


def test_only_coordinators_write_them(upcoming, reviewer, coordinator, signed_in):
    data = posted(upcoming) | as_sent(NEW)
    path = reverse(CHANGE, args=[upcoming.pk])
    assert signed_in(reviewer).post(path, data).status_code == 403
    assert rows(upcoming) == []
    assert signed_in(coordinator).post(path, data).status_code == 302
    assert len(rows(upcoming)) == 1

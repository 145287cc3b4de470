"""What the jury judges by, and the settings of the jury: writing them on a cohort's page, settling, copying a year."""

import pytest
from django.urls import reverse

from cohorts import transitions
from cohorts.first_criteria import FIRST_CRITERIA
from cohorts.models import Cohort, Criterion
from cohorts.queries import criteria_of
from lifecycle import journal
from lifecycle.models import JournalEntry
from lifecycle.refusals import Refusal
from tests import factories
from tests.cohorts.test_admin import CHANGE, posted

pytestmark = pytest.mark.django_db

FIELDS = ("name", "low", "high", "weight", "order")
NEW = {"name": "Le projet", "low": "Flou.", "high": "Précis.", "weight": "3", "order": ""}


def as_sent(*blocks, standing=()):
    forms = [
        {**{name: getattr(one, name) for name in FIELDS}, "id": one.pk, "cohort": one.cohort_id} for one in standing
    ]
    data = {}
    for number, block in enumerate([*forms, *blocks]):
        data |= {f"criteria-{number}-{name}": value for name, value in block.items()}
    total = len(forms) + len(blocks)
    return {**data, "criteria-TOTAL_FORMS": total, "criteria-INITIAL_FORMS": len(forms)}


def save(browser, cohort, *blocks, standing=(), **more):
    data = posted(cohort) | as_sent(*blocks, standing=standing) | more
    return browser.post(reverse(CHANGE, args=[cohort.pk]), data)


def rows(cohort):
    return [(one.name, one.weight) for one in criteria_of(cohort)]


@pytest.fixture
def settled(cohort, coordinator, signed_in):
    """A cohort of which one opinion was given, and the coordinator's browser."""
    file, reader = factories.make_sent(cohort), factories.make_reviewer(cohort)
    factories.make_reading(file, reader)
    cohort.refresh_from_db()
    return cohort, signed_in(coordinator)


def test_a_coordinator_writes_criteria(cohort, coordinator, signed_in):
    browser = signed_in(coordinator)
    assert save(browser, cohort, NEW, standing=criteria_of(cohort)).status_code == 302
    assert rows(cohort) == [("Ensemble", 1), ("Le projet", 3)]
    page = browser.get(reverse(CHANGE, args=[cohort.pk])).content.decode()
    assert "2. Le projet" in page
    assert JournalEntry.objects.about(journal.ref(cohort)).filter(action="cohort.criteria_changed").count() == 1


def test_saving_what_stands_changes_nothing(cohort, coordinator, signed_in):
    assert save(signed_in(coordinator), cohort, standing=criteria_of(cohort)).status_code == 302
    assert not JournalEntry.objects.filter(action__in=["cohort.criteria_changed", "cohort.changed"]).exists()


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "Écrivez le nom du critère."),
        ("name", "x" * 81, "80 caractères au plus\u00a0: ce texte en a 81."),
        ("low", "x" * 201, "200 caractères au plus\u00a0: ce texte en a 201."),
        ("weight", "0", "Écrivez un nombre entier, de 1 à 10."),
        ("weight", "11", "Écrivez un nombre entier, de 1 à 10."),
        ("weight", "lourd", "Écrivez un nombre entier, de 1 à 10."),
    ],
)
def test_what_breaks_a_rule_is_told_next_to_the_field(cohort, coordinator, signed_in, field, value, sentence):
    answer = save(signed_in(coordinator), cohort, NEW | {field: value}, standing=criteria_of(cohort))
    formset = answer.context["inline_admin_formsets"][2].formset
    assert [errors for errors in formset.errors if errors] == [{field: [sentence]}]
    assert rows(cohort) == [("Ensemble", 1)]


def test_a_first_opinion_settles_them_but_for_their_words(settled):
    cohort, browser = settled
    (standing,) = criteria_of(cohort)
    standing.name = "L’ensemble"
    assert save(browser, cohort, standing=[standing]).status_code == 302
    assert rows(cohort) == [("L’ensemble", 1)]
    standing.weight = 2
    answer = save(browser, cohort, standing=[standing])
    assert answer.context["inline_admin_formsets"][2].formset.errors == [{"weight": [str(transitions.SETTLED)]}]
    answer = save(browser, cohort, NEW, standing=criteria_of(cohort))
    assert list(answer.context["inline_admin_formsets"][2].formset.non_form_errors()) == [str(transitions.SETTLED)]
    save(browser, cohort, standing=criteria_of(cohort), **{"criteria-0-DELETE": "on"})  # a box that is not there
    assert rows(cohort) == [("L’ensemble", 1)]


def test_the_verb_refuses_too(settled, coordinator):
    cohort, _browser = settled
    (standing,) = criteria_of(cohort)
    with pytest.raises(transitions.CriterionStands):
        transitions.save_criteria(cohort, added=[Criterion(name="Un autre")], actor=coordinator)
    with pytest.raises(transitions.CriterionStands):
        transitions.save_criteria(cohort, dropped=[standing], actor=coordinator)
    standing.weight = 5
    with pytest.raises(transitions.CriterionStands):
        transitions.save_criteria(cohort, changed=[(standing, ["weight"])], actor=coordinator)


def test_eight_at_most(cohort, coordinator):
    with pytest.raises(Refusal, match="Huit critères au plus"):
        transitions.save_criteria(cohort, added=[Criterion(name=f"n° {n}") for n in range(8)], actor=coordinator)


def test_a_new_cohort_begins_with_criteria_and_next_year_takes_them(cohort, coordinator, signed_in):
    browser = signed_in(coordinator)
    cohort.season = "AUTUMN" if cohort.season == "SPRING" else "SPRING"
    new = posted(cohort, year=cohort.year + 5)
    assert browser.post(reverse("admin:cohorts_cohort_add"), new).status_code == 302
    following = Cohort.objects.get(year=cohort.year + 5)
    begun = [(one["name"], one["weight"]) for one in FIRST_CRITERIA]
    assert rows(following) == begun
    assert rows(transitions.copy(following, actor=coordinator)) == begun


JURY = {"reviews_per_file": 3, "readings_due_on": "2027-03-02", "parity_percent": 50, "parity_reason": "L’équilibre."}


def test_the_settings_of_the_jury(cohort, coordinator, signed_in):
    minimums = {"audience_minimums_PUPIL": 4, "audience_minimums_STUDENT": 0}
    assert save(signed_in(coordinator), cohort, standing=criteria_of(cohort), **JURY, **minimums).status_code == 302
    cohort.refresh_from_db()
    assert (cohort.reviews_per_file, str(cohort.readings_due_on)) == (3, "2027-03-02")
    assert (cohort.parity_percent, cohort.parity_reason) == (50, "L’équilibre.")
    assert cohort.audience_minimums == {"PUPIL": 4}
    following = transitions.copy(cohort, actor=coordinator)
    assert (following.audience_minimums, following.parity_percent) == ({"PUPIL": 4}, 50)
    assert (str(following.readings_due_on), following.reviews_per_file) == ("2028-03-02", 3)


@pytest.mark.parametrize(
    ("field", "changes", "sentence"),
    [
        ("reviews_per_file", {"reviews_per_file": 0}, ""),
        ("reviews_per_file", {"reviews_per_file": 6}, ""),
        ("parity_percent", {"parity_percent": 101, "parity_reason": "Oui."}, ""),
        ("parity_reason", {"parity_percent": 50}, "Écrivez pourquoi cette part est demandée"),
        ("audience_minimums", {"audience_minimums_PUPIL": "douze"}, "Écrivez un nombre entier, par exemple 20."),
        ("audience_minimums", {"audience_minimums_PUPIL": 15, "audience_minimums_STUDENT": 6}, "font 21 places"),
        ("audience_minimums", {"audiences": ["STUDENT"], "audience_minimums_PUPIL": 1}, "lycéen·ne"),
    ],
)
def test_what_breaks_a_setting_is_told_next_to_it(cohort, coordinator, signed_in, field, changes, sentence):
    form = save(signed_in(coordinator), cohort, standing=criteria_of(cohort), **changes).context["adminform"].form
    assert list(form.errors) == [field]
    assert sentence in " ".join(form.errors[field])

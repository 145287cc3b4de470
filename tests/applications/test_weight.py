"""What a page of the form weighs on a phone, what it asks of the database, and how long the form is."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.urls import reverse

from applications import outline
from applications.form_views import AUTOSAVE
from applications.forms import FORMS
from applications.forms.guardian import GuardianForm
from cohorts.models import Question
from tests import factories, papers
from tests.applications.reading import text_of, url
from tests.house.filled_forms import unchanged

pytestmark = pytest.mark.django_db

MOST_BYTES = 20_000
MOST_QUERIES = 12
STEPS = [step.slug for step in outline.steps(lambda step: step not in (outline.DOCUMENTS, outline.GUARDIAN))]


@pytest.fixture
def file(cohort, candidate):
    """Inès's file, with nothing left to fill in and questions of every kind."""
    for kind in Question.Kind:
        factories.make_question(cohort, f"Une question de la promotion ({kind.label})", kind=kind)
    extra = {
        "gender": "WOMAN",
        "social_criteria": ["QPV", "RURAL"],
        "needs": "Des pauses.",
        "avoid": "La société Untel.",
        "links": ["https://vimeo.com/123", "https://vimeo.com/124", "https://vimeo.com/125"],
        "structure": "Lycée de Trappes",
        "referent_name": "Mme Haddad",
        "referent_email": "haddad@example.org",
    }
    return factories.make_complete_draft(cohort, candidate, **extra)


def weight(response) -> int:
    """Compressed bytes of a page and of all that it names: styles, scripts, icon, and the pictures of its styles."""
    html = response.content.decode()
    named = {name.removeprefix(settings.STATIC_URL) for name in re.findall(r'(?:href|src)="(/static/[^"]+)"', html)}
    files = [Path(finders.find(name)) for name in named]
    for style in [file for file in files if file.suffix == ".css"]:
        files += [style.parent / name for name in re.findall(r'url\("([^"]+)"\)', style.read_text())]
    assert len(files) >= 3
    return sum(len(gzip.compress(content)) for content in [response.content, *(file.read_bytes() for file in files)])


@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_light(step, file, hers, django_assert_max_num_queries):
    with django_assert_max_num_queries(MOST_QUERIES):
        page = hers.get(url("step", file, step))
    assert (page.status_code, page.context["step"].slug) == (200, step)
    assert weight(page) <= MOST_BYTES


@pytest.mark.parametrize("step", STEPS)
def test_saving_while_typing_asks_little(step, file, hers, django_assert_max_num_queries):
    data = unchanged(hers.get(url("step", file, step)))
    with django_assert_max_num_queries(MOST_QUERIES):
        response = hers.post(url("step", file, step), data, headers={AUTOSAVE: "1"})
    assert (response.status_code, response.json()["left_out"]) == (200, 0)


@pytest.mark.parametrize("name", ["tasks", "check"])
def test_the_task_list_and_the_check_are_light(name, file, hers, django_assert_max_num_queries):
    with django_assert_max_num_queries(MOST_QUERIES):
        page = hers.get(url(name, file))
    assert page.status_code == 200
    assert weight(page) <= MOST_BYTES


def test_the_receipt_is_light(file, hers, django_assert_max_num_queries):
    hers.post(url("submit", file))
    hers.get(url("detail", file))  # the message of the sending is said once
    with django_assert_max_num_queries(MOST_QUERIES):
        page = hers.get(url("detail", file))
    assert page.status_code == 200
    assert weight(page) <= MOST_BYTES


def test_the_page_before_the_form_is_light(cohort, hers, django_assert_max_num_queries):
    with django_assert_max_num_queries(MOST_QUERIES):
        page = hers.get(reverse("applications:start", args=[cohort.slug]))
    assert page.status_code == 200
    assert weight(page) <= MOST_BYTES


def test_the_script_is_small():
    assert len(gzip.compress(Path(finders.find("js/form.js")).read_bytes())) < 4000


def test_the_script_is_where_one_writes_and_nowhere_else(file, hers):
    pages = {name: hers.get(url(name, file)) for name in ("tasks", "check")}
    pages["step"] = hers.get(url("step", file, "projet"))
    assert {name: "js/form.js" in page.content.decode() for name, page in pages.items()} == {
        "tasks": False,
        "check": False,
        "step": True,
    }


def test_the_form_is_as_long_as_it_says(cohort, hers):
    """Sixteen questions, fourteen more for who wants, and the cohort's own: a quarter of an hour."""
    labels = [
        str(field.label) for form in FORMS.values() if form is not GuardianForm for field in form.base_fields.values()
    ]
    optional = [label for label in labels if "(facultatif)" in label]
    assert (len(labels) - len(optional), len(optional)) == (16, 14)
    factories.make_question(cohort)
    said = text_of(hers.get(reverse("applications:start", args=[cohort.slug])))
    assert "Seize questions sur des pages courtes" in said
    assert "1 question propre à cette promotion, en plus" in said
    assert "aucun document à joindre" in said
    papers.ask(cohort, "CV")
    asked = text_of(hers.get(reverse("applications:start", args=[cohort.slug])))
    assert ("CV, si vous le voulez" in asked, "aucun document à joindre" in asked) == (True, False)

"""One file open in two tabs: what one of them saves by itself never takes the place of what the other one wrote."""

import re

import pytest
from django.urls import reverse

from reviews.models import Assignment, Review
from tests import factories

pytestmark = pytest.mark.django_db

OVERTAKEN = (
    "Votre avis a été enregistré ou donné dans un autre onglet\u00a0: rien ne s’enregistre plus d’ici. "
    "Rechargez cette page pour le retrouver."
)


@pytest.fixture
def file(cohort, reviewer, candidate):
    file = factories.make_sent(cohort, candidate)
    factories.assign(file, reviewer)
    return file


@pytest.fixture
def open_tab(file, reviewer, signed_in):
    """Opens the page of the file; what comes back saves by itself, as the script of that page does."""
    browser = signed_in(reviewer)
    path = reverse("admin:reviews_assignment_save", args=[file.reference])
    criterion = file.cohort.criteria.get()

    def opened():
        page = browser.get(reverse("admin:reviews_assignment_read", args=[file.reference]))
        shown = re.findall(r'name="page" value="([^"]+)"', page.content.decode())[0]

        def save(score, comment, shown=shown):
            typed = {f"score_{criterion.pk}": score, "comment": comment, "page": shown}
            answer = browser.post(path, typed, headers={"X-Enregistrement": "1"})
            return answer.status_code, answer.json()["told"]

        return save

    return opened


def written() -> tuple:
    draft = Assignment.objects.get().draft
    return list(draft.get("scores", {}).values()), draft.get("comment")


def test_a_tab_goes_on_saving_what_it_writes(open_tab):
    tab = open_tab()
    assert [tab(4, words)[0] for words in ("Un", "Un regard", "Un regard juste")] == [200, 200, 200]
    assert written() == ([4], "Un regard juste")


def test_an_older_tab_does_not_save_over_a_newer_one(open_tab):
    older, newer = open_tab(), open_tab()
    assert older(2, "Bof.")[0] == 200
    assert newer(2, "Bof.") == (409, OVERTAKEN)
    newest = open_tab()
    assert newest(5, "Relu : très beau.")[0] == 200
    assert older(2, "Bof !") == (409, OVERTAKEN)
    assert written() == ([5], "Relu : très beau.")


def test_what_is_saved_late_does_not_begin_a_given_opinion_anew(file, reviewer, open_tab):
    late = open_tab()
    assert late(2, "Bof.")[0] == 200
    factories.make_reading(file, reviewer, score=5, comment="Très beau.")
    assert late(2, "Bof !") == (409, OVERTAKEN)
    assert Assignment.objects.get().draft == {}
    assert Review.objects.get().comment == "Très beau."
    assert open_tab()(3, "À nuancer.")[0] == 200  # she opens it again, and changes her mind


@pytest.mark.parametrize(
    "shown", ["", "demain", "\x00", "0001-01-01T00:00:00", "0001-01-02T00:00:00", "9999-12-31T23:59:59-14:00", "1"]
)
def test_a_page_that_does_not_say_when_it_was_shown_is_no_error(open_tab, shown):
    tab = open_tab()
    assert tab(4, "Un regard.")[0] == 200
    is_old = shown.startswith("0001-01-02")
    assert tab(4, "Un regard juste.", shown=shown)[0] == (409 if is_old else 200)

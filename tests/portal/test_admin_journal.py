"""The journal in the admin: in words, with names, found by person, by object, by subject."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.queries import story_of
from lifecycle import journal
from tests import factories

pytestmark = pytest.mark.django_db

LIST = "/admin/lifecycle/journalentry/"


@pytest.fixture
def claire(coordinator, signed_in):
    """The browser of the coordinator."""
    return signed_in(coordinator)


def actions(answer) -> list[str]:
    return sorted(entry.action for entry in answer.context["cl"].result_list)


def test_lines_speak_of_people_and_objects_by_name(claire, candidate, now):
    draft = factories.make_draft(factories.make_cohort("open"), candidate)
    journal.record("application.lost", "applications.application:0", actor="accounts.user:0")
    journal.record("letter.requeued", "nothing.known:3", actor=journal.CLOCK)

    rows = claire.get(LIST).context["cl"].result_list

    assert [(entry.target_name, entry.actor_name) for entry in rows] == [
        ("nothing.known:3", "le portail"),
        ("candidature 0", "accounts.user:0"),
        (draft.reference, candidate.get_full_name()),
    ]


def test_states_and_actions_are_words(claire, candidate, now):
    factories.make_sent(factories.make_cohort("open"), candidate, now=now)
    page = claire.get(LIST, {"q": "submitted"}).content.decode()
    assert "Candidature envoyée" in page
    assert "brouillon → envoyée" in page


def test_what_a_line_adds_is_in_words(claire, coordinator, candidate, cohort):
    journal.record("role.granted", candidate, actor=coordinator, target_state="JURY", detail=journal.ref(cohort))
    journal.record("cohort.changed", cohort, actor=coordinator, detail="closes_at, places")

    answer = claire.get(LIST)

    admin = answer.context["cl"].model_admin
    assert [admin.states(entry) for entry in answer.context["cl"].result_list] == [
        "clôture de l’appel, places",
        f"jury, {cohort.name}",
    ]
    assert [(line.after, line.detail) for line in story_of(candidate)] == [("jury", cohort.name)]


def test_it_is_searched_by_person_object_and_subject(claire, coordinator, candidate, stranger):
    journal.record("role.granted", candidate, actor=coordinator)
    journal.record("letter.requeued", "notifications.letter:5", actor=stranger)

    assert actions(claire.get(LIST)) == ["letter.requeued", "role.granted"]
    assert actions(claire.get(LIST, {"q": "ines"})) == ["role.granted"]  # her name is Inès
    assert actions(claire.get(LIST, {"q": stranger.email})) == ["letter.requeued"]
    assert actions(claire.get(LIST, {"q": "letter:5"})) == ["letter.requeued"]
    assert actions(claire.get(LIST, {"sujet": "equipe"})) == ["role.granted"]
    assert actions(claire.get(LIST, {"q": "personne d’autre"})) == []


def test_as_many_queries_for_one_line_and_for_three(claire, coordinator, candidate, stranger, cohort):
    def count():
        with CaptureQueriesContext(connection) as captured:
            claire.get(LIST)
        return len(captured)

    factories.make_draft(cohort, candidate)
    one = count()
    factories.make_draft(cohort, stranger)
    factories.make_draft(cohort)
    assert count() == one

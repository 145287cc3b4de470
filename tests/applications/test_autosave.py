"""Saving while typing, as the server answers it: what static/js/form.js reads."""

import pytest
from django.urls import reverse

from applications import transitions
from applications.form_views import AUTOSAVE
from applications.models import Draft
from cohorts.moments import hour
from tests import factories
from tests.applications.reading import IDENTITY, NBSP, PROJECT, seen, url

pytestmark = pytest.mark.django_db

ELSEWHERE = "Cette étape a été modifiée ailleurs. Enregistrez pour choisir quoi garder."


@pytest.fixture
def draft(cohort, candidate):
    """Inès's file, just begun."""
    return factories.make_draft(cohort, candidate)


def autosave(client, draft, step, data):
    return client.post(url("step", draft, step), data, headers={AUTOSAVE: "1"})


def opened(client, draft, step) -> str:
    return seen(client.get(url("step", draft, step)))


def answers() -> dict:
    return Draft.objects.get().answers


def test_it_says_when_and_what_to_send_next(draft, hers):
    shown = opened(hers, draft, "projet")
    first = autosave(hers, draft, "projet", {**PROJECT, "seen": shown})
    saved_at = Draft.objects.get().saved_at
    now_seen = first.json()["seen"]
    assert (first.status_code, first.json()) == (
        200,
        {"told": f"Enregistré à {hour(saved_at)}", "seen": now_seen, "left_out": 0},
    )
    assert now_seen == opened(hers, draft, "projet")
    assert now_seen != shown
    second = autosave(hers, draft, "projet", {**PROJECT, "hopes": "Un deuxième regard", "seen": now_seen})
    assert second.status_code == 200
    assert (answers()["project"], answers()["hopes"]) == ("Monter 🎬", "Un deuxième regard")


def test_it_keeps_what_can_be_kept_and_names_the_rest(draft, hers):
    data = {**IDENTITY, "birth_date_day": "31", "birth_date_month": "2", "last_name": "É" * 81}
    response = autosave(hers, draft, "identite", {**data, "seen": opened(hers, draft, "identite")})
    said = response.json()
    told = f"Enregistré à {hour(Draft.objects.get().saved_at)}, sauf{NBSP}: Nom, Date de naissance"
    assert (response.status_code, said["told"], said["left_out"]) == (200, told, 2)
    assert (answers()["first_name"], answers()["last_name"]) == ("Inès", "Haddad")
    assert said["seen"] == opened(hers, draft, "identite")


def test_an_answer_that_got_lost_is_asked_for_again(draft, hers):
    data = {**PROJECT, "seen": opened(hers, draft, "projet")}
    answer = autosave(hers, draft, "projet", data).json()
    again = autosave(hers, draft, "projet", data)
    assert (again.status_code, again.json()["seen"]) == (200, answer["seen"])


def test_another_tab_is_not_written_over(draft, hers):
    shown = opened(hers, draft, "projet")
    assert autosave(hers, draft, "projet", {"project": "Dans le bus", "seen": shown}).status_code == 200
    refused = autosave(hers, draft, "projet", {"project": "À la maison", "seen": shown})
    assert (refused.status_code, refused.json()) == (409, {"told": ELSEWHERE})
    assert answers()["project"] == "Dans le bus"


def test_without_the_fingerprint_nothing_is_written_over(draft, hers):
    factories.fill(draft, {"project": "Dans le bus", "hopes": ""})
    assert autosave(hers, draft, "projet", {"project": "À la maison"}).status_code == 409
    assert answers()["project"] == "Dans le bus"


def test_a_file_that_was_sent_is_not_changed(cohort, candidate, hers):
    draft = factories.make_complete_draft(cohort, candidate)
    shown = opened(hers, draft, "projet")
    transitions.submit(draft, actor=candidate)
    refused = autosave(hers, draft, "projet", {**PROJECT, "seen": shown})
    assert (refused.status_code, refused.json()) == (409, {"told": "Cette candidature a été envoyée."})
    assert not Draft.objects.exists()


def test_after_the_closing_words_are_still_kept(closed_cohort, candidate, hers):
    draft = factories.make_draft(closed_cohort, candidate)
    data = {**PROJECT, "seen": opened(hers, draft, "projet")}
    assert autosave(hers, draft, "projet", data).status_code == 200
    assert answers()["project"] == "Monter 🎬"


def test_only_she_writes(draft, hers, stranger, coordinator, signed_in, client):
    data = {**PROJECT, "seen": opened(hers, draft, "projet")}
    for other in (stranger, coordinator):
        assert autosave(signed_in(other), draft, "projet", data).status_code == 404
    away = autosave(client, draft, "projet", data)
    assert (away.status_code, away.url) == (302, f"{reverse('account_login')}?next={url('step', draft, 'projet')}")
    assert answers().get("project") is None
    assert autosave(hers, draft, "projet", data).status_code == 200


def test_no_such_step(draft, hers):
    assert autosave(hers, draft, "nulle-part", PROJECT).status_code == 404


def test_it_leaves_no_message_for_the_next_page(draft, hers):
    autosave(hers, draft, "projet", {**PROJECT, "seen": opened(hers, draft, "projet")})
    assert 'class="messages"' not in hers.get(url("tasks", draft)).content.decode()

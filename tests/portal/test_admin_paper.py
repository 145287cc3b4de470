"""A file that somebody brings on paper: a coordinator opens it, types it, sends it."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from applications import drafting, queries
from applications.models import Application, Draft
from cohorts.moments import moment
from consents.models import Consent, TextVersion
from lifecycle import journal
from lifecycle.models import JournalEntry
from notifications.models import Letter
from tests import factories
from tests.applications.reading import STEPS, save, told, url
from tests.brimful import words_of

pytestmark = pytest.mark.django_db

PAPER = "admin:applications_application_type"
LIST = "admin:applications_application_changelist"
EMAIL = "awa@example.org"
Key = TextVersion.Key


@pytest.fixture
def claire(coordinator, signed_in):
    """Claire's browser."""
    return signed_in(coordinator)


def opened(browser, cohort, email=EMAIL, **more):
    return browser.post(reverse(PAPER), {"cohort": cohort.pk, "email": email, **more})


def page_of(file):
    return reverse("admin:applications_application_change", args=[file.pk])


def in_paris(value) -> str:
    return timezone.localtime(value).strftime("%Y-%m-%dT%H:%M")


# --- Opening ------------------------------------------------------------------------------------


def test_a_file_on_paper_is_opened_for_somebody_new(cohort, coordinator, claire):
    answer = opened(claire, cohort, " Awa@Example.org ")
    file = Application.objects.get()
    assert answer.headers["Location"] == url("tasks", file)
    assert (file.candidate.email, file.state, file.is_typed_by_staff) == (EMAIL, "DRAFT", True)
    line = JournalEntry.objects.get(action="application.started")
    assert (line.actor, line.target) == (journal.ref(coordinator), journal.ref(file))
    assert not Letter.objects.exists()


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"email": ""}, "email", "Écrivez l’adresse de la personne : sans elle, personne ne lui répond."),
        ({"email": "awa"}, "email", "Cette adresse n’est pas complète. Exemple : prenom.nom@exemple.fr."),
        ({"cohort": ""}, "cohort", "Choisissez la promotion."),
        ({"cohort": "un"}, "cohort", "Choisissez une promotion de la liste."),
        ({"until": "hier"}, "until", "Écrivez le jour et l’heure ainsi : 24/11/2026 18:00."),
        ({"until": "2020-01-01T10:00"}, "until", "Ce moment est déjà passé : choisissez-en un à venir."),
        ({"until": "0001-01-01T00:00"}, "until", "Ce moment est déjà passé : choisissez-en un à venir."),
    ],
)
def test_what_does_not_fit_is_told_next_to_it(cohort, claire, typed, field, sentence):
    data = {"cohort": cohort.pk, "email": EMAIL, **typed}
    page = claire.post(reverse(PAPER), data)
    assert {name: [e.replace("\u00a0", " ") for e in es] for name, es in page.context["form"].errors.items()} == {
        field: [sentence]
    }
    assert page.context["form"]["email"].value() == data["email"]
    assert not Application.objects.exists()
    assert User.objects.count() == 1


def test_after_the_start_nobody_reads_it(cohort, claire):
    page = opened(claire, cohort, until=f"{cohort.starts_on}T10:00")
    assert "La promotion commence le" in str(page.context["form"].errors["until"])
    assert opened(claire, cohort, until="9999-12-31T23:59").context["form"].errors.keys() == {"until"}
    assert not Application.objects.exists()


def test_a_paper_that_came_before_the_closing_is_typed_after_it(closed_cohort, claire, now):
    refused = opened(claire, closed_cohort)
    assert "L’appel est clos depuis" in str(refused.context["form"].errors["until"])
    until = now + timedelta(days=3)
    assert opened(claire, closed_cohort, until=in_paris(until)).status_code == 302
    file = Application.objects.get()
    assert file.open_until == until.replace(second=0, microsecond=0)
    assert not Letter.objects.exists()
    given = JournalEntry.objects.get(action="application.more_time_given")
    assert given.detail == moment(file.open_until)


def test_a_call_to_come_and_a_cohort_under_way_take_no_paper(claire):
    for cohort in (factories.make_cohort("upcoming"), factories.make_cohort("running")):
        page = opened(claire, cohort)
        assert page.context["form"].errors == {"cohort": ["Choisissez une promotion de la liste."]}


def test_who_has_a_file_has_it_already(cohort, candidate, claire):
    factories.make_draft(cohort, candidate)
    page = opened(claire, cohort, candidate.email)
    assert page.context["form"].errors == {
        "email": ["Cette personne a déjà une candidature à cette promotion, commencée ou envoyée."]
    }


def test_what_a_colleague_has_begun_is_taken_up_again(cohort, claire, signed_in):
    opened(claire, cohort)
    colleague = signed_in(factories.make_coordinator())
    answer = opened(colleague, cohort)
    assert answer.headers["Location"] == url("tasks", Application.objects.get())
    assert told(answer) == ["Cette candidature était déjà en saisie\u00a0: la voici."]


def test_a_coordinator_types_no_file_of_her_own(cohort, coordinator, claire):
    page = opened(claire, cohort, coordinator.email)
    assert told(page) == ["C’est votre propre candidature\u00a0: demandez à une autre personne de la coordination."]
    assert not Application.objects.exists()


def test_only_coordinators_open_files_for_others(cohort, claire, reviewer, candidate, signed_in):
    assert claire.get(reverse(PAPER)).status_code == 200
    assert opened(signed_in(reviewer), cohort).status_code == 403
    assert opened(signed_in(candidate), cohort).status_code == 302
    assert not Application.objects.exists()


# --- Typing, from the first page to the last ----------------------------------------------------


@pytest.fixture
def typed(cohort, coordinator):
    """Awa's file, which Claire has begun to type."""
    person = User.objects.create_user(EMAIL)
    return drafting.start_on_behalf(cohort, person, actor=coordinator)


def test_a_coordinator_types_the_whole_file_and_sends_it(cohort, coordinator, typed, claire):
    for step, data in STEPS.items():
        answer = save(claire, typed, step, data)
        assert answer.headers["Location"] == url("tasks", typed), step
    sent = claire.post(url("submit", typed), follow=True)
    assert sent.redirect_chain[-1][0] == page_of(typed)
    assert told(sent)[-1] == "La candidature est envoyée. Un courriel le confirme à la personne."
    typed.refresh_from_db()
    assert (typed.state, typed.is_typed_by_staff) == ("SUBMITTED", True)
    assert User.objects.get(email=EMAIL).get_full_name() == "Inès Belkacem"


def test_agreements_are_attested_by_who_typed_them(typed, coordinator, claire):
    page = claire.get(url("step", typed, "accords"))
    assert "D’après le papier signé." in words_of(page)
    for step, data in STEPS.items():
        save(claire, typed, step, data)
    claire.post(url("submit", typed))
    given = Consent.objects.filter(person=typed.candidate)
    assert sorted(given.values_list("version__key", flat=True)) == [Key.RULES, Key.PRIVACY]
    lines = JournalEntry.objects.filter(action__in=("application.submitted", "consent.given"))
    assert set(lines.values_list("actor", flat=True)) == {journal.ref(coordinator)}
    assert lines.count() == 3


TO_HER = ("Votre candidature", "votre candidature", "« Mon espace »,", "Vérifiez vos réponses", "Vous recevez")


def test_no_page_takes_the_coordinator_for_the_candidate(typed, claire, signed_in):
    steps = [url("step", typed, step) for step in ("identite", "liens", "parite", "accords")]
    for path in (url("tasks", typed), url("check", typed), *steps):
        content = words_of(claire.get(path)).partition("<main")[2].partition("</main>")[0]
        content = re.sub(r"<details>.*?</details>", "", content, flags=re.DOTALL)  # the texts are as people read them
        assert [words for words in TO_HER if words in content] == [], path
        assert "d’après le papier que vous avez reçu" in content
    hers = signed_in(typed.candidate)
    content = words_of(hers.get(url("tasks", typed)))
    assert "Votre candidature" in content
    assert "elle voit ce qui est écrit ici" in content


def test_the_way_back_leads_to_the_file_in_the_admin(typed, claire):
    content = claire.get(url("tasks", typed)).content.decode()
    assert f'<a class="back" href="{page_of(typed)}">' in content
    page = claire.get(page_of(typed))
    assert f'href="{url("tasks", typed)}"' in page.content.decode()
    assert claire.get(url("detail", typed)).headers["Location"] == page_of(typed)


def test_a_file_being_typed_is_in_the_list(cohort, typed, claire):
    factories.make_draft(cohort)
    page = claire.get(reverse(LIST))
    assert list(page.context["cl"].result_list) == [typed]
    assert "en saisie" in words_of(page)
    assert list(claire.get(reverse(LIST), {"writing": "typed"}).context["cl"].result_list) == [typed]


def test_time_to_type_is_given_without_a_letter(typed, claire, now):
    with time_machine.travel(typed.cohort.closes_at + timedelta(hours=1), tick=False):
        factories.fill(
            typed, factories.complete_answers(typed, first_name="Awa", last_name="Sy", birth_date="2005-03-09")
        )
        refused = claire.post(url("submit", typed))
        assert refused.headers["Location"] == url("tasks", typed)
        assert "prolongez la saisie" in words_of(claire.get(url("tasks", typed)))
        until = timezone.now() + timedelta(days=2)
        prolong = reverse("admin:applications_application_give_typing_time", args=[typed.pk])
        assert claire.post(prolong, {"until": in_paris(until)}).headers["Location"] == page_of(typed)
        assert not Letter.objects.exists()
        claire.post(url("submit", typed))
    typed.refresh_from_db()
    assert typed.state == "SUBMITTED"
    assert list(Letter.objects.values_list("kind", "to")) == [("applications.receipt", EMAIL)]
    assert "La coordination l’a saisie pour vous" in Letter.objects.get().body


def test_its_candidate_is_not_reminded_to_send_it(cohort, typed, candidate):
    hers = factories.make_draft(cohort, candidate)
    soon = cohort.closes_at - timedelta(days=1)
    Application.objects.update(created_at=cohort.opens_at)
    assert [draft for draft, _days in queries.drafts_to_remind(soon)] == [hers]


# --- Once it is sent ----------------------------------------------------------------------------


@pytest.fixture
def sent(typed, claire):
    for step, data in STEPS.items():
        save(claire, typed, step, data)
    claire.post(url("submit", typed))
    typed.refresh_from_db()
    return typed


def test_what_she_takes_back_is_hers_alone(sent, claire, signed_in):
    hers = signed_in(sent.candidate)
    assert claire.post(url("take_back", sent)).status_code == 404
    assert hers.post(url("take_back", sent)).headers["Location"] == url("tasks", sent)
    assert hers.get(url("tasks", sent)).status_code == 200
    for name in ("tasks", "check", "detail"):
        assert claire.get(url(name, sent)).status_code == 404
    assert claire.get(url("step", sent, "besoins")).status_code == 404


def test_a_coordinator_confirms_no_place_for_her(sent, claire, signed_in):
    factories.decide(sent, outcome="ACCEPTED")
    assert claire.post(url("confirm", sent)).status_code == 404
    signed_in(sent.candidate).post(url("confirm", sent))
    sent.refresh_from_db()
    assert sent.state == "CONFIRMED"


def test_what_staff_reopen_staff_may_type(sent, coordinator, claire, now):
    drafting.reopen(sent, until=now + timedelta(days=2), request="Une date manque.", actor=coordinator)
    save(claire, sent, "besoins", {"needs": "Des pauses."})
    assert Draft.objects.get(application=sent).answers["needs"] == "Des pauses."
    assert "Ce qui a été envoyé le" in words_of(claire.get(url("tasks", sent)))
    claire.post(url("submit", sent))
    assert sent.copies.count() == 2


# --- A coordinator who applies too --------------------------------------------------------------


def test_her_own_draft_is_not_in_the_list(cohort, coordinator, claire):
    mine = factories.make_draft(cohort, coordinator)
    assert list(claire.get(reverse(LIST)).context["cl"].result_list) == []
    assert claire.get(page_of(mine)).status_code == 404
    content = words_of(claire.get(url("tasks", mine)))
    assert "Votre candidature" in content
    assert "d’après le papier" not in content


def test_her_own_file_typed_by_a_colleague_speaks_to_her(cohort, coordinator, claire):
    mine = drafting.start_on_behalf(cohort, coordinator, actor=factories.make_coordinator())
    content = words_of(claire.get(url("tasks", mine)))
    assert "La coordination saisit cette candidature pour vous" in content
    assert "Votre candidature" in content

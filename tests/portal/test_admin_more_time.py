"""A coordinator gives one person more time to send her draft, or to begin one, and reads nothing of it."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from applications import transitions
from applications.models import Application
from cohorts.moments import moment
from lifecycle import journal
from lifecycle.models import JournalEntry
from matching import falls
from notifications.models import Letter
from tests import brimful, factories
from tests.applications.reading import told

pytestmark = pytest.mark.django_db

LIST, LATE = "admin:applications_application_changelist", "admin:applications_application_late"


@pytest.fixture
def claire(coordinator, signed_in):
    """Claire's browser."""
    return signed_in(coordinator)


def in_paris(value) -> str:
    return timezone.localtime(value).strftime("%Y-%m-%dT%H:%M")


def give(browser, cohort, who, **more):
    data = {"cohort": cohort.pk, "who": who, "until": in_paris(timezone.now() + timedelta(days=2)), **more}
    return browser.post(reverse(LATE), data)


def errors(page):
    return {name: [e.replace("\u00a0", " ") for e in es] for name, es in page.context["form"].errors.items()}


@pytest.mark.parametrize("named_by", ["address", "reference"])
def test_a_draft_never_sent_gets_more_time(closed_cohort, candidate, coordinator, claire, named_by):
    draft = factories.make_complete_draft(closed_cohort, candidate, needs="Un secret.")
    who = {"address": "INES@example.org ", "reference": f" {draft.reference.lower()}"}[named_by]
    assert candidate.email == "ines@example.org"
    answer = give(claire, closed_cohort, who)
    assert answer.headers["Location"] == reverse(LIST)
    draft.refresh_from_db()
    assert told(answer) == [f"{draft.reference} peut être envoyée jusqu’au {moment(draft.open_until)}."]
    letter = Letter.objects.get(kind="applications.more_time")
    assert (letter.to, "Ce que vous avez écrit est gardé." in letter.body) == (candidate.email, True)
    line = JournalEntry.objects.get(action="application.more_time_given")
    assert (line.actor, line.target) == (journal.ref(coordinator), journal.ref(draft))
    transitions.submit(draft, actor=candidate)
    assert draft.state == "SUBMITTED"


def test_nothing_else_of_the_draft_is_told(closed_cohort, candidate, claire):
    draft = factories.make_complete_draft(closed_cohort, candidate, needs="Un secret.")
    page = give(claire, closed_cohort, candidate.email, until="hier")
    assert errors(page) == {"until": ["Écrivez le jour et l’heure ainsi : 24/11/2026 18:00."]}
    secrets = {
        "reference": draft.reference,
        "first name": "Inès",
        "last name": candidate.last_name,
        "needs": "Un secret.",
    }
    assert brimful.told(page, secrets) == []
    assert claire.get(reverse("admin:applications_application_change", args=[draft.pk])).status_code == 404


def test_who_has_begun_nothing_is_told_apart_then_opened_a_file(closed_cohort, claire, signed_in):
    page = give(claire, closed_cohort, "awa@example.org")
    assert errors(page) == {
        "who": [
            "Personne n’a commencé de candidature à cette promotion avec cette adresse. Vérifiez-la. Pour en ouvrir "
            "une à cette personne, cochez la case plus bas."
        ]
    }
    assert not User.objects.filter(email="awa@example.org").exists()
    assert give(claire, closed_cohort, "awa@example.org", opens="on").status_code == 302
    draft = Application.objects.get()
    assert (draft.candidate.email, draft.state, draft.is_typed_by_staff) == ("awa@example.org", "DRAFT", False)
    letter = Letter.objects.get()
    assert (letter.kind, letter.to) == ("applications.more_time", "awa@example.org")
    assert "Nous l’avons ouverte pour vous" in letter.body
    assert claire.get(reverse("applications:tasks", args=[draft.reference])).status_code == 404
    hers = signed_in(draft.candidate)
    assert hers.get(reverse("applications:tasks", args=[draft.reference])).status_code == 200


def test_a_file_sent_or_withdrawn_or_elsewhere_is_told_so(closed_cohort, cohort, candidate, claire):
    sent = factories.make_sent(closed_cohort, candidate)
    told_sent = f"Cette candidature est déjà envoyée, depuis le {moment(sent.sent_at)}. Pour demander une précision, "
    told_sent = (told_sent + "rouvrez-la depuis sa page.").replace("\u00a0", " ")
    assert errors(give(claire, closed_cohort, candidate.email)) == {"who": [told_sent]}
    elsewhere = f"Cette candidature est à une autre promotion : {closed_cohort.name}."
    assert errors(give(claire, cohort, sent.reference)) == {"who": [elsewhere]}
    falls.withdraw_application(sent, actor=candidate)
    withdrawn = "Cette candidature a été retirée : elle ne peut plus être envoyée."
    assert errors(give(claire, closed_cohort, sent.reference)) == {"who": [withdrawn]}
    assert not Letter.objects.filter(kind="applications.more_time").exists()


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ("P27-ZZZZ", "Aucune candidature ne porte cette référence. Recopiez-la en entier."),
        ("Zélie", "Aucune candidature ne porte cette référence. Recopiez-la en entier."),
        ("awa@", "Cette adresse n’est pas complète. Exemple : prenom.nom@exemple.fr."),
        ("", "Écrivez son adresse e-mail ou sa référence."),
        ("a\x00@example.org", "Le caractère nul n’est pas autorisé."),
    ],
)
def test_who_cannot_be_found_is_told(closed_cohort, claire, who, sentence):
    assert errors(give(claire, closed_cohort, who)) == {"who": [sentence]}


def test_nobody_gives_herself_time(closed_cohort, coordinator, claire):
    draft = factories.make_draft(closed_cohort, coordinator)
    page = give(claire, closed_cohort, draft.reference)
    assert told(page) == ["C’est votre propre candidature\u00a0: demandez à une autre personne de la coordination."]
    draft.refresh_from_db()
    assert draft.open_until is None


def test_the_call_still_open_is_what_the_letter_says(cohort, candidate, claire):
    """A moment before the closing takes nothing away."""
    draft = factories.make_draft(cohort, candidate)
    give(claire, cohort, draft.reference)
    assert moment(cohort.closes_at) in Letter.objects.get().body
    with time_machine.travel(cohort.closes_at, tick=False):
        assert not Application.objects.get().is_open(timezone.now())


def test_only_coordinators_give_time(closed_cohort, claire, reviewer, candidate, signed_in):
    draft = factories.make_draft(closed_cohort, candidate)
    assert claire.get(reverse(LATE), {"cohort": closed_cohort.pk}).context["form"]["cohort"].value() == closed_cohort.pk
    assert claire.get(reverse(LATE), {"cohort": "x' OR 1=1"}).status_code == 200
    assert give(signed_in(reviewer), closed_cohort, draft.reference).status_code == 403
    assert give(signed_in(candidate), closed_cohort, draft.reference).status_code == 302
    draft.refresh_from_db()
    assert draft.open_until is None

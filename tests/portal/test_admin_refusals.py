"""« Ne pas retenir » in the admin: an optional reason for one person, or for many at once."""

import re

import pytest
from django.urls import reverse

from lifecycle.models import JournalEntry
from reviews import releasing
from reviews import transitions as reviews
from reviews.forms import READY_REASONS
from reviews.models import Decision
from tests import factories
from tests.portal.test_admin_applications import LIST, chosen, page_of, told

pytestmark = pytest.mark.django_db

READY = str(READY_REASONS["metier"])


@pytest.fixture
def file(closed_cohort, candidate):
    """Inès's file, to decide."""
    return factories.make_sent(closed_cohort, candidate)


@pytest.fixture
def claire(coordinator, signed_in):
    """Claire's browser."""
    return signed_in(coordinator)


def text(answer) -> str:
    content = answer.content.decode().partition('<div id="content')[2]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>|&nbsp;", " ", content))


def reasons() -> dict:
    """File → outcome and reason of each decision."""
    return {d.application_id: (d.outcome, d.shared_reason) for d in Decision.objects.all()}


# --- One file -----------------------------------------------------------------------------------


def test_not_accepting_asks_for_a_reason_first(file, claire):
    page = claire.get(page_of(file))
    offered = [item["button"].label for item in page.context["decision_buttons"]]
    assert offered == ["Accepter", "Liste d’attente", "Ne pas retenir"]
    assert f'href="{page_of(file, "mark_rejected")}"' in page.content.decode()
    asked = claire.get(page_of(file, "mark_rejected"))
    assert "La raison, dans vos mots" in text(asked)
    assert READY in text(asked)
    assert reasons() == {}
    done = claire.post(page_of(file, "mark_rejected"), {"shared_reason": "Un regard rare."}, follow=True)
    assert told(done) == ["Décision prise : « ne pas retenir ». Elle attend « Publier »."]
    assert reasons() == {file.pk: ("REJECTED", "Un regard rare.")}
    assert "La raison que la personne lira Un regard rare." in text(done)


def test_no_reason_is_fine(file, claire):
    done = claire.post(page_of(file, "mark_rejected"), follow=True)
    assert reasons() == {file.pk: ("REJECTED", "")}
    assert "La raison que la personne" not in text(done)


def test_ready_sentences_follow_her_own_words_once(file, claire):
    words = {"shared_reason": "Un regard rare.", "ready": ["metier"]}
    claire.post(page_of(file, "mark_rejected"), words)
    assert reasons() == {file.pk: ("REJECTED", f"Un regard rare.\n\n{READY}")}
    claire.post(page_of(file, "change_reason"), {"shared_reason": reasons()[file.pk][1], "ready": ["metier"]})
    assert reasons() == {file.pk: ("REJECTED", f"Un regard rare.\n\n{READY}")}
    claire.post(page_of(file, "change_reason"), {"ready": ["temps", "beaucoup"]})
    assert reasons()[file.pk][1] == f"{READY_REASONS['temps']}\n\n{READY_REASONS['beaucoup']}"


def test_the_reason_of_a_refusal_that_waits_is_changed_or_taken_away(file, claire, coordinator):
    reviews.mark(file, "REJECTED", shared_reason="Première version.", actor=coordinator)
    page = claire.get(page_of(file))
    offered = [item["button"].label for item in page.context["decision_buttons"]]
    assert offered == ["Accepter", "Liste d’attente", "Changer la raison partagée", "Effacer la décision"]
    assert "Première version.</textarea>" in claire.get(page_of(file, "change_reason")).content.decode()
    changed = claire.post(page_of(file, "change_reason"), {"shared_reason": "Seconde."}, follow=True)
    assert told(changed) == ["La raison est gardée avec la décision."]
    assert reasons() == {file.pk: ("REJECTED", "Seconde.")}
    gone = claire.post(page_of(file, "change_reason"), {"shared_reason": ""}, follow=True)
    assert told(gone) == ["La raison est effacée."]
    assert reasons() == {file.pk: ("REJECTED", "")}
    assert "raison partagée changée" in text(gone).lower()


def test_a_reason_for_what_is_no_longer_a_refusal_is_refused(file, claire, coordinator):
    reviews.mark(file, "REJECTED", shared_reason="Des mots.", actor=coordinator)
    assert claire.get(page_of(file, "change_reason")).status_code == 200
    reviews.mark(file, "ACCEPTED", actor=coordinator)
    answer = claire.post(page_of(file, "change_reason"), {"shared_reason": "D’autres."}, follow=True)
    assert told(answer) == ["Ce dossier n’est plus marqué « ne pas retenir »."]
    assert reasons() == {file.pk: ("ACCEPTED", "")}


@pytest.mark.parametrize(
    ("sent", "field", "sentence"),
    [
        ({"shared_reason": "é" * 1001}, "shared_reason", "1000 caractères au plus : votre texte en a 1001."),
        ({"shared_reason": "é" * 990, "ready": ["temps"]}, "shared_reason", "La raison partagée est trop longue"),
        ({"shared_reason": "a\x00b"}, "shared_reason", "Le caractère nul n’est pas autorisé."),
        ({"shared_reason": "Mes mots", "ready": ["inconnue"]}, "ready", "Cette phrase n’est pas proposée."),
    ],
)
def test_what_cannot_be_shared_is_told_next_to_it_and_kept(file, claire, sent, field, sentence):
    page = claire.post(page_of(file, "mark_rejected"), sent)
    assert page.status_code == 200
    errors = page.context["form"].errors
    assert list(errors) == [field]
    assert errors[field][0].replace("\u00a0", " ").startswith(sentence)
    assert sent["shared_reason"][:900].replace("\x00", "") in page.content.decode().replace("\x00", "")
    assert reasons() == {}


def test_once_announced_the_page_says_what_the_person_read(file, claire):
    claire.post(page_of(file, "mark_rejected"), {"shared_reason": "Un regard rare."})
    release = releasing.propose(file.cohort, actor="console")
    assert "La raison que la personne lira Un regard rare." in text(claire.get(page_of(file)))
    releasing.apply(release.decisions.get(), now=release.requested_at)
    assert "La raison que la personne lira Un regard rare." in text(claire.get(page_of(file)))
    releasing.announce(release, now=release.requested_at)
    assert "La raison que la personne a lue Un regard rare." in text(claire.get(page_of(file)))
    assert not JournalEntry.objects.filter(detail__contains="regard").exists()


def test_only_coordinators_write_reasons(file, reviewer, coordinator, candidate, stranger, signed_in):
    words = {"shared_reason": "Des mots."}
    reviews.mark(file, "REJECTED", actor=coordinator)
    for verb in ("mark_rejected", "change_reason"):
        url = page_of(file, verb)
        assert signed_in(coordinator).get(url).status_code == 200
        assert signed_in(reviewer).post(url, words).status_code == 403
        assert {signed_in(person).post(url, words).status_code for person in (candidate, stranger)} == {302}
    assert reasons() == {file.pk: ("REJECTED", "")}


# --- Many at once -------------------------------------------------------------------------------


def test_one_reason_for_many_replaces_those_they_had_and_says_so(closed_cohort, claire, coordinator):
    files = [factories.make_sent(closed_cohort) for _file in range(3)]
    reviews.mark(files[0], "REJECTED", shared_reason="À elle seule.", actor=coordinator)
    asked = claire.post(reverse(LIST), chosen(files, "reject"))
    assert asked.context["with_reason"] == 1
    assert "1 dossier a déjà une raison" in text(asked)
    assert f"{files[0].reference} · {files[0].candidate.get_full_name()} (a déjà une raison)" in text(asked)
    confirmed = chosen(files, "reject", confirmed="1", expected="3", shared_reason="Pour vous toutes.")
    claire.post(reverse(LIST), confirmed)
    assert reasons() == {file.pk: ("REJECTED", "Pour vous toutes.") for file in files}


def test_no_reason_for_many_leaves_those_they_had(closed_cohort, claire, coordinator):
    files = [factories.make_sent(closed_cohort) for _file in range(2)]
    reviews.mark(files[0], "REJECTED", shared_reason="À elle seule.", actor=coordinator)
    claire.post(reverse(LIST), chosen(files, "reject", confirmed="1", expected="2", shared_reason=" "))
    assert reasons() == {files[0].pk: ("REJECTED", "À elle seule."), files[1].pk: ("REJECTED", "")}


def test_too_long_a_reason_for_many_is_told_and_kept(closed_cohort, claire):
    files = [factories.make_sent(closed_cohort) for _file in range(2)]
    sent = chosen(files, "reject", confirmed="1", expected="2", shared_reason="é" * 1001, ready=["temps"])
    page = claire.post(reverse(LIST), sent)
    assert list(page.context["form"].errors) == ["shared_reason"]
    assert "é" * 1001 in page.content.decode()
    assert told(page) == []
    assert reasons() == {}


def test_the_words_typed_stay_when_the_list_has_changed(closed_cohort, claire):
    files = [factories.make_sent(closed_cohort) for _file in range(2)]
    sent = chosen(files, "reject", confirmed="1", expected="5", shared_reason="Pour vous toutes.")
    page = claire.post(reverse(LIST), sent)
    assert told(page) == ["La liste a changé depuis : voici ce qu’elle contient maintenant."]
    assert "Pour vous toutes.</textarea>" in page.content.decode()
    assert reasons() == {}


@pytest.mark.parametrize("action", ["accept", "waitlist", "unmark"])
def test_other_decisions_ask_for_no_reason(closed_cohort, claire, action):
    asked = claire.post(reverse(LIST), chosen([factories.make_sent(closed_cohort)], action))
    assert asked.context["form"] is None
    assert "shared_reason" not in asked.content.decode()

"""Applications in the admin: the list, decisions many at once, the page of a file."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.regions import Region
from applications.models import Application
from consents.models import GuardianAuthorisation
from lifecycle import journal
from lifecycle.models import JournalEntry
from mentorships.models import Mentorship
from reviews import transitions as reviews
from reviews.models import Decision
from tests import factories

pytestmark = pytest.mark.django_db

LIST = "admin:applications_application_changelist"


def listed(answer) -> list[Application]:
    return list(answer.context["cl"].result_list)


def told(answer) -> list[str]:
    return [str(message).replace("\u00a0", " ") for message in answer.context["messages"]]


def page_of(file, verb="change"):
    return reverse(f"admin:applications_application_{verb}", args=[file.pk])


def text(answer) -> str:
    content = answer.content.decode().partition('<div id="content-main"')[2]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>|&nbsp;", " ", content))


# --- The list -----------------------------------------------------------------------------------


def test_a_line_says_all_that_a_selection_needs(closed_cohort, minor, coordinator, signed_in):
    file = factories.make_sent(closed_cohort, minor, trades=factories.make_trades(2))
    factories.make_reading(file, factories.make_reviewer(closed_cohort), score=4)
    factories.make_reading(file, factories.make_reviewer(closed_cohort), score=5)
    reviews.mark(file, "ACCEPTED", actor=coordinator)
    page = signed_in(coordinator).get(reverse(LIST))
    row = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode().partition("<tbody>")[2]))
    for shown in (file.reference, minor.get_full_name(), "Réalisation", "envoyée", "accepter", "sous réserve", "4,5"):
        assert shown in row


def test_the_list_asks_at_most_ten_queries_whatever_it_holds(closed_cohort, coordinator, signed_in):
    browser, counts = signed_in(coordinator), []
    for count in (1, 2):
        for _file in range(count):
            file = factories.make_sent(closed_cohort)
            factories.make_reading(file, factories.make_reviewer(closed_cohort))
            reviews.mark(file, "ACCEPTED", actor=coordinator)
        with CaptureQueriesContext(connection) as asked:
            rows = listed(browser.get(reverse(LIST)))
        counts.append((len(rows), len(asked)))
    (one, first), (three, second) = counts
    assert (one, three) == (1, 3)
    assert first == second <= 10


def test_drafts_of_others_are_not_listed(cohort, coordinator, signed_in):
    sent = factories.make_sent(cohort)
    draft = factories.make_draft(cohort)
    browser = signed_in(coordinator)
    assert listed(browser.get(reverse(LIST))) == [sent]
    assert browser.get(page_of(sent)).status_code == 200
    assert browser.get(page_of(draft)).status_code == 404


@pytest.mark.parametrize("words", ["Zoé Lefèvre", "zoe", "LEFEVRE", "zoe lefevre", "zoe@exemple.org"])
def test_the_search_ignores_accents_and_case(cohort, coordinator, signed_in, words):
    zoe = factories.make_sent(cohort, factories.make_user("Zoé", "Lefèvre", email="zoe@exemple.org"))
    factories.make_sent(cohort, factories.make_user("Amadou", "Traoré"))
    assert listed(signed_in(coordinator).get(reverse(LIST), {"q": words})) == [zoe]


def test_the_search_finds_a_reference(cohort, coordinator, signed_in):
    file = factories.make_sent(cohort)
    factories.make_sent(cohort)
    assert listed(signed_in(coordinator).get(reverse(LIST), {"q": file.reference.lower()})) == [file]


def test_each_filter_narrows(cohort, closed_cohort, minor, coordinator, signed_in):
    directing, editing = factories.make_trades(2)
    lina = factories.make_sent(closed_cohort, minor, trades=[editing], audience="PUPIL")
    other = factories.make_sent(
        cohort, factories.make_user(region=Region.CORSE), trades=[directing], audience="STUDENT"
    )
    reviews.mark(other, "WAITLISTED", actor=coordinator)
    browser = signed_in(coordinator)

    def found(**filters):
        return listed(browser.get(reverse(LIST), filters))

    assert set(found()) == {lina, other}
    assert found(cohort=closed_cohort.pk) == [lina]
    assert set(found(state="SUBMITTED")) == {lina, other}
    assert found(state="ACCEPTED") == []
    assert found(decision="none") == [lina]
    assert found(decision="WAITLISTED") == [other]
    assert found(audience="PUPIL") == [lina]
    assert found(region="COR") == [other]
    assert found(trade=editing.slug) == [lina]
    assert found(authorisation="REQUESTED") == [lina]


@pytest.mark.parametrize("name", ["cohort", "state", "decision", "audience", "region", "trade", "authorisation"])
def test_a_filter_made_by_hand_finds_nothing_and_breaks_nothing(cohort, coordinator, signed_in, name):
    factories.make_sent(cohort)
    page = signed_in(coordinator).get(reverse(LIST), {name: "n'importe quoi"})
    assert page.status_code == 200
    assert listed(page) == []


@pytest.mark.parametrize("column", range(1, 10))
def test_every_column_sorts(cohort, coordinator, signed_in, column):
    files = [factories.make_sent(cohort) for _file in range(2)]
    for order in (column, -column):
        assert set(listed(signed_in(coordinator).get(reverse(LIST), {"o": order}))) == set(files)


def test_only_coordinators_enter(cohort, coordinator, reviewer, candidate, stranger, signed_in):
    file = factories.make_sent(cohort, candidate)
    for url in (reverse(LIST), page_of(file)):
        assert signed_in(coordinator).get(url).status_code == 200
        assert signed_in(reviewer).get(url).status_code == 403
        assert {signed_in(person).get(url).status_code for person in (candidate, stranger)} == {302}
    accept = page_of(file, "mark_accepted")
    assert signed_in(reviewer).post(accept).status_code == 403
    assert {signed_in(person).post(accept).status_code for person in (candidate, stranger)} == {302}
    assert not Decision.objects.exists()


# --- Decisions, many at once --------------------------------------------------------------------


def chosen(files, action, **more):
    return {"action": action, "_selected_action": [file.pk for file in files], "select_across": "0", **more}


def outcomes():
    return dict(Decision.objects.pending().values_list("application", "outcome"))


@pytest.mark.parametrize(
    ("action", "outcome"), [("accept", "ACCEPTED"), ("waitlist", "WAITLISTED"), ("reject", "REJECTED")]
)
def test_a_decision_for_many_is_confirmed_first(cohort, coordinator, signed_in, action, outcome):
    files = [factories.make_sent(cohort) for _file in range(3)]
    browser = signed_in(coordinator)
    asked = browser.post(reverse(LIST), chosen(files, action))
    assert asked.status_code == 200
    assert asked.context["expected"] == 3
    assert all(file.reference in asked.content.decode() for file in files)
    assert outcomes() == {}
    done = browser.post(reverse(LIST), chosen(files, action, confirmed="1", expected="3"), follow=True)
    assert outcomes() == {file.pk: outcome for file in files}
    assert [message.endswith("3 candidatures.") for message in told(done)] == [True]


def test_marks_of_many_are_taken_back(cohort, coordinator, signed_in):
    files = [factories.make_sent(cohort) for _file in range(2)]
    reviews.mark(files[0], "ACCEPTED", actor=coordinator)
    answer = signed_in(coordinator).post(
        reverse(LIST), chosen(files, "unmark", confirmed="1", expected="2"), follow=True
    )
    assert outcomes() == {}
    assert told(answer) == [
        "« Effacer la décision » : 1 candidature.",
        f"{files[1].reference} : Il n’y a pas de décision à effacer.",
    ]


def test_many_refusals_of_one_kind_share_one_message(cohort, coordinator, signed_in):
    files = [factories.make_sent(cohort) for _file in range(7)]
    Application.objects.filter(pk__in=[file.pk for file in files[:6]]).update(state="WITHDRAWN")
    answer = signed_in(coordinator).post(
        reverse(LIST), chosen(files, "accept", confirmed="1", expected="7"), follow=True
    )
    assert outcomes() == {files[6].pk: "ACCEPTED"}
    success, refusal = told(answer)
    assert success == "« Accepter » : 1 candidature."
    assert refusal.endswith("Une décision ne peut plus être prise sur ce dossier.")
    assert all(file.reference in refusal for file in files[:6])


def test_a_list_that_changed_is_shown_again(cohort, coordinator, signed_in):
    files = [factories.make_sent(cohort) for _file in range(2)]
    everything = {"select_across": "1", "confirmed": "1", "expected": "2"}
    late = factories.make_sent(cohort)
    browser = signed_in(coordinator)
    again = browser.post(reverse(LIST), chosen(files, "reject") | everything)
    assert again.context["expected"] == 3
    assert outcomes() == {}
    browser.post(reverse(LIST), chosen(files, "reject") | everything | {"expected": "3"})
    assert outcomes() == {file.pk: "REJECTED" for file in (*files, late)}


# --- The page of a file -------------------------------------------------------------------------


def test_the_page_tells_the_whole_file(closed_cohort, minor, coordinator, signed_in):
    minor.phone = "+33612345678"
    minor.save()
    file = factories.make_sent(closed_cohort, minor)
    factories.make_reading(file, factories.make_reviewer(closed_cohort), comment="Un vrai regard.")
    page = signed_in(coordinator).get(page_of(file))
    whole = text(page)
    shown = [file.reference, file.background, file.project, file.hopes, minor.email, "+33 6 12 34 56 78"]
    shown += ["Un vrai regard.", "16 ans", "attendue", "Candidature envoyée", "Votre candidature est bien arrivée"]
    assert [words for words in shown if words not in page.content.decode() + whole] == []


def test_the_page_edits_nothing(cohort, coordinator, signed_in):
    file = factories.make_sent(cohort)
    answer = signed_in(coordinator).post(page_of(file), {"state": "ACCEPTED"})
    assert answer.status_code == 405
    assert Application.objects.get(pk=file.pk).state == "SUBMITTED"


def test_a_decision_is_one_post_and_waits(cohort, coordinator, signed_in):
    file = factories.make_sent(cohort)
    browser = signed_in(coordinator)
    assert browser.get(page_of(file, "mark_accepted")).status_code == 405
    answer = browser.post(page_of(file, "mark_accepted"), follow=True)
    assert told(answer) == ["Décision prise : « accepter ». Elle attend « Publier »."]
    assert outcomes() == {file.pk: "ACCEPTED"}
    assert "à publier : accepter" in text(answer)
    offered = [item["button"].label for item in answer.context["decision_buttons"]]
    assert offered == ["Liste d’attente", "Ne pas retenir", "Effacer la décision"]
    browser.post(page_of(file, "take_back"))
    assert outcomes() == {}


def test_a_decision_that_is_past_is_refused_with_a_sentence(cohort, coordinator, signed_in):
    file = factories.make_rejected(cohort)
    answer = signed_in(coordinator).post(page_of(file, "mark_accepted"), follow=True)
    assert told(answer) == ["Une décision ne peut plus être prise sur ce dossier."]
    assert answer.context["decision_buttons"] == []


# --- The authorisation of a minor's representative ----------------------------------------------

SIGNED = {"guardian_name": "Marie Diop", "relation": "mère", "signed_on": "2026-01-15"}


@pytest.fixture
def lina(closed_cohort, minor):
    return factories.make_sent(closed_cohort, minor)


def authorisation():
    return GuardianAuthorisation.objects.get()


def test_an_authorisation_received_is_written_down(lina, coordinator, signed_in):
    answer = signed_in(coordinator).post(page_of(lina, "record_authorisation"), SIGNED, follow=True)
    assert told(answer) == ["L’autorisation est notée comme reçue."]
    found = authorisation()
    assert (found.state, found.guardian_name, found.relation) == ("GIVEN", "Marie Diop", "mère")
    assert "Signée par Marie Diop (mère)" in text(answer)
    entry = JournalEntry.objects.get(action="guardianauthorisation.given")
    assert (entry.actor, entry.detail) == (journal.ref(coordinator), "")


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("guardian_name", "", "Recopiez le prénom et le nom lus sur l’autorisation."),
        ("relation", "", "Indiquez le lien de parenté ou la qualité de la personne qui a signé."),
        ("signed_on", "", "Indiquez le jour de la signature."),
        ("signed_on", "hier", "Écrivez le jour de la signature ainsi : 24/11/2026."),
        ("signed_on", "2090-01-01", "Une signature ne peut pas être datée d’un jour à venir."),
    ],
)
def test_what_lacks_is_told_next_to_it_and_the_rest_kept(lina, coordinator, signed_in, field, value, sentence):
    page = signed_in(coordinator).post(page_of(lina, "record_authorisation"), SIGNED | {field: value})
    assert page.status_code == 200
    assert page.context["form"].errors == {field: [sentence]}
    assert authorisation().state == "REQUESTED"


def test_a_refusal_stands(lina, coordinator, signed_in):
    browser = signed_in(coordinator)
    assert browser.get(page_of(lina, "refuse_authorisation")).status_code == 200
    assert authorisation().state == "REQUESTED"
    answer = browser.post(page_of(lina, "refuse_authorisation"), follow=True)
    assert told(answer) == ["Le refus est noté."]
    assert "Ce refus tient" in text(answer)
    again = browser.post(page_of(lina, "record_authorisation"), SIGNED, follow=True)
    assert told(again) == ["Cette action a déjà été faite, ou n’est plus possible."]
    assert authorisation().state == "REFUSED"


def test_a_withdrawal_pauses_the_pair(closed_cohort, minor, coordinator, signed_in):
    mentor = factories.make_mentor()
    factories.clear_for_minors(mentor)
    pair = factories.make_pair(
        factories.make_confirmed(closed_cohort, minor), factories.make_commitment(closed_cohort, mentor)
    )
    answer = signed_in(coordinator).post(page_of(pair.application, "withdraw_authorisation"), follow=True)
    assert told(answer) == ["Le retrait est noté."]
    assert authorisation().state == "WITHDRAWN"
    pair.refresh_from_db()
    assert pair.state == Mentorship.State.PAUSED
    assert "en pause" in text(answer)


def test_a_minor_whom_nobody_asked_yet_can_be_authorised(closed_cohort, candidate, coordinator, signed_in):
    file = factories.make_sent(closed_cohort, candidate)
    candidate.birth_date = closed_cohort.starts_on.replace(year=closed_cohort.starts_on.year - 16, day=1)
    candidate.save()
    answer = signed_in(coordinator).post(page_of(file, "record_authorisation"), SIGNED, follow=True)
    assert told(answer) == ["L’autorisation est notée comme reçue."]
    assert authorisation().scope == journal.ref(closed_cohort)

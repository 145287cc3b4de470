"""The authorisations of minors as staff work with them: a file's page, the list, the desk, « suivi manuel »."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from applications import minors, queries
from applications.models import Application
from consents import answers
from consents.models import Guardian, GuardianAuthorisation
from consents.queries import current_texts
from lifecycle import journal
from lifecycle.models import JournalEntry
from matching import falls
from matching import transitions as matching
from matching.tasks import work_runs
from mentorships.models import Mentorship
from notifications.models import Letter
from portal import desk
from tests import factories
from tests.house.filled_forms import unchanged
from tests.portal.test_admin_applications import LIST, SIGNED, listed, page_of, text, told

pytestmark = pytest.mark.django_db
State = GuardianAuthorisation.State
OUTING = {"title": "Une journée au festival", "details": "Départ à 9 h, retour à 20 h, avec Claire."}


@pytest.fixture
def lina(closed_cohort, minor):
    return factories.make_sent(closed_cohort, minor)


@pytest.fixture
def staff(coordinator, signed_in):
    return signed_in(coordinator)


def mother() -> Guardian:
    return Guardian.objects.select_related("authorisation__person").get(authorisation__title__startswith="le", order=1)


def part(kind, name, file, thing):
    return reverse(f"admin:applications_application_{kind}_{name}", args=[file.pk, thing.pk])


def of_guardian(name, file, guardian=None):
    return part("representants", name, file, guardian or mother())


def later(days=2):
    return time_machine.travel(mother().asked_at + timedelta(days=days), tick=False)


def sign(guardian, now=None) -> None:
    version = current_texts()["autorisation"]
    words = {"name": "Samira Diop", "relation": "mère", "version": version}
    answers.sign(guardian, link_number=guardian.link_number, now=now, **words)


def requests_to(email) -> int:
    return Letter.objects.filter(kind="consents.guardian_request", to=email).exclude(status="CANCELLED").count()


def offered(answer) -> list[str]:
    """The verbs of the authorisations, in order."""
    shown = answer.context["authorisations"]
    found = [
        *(row["buttons"] for item in shown for row in item["guardians"]),
        *(item["buttons"] for item in shown),
        answer.context["outing_buttons"],
    ]
    return [item["button"].label for buttons in found for item in buttons]


# --- Each representative ------------------------------------------------------------------------


def test_the_page_tells_each_representative(lina, staff):
    answers.ask_for_call(mother(), link_number=1, phone="06 12 34 56 78")
    page = staff.get(page_of(lina))
    words = text(page)
    shown = [mother().name, mother().email, "attendue", "Demande un appel", "06 12 34 56 78"]
    assert [said for said in shown if said not in words] == []
    assert offered(page) == [
        "Appel passé",
        "Renvoyer le lien",
        "Corriger l’adresse",
        "Nommer un·e représentant·e",
        "Noter l’autorisation reçue",
        "Noter un refus",
        "Demander une autorisation pour une sortie",
    ]
    sign(mother())
    page = staff.get(page_of(lina))
    assert "Signée par Samira Diop (mère)" in text(page)
    assert "texte version 1" in text(page)
    assert offered(page) == [
        "Renvoyer le lien",
        "Noter le retrait de l’autorisation",
        "Demander une autorisation pour une sortie",
    ]


def test_the_number_to_call_is_on_no_page_of_the_jury(lina, reviewer, signed_in):
    answers.ask_for_call(mother(), link_number=1, phone="06 12 34 56 78")
    assert signed_in(reviewer).get(page_of(lina)).status_code == 403


def test_a_call_made_is_noted_and_the_number_forgotten(lina, staff, coordinator):
    answers.ask_for_call(mother(), link_number=1, phone="06 12 34 56 78")
    assert staff.get(of_guardian("note_called", lina)).status_code == 405
    answer = staff.post(of_guardian("note_called", lina), follow=True)
    assert told(answer) == ["L’appel est noté, et le numéro est effacé."]
    assert (mother().call_asked_at, mother().phone) == (None, "")
    assert JournalEntry.objects.get(action="guardian.called").actor == journal.ref(coordinator)
    assert "représentant·e rappelé·e" in text(answer).lower()


def test_the_link_is_sent_again_by_staff(lina, staff):
    with later():
        answer = staff.post(of_guardian("send_link", lina), follow=True)
        again = staff.post(of_guardian("send_link", lina), follow=True)
    assert told(answer) == [f"Un nouveau lien part à l’adresse {mother().email}."]
    assert told(again) == ["Un courriel vient de partir : laissez-lui deux minutes, et regardez dans les indésirables."]
    assert requests_to(mother().email) == 2


def test_an_address_is_corrected_by_staff(lina, staff):
    old, address = mother().email, of_guardian("correct_guardian", lina)
    page = staff.get(address)
    assert (page.status_code, f'value="{old}"' in page.content.decode()) == (200, True)
    with later():
        wrong = staff.post(address, {"email": "samira"})
        done = staff.post(address, {"email": "samira@example.org"}, follow=True)
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (200, ["email"])
    assert told(done) == ["L’adresse est corrigée, et le lien repart."]
    assert (mother().email, requests_to(old), requests_to("samira@example.org")) == ("samira@example.org", 0, 1)


def test_somebody_is_named_for_a_file_that_named_nobody(closed_cohort, candidate, staff):
    file = factories.make_sent(closed_cohort, candidate)
    candidate.birth_date = closed_cohort.starts_on.replace(year=closed_cohort.starts_on.year - 16, day=1)
    candidate.save()
    assert "pas encore demandée" in text(staff.get(page_of(file)))
    answer = staff.post(page_of(file, "name_guardian"), {"name": "Samira", "email": "samira@example.org"}, follow=True)
    assert told(answer) == ["C’est noté : le lien part dans la minute."]
    assert (mother().name, requests_to("samira@example.org")) == ("Samira", 1)


def test_another_files_representative_is_not_reached_from_here(lina, closed_cohort, staff):
    other = factories.make_sent(closed_cohort, factories.make_user("Noé", age=16))
    hers = Guardian.objects.get(authorisation__person=other.candidate)
    with time_machine.travel(hers.asked_at + timedelta(days=2), tick=False):
        assert staff.post(of_guardian("send_link", other, hers)).status_code == 302
        assert staff.post(of_guardian("send_link", lina, hers)).status_code == 404


# --- Settling -----------------------------------------------------------------------------------


def test_after_a_refusal_both_sides_may_settle_it(lina, staff):
    guardian = mother()
    falls.refuse_authorisation(guardian.authorisation, guardian=guardian, link_number=1, actor="guardian")
    page = staff.get(page_of(lina))
    assert offered(page) == [
        "Renvoyer le lien",
        "Reprendre après accord des deux parties",
        "Demander une autorisation pour une sortie",
    ]
    answer = staff.post(page_of(lina, "settle_authorisation"), follow=True)
    assert told(answer) == ["L’autorisation est redemandée."]
    assert (mother().state, mother().authorisation.state, mother().link_number) == ("REQUESTED", "REQUESTED", 3)
    again = staff.post(page_of(lina, "settle_authorisation"), follow=True)
    assert told(again) == ["Cette action a déjà été faite, ou n’est plus possible."]


def test_a_paused_pair_is_taken_up_again_once_authorised(closed_cohort, minor, staff):
    mentor = factories.make_mentor()
    factories.clear_for_minors(mentor)
    pair = factories.make_pair(
        factories.make_confirmed(closed_cohort, minor), factories.make_commitment(closed_cohort, mentor)
    )
    falls.withdraw_authorisation(GuardianAuthorisation.objects.get(), actor=journal.CONSOLE)
    address = reverse("admin:mentorships_mentorship_resume", args=[pair.pk])
    page = staff.get(reverse("admin:mentorships_mentorship_change", args=[pair.pk]))
    assert (address in page.content.decode(), "autorisation retirée" in text(page)) == (True, True)
    refused = staff.post(address, follow=True)
    assert told(refused) == ["L’autorisation de la ou du représentant légal manque encore : rien ne reprend sans elle."]
    assert Mentorship.objects.get().state == Mentorship.State.PAUSED
    staff.post(page_of(pair.application, "settle_authorisation"), follow=True)
    staff.post(page_of(pair.application, "record_authorisation"), SIGNED, follow=True)
    done = staff.post(address, follow=True)
    assert told(done) == ["Le binôme reprend. Chacun·e reçoit un courriel."]
    assert (Mentorship.objects.get().state, "autorisation retirée" in text(done)) == (Mentorship.State.ACTIVE, False)
    assert address not in done.content.decode()


# --- Outings ------------------------------------------------------------------------------------


def test_an_outing_has_an_authorisation_of_its_own(closed_cohort, minor, staff):
    file = factories.make_accepted(closed_cohort, minor)
    sign(mother())
    answer = staff.post(page_of(file, "ask_for_outing"), OUTING, follow=True)
    assert told(answer) == ["L’autorisation est demandée pour cette sortie."]
    outing = GuardianAuthorisation.objects.latest("pk")
    assert (outing.scope, outing.title) == (f"{journal.ref(closed_cohort)}:sortie-1", OUTING["title"])
    assert list(outing.guardians.values_list("email", "state")) == [(mother().email, "REQUESTED")]
    assert "Sortie : Une journée au festival" in text(answer)
    refused = staff.post(part("sorties", "refuse_authorisation", file, outing), follow=True)
    assert told(refused) == ["Le refus est noté."]
    outing.refresh_from_db()
    assert (outing.state, mother().authorisation.state) == (State.REFUSED, State.GIVEN)
    staff.post(page_of(file, "ask_for_outing"), OUTING)
    second = GuardianAuthorisation.objects.latest("pk")
    assert second.scope == f"{journal.ref(closed_cohort)}:sortie-2"
    staff.post(part("sorties", "record_authorisation", file, second), SIGNED)
    second.refresh_from_db()
    assert second.state == State.GIVEN
    assert staff.post(part("sorties", "record_authorisation", file, mother().authorisation), SIGNED).status_code == 404


@pytest.mark.parametrize(
    ("field", "sentence"),
    [
        ("title", "Dites ce qui est à autoriser."),
        ("details", "Dites où, quand, avec qui : personne ne signe sans le savoir."),
    ],
)
def test_an_outing_says_what_it_is(field, sentence, lina, staff):
    answer = staff.post(page_of(lina, "ask_for_outing"), OUTING | {field: " "})
    assert {k: [e.replace("\u00a0", " ") for e in v] for k, v in answer.context["form"].errors.items()} == {
        field: [sentence]
    }
    assert GuardianAuthorisation.objects.count() == 1


def test_nobody_signs_an_outing_for_somebody_of_age(closed_cohort, candidate, staff):
    file = factories.make_confirmed(closed_cohort, candidate)
    answer = staff.post(page_of(file, "ask_for_outing"), OUTING, follow=True)
    assert told(answer) == ["Cette personne sera majeure : personne d’autre ne signe pour elle."]


# --- Followed by hand ---------------------------------------------------------------------------


def test_somebody_is_followed_by_hand_and_as_others_again(lina, minor, staff):
    page = staff.get(page_of(lina, "follow_by_hand"))
    assert "Aucune raison n’est gardée." in page.content.decode()
    answer = staff.post(page_of(lina, "follow_by_hand"), follow=True)
    assert told(answer) == ["Cette personne est en suivi manuel : rien ne part plus tout seul."]
    assert ("suivi manuel" in text(answer), User.objects.get(pk=minor.pk).is_followed_by_hand) == (True, True)
    assert "suivi manuel" in staff.get(reverse(LIST)).content.decode().partition("<tbody>")[2]
    twice = staff.post(page_of(lina, "follow_by_hand"), follow=True)
    assert told(twice) == ["C’est déjà le cas."]
    assert [b["button"].label for b in twice.context["by_hand_buttons"]] == ["Arrêter le suivi manuel"]
    staff.post(page_of(lina, "follow_as_others"))
    assert not User.objects.get(pk=minor.pk).is_followed_by_hand
    assert {e.detail for e in JournalEntry.objects.filter(action__startswith="user.followed")} == {""}


def test_no_calculation_proposes_who_is_followed_by_hand_and_the_desk_says_so(closed_cohort, coordinator, staff, now):
    file = factories.make_confirmed(closed_cohort)
    factories.make_commitment(closed_cohort)
    staff.post(page_of(file, "follow_by_hand"))
    run = matching.request_run(closed_cohort, actor=coordinator)
    work_runs()
    run.refresh_from_db()
    assert list(run.unmatched.values_list("application", "kind")) == [(file.pk, "BY_HAND")]
    (line,) = [item for item in desk.cohort_desks(now)[0].waiting if "manuel" in item.sentence]
    assert (line.sentence, listed(staff.get(line.url))) == ("1 suivi manuel sans mentor·e", [file])


def test_no_reminder_leaves_for_a_draft_followed_by_hand(cohort):
    draft = factories.make_draft(cohort)
    eve = cohort.closes_at - timedelta(hours=20)
    assert [file for file, _days in queries.drafts_to_remind(eve)] == [draft]
    User.objects.filter(pk=draft.candidate_id).update(is_followed_by_hand=True)
    assert [file for file, _days in queries.drafts_to_remind(eve)] == []


# --- The list and the desk ----------------------------------------------------------------------


@pytest.fixture
def everybody(closed_cohort):
    """A minor at each point of her authorisation, and some that nobody has to follow any more."""
    files = {}
    for name in ("asked", "called", "given", "refused", "withdrawn", "outing", "over", "gone"):
        files[name] = factories.make_sent(closed_cohort, factories.make_user(name, age=16))

    def guardian(name):
        return Guardian.objects.select_related("authorisation__person").get(
            authorisation__person=files[name].candidate, order=1
        )

    answers.ask_for_call(guardian("called"), link_number=1, phone="")
    Guardian.objects.filter(pk=guardian("asked").pk).update(asked_at=timezone.now())
    for name in ("given", "withdrawn", "outing"):
        sign(guardian(name))
    falls.refuse_authorisation(guardian("refused").authorisation, actor=journal.CONSOLE)
    falls.withdraw_authorisation(guardian("withdrawn").authorisation, actor=journal.CONSOLE)
    minors.ask_for_outing(files["outing"], **OUTING, actor=journal.CONSOLE)
    falls.withdraw_application(files["gone"], actor=files["gone"].candidate)
    Application.objects.filter(pk=files["over"].pk).update(state="REJECTED")
    factories.make_sent(closed_cohort)
    return files


FOLLOWED = {
    "REQUESTED": {"asked", "called"},
    "GIVEN": {"given", "outing"},
    "REFUSED": {"refused"},
    "WITHDRAWN": {"withdrawn"},
    "appel": {"called"},
    "silence": {"called"},
    "sortie": {"outing"},
}


@pytest.mark.parametrize("value", FOLLOWED)
def test_the_filter_lists_what_is_to_be_done(value, everybody, staff):
    found = listed(staff.get(reverse(LIST), {"authorisation": value}))
    assert {file.candidate.first_name for file in found} == FOLLOWED[value]


def test_each_line_of_the_desk_leads_to_as_many_files(everybody, closed_cohort, staff, now):
    moment = Guardian.objects.latest("asked_at").asked_at + timedelta(days=14)
    with time_machine.travel(moment, tick=False):
        lines = [item for item in desk.cohort_desks(moment)[0].waiting if "authorisation=" in item.url]
        counts = [(item.sentence, item.count, len(listed(staff.get(item.url)))) for item in lines]
    assert counts == [
        ("1 représentant·e à rappeler", 1, 1),
        ("1 autorisation refusée", 1, 1),
        ("1 autorisation retirée", 1, 1),
        ("3 autorisations sans réponse depuis 14 jours", 3, 3),
        ("2 autorisations parentales attendues", 2, 2),
        ("1 autorisation attendue pour une sortie", 1, 1),
    ]


def test_the_list_and_the_page_ask_no_more_for_many_minors(everybody, closed_cohort, staff):
    def asked(path, **filters):
        with CaptureQueriesContext(connection) as queries:
            assert staff.get(path, filters).status_code == 200
        return len(queries)

    few = [asked(reverse(LIST)), asked(reverse(LIST), authorisation="appel"), asked("/admin/")]
    for age in (15, 16, 17):
        factories.make_sent(closed_cohort, factories.make_user(age=age))
    assert [asked(reverse(LIST)), asked(reverse(LIST), authorisation="appel"), asked("/admin/")] == few
    assert [count <= most for count, most in zip(few, (10, 10, 24), strict=True)] == [True] * 3


def test_a_stopped_authorisation_is_said_on_the_line_of_the_list(everybody, staff):
    page = staff.get(reverse(LIST)).content.decode().partition("<tbody>")[2]
    assert [page.count(words) for words in ("autorisation refusée", "autorisation retirée")] == [1, 1]


# --- The first day moves ------------------------------------------------------------------------


def test_moving_the_first_day_stops_what_lacks_an_authorisation_now(closed_cohort, staff, now):
    """She would have been of age on the first day, and is not any more."""
    mentor = factories.make_mentor()
    factories.clear_for_minors(mentor)
    commitment = factories.make_commitment(closed_cohort, mentor, capacity=4)
    eighteen = closed_cohort.starts_on.replace(year=closed_cohort.starts_on.year - 18)
    born_that_day = [factories.make_user(birth_date=eighteen, age=30) for _person in range(2)]
    pair = factories.make_pair(factories.make_confirmed(closed_cohort, born_that_day[0]), commitment)
    offer = factories.make_offer(factories.make_confirmed(closed_cohort, born_that_day[1]), commitment)
    grown = factories.make_pair(factories.make_confirmed(closed_cohort), commitment)
    address = reverse("admin:cohorts_cohort_change", args=[closed_cohort.pk])
    page = unchanged(staff.get(address))
    day_before = closed_cohort.starts_on - timedelta(days=1)
    answer = staff.post(address, {**page, "starts_on": [day_before.isoformat()]}, follow=True)
    assert any(words.startswith("2 personnes qui ont leur place seront mineures") for words in told(answer))
    for thing in (pair, offer, grown):
        thing.refresh_from_db()
    assert (pair.state, offer.state, grown.state) == ("PAUSED", "CANCELLED", "ACTIVE")

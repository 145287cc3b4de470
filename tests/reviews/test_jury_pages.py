"""The coordinators' page of a jury, and « Ce que vous connaissez »."""

import re
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from cohorts.models import Cohort
from lifecycle import journal
from lifecycle.models import JournalEntry
from reviews import jury_queries, readings, sharing
from reviews.models import Assignment, ReaderProfile, Recusal, Review
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def jury(closed_cohort):
    names = [("Nadia", "Benali"), ("Tuan", "Phan"), ("Rose-May", "Lubin")]
    return [factories.make_reviewer(closed_cohort, factories.make_user(*name)) for name in names]


@pytest.fixture
def files(closed_cohort):
    return [factories.make_sent(closed_cohort) for _file in range(6)]


@pytest.fixture
def shared(closed_cohort, jury, files, coordinator):
    sharing.distribute(closed_cohort, actor=coordinator)
    return closed_cohort


@pytest.fixture
def desk(coordinator, signed_in):
    return signed_in(coordinator)


def page(cohort):
    return reverse("admin:reviews_jury", args=[cohort.pk])


def text(response):
    return re.sub(r"[ \n]+", " ", response.content.decode().replace("&nbsp;", "\u00a0"))


def told(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def rows(cohort, now):
    view = jury_queries.jury_view(cohort, now)
    return {row.person.first_name: (row.asked, row.given, row.begun, row.left, row.recused) for row in view.readers}


def test_the_page_says_how_far_everybody_is(shared, jury, files, desk, now):
    nadia = list(Assignment.objects.filter(reviewer=jury[0]).select_related("application").order_by("pk"))
    factories.make_reading(nadia[0].application, jury[0])
    readings.save_draft(nadia[1].application, jury[0], scores={}, comment="Je commence.")
    sharing.recuse(nadia[2].application, jury[0], actor=jury[0])
    counts = rows(shared, now)
    assert counts["Nadia"] == (3, 1, 1, 2, 1)
    assert counts["Tuan"][0] + counts["Rose-May"][0] == 9
    shown = text(desk.get(page(shared)))
    assert "<strong>1 sur 12</strong> lectures faites" in shown
    assert "<strong>1 sur 3</strong>, 1 commencé</p>" in shown
    assert "1\u00a0récusation." in shown


def test_a_jury_without_files_has_no_bars(closed_cohort, desk):
    factories.make_reviewer(closed_cohort)
    shown = text(desk.get(page(closed_cohort)))
    assert "Aucune lecture n’est encore confiée." in shown
    assert "Aucun dossier n’attend de lecture." in shown
    assert "0 sur 0" not in shown


def test_one_reading_a_file_is_told_in_the_singular(closed_cohort, jury, desk):
    Cohort.objects.filter(pk=closed_cohort.pk).update(reviews_per_file=1)
    factories.make_sent(closed_cohort)
    shown = text(desk.get(page(closed_cohort)))
    assert "dossier n’a pas encore sa lecture." in shown
    assert "reçoit 1 lecture, à parts égales" in shown


def test_who_is_late_is_marked(shared, jury, desk, now):
    shown = text(desk.get(page(shared)))
    assert ("en retard" in shown, "n’a pas commencé" in shown) == (False, True)
    shared.readings_due_on = now.date() - timedelta(days=1)
    shared.save()
    assert text(desk.get(page(shared))).count("en retard</span>") == 3


def test_sharing_out_from_the_page(closed_cohort, jury, files, desk):
    assert "<strong>6</strong> dossiers n’ont pas encore leurs 2 lectures" in text(desk.get(page(closed_cohort)))
    answer = desk.post(reverse("admin:reviews_jury_distribute", args=[closed_cohort.pk]))
    assert (answer.status_code, answer.url) == (302, page(closed_cohort))
    assert told(answer) == ["12 lectures ont été confiées au jury."]
    shown = text(desk.get(page(closed_cohort)))
    assert "Chaque dossier envoyé a ses 2 lectures." in shown
    assert "Les parts sont égales, à une lecture près." in shown


def test_a_file_that_nobody_else_can_read_is_named(shared, files, jury, desk):
    for reader in jury[:2]:
        sharing.recuse(files[0], reader, actor=reader)
    shown = text(desk.get(page(shared)))
    assert "une répartition ne suffit pas" in shown
    assert f"{files[0].reference}</a>\u00a0: il manque 1 lecture</li>" in shown


def test_uneven_shares_that_another_sharing_would_bring_nearer(shared, desk):
    factories.make_reviewer(shared)
    shown = text(desk.get(page(shared)))
    assert "Les parts vont de <strong>0 à 4</strong> lectures. Répartir à nouveau les rapprocherait." in shown


def test_uneven_shares_that_what_is_begun_explains(shared, desk):
    for row in Assignment.objects.select_related("application", "reviewer"):
        readings.save_draft(row.application, row.reviewer, scores={}, comment="Commencé.")
    factories.make_reviewer(shared)
    shown = text(desk.get(page(shared)))
    assert "ne change plus de main (Nadia Benali, Rose-May Lubin, Tuan Phan)" in shown


def test_uneven_shares_that_recusals_explain(shared, files, desk):
    late = factories.make_reviewer(shared, factories.make_user("Étienne", "Delattre"))
    for file in files:
        sharing.recuse(file, late, actor=late)
    shown = text(desk.get(page(shared)))
    assert "12 lectures, Nadia Benali, Rose-May Lubin, Tuan Phan" in shown
    assert "fermés aux moins chargé·es (Étienne Delattre)" in shown


# --- One reading more -----------------------------------------------------------------------------


def disagree(file, jury):
    file.assignments.all().delete()
    factories.make_reading(file, jury[0], score=5)
    factories.make_reading(file, jury[1], score=2)


def test_readers_who_disagree_lead_to_a_third(shared, files, jury, desk):
    assert "Aucun dossier n’en demande pour l’instant" in text(desk.get(page(shared))) or not shared.readings_due_on
    disagree(files[0], jury)
    shown = text(desk.get(page(shared)))
    assert "Les avis s’écartent d’au moins deux points" in shown
    assert f'value="{files[0].pk}" checked> {files[0].reference}' in shown
    answer = desk.post(reverse("admin:reviews_jury_third", args=[shared.pk]), {"dossier": [files[0].pk]})
    assert told(answer) == ["Une lecture de plus est confiée."]
    assert files[0].assignments.get(is_third=True).reviewer == jury[2]
    assert f'value="{files[0].pk}"' not in text(desk.get(page(shared)))


def test_a_missing_opinion_is_listed_once_the_time_to_read_is_over(shared, files, jury, desk, now):
    shared.readings_due_on = now.date() + timedelta(days=2)
    shared.save()
    assert "<legend>Il manque un avis</legend>" not in text(desk.get(page(shared)))
    shared.readings_due_on = now.date() - timedelta(days=1)
    shared.save()
    assert text(desk.get(page(shared))).count('name="dossier"') == 6


def test_files_that_nobody_can_take_are_told(shared, files, jury, desk):
    disagree(files[0], jury)
    disagree(files[1], jury)
    sharing.recuse(files[1], jury[2], actor=jury[2])
    chosen = {"dossier": [files[0].pk, files[1].pk, "x", "9" * 30]}
    answer = desk.post(reverse("admin:reviews_jury_third", args=[shared.pk]), chosen)
    assert told(answer) == ["Une lecture de plus est confiée.", "Un dossier n’a trouvé personne pour le lire."]


def test_nothing_ticked_is_told(shared, desk):
    answer = desk.post(reverse("admin:reviews_jury_third", args=[shared.pk]))
    assert told(answer) == ["Choisissez au moins un dossier."]


# --- Handing on -----------------------------------------------------------------------------------


def test_handing_on_says_what_it_does_then_does_it(shared, jury, desk, now):
    shared.readings_due_on = now.date() + timedelta(days=7)
    shared.save()
    row = Assignment.objects.filter(reviewer=jury[0]).select_related("application").first()
    readings.save_draft(row.application, jury[0], scores={}, comment="Je commence.")
    address = reverse("admin:reviews_jury_hand_on", args=[shared.pk, jury[0].pk])
    shown = text(desk.get(address))
    assert "4 dossiers que cette personne n’a pas lus passeront à d’autres" in shown
    assert "Pour l’un d’eux un avis est commencé\u00a0: il sera perdu." in shown
    assert "Les avis sont attendus pour le" in shown
    assert Assignment.objects.filter(reviewer=jury[0]).count() == 4
    answer = desk.post(address)
    assert told(answer)[0] == "4 dossiers sont passés à d’autres."
    assert not Assignment.objects.filter(reviewer=jury[0]).exists()
    assert jury[0].grants.filter(role=Role.JURY).exists()


def test_whoever_hands_on_may_leave_the_jury_with_it(shared, jury, desk):
    address = reverse("admin:reviews_jury_hand_on", args=[shared.pk, jury[0].pk])
    desk.post(address, {"leaves": "on"})
    assert not jury[0].grants.filter(role=Role.JURY).exists()
    desk.post(reverse("admin:reviews_jury_distribute", args=[shared.pk]))
    assert not Assignment.objects.filter(reviewer=jury[0]).exists()


def test_handing_on_what_nobody_else_can_read_is_told(shared, jury, files, desk):
    for file in files:
        for reader in jury[1:]:
            sharing.recuse(file, reader, actor=reader)
    answer = desk.post(reverse("admin:reviews_jury_hand_on", args=[shared.pk, jury[0].pk]))
    assert told(answer) == ["Personne d’autre ne peut lire ces dossiers\u00a0: invitez quelqu’un de plus dans le jury."]


# --- Opinions on people the reader may know -------------------------------------------------------


def test_an_opinion_on_somebody_she_may_know_is_shown_and_can_be_withdrawn(shared, jury, files, desk):
    row = Assignment.objects.filter(reviewer=jury[0]).select_related("application").first()
    factories.make_reading(row.application, jury[0])
    assert "Avis à vérifier" not in text(desk.get(page(shared)))
    ReaderProfile.objects.create(person=jury[0], addresses=row.application.candidate.email)
    shown = text(desk.get(page(shared)))
    assert "Avis à vérifier" in shown
    assert "adresse connue" in shown
    address = reverse("admin:reviews_jury_withdraw", args=[shared.pk, row.application.reference, jury[0].pk])
    assert "disparaît" in text(desk.get(address))
    assert Review.objects.count() == 1
    desk.post(address)
    assert not Review.objects.exists()
    assert Recusal.objects.get().reason == Recusal.Reason.ADDRESS
    assert set(row.application.assignments.values_list("reviewer", flat=True)) == {jury[1].pk, jury[2].pk}
    assert "Avis à vérifier" not in text(desk.get(page(shared)))


def test_the_page_takes_as_many_queries_for_more_files_and_readers(shared, files, jury, desk):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(page(shared)).status_code == 200
        return len(captured)

    factories.make_reading(files[0], jury[0])
    factories.make_sent(shared)
    factories.make_reviewer(shared)
    few = queries()
    for _file in range(4):
        factories.make_sent(shared)
    for _person in range(2):
        factories.make_reviewer(shared)
    factories.make_reading(files[1], jury[1])
    assert queries() == few
    assert few <= 45


# --- « Ce que vous connaissez » -------------------------------------------------------------------

OWN = "admin:reviews_readerprofile_changelist"


def test_a_reader_says_what_she_knows(shared, jury, signed_in):
    client = signed_in(jury[0])
    assert "Ce que vous connaissez" in text(client.get(reverse("admin:reviews_assignment_changelist")))
    trade = factories.make_trades(1)[0]
    said = {"trades": [trade.pk], "schools": "La Fémis\nLycée Jean Moulin", "employers": "", "addresses": ""}
    answer = client.post(reverse(OWN), said)
    assert (answer.status_code, told(answer)) == (302, ["C’est enregistré."])
    profile = ReaderProfile.objects.get(person=jury[0])
    assert (profile.schools, list(profile.trades.all())) == ("La Fémis\nLycée Jean Moulin", [trade])
    shown = text(client.get(reverse(OWN)))
    assert "La Fémis Lycée Jean Moulin</textarea>" in shown
    line = JournalEntry.objects.about(journal.ref(profile)).get()
    assert (line.action, line.detail) == ("readerprofile.saved", "")


def test_what_she_says_closes_files_and_tells_her(shared, jury, signed_in):
    rows = list(Assignment.objects.filter(reviewer=jury[0]).select_related("application__candidate").order_by("pk"))
    factories.make_reading(rows[0].application, jury[0])
    addresses = "\n".join(row.application.candidate.email for row in rows[:2])
    answer = signed_in(jury[0]).post(reverse(OWN), {"addresses": addresses})
    assert told(answer) == [
        "C’est enregistré.",
        "1 dossier se ferme, et passe à quelqu’un d’autre.",
        "Un avis déjà donné porte sur une personne peut-être connue\u00a0: la coordination en décidera.",
    ]
    assert list(Recusal.objects.values_list("application", "reviewer")) == [(rows[1].application_id, jury[0].pk)]


def test_what_is_no_address_is_told_and_kept(shared, jury, signed_in):
    answer = signed_in(jury[0]).post(reverse(OWN), {"schools": "La Fémis", "addresses": "zoe@example.org\nma voisine"})
    shown = text(answer)
    assert answer.status_code == 422
    assert "«\u00a0ma voisine\u00a0» n’est pas une adresse e-mail\u00a0: écrivez-la en entier, avec son @." in shown
    assert "La Fémis</textarea>" in shown
    assert not ReaderProfile.objects.exists()


def test_a_coordinator_may_complete_it(shared, jury, desk):
    address = reverse("admin:reviews_readerprofile_person", args=[jury[0].pk])
    assert "Ce que connaît Nadia Benali" in text(desk.get(address))
    assert desk.post(address, {"employers": "Les Films du Canal"}).status_code == 302
    assert ReaderProfile.objects.get().employers == "Les Films du Canal"


def test_nobody_else_reads_it(shared, jury, candidate, signed_in, desk):
    address = reverse("admin:reviews_readerprofile_person", args=[jury[0].pk])
    assert desk.get(address).status_code == 200
    assert signed_in(jury[1]).get(address).status_code == 403
    assert desk.get(reverse(OWN)).status_code == 403
    assert desk.get(reverse("admin:reviews_readerprofile_person", args=[candidate.pk])).status_code == 404


def test_a_file_that_became_somebodys_she_knows_does_not_open(shared, jury, signed_in):
    row = Assignment.objects.filter(reviewer=jury[0]).select_related("application__candidate").first()
    client = signed_in(jury[0])
    address = reverse("admin:reviews_assignment_read", args=[row.application.reference])
    assert client.get(address).status_code == 200
    ReaderProfile.objects.create(person=jury[0], addresses=row.application.candidate.email)
    assert client.get(address).status_code == 404
    assert client.post(reverse("admin:reviews_assignment_save", args=[row.application.reference])).status_code == 404
    sharing.close_tied(shared)
    assert client.get(address).status_code == 404

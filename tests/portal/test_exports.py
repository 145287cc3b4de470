"""Exports: what is asked, what the worker writes, who downloads it, when it goes."""

from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from applications.models import Application
from lifecycle import journal
from lifecycle.models import JournalEntry
from lifecycle.refusals import Refusal
from lifecycle.wording import ACTIONS
from portal import tasks
from portal.exports import asking, making
from portal.models import Export
from reviews import transitions as reviews
from tests import factories

pytestmark = pytest.mark.django_db

LIST = "admin:exports"
HOSTILE = ("=1+1", "+33", "-2", "@SUM(A1)", '=HYPERLINK("http://x")', "\tx", "{=1}", "http://x.example", "007")


def made(coordinator, filters="") -> tuple[Export, openpyxl.Workbook]:
    """An export asked for and made, and its workbook as a spreadsheet opens it."""
    export = asking.ask(coordinator, filters)
    assert tasks.make_exports() == 1
    export.refresh_from_db()
    assert export.state == "DONE"
    return export, openpyxl.load_workbook(BytesIO(content(export)))


def content(export) -> bytes:
    return Path(settings.DOCUMENTS_ROOT, export.stored_name).read_bytes()


def lines(book, sheet="Candidatures") -> list[dict]:
    header, *rows = book[sheet].iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


def entries(export) -> list[tuple[str, str]]:
    found = JournalEntry.objects.about(journal.ref(export)).order_by("id")
    return list(found.values_list("action", "actor"))


# --- What is written ----------------------------------------------------------------------------


def test_a_file_and_its_person_on_one_line(closed_cohort, minor, coordinator):
    file = factories.make_sent(closed_cohort, minor, trades=factories.make_trades(2), audience="PUPIL")
    type(minor).objects.filter(pk=minor.pk).update(phone="+33612345678")
    factories.make_reading(file, factories.make_reviewer(closed_cohort), score=4)
    factories.make_reading(file, factories.make_reviewer(closed_cohort), score=5)
    reviews.mark(file, "ACCEPTED", actor=coordinator)
    file.refresh_from_db()
    export, book = made(coordinator)
    directing, editing = (trade.name for trade in factories.make_trades(2))
    (line,) = lines(book)
    sent = timezone.localtime(file.sent_at).replace(tzinfo=None)
    assert abs(line.pop("Envoyée le") - sent) < timedelta(seconds=1)
    assert line == {
        "Référence": file.reference,
        "Prénom": minor.first_name,
        "Nom": minor.last_name,
        "Adresse e-mail": minor.email,
        "Téléphone": "+33 6 12 34 56 78",
        "Région": minor.get_region_display(),
        "Promotion": closed_cohort.name,
        "Public": "lycéen·ne",
        "Métier 1": directing,
        "Métier 2": editing,
        "Métier 3": None,
        "État": "envoyée",
        "Décision à publier": "accepter",
        "Note moyenne": 4.5,
        "Avis donnés": 2,
        "Réponse annoncée le": None,
        "À confirmer avant le": None,
        "Confirmée le": None,
        "Rang d’attente": None,
        "Mineur·e au début": "oui",
        "Autorisation parentale": "attendue",
        "Suivi manuel": None,
    }
    assert (export.rows, export.total, export.size) == (1, 1, len(content(export)))


def test_excel_finds_days_numbers_a_header_and_filters(closed_cohort, coordinator):
    factories.make_confirmed(closed_cohort)
    _export, book = made(coordinator)
    assert book.sheetnames == ["Candidatures", "Statistiques", "Chiffres", "À lire"]
    sheet = book["Candidatures"]
    titles = {cell.value: cell.column_letter for cell in sheet[1]}
    confirmed, mean = sheet[f"{titles['Confirmée le']}2"], sheet[f"{titles['Avis donnés']}2"]
    assert (type(confirmed.value), confirmed.number_format) == (datetime, "dd/mm/yyyy hh:mm")
    assert (mean.value, mean.data_type) == (0, "n")
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", f"A1:{sheet.cell(1, len(titles)).column_letter}2")
    assert sheet.column_dimensions[titles["Adresse e-mail"]].width > 30


@pytest.mark.parametrize("words", HOSTILE)
def test_text_is_never_a_formula(closed_cohort, coordinator, words):
    factories.make_sent(closed_cohort, factories.make_user(words, words, email="x@example.org"))
    export, book = made(coordinator)
    cell = book["Candidatures"]["C2"]
    assert (cell.value, cell.data_type, cell.number_format) == (words, "s", "@")
    with ZipFile(BytesIO(content(export))) as parts:
        sheets = b"".join(parts.read(name) for name in parts.namelist() if "worksheets" in name)
    assert sheets.count(b"<f>") + sheets.count(b"<f ") + sheets.count(b"hyperlink") == 0


def test_the_filters_of_the_list_are_those_of_the_export(cohort, closed_cohort, coordinator):
    zoe = factories.make_sent(closed_cohort, factories.make_user("Zoé", "Lefèvre"), audience="STUDENT")
    factories.make_sent(closed_cohort, factories.make_user("Amadou", "Traoré"), audience="PUPIL")
    factories.make_sent(cohort, factories.make_user("Zoé", "Wang"))
    factories.make_draft(cohort)

    def found(filters):
        _export, book = made(coordinator, filters)
        return {line["Référence"] for line in lines(book)}

    assert len(found("")) == 3
    assert len(found("o=2&p=3&unknown=1")) == 3
    assert found(f"cohort={closed_cohort.pk}&q=zoe") == {zoe.reference}
    assert found("audience=STUDENT&state=SUBMITTED&q=lefevre") == {zoe.reference}
    assert found("audience=nothing") == set()


def test_the_filters_are_told_in_words(closed_cohort, coordinator):
    export = asking.ask(coordinator, f"cohort={closed_cohort.pk}&o=3&audience=PUPIL&q=zo%C3%A9&p=2")
    assert export.words == [
        f"promotion\u00a0: {closed_cohort.name}",
        "public\u00a0: lycéen·ne",
        "recherche\u00a0: zoé",
    ]
    assert "p=2" not in export.filters


def test_gender_and_criteria_are_anonymous_and_never_of_few(closed_cohort, coordinator):
    for count, gender in ((11, "WOMAN"), (12, "MAN"), (1, "NON_BINARY")):
        for _n in range(count):
            file = factories.make_draft(closed_cohort)
            Application.objects.filter(pk=file.pk).update(
                gender=gender, social_criteria=["QPV"] if gender == "WOMAN" else ["RURAL"] * (gender == "NON_BINARY"),
                is_typed_by_staff=True,
            )  # fmt: skip
    _export, book = made(coordinator)
    header = {cell.value for cell in book["Candidatures"][1]}
    assert header & {"Genre", "Genre déclaré", "Critères sociaux"} == set()
    shown = {row[0]: row[1] for row in book["Statistiques"].iter_rows(values_only=True) if row[0]}
    told = {name: shown[name] for name in ("une femme", "un homme", "une personne non binaire", "non déclaré")}
    # The one is hidden, and the fewest of the others with her: she could be had by subtracting.
    assert told == {
        "une femme": "non montré", "un homme": 12, "une personne non binaire": "non montré", "non déclaré": 0
    }  # fmt: skip
    assert shown["j’habite un quartier prioritaire (QPV)"] == 11
    assert shown["j’habite à la campagne, loin d’une grande ville"] == "moins de 10"


def test_nine_files_have_no_statistics(closed_cohort, coordinator):
    for _n in range(9):
        factories.make_draft(closed_cohort)
    Application.objects.update(gender="WOMAN", is_typed_by_staff=True)
    _export, book = made(coordinator)
    assert [row[0] for row in book["Statistiques"].iter_rows(values_only=True) if row[0]] == [
        "Trop peu de candidatures pour des statistiques anonymes (moins de 10)."
    ]


def test_the_figures_of_the_cohort_come_along(closed_cohort, coordinator):
    factories.make_sent(closed_cohort)
    _export, book = made(coordinator)
    rows = {row[0]: row[1:3] for row in book["Chiffres"].iter_rows(values_only=True) if row[0]}
    assert rows["Envoyées"] == (1, None)
    assert rows["Lues par le jury"] == (0, 0)


def test_as_many_queries_for_three_files_and_for_six(closed_cohort, coordinator, django_assert_max_num_queries):
    counts = []
    for _round in range(2):
        for _n in range(3):
            factories.make_sent(closed_cohort)
        export = asking.ask(coordinator, "")
        with django_assert_max_num_queries(60) as asked:
            tasks.make_exports()
        counts.append(len(asked))
        assert Export.objects.get(pk=export.pk).state == "DONE"
    assert counts[0] == counts[1]


# --- The worker ---------------------------------------------------------------------------------


def test_an_export_is_claimed_once_and_taken_back_from_the_dead(coordinator, now):
    export = asking.ask(coordinator, "", now=now)
    assert making.claim(now) == export
    assert making.claim(now) is None
    later = now + making.LEASE + timedelta(seconds=1)
    assert making.claim(later) == export
    for n in range(2, making.MAX_ATTEMPTS + 1):
        later += making.LEASE + timedelta(seconds=1)
        assert (making.claim(later) is None) == (n == making.MAX_ATTEMPTS)
    export.refresh_from_db()
    assert export.state == "FAILED"


def test_a_worker_that_lost_its_lease_writes_nothing(coordinator, now):
    asking.ask(coordinator, "", now=now)
    slow = making.claim(now)
    making.claim(now + making.LEASE + timedelta(seconds=1))
    making.work(slow)
    assert Export.objects.get().state == "RUNNING"


def test_what_goes_wrong_leaves_a_failed_export_and_no_file(coordinator, now):
    export = asking.ask(coordinator, "", now=now)
    coordinator.grants.all().delete()
    tasks.make_exports()
    export.refresh_from_db()
    assert (export.state, export.stored_name) == ("FAILED", "")


def test_another_waits_until_the_first_is_done(coordinator):
    asking.ask(coordinator, "")
    with pytest.raises(Refusal):
        asking.ask(coordinator, "")
    tasks.make_exports()
    asking.ask(coordinator, "")
    assert Export.objects.count() == 2


def test_after_a_day_the_file_and_its_row_are_gone(coordinator, now):
    export, _book = made(coordinator)
    path = Path(settings.DOCUMENTS_ROOT, export.stored_name)
    assert tasks.forget_exports() == 0
    assert path.exists()
    Export.objects.update(asked_at=now - timedelta(hours=24, seconds=1))
    assert tasks.forget_exports() == 1
    assert (path.exists(), Export.objects.count()) == (False, 0)


# --- The page -----------------------------------------------------------------------------------


def test_asked_from_the_list_and_downloaded(closed_cohort, coordinator, signed_in):
    file = factories.make_sent(closed_cohort)
    browser = signed_in(coordinator)
    page = browser.get(reverse("admin:applications_application_changelist"), {"cohort": closed_cohort.pk})
    assert f'name="filters" value="cohort={closed_cohort.pk}"' in page.content.decode()
    answer = browser.post(reverse("admin:exports_ask"), {"filters": f"cohort={closed_cohort.pk}"}, follow=True)
    assert answer.redirect_chain == [(reverse(LIST), 302)]
    assert "en attente" in answer.content.decode()
    tasks.make_exports()
    export = Export.objects.get()
    download = browser.get(reverse("admin:exports_download", args=[export.pk]))
    assert download["Content-Disposition"] == f'attachment; filename="{export.file_name}"'
    assert download["Cache-Control"] == "private, no-store, max-age=0, no-cache, must-revalidate"
    book = openpyxl.load_workbook(BytesIO(b"".join(download.streaming_content)))
    assert [line["Référence"] for line in lines(book)] == [file.reference]
    me = journal.ref(coordinator)
    assert entries(export) == [
        ("export.requested", me), ("export.running", "clock"), ("export.done", "clock"), ("export.opened", me)
    ]  # fmt: skip
    assert {action for action, _actor in entries(export)} - set(ACTIONS) == set()
    assert "http-equiv" not in browser.get(reverse(LIST)).content.decode()


def test_nobody_else_reads_it(closed_cohort, coordinator, reviewer, candidate, signed_in, now):
    export, _book = made(coordinator)
    url = reverse("admin:exports_download", args=[export.pk])
    other = factories.make_coordinator(factories.make_user("Odile"))
    hers = signed_in(coordinator).get(url)
    assert (hers.status_code, len(b"".join(hers.streaming_content))) == (200, export.size)
    assert signed_in(other).get(url).status_code == 404
    assert f"/exports/{export.pk}/" not in signed_in(other).get(reverse(LIST)).content.decode()
    assert signed_in(reviewer).get(url).status_code == 403
    assert signed_in(reviewer).post(reverse("admin:exports_ask")).status_code == 403
    assert signed_in(candidate).get(url).status_code == 302
    Export.objects.update(asked_at=now - timedelta(days=1, seconds=1))
    assert signed_in(coordinator).get(url).status_code == 404


def test_a_file_that_is_gone_is_not_found_and_not_journaled(coordinator, signed_in):
    export, _book = made(coordinator)
    Path(settings.DOCUMENTS_ROOT, export.stored_name).unlink()
    assert signed_in(coordinator).get(reverse("admin:exports_download", args=[export.pk])).status_code == 404
    assert entries(export)[-1][0] == "export.done"


@pytest.mark.parametrize(
    "filters", ["", "%", "cohort=%00", "q=" + "x" * 5000, "q=%F0%9F%8E%AC", "a" * 9000, "cohort=&q="]
)
def test_whatever_is_posted_an_export_is_made(coordinator, signed_in, filters):
    answer = signed_in(coordinator).post(reverse("admin:exports_ask"), {"filters": filters})
    assert answer.status_code == 302
    tasks.make_exports()
    assert Export.objects.get().state == "DONE"

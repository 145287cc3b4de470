"""The pages of lists, as a coordinator finds them: reading, moving, comparing, adopting."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications import transitions as applications
from reviews import adopting, selecting, selection_queries
from reviews.models import Decision
from tests import factories
from tests.reviews.lists import BOUNDED, compose_url, line_url, list_url, text, told

pytestmark = pytest.mark.django_db


def test_a_list_is_narrowed_and_searched(files, claire, compose):
    selection = compose(**BOUNDED)

    def shown(**asked):
        return [line.application for line in claire.get(list_url(selection), asked).context["page"]]

    first, second, woman, pupil = files
    assert shown() == [woman, pupil, first, second]
    assert shown(voir="retenus") == [woman, pupil]
    assert shown(voir="attente") == [first]
    assert shown(voir="autres") == [second]
    assert shown(voir="bornes") == [woman, pupil, first, second]
    assert shown(voir="discuter") == shown(voir="deplaces") == []
    assert shown(voir="partout") == [woman, pupil, first, second]
    assert shown(q=first.reference[-4:].lower()) == [first]
    assert shown(q=f" {first.candidate.last_name.upper()} ") == [woman, pupil, first, second]
    assert shown(q="personne d’autre") == []
    assert shown(page="zut\x00", q="\x00") == [woman, pupil, first, second]


def test_files_close_to_the_cut_are_to_be_discussed(read, claire, compose):
    far, close, out = read(5), read(3), read(3)
    selection = compose(basis="ADJUSTED", places=2)
    margins = dict(zip([far, close, out], ["0.10", "0.40", "0.40"], strict=True))
    for file, margin in margins.items():
        points = 490 if file == far else 320 if file == close else 285
        selection.lines.filter(application=file).update(points=points, uncertainty=margin)
    selection.figures["cut"] = 320
    selection.save()
    page = claire.get(list_url(selection), {"voir": "discuter"})
    assert {line.application for line in page.context["page"]} == {close, out}
    assert page.context["counts"]["discuter"] == 2
    assert text(page).count("à discuter") == 2
    selection.lines.filter(application=out).update(uncertainty="0.35")
    assert {line.application for line in selection_queries.lines(selection, "discuter")} == {close}


def test_gender_is_shown_as_counts_alone(files, claire, compose):
    selection = compose(**BOUNDED)
    page = claire.get(list_url(selection))
    parts = page.context["breakdown"]
    assert [(part.label, part.chosen, part.counting, part.supply, part.least) for part in parts.audiences] == [
        ("étudiant·es", 1, 1, 3, 0),
        ("lycéen·nes", 1, 0, 1, 1),
    ]
    assert (parts.everybody.chosen, parts.everybody.counting, parts.everybody.least) == (2, 1, 1)
    assert "une femme" not in text(page)


def test_bounds_no_longer_kept_and_places_too_many_are_told(files, claire, compose, coordinator):
    selection = compose(**BOUNDED)
    woman = selection.lines.get(application=files[2])
    selecting.move_line(woman, outcome="REJECTED", reason="Vu en jury.", actor=coordinator)
    page = text(claire.get(list_url(selection)))
    assert "La borne « 50 % de femmes et de personnes non binaires » n’est plus tenue : 0 pour 1 demandées." in page
    assert "1 place de moins que le calcul n’en donnait : elle reste libre" in page
    for file in files[:2]:
        line = selection.lines.get(application=file)
        selecting.move_line(line, outcome="ACCEPTED", reason="Vu en jury.", actor=coordinator)
    page = text(claire.get(list_url(selection)))
    assert "1 acceptation de trop pour 2 places" in page
    assert page.count("déplacé à la main Vu en jury. Claire") == 3


def test_the_cohort_page_lists_its_lists(closed_cohort, files, claire, compose, coordinator):
    compose()
    second = compose(**BOUNDED)
    selecting.move_line(second.lines.get(rank=3), outcome="ACCEPTED", reason="Vu.", actor=coordinator)
    page = claire.get(reverse("admin:reviews_selection", args=[closed_cohort.pk]))
    rows = [(one.number, one.accepted, one.points, one.moved, len(one.bounds)) for one in page.context["lists"]]
    assert rows == [(2, 3, 1000, 1, 2), (1, 2, 900, 0, 0)]
    assert "3 sur 2 (1 à la main)" in text(page)


# --- By hand --------------------------------------------------------------------------------------


def test_a_file_is_moved_from_its_page_and_put_back(files, claire, compose):
    selection = compose()
    url = line_url(selection, files[2])
    assert "liste d’attente, rang 3" in text(claire.get(url))
    refused = claire.post(url, {"outcome": "ACCEPTED", "position": "1", "reason": " "})
    assert dict(refused.context["form"].errors) == {
        "reason": ["Écrivez pourquoi ce dossier change de place\u00a0: le procès-verbal le dira."]
    }
    answer = claire.post(url, {"outcome": "ACCEPTED", "position": "1", "reason": "Défendu par deux membres."})
    assert answer.headers["Location"] == f"{list_url(selection)}#dossier-{files[2].reference}"
    assert list(selection.lines.values_list("application", "outcome"))[:3] == [
        (files[2].pk, "ACCEPTED"),
        (files[0].pk, "ACCEPTED"),
        (files[1].pk, "ACCEPTED"),
    ]
    assert "Défendu par deux membres." in text(claire.get(list_url(selection)))
    back = claire.post(line_url(selection, files[2], "return"), follow=True)
    assert told(back) == [f"{files[2].reference} est de nouveau à la place calculée."]
    assert [line.application for line in selection.lines.all()] == files


def test_two_files_change_places(files, claire, compose, coordinator):
    selection = compose()
    url = line_url(selection, files[3])
    unknown = claire.post(url, {"swap-other": "P27-ZZZZ", "swap-reason": "Vu."})
    assert dict(unknown.context["swap"].errors) == {
        "other": ["Aucun autre dossier de cette liste n’a cette référence."]
    }
    assert 'href="#id_swap-other"' in unknown.content.decode()
    claire.post(url, {"swap-other": f" {files[0].reference.lower()} ", "swap-reason": "Vu en jury."})
    lines = [(line.application, line.rank, line.outcome, line.moved_reason) for line in selection.lines.all()]
    assert lines == [
        (files[3], 1, "ACCEPTED", "Vu en jury."),
        (files[1], 2, "ACCEPTED", ""),
        (files[2], 3, "WAITLISTED", ""),
        (files[0], 4, "REJECTED", "Vu en jury."),
    ]
    line = selection.lines.get(rank=1)
    with pytest.raises(selecting.Refusal):
        selecting.swap_lines(line, line, reason="Vu.", actor=coordinator)


def test_a_file_of_another_list_is_not_found(files, claire, compose, closed_cohort):
    selection, stranger = compose(), factories.make_sent(closed_cohort)
    assert claire.get(line_url(selection, files[0])).status_code == 200
    for reference in (stranger.reference, "P27-ZZZZ", "a\x00b"):
        url = reverse("admin:reviews_selection_list", args=[selection.pk]) + f"dossiers/{reference}/deplacer/"
        assert claire.get(url).status_code == 404


# --- Adopting -------------------------------------------------------------------------------------


def test_adopting_says_what_it_writes_then_leads_to_the_selection(files, claire, compose, closed_cohort):
    selection = compose()
    page = text(claire.get(list_url(selection, "adopt")))
    for shown in ("2 à accepter", "1 en liste d’attente", "1 à ne pas retenir"):
        assert shown in page
    shown = {"ACCEPTED": "2", "WAITLISTED": "1", "REJECTED": "1", "replaced": "0"}
    for other in ({}, {**shown, "REJECTED": "2"}, {**shown, "replaced": "²"}):
        changed = claire.post(list_url(selection, "adopt"), other, follow=True)
        assert changed.redirect_chain == [(list_url(selection, "adopt"), 302)]
        assert told(changed)[0].startswith("La liste ou ses dossiers ont changé")
    answer = claire.post(list_url(selection, "adopt"), shown, follow=True)
    assert answer.redirect_chain == [(reverse("admin:reviews_selection", args=[closed_cohort.pk]), 302)]
    assert told(answer) == ["La liste est retenue : 4 décisions attendent d’être publiées."]
    again = claire.post(list_url(selection, "adopt"), shown, follow=True)
    assert told(again) == ["Cette action a déjà été faite, ou n’est plus possible."]
    assert claire.get(list_url(selection, "adopt")).headers["Location"] == list_url(selection)
    other = compose(places=1)
    page = text(claire.get(list_url(other, "adopt")))
    assert "La liste 1 redevient un brouillon : celle-ci prend sa place." in page
    assert "2 décisions déjà préparées changent" in page


def test_an_adopted_list_is_taken_back_and_a_draft_thrown_away(files, claire, compose, closed_cohort, coordinator):
    selection = compose()
    adopting.adopt(selection, actor=coordinator)
    page = claire.get(list_url(selection)).content.decode()
    assert line_url(selection, files[0]) not in page
    answer = claire.post(list_url(selection, "withdraw"), follow=True)
    assert told(answer) == ["La liste est de nouveau un brouillon : ses décisions sont effacées."]
    assert not Decision.objects.exists()
    assert line_url(selection, files[0]) in claire.get(list_url(selection)).content.decode()
    answer = claire.post(list_url(selection, "delete_draft"), follow=True)
    assert told(answer) == ["La liste 1 est supprimée."]
    assert claire.get(list_url(selection)).status_code == 404


def test_what_changed_since_is_told_before_adopting(files, claire, compose, read):
    selection = compose()
    applications.withdraw(files[0], actor=files[0].candidate)
    late = read(3)
    for page in (claire.get(list_url(selection)), claire.get(list_url(selection, "adopt"))):
        assert f"1 candidature retirée ({files[0].reference}) : elle sera passée." in text(page)
        assert f"1 dossier a reçu son premier avis ({late.reference}) : il n’est pas dans la liste." in text(page)


# --- Comparing ------------------------------------------------------------------------------------


def test_two_lists_side_by_side(files, claire, compose, closed_cohort):
    first, second = compose(), compose(**BOUNDED)
    url = reverse("admin:reviews_selection_compare", args=[closed_cohort.pk])
    page = claire.get(url, {"a": first.number, "b": second.number})
    comparison = page.context["comparison"]
    assert [change.line.application for change in comparison.entering] == [files[2], files[3]]
    assert [change.line.application for change in comparison.leaving] == [files[0], files[1]]
    assert (comparison.moving, comparison.alike) == ([], 0)
    assert "accepter → puis liste d’attente" in text(page)
    assert "9,00" in text(page)
    back = claire.get(url, {"a": second.number, "b": first.number}).context["comparison"]
    assert [change.line.application for change in back.entering] == [files[0], files[1]]


def test_lists_of_different_files_are_compared(files, claire, compose, closed_cohort, read):
    first = compose()
    applications.withdraw(files[0], actor=files[0].candidate)
    late = read(1)
    second = compose()
    url = reverse("admin:reviews_selection_compare", args=[closed_cohort.pk])
    page = claire.get(url, {"a": first.number, "b": second.number})
    comparison = page.context["comparison"]

    def told_of(changes):
        return [
            (change.line.application, *(line.outcome if line else None for line in (change.before, change.after)))
            for change in changes
        ]

    assert told_of(comparison.entering) == [(files[2], "WAITLISTED", "ACCEPTED")]
    assert told_of(comparison.leaving) == [(files[0], "ACCEPTED", None)]
    assert told_of(comparison.moving) == [(files[3], "REJECTED", "WAITLISTED"), (late, None, "REJECTED")]
    assert comparison.alike == 1
    assert "accepter → puis absent·e" in text(page)


@pytest.mark.parametrize("asked", [{}, {"a": "1"}, {"a": "1", "b": "1"}, {"a": "9", "b": "²"}, {"a": "-1", "b": "x"}])
def test_comparing_nothing_says_so(files, claire, compose, closed_cohort, asked):
    compose(), compose()
    page = claire.get(reverse("admin:reviews_selection_compare", args=[closed_cohort.pk]), asked)
    assert (page.status_code, page.context["comparison"]) == (200, None)
    assert (page.context["first"].number, page.context["second"].number) == (1, 1 if asked.get("b") == "1" else 2)


def test_comparing_needs_two_lists(claire, closed_cohort):
    page = claire.get(reverse("admin:reviews_selection_compare", args=[closed_cohort.pk]))
    assert "Il faut deux listes pour comparer." in text(page)


# --- Who, and how many queries --------------------------------------------------------------------


def test_lists_are_the_coordinators(files, compose, jury, signed_in, closed_cohort, claire):
    selection = compose()
    pages = [
        list_url(selection),
        compose_url(closed_cohort),
        list_url(selection, "adopt"),
        line_url(selection, files[0]),
    ]
    pages.append(reverse("admin:reviews_selection_compare", args=[closed_cohort.pk]))
    for url in pages:
        assert claire.get(url).status_code == 200
        assert signed_in(jury).get(url).status_code == 403
    for act in ("withdraw", "delete_draft"):
        assert claire.get(list_url(selection, act)).status_code == 405


def test_the_number_of_queries_does_not_grow(read, claire, compose, closed_cohort):
    def queries(selection) -> list[int]:
        compare = reverse("admin:reviews_selection_compare", args=[closed_cohort.pk])
        counted = []
        for url in (
            reverse("admin:reviews_selection", args=[closed_cohort.pk]),
            compose_url(closed_cohort),
            list_url(selection),
            f"{list_url(selection)}?q={selection.lines.first().application.reference}",
            list_url(selection, "adopt"),
            f"{compare}?a={selection.number - 1}&b={selection.number}",
        ):
            with CaptureQueriesContext(
                connection,
            ) as captured:
                assert claire.get(url).status_code == 200
            counted.append(len(captured))
        return counted

    bounded = {**BOUNDED, "places": 3}
    read(5), read(4, gender="WOMAN"), read(4, gender="WOMAN"), read(3, "PUPIL")
    compose(places=1)
    few = queries(compose(**bounded))
    for score in (5, 4, 3, 2):
        read(score), read(score, "PUPIL", "WOMAN")
    compose(places=1)
    many = queries(compose(**bounded))
    assert many == few
    assert max(many) <= 25

"""Two calculations of a cohort side by side: figures told in words, conditions, and who changes."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from lifecycle import journal
from matching import comparing, publishing, runs, transitions
from matching.comparing import Fate
from matching.models import Proposal, Run, Unmatched
from tests import factories
from tests.house.pages import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def spring(closed_cohort):
    return closed_cohort


@pytest.fixture
def claire(coordinator, signed_in):
    return signed_in(coordinator)


def page_of(cohort, before=None, after=None) -> str:
    query = f"?avant={before}&apres={after}" if before is not None else ""
    return reverse("admin:matching_run_compare", args=[cohort.pk]) + query


def worked(cohort, now, **asked) -> Run:
    transitions.request_run(cohort, actor=journal.CONSOLE, now=now, **asked)
    run = runs.claim(now)
    runs.work(run, now=now)
    run.refresh_from_db()
    assert (run.state, run.error) == (run.State.DONE, "")
    return run


def told(before: Run, after: Run) -> dict[str, dict[str, str]]:
    return {
        title: {line.label: f"{line.signed} {line.words}".strip() for line in lines}
        for title, lines in comparing.subjects(before, after)
    }


def run_with(cohort, pairs=(), left_out=(), **changed) -> Run:
    """A finished run with these pairs and these people left out, for want of places."""
    now = timezone.now()
    done = {"state": Run.State.DONE, "requested_at": now, "done_at": now, "verified_at": now}
    run = Run.objects.create(cohort=cohort, **done, **changed)
    Proposal.objects.bulk_create(Proposal(run=run, application=a, commitment=b, score=600) for a, b in pairs)
    Unmatched.objects.bulk_create(Unmatched(run=run, application=one, kind="SCARCITY") for one in left_out)
    return run


# --- Figures ------------------------------------------------------------------------------------


def test_a_difference_is_told_with_its_sign_and_in_words(spring):
    wishes = {"1": 3, "2": 1, "3": 0, "family": 0, "none": 0}
    floor = {"group": "parity", "percent": 50, "target": 2, "held": 2, "price": 30}
    before = {"candidates": 6, "seats": 8, "pairs": 4, "points": 3140, "unmatched": 2, "wishes": wishes}
    after = {**before, "pairs": 6, "points": 1900, "unmatched": 1, "wishes": {**wishes, "1": 5}, "floors": [floor]}
    standing = {"kept": 1, "moved": [], "pins": {"held": 1, "pairs": 0, "points": 45, "broken": 0}}
    after |= {"kept": 3, "moved": [{"proposal": 1}], "pins": {"held": 1, "pairs": 1, "points": 45, "broken": 0}}
    found = told(run_with(spring, figures=before | standing), run_with(spring, figures=after))
    assert found == {
        "En tout": {
            "Personnes dans le calcul": "pas de changement",
            "Places libres": "pas de changement",
            "Binômes": "+2 2\u00a0binômes de plus",
            "Personnes sans proposition": "−1 1\u00a0personne de moins",
            "Points": "−1\u00a0240 1\u00a0240\u00a0points de moins",
        },
        "Le métier de la ou du mentor répond": {
            "au premier vœu": "+2 2\u00a0personnes de plus",
            "au deuxième vœu": "pas de changement",
        },
        "Part de femmes et de personnes non binaires": {
            "demandée, en binômes": "seulement après",
            "tenue, en binômes": "seulement après",
            "son prix, en points": "seulement après",
        },
        "Propositions déjà parties": {
            "gardées": "+2 2\u00a0propositions de plus",
            "déplacées": "+1 1\u00a0proposition de plus",
        },
        "Binômes fixés à la main": {
            "tenus": "pas de changement",
            "binômes qu’ils empêchent": "+1 1\u00a0binôme de plus",
            "points qu’ils coûtent": "pas de changement",
        },
    }


def test_runs_without_figures_say_nothing(spring):
    assert told(run_with(spring), run_with(spring)) == {}


def test_what_was_asked_otherwise_is_told(spring):
    weights = {"first_wish": 400, "region": 100, "pairs_other_trades": False}
    floors = [{"group": "parity", "percent": 50}]
    before = run_with(spring, parameters={"weights": weights, "keeps_offers": False, "floors": floors})
    changed = {"first_wish": 350, "region": 100, "pairs_other_trades": True}
    after = run_with(spring, parameters={"weights": changed, "keeps_offers": True, "floors": []})
    assert comparing.conditions(before, after) == [
        "Premier vœu\u00a0: 400 avant, 350 après.",
        "Proposer aussi des mentor·es d’un tout autre métier\u00a0: non avant, oui après.",
        "Part demandée de femmes et de personnes non binaires\u00a0: 50\u00a0% avant, aucune après.",
        "Garder toutes les propositions déjà parties\u00a0: non avant, oui après.",
    ]
    assert (comparing.has_same_weights(before, after), comparing.conditions(before, before)) == (False, [])


# --- Who changes --------------------------------------------------------------------------------


def test_everybody_who_changes_is_told_and_nobody_else(spring):
    ana, bob = (factories.make_commitment(spring) for _mentor in range(2))
    same, moved, lost, gained, gone, new = (factories.make_confirmed(spring) for _person in range(6))
    still, arrived, left = (factories.make_confirmed(spring) for _person in range(3))
    before = run_with(spring, [(same, ana), (moved, ana), (lost, bob), (gone, bob)], [gained, still, left])
    after = run_with(spring, [(same, ana), (moved, bob), (gained, ana), (new, bob)], [lost, still, arrived])
    found = comparing.changes(before, after)
    assert [(row.reference, row.fate, row.before, row.after) for row in found.rows] == [
        (lost.reference, Fate.LOST, bob.pk, None),
        (gone.reference, Fate.GONE, bob.pk, None),
        (moved.reference, Fate.MOVED, ana.pk, bob.pk),
        (gained.reference, Fate.GAINED, None, ana.pk),
        (new.reference, Fate.NEW, None, bob.pk),
    ]
    assert (found.alike, found.entered, found.left) == (1, 2, 2)
    assert found.counts == [
        "1 personne n’a plus de mentor·e",
        "1 personne n’est plus dans le calcul",
        "1 personne change de mentor·e",
        "1 personne a maintenant un·e mentor·e",
        "1 personne entre dans le calcul, avec un·e mentor·e",
    ]
    assert [row.why_after for row in found.rows] == ["pas assez de places", "", "", "", ""]
    assert [row.why_before for row in found.rows] == ["", "", "", "pas assez de places", ""]


def test_whoever_keeps_an_offer_of_an_earlier_run_is_not_lost(spring, now):
    """The second run has no row for her: her offer stands, and it says which one it is."""
    factories.make_commitment(spring, capacity=2)
    ines = factories.make_confirmed(spring, now=now)
    first = worked(spring, now)
    publishing.publish(first, actor=journal.CONSOLE, now=now)
    lea = factories.make_confirmed(spring, now=now)
    second = worked(spring, now)
    assert [one.application for one in second.proposals.all()] == [lea]
    assert second.figures["kept_offers"] == [ines.proposals.get().pk]
    found = comparing.changes(first, second)
    assert [(row.reference, row.fate) for row in found.rows] == [(lea.reference, Fate.NEW)]
    assert (found.alike, comparing.unnamed(second)) == (1, 0)
    third = worked(spring, now)
    assert [one.rows for one in (comparing.changes(second, third), comparing.changes(third, second))] == [[], []]


def test_an_offer_that_moves_is_a_change(spring, now):
    """Morgane takes fewer people than she was offered: what she loses goes to Karim."""
    morgane = factories.make_commitment(spring, capacity=1)
    offer = factories.make_offer(factories.make_confirmed(spring, now=now), morgane, now=now)
    karim = factories.make_commitment(spring, capacity=1)
    transitions.forbid_pair(offer.application, morgane.mentor, actor=journal.CONSOLE)
    found = comparing.changes(offer.run, worked(spring, now))
    assert [(row.fate, row.before, row.after) for row in found.rows] == [(Fate.MOVED, morgane.pk, karim.pk)]


def test_offers_kept_by_a_run_that_does_not_name_them_are_counted(spring):
    assert comparing.unnamed(run_with(spring, figures={"kept": 2})) == 2


# --- The page -----------------------------------------------------------------------------------


def test_the_page_names_who_changes(claire, spring):
    ana, bob = (factories.make_commitment(spring) for _mentor in range(2))
    ines, lea = (factories.make_confirmed(spring) for _person in range(2))
    before = run_with(spring, [(ines, ana)], [lea], figures={"pairs": 1, "points": 600})
    after = run_with(spring, [(ines, bob), (lea, ana)], figures={"pairs": 2, "points": 1200})
    response = claire.get(page_of(spring, before.pk, after.pk))
    html = response.content.decode()
    shown = ["1\u00a0binôme de plus", "600\u00a0points de plus", "change de mentor·e", "(pas assez de places)"]
    shown += [ines.candidate.get_full_name(), lea.reference, bob.mentor.person.get_full_name()]
    shown.append(reverse("admin:mentors_mentorprofile_changelist"))  # among what each page of the admin leads to
    assert (response.status_code, [words for words in shown if words not in html]) == (200, [])
    [moved, gained] = response.context_data["shown"]
    assert (moved.file, moved.before, moved.after) == (ines, ana, bob)
    assert (gained.file, gained.before, gained.after) == (lea, None, ana)


def test_they_are_compared_in_the_order_of_time(claire, spring):
    first, second, third = (run_with(spring) for _run in range(3))
    latest = claire.get(page_of(spring)).context_data
    assert (latest["before"], latest["after"]) == (second, third)
    turned = claire.get(page_of(spring, third.pk, first.pk)).context_data
    assert (turned["before"], turned["after"]) == (first, third)
    alone = claire.get(page_of(spring) + f"?apres={second.pk}").context_data
    assert (alone["before"], alone["after"]) == (first, second)


def test_ids_that_are_none_of_its_runs_read_a_sentence(claire, spring):
    first, second = run_with(spring), run_with(spring)
    elsewhere = run_with(factories.make_cohort("open"))
    waiting = transitions.request_run(spring, actor="a")
    assert claire.get(page_of(spring, first.pk, second.pk)).status_code == 200
    wrong = ("x", "-1", "9" * 40, "%00", elsewhere.pk, waiting.pk)
    for bad in wrong:
        for address in (page_of(spring, first.pk, bad), page_of(spring, bad, second.pk)):
            response = claire.get(address)
            assert (response.status_code, "after" in response.context_data) == (422, False)
            assert "Ce calcul n’est pas de cette promotion, ou n’est pas terminé" in response.content.decode()
    for address, words in [
        (page_of(spring, "", second.pk), "Choisissez un calcul."),
        (page_of(spring, second.pk, second.pk), "C’est deux fois le même calcul"),
        (page_of(spring) + f"?apres={first.pk}", "Choisissez un calcul."),
    ]:
        response = claire.get(address)
        assert (response.status_code, words in response.content.decode()) == (422, True)


def test_two_are_needed(claire, spring):
    run_with(spring)
    assert "Il faut deux calculs terminés" in claire.get(page_of(spring, 1, 2)).content.decode()
    assert claire.get(reverse("admin:matching_run_compare", args=[0])).status_code == 404


@pytest.mark.parametrize("visitor", ["reviewer", "mentor", "candidate"])
def test_coordinators_alone(visitor, request, signed_in, claire, spring):
    both = run_with(spring).pk, run_with(spring).pk
    assert claire.get(page_of(spring, *both)).status_code == 200
    refused = signed_in(request.getfixturevalue(visitor)).get(page_of(spring, *both))
    assert refused.status_code in (302, 403)


def test_pages_lead_to_it_once_there_are_two(claire, spring):
    def links(address):
        return [link for link in Page(claire.get(address).content.decode()).links if "/comparer/" in link]

    cohort_page = reverse("admin:matching_run_cohort", args=[spring.pk])
    first = run_with(spring)
    first_page = reverse("admin:matching_run_change", args=[first.pk])
    assert (links(cohort_page), links(first_page)) == ([], [])
    second = run_with(spring)
    second_page = reverse("admin:matching_run_change", args=[second.pk])
    assert (links(cohort_page), links(first_page)) == ([page_of(spring)], [])
    assert links(second_page) == [page_of(spring) + f"?apres={second.pk}"]


def test_as_many_queries_whatever_the_number_of_people(claire, spring):
    ana, bob = (factories.make_commitment(spring) for _mentor in range(2))

    def queries(people: int) -> int:
        files = [factories.make_confirmed(spring) for _person in range(people)]
        before = run_with(spring, [(one, ana) for one in files])
        after = run_with(spring, [(one, bob) for one in files])
        with CaptureQueriesContext(
            connection,
        ) as captured:
            response = claire.get(page_of(spring, before.pk, after.pk))
        assert len(response.context_data["shown"]) == people
        return len(captured)

    claire.get(page_of(spring))
    assert queries(1) == queries(4)


def test_long_lists_have_pages(claire, spring, monkeypatch):
    monkeypatch.setattr("matching.comparing_pages.ROWS", 2)
    ana, bob = (factories.make_commitment(spring) for _mentor in range(2))
    files = [factories.make_confirmed(spring) for _person in range(3)]
    before, after = (run_with(spring, [(one, mentor) for one in files]) for mentor in (ana, bob))
    first = claire.get(page_of(spring, before.pk, after.pk))
    assert f"?avant={before.pk}&amp;apres={after.pk}&amp;page=2" in first.content.decode()
    second = claire.get(page_of(spring, before.pk, after.pk) + "&page=2")
    seen = [row.file.reference for page in (first, second) for row in page.context_data["shown"]]
    assert seen == sorted(one.reference for one in files)

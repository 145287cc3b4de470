"""What a cohort needs before anybody is paired: who wants what, who gives what, and where it will lack."""

from collections import Counter
from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.regions import Region
from applications import transitions as applications
from cohorts.models import Trade
from matching import falls, needs, weights
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def spring(closed_cohort):
    return closed_cohort


def trade(slug: str) -> Trade:
    return Trade.objects.get(slug=slug)


def family_of(found: needs.Needs, slug: str) -> needs.Line:
    return next(line for line in found.families if line.name == trade(slug).family)


def test_what_lacks_in_a_family_is_counted_from_those_who_want_nothing_else(spring):
    montage, sound = trade("montage"), trade("prise-de-son")
    for _person in range(3):
        factories.make_confirmed(spring, trades=[sound])
    factories.make_confirmed(spring, trades=[sound, montage])
    factories.make_commitment(spring, factories.make_mentor(trades=[sound]), capacity=1)
    factories.make_mentor(trades=[sound, montage], wished_capacity=2)
    found = needs.of(spring)
    line = family_of(found, "prise-de-son")
    assert (line.first, line.wanted, line.only, line.given, line.promised, line.missing) == (4, 4, 3, 1, 2, 2)
    assert [one.name for one in found.lacking] == [sound.family]
    assert (found.people, found.places, found.promised, found.is_placed, found.is_proven) == (4, 1, 2, True, True)


def test_whoever_would_take_another_family_lacks_nothing_there(spring):
    """Nobody wants sound alone: what is told as proven must not count a first wish that a second one can meet."""
    montage, sound = trade("montage"), trade("prise-de-son")
    factories.make_confirmed(spring, trades=[sound, montage])
    factories.make_commitment(spring, factories.make_mentor(trades=[montage]), capacity=1)
    assert needs.of(spring).lacking == []


def test_who_has_answered_for_the_cohort_promises_nothing_more(spring):
    mentor = factories.make_mentor(wished_capacity=3)
    assert needs.of(spring).promised == 3
    factories.make_commitment(spring, mentor, capacity=1)
    found = needs.of(spring)
    assert (found.places, found.promised) == (1, 0)
    factories.make_commitment(spring, factories.make_mentor(state="PAUSED"), capacity=5)
    assert needs.of(spring).places == 1


def test_before_the_decisions_all_who_applied_are_counted(spring):
    def counted():
        found = needs.of(spring)
        return found.people, found.waiting, found.confirmed, found.is_placed, found.missing, found.sure

    factories.make_sent(spring, trades=[trade("montage")])
    assert counted() == (1, 1, 0, False, 1, 0)
    factories.make_confirmed(spring, trades=[trade("montage")])
    assert counted() == (1, 1, 1, True, 1, 1)


def test_only_what_lacks_for_those_who_confirmed_is_sure(spring):
    """Whoever lets her place lapse takes nothing away from what was told as sure."""
    sound = trade("prise-de-son")
    for _person in range(2):
        factories.make_confirmed(spring, trades=[sound])
    late = factories.make_accepted(spring, trades=[sound])
    factories.make_commitment(spring, factories.make_mentor(trades=[sound]), capacity=1)

    def told():
        found = needs.of(spring)
        line = family_of(found, "prise-de-son")
        assert (found.missing, found.sure) == (line.missing, line.sure)
        return found.confirmed, found.to_confirm, line.missing, line.sure, line.is_guess

    assert told() == (2, 1, 2, 1, True)
    applications.lapse(late, now=late.confirm_by + timedelta(minutes=1))
    assert told() == (2, 0, 1, 1, False)


def test_whoever_has_a_mentor_counts_no_more_nor_does_her_place(spring):
    sound = trade("prise-de-son")
    mentor = factories.make_mentor(trades=[sound])
    pair = factories.make_pair(
        factories.make_confirmed(spring, trades=[sound]), factories.make_commitment(spring, mentor, capacity=2)
    )
    factories.make_confirmed(spring, trades=[sound])

    def told():
        found = needs.of(spring)
        return found.confirmed, found.paired, found.places, found.missing, found.sure

    assert told() == (1, 1, 1, 0, 0)
    falls.pause_mentor(mentor, actor="a")  # her pair goes on
    assert told() == (1, 1, 0, 1, 1)
    falls.close_cohort(spring, actor="a", now=factories.paris(pair.application.cohort.ends_on, 12))
    factories.make_waitlisted(spring)
    found = needs.of(spring)
    assert (found.is_placed, found.people, found.missing) == (True, 0, 0)


# --- By region ----------------------------------------------------------------------------------


def lives_in(region: Region, cohort, *, remote: bool, trades):
    person = factories.make_user(region=region)
    return factories.make_confirmed(cohort, person, accepts_remote=remote, trades=trades)


def gives(region: Region, cohort, *, remote: bool, places: int, trades):
    mentor = factories.make_mentor(region=region, accepts_remote=remote, trades=trades)
    return factories.make_commitment(cohort, mentor, capacity=places)


@pytest.fixture
def spread(spring):
    """In Corsica two young people who only meet in person and one who does not mind; a mentor of each kind."""
    sound, montage = trade("prise-de-son"), trade("montage")
    for remote in (False, False, True):
        lives_in(Region.CORSE, spring, remote=remote, trades=[sound])
    lives_in(Region.BRETAGNE, spring, remote=True, trades=[sound])
    gives(Region.CORSE, spring, remote=False, places=1, trades=[sound])
    gives(Region.BRETAGNE, spring, remote=False, places=3, trades=[montage])
    gives(Region.BRETAGNE, spring, remote=True, places=1, trades=[sound])
    return needs.of(spring)


def test_a_region_lacks_places_for_those_who_only_meet_in_person(spread):
    lines = {
        line.name: (line.people, line.in_person, line.places, line.elsewhere, line.missing, line.sure)
        for line in spread.regions
    }
    assert lines == {"Corse": (3, 2, 1, 1, 1, 1), "Bretagne": (1, 0, 4, 0, 0, 0)}
    assert [line.name for line in spread.lacking_regions] == ["Corse"]


def test_a_family_lacks_places_where_they_can_be_of_use(spread):
    """Who may meet from anywhere does not lack a place in her region, and her place counts once."""
    line = family_of(spread, "prise-de-son")
    assert line.where_to_look == [("Corse", 1), ("à\u00a0distance", 1)]
    assert (line.missing, line.sure) == (2, 2)
    assert spread.lack.total == 1  # whatever the trade: the Breton takes a place of montage


def test_each_family_in_each_region_as_a_picture(spread):
    at = [line.name for line in spread.families].index(trade("prise-de-son").family)
    cells = {region.name: cells[at] for region, cells in spread.grid}
    told = {name: (cell.people, cell.places, cell.missing, cell.depth) for name, cell in cells.items()}
    assert told == {"Corse": (3, 1, 1, 3), "Bretagne": (1, 1, 0, 0)}


def test_a_deep_cell_is_one_where_many_count_on_mentors_of_elsewhere(spring):
    sound = trade("prise-de-son")
    for region, count in ((Region.CORSE, 1), (Region.BRETAGNE, 5), (Region.NORMANDIE, 3)):
        for _person in range(count):
            lives_in(region, spring, remote=True, trades=[sound])
    depths = {region.name: cells[0].depth for region, cells in needs.of(spring).grid}
    assert depths == {"Corse": 1, "Bretagne": 3, "Normandie": 2}


def test_places_of_mentors_who_are_not_ready_are_told(spring):
    factories.make_commitment(spring, factories.make_mentor(is_ready=False), capacity=3)
    factories.make_commitment(spring, capacity=2)
    found = needs.of(spring)
    assert (found.places, found.unready) == (5, 3)


def test_where_other_trades_may_do_nothing_is_proven(spring):
    factories.make_confirmed(spring, trades=[trade("montage")])
    weights.save(spring, chosen={"pairs_other_trades": True}, actor="a")
    found = needs.of(spring)
    assert (found.is_proven, family_of(found, "montage").missing, family_of(found, "montage").sure) == (False, 1, 0)
    assert found.sure == 1  # that there are too few places in all is sure, whatever the trade


def test_as_many_queries_for_five_as_for_one(spring):
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            needs.of(spring)
        return len(seen)

    def come():
        factories.make_confirmed(spring)
        factories.make_commitment(spring)
        factories.make_mentor(wished_capacity=1)

    come()
    one = queries()
    for _more in range(4):
        come()
    assert queries() == one


def text_of(response) -> str:
    return " ".join(response.content.decode().replace("\u00a0", " ").split())


def test_the_page_says_whom_it_counts_and_what_is_sure(spring, coordinator, signed_in):
    page = reverse("admin:matching_run_needs", args=[spring.pk])
    claire, sound = signed_in(coordinator), trade("prise-de-son")
    factories.make_sent(spring, trades=[sound])
    told = text_of(claire.get(page))
    assert "1 personne a candidaté, personne n’a encore de place." in told
    assert ("il manquerait 1 place" in told, "à coup sûr" in told) == (True, False)

    factories.make_accepted(spring, trades=[sound])
    told = text_of(claire.get(page))
    assert "1 personne a une place et n’a pas encore de mentor·e : elle doit encore confirmer." in told
    assert "personne n’a encore confirmé sa place" in told

    lives_in(Region.CORSE, spring, remote=False, trades=[sound])
    factories.make_commitment(spring, factories.make_mentor(trades=[trade("montage")], is_ready=False), capacity=1)
    told = text_of(claire.get(page))
    assert "2 personnes ont une place et n’ont pas encore de mentor·e : 1 a confirmé, 1 doit encore" in told
    assert "1 place libre chez les mentor·es, dont 1 chez des mentor·es qui ne sont pas encore prêt·es" in told
    assert (
        "<strong>Son</strong> : il manque sans doute 2 places, dont 1 à coup sûr (Corse : 1 ; à distance : 1)." in told
    )
    assert "<strong>Corse</strong> : il manque 1 place ; 1 jeune ne peut rencontrer quelqu’un qu’en personne" in told
    assert 'data-label="Son">1 / 0 <strong>manque 1</strong>' in told


def test_the_tables_are_the_trades_to_recruit_for_without_a_name(spring, coordinator, candidate, signed_in):
    sound, montage = trade("prise-de-son"), trade("montage")
    asking = lives_in(Region.CORSE, spring, remote=False, trades=[sound])
    lives_in(Region.BRETAGNE, spring, remote=True, trades=[sound])
    factories.make_confirmed(spring, trades=[montage])
    factories.make_commitment(spring, factories.make_mentor(trades=[montage]), capacity=1)
    csv, xlsx = (reverse(f"admin:matching_run_needs_{end}", args=[spring.pk]) for end in ("csv", "xlsx"))
    browser = signed_in(coordinator)

    lines = browser.get(csv).content.decode("utf-8-sig").replace("\u00a0", " ").splitlines()
    wanted = ["Son", sound.name, "2", "Corse (1) ; à distance (1)", "Bretagne (1) ; Corse (1)", "2", "2", "0", "0"]
    assert lines[0].startswith("Famille;Métier;Il manque;Où chercher;")
    assert lines[1:] == [";".join(f'"{cell}"' if ";" in cell else cell for cell in wanted)]

    book = openpyxl.load_workbook(BytesIO(browser.get(xlsx).content))
    assert book.sheetnames == ["Métiers à recruter", "Tout"]
    recruit, everything = ([[cell.value for cell in row] for row in sheet] for sheet in book)
    assert [row[:3] for row in recruit[1:]] == [["Son", sound.name, 2]]
    firsts = Counter(row[0] for row in everything)
    for title in ("Par famille", "Par métier", "Par région", "Il manque, par région"):
        assert firsts[title] == 1
    assert (firsts[montage.name], firsts["Corse"]) == (1, 4)
    values = {str(cell) for row in [*recruit, *everything] for cell in row}
    assert not values & {asking.reference, asking.candidate.first_name, asking.candidate.last_name}

    paths = [reverse("admin:matching_run_needs", args=[spring.pk]), csv, xlsx]
    assert [browser.get(path).status_code for path in paths] == [200, 200, 200]
    assert [signed_in(candidate).get(path).status_code for path in paths] == [302, 302, 302]

"""From a cohort to an instance: the facts that count, read in a constant number of queries, found by an index."""

from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from applications import drafting
from applications import transitions as applications
from applications.choices import Gender
from applications.models import Application
from lifecycle import journal
from lifecycle.refusals import Refusal
from matching import instances, runs, scoring, transitions
from matching.listing import Listing
from mentors.models import MentorProfile
from tests import factories

PARITY = [{"group": "parity", "percent": 50}]


@pytest.fixture
def spring(closed_cohort):
    return closed_cohort


# --- The facts ----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_is_read_of_both(spring, now):
    directing, editing = factories.make_trades()
    commitment = factories.make_commitment(spring, preferred_trades=[directing], capacity=3)
    ines = factories.make_confirmed(spring, now=now)
    situation = instances.of(spring, now)
    mentee, mentor = situation.mentees[ines.reference], situation.mentors[f"m{commitment.pk}"]
    assert (mentee.wishes, mentee.families) == ((directing.pk, editing.pk), (directing.family, editing.family))
    assert (mentee.slots, mentor.slots) == ({"WED_DAY", "SAT_DAY"}, {"WED_DAY", "THU_EVE"})
    assert (mentor.preferred, mentor.families) == ({directing.pk}, {directing.family, editing.family})
    assert (mentor.free, mentor.names) == (3, (" morgane le gall ", " le gall morgane "))
    assert situation.as_json() == {
        "seed": spring.slug,
        "mentees": [{"id": ines.reference, "groups": []}],
        "mentors": [{"id": f"m{commitment.pk}", "capacity": 3}],
        "scores": [(0, 0, 857, 737, 120)],
        "constraints": [],
    }


@pytest.mark.django_db
def test_whom_she_named_last_is_whom_she_avoids(spring, now):
    """Words that a later copy takes back do not count, nor those of a file that is not sent again."""
    commitment = factories.make_commitment(spring)
    ines = factories.make_confirmed(spring, now=now, avoid="Ne pas rencontrer Morgane LE GALL, s’il vous plaît.")
    assert instances.of(spring, now).rows == []
    assert instances.of(spring, now).broken_rules(ines.reference) == {"conflict": 1}
    lea = factories.make_sent(spring, now=now, avoid="Morgane Le Gall")
    drafting.take_back(lea, actor=lea.candidate, now=factories.within_call(spring, now))
    drafting.save_step(lea, ("avoid",), {"avoid": ""}, seen=None, now=factories.within_call(spring, now))
    applications.submit(lea, actor=lea.candidate, now=factories.within_call(spring, now))
    factories.decide(lea, outcome=Application.State.ACCEPTED, now=now)
    applications.confirm(lea, actor=lea.candidate, now=now)
    situation = instances.of(spring, now)
    assert [(list(situation.mentees)[row[0]], row[1]) for row in situation.rows] == [(lea.reference, 0)]
    assert commitment.mentor.person.get_full_name() == "Morgane Le Gall"


@pytest.mark.django_db
def test_a_gender_is_read_for_the_share_that_was_asked_and_for_nothing_else(spring, now):
    files = [
        factories.make_confirmed(spring, now=now, gender=gender)
        for gender in (Gender.WOMAN, Gender.MAN, Gender.NON_BINARY, "")
    ]
    assert {tuple(one["groups"]) for one in instances.of(spring, now).as_json()["mentees"]} == {()}
    asked = instances.of(spring, now, floors=PARITY).as_json()
    counting = {one["id"] for one in asked["mentees"] if one["groups"] == ["parity"]}
    assert counting == {files[0].reference, files[2].reference}
    assert asked["constraints"] == [{"group": "parity", "min_share": 0.5}]


@pytest.mark.django_db
def test_a_share_is_held_where_the_cohort_asks_for_one(now):
    """Two men suit the only mentor better; one place goes to Inès all the same, and the page says what it cost."""
    spring = factories.make_cohort("closed", now=now, parity_percent=50, parity_reason="Le métier est aux hommes.")
    trade, other = factories.make_trades()
    factories.make_commitment(spring, factories.make_mentor(trades=[trade]), capacity=2)
    ines = factories.make_confirmed(spring, now=now, gender=Gender.WOMAN, trades=[other, trade])
    for _man in range(2):
        factories.make_confirmed(spring, now=now, gender=Gender.MAN, trades=[trade])
    plain = worked(spring, now)
    assert ines.pk not in plain.proposals.values_list("application_id", flat=True)
    held = worked(spring, now, parity_percent=50)
    assert ines.pk in held.proposals.values_list("application_id", flat=True)
    assert held.figures["pairs"] == plain.figures["pairs"] == 2
    cost = plain.figures["points"] - held.figures["points"]
    assert held.figures["floors"] == [
        {"group": "parity", "percent": 50, "target": 1, "held": 1, "among": 1, "price": cost}
    ]
    assert cost > 0


@pytest.mark.django_db
def test_a_share_is_refused_where_the_cohort_asks_for_none(spring, now):
    with pytest.raises(Refusal, match="ne demande aucune part"):
        transitions.request_run(spring, parity_percent=50, actor=journal.CONSOLE, now=now)


def worked(cohort, now, **asked):
    transitions.request_run(cohort, actor=journal.CONSOLE, now=now, **asked)
    run = runs.claim(now)
    runs.work(run, now=now)
    return run


@pytest.mark.django_db
def test_the_instance_takes_as_many_queries_for_three_as_for_one(spring, now):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            instances.of(spring, now, floors=PARITY)
        return len(captured)

    def come() -> None:
        ines = factories.make_confirmed(spring, now=now, avoid="Personne")
        trades = factories.make_trades()
        transitions.forbid_pair(ines, factories.make_mentor(), actor="a")
        factories.make_commitment(spring, preferred_trades=trades)

    come()
    one = queries()
    come(), come()
    assert (queries(), one) == (one, 16)


# --- The index ----------------------------------------------------------------------------------

FAMILIES = {trade: f"family {trade // 3}" for trade in range(9)}
REGIONS = ("", "BRE", "IDF", "COR")
chances = st.integers(0, 2**32).map(Random)


def drawn(chance: Random, count: int):
    """So many people, as chance has it: wishes and trades, regions, languages, who is a minor, who is full."""

    def trades() -> tuple[int, ...]:
        return tuple(chance.sample(range(9), chance.randint(1, 3)))

    def both() -> dict:
        return {
            "languages": frozenset(chance.sample(["fr", "en", "ar"], chance.randint(1, 2))),
            "region": chance.choice(REGIONS),
            "accepts_remote": chance.random() < 0.5,
            "slots": frozenset(chance.sample("abcde", 2)),
        }

    def mentee(number: int) -> scoring.Mentee:
        wishes = trades()
        avoids = scoring.comparable(f"prénom nom {chance.randrange(count)}")
        families = tuple(FAMILIES[trade] for trade in wishes)
        is_minor = chance.random() < 0.3
        return scoring.Mentee(
            person=number, is_minor=is_minor, **both(), wishes=wishes, families=families, avoids=avoids
        )

    def mentor(number: int) -> scoring.Mentor:
        exercised = frozenset(trades())
        return scoring.Mentor(
            person=chance.choice([number, 1000 + number]),
            is_approved=True,
            is_ready=True,
            is_cleared_for_minors=chance.random() < 0.5,
            free=1,
            **both(),
            trades=exercised,
            families=frozenset(FAMILIES[trade] for trade in exercised),
            past=frozenset(chance.sample(range(count), 1)),
            never=frozenset(chance.sample(range(count), 1)),
            names=scoring.names_of("Prénom", f"Nom {number}"),
        )

    return [mentee(number) for number in range(count)], [mentor(number) for number in range(count)]


@given(chances, st.booleans())
def test_the_index_finds_whom_comparing_everybody_finds(chance, pairs_other_trades):
    scale = scoring.Scale(pairs_other_trades=pairs_other_trades)
    mentees, mentors = drawn(chance, 12)
    listing = Listing("seed", [f"m{place}" for place in range(12)], mentors, scale)
    for mentee in mentees:
        possible = [m for m in range(12) if scoring.broken_rule(mentee, mentors[m], scale) is None]
        assert [option[0] for option in listing.options(mentee)] == possible


def test_a_long_list_is_shortened_to_the_best_and_to_others_drawn_the_same_way():
    names = [f"m{place}" for place in range(100)]
    listing = Listing("printemps-2027", names, [], scoring.Scale())
    options = [(place, 1 + place * 7 % 500, 0) for place in range(100)]
    short = listing.shortened("P27-AAAA", options)
    best = sorted(options, key=lambda option: -option[1])[:20]
    assert (len(short), short == sorted(short), set(best) <= set(short)) == (40, True, True)
    assert short == listing.shortened("P27-AAAA", options)
    assert short != listing.shortened("P27-BBBB", options)
    assert listing.shortened("P27-AAAA", options[:40]) == options[:40]


@pytest.mark.django_db
def test_a_long_cohort_is_read_by_candidate_lists(spring, now, monkeypatch):
    """The bounds are lowered: ten thousand people would take minutes to make."""
    monkeypatch.setattr(Listing, "WHOLE", 1)
    monkeypatch.setattr(Listing, "BEST", 1)
    monkeypatch.setattr(Listing, "DRAWN", 1)
    for _person in range(2):
        factories.make_confirmed(spring, now=now)
    for _mentor in range(4):
        factories.make_commitment(spring)
    MentorProfile.objects.filter(pk=MentorProfile.objects.latest("pk").pk).update(slots=[])
    rows = instances.of(spring, now).rows
    assert [sum(row[0] == place for row in rows) for place in (0, 1)] == [2, 2]
    run = worked(spring, now)
    assert (run.figures["pairs"], run.figures["shortened"]) == (2, True)


def test_lists_are_for_very_many_people():
    mentors = [None] * 1200
    listing = Listing("seed", [], [], scoring.Scale())
    listing.mentors = mentors
    assert [listing.is_short_for(count) for count in (2_000, 10_000, 10_001)] == [False, False, True]
    listing.mentors = mentors * 5
    assert [listing.is_short_for(count) for count in (2_000, 2_001)] == [False, True]

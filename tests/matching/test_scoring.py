"""Which pairs may be, what speaks for them, and the words for both."""

from collections import Counter
from dataclasses import replace

import pytest

from matching import scoring
from matching.assignment import MAX_SCORE
from matching.scoring import Mentee, Mentor, Rule, Trades

DIRECTING, EDITING, SOUND_EDITING, SOUND = 1, 2, 3, 4
TRADES = Trades(
    {DIRECTING: "Réalisation", EDITING: "Montage image", SOUND_EDITING: "Montage son", SOUND: "Prise de son"},
    {DIRECTING: "Réalisation", EDITING: "Montage", SOUND_EDITING: "Montage", SOUND: "Son"},
)
INES = Mentee(
    person=1,
    is_minor=False,
    languages=frozenset({"fr", "ar"}),
    region="IDF",
    accepts_remote=False,
    wishes=(EDITING, DIRECTING),
)
LINA = replace(INES, is_minor=True)
KARIM = Mentor(
    person=9,
    is_approved=True,
    is_cleared_for_minors=True,
    free=1,
    languages=frozenset({"fr"}),
    region="IDF",
    accepts_remote=False,
    trades=frozenset({EDITING}),
    past=frozenset(),
)


def test_nothing_forbids_the_pair_that_fits():
    assert scoring.broken_rule(INES, KARIM) is None
    assert scoring.broken_rule(LINA, KARIM) is None


@pytest.mark.parametrize(
    ("mentee", "mentor", "rule"),
    [
        (INES, replace(KARIM, person=INES.person), Rule.SAME_PERSON),
        (INES, replace(KARIM, is_approved=False), Rule.NOT_APPROVED),
        (INES, replace(KARIM, free=0), Rule.NO_PLACE),
        (INES, replace(KARIM, free=-1), Rule.NO_PLACE),
        (INES, replace(KARIM, past=frozenset({INES.person})), Rule.PAST),
        (LINA, replace(KARIM, is_cleared_for_minors=False), Rule.MINOR),
        (INES, replace(KARIM, languages=frozenset({"en"})), Rule.LANGUAGE),
        (INES, replace(KARIM, region="BRE"), Rule.DISTANCE),
        (INES, replace(KARIM, region="BRE", accepts_remote=True), Rule.DISTANCE),
        (replace(INES, region=""), replace(KARIM, region=""), Rule.DISTANCE),
    ],
)
def test_each_rule_forbids(mentee, mentor, rule):
    assert scoring.broken_rule(mentee, mentor) is rule


def test_far_away_is_fine_when_both_accept_to_meet_remotely():
    far = replace(KARIM, region="BRE", accepts_remote=True)
    assert scoring.broken_rule(replace(INES, accepts_remote=True), far) is None


def test_an_adult_does_not_need_a_cleared_mentor():
    assert scoring.broken_rule(INES, replace(KARIM, is_cleared_for_minors=False)) is None


def told(mentee, mentor):
    return scoring.told(scoring.parts(mentee, mentor, TRADES))


def test_the_score_is_the_sum_of_its_parts():
    assert told(INES, KARIM) == [
        ["1er vœu\u00a0: Montage image", 600],
        ["Même région", 200],
        ["Une langue commune", 25],
    ]
    assert scoring.score(scoring.parts(INES, KARIM, TRADES)) == 825


@pytest.mark.parametrize(
    ("trades", "first"),
    [
        ({DIRECTING}, ["2e vœu\u00a0: Réalisation", 450]),
        ({SOUND_EDITING}, ["Métier voisin\u00a0: Montage", 200]),
        ({SOUND}, ["Même région", 200]),
    ],
)
def test_the_best_wish_counts(trades, first):
    assert told(INES, replace(KARIM, trades=frozenset(trades)))[0] == first


def test_another_wish_met_counts_a_little():
    both = replace(KARIM, trades=frozenset({EDITING, DIRECTING}))
    assert told(INES, both)[:2] == [["1er vœu\u00a0: Montage image", 600], ["Aussi\u00a0: Réalisation", 30]]


def test_remote_and_languages():
    far = replace(KARIM, region="BRE", accepts_remote=True, languages=frozenset({"fr", "ar"}))
    assert told(replace(INES, accepts_remote=True), far)[1:] == [
        ["Rendez-vous à distance", 80],
        ["2 langues communes", 50],
    ]


def test_the_greatest_score_is_within_bounds():
    languages = frozenset({"fr", "en", "ar", "es", "pt", "fsl"})
    mentee = replace(INES, wishes=(EDITING, DIRECTING, SOUND), languages=languages, accepts_remote=True)
    mentor = replace(KARIM, trades=frozenset(TRADES.names), languages=languages, accepts_remote=True)
    assert scoring.score(scoring.parts(mentee, mentor, TRADES)) == MAX_SCORE


@pytest.mark.parametrize(
    ("trades", "rank"), [({EDITING}, "1"), ({DIRECTING}, "2"), ({SOUND_EDITING}, "family"), ({SOUND}, "none")]
)
def test_how_wishes_are_met(trades, rank):
    assert scoring.best_wish(scoring.parts(INES, replace(KARIM, trades=frozenset(trades)), TRADES)) == rank


def test_the_reason_for_having_nobody_is_in_words():
    assert scoring.why_unpaired(0, Counter()) == "Aucun·e mentor·e ne s’est encore engagé·e pour cette promotion."
    assert (
        scoring.why_unpaired(0, Counter({Rule.DISTANCE.value: 3, Rule.LANGUAGE.value: 1}))
        == "Aucun·e mentor·e possible\u00a0: trop loin, sans rendez-vous à distance (3), pas de langue commune (1)."
    )
    assert (
        scoring.why_unpaired(2, Counter({Rule.MINOR.value: 5}))
        == "2 mentor·es possibles, dont toutes les places vont à d’autres binômes."
    )

"""Which pairs may be, and what speaks for them."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching import scoring
from matching.scoring import MAX_SCORE, WEIGHTS, Mentee, Mentor, Reason, Rule, Scale

DIRECTING, EDITING, SOUND_EDITING, SOUND = 1, 2, 3, 4
FAMILIES = {DIRECTING: "Réalisation", EDITING: "Montage", SOUND_EDITING: "Montage", SOUND: "Son"}
SCALE = Scale()


def wanting(*trades: int, **facts) -> Mentee:
    """Inès, who wants these trades."""
    known = {
        "person": 1,
        "is_minor": False,
        "languages": frozenset({"fr", "ar"}),
        "region": "IDF",
        "accepts_remote": False,
        "slots": frozenset({"MON_EVE", "WED_DAY"}),
    }
    return Mentee(**{**known, **facts}, wishes=trades, families=tuple(FAMILIES[trade] for trade in trades))


def mentor(*trades: int, **facts) -> Mentor:
    """Karim, of these trades."""
    known = {
        "person": 9,
        "is_approved": True,
        "is_ready": True,
        "is_cleared_for_minors": True,
        "free": 1,
        "languages": frozenset({"fr"}),
        "region": "IDF",
        "accepts_remote": False,
        "slots": frozenset(),
        "names": scoring.names_of("Karim", "Ben-Ali"),
    }
    families = frozenset(FAMILIES[trade] for trade in trades)
    return Mentor(**{**known, **facts}, trades=frozenset(trades), families=families)


INES = wanting(EDITING, DIRECTING)
LINA = replace(INES, is_minor=True)
KARIM = mentor(EDITING)

# --- Rules --------------------------------------------------------------------------------------


def test_nothing_forbids_the_pair_that_fits():
    assert scoring.broken_rule(INES, KARIM, SCALE) is None
    assert scoring.broken_rule(LINA, KARIM, SCALE) is None


@pytest.mark.parametrize(
    ("mentee", "mentor", "rule"),
    [
        (INES, replace(KARIM, person=INES.person), Rule.SAME_PERSON),
        (INES, replace(KARIM, is_approved=False), Rule.NOT_APPROVED),
        (INES, replace(KARIM, is_ready=False), Rule.NOT_READY),
        (INES, replace(KARIM, free=0), Rule.NO_PLACE),
        (INES, replace(KARIM, free=-1), Rule.NO_PLACE),
        (INES, replace(KARIM, past=frozenset({INES.person})), Rule.PAST),
        (INES, replace(KARIM, never=frozenset({INES.person})), Rule.NEVER),
        (replace(INES, avoids=scoring.comparable("Karim Ben Ali")), KARIM, Rule.CONFLICT),
        (LINA, replace(KARIM, is_cleared_for_minors=False), Rule.MINOR),
        (INES, replace(KARIM, languages=frozenset({"en"})), Rule.LANGUAGE),
        (INES, replace(KARIM, region="BRE"), Rule.DISTANCE),
        (INES, replace(KARIM, region="BRE", accepts_remote=True), Rule.DISTANCE),
        (replace(INES, region=""), replace(KARIM, region=""), Rule.DISTANCE),
        (INES, mentor(SOUND), Rule.TRADE),
    ],
)
def test_each_rule_forbids(mentee, mentor, rule):
    assert scoring.broken_rule(mentee, mentor, SCALE) is rule


def test_far_away_is_fine_when_both_accept_to_meet_remotely():
    far = replace(KARIM, region="BRE", accepts_remote=True)
    assert scoring.broken_rule(replace(INES, accepts_remote=True), far, SCALE) is None


def test_an_adult_does_not_need_a_cleared_mentor():
    assert scoring.broken_rule(INES, replace(KARIM, is_cleared_for_minors=False), SCALE) is None


def test_another_trade_altogether_is_for_the_cohort_to_allow():
    assert scoring.broken_rule(INES, mentor(SOUND), Scale(pairs_other_trades=True)) is None


@pytest.mark.parametrize(
    "words",
    ["Karim Ben-Ali", "KARIM BENALI karim ben ali !", "surtout pas M. Ben-Ali, Karim.", "«\u00a0Karîm Bén’Ali\u00a0»"],
)
def test_whom_she_names_is_not_proposed(words):
    mentee = replace(INES, avoids=scoring.comparable(words))
    assert scoring.broken_rule(mentee, KARIM, SCALE) is Rule.CONFLICT


@pytest.mark.parametrize("words", ["", "Karim", "Ben Ali", "Karim Ben Alimi", "Mokarim Ben Ali", "Karim, et Anne Ali"])
def test_half_a_name_names_nobody(words):
    mentee = replace(INES, avoids=scoring.comparable(words))
    assert scoring.broken_rule(mentee, KARIM, SCALE) is None


def test_who_has_half_a_name_is_named_by_nobody():
    mentee = replace(INES, avoids=scoring.comparable("Karim, de la société Ali"))
    assert scoring.broken_rule(mentee, replace(KARIM, names=scoring.names_of("Karim", "")), SCALE) is None


# --- Points -------------------------------------------------------------------------------------


def parts(mentee, mentor, scale=SCALE):
    return scoring.parts(mentee, mentor, scale)


def test_the_score_is_the_sum_of_its_parts():
    found = parts(INES, KARIM)
    assert found == [(Reason.WISH_1, EDITING, 480), (Reason.REGION, None, 150), (Reason.LANGUAGES, 1, 15)]
    assert (scoring.score(found), scoring.mentor_side(found)) == (645, 0)


@pytest.mark.parametrize(
    ("trades", "first"),
    [
        ([EDITING], (Reason.WISH_1, EDITING, 480)),
        ([DIRECTING], (Reason.WISH_2, DIRECTING, 360)),
        ([SOUND_EDITING], (Reason.FAMILY, "Montage", 160)),
        ([SOUND], (Reason.REGION, None, 150)),
    ],
)
def test_the_best_wish_counts(trades, first):
    assert parts(INES, mentor(*trades))[0] == first


def test_the_family_of_a_later_wish_counts_less():
    points = [parts(wanting(*wishes), mentor(SOUND_EDITING))[0] for wishes in ([1, 2], [4, 1, 2])]
    assert points == [(Reason.FAMILY, "Montage", 120), (Reason.FAMILY, "Montage", 80)]


def test_another_wish_met_counts_a_little():
    both = mentor(EDITING, DIRECTING)
    assert parts(INES, both)[:2] == [(Reason.WISH_1, EDITING, 480), (Reason.OTHER_WISH, DIRECTING, 30)]


def test_remote_languages_and_slots():
    far = replace(
        KARIM,
        region="BRE",
        accepts_remote=True,
        languages=frozenset({"fr", "ar"}),
        slots=frozenset({"MON_EVE", "WED_DAY", "SUN_EVE"}),
    )
    assert parts(replace(INES, accepts_remote=True), far)[1:] == [
        (Reason.REMOTE, None, 40),
        (Reason.LANGUAGES, 2, 30),
        (Reason.SLOTS, 2, 45),
    ]


@pytest.mark.parametrize(("preferred", "points"), [({EDITING}, 120), ({DIRECTING}, 90), ({SOUND}, 0)])
def test_what_a_mentor_prefers_is_her_side(preferred, points):
    found = parts(INES, replace(KARIM, preferred=frozenset(preferred)))
    assert scoring.mentor_side(found) == points
    assert scoring.score(found) == 645 + points


def test_a_pair_for_which_nothing_speaks_has_one_point():
    nothing = Scale(**dict.fromkeys(WEIGHTS, 0))
    assert parts(INES, KARIM, nothing) == [(Reason.POSSIBLE, None, 1)]


def test_when_everything_speaks_for_a_pair_it_has_the_greatest_score():
    languages, slots = frozenset({"fr", "en", "ar", "es", "pt"}), frozenset({"a", "b", "c", "d", "e"})
    mentee = wanting(EDITING, DIRECTING, SOUND, languages=languages, slots=slots, accepts_remote=True)
    everybody = mentor(*FAMILIES, languages=languages, slots=slots, accepts_remote=True, preferred=frozenset({EDITING}))
    assert scoring.score(parts(mentee, everybody)) == SCALE.greatest == MAX_SCORE


subsets = st.frozensets
trades = st.lists(st.sampled_from(list(FAMILIES)), unique=True, min_size=1, max_size=3)


@st.composite
def scales(draw):
    """Weights in order, whose greatest score is 1000 at most."""
    wishes = sorted(draw(st.lists(st.integers(0, 400), min_size=4, max_size=4)), reverse=True)
    others = draw(st.lists(st.integers(0, 100), min_size=6, max_size=6))
    return Scale(*wishes, *others, pairs_other_trades=draw(st.booleans()))


@given(
    scales(), trades, trades, st.frozensets(st.sampled_from("abcdef")), st.booleans(), subsets(st.sampled_from([1, 2]))
)
def test_a_score_is_always_within_bounds(scale, wishes, exercised, shared, remote, preferred):
    mentee = wanting(*wishes, slots=shared, languages=shared | {"fr"}, accepts_remote=remote)
    other = mentor(*exercised, slots=shared, languages=shared | {"fr"}, accepts_remote=remote, preferred=preferred)
    found = parts(mentee, other, scale)
    assert 1 <= scoring.score(found) <= max(1, scale.greatest) <= MAX_SCORE
    assert 0 <= scoring.mentor_side(found) <= scale.preferred


@pytest.mark.parametrize(
    ("trades", "met"),
    [
        ([EDITING], ("1", EDITING)),
        ([DIRECTING], ("2", DIRECTING)),
        ([SOUND_EDITING], ("family", EDITING)),
        ([SOUND], ("none", None)),
    ],
)
def test_how_wishes_are_met(trades, met):
    assert scoring.best_wish(INES, mentor(*trades)) == met

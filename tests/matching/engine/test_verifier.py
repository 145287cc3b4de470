"""Right answers are accepted; each way of forging one is refused, with a sentence that names it."""

import json
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction

import pytest

from matching.verifier import Refused, Unreadable, Verdict, main, verify
from tests.matching.engine.forgeries import FORGERIES, ILL_FORMED
from tests.matching.engine.oracle import best
from tests.matching.engine.right_answers import ALL

# --- Right answers ----------------------------------------------------------------------------

VERDICTS = {
    "floor_that_costs": Verdict(2, 1000, 0, 1000, 0, {"F": 1}, ()),
    "floor_that_cannot_be_met": Verdict(2, 900, 0, 900, 0, {"F": 1, "P": 1}, ()),
    "repair": Verdict(3, 160, 1, 3161, 0, {}, ()),
    "nothing_possible": Verdict(0, 0, 0, 0, 0, {"F": 0}, ()),
    "trap": Verdict(2, 900, 0, 945, 45, {"F": 1, "P": 1, "Q": 1}, ()),
    "trap_without_enough": Verdict(1, 450, 0, 450, 0, {"F": 1, "P": 1, "Q": 0}, ("Q",)),
}


@pytest.mark.parametrize("name", ALL)
def test_a_right_answer_is_accepted(name):
    instance, answer = ALL[name]()
    assert verify(instance, answer) == VERDICTS[name]
    found = best(instance)
    assert [list(pair) for pair in found.pairs] == answer["pairs"]
    assert (found.mins, found.kept, found.points) == (answer["mins"], VERDICTS[name].kept, VERDICTS[name].points)


def test_only_what_is_proven_is_called_optimal():
    assert {name: verify(*made()).is_optimal for name, made in ALL.items()} == {
        "floor_that_costs": True,
        "floor_that_cannot_be_met": True,
        "repair": True,
        "nothing_possible": True,
        "trap": False,
        "trap_without_enough": False,
    }


@pytest.mark.parametrize(("points_of_d", "mu", "gap", "is_optimal"), [(452, 1, "1", False), (451, "1/2", "1/2", True)])
def test_points_are_whole_so_that_half_a_point_is_no_room(points_of_d, mu, gap, is_optimal):
    instance, answer = ALL["trap"]()
    instance["scores"][3][2] = points_of_d
    answer["certificate"] |= {"lambda": points_of_d, "mu": dict.fromkeys("FPQ", mu)}
    del answer["stats"]["bound"], answer["stats"]["gap"]
    verdict = verify(instance, answer)
    assert (verdict.gap, verdict.is_optimal) == (Fraction(gap), is_optimal)


@pytest.mark.parametrize(
    ("groups", "may_lack_proofs"),
    [
        (["F", "FP", ""], False),
        (["P", "FP", ""], False),
        (["FP", "FP", ""], False),
        (["F", "P", ""], False),
        (["", "P", "P"], False),
        (["F", "FP", "P"], True),
    ],
)
def test_only_floors_that_cross_may_lack_a_proof(groups, may_lack_proofs):
    mentees = [{"id": f"e{number}", "groups": list(mine)} for number, mine in enumerate(groups)]
    instance = {"seed": 7, "mentees": mentees, "mentors": [], "scores": []}
    instance["constraints"] = [{"group": group, "min": 1} for group in "FP"]
    certificate = {"cover": {"mentees": [], "mentors": []}, "u": {}, "v": {}, "lambda": 0, "mu": {}}
    answer = {"pairs": [], "mins": {"F": 0, "P": 0}, "certificate": certificate, "stats": {}}
    if may_lack_proofs:
        assert verify(instance, answer).unproven == ("F", "P")
        return
    with pytest.raises(Refused, match=r"^short lacks 'F', a floor below its target\.$"):
        verify(instance, answer)


def test_a_proof_that_crossing_floors_may_lack_is_read_where_it_is_given():
    instance, answer = ALL["trap_without_enough"]()
    answer["certificate"]["short"]["Q"] = {"u": {}, "v": {"m0": 2}, "mu": {"F": 1, "P": 1}}
    assert verify(instance, answer).unproven == ()
    answer["certificate"]["short"]["Q"]["mu"] = {"F": 1}
    with pytest.raises(Refused, match=r"^short of 'Q' proves a maximum of 1, not of 0\.$"):
        verify(instance, answer)


def test_nobody_and_nothing():
    instance = {"seed": 7, "mentees": [], "mentors": [], "scores": [], "constraints": []}
    certificate = {"cover": {"mentees": [], "mentors": []}, "u": {}, "v": {}, "lambda": 0, "mu": {}}
    assert verify(instance, {"pairs": [], "mins": {}, "certificate": certificate, "stats": {}}).is_optimal


def test_fractions_are_written_as_p_over_q():
    instance, answer = ALL["floor_that_costs"]()
    answer["certificate"] |= {
        "u": {"e0": "1/2"},
        "v": {"m0": "200/2", "m1": 0},
        "lambda": "700/1",
        "mu": {"F": "1001/2"},
    }
    assert verify(instance, answer) == VERDICTS["floor_that_costs"]
    instance, answer = ALL["trap"]()
    answer["certificate"] |= {"u": {"b": "1/3"}}
    answer["stats"] |= {"bound": "2836/3", "gap": "136/3"}
    verdict = verify(instance, answer)
    assert (verdict.bound, verdict.gap) == (Fraction(2836, 3), Fraction(136, 3))


@pytest.mark.parametrize(
    ("share", "target"),
    [
        (0.1, 1),
        (0.3, 3),
        (0.34, 4),
        (Decimal("0.3000000000000000000001"), 4),
        (Decimal("1e-30"), 1),
        (Fraction(1, 3), 4),
        (0, 0),
        (1, 10),
    ],
)
def test_a_share_is_an_exact_decimal_rounded_up(share, target):
    mentees = [{"id": f"e{i}", "groups": ["F"]} for i in range(10)]
    instance = {"seed": 7, "mentees": mentees, "mentors": [{"id": "m", "capacity": 10}], "scores": ()}
    instance |= {"scores": tuple((i, 0, 1, 0, 0) for i in range(10)), "constraints": [{"group": "F"}]}
    instance["constraints"][0]["min_share"] = share
    certificate = {"cover": {"mentees": [], "mentors": ["m"]}, "u": {}, "v": {"m": 1}, "lambda": 0, "mu": {}}
    answer = {"pairs": [(f"e{i}", "m") for i in range(10)], "certificate": certificate, "stats": {}}
    assert verify(instance, answer | {"mins": {"F": target}}).mins == {"F": target}


# --- Forged answers ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "forge", "sentence"), FORGERIES, ids=[f"{name}-{sentence}" for name, _forge, sentence in FORGERIES]
)
def test_a_forged_answer_is_refused(name, forge, sentence):
    instance, answer = ALL[name]()
    forge(instance, answer)
    with pytest.raises(Refused) as refusal:
        verify(instance, answer)
    assert type(refusal.value) is Refused
    assert str(refusal.value) == sentence


def test_what_is_no_answer_at_all_is_refused():
    with pytest.raises(Refused, match=r"^The answer is not an object\.$"):
        verify(ALL["repair"]()[0], [])


# --- Instances that nobody can answer ---------------------------------------------------------


@pytest.mark.parametrize(("spoil", "sentence"), ILL_FORMED, ids=[sentence for _spoil, sentence in ILL_FORMED])
def test_an_ill_formed_instance_cannot_be_judged(spoil, sentence):
    instance, answer = ALL["repair"]()
    spoil(instance, answer)
    with pytest.raises(Unreadable) as flaw:
        verify(instance, answer)
    assert str(flaw.value).startswith(sentence)


# --- The terminal -----------------------------------------------------------------------------


@pytest.fixture
def said(tmp_path, capsys):
    """What the terminal says of the texts of two files: exit code and one line."""

    def say(*texts: str) -> tuple[int, str]:
        paths = []
        for number, text in enumerate(texts):
            paths.append(tmp_path / f"{number}.json")
            paths[-1].write_text(text)
        code = main([str(path) for path in paths])
        captured = capsys.readouterr()
        assert (captured.err, captured.out.count("\n")) == ("", 1)
        return code, captured.out.strip()

    return say


def test_one_line_and_a_code(said, capsys):
    instance, answer = map(json.dumps, ALL["trap_without_enough"]())
    accepted = "accepted: 1 pairs, 450 points, 0 kept, bound 450, gap 0, floor 'Q' not proven"
    assert said(instance, answer) == (0, accepted)
    assert said(instance, "{}") == (1, "refused: The answer has no pairs.")
    assert said("[]", answer)[0] == 2
    assert said(instance, "{")[1].startswith("unreadable: JSONDecodeError: ")
    assert said(instance, "[" * 100_000)[1].startswith("unreadable: RecursionError: ")
    assert said(instance, f'{{"pairs": {"1" * 5000}}}')[1].startswith("unreadable: ValueError: ")
    assert said(instance, f'{{"pairs": 1e{"9" * 30}}}')[1].startswith("unreadable: InvalidOperation: ")
    assert main(["/nowhere", "/nowhere"]) == 2
    assert capsys.readouterr().out.startswith("unreadable: FileNotFoundError: ")
    assert said(instance) == (2, "unreadable: python -m matching.verifier INSTANCE ANSWER")


def test_the_exact_decimal_is_read_from_the_file(said):
    instance, answer = ALL["floor_that_costs"]()
    text = json.dumps(instance).replace("0.5", "0.50000000000000000001")
    assert said(text, json.dumps(answer)) == (1, "refused: short lacks 'F', a floor below its target.")


def test_it_stands_alone(tmp_path):
    """As a program of its own, without Django, and whatever the terminal can write."""
    instance, answer = ALL["repair"]()
    answer["pairs"].append(["e\n\ud8009é", "m0"])
    for name, content in (("instance", instance), ("answer", answer)):
        (tmp_path / name).write_text(json.dumps(content))
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "matching.verifier", tmp_path / "instance", tmp_path / "answer"],
        capture_output=True,
        env={"PYTHONIOENCODING": "ascii"},
        text=True,
    )
    assert done.returncode == 1
    assert done.stdout == ("refused: The pair ('e\\n\\ud8009\\xe9', 'm0') names somebody who is not in the instance.\n")
    assert "django" not in done.stderr
    assert "matching.engine" not in done.stderr

"""`python -m matching`: the answer in a file, or one line on what is wrong and no file."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from matching.verifier import verify
from tests.matching.engine.instances import tiny
from tests.matching.engine.test_reading import GOOD

ROOT = Path(__file__).parents[3]


def run(*arguments, **environment):
    command = [sys.executable, "-m", "matching", *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=ROOT, env=os.environ | environment, timeout=60
    )


@pytest.fixture
def instance(tmp_path):
    path = tmp_path / "instance.json"
    path.write_text(json.dumps(GOOD))
    return path


def test_an_answer_is_written_and_proves_itself(instance, tmp_path):
    done = run(instance, tmp_path / "answer.json")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    answer = json.loads((tmp_path / "answer.json").read_text())
    assert answer["pairs"] == [["e0", "m0"], ["e1", "m1"]]
    assert verify(GOOD, answer).is_optimal
    assert sorted(path.name for path in tmp_path.iterdir()) == ["answer.json", "instance.json"]


def test_a_bad_instance_leaves_the_answer_that_was_there(instance, tmp_path):
    answer = tmp_path / "answer.json"
    run(instance, answer)
    before = answer.read_bytes()
    instance.write_text(json.dumps(GOOD | {"scores": [[0, 40, 1, 0, 0]]}))
    done = run(instance, answer)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"{instance}: scores[0]: mentor_index 40 does not exist\n"
    assert answer.read_bytes() == before


@pytest.mark.parametrize("broken", ["instance", "answer"])
def test_a_file_that_cannot_be_is_said(instance, tmp_path, broken):
    nowhere = tmp_path / "nowhere" / "file.json"
    done = run(nowhere, tmp_path / "a.json") if broken == "instance" else run(instance, nowhere)
    assert done.returncode == 2
    assert done.stderr == f"{nowhere}: No such file or directory\n"


def test_the_answer_is_the_same_to_the_byte_in_any_order_and_any_process(tmp_path):
    seen = 0
    for seed in range(12):
        whole = tiny(seed)
        turned = whole | {
            "mentees": whole["mentees"][::-1],
            "mentors": whole["mentors"][::-1],
            "scores": [
                [len(whole["mentees"]) - 1 - i, len(whole["mentors"]) - 1 - j, *rest]
                for i, j, *rest in reversed(whole["scores"])
            ],
            **{key: whole[key][::-1] for key in ("previous", "declined", "locked") if key in whole},
        }
        answers = set()
        for number, (data, hashing) in enumerate([(whole, "0"), (whole, "4"), (turned, "77")]):
            (tmp_path / "i.json").write_text(json.dumps(data))
            assert run(tmp_path / "i.json", tmp_path / f"{number}.json", PYTHONHASHSEED=hashing).returncode == 0
            answers.add((tmp_path / f"{number}.json").read_bytes())
        assert len(answers) == 1
        seen += bool(json.loads(answers.pop())["pairs"])
    assert seen > 8


def test_somebody_is_explained(tmp_path):
    data = GOOD | {"scores": [[0, 0, 500, 0, 0], [1, 0, 400, 0, 0]], "constraints": []}
    (tmp_path / "i.json").write_text(json.dumps(data))
    told = run(tmp_path / "i.json", tmp_path / "a.json", "--explain", "e0").stdout
    assert told == "e0 est avec m0\u00a0: 500 points, 1er choix sur une possible.\n"
    told = run(tmp_path / "i.json", tmp_path / "a.json", "--explain", "e1").stdout
    assert told == (
        "e1 n’a pas de mentor·e. Ces 2 personnes n’ont qu’un·e mentor·e possible, avec une place en tout\u00a0: e0, "
        "e1. Mentor·es\u00a0: m0.\n"
    )
    nobody = run(tmp_path / "i.json", tmp_path / "a.json", "--explain", "e7")
    assert (nobody.returncode, nobody.stderr) == (2, f"{tmp_path / 'i.json'}: mentees: nobody has the id 'e7'\n")


def test_the_comparison_counts_who_would_rather_have_each_other(tmp_path):
    """The best answer pairs both; deferred acceptance leaves the one out whom nobody else can take."""
    data = GOOD | {
        "mentors": [{"id": "m0", "capacity": 1}, {"id": "m1", "capacity": 1}],
        "scores": [[0, 0, 900, 9, 9], [0, 1, 100, 1, 1], [1, 0, 300, 2, 2]],
        "constraints": [],
    }
    (tmp_path / "i.json").write_text(json.dumps(data))
    assert run(tmp_path / "i.json", tmp_path / "a.json", "--compare").returncode == 0
    stats = json.loads((tmp_path / "a.json").read_text())["stats"]
    assert (stats["pairs"], stats["points"], stats["blocking_pairs"]) == (2, 400, 1)
    assert stats["deferred_acceptance"] == {"pairs": 1, "points": 900}


def test_the_engine_and_the_verifier_need_nothing_but_the_standard_library():
    code = "import sys, matching.__main__, matching.engine.telling, matching.engine.repair, matching.verifier; " + (
        "print(sorted({name.split('.')[0] for name in sys.modules} - set(sys.stdlib_module_names) - {'matching'}))"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], capture_output=True, text=True, check=False, cwd=ROOT, timeout=60
    )
    assert done.stdout.strip() == "['__main__']" or done.stdout.strip() == "[]", done.stderr

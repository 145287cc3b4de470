"""Instances from files: what is wrong is told in one line that names the place."""

import json
from fractions import Fraction
from random import Random

import pytest

from matching.engine import reading
from matching.engine.instance import BadInstance
from tests.matching.engine.instances import tiny

GOOD = {
    "seed": 7,
    "mentees": [{"id": "e0", "groups": ["F"]}, {"id": "e1", "groups": []}],
    "mentors": [{"id": "m0", "capacity": 1}, {"id": "m1", "capacity": 2}],
    "scores": [[0, 0, 500, 3, 2], [1, 0, 400, 1, 1], [1, 1, 1000, 0, 0]],
    "constraints": [{"group": "F", "min_share": 0.5}],
}

WRONG = {
    "scores: missing": {"scores": None},
    "seed: must be an integer or a text": {"seed": 1.5},
    "mentees: empty": {"mentees": []},
    "mentors: must be a list": {"mentors": {"id": "m0"}},
    'mentees[1]: must be {"id": …, "groups": […]}': {"mentees": [{"id": "e0"}, "e1"]},
    "mentees[0]: the id must be a text that is not empty": {"mentees": [{"id": 4}, {"id": "e1"}]},
    "mentees: the id 'e0' stands twice": {"mentees": [{"id": "e0"}, {"id": "e0"}]},
    "mentees[0].groups: must be a list of texts": {"mentees": [{"id": "e0", "groups": "F"}, {"id": "e1"}]},
    "mentors[0].capacity: -1 is negative": {"mentors": [{"id": "m0", "capacity": -1}, {"id": "m1", "capacity": 1}]},
    "mentors[1].capacity: must be an integer": {
        "mentors": [{"id": "m0", "capacity": 1}, {"id": "m1", "capacity": True}]
    },
    "scores[0]: mentor_index 40 does not exist": {"scores": [[0, 40, 1, 0, 0]]},
    "scores[1]: mentee_index -1 does not exist": {"scores": [[0, 0, 1, 0, 0], [-1, 0, 1, 0, 0]]},
    "scores[0]: score must be an integer": {"scores": [[0, 0, 1.0, 0, 0]]},
    "scores[0]: score 1001 is not between 1 and 1000": {"scores": [[0, 0, 1001, 0, 0]]},
    "scores[0]: mentor_side -3 is not between 0 and 65535": {"scores": [[0, 0, 1, 0, -3]]},
    "scores[0]: must be [mentee_index, mentor_index, score, mentee_side, mentor_side]": {"scores": [[0, 0, 1]]},
    "scores: the pair ('e0', 'm0') stands twice": {"scores": [[0, 0, 1, 0, 0], [0, 0, 2, 0, 0]]},
    "constraints[0].min_share: 1.5 is not between 0 and 1": {"constraints": [{"group": "F", "min_share": 1.5}]},
    "constraints[0].min: must be an integer": {"constraints": [{"group": "F", "min": "3"}]},
    "constraints[0]: must say either min or min_share": {"constraints": [{"group": "F", "min": 1, "min_share": 1}]},
    "constraints[1]: the group 'F' stands twice": {"constraints": [{"group": "F", "min": 1}, {"group": "F", "min": 2}]},
    "previous[0]: mentee 'e9' does not exist": {"previous": [["e9", "m0"]]},
    "previous[1]: mentee 'e0' has two mentors there": {"previous": [["e0", "m0"], ["e0", "m1"]]},
    "declined[0]: must be [mentee's id, mentor's id]": {"declined": [["e0"]]},
    "locked: ('e0', 'm1') is not among the scores": {"locked": [["e0", "m1"]]},
    "locked: ('e0', 'm0') is declined too": {"locked": [["e0", "m0"]], "declined": [["e0", "m0"]]},
    "locked: mentor 'm0' has more locked pairs than places": {"locked": [["e0", "m0"], ["e1", "m0"]]},
}

NOT_JSON = {
    "": "not JSON: the file is empty",
    "[]": "must be an object",
    '{"seed": 7,}': "not JSON: Expecting a key in double quotes, line 1, column 12",
    '{"seed": NaN}': "not JSON: NaN is not a number",
    '{"seed": 7} x': "not JSON: 'x' after the end, line 1, column 12",
    '{"seed": 7, "seed": 8}': "seed: stands twice",
    '{"seed": "\\ud800", "mentees": [], "mentors": [], "scores": []}': "seed: must be an integer or a text",
    "{" * 100_000: "not JSON: Expecting a key in double quotes, line 1, column 2",
    '{"seed": ' + "[" * 100_000: "not JSON: nested too deep",
}


@pytest.fixture
def file(tmp_path):
    def write(text) -> str:
        path = tmp_path / "instance.json"
        path.write_text(text if isinstance(text, str) else json.dumps(text))
        return path

    return write


def changed(change: dict) -> dict:
    return {key: value for key, value in (GOOD | change).items() if value is not None}


def test_a_good_instance_is_read(file):
    instance = reading.read(file(GOOD))
    assert instance.mentee_ids == ["e0", "e1"]
    assert [list(row) for row in instance.mentors] == [[0], [0, 1]]
    assert [list(row) for row in instance.scores] == [[500], [400, 1000]]
    assert [list(row) for row in instance.mentee_sides] == [[3], [1, 0]]
    assert instance.floors[0].share == Fraction(1, 2)


@pytest.mark.parametrize("said", WRONG)
def test_what_is_wrong_is_said_with_its_place(file, said):
    with pytest.raises(BadInstance) as error:
        reading.read(file(changed(WRONG[said])))
    assert str(error.value) == said


@pytest.mark.parametrize("text", NOT_JSON, ids=lambda text: text[:12] or "empty")
def test_what_is_not_json_is_said(file, text):
    with pytest.raises(BadInstance) as error:
        reading.read(file(text))
    assert str(error.value) == NOT_JSON[text]


def test_a_file_that_is_not_utf8_is_said(tmp_path):
    path = tmp_path / "instance.json"
    path.write_bytes(b'{"seed": "\xff"}')
    with pytest.raises(BadInstance, match="not UTF-8, at byte 10"):
        reading.read(path)


@pytest.mark.parametrize("chunk", [1, 7, 40, 1 << 20])
def test_the_size_of_the_pieces_changes_nothing(file, monkeypatch, chunk):
    monkeypatch.setattr(reading, "CHUNK", chunk)
    for seed in range(60):
        whole = tiny(seed)
        for indent in (None, 2):
            read = reading.read(file(json.dumps(whole, indent=indent)))
            known = reading.parse(whole)
            assert (read.mentors, read.scores, read.mentor_sides) == (known.mentors, known.scores, known.mentor_sides)


def test_a_share_is_read_as_it_is_written(file):
    """0.07 of 100 pairs is 7, and not the 8 that a binary fraction just above would round up to."""
    floor = reading.read(file(changed({"constraints": [{"group": "F", "min_share": 0.07}]}))).floors[0]
    assert floor.target(100) == 7
    assert floor.target(101) == 8


def test_whatever_is_wrong_with_a_file_is_said_in_one_line(file):
    """Bytes changed at random: an instance, or one line; never anything else."""
    chance, said = Random(3), []
    for seed in range(1500):
        text = list(json.dumps(tiny(seed % 40)))
        for _change in range(chance.randint(1, 3)):
            place = chance.randrange(len(text))
            text[place] = chance.choice(['"', "[", "]", "{", "}", ",", "-", "9", "1e9", "\\ud800", "null", "x", ""])
        try:
            reading.read(file("".join(text)))
        except BadInstance as error:
            said.append(str(error))
    assert len(said) > 1000
    assert not [sentence for sentence in said if "\n" in sentence]


def test_a_number_without_end_is_said(file):
    with pytest.raises(BadInstance, match="not JSON: Exceeds the limit"):
        reading.read(file('{"seed": ' + "9" * 5000 + "}"))

"""Instances from JSON, and what is wrong with those that cannot be read, in one line that names the place."""

import json
import re
from collections.abc import Iterable, Iterator

from matching.engine.instance import BadInstance, Floor, Instance, is_text

CHUNK = 1 << 20
"""Characters of the scores read at once: four million rows as Python lists would take a gigabyte."""

_BLANK = re.compile(r"[ \t\n\r]*")
_END_OF_ROWS = re.compile(r"\][ \t\n\r]*\]")


def read(path) -> Instance:
    """The instance in a file. Raises BadInstance; OSError when the file cannot be read."""
    try:
        return parse(_whole(_text(path)))  # nobody else holds the text, which is free once the rows are read
    except json.JSONDecodeError as error:
        raise BadInstance(f"not JSON: {error.msg}, line {error.lineno}, column {error.colno}") from None
    except BadInstance:
        raise
    except ValueError as error:  # a number of thousands of digits
        raise BadInstance(f"not JSON: {error}") from None
    except RecursionError:
        raise BadInstance("not JSON: nested too deep") from None


def _text(path) -> str:
    try:
        with open(path, encoding="utf-8-sig") as file:
            return file.read()
    except UnicodeDecodeError as error:
        raise BadInstance(f"not UTF-8, at byte {error.start}") from None


def parse(data: dict) -> Instance:
    """The instance that this JSON object describes (`scores` may be any iterable of rows). Raises BadInstance."""
    for key in ("seed", "mentees", "mentors", "scores"):
        if key not in data:
            raise BadInstance(f"{key}: missing")
    if type(data["seed"]) not in (int, str) or not is_text(str(data["seed"])):
        raise BadInstance("seed: must be an integer or a text")
    return Instance.build(
        seed=data["seed"],
        mentees=[_mentee(place, row) for place, row in enumerate(_people(data, "mentees"))],
        mentors=[_mentor(place, row) for place, row in enumerate(_people(data, "mentors"))],
        scores=_rows(data["scores"]),
        floors=_floors(_list(data, "constraints")),
        previous=_pairs(data, "previous"),
        declined=_pairs(data, "declined"),
        locked=_pairs(data, "locked"),
    )


# --- Each part, as the contract has it ----------------------------------------------------------


def _list(data: dict, key: str) -> list:
    found = data.get(key, [])
    if not isinstance(found, list | tuple):
        raise BadInstance(f"{key}: must be a list")
    return found


def _people(data: dict, key: str) -> list:
    people = _list(data, key)
    if not people:
        raise BadInstance(f"{key}: empty")
    return people


def _mentee(place: int, row) -> tuple[str, list[str]]:
    if not isinstance(row, dict) or "id" not in row:
        raise BadInstance(f'mentees[{place}]: must be {{"id": …, "groups": […]}}')
    groups = row.get("groups", [])
    if not isinstance(groups, list | tuple) or not all(is_text(group) for group in groups):
        raise BadInstance(f"mentees[{place}].groups: must be a list of texts")
    return row["id"], groups


def _mentor(place: int, row) -> tuple[str, int]:
    if not isinstance(row, dict) or not {"id", "capacity"} <= row.keys():
        raise BadInstance(f'mentors[{place}]: must be {{"id": …, "capacity": …}}')
    capacity = row["capacity"]
    if type(capacity) is not int:
        raise BadInstance(f"mentors[{place}].capacity: must be an integer")
    if capacity < 0:
        raise BadInstance(f"mentors[{place}].capacity: {capacity} is negative")
    return row["id"], capacity


def _rows(rows) -> Iterable:
    if isinstance(rows, str | bytes | dict) or not isinstance(rows, Iterable):
        raise BadInstance("scores: must be a list")
    return rows


def _floors(rows: list) -> list[Floor]:
    floors, known = [], set()
    for place, row in enumerate(rows):
        where = f"constraints[{place}]"
        if not isinstance(row, dict) or not is_text(row.get("group")):
            raise BadInstance(f'{where}: must be {{"group": …, "min": …}} or {{"group": …, "min_share": …}}')
        if row["group"] in known:
            raise BadInstance(f"{where}: the group {row['group']!r} stands twice")
        known.add(row["group"])
        if ("min" in row) == ("min_share" in row):
            raise BadInstance(f"{where}: must say either min or min_share")
        if "min" in row:
            floors.append(Floor(row["group"], count=_count(where, row["min"])))
        else:
            floors.append(Floor(row["group"], share=_share(where, row["min_share"])))
    return floors


def _count(where: str, count) -> int:
    if type(count) is not int:
        raise BadInstance(f"{where}.min: must be an integer")
    if count < 0:
        raise BadInstance(f"{where}.min: {count} is negative")
    return count


def _share(where: str, share):
    from fractions import Fraction  # not at the start, which must be quick

    if type(share) is float:  # what is written in decimals is meant in decimals
        share = Fraction(repr(share)) if share == share and abs(share) != float("inf") else None
    if type(share) not in (int, Fraction):
        raise BadInstance(f"{where}.min_share: must be a number")
    if not 0 <= share <= 1:
        raise BadInstance(f"{where}.min_share: {float(share):g} is not between 0 and 1")
    return Fraction(share)


def _pairs(data: dict, key: str) -> list[tuple[str, str]]:
    pairs = _list(data, key)
    for place, pair in enumerate(pairs):
        is_pair = isinstance(pair, list | tuple) and len(pair) == 2
        if not is_pair or not all(isinstance(name, str) for name in pair):
            raise BadInstance(f"{key}[{place}]: must be [mentee's id, mentor's id]")
    return [tuple(pair) for pair in pairs]


# --- The file, a piece at a time ----------------------------------------------------------------


def _no_constant(name: str):
    raise BadInstance(f"not JSON: {name} is not a number")


def _decimal(written: str):
    from fractions import Fraction  # exactly what is written

    return Fraction(written)


_DECODER = json.JSONDecoder(parse_float=_decimal, parse_constant=_no_constant)


def _whole(text: str) -> dict:
    """The object at the top; its `scores`, read only when somebody goes through them."""
    place = _BLANK.match(text).end()
    if not text[place:]:
        raise BadInstance("not JSON: the file is empty")
    if text[place] != "{":
        _DECODER.decode(text)
        raise BadInstance("must be an object")
    found: dict = {}
    place = _BLANK.match(text, place + 1).end()
    if text[place : place + 1] == "}":
        place += 1
    else:
        place = _members(text, place, found)
    if rest := text[_BLANK.match(text, place).end() :][:1]:
        raise json.JSONDecodeError(f"{rest!r} after the end", text, place)
    return found


def _members(text: str, place: int, found: dict) -> int:
    """The keys and values from `place` on; returns where the object ends."""
    while True:
        if text[place : place + 1] != '"':
            raise json.JSONDecodeError("Expecting a key in double quotes", text, place)
        key, place = _DECODER.raw_decode(text, place)
        place = _after(text, place, ":")
        if key in found:
            raise BadInstance(f"{key}: stands twice")
        span = _span_of_rows(text, place) if key == "scores" else None
        if span:
            found[key], place = _chunks(text, *span), span[1]
        else:
            found[key], place = _DECODER.raw_decode(text, place)
        place = _BLANK.match(text, place).end()
        if text[place : place + 1] == "}":
            return place + 1
        place = _after(text, place, ",")


def _after(text: str, place: int, mark: str) -> int:
    place = _BLANK.match(text, place).end()
    if text[place : place + 1] != mark:
        raise json.JSONDecodeError(f"Expecting {mark!r}", text, place)
    return _BLANK.match(text, place + 1).end()


def _span_of_rows(text: str, place: int) -> tuple[int, int] | None:
    """From the first row of the scores to the end of their list; None when they are not rows of numbers."""
    start = _BLANK.match(text, place + 1).end()
    if text[place : place + 1] != "[" or text[start : start + 1] != "[":
        return None
    end = _END_OF_ROWS.search(text, start)
    return (start, end.end()) if end else None


def _chunks(text: str, start: int, end: int) -> Iterator[list]:
    """The rows between, decoded a chunk at a time."""
    while start < end:
        stop = text.find("]", start + CHUNK, end - 1)
        stop = end - 1 if stop < 0 else stop + 1
        yield from _DECODER.decode(f"[{text[start:stop]}]")
        start = _BLANK.match(text, stop).end()
        if start >= end - 1:
            return
        start = _after(text, start, ",")

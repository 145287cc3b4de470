"""Reads an instance and an answer of the matching engine, and refuses the answer unless it proves itself.

Shares no code with the engine. It searches for nothing: whoever answers hands over certificates, and three
arguments, each a line long, turn them into proofs that no better answer exists.

Most pairs. Each pair uses a mentee, or a seat of a mentor, of the cover: no set of pairs is larger than the cover.
D. Kőnig, "Gráfok és mátrixok" (1931); here a mentor counts for each of her seats.

Most points. Let u, v, mu ≥ 0 and u_i + v_j + lambda - Σ mu_g(i) ≥ value(i, j) for each allowed pair. Summed over the
pairs of any answer with T pairs and at least min_g members of each group g:
    value ≤ Σ u + Σ capacity·v + lambda·T - Σ mu_g·min_g.
Weak duality of linear programming; D. Gale, "The Theory of Linear Economic Models" (1960), chapters 3 and 5. A locked
mentee is in every answer, so that her u may be negative. In a repair the value of a pair that had been announced is its
score plus S, where S exceeds all the points there can be: (kept, points) are compared in that order.

Floors. The same, where a pair is worth 1 if its mentee is in the group and 0 otherwise: how many members any answer
can have that holds the floors before this one.

`python -m matching.verifier INSTANCE ANSWER`: one line; exit code 0 accepted, 1 refused, 2 unreadable.
"""

import gc
import json
import re
import sys
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from hashlib import blake2b
from itertools import combinations, pairwise
from math import ceil
from pathlib import Path

MAX_SCORE = 1000
LOTTERY_MODULUS = 2**31 - 1
_MAX_DIGITS = 30
_RATIO = re.compile(rf"-?[0-9]{{1,{_MAX_DIGITS}}}/0*[1-9][0-9]{{,{_MAX_DIGITS}}}")
_NOBODY = -1


class Refused(Exception):
    """The answer breaks a rule, or fails to prove that nothing better exists. One sentence."""


class Unreadable(Refused):
    """The instance does not hold together: no answer to it can be judged."""


@dataclass(frozen=True)
class Verdict:
    """What the verifier found by itself, whatever the answer says of itself."""

    pairs: int
    points: int
    kept: int
    bound: int | Fraction
    gap: int | Fraction
    mins: dict[str, int]
    unproven: tuple[str, ...]  # floors below their target that are not shown to be as high as they can be

    @property
    def is_optimal(self) -> bool:
        """Nothing better exists. Points are whole: a gap below 1 leaves no room."""
        return self.gap < 1 and not self.unproven

    def __str__(self) -> str:
        said = f"{self.pairs} pairs, {self.points} points, {self.kept} kept, bound {self.bound}, gap {self.gap}"
        return said + "".join(f", floor {group!r} not proven" for group in self.unproven)


@dataclass
class _Instance:
    """The instance, with mentees and mentors by number, in the order in which they are listed."""

    mentees: dict[str, int]
    mentors: dict[str, int]
    capacities: list[int]
    floors: dict[str, tuple[int | Fraction, bool]]  # in order of priority: how much, whether it is a share of the pairs
    members: dict[str, set[int]]  # of each group that has a floor
    previous: list[int]  # the mentor of each mentee, or _NOBODY
    locked: list[int]
    declined: set[tuple[int, int]]
    announced: int  # how many pairs `previous` has
    seed: int | str

    def has_laminar_floors(self) -> bool:
        """Any two groups that have a floor are nested, or have nobody in common."""
        pairs = combinations(self.members.values(), 2)
        return all(one <= other or other <= one or one.isdisjoint(other) for one, other in pairs)

    def allows(self, i: int, j: int) -> bool:
        """A pair that has a score may be in an answer."""
        return (i, j) not in self.declined and self.locked[i] in (_NOBODY, j)

    def name(self, i: int, j: int) -> str:
        return f"({list(self.mentees)[i]!r}, {list(self.mentors)[j]!r})"


@dataclass
class _Proof:
    """Dual values: each allowed pair must have reach_i + price_j ≥ value, where reach_i is u_i + lambda - Σ mu_g(i)."""

    name: str
    reach: list[int | Fraction]
    price: list[int | Fraction]
    bound: int | Fraction


def verify(instance: dict, answer: dict) -> Verdict:
    """What the answer is worth. Raises Refused with the first thing that is wrong with it."""
    try:
        known = _read_instance(instance)
    except (TypeError, ValueError, KeyError) as flaw:
        raise Unreadable(f"The instance is not in its form ({type(flaw).__name__}: {flaw}).") from None
    _check_object("The answer", answer, "pairs", "mins", "certificate", "stats")
    certificate, stats = answer["certificate"], answer["stats"]
    _check_object("certificate", certificate, "cover", "u", "v", "lambda", "mu")
    _check_object("stats", stats)
    mentor_of = _check_pairs(known, answer["pairs"])
    total = len(answer["pairs"])
    targets = {group: ceil(much * total) if is_share else much for group, (much, is_share) in known.floors.items()}
    mins = _check_mins(known, mentor_of, targets, answer["mins"])
    cover = _check_cover(known, certificate["cover"], total)
    bonus = _check_bonus(known, stats.get("weighting", {}), total)
    proof = _read_proof(known, "certificate", certificate, mins, total)
    shortfalls, unproven = _read_shortfalls(known, certificate.get("short", {}), mins, targets)
    points = _sweep(known, instance["scores"], mentor_of, cover, bonus, proof, shortfalls)
    kept = sum(1 for i, j in enumerate(mentor_of) if j != _NOBODY and j == known.previous[i])
    gap = proof.bound - points - bonus * kept
    if gap and known.has_laminar_floors():
        raise Refused(f"certificate leaves a gap of {gap}: it does not prove that nothing better exists.")
    verdict = Verdict(total, points, kept, proof.bound, gap, mins, unproven)
    _check_stats(known, answer, verdict, targets)
    return verdict


def _read_instance(given: dict) -> _Instance:
    """The instance by number; its scores are left to the sweep."""
    mentees, mentors = (_by_number(given[key], key) for key in ("mentees", "mentors"))
    capacities = [mentor["capacity"] for mentor in given["mentors"]]
    if not all(map(_is_count, capacities)):
        raise Unreadable("A capacity is not a whole number from 0.")
    floors = {}
    for constraint in given.get("constraints", ()):
        if constraint["group"] in floors or ("min" in constraint) == ("min_share" in constraint):
            raise Unreadable("constraints are not different groups with min or min_share each.")
        is_share = "min_share" in constraint
        much = _share(constraint["min_share"]) if is_share else constraint["min"]
        if not is_share and not _is_count(much):
            raise Unreadable("A floor's min is not a whole number from 0.")
        floors[constraint["group"]] = much, is_share
    groups = [set(mentee.get("groups", ())) for mentee in given["mentees"]]
    members = {floor: {i for i, mine in enumerate(groups) if floor in mine} for floor in floors}
    pairs = {
        key: [(mentees[mentee], mentors[mentor]) for mentee, mentor in given.get(key, ())]
        for key in ("previous", "locked", "declined")
    }
    previous, locked = (dict(pairs[key]) for key in ("previous", "locked"))
    if len(previous) < len(pairs["previous"]) or len(locked) < len(pairs["locked"]):
        raise Unreadable("A mentee is twice in previous, or twice in locked.")
    if type(given["seed"]) not in (int, str):
        raise Unreadable("The seed is neither an integer nor a string.")
    by_mentee = ([mentor_of.get(i, _NOBODY) for i in range(len(mentees))] for mentor_of in (previous, locked))
    declined, announced = set(pairs["declined"]), len(previous)
    return _Instance(mentees, mentors, capacities, floors, members, *by_mentee, declined, announced, given["seed"])


def _by_number(people: list, key: str) -> dict[str, int]:
    numbers = {person["id"]: number for number, person in enumerate(people)}
    if len(numbers) < len(people) or not all(isinstance(known_as, str) and known_as for known_as in numbers):
        raise Unreadable(f"The ids of {key} are not different, non-empty strings.")
    return numbers


def _share(given) -> Fraction:
    """A share as the exact decimal that was written: 0.1 is one tenth."""
    endless = isinstance(given, Decimal) and given.as_tuple().exponent < -_MAX_DIGITS
    if isinstance(given, bool) or endless or not 0 <= given <= 1:
        raise Unreadable(f"A floor's min_share is not a decimal from 0 to 1, of at most {_MAX_DIGITS} digits.")
    return Fraction(repr(given) if isinstance(given, float) else given)


def _check_pairs(known: _Instance, pairs) -> list[int]:
    """The mentor of each mentee. All that can be said of the pairs without the scores is checked here."""
    if not isinstance(pairs, list | tuple) or not all(map(_is_pair, pairs)):
        raise Refused("pairs is not a list of [mentee, mentor].")
    mentor_of, load = [_NOBODY] * len(known.mentees), [0] * len(known.mentors)
    for mentee, mentor in pairs:
        if mentee not in known.mentees or mentor not in known.mentors:
            raise Refused(f"The pair ({mentee!r}, {mentor!r}) names somebody who is not in the instance.")
        i, j = known.mentees[mentee], known.mentors[mentor]
        if mentor_of[i] != _NOBODY:
            raise Refused(f"Mentee {mentee!r} has more than one mentor.")
        if (i, j) in known.declined:
            raise Refused(f"The pair ({mentee!r}, {mentor!r}) was declined.")
        mentor_of[i] = j
        load[j] += 1
    if any(one[0] > other[0] for one, other in pairwise(pairs)):
        raise Refused("pairs is not sorted.")
    for mentor, j in known.mentors.items():
        if load[j] > known.capacities[j]:
            raise Refused(f"Mentor {mentor!r} has {load[j]} mentees for {known.capacities[j]} seats.")
    for mentee, i in known.mentees.items():
        if known.locked[i] not in (_NOBODY, mentor_of[i]):
            raise Refused(f"The locked pair of mentee {mentee!r} is missing.")
    return mentor_of


def _check_mins(known: _Instance, mentor_of: list[int], targets: dict, mins) -> dict[str, int]:
    """The floors in order. Each is held at its target, or else by all the members that the pairs have."""
    if not isinstance(mins, dict) or mins.keys() != targets.keys():
        raise Refused("mins does not name exactly the groups that have a floor.")
    for group, target in targets.items():
        present = sum(1 for i in known.members[group] if mentor_of[i] != _NOBODY)
        if not _is_count(mins[group]) or mins[group] != min(target, present):
            raise Refused(f"mins of {group!r} is {mins[group]!r}; the pairs have {present} for a target of {target}.")
    return {group: mins[group] for group in targets}


def _check_cover(known: _Instance, cover, total: int) -> tuple[bytearray, bytearray]:
    """Marks of the mentees and of the mentors in the cover, which has as many seats as there are pairs."""
    _check_object("cover", cover, "mentees", "mentors")
    marks = []
    for key, numbers in (("mentees", known.mentees), ("mentors", known.mentors)):
        listed = cover[key]
        if not isinstance(listed, list | tuple) or not all(isinstance(x, str) and x in numbers for x in listed):
            raise Refused(f"cover.{key} is not a list of known ids.")
        if any(one >= other for one, other in pairwise(listed)):
            raise Refused(f"cover.{key} is not sorted, or names somebody twice.")
        marks.append(bytearray(len(numbers)))
        for known_as in listed:
            marks[-1][numbers[known_as]] = 1
    seats = len(cover["mentees"]) + sum(known.capacities[known.mentors[mentor]] for mentor in cover["mentors"])
    if seats != total:
        raise Refused(f"The cover has {seats} seats for {total} pairs: it does not prove that no more are possible.")
    return marks[0], marks[1]


def _check_bonus(known: _Instance, weighting, total: int) -> int:
    """S, what a pair that had been announced is worth beyond its score."""
    _check_object("stats.weighting", weighting)
    bonus = weighting.get("kept", 0)
    if not _is_count(bonus) or (bonus <= MAX_SCORE * total if known.announced else bonus):
        rule = f"it must exceed {MAX_SCORE} points for each of {total} pairs" if known.announced else "nothing to keep"
        raise Refused(f"stats.weighting.kept is {bonus!r}: {rule}.")
    return bonus


def _read_shortfalls(known: _Instance, short, mins: dict, targets: dict) -> tuple[list[_Proof], tuple[str, ...]]:
    """A proof for each floor below its target, and the floors that lack one, as crossing floors may."""
    _check_object("short", short)
    proofs, lacking, before = [], [group for group in mins if mins[group] < targets[group]], {}
    if odd := [group for group in short if group not in lacking]:
        raise Refused(f"short names {odd[0]!r}, which is not a floor below its target.")
    for group, held in mins.items():
        if group in short:
            name = f"short of {group!r}"
            _check_object(name, short[group], "u", "v", "mu")
            proof = _read_proof(known, name, {**short[group], "lambda": 0}, before, total=0)
            for i in known.members[group]:
                proof.reach[i] -= 1
            if not held <= proof.bound < held + 1:  # members are whole
                raise Refused(f"{name} proves a maximum of {proof.bound}, not of {held}.")
            proofs.append(proof)
            lacking.remove(group)
        before[group] = held
    if lacking and known.has_laminar_floors():
        raise Refused(f"short lacks {lacking[0]!r}, a floor below its target.")
    return proofs, tuple(lacking)


def _read_proof(known: _Instance, name: str, given: dict, mins: dict, total: int) -> _Proof:
    """Dual values by number, their signs checked, and the bound that they prove if they hold on each allowed pair."""
    every = _number(f"{name}, lambda", given["lambda"])
    u, v, mu = (
        _read_duals(f"{name}, {key}", given[key], those)
        for key, those in (("u", known.mentees), ("v", known.mentors), ("mu", mins))
    )
    signed = {x: number for x, number in u.items() if known.locked[known.mentees[x]] == _NOBODY}
    for key, duals in (("u", signed), ("v", v), ("mu", mu)):
        if below := [x for x, number in duals.items() if number < 0]:
            raise Refused(f"{name}, {key} of {below[0]!r} is negative.")
    reach = [every + u.get(mentee, 0) for mentee in known.mentees]
    price = [v.get(mentor, 0) for mentor in known.mentors]
    for group, number in mu.items():
        for i in known.members[group]:
            reach[i] -= number
    seats = sum(one * capacity for one, capacity in zip(price, known.capacities, strict=True))
    return _Proof(name, reach, price, sum(u.values()) + seats + every * total - sum(mu[g] * mins[g] for g in mu))


def _read_duals(name: str, given, those: dict) -> dict[str, int | Fraction]:
    _check_object(name, given)
    if odd := [known_as for known_as in given if known_as not in those]:
        raise Refused(f"{name} names {odd[0]!r}, who has no place there.")
    return {known_as: _number(f"{name} of {known_as!r}", value) for known_as, value in given.items()}


def _sweep(known: _Instance, rows, mentor_of: list, cover: tuple, bonus: int, proof: _Proof, shortfalls: list) -> int:
    """Holds the cover and each proof against each allowed pair; the points of the answer's pairs.

    There can be millions of rows: one pass, lists by number, and a call only for a row that seems to be wrong.
    """
    previous, reach, price, (mentee_in_cover, mentor_in_cover) = known.previous, proof.reach, proof.price, cover
    mentees, mentors, place = len(reach), len(price), 0
    scores = [0] * mentees
    try:
        for place, (i, j, score, _mentee_side, _mentor_side) in enumerate(rows):
            is_whole = type(i) is type(j) is type(score) is int
            if not (is_whole and 0 <= i < mentees and 0 <= j < mentors and 1 <= score <= MAX_SCORE):
                raise Unreadable(f"scores[{place}] is not a mentee, a mentor and a score from 1 to {MAX_SCORE}.")
            if mentor_of[i] == j:
                if scores[i]:
                    raise Unreadable(f"scores[{place}] is a pair that has a score already.")
                scores[i] = score
            if previous[i] == j:
                score += bonus
            if reach[i] + price[j] < score and known.allows(i, j):
                raise Refused(f"{proof.name} fails on {known.name(i, j)}: {reach[i] + price[j]} < {score}.")
            if not (mentee_in_cover[i] or mentor_in_cover[j]) and known.allows(i, j):
                raise Refused(f"The cover misses {known.name(i, j)}.")
            for short in shortfalls:
                if short.reach[i] + short.price[j] < 0 and known.allows(i, j):
                    raise Refused(f"{short.name} fails on {known.name(i, j)}.")
    except (TypeError, ValueError):
        raise Unreadable(f"scores[{place}] is not five numbers.") from None
    for i, j in enumerate(mentor_of):
        if j != _NOBODY and not scores[i]:
            raise Refused(f"The pair {known.name(i, j)} is forbidden: it has no score.")
    return sum(scores)


def _check_stats(known: _Instance, answer: dict, found: Verdict, targets: dict[str, int]) -> None:
    """What the answer says of itself is what was found, wherever it says it."""
    stats = answer["stats"]
    figures = {name: getattr(found, name) for name in ("pairs", "points", "kept", "bound", "gap")}
    figures["broken"] = known.announced - found.kept
    if "lottery" in stats:
        figures["lottery"] = sum(_lottery_number(known.seed, *pair) for pair in answer["pairs"])
    for name, figure in figures.items():
        if name in stats and _number(f"stats.{name}", stats[name]) != figure:
            raise Refused(f"stats.{name} is {stats[name]}, and {figure} was found.")
    if "targets" in stats and (stats["targets"] != targets or not all(map(_is_count, stats["targets"].values()))):
        raise Refused(f"stats.targets is not {targets}.")


def _lottery_number(seed, mentee: str, mentor: str) -> int:
    """A number that nobody chose, made of hashes of the published seed and of the two ids."""
    hashes = (blake2b(f"{seed}:{x}".encode(), digest_size=8).digest() for x in (f"e:{mentee}", f"m:{mentor}"))
    a, b = (int.from_bytes(digest, "big") % (LOTTERY_MODULUS - 1) + 1 for digest in hashes)
    return a * b % LOTTERY_MODULUS


def _number(name: str, given) -> int | Fraction:
    """An integer, or a fraction written "p/q"; True is neither."""
    if type(given) is int and abs(given) < 10**_MAX_DIGITS:
        return given
    if isinstance(given, str) and _RATIO.fullmatch(given):
        return Fraction(given)
    raise Refused(f'{name} is neither an integer nor "p/q".')


def _is_count(given) -> bool:
    return type(given) is int and given >= 0


def _is_pair(given) -> bool:
    return isinstance(given, list | tuple) and len(given) == 2 and all(isinstance(x, str) for x in given)


def _check_object(name: str, given, *keys: str) -> None:
    if not isinstance(given, dict):
        raise Refused(f"{name} is not an object.")
    if lacking := [key for key in keys if key not in given]:
        raise Refused(f"{name} has no {lacking[0]}.")


def main(arguments: list[str]) -> int:
    """Says in one line whether the answer in one file is right for the instance in another."""
    if len(arguments) != 2:
        sys.stdout.write("unreadable: python -m matching.verifier INSTANCE ANSWER\n")
        return 2
    try:
        instance, answer = (json.loads(Path(name).read_text("utf-8"), parse_float=Decimal) for name in arguments)
        code, line = 0, f"accepted: {verify(instance, answer)}"
    except Unreadable as flaw:
        code, line = 2, f"unreadable: {flaw}"
    except Refused as flaw:
        code, line = 1, f"refused: {flaw}"
    except (OSError, ValueError, ArithmeticError, RecursionError) as flaw:
        code, line = 2, f"unreadable: {type(flaw).__name__}: {flaw}"
    sys.stdout.write(" ".join(line.split()) + "\n")
    return code


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="backslashreplace")
    gc.disable()  # millions of small lists, and not a cycle among them
    sys.exit(main(sys.argv[1:]))

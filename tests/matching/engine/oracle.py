"""The best answer to a tiny instance, by looking at every answer there is. Slow, and too simple to be wrong.

It follows the order of the engine's contract word for word: most pairs, then each floor up to what can be attained,
then most announced pairs kept, then most points, then the lottery.
"""

from dataclasses import dataclass
from fractions import Fraction
from hashlib import blake2b
from itertools import combinations
from math import ceil


@dataclass(frozen=True)
class Best:
    pairs: list[tuple[str, str]]
    targets: dict[str, int]
    mins: dict[str, int]
    kept: int
    points: int
    lottery: int


def best(instance: dict) -> Best:
    """Goes through the levels in order; each leaves the answers that no other one beats so far."""
    answers = _with_most(len, list(all_answers(instance)))
    total = len(answers[0])
    targets, mins = {}, {}
    for floor in instance["constraints"]:
        group = floor["group"]
        members = members_of(instance, group)
        targets[group] = floor["min"] if "min" in floor else ceil(Fraction(str(floor["min_share"])) * total)
        counts = [sum(mentee in members for mentee, _mentor in answer) for answer in answers]
        mins[group] = min(targets[group], max(counts))
        answers = [answer for answer, count in zip(answers, counts, strict=True) if count >= mins[group]]
    previous, scores = set(map(tuple, instance.get("previous", []))), scores_of(instance)

    def kept(answer) -> int:
        return len(previous.intersection(answer))

    def points(answer) -> int:
        return sum(scores[pair] for pair in answer)

    def lottery(answer) -> int:
        return sum(lottery_number(instance["seed"], *pair) for pair in answer)

    for level in (kept, points, lottery):
        answers = _with_most(level, answers)
    assert len(answers) == 1, "two answers have the same lottery"
    answer = answers[0]
    return Best(sorted(answer), targets, mins, kept(answer), points(answer), lottery(answer))


def _with_most(level, answers: list) -> list:
    most = max(map(level, answers))
    return [answer for answer in answers if level(answer) == most]


def all_answers(instance: dict):
    """Every set of allowed pairs, within each capacity, one mentor a mentee at most, that holds the locked pairs."""
    declined = set(map(tuple, instance.get("declined", [])))
    locked = dict(instance.get("locked", []))
    capacities = {mentor["id"]: mentor["capacity"] for mentor in instance["mentors"]}
    options = {mentee["id"]: [] for mentee in instance["mentees"]}
    for mentee, mentor in scores_of(instance):
        if (mentee, mentor) not in declined and locked.get(mentee, mentor) == mentor:
            options[mentee].append(mentor)
    mentees = [mentee for mentee in options if options[mentee]]

    def extended(number: int, answer: list, free: dict):
        if number == len(mentees):
            yield answer
            return
        mentee = mentees[number]
        if mentee not in locked:
            yield from extended(number + 1, answer, free)
        for mentor in options[mentee]:
            if free[mentor]:
                yield from extended(number + 1, [*answer, (mentee, mentor)], {**free, mentor: free[mentor] - 1})

    return extended(0, [], capacities)


def scores_of(instance: dict) -> dict[tuple[str, str], int]:
    """Pairs that have a score, allowed or not."""
    mentees, mentors = ([person["id"] for person in instance[side]] for side in ("mentees", "mentors"))
    return {(mentees[i], mentors[j]): score for i, j, score, *_sides in instance["scores"]}


def members_of(instance: dict, group: str) -> set[str]:
    return {mentee["id"] for mentee in instance["mentees"] if group in mentee["groups"]}


def lottery_number(seed, mentee: str, mentor: str) -> int:
    modulus = 2**31 - 1
    digests = [blake2b(f"{seed}{part}".encode(), digest_size=8).digest() for part in (f":e:{mentee}", f":m:{mentor}")]
    a, b = (int.from_bytes(digest, "big") % (modulus - 1) + 1 for digest in digests)
    return a * b % modulus


def has_laminar_floors(instance: dict) -> bool:
    """Any two groups with a floor have nobody in common, or all of the smaller one."""
    groups = [members_of(instance, floor["group"]) for floor in instance["constraints"]]
    return all(len(one & other) in (0, min(len(one), len(other))) for one, other in combinations(groups, 2))

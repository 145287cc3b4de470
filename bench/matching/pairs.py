"""Which of the made-up people may meet, and what each pair is worth: a sum of parts, the mentee's and the mentor's.

A mentee meets the mentors of her region, and from afar those who also accept to; of a trade that she wishes for, or of
a neighbouring one when the mentor takes neighbours. Mentors are looked up once for all mentees who share the families
of their wishes, the region and whether they accept from afar; the parts are then summed for that handful at once.
"""

from collections import defaultdict
from collections.abc import Iterator
from hashlib import blake2b

import numpy

from bench.matching.programme import FAMILY_OF, Mentees, Mentors

WISH, FAMILY, OTHER_WISH = (300, 225, 175), (100, 75, 50), 25
REGION, FROM_AFAR_TOO, FROM_AFAR = 100, 25, 50
LANGUAGE, COUNTED_LANGUAGES = 25, 2
HALF_DAY, COUNTED_HALF_DAYS = 25, 2
# The mentee's side: 300 + 2 × 25 + 100 + 25 + 2 × 25 + 2 × 25 = 575 at most; the mentor's: 150 + 100 + 100 + 50 = 400.
MAIN_TRADE, HER_TRADE, NEIGHBOUR = 150, 100, 25
FAVOURITE = 100
NEAR = 100
MENTORS_HALF_DAY = 25

CONFLICTS = 4
"""Pairs out of a thousand that a conflict or a past pairing forbids."""
BEST, BY_LOT = 20, 20
ALL_PAIRS_UP_TO = 2000


def rows(mentees: Mentees, mentors: Mentors, seed: int) -> list[numpy.ndarray]:
    """For each mentee, a table of mentor, score, her side and the mentor's, by mentor."""
    count = len(mentees.region)
    lots = _lots(seed, "m", len(mentors.region))
    own = _lots(seed, "e", count)
    found: list[numpy.ndarray] = [None] * count
    for group, pool in _pools(mentees, mentors):
        there = _Pool(mentors, pool)
        for mentee in group:
            found[mentee] = _candidates(mentees, mentee, there, _mixed(own[mentee] + lots[pool]), count)
    return found


def _pools(mentees: Mentees, mentors: Mentors) -> Iterator[tuple[list[int], numpy.ndarray]]:
    """The mentees who share families, region and distance, and the mentors within their reach."""
    groups = defaultdict(list)
    for mentee, wishes in enumerate(mentees.wishes.tolist()):
        families = 0
        for wish in wishes:
            families |= 1 << FAMILY_OF[wish]
        groups[families, int(mentees.region[mentee]), bool(mentees.is_remote[mentee])].append(mentee)
    for (families, region, is_remote), group in groups.items():
        reach = mentors.region == region
        if is_remote:
            reach = reach | mentors.is_remote
        yield group, numpy.flatnonzero(reach & (mentors.families & families != 0))


class _Pool:
    """What counts of the mentors within reach."""

    def __init__(self, mentors: Mentors, pool: numpy.ndarray):
        self.indices = pool
        for name, column in vars(mentors).items():
            setattr(self, name, column[pool])


def _candidates(mentees: Mentees, mentee: int, pool: _Pool, lots: numpy.ndarray, count: int) -> numpy.ndarray:
    """The pairs of one mentee: those that no rule forbids, all of them in a small programme."""
    wishes = mentees.wishes[mentee].tolist()
    kept = numpy.flatnonzero(_allowed(mentees, mentee, wishes, pool, lots))
    wish_points, trade_points = _trade(wishes, pool, kept)
    near = pool.region[kept] == mentees.region[mentee]
    afar = pool.is_remote[kept] & mentees.is_remote[mentee]
    languages = numpy.bitwise_count(pool.languages[kept] & mentees.languages[mentee])
    half_days = numpy.bitwise_count(pool.free[kept] & mentees.free[mentee])
    together = numpy.minimum(half_days, COUNTED_HALF_DAYS).astype(int)
    her_side = wish_points + numpy.where(near, REGION + FROM_AFAR_TOO * afar, FROM_AFAR)
    her_side += LANGUAGE * numpy.minimum(languages, COUNTED_LANGUAGES).astype(int) + HALF_DAY * together
    mentors_side = trade_points + FAVOURITE * (pool.favourite[kept] == mentees.audience[mentee])
    mentors_side += NEAR * near + MENTORS_HALF_DAY * together
    score = her_side + mentors_side
    table = numpy.column_stack([pool.indices[kept], score, her_side, mentors_side]).astype(numpy.int32)
    if count > ALL_PAIRS_UP_TO and len(kept) > BEST + BY_LOT:
        table = table[_shortened(score, lots[kept])]
    return table


def _allowed(mentees: Mentees, mentee: int, wishes: list[int], pool: _Pool, lots: numpy.ndarray) -> numpy.ndarray:
    """Those within reach whom no hard rule forbids: a trade or a neighbouring one, languages, audience, minors."""
    wished = sum(1 << wish for wish in wishes)
    allowed = (pool.trades & wished != 0) | pool.takes_neighbours
    allowed &= pool.languages & mentees.languages[mentee] != 0
    allowed &= pool.audiences & 1 << mentees.audience[mentee] != 0
    if mentees.is_minor[mentee]:
        allowed &= pool.for_minors
    return allowed & (lots % numpy.uint64(1000) >= CONFLICTS)


def _trade(wishes: list[int], pool: _Pool, kept: numpy.ndarray) -> tuple[numpy.ndarray, numpy.ndarray]:
    """What the trades are worth to the mentee and to the mentor: wishes that she meets, else the nearest family."""
    trades, families = pool.trades[kept], pool.families[kept]
    points, met = numpy.zeros(len(kept), int), numpy.zeros(len(kept), int)
    for wish, worth in reversed(list(zip(wishes, FAMILY, strict=True))):
        points[families & 1 << FAMILY_OF[wish] != 0] = worth
    for wish, worth in reversed(list(zip(wishes, WISH, strict=True))):
        meets = trades & 1 << wish != 0
        points[meets] = worth
        met += meets
    points += OTHER_WISH * numpy.maximum(met - 1, 0)
    is_main = sum(1 << wish for wish in wishes) & 1 << pool.main[kept] != 0
    return points, numpy.where(is_main, MAIN_TRADE, numpy.where(met > 0, HER_TRADE, NEIGHBOUR))


def _shortened(score: numpy.ndarray, lots: numpy.ndarray) -> numpy.ndarray:
    """The best of a mentee's pairs, ties by lot, and some of the others by lot, so that no mentor is out of sight."""
    order = numpy.argpartition((1000 - score).astype(numpy.uint64) << numpy.uint64(54) | lots >> numpy.uint64(10), BEST)
    rest = order[BEST:]
    by_lot = rest[numpy.argpartition(lots[rest], BY_LOT)[:BY_LOT]]
    return numpy.sort(numpy.concatenate([order[:BEST], by_lot]))


def _lots(seed: int, side: str, count: int) -> numpy.ndarray:
    """64 bits for each person of a side."""
    digests = b"".join(blake2b(f"{seed}:{side}:{n}".encode(), digest_size=8).digest() for n in range(count))
    return numpy.frombuffer(digests, dtype=">u8").astype(numpy.uint64)


def _mixed(lots: numpy.ndarray) -> numpy.ndarray:
    """Sums of two people's bits, mixed again: the finaliser of SplitMix64."""
    lots = (lots ^ (lots >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
    lots = (lots ^ (lots >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
    return lots ^ (lots >> numpy.uint64(31))

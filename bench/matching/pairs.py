"""Which of the made-up people may meet, and what each pair is worth: sums of named parts, the mentee's and the mentor's.

A mentee meets the mentors of her region, and from afar those who also accept to; of a trade that she wishes for, or of
a neighbouring one when the mentor takes neighbours. Mentors are looked up once for all mentees who share the families
of their wishes, the region and whether they accept from afar; the parts are then summed for that handful at once.
"""

from collections import defaultdict
from collections.abc import Iterator
from hashlib import blake2b

import numpy

from bench.matching.programme import FAMILY_OF, Mentees, Mentors

WISH, FAMILY, OTHER_WISH = (330, 260, 200), (110, 80, 50), 15
REGION, FROM_AFAR_TOO, FROM_AFAR = 110, 20, 40
LANGUAGE, COUNTED_LANGUAGES = 15, 3
HALF_DAY, COUNTED_HALF_DAYS = 12, 5
# The mentee's side: 330 + 2 × 15 + 110 + 20 + 3 × 15 + 5 × 12 = 595 at most. The mentor's: 150 + 120 + 100 + 5 × 7 = 405.
MAIN_TRADE, HER_TRADE, NEIGHBOUR = 150, 90, 30
FAVOURITE = 120
NEAR = 100
MENTORS_HALF_DAY = 7

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


def _candidates(mentees: Mentees, mentee: int, pool, lots: numpy.ndarray, count: int) -> numpy.ndarray:
    """The pairs of one mentee: those that no rule forbids, all of them in a small programme."""
    wishes = mentees.wishes[mentee].tolist()
    wish_points, trade_points = _trade(wishes, pool)
    allowed = (wish_points > 0) & (pool.languages & mentees.languages[mentee] != 0)
    allowed &= pool.audiences >> mentees.audience[mentee] & 1 == 1
    allowed &= lots % 1000 >= CONFLICTS
    if mentees.is_minor[mentee]:
        allowed &= pool.for_minors
    kept = numpy.flatnonzero(allowed)
    near = pool.region[kept] == mentees.region[mentee]
    afar = pool.is_remote[kept] & mentees.is_remote[mentee]
    languages = numpy.bitwise_count(pool.languages[kept] & mentees.languages[mentee])
    together = numpy.bitwise_count(pool.free[kept] & mentees.free[mentee])
    together = numpy.minimum(together, COUNTED_HALF_DAYS).astype(int)
    her_side = wish_points[kept] + numpy.where(near, REGION + FROM_AFAR_TOO * afar, FROM_AFAR)
    her_side += LANGUAGE * numpy.minimum(languages, COUNTED_LANGUAGES).astype(int) + HALF_DAY * together
    mentors_side = trade_points[kept] + FAVOURITE * (pool.favourite[kept] == mentees.audience[mentee])
    mentors_side += NEAR * near + MENTORS_HALF_DAY * together
    score = her_side + mentors_side
    table = numpy.column_stack([pool.indices[kept], score, her_side, mentors_side]).astype(numpy.int32)
    if count > ALL_PAIRS_UP_TO and len(kept) > BEST + BY_LOT:
        table = table[_shortened(score, lots[kept])]
    return table


def _trade(wishes: list[int], pool) -> tuple[numpy.ndarray, numpy.ndarray]:
    """What the trades are worth to the mentee (0: nothing in common) and to the mentor."""
    hers = [pool.trades >> wish & 1 == 1 for wish in wishes]
    near = [(pool.families >> FAMILY_OF[wish] & 1 == 1) & pool.takes_neighbours for wish in wishes]
    points = numpy.select([*hers, *near], [*WISH, *FAMILY])
    others = hers[0].astype(int) + hers[1] + hers[2] - 1
    points += OTHER_WISH * numpy.maximum(others, 0)
    main = numpy.isin(pool.main, wishes)
    return points, numpy.where(main, MAIN_TRADE, numpy.where(others >= 0, HER_TRADE, NEIGHBOUR))


def _shortened(score: numpy.ndarray, lots: numpy.ndarray) -> numpy.ndarray:
    """The best of a mentee's pairs, ties by lot, and as many of the others by lot, so that no mentor is out of sight."""
    order = numpy.lexsort((lots, -score))
    rest = order[BEST:]
    by_lot = rest[numpy.argpartition(lots[rest], BY_LOT)[:BY_LOT]] if len(rest) > BY_LOT else rest
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

"""The lottery that settles ties: a number for each pair, drawn by hash from the published seed.

A pair draws a(mentee) · b(mentor) modulo a prime, where a and b hash the seed with an id. So the draw depends on who
the people are and on nothing else: not on the order in which they came, nor on the machine. Among answers that are
equal in everything else, the one whose pairs drew most together is taken. The seed is known beforehand, so that nobody
can try several.
"""

from collections.abc import Iterable
from hashlib import blake2b

PRIME = (1 << 31) - 1
BITS = 31


def draws(seed: int | str, letter: str, ids: Iterable[str]) -> list[int]:
    """The factors of people, 1 .. PRIME - 1: `letter` is `e` for mentees, `m` for mentors."""
    start = f"{seed}:{letter}:".encode()
    return [
        int.from_bytes(blake2b(start + name.encode(), digest_size=8).digest(), "big") % (PRIME - 1) + 1 for name in ids
    ]

"""Whom each mentee may have, found by an index: comparing everybody with everybody would take minutes."""

from collections import defaultdict
from collections.abc import Sequence
from hashlib import blake2b
from heapq import nlargest, nsmallest

from matching import scoring

Option = tuple[int, int, int]
"""A mentor's place, the points of the pair, and the mentor's side of them."""

_ANY = ""
"""The one family of everybody, where a mentor may come from another trade altogether."""
_PRIME = (1 << 31) - 1


class Listing:
    """The mentors of a run who have a free place, by family of trades and by region, and those who meet remotely."""

    WHOLE, COMPARED = 10_000, 12_000_000
    """Up to so many mentees, and mentees times mentors, every pair that may be counts: more would not fit in memory.
    Above, so many of the best ones for each, and so many drawn by lot.

    The best ones alone would be the same few for everybody: forty of them lose 15 % of the pairs, twenty and twenty
    0.3 % (100,000 mentees).
    """
    BEST = DRAWN = 20

    def __init__(self, seed: str, names: Sequence[str], mentors: Sequence[scoring.Mentor], scale: scoring.Scale):
        self.seed, self.mentors, self.scale = seed, mentors, scale
        self.near: dict[tuple[str, str], list[int]] = defaultdict(list)
        self.remote: dict[str, list[int]] = defaultdict(list)
        for place, mentor in enumerate(mentors):
            for family in [_ANY] if scale.pairs_other_trades else mentor.families:
                self.near[family, mentor.region].append(place)
                if mentor.accepts_remote:
                    self.remote[family].append(place)
        self.found: dict[tuple, list[int]] = {}
        self.draws = [self._draw("m", name) for name in names]

    def is_short_for(self, mentees: int) -> bool:
        """Whether so many mentees are given candidate lists."""
        return mentees > self.WHOLE or mentees * len(self.mentors) > self.COMPARED

    def options(self, mentee: scoring.Mentee) -> list[Option]:
        """The mentors she may have, in their order."""
        scale, mentors, options = self.scale, self.mentors, []
        for place in self._reachable(mentee):
            mentor = mentors[place]
            if scoring.broken_rule(mentee, mentor, scale) is None:
                found = scoring.parts(mentee, mentor, scale)
                options.append((place, scoring.score(found), scoring.mentor_side(found)))
        return options

    def shortened(self, name: str, options: list[Option]) -> list[Option]:
        """The best of them, and others drawn by a hash of the seed and both ids: the same ones whenever it is asked."""
        if len(options) <= self.BEST + self.DRAWN:
            return options
        draw = self._draw("e", name)
        lots = {option[0]: draw * self.draws[option[0]] % _PRIME for option in options}
        best = nlargest(self.BEST, options, key=lambda option: (option[1], lots[option[0]]))
        kept = {option[0] for option in best}
        others = [option for option in options if option[0] not in kept]
        return sorted([*best, *nsmallest(self.DRAWN, others, key=lambda option: lots[option[0]])])

    def _reachable(self, mentee: scoring.Mentee) -> list[int]:
        """Those of a family she wants who are of her region, or meet remotely as she does."""
        families = (_ANY,) if self.scale.pairs_other_trades else mentee.families
        key = (families, mentee.region, mentee.accepts_remote)
        if key not in self.found:
            places: set[int] = set()
            for family in families:
                places.update(self.near.get((family, mentee.region), ()))
                if mentee.accepts_remote:
                    places.update(self.remote.get(family, ()))
            self.found[key] = sorted(places)
        return self.found[key]

    def _draw(self, side: str, name: str) -> int:
        digest = blake2b(f"{self.seed}:{side}:{name}".encode(), digest_size=8).digest()
        return int.from_bytes(digest, "big") % (_PRIME - 1) + 1

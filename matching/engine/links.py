"""The allowed pairs as the search reads them: a row of links for everybody, on both sides, the greatest weight first.

A pair's weight is `value · unit + lottery`, where its value is its score, and `keep` more if it was announced before.
`unit` outweighs every sum of lottery numbers, `keep` every sum of scores, and `-toll`, what making one pair more is
worth, every sum of weights. So the greatest total is the answer in the order that counts (pairs, announced pairs kept,
points, lottery), and integers make it exact. Floors come between pairs and the rest: `floors`.

All this is known once the rows are, whoever goes with whom: it is laid out with the instance, like the sparse matrix
that a library would be given, and every search and repair shares it.
"""

from matching.engine import lottery

MAX_SCORE = 1000
_MARGIN = 9
"""A price holds ten lottery numbers a person at most, eight of them from `solving.BIDS`: rounding to units is exact."""

Rows = list[tuple[int, ...]]


class Links:
    """`of_mentees[i]` are the mentors that mentee `i` may have, `mentee_weights[i]` what each pair is worth.

    `of_mentors` and `mentor_weights` say the same from the other side. Declined pairs and locked mentees have no link.
    """

    __slots__ = (
        *("keep", "mentee_draws", "mentee_weights", "mentor_draws", "mentor_weights"),
        *("of_mentees", "of_mentors", "toll", "unit"),
    )

    def __init__(self, instance):
        people = len(instance.mentee_ids)
        self.unit = 1 << lottery.BITS + people.bit_length() + _MARGIN
        self.keep = MAX_SCORE * (people + 1)
        self.toll = -(self.keep + MAX_SCORE + 1) * (people + 1) * self.unit
        self.mentee_draws = lottery.draws(instance.seed, "e", instance.mentee_ids)
        self.mentor_draws = lottery.draws(instance.seed, "m", instance.mentor_ids)
        self.of_mentees, self.mentee_weights = self._of_mentees(instance)
        self.of_mentors, self.mentor_weights = _mirror(self.of_mentees, self.mentee_weights, len(instance.mentor_ids))

    def _of_mentees(self, instance) -> tuple[Rows, Rows]:
        unit, prime, draw_of = self.unit, lottery.PRIME, self.mentor_draws
        locked, previous, bonus = instance.locked, instance.previous, self.keep * self.unit
        shared = list(range(len(draw_of)))  # one integer object a mentor, not one a pair
        worth = [score * unit for score in range(MAX_SCORE + 1)]
        gone: dict[int, set[int]] = {}
        for mentee, mentor in instance.declined:
            gone.setdefault(mentee, set()).add(mentor)
        people = zip(self.mentee_draws, instance.mentors, instance.scores, strict=True)
        links, weights = [], []
        for mentee, (draw, mentors, scores) in enumerate(people):
            pairs = () if mentee in locked else zip(mentors, scores, strict=True)
            row = [(worth[score] + draw * draw_of[mentor] % prime, shared[mentor]) for mentor, score in pairs]
            if mentee in gone:
                row = [link for link in row if link[1] not in gone[mentee]]
            if mentee in previous:
                mentor = previous[mentee]
                row = [(link[0] + bonus, mentor) if link[1] == mentor else link for link in row]
            worths, nodes = _greatest_first(row)
            links.append(nodes)
            weights.append(worths)
        return links, weights


def _mirror(links: Rows, weights: Rows, mentors: int) -> tuple[Rows, Rows]:
    """The mentees' links, written on the mentors' side."""
    rows: list[list[int]] = [[] for _mentor in range(mentors)]
    values: list[list[int]] = [[] for _mentor in range(mentors)]
    for mentee, (row, worths) in enumerate(zip(links, weights, strict=True)):
        for mentor, weight in zip(row, worths, strict=True):
            rows[mentor].append(mentee)
            values[mentor].append(weight)
    mirrored, theirs = [], []
    for row, worths in zip(rows, values, strict=True):
        worths, nodes = _greatest_first(list(zip(worths, row, strict=True)))
        row.clear()
        mirrored.append(nodes)
        theirs.append(worths)
    return mirrored, theirs


def _greatest_first(row: list[tuple[int, int]]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Weights and nodes of a row of both."""
    row.sort(reverse=True)
    return tuple(zip(*row, strict=True)) if row else ((), ())

"""The market: everybody's links, prices and partners; and what counts first, folded into one integer.

A pair's weight is `value · unit + lottery`, where its value is its score, and `keep` more if it was announced before.
`unit` outweighs every sum of lottery numbers, `keep` every sum of scores, and `-toll`, what making one pair more is
worth, every sum of weights. So the greatest total is the answer in the order that counts (pairs, announced pairs kept,
points, lottery), and integers make it exact. Floors come between pairs and the rest: `floors`.
"""

from array import array

from matching.engine import lottery
from matching.engine.augmenting import Side
from matching.engine.instance import MAX_SCORE, Instance

_MARGIN = 9
"""A price holds two lottery numbers a person at most: so many bits more, and rounding it to units is exact."""


class Market:
    """Mentees on one side, mentors on the other; locked pairs are already made, and stand outside.

    `cells[i]` is the number of the set of floors that mentee `i` belongs to, `cell_floors` these sets.
    """

    def __init__(self, instance: Instance):
        self.instance = instance
        people, places = len(instance.mentee_ids), len(instance.mentor_ids)
        self.unit = 1 << lottery.BITS + people.bit_length() + _MARGIN
        self.noise = self.unit >> 4
        self.keep = MAX_SCORE * (people + 1)
        self.toll = -(self.keep + MAX_SCORE + 1) * (people + 1) * self.unit
        self._sort_into_cells()
        self.mentee_draws = lottery.draws(instance.seed, "e", instance.mentee_ids)
        self.mentor_draws = lottery.draws(instance.seed, "m", instance.mentor_ids)
        capacities = list(instance.capacities)
        for mentor in instance.locked.values():
            capacities[mentor] -= 1
        homes = [places + cell for cell in self.cells]
        self.mentees = Side(*self._links(), [1] * people, homes)
        self.mentors = Side([()] * places, [()] * places, capacities, [people] * places, guests=len(self.cell_floors))
        self._mark_history()

    def _sort_into_cells(self) -> None:
        names = [floor.group for floor in self.instance.floors]
        known: dict[frozenset[int], int] = {frozenset(): 0}
        self.cells = array("l")
        for groups in self.instance.groups:
            mine = frozenset(number for number, name in enumerate(names) if name in groups) if names else frozenset()
            self.cells.append(known.setdefault(mine, len(known)))
        self.cell_floors = list(known)

    def _links(self) -> tuple[list[tuple], list[tuple]]:
        """Everybody's mentors and their weights; whoever is locked has none."""
        instance, unit, prime, draw_of = self.instance, self.unit, lottery.PRIME, self.mentor_draws
        shared = list(range(len(instance.mentor_ids)))  # one integer object a mentor, not one a pair
        worth = [score * unit for score in range(MAX_SCORE + 1)]
        links, weights = [], []
        for draw, mentors, scores in zip(self.mentee_draws, instance.mentors, instance.scores, strict=True):
            row = [
                (worth[score] + draw * draw_of[mentor] % prime, shared[mentor])
                for mentor, score in zip(mentors, scores, strict=True)
            ]
            row.sort(reverse=True)
            worths, nodes = zip(*row, strict=True) if row else ((), ())
            links.append(nodes)
            weights.append(worths)
        for mentee in instance.locked:
            links[mentee], weights[mentee] = (), ()
        return links, weights

    def _mark_history(self) -> None:
        """Links that were declined go, those that were announced are worth more."""
        for mentee, mentor in self.instance.declined:
            self.mentees.cut(mentee, mentor)
        for mentee, mentor in self.instance.previous.items():
            self.mentees.add(mentee, mentor, self.keep * self.unit)

    def copy_for(self, instance: Instance) -> "Market":
        """The same market for an instance whose announced and declined pairs differ; links are shared until changed."""
        copied = object.__new__(Market)
        copied.__dict__ = self.__dict__ | {
            "instance": instance,
            "mentees": self.mentees.copy(),
            "mentors": self.mentors.copy(),
        }
        return copied

    def mirror(self) -> None:
        """Write everybody's links on the mentors' side too."""
        rows: list = [[] for _mentor in range(self.mentors.count)]
        worths: list = [[] for _mentor in range(self.mentors.count)]
        for mentee, (links, weights) in enumerate(zip(self.mentees.links, self.mentees.weights, strict=True)):
            for mentor, weight in zip(links, weights, strict=True):
                rows[mentor].append(mentee)
                worths[mentor].append(weight)
        for mentor, (row, weights) in enumerate(zip(rows, worths, strict=True)):
            order = sorted(range(len(row)), key=weights.__getitem__, reverse=True)
            self.mentors.links[mentor] = tuple([row[place] for place in order])
            self.mentors.weights[mentor] = tuple([weights[place] for place in order])

    def weight_of(self, mentee: int, mentor: int) -> int | None:
        """The weight of a pair; None where there is no such link."""
        links = self.mentees.links[mentee]
        return self.mentees.weights[mentee][links.index(mentor)] if mentor in links else None

    def value_of(self, mentee: int, mentor: int) -> int:
        """What a pair is worth before the lottery: its score, and `keep` if it was announced."""
        kept = self.keep if self.instance.previous.get(mentee) == mentor else 0
        return self.instance.score_of(mentee, mentor) + kept

    def mentor_of(self) -> dict[int, int]:
        """Everybody's mentor, locked pairs included; in the order of the mentees."""
        locked = self.instance.locked
        found = {mentee: taken[0] for mentee, taken in enumerate(self.mentees.partners[: self.mentees.count]) if taken}
        return dict(sorted((found | locked).items())) if locked else found

"""The market: everybody's links, prices and partners."""

from array import array

from matching.engine.augmenting import Side
from matching.engine.instance import Instance


class Market:
    """Mentees on one side, mentors on the other; locked pairs are already made, and stand outside.

    `cells[i]` is the number of the set of floors that mentee `i` belongs to, `cell_floors` these sets.
    """

    def __init__(self, instance: Instance):
        self.instance, links = instance, instance.links
        people, places = len(links.of_mentees), len(links.of_mentors)
        self.unit, self.keep, self.toll, self.noise = links.unit, links.keep, links.toll, links.unit >> 4
        self.mentee_draws, self.mentor_draws = links.mentee_draws, links.mentor_draws
        self._sort_into_cells()
        capacities = list(instance.capacities)
        for mentor in instance.locked.values():
            capacities[mentor] -= 1
        homes, guests = [places + cell for cell in self.cells], len(self.cell_floors)
        self.mentees = Side(links.of_mentees, links.mentee_weights, [1] * people, homes)
        self.mentors = Side(links.of_mentors, links.mentor_weights, capacities, [people] * places, guests)

    def _sort_into_cells(self) -> None:
        names = [floor.group for floor in self.instance.floors]
        known: dict[frozenset[int], int] = {frozenset(): 0}
        cell_of: dict[frozenset[str], int] = {}
        for groups in dict.fromkeys(self.instance.groups):
            mine = frozenset(number for number, name in enumerate(names) if name in groups)
            cell_of[groups] = known.setdefault(mine, len(known))
        self.cells = array("l", map(cell_of.__getitem__, self.instance.groups))
        self.cell_floors = list(known)

    def copy_for(self, instance: Instance) -> "Market":
        """The same market for an instance whose announced and declined pairs differ; links are shared until changed."""
        copied = object.__new__(Market)
        copied.__dict__ = self.__dict__ | {
            "instance": instance,
            "mentees": self.mentees.copy(),
            "mentors": self.mentors.copy(),
        }
        return copied

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

"""The proof that goes with an answer: whoever checks it need not trust the engine.

Prices for mentees (u), for a mentor's place (v), for a pair more (lambda) and for a member more of each floor's group
(mu), such that no allowed pair is worth more than its prices. Then no answer with as many pairs, holding the floors, is
worth more than the sum of all prices (weak duality of linear programming); when the pairs are worth just that, they are
the best. A cover proves that there cannot be more pairs (Kőnig 1931), a cut that no more of a group can be held.

The engine's prices are in units of `market.unit`, which outweigh the lottery: each lies within a fraction of a unit of
the whole number that belongs to it, so rounding gives prices that prove the same for the points.
"""


class Certificate:
    """`u` by mentee, `v` by mentor (numbers, zeros left out), `toll` (lambda), `mu` by floor; the bound they prove."""

    __slots__ = ("bound", "cover_mentees", "cover_mentors", "gap", "instance", "mu", "shortfalls", "toll", "u", "v")

    def as_json(self) -> dict:
        """As the contract writes it: ids, sorted."""
        instance = self.instance
        mentees, mentors = instance.mentee_ids, instance.mentor_ids
        groups = [floor.group for floor in instance.floors]
        written = {
            "cover": {
                "mentees": [mentees[mentee] for mentee in self.cover_mentees],
                "mentors": [mentors[mentor] for mentor in self.cover_mentors],
            },
            "u": {mentees[mentee]: price for mentee, price in self.u.items()},
            "v": {mentors[mentor]: price for mentor, price in self.v.items()},
            "lambda": self.toll,
            "mu": {group: price for group, price in zip(groups, self.mu, strict=True) if price},
        }
        if self.shortfalls:
            written["short"] = {
                groups[floor]: {
                    "u": {mentees[mentee]: price for mentee, price in u.items()},
                    "v": {mentors[mentor]: 1 for mentor in v},
                    "mu": {groups[other]: 1 for other in mu},
                }
                for floor, (u, v, mu) in self.shortfalls.items()
            }
        return written


def draw_up(solution) -> Certificate:
    """The certificate of a solution."""
    market, holding, instance = solution.market, solution.holding, solution.instance
    unit, half, count = market.unit, market.unit // 2, market.mentors.count
    proof = Certificate()
    proof.instance, proof.mu, proof.toll = instance, holding.multipliers, market.toll // unit
    dues = [sum(proof.mu[floor] for floor in floors) for floors in market.cell_floors]
    pair_worth, mentee_prices = -market.toll // 2, market.mentees.prices
    v = [(price + half) // unit for price in market.mentors.prices[:count]]
    u, priced = {}, market.mentor_of()  # not always the pairs themselves: see `crossing`
    for mentee, mentor in priced.items():
        due = dues[market.cells[mentee]]
        if mentee in instance.locked:
            price = market.value_of(mentee, mentor) + due - v[mentor] - proof.toll
        else:
            price = (mentee_prices[mentee] + half) // unit + due
        if price:
            u[mentee] = price
    proof.u, proof.v = u, {mentor: price for mentor, price in enumerate(v) if price}
    proof.bound = (
        sum(u.values())
        + sum(instance.capacities[mentor] * price for mentor, price in proof.v.items())
        + proof.toll * len(solution.mentor_of)
        - sum(price * held for price, held in zip(proof.mu, holding.held, strict=True))
    )
    proof.gap = proof.bound - solution.points - solution.kept * market.keep
    proof.cover_mentors = [mentor for mentor, price in enumerate(market.mentors.prices[:count]) if price > pair_worth]
    scarce = set(proof.cover_mentors)
    proof.cover_mentees = [
        mentee
        for mentee, mentor in priced.items()
        if (mentor not in scarce if mentee in instance.locked else mentee_prices[mentee] > pair_worth)
    ]
    proof.shortfalls = {floor: _shortfall(solution, floor, cut) for floor, cut in holding.shortfalls.items()}
    return proof


def _shortfall(solution, floor: int, cut) -> tuple[dict[int, int], list[int], list[int]]:
    """A cut as prices: 1 for each place within, and for each member outside of the floor or of one in the way."""
    market, instance = solution.market, solution.instance
    u = {}
    for mentee, cell in enumerate(market.cells):
        floors = market.cell_floors[cell]
        due = (floor in floors) + len(cut.floors & floors)
        if mentee in instance.locked:
            due -= instance.locked[mentee] in cut.mentors
        elif mentee in cut.mentees or not (instance.mentors[mentee] and market.mentees.links[mentee]):
            due = 0
        if due:
            u[mentee] = due
    return u, sorted(cut.mentors), sorted(cut.floors)

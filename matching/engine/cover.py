"""How many pairs there can be, and who stands in the way of more.

A mentee comes in when a chain of moves leads from her to a free place. When no chain is left, the mentors whom those
without a place could reach are all full: they, and the mentees who are not confined to them, touch every allowed pair,
and have as many seats as there are pairs, so no answer has more. (D. Kőnig, "Gráfok és mátrixok", 1931; the split in
two parts: A. Dulmage, N. Mendelsohn, "Coverings of bipartite graphs", Canadian Journal of Mathematics 10, 1958.)

Chains are looked for in rounds: within one, a mentor who was visited is not visited again, so that a round reads each
link once at most, and a few rounds do (A. Pothen, C.-J. Fan, "Computing the block triangular form of a sparse matrix",
ACM Transactions on Mathematical Software 16, 1990).
"""


def scarce_mentors(links: list, capacities: list[int]) -> list[bool]:
    """For each mentor, whether those who have no other choice are more than the places of all such mentors.

    Mentors without any place count as such.
    """
    _seat_of, visited = _pair(links, capacities)
    return [seen or not capacity for seen, capacity in zip(visited, capacities, strict=True)]


def most_pairs(links: list, capacities: list[int]) -> int:
    """How many of these mentees can have a mentor at once."""
    seat_of, _visited = _pair(links, capacities)
    return len(seat_of)


def _pair(links: list, capacities: list[int]) -> tuple[dict[int, int], list[bool]]:
    """A mentor for as many mentees as can be, and the mentors whom those left out can reach."""
    partners: list[list[int]] = [[] for _mentor in capacities]
    seat_of: dict[int, int] = {}
    waiting = sorted(range(len(links)), key=lambda one: len(links[one]))
    while True:
        visited = [not capacity for capacity in capacities]
        left_out = [one for one in waiting if not _come_in(one, links, capacities, partners, seat_of, visited)]
        if len(left_out) == len(waiting):
            return seat_of, visited
        waiting = left_out


def _come_in(start: int, links, capacities, partners, seat_of, visited) -> bool:
    """Whether a chain of moves, breadth first, leads from her to a free place; it is played at once."""
    queue, came = [start], {}
    for person in queue:
        for mentor in links[person]:
            if not visited[mentor]:
                visited[mentor] = True
                came[mentor] = person
                if len(partners[mentor]) < capacities[mentor]:
                    _play(mentor, came, partners, seat_of)
                    return True
                queue += partners[mentor]
    return False


def _play(end: int | None, came: dict[int, int], partners, seat_of) -> None:
    """Everybody on the chain moves one place on."""
    while end is not None:
        person = came[end]
        before = seat_of.get(person)
        partners[end].append(person)
        seat_of[person] = end
        if before is not None:
            partners[before].remove(person)
        end = before

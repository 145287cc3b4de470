"""How many pairs there can be, and who stands in the way of more.

A mentee comes in when a chain of moves leads from her to a free place. Where none does, the mentors that the search
reached are all full, and no later chain can pass there: they are set aside for good. In the end these mentors, and the
mentees who are not confined to them, touch every allowed pair, and have as many seats as there are pairs: no answer
has more. (D. Kőnig, "Gráfok és mátrixok", 1931; the split in two parts: A. Dulmage, N. Mendelsohn, "Coverings of
bipartite graphs", Canadian Journal of Mathematics 10, 1958.)
"""

SET_ASIDE = 1 << 60


def scarce_mentors(links: list, capacities: list[int]) -> bytearray:
    """One byte a mentor: 1 where the mentees who have no other choice are more than all such mentors' places.

    Mentors without any place count as such.
    """
    _seat_of, seen = _pair(links, capacities)
    return bytearray(mark == SET_ASIDE for mark in seen)


def most_pairs(links: list, capacities: list[int]) -> int:
    """How many of these mentees can have a mentor at once."""
    seat_of, _seen = _pair(links, capacities)
    return len(seat_of)


def _pair(links: list, capacities: list[int]) -> tuple[dict[int, int], list[int]]:
    """A mentor for as many mentees as can be, and which mentors were set aside."""
    partners: list[list[int]] = [[] for _mentor in capacities]
    seat_of: dict[int, int] = {}
    seen = [0 if capacity else SET_ASIDE for capacity in capacities]
    for turn, mentee in enumerate(sorted(range(len(links)), key=lambda one: len(links[one])), start=1):
        end, came, visited = _search(mentee, turn, links, capacities, partners, seen)
        if end is None:
            for mentor in visited:
                seen[mentor] = SET_ASIDE
        while end is not None:
            person = came[end]
            partners[end].append(person)
            before = seat_of.get(person)
            seat_of[person] = end
            if before is not None:
                partners[before].remove(person)
            end = before
    return seat_of, seen


def _search(mentee, turn, links, capacities, partners, seen):
    """The shortest chain from a mentee to a free place, breadth first."""
    queue, came, visited = [mentee], {}, []
    for person in queue:
        for mentor in links[person]:
            if seen[mentor] < turn:
                seen[mentor] = turn
                visited.append(mentor)
                came[mentor] = person
                if len(partners[mentor]) < capacities[mentor]:
                    return mentor, came, visited
                queue.extend(partners[mentor])
    return None, came, visited

"""How many places lack, and where, when some people can only meet in their own region."""

import random
from collections import Counter

from matching.scoring import can_meet
from matching.shortage import Where, lack


def here(region: str) -> Where:
    return Where(region, False)


def remote(region: str) -> Where:
    return Where(region, True)


def test_whoever_cannot_meet_remotely_needs_a_mentor_of_the_region():
    found = lack(Counter({here("BRE"): 3, here("IDF"): 1}), Counter({remote("IDF"): 9, here("BRE"): 1}))
    assert (found.here, found.anywhere, found.total) == ({"BRE": 2}, 0, 2)


def test_whoever_meets_remotely_takes_what_is_left_anywhere():
    people = Counter({here("BRE"): 1, remote("BRE"): 4, remote("COR"): 1})
    found = lack(people, Counter({remote("BRE"): 2, here("IDF"): 5, remote("NOR"): 1}))
    assert (found.here, found.anywhere, found.total) == ({}, 3, 3)


def test_where_no_region_is_known_nobody_is_near():
    assert lack(Counter({here(""): 2}), Counter({here(""): 2})).here == {"": 2}


def test_no_other_way_of_giving_places_serves_one_person_more():
    chance, kinds = random.Random(5), [Where(region, is_remote) for region in "ABC" for is_remote in (False, True)]
    lacks = 0
    for _round in range(400):
        people, places = (Counter(chance.choices(kinds, k=chance.randint(0, 9))) for _side in range(2))
        found = lack(people, places).total
        assert found == people.total() - most_pairs(list(people.elements()), list(places.elements()))
        lacks += bool(found)
    assert 100 < lacks < 400


def most_pairs(people: list[Where], places: list[Where]) -> int:
    """By chains of exchanges: slow, and nothing like what is tested."""
    holder: dict[int, int] = {}

    def seat(one: int, tried: set[int]) -> bool:
        for place, where in enumerate(places):
            if place not in tried and can_meet(people[one], where):
                tried.add(place)
                if place not in holder or seat(holder[place], tried):
                    holder[place] = one
                    return True
        return False

    return sum(seat(one, set()) for one in range(len(people)))

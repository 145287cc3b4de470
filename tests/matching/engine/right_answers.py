"""Right answers to small instances, worked out by hand: what the verifier must accept, and forgers start from."""


def people(**groups_or_seats) -> list[dict]:
    """e0=["F"] is a mentee and her groups, m0=2 a mentor and her seats."""
    return [
        {"id": known_as, "groups": given} if isinstance(given, list) else {"id": known_as, "capacity": given}
        for known_as, given in groups_or_seats.items()
    ]


def floor_that_costs() -> tuple[dict, dict]:
    """e1 would bring 800 points on m0's seat; half of two pairs must be of F, and e0 brings 300. e1 declined m1."""
    instance = {
        "seed": 7,
        "mentees": people(e0=["F"], e1=[], e2=[]),
        "mentors": people(m0=1, m1=5),
        "scores": [[0, 0, 300, 0, 0], [1, 0, 800, 0, 0], [1, 1, 1000, 0, 0], [2, 1, 700, 0, 0]],
        "constraints": [{"group": "F", "min_share": 0.5}],
        "declined": [["e1", "m1"]],
    }
    answer = {
        "pairs": [["e0", "m0"], ["e2", "m1"]],
        "mins": {"F": 1},
        "certificate": {
            "cover": {"mentees": ["e2"], "mentors": ["m0"]},
            "u": {},
            "v": {"m0": 100},
            "lambda": 700,
            "mu": {"F": 500},
        },
        "stats": {
            "pairs": 2,
            "points": 1000,
            "kept": 0,
            "broken": 0,
            "targets": {"F": 1},
            "bound": 1000,
            "gap": 0,
            "weighting": {},
            "lottery": 2911590980,
        },
    }
    return instance, answer


def floor_that_cannot_be_met() -> tuple[dict, dict]:
    """m0's one seat goes to F, whose floor comes first: of the two members of P, only e2 can be paired.

    e1 declined m2.
    """
    instance = {
        "seed": "printemps",
        "mentees": people(e0=["F"], e1=["P"], e2=["P"], e3=[]),
        "mentors": people(m0=1, m1=1, m2=1),
        "scores": [[0, 0, 500, 0, 0], [1, 0, 900, 0, 0], [1, 2, 300, 0, 0], [2, 1, 400, 0, 0], [3, 1, 650, 0, 0]],
        "constraints": [{"group": "F", "min": 1}, {"group": "P", "min": 2}],
        "declined": [["e1", "m2"]],
    }
    answer = {
        "pairs": [["e0", "m0"], ["e2", "m1"]],
        "mins": {"F": 1, "P": 1},
        "certificate": {
            "cover": {"mentees": [], "mentors": ["m0", "m1"]},
            "u": {},
            "v": {"m0": 500},
            "lambda": 650,
            "mu": {"F": 650, "P": 250},
            "short": {"P": {"u": {}, "v": {"m0": 1, "m1": 1}, "mu": {"F": 1}}},
        },
        "stats": {"pairs": 2, "points": 900, "targets": {"F": 1, "P": 2}, "bound": 900, "gap": 0},
    }
    return instance, answer


def repair() -> tuple[dict, dict]:
    """e2 declined m2 and e0 accepted m0, where e2 would bring more; e1 keeps m1 for 100 points instead of 990 on m2."""
    instance = {
        "seed": 7,
        "mentees": people(e0=[], e1=[], e2=[], e3=[]),
        "mentors": people(m0=1, m1=1, m2=1),
        "scores": [
            [0, 0, 10, 0, 0],
            [0, 2, 900, 0, 0],
            [1, 1, 100, 0, 0],
            [1, 2, 990, 0, 0],
            [2, 0, 960, 0, 0],
            [2, 1, 980, 0, 0],
            [2, 2, 970, 0, 0],
            [3, 2, 50, 0, 0],
        ],
        "constraints": [],
        "previous": [["e1", "m1"], ["e2", "m2"]],
        "declined": [["e2", "m2"]],
        "locked": [["e0", "m0"]],
    }
    answer = {
        "pairs": [["e0", "m0"], ["e1", "m1"], ["e3", "m2"]],
        "mins": {},
        "certificate": {
            "cover": {"mentees": [], "mentors": ["m0", "m1", "m2"]},
            "u": {"e0": -950, "e1": 2121},
            "v": {"m0": 910, "m1": 930},
            "lambda": 50,
            "mu": {},
        },
        "stats": {
            "pairs": 3,
            "points": 160,
            "kept": 1,
            "broken": 1,
            "bound": 3161,
            "gap": 0,
            "weighting": {"kept": 3001},
        },
    }
    return instance, answer


def nothing_possible() -> tuple[dict, dict]:
    """The one mentor has no seat."""
    instance = {
        "seed": 7,
        "mentees": people(e0=["F"]),
        "mentors": people(m0=0),
        "scores": [[0, 0, 500, 0, 0]],
        "constraints": [{"group": "F", "min": 1}],
    }
    answer = {
        "pairs": [],
        "mins": {"F": 0},
        "certificate": {
            "cover": {"mentees": [], "mentors": ["m0"]},
            "u": {},
            "v": {"m0": 500},
            "lambda": 0,
            "mu": {},
            "short": {"F": {"u": {}, "v": {"m0": 1}, "mu": {}}},
        },
        "stats": {"pairs": 0, "points": 0, "bound": 0, "gap": 0},
    }
    return instance, answer


def trap() -> tuple[dict, dict]:
    """Three floors that cross: 900 points are the best of all, and no dual values prove less than 945.

    a, b and c hold two of the floors each, d none: two pairs hold all three floors only with two of a, b and c. Half of
    each of the four would hold them too, for 945 points.
    """
    instance = {
        "seed": 7,
        "mentees": people(a=["F", "P"], b=["P", "Q"], c=["F", "Q"], d=[]),
        "mentors": people(m0=2),
        "scores": [[0, 0, 450, 0, 0], [1, 0, 450, 0, 0], [2, 0, 450, 0, 0], [3, 0, 540, 0, 0]],
        "constraints": [{"group": "F", "min": 1}, {"group": "P", "min": 1}, {"group": "Q", "min_share": 0.5}],
    }
    answer = {
        "pairs": [["a", "m0"], ["c", "m0"]],
        "mins": {"F": 1, "P": 1, "Q": 1},
        "certificate": {
            "cover": {"mentees": [], "mentors": ["m0"]},
            "u": {},
            "v": {},
            "lambda": 540,
            "mu": {"F": 45, "P": 45, "Q": 45},
        },
        "stats": {"pairs": 2, "points": 900, "bound": 945, "gap": 45},
    }
    return instance, answer


def trap_without_enough() -> tuple[dict, dict]:
    """The trap with floors of two members: proven for F and P, not for Q."""
    instance, answer = trap()
    instance["constraints"] = [{"group": group, "min": 2} for group in "FPQ"]
    instance["mentors"] = people(m0=1)
    answer["pairs"] = [["a", "m0"]]
    answer["mins"] = {"F": 1, "P": 1, "Q": 0}
    answer["certificate"] |= {
        "mu": {"F": 45, "P": 45},
        "short": {group: {"u": {}, "v": {"m0": 1}, "mu": {}} for group in "FP"},
    }
    answer["stats"] = {"pairs": 1, "points": 450, "bound": 450, "gap": 0, "targets": {"F": 2, "P": 2, "Q": 2}}
    return instance, answer


ALL = {
    made.__name__: made
    for made in (floor_that_costs, floor_that_cannot_be_met, repair, nothing_possible, trap, trap_without_enough)
}

"""Ways to forge a right answer, and to spoil an instance, each with the sentence that it deserves."""

from decimal import Decimal


def put(value, *path):
    """A forgery that puts a value at a place of the answer."""

    def forge(_instance, answer):
        for key in path[:-1]:
            answer = answer[key]
        answer[path[-1]] = value

    return forge


def lose(*path):
    """A forgery that takes a place of the answer away."""

    def forge(_instance, answer):
        for key in path[:-1]:
            answer = answer[key]
        del answer[path[-1]]

    return forge


def given(*forgeries):
    """Several forgeries at once."""

    def forge(instance, answer):
        for one in forgeries:
            one(instance, answer)

    return forge


def instead(**facts):
    """Another instance than the one that was answered."""
    return lambda instance, _answer: instance.update(facts)


def certificate(value, *path):
    return put(value, "certificate", *path)


def stat(name, value):
    return put(value, "stats", name)


UNMET = "floor_that_cannot_be_met"
SHORT = ("short", "P")
FORGERIES = [
    # The pairs
    ("floor_that_costs", put("e0", "pairs"), "pairs is not a list of [mentee, mentor]."),
    ("nothing_possible", put({}, "pairs"), "pairs is not a list of [mentee, mentor]."),
    ("floor_that_costs", put("e0", "pairs", 0), "pairs is not a list of [mentee, mentor]."),
    ("floor_that_costs", put(["e0"], "pairs", 0), "pairs is not a list of [mentee, mentor]."),
    ("floor_that_costs", put([["e0"], "m0"], "pairs", 0), "pairs is not a list of [mentee, mentor]."),
    (
        "floor_that_costs",
        put(["e9", "m0"], "pairs", 0),
        "The pair ('e9', 'm0') names somebody who is not in the instance.",
    ),
    (
        "floor_that_costs",
        put(["e0", "m9"], "pairs", 0),
        "The pair ('e0', 'm9') names somebody who is not in the instance.",
    ),
    ("floor_that_costs", put(["e2", "m0"], "pairs", 0), "Mentee 'e2' has more than one mentor."),
    ("floor_that_costs", put([["e2", "m1"], ["e0", "m0"]], "pairs"), "pairs is not sorted."),
    ("floor_that_costs", put(["e0", "m1"], "pairs", 0), "The pair ('e0', 'm1') is forbidden: it has no score."),
    ("repair", put(["e1", "m0"], "pairs", 1), "Mentor 'm0' has 2 mentees for 1 seats."),
    ("nothing_possible", put([["e0", "m0"]], "pairs"), "Mentor 'm0' has 1 mentees for 0 seats."),
    ("repair", put(["e2", "m2"], "pairs", 2), "The pair ('e2', 'm2') was declined."),
    ("repair", lose("pairs", 0), "The locked pair of mentee 'e0' is missing."),
    ("repair", put([["e0", "m2"], ["e1", "m1"]], "pairs"), "The locked pair of mentee 'e0' is missing."),
    # The most pairs
    (
        "repair",
        lose("pairs", 2),
        "The cover has 3 seats for 2 pairs: it does not prove that no more are possible.",
    ),
    (
        "repair",
        certificate(["m0", "m1"], "cover", "mentors"),
        "The cover has 2 seats for 3 pairs: it does not prove that no more are possible.",
    ),
    ("floor_that_costs", certificate(["e1"], "cover", "mentees"), "The cover misses ('e2', 'm1')."),
    (
        "floor_that_costs",
        certificate({"mentees": ["e0", "e2"], "mentors": []}, "cover"),
        "The cover misses ('e1', 'm0').",
    ),
    (
        "floor_that_costs",
        certificate(["e2", "e1"], "cover", "mentees"),
        "cover.mentees is not sorted, or names somebody twice.",
    ),
    (
        "repair",
        certificate(["m0", "m0", "m2"], "cover", "mentors"),
        "cover.mentors is not sorted, or names somebody twice.",
    ),
    ("floor_that_costs", certificate(["m1"], "cover", "mentees"), "cover.mentees is not a list of known ids."),
    ("floor_that_costs", certificate({"m0": 1}, "cover", "mentors"), "cover.mentors is not a list of known ids."),
    ("floor_that_costs", certificate("m0", "cover", "mentors"), "cover.mentors is not a list of known ids."),
    ("floor_that_costs", certificate([["m0"]], "cover", "mentors"), "cover.mentors is not a list of known ids."),
    # The floors
    (UNMET, lose("mins", "P"), "mins does not name exactly the groups that have a floor."),
    (UNMET, put(0, "mins", "Q"), "mins does not name exactly the groups that have a floor."),
    (UNMET, put([1, 1], "mins"), "mins does not name exactly the groups that have a floor."),
    (UNMET, put(2, "mins", "P"), "mins of 'P' is 2; the pairs have 1 for a target of 2."),
    (UNMET, put(0, "mins", "P"), "mins of 'P' is 0; the pairs have 1 for a target of 2."),
    (UNMET, put(True, "mins", "F"), "mins of 'F' is True; the pairs have 1 for a target of 1."),
    ("trap", put(2, "mins", "F"), "mins of 'F' is 2; the pairs have 2 for a target of 1."),
    ("trap", put([["a", "m0"], ["d", "m0"]], "pairs"), "mins of 'Q' is 1; the pairs have 0 for a target of 1."),
    (UNMET, lose("certificate", "short"), "short lacks 'P', a floor below its target."),
    (
        UNMET,
        certificate({"u": {}, "v": {}, "mu": {}}, "short", "F"),
        "short names 'F', which is not a floor below its target.",
    ),
    (
        UNMET,
        certificate({"u": {}, "v": {}, "mu": {}}, "short", "Q"),
        "short names 'Q', which is not a floor below its target.",
    ),
    (UNMET, certificate({"m0": 2, "m1": 1}, *SHORT, "v"), "short of 'P' proves a maximum of 2, not of 1."),
    (UNMET, certificate({}, *SHORT, "mu"), "short of 'P' proves a maximum of 2, not of 1."),
    (UNMET, certificate({"m1": 1}, *SHORT, "v"), "short of 'P' proves a maximum of 0, not of 1."),
    (UNMET, certificate({"m0": 2}, *SHORT, "v"), "short of 'P' fails on ('e2', 'm1')."),
    (UNMET, certificate({"e1": 1, "e2": 1}, *SHORT, "u"), "short of 'P' proves a maximum of 3, not of 1."),
    (UNMET, certificate({"u": {"e1": 1}, "v": {}, "mu": {}}, *SHORT), "short of 'P' fails on ('e2', 'm1')."),
    (
        UNMET,
        certificate({"u": {"e0": -1}, "v": {"m0": 1, "m1": 1}, "mu": {}}, *SHORT),
        "short of 'P', u of 'e0' is negative.",
    ),
    (UNMET, certificate({"F": 1, "P": 1}, *SHORT, "mu"), "short of 'P', mu names 'P', who has no place there."),
    (UNMET, certificate([], "short"), "short is not an object."),
    (UNMET, certificate([], *SHORT), "short of 'P' is not an object."),
    (UNMET, lose("certificate", *SHORT, "mu"), "short of 'P' has no mu."),
    # The most points
    (
        "floor_that_costs",
        put([["e1", "m0"], ["e2", "m1"]], "pairs"),
        "mins of 'F' is 1; the pairs have 0 for a target of 1.",
    ),
    (
        "trap",
        given(put([["a", "m0"], ["c", "m0"], ["d", "m0"]], "pairs"), instead(mentors=[{"id": "m0", "capacity": 3}])),
        "stats.pairs is 2, and 3 was found.",
    ),
    ("floor_that_costs", certificate(699, "lambda"), "certificate fails on ('e0', 'm0'): 299 < 300."),
    ("floor_that_costs", certificate({"m0": 99}, "v"), "certificate fails on ('e0', 'm0'): 299 < 300."),
    ("floor_that_costs", certificate({"F": 501}, "mu"), "certificate fails on ('e0', 'm0'): 299 < 300."),
    ("floor_that_costs", certificate({"m0": "199/2"}, "v"), "certificate fails on ('e0', 'm0'): 599/2 < 300."),
    (
        "floor_that_costs",
        certificate(701, "lambda"),
        "certificate leaves a gap of 2: it does not prove that nothing better exists.",
    ),
    (
        "floor_that_costs",
        certificate({"m0": 101}, "v"),
        "certificate leaves a gap of 1: it does not prove that nothing better exists.",
    ),
    (
        "floor_that_costs",
        certificate({"e1": 1}, "u"),
        "certificate leaves a gap of 1: it does not prove that nothing better exists.",
    ),
    (
        "floor_that_costs",
        certificate({"F": 499}, "mu"),
        "certificate leaves a gap of 1: it does not prove that nothing better exists.",
    ),
    (
        "floor_that_costs",
        certificate({"F": "999/2"}, "mu"),
        "certificate leaves a gap of 1/2: it does not prove that nothing better exists.",
    ),
    ("floor_that_costs", certificate({"m0": 100, "m1": -1}, "v"), "certificate, v of 'm1' is negative."),
    ("floor_that_costs", certificate({"e1": -1}, "u"), "certificate, u of 'e1' is negative."),
    ("trap", certificate({"F": -45, "P": 45, "Q": 45}, "mu"), "certificate, mu of 'F' is negative."),
    ("trap", certificate({"G": 45}, "mu"), "certificate, mu names 'G', who has no place there."),
    ("repair", certificate({"e1": 2121, "m0": 1}, "u"), "certificate, u names 'm0', who has no place there."),
    ("repair", certificate({"e0": 1}, "v"), "certificate, v names 'e0', who has no place there."),
    ("repair", certificate({"e0": -951, "e1": 2121}, "u"), "certificate fails on ('e0', 'm0'): 9 < 10."),
    ("repair", certificate({"e0": -950, "e1": 2120}, "u"), "certificate fails on ('e1', 'm1'): 3100 < 3101."),
    ("repair", certificate([], "u"), "certificate, u is not an object."),
    ("repair", certificate(True, "lambda"), 'certificate, lambda is neither an integer nor "p/q".'),
    ("repair", certificate(50.0, "lambda"), 'certificate, lambda is neither an integer nor "p/q".'),
    ("repair", certificate("50/0", "lambda"), 'certificate, lambda is neither an integer nor "p/q".'),
    ("repair", certificate("50", "lambda"), 'certificate, lambda is neither an integer nor "p/q".'),
    ("repair", certificate(10**30, "lambda"), 'certificate, lambda is neither an integer nor "p/q".'),
    ("repair", certificate({"e0": None}, "u"), "certificate, u of 'e0' is neither an integer nor \"p/q\"."),
    # The repair
    (
        "repair",
        put([["e0", "m0"], ["e1", "m2"], ["e2", "m1"]], "pairs"),
        "certificate leaves a gap of 1181: it does not prove that nothing better exists.",
    ),
    (
        "repair",
        stat("weighting", {"kept": 3000}),
        "stats.weighting.kept is 3000: it must exceed 1000 points for each of 3 pairs.",
    ),
    (
        "repair",
        lose("stats", "weighting"),
        "stats.weighting.kept is 0: it must exceed 1000 points for each of 3 pairs.",
    ),
    (
        "repair",
        stat("weighting", {"kept": "3001"}),
        "stats.weighting.kept is '3001': it must exceed 1000 points for each of 3 pairs.",
    ),
    ("repair", stat("weighting", 3001), "stats.weighting is not an object."),
    ("trap", stat("weighting", {"kept": 1}), "stats.weighting.kept is 1: nothing to keep."),
    # What the answer says of itself
    ("repair", stat("pairs", 4), "stats.pairs is 4, and 3 was found."),
    ("repair", stat("points", 3161), "stats.points is 3161, and 160 was found."),
    ("repair", stat("kept", 2), "stats.kept is 2, and 1 was found."),
    ("repair", stat("broken", 0), "stats.broken is 0, and 1 was found."),
    ("repair", stat("bound", 3160), "stats.bound is 3160, and 3161 was found."),
    ("trap", stat("gap", 0), "stats.gap is 0, and 45 was found."),
    ("trap", stat("gap", "90/4"), "stats.gap is 90/4, and 45 was found."),
    ("nothing_possible", stat("points", False), 'stats.points is neither an integer nor "p/q".'),
    ("nothing_possible", stat("points", [0]), 'stats.points is neither an integer nor "p/q".'),
    ("floor_that_costs", stat("lottery", 2911590981), "stats.lottery is 2911590981, and 2911590980 was found."),
    (UNMET, stat("targets", {"F": 1, "P": 1}), "stats.targets is not {'F': 1, 'P': 2}."),
    (UNMET, stat("targets", {"F": True, "P": 2}), "stats.targets is not {'F': 1, 'P': 2}."),
    (UNMET, stat("targets", [1, 2]), "stats.targets is not {'F': 1, 'P': 2}."),
    # The form of the answer
    ("repair", lose("pairs"), "The answer has no pairs."),
    ("repair", lose("stats"), "The answer has no stats."),
    ("repair", put([], "certificate"), "certificate is not an object."),
    ("repair", put(None, "stats"), "stats is not an object."),
    ("repair", lose("certificate", "lambda"), "certificate has no lambda."),
    ("repair", lose("certificate", "cover", "mentors"), "cover has no mentors."),
]


def row(*numbers):
    return instead(scores=[numbers])


ILL_FORMED = [
    (row(0, 0, 10, 0), "scores[0] is not five numbers."),
    (instead(scores=[[0, 0, 10, 0, 0], 7]), "scores[1] is not five numbers."),
    (instead(scores=None), "scores[0] is not five numbers."),
    (row(4, 0, 10, 0, 0), "scores[0] is not a mentee, a mentor and a score from 1 to 1000."),
    (row(-1, 0, 10, 0, 0), "scores[0] is not a mentee, a mentor and a score from 1 to 1000."),
    (row(0, 3, 10, 0, 0), "scores[0] is not a mentee, a mentor and a score from 1 to 1000."),
    (row(0, -1, 10, 0, 0), "scores[0] is not a mentee, a mentor and a score from 1 to 1000."),
    (row(False, 0, 10, 0, 0), "scores[0] is not a mentee, a mentor and a score from 1 to 1000."),
    (row(0, False, 10, 0, 0), "scores[0] is not a mentee, a mentor and a score from 1 to 1000."),
    (row(0, 0, True, 0, 0), "scores[0] is not a mentee, a mentor and a score from 1 to 1000."),
    (row(0, 0, 0, 0, 0), "scores[0] is not a mentee, a mentor and a score from 1 to 1000."),
    (row(0, 0, 1001, 0, 0), "scores[0] is not a mentee, a mentor and a score from 1 to 1000."),
    (instead(scores=[[0, 0, 10, 0, 0], [0, 0, 9, 0, 0]]), "scores[1] is a pair that has a score already."),
    (instead(seed=1.5), "The seed is neither an integer nor a string."),
    (instead(mentees=7), "The instance is not in its form (TypeError: "),
    (instead(mentees=[{"id": "e0"}, {"id": "e0"}]), "The ids of mentees are not different, non-empty strings."),
    (instead(mentors=[{"id": "", "capacity": 1}]), "The ids of mentors are not different, non-empty strings."),
    (instead(mentors=[{"id": 7, "capacity": 1}]), "The ids of mentors are not different, non-empty strings."),
    (instead(mentors=[{"id": "m0", "capacity": -1}]), "A capacity is not a whole number from 0."),
    (instead(mentors=[{"id": "m0", "capacity": True}]), "A capacity is not a whole number from 0."),
    (instead(mentors=[{"id": "m0"}]), "The instance is not in its form (KeyError: 'capacity')."),
    (instead(locked=[["e9", "m0"]]), "The instance is not in its form (KeyError: 'e9')."),
    (instead(declined=[["e0"]]), "The instance is not in its form (ValueError: "),
    (instead(locked=[["e0", "m0"], ["e0", "m1"]]), "A mentee is twice in previous, or twice in locked."),
    (instead(previous=[["e0", "m0"], ["e0", "m1"]]), "A mentee is twice in previous, or twice in locked."),
    (instead(constraints=[{"group": "F"}]), "constraints are not different groups with min or min_share each."),
    (
        instead(constraints=[{"group": "F", "min": 1}] * 2),
        "constraints are not different groups with min or min_share each.",
    ),
    (instead(constraints=[{"group": "F", "min": -1}]), "A floor's min is not a whole number from 0."),
    (
        instead(constraints=[{"group": "F", "min_share": 1.01}]),
        "A floor's min_share is not a decimal from 0 to 1, of at most 30 digits.",
    ),
    (
        instead(constraints=[{"group": "F", "min_share": True}]),
        "A floor's min_share is not a decimal from 0 to 1, of at most 30 digits.",
    ),
    (
        instead(constraints=[{"group": "F", "min_share": Decimal("1e-999999999")}]),
        "A floor's min_share is not a decimal from 0 to 1, of at most 30 digits.",
    ),
    (instead(constraints=[{"group": "F", "min_share": "1/2"}]), "The instance is not in its form (TypeError: "),
]

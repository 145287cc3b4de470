"""An explanation in French, for whoever reads it on a terminal."""

from matching.engine import explain
from matching.engine.explain import Better, PairExplanation, Scarcity
from matching.engine.solving import Solution

MANY = 12
"""As many names are listed; beyond, they are counted."""


def tell(solution: Solution, mentee_id: str) -> str:
    """Why this person has that mentor, or none. Raises KeyError when nobody has that id."""
    mentee = solution.number_of[mentee_id]
    if mentee in solution.mentor_of:
        return _pair(mentee_id, explain.of_pair(solution, mentee_id))
    found = explain.of_unmatched(solution, mentee_id)
    if found.scarcity is None:
        return f"{mentee_id} n’a pas de mentor·e\u00a0: aucune paire ne lui est permise."
    return f"{mentee_id} n’a pas de mentor·e. {_scarcity(found.scarcity)}"


def _pair(mentee_id: str, found: PairExplanation) -> str:
    place = "1er choix" if found.rank == 1 else f"{found.rank}e choix"
    possible = "une possible" if found.options == 1 else f"{found.options} possibles"
    lines = [f"{mentee_id} est avec {found.mentor_id}\u00a0: {_points(found.score)}, {place} sur {possible}."]
    lines += [_better(one) for one in found.better[:MANY]]
    if (more := len(found.better) - MANY) > 0:
        lines.append(f"Et {more} autres mentor·es mieux notés.")
    return "\n".join(lines)


def _better(one: Better) -> str:
    cost = f"l’ensemble y perdrait au moins {_points(one.loss)}" if one.loss else "l’ensemble n’y perdrait rien de sûr"
    places = f"ses places vont à {_names(one.holders)}" if one.holders else "ses places restent libres"
    return f"Avec {one.mentor_id} ({_points(one.score)}), {cost}\u00a0; {places}."


def _scarcity(found: Scarcity) -> str:
    people = "Elle ou il n’a" if len(found.mentees) == 1 else f"Ces {len(found.mentees)} personnes n’ont"
    mentors = (
        "qu’un·e mentor·e possible" if len(found.mentors) == 1 else f"que {len(found.mentors)} mentor·es possibles"
    )
    places = "aucune place" if not found.seats else "une place" if found.seats == 1 else f"{found.seats} places"
    who = "" if len(found.mentees) == 1 else f"\u00a0: {_names(found.mentees)}"
    return f"{people} {mentors}, avec {places} en tout{who}. Mentor·es\u00a0: {_names(found.mentors)}."


def _points(count: int) -> str:
    return f"{count} point" if count < 2 else f"{count} points"


def _names(names) -> str:
    listed = ", ".join(names[:MANY])
    more = len(names) - MANY
    return listed if more <= 0 else f"{listed} et {more} autres"

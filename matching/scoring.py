"""Which pairs may be, and how well they fit. Pure: a mentee's and a mentor's facts in, rule or points out.

A rule forbids a pair and says its name. The score is a sum of named parts, so that whoever confirms a
pair sees why it was proposed. A young person's audience is not among the facts: it is never a criterion.
"""

from collections import Counter
from collections.abc import Mapping, Set
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

WISH_POINTS = (600, 450, 350)
FAMILY_POINTS = (200, 150, 100)
OTHER_WISH_POINTS = 30
REGION_POINTS = 200
BOTH_REMOTE_POINTS = 40
ONLY_REMOTE_POINTS = 80
LANGUAGE_POINTS, COUNTED_LANGUAGES = 25, 4
# The greatest sum is 1000: the first wish and both others, the same region, remote as well, four languages.


class Rule(models.TextChoices):
    """Why a pair may not be, for the one who reads the list of those left out."""

    SAME_PERSON = "same_person", gettext_lazy("la même personne")
    NOT_APPROVED = "not_approved", gettext_lazy("profil pas encore validé, ou en pause")
    NO_PLACE = "no_place", gettext_lazy("plus de place libre")
    PAST = "past", gettext_lazy("déjà en binôme, ou proposition déclinée ou restée sans réponse")
    MINOR = "minor", gettext_lazy("n’accompagne pas de mineur·es, ou honorabilité à faire voir")
    LANGUAGE = "language", gettext_lazy("pas de langue commune")
    DISTANCE = "distance", gettext_lazy("trop loin, sans rendez-vous à distance")


@dataclass(frozen=True)
class Mentee:
    """What counts of a young person. `wishes` are trades by id, the most wanted first."""

    person: int
    is_minor: bool
    languages: Set[str]
    region: str
    accepts_remote: bool
    wishes: tuple[int, ...]


@dataclass(frozen=True)
class Mentor:
    """What counts of a mentor's commitment. `free` is what is left of her places."""

    person: int
    is_approved: bool
    is_cleared_for_minors: bool
    free: int
    languages: Set[str]
    region: str
    accepts_remote: bool
    trades: Set[int]
    past: Set[int]
    """The people never to be proposed to her again."""


@dataclass(frozen=True)
class Trades:
    """Names and families of trades, by id."""

    names: Mapping[int, str]
    families: Mapping[int, str]


def broken_rule(mentee: Mentee, mentor: Mentor) -> Rule | None:
    """The first rule that forbids the pair; none when it may be."""
    if mentee.person == mentor.person:
        return Rule.SAME_PERSON
    if not mentor.is_approved:
        return Rule.NOT_APPROVED
    if mentor.free <= 0:
        return Rule.NO_PLACE
    if mentee.person in mentor.past:
        return Rule.PAST
    if mentee.is_minor and not mentor.is_cleared_for_minors:
        return Rule.MINOR
    if mentee.languages.isdisjoint(mentor.languages):
        return Rule.LANGUAGE
    if not _is_near(mentee, mentor) and not (mentee.accepts_remote and mentor.accepts_remote):
        return Rule.DISTANCE
    return None


def _is_near(mentee: Mentee, mentor: Mentor) -> bool:
    return mentee.region == mentor.region and mentee.region != ""


def parts(mentee: Mentee, mentor: Mentor, trades: Trades) -> list[list]:
    """[label, points] for everything that speaks for this pair; their sum is its score."""
    return [*_trade_parts(mentee, mentor, trades), *_place_parts(mentee, mentor), *_language_parts(mentee, mentor)]


def score(found: list[list]) -> int:
    return sum(points for _label, points in found)


def _trade_parts(mentee: Mentee, mentor: Mentor, trades: Trades):
    shared = [rank for rank, trade in enumerate(mentee.wishes) if trade in mentor.trades]
    if shared:
        first, *others = shared
        yield [_wish(first) % trades.names[mentee.wishes[first]], WISH_POINTS[first]]
        for rank in others:
            yield [_("Aussi : %s") % trades.names[mentee.wishes[rank]], OTHER_WISH_POINTS]
        return
    families = {trades.families[trade] for trade in mentor.trades}
    for rank, trade in enumerate(mentee.wishes):
        if trades.families[trade] in families:
            yield [_("Métier voisin : %s") % trades.families[trade], FAMILY_POINTS[rank]]
            return


def _wish(rank: int) -> str:
    return (_("1er vœu : %s"), _("2e vœu : %s"), _("3e vœu : %s"))[rank]


def _place_parts(mentee: Mentee, mentor: Mentor):
    remote = mentee.accepts_remote and mentor.accepts_remote
    if _is_near(mentee, mentor):
        yield [_("Même région"), REGION_POINTS]
        if remote:
            yield [_("Rendez-vous à distance aussi possibles"), BOTH_REMOTE_POINTS]
    elif remote:
        yield [_("Rendez-vous à distance"), ONLY_REMOTE_POINTS]


def _language_parts(mentee: Mentee, mentor: Mentor):
    if shared := len(mentee.languages & mentor.languages):
        label = _("Une langue commune") if shared == 1 else _("%s langues communes") % shared
        yield [label, LANGUAGE_POINTS * min(shared, COUNTED_LANGUAGES)]


def best_wish(mentee: Mentee, mentor: Mentor, trades: Trades) -> str:
    """How the mentor's trades meet the wishes: `1`, `2`, `3`, `family` or `none`; counted in a run's figures."""
    for rank, trade in enumerate(mentee.wishes, start=1):
        if trade in mentor.trades:
            return str(rank)
    families = {trades.families[trade] for trade in mentor.trades}
    return "family" if any(trades.families[trade] in families for trade in mentee.wishes) else "none"


def why_unpaired(possible: int, broken: Counter) -> str:
    """The sentence that tells staff why somebody has no mentor: how many could be hers, what rules the others out."""
    if possible == 1:
        return _("Une seule personne possible, dont les places vont à d’autres binômes.")
    if possible:
        return _("%s mentor·es possibles, dont toutes les places vont à d’autres binômes.") % possible
    if not broken:
        return _("Aucun·e mentor·e ne s’est encore engagé·e pour cette promotion.")
    causes = ", ".join(f"{Rule(rule).label} ({count})" for rule, count in broken.most_common())
    return _("Aucun·e mentor·e possible : %s.") % causes

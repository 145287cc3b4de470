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


class Reason(models.TextChoices):
    """What speaks for a pair; the label is completed with what it is about."""

    WISH_1 = "wish_1", gettext_lazy("1er vœu\u00a0: %s")
    WISH_2 = "wish_2", gettext_lazy("2e vœu\u00a0: %s")
    WISH_3 = "wish_3", gettext_lazy("3e vœu\u00a0: %s")
    OTHER_WISH = "other_wish", gettext_lazy("Aussi\u00a0: %s")
    FAMILY = "family", gettext_lazy("Métier voisin\u00a0: %s")
    REGION = "region", gettext_lazy("Même région")
    BOTH_REMOTE = "both_remote", gettext_lazy("Rendez-vous à distance aussi possibles")
    ONLY_REMOTE = "only_remote", gettext_lazy("Rendez-vous à distance")
    LANGUAGE = "language", gettext_lazy("Une langue commune")
    LANGUAGES = "languages", gettext_lazy("%s langues communes")


Part = tuple[Reason, object, int]
"""A reason, what completes its label, and its points."""

WISHES = (Reason.WISH_1, Reason.WISH_2, Reason.WISH_3)


def parts(mentee: Mentee, mentor: Mentor, trades: Trades) -> list[Part]:
    """Everything that speaks for this pair. The sum of the points is its score; `told` puts it into words."""
    return [*_trade_parts(mentee, mentor, trades), *_place_parts(mentee, mentor), *_language_parts(mentee, mentor)]


def score(found: list[Part]) -> int:
    return sum(points for _reason, _what, points in found)


def told(found: list[Part]) -> list[list]:
    """[label, points] for each part, as staff read it."""
    # Put into words for the chosen pairs alone: translating every label of every pair took longer than pairing.
    return [[str(reason.label % what if what else reason.label), points] for reason, what, points in found]


def _trade_parts(mentee: Mentee, mentor: Mentor, trades: Trades):
    shared = [rank for rank, trade in enumerate(mentee.wishes) if trade in mentor.trades]
    if shared:
        first, *others = shared
        yield WISHES[first], trades.names[mentee.wishes[first]], WISH_POINTS[first]
        for rank in others:
            yield Reason.OTHER_WISH, trades.names[mentee.wishes[rank]], OTHER_WISH_POINTS
        return
    families = {trades.families[trade] for trade in mentor.trades}
    for rank, trade in enumerate(mentee.wishes):
        if (family := trades.families[trade]) in families:
            yield Reason.FAMILY, family, FAMILY_POINTS[rank]
            return


def _place_parts(mentee: Mentee, mentor: Mentor):
    remote = mentee.accepts_remote and mentor.accepts_remote
    if _is_near(mentee, mentor):
        yield Reason.REGION, None, REGION_POINTS
        if remote:
            yield Reason.BOTH_REMOTE, None, BOTH_REMOTE_POINTS
    elif remote:
        yield Reason.ONLY_REMOTE, None, ONLY_REMOTE_POINTS


def _language_parts(mentee: Mentee, mentor: Mentor):
    shared = len(mentee.languages & mentor.languages)
    if shared == 1:
        yield Reason.LANGUAGE, None, LANGUAGE_POINTS
    elif shared:
        yield Reason.LANGUAGES, shared, LANGUAGE_POINTS * min(shared, COUNTED_LANGUAGES)


def best_wish(found: list[Part]) -> str:
    """How the mentor's trades meet the wishes: `1`, `2`, `3`, `family` or `none`; counted in a run's figures."""
    reason = found[0][0] if found else None
    if reason in WISHES:
        return str(WISHES.index(reason) + 1)
    return "family" if reason is Reason.FAMILY else "none"


def why_unpaired(possible: int, broken: Counter) -> str:
    """The sentence that tells staff why somebody has no mentor: how many could be hers, what rules the others out."""
    if possible == 1:
        return _("Une seule personne possible, dont les places vont à d’autres binômes.")
    if possible:
        return _("%s mentor·es possibles, dont toutes les places vont à d’autres binômes.") % possible
    if not broken:
        return _("Aucun·e mentor·e ne s’est encore engagé·e pour cette promotion.")
    causes = ", ".join(f"{Rule(rule).label} ({count})" for rule, count in broken.most_common())
    return _("Aucun·e mentor·e possible\u00a0: %s.") % causes

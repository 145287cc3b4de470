"""Which pairs may be, and how well they fit. Pure: a mentee's and a mentor's facts in, rule or points out.

A rule forbids a pair and says its name. The score is a sum of named parts, each with the weight that the cohort gives
it, so that whoever confirms a pair sees why it was proposed. A young person's audience is not among the facts: it is
never a criterion.
"""

import re
from collections.abc import Set
from dataclasses import dataclass, fields
from typing import Protocol

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.folding import plain

MAX_SCORE = 1000

# --- What counts --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Scale:
    """The most that each part brings, and whether a mentor may come from another trade altogether. The cohort's."""

    first_wish: int = 480
    second_wish: int = 360
    third_wish: int = 280
    family: int = 160
    other_wishes: int = 60
    region: int = 150
    remote: int = 40
    languages: int = 60
    slots: int = 90
    preferred: int = 120
    pairs_other_trades: bool = False

    @property
    def greatest(self) -> int:
        """The score of a pair for which everything speaks: of the wishes and the family, only the best one counts."""
        wish = max(self.first_wish, self.second_wish, self.third_wish, self.family)
        return wish + self.other_wishes + self.region + self.remote + self.languages + self.slots + self.preferred


CHOSEN = tuple(field.name for field in fields(Scale))
WEIGHTS = tuple(name for name in CHOSEN if name != "pairs_other_trades")

QUARTERS = (4, 3, 2)
"""What is left, in quarters, of the points of the family and of a preferred trade: by the rank of the wish."""
COUNTED = 4
"""Languages, or parts of the week, in common that bring all of their points; each brings its share."""


@dataclass(frozen=True, slots=True)
class Mentee:
    """What counts of a young person. `wishes` are trades by id, the most wanted first; `families` are theirs."""

    person: int
    is_minor: bool
    languages: Set[str]
    region: str
    accepts_remote: bool
    slots: Set[str]
    wishes: tuple[int, ...]
    families: tuple[str, ...]
    avoids: str = ""
    """Whom she does not want to meet, in her words made comparable (`comparable`)."""


@dataclass(frozen=True, slots=True)
class Mentor:
    """What counts of a mentor's commitment. `free` is what is left of her places."""

    person: int
    is_approved: bool
    is_ready: bool
    """Approved, and nothing is left to do before somebody is proposed to her."""
    is_cleared_for_minors: bool
    free: int
    languages: Set[str]
    region: str
    accepts_remote: bool
    slots: Set[str]
    trades: Set[int]
    families: Set[str]
    preferred: Set[int] = frozenset()
    past: Set[int] = frozenset()
    """The people paired with her before, or whom she let go."""
    never: Set[int] = frozenset()
    """The people whom a coordinator will not have proposed to her."""
    names: tuple[str, ...] = ()
    """What she is called, made comparable (`names_of`)."""


def comparable(text: str) -> str:
    """The words of a text without case, accents and punctuation, a space around each."""
    words = re.findall(r"[^\W_]+", plain(text))
    return f" {' '.join(words)} " if words else ""


def names_of(first_name: str, last_name: str) -> tuple[str, ...]:
    """Her full name in both orders, comparable; none when half of it lacks, for that names too many people."""
    first, last = comparable(first_name).strip(), comparable(last_name).strip()
    return (f" {first} {last} ", f" {last} {first} ") if first and last else ()


# --- Rules --------------------------------------------------------------------------------------


class Rule(models.TextChoices):
    """Why a pair may not be, for the one who reads the list of those left out."""

    SAME_PERSON = "same_person", _("la même personne")
    NOT_APPROVED = "not_approved", _("profil pas encore validé, ou en pause")
    NOT_READY = "not_ready", _("charte à signer ou guide à lire")
    NO_PLACE = "no_place", _("plus de place libre")
    PAST = "past", _("déjà en binôme, ou proposition déclinée ou restée sans réponse")
    NEVER = "never", _("binôme écarté par la coordination")
    CONFLICT = "conflict", _("personne à ne pas lui faire rencontrer")
    MINOR = "minor", _("n’accompagne pas de mineur·es, ou honorabilité à faire voir")
    LANGUAGE = "language", _("pas de langue commune")
    DISTANCE = "distance", _("trop loin, sans rendez-vous à distance")
    TRADE = "trade", _("ni métier souhaité, ni métier voisin")


def broken_rule(mentee: Mentee, mentor: Mentor, scale: Scale) -> Rule | None:
    """The first rule that forbids the pair; none when it may be."""
    if mentee.person == mentor.person:
        return Rule.SAME_PERSON
    if not mentor.is_approved:
        return Rule.NOT_APPROVED
    if not mentor.is_ready:
        return Rule.NOT_READY
    if mentor.free <= 0:
        return Rule.NO_PLACE
    if mentee.person in mentor.past:
        return Rule.PAST
    if mentee.person in mentor.never:
        return Rule.NEVER
    if mentee.avoids and any(name in mentee.avoids for name in mentor.names):
        return Rule.CONFLICT
    if mentee.is_minor and not mentor.is_cleared_for_minors:
        return Rule.MINOR
    if mentee.languages.isdisjoint(mentor.languages):
        return Rule.LANGUAGE
    if not can_meet(mentee, mentor):
        return Rule.DISTANCE
    if not scale.pairs_other_trades and mentor.families.isdisjoint(mentee.families):
        return Rule.TRADE
    return None


class Somewhere(Protocol):
    """Where somebody can meet: a mentee, a mentor, or several people of whom nothing else counts."""

    @property
    def region(self) -> str: ...

    @property
    def accepts_remote(self) -> bool: ...


def can_meet(mentee: Somewhere, mentor: Somewhere) -> bool:
    """In person within a region, or remotely where both accept it."""
    return (mentee.accepts_remote and mentor.accepts_remote) or (mentee.region == mentor.region and mentee.region != "")


# --- Points -------------------------------------------------------------------------------------


class Reason(models.TextChoices):
    """What speaks for a pair; the label is completed with what it is about."""

    WISH_1 = "wish_1", _("1er vœu\u00a0: %s")
    WISH_2 = "wish_2", _("2e vœu\u00a0: %s")
    WISH_3 = "wish_3", _("3e vœu\u00a0: %s")
    FAMILY = "family", _("Métier voisin\u00a0: %s")
    OTHER_WISH = "other_wish", _("Aussi\u00a0: %s")
    REGION = "region", _("Même région")
    REMOTE = "remote", _("Rendez-vous à distance possibles")
    LANGUAGES = "languages", _("Langues communes\u00a0: %s")
    SLOTS = "slots", _("Disponibilités communes\u00a0: %s")
    PREFERRED = "preferred", _("Préféré par la ou le mentor\u00a0: %s")
    POSSIBLE = "possible", _("Binôme possible")
    SAID = "said", "%s"  # the words themselves: proposals of before


WISHES = (Reason.WISH_1, Reason.WISH_2, Reason.WISH_3)
ABOUT_A_TRADE = (*WISHES, Reason.OTHER_WISH, Reason.PREFERRED)
"""What completes their labels is a trade, by its id."""

Part = tuple[Reason, object, int]
"""A reason, what completes its label (a trade's id, a family, a number, or nothing), and its points."""


def parts(mentee: Mentee, mentor: Mentor, scale: Scale) -> list[Part]:
    """Everything that speaks for this pair: what it is about, and its points. Their sum is the pair's score."""
    # Asked for every pair that may be, close to a million times: what a reader would gladly see apart stays together.
    found = _trade_parts(mentee, mentor, scale)
    if scale.region and mentee.region == mentor.region and mentee.region:
        found.append((_REGION, None, scale.region))
    if scale.remote and mentee.accepts_remote and mentor.accepts_remote:
        found.append((_REMOTE, None, scale.remote))
    if (shared := len(mentee.languages & mentor.languages)) and (points := _share(scale.languages, shared)):
        found.append((_LANGUAGES, shared, points))
    if (shared := len(mentee.slots & mentor.slots)) and (points := _share(scale.slots, shared)):
        found.append((_SLOTS, shared, points))
    if mentor.preferred:
        found += _preferred_part(mentee, mentor, scale)
    return found or [(Reason.POSSIBLE, None, 1)]


_REGION, _REMOTE, _LANGUAGES, _SLOTS = Reason.REGION, Reason.REMOTE, Reason.LANGUAGES, Reason.SLOTS


def score(found: list[Part]) -> int:
    """The points of a pair, 1 to 1000 as long as the scale's greatest is."""
    points = 0
    for part in found:
        points += part[2]
    return points


def mentor_side(found: list[Part]) -> int:
    """The points that stand for what the mentor would rather do, the last part; the others stand for the mentee."""
    reason, _what, points = found[-1]
    return points if reason is Reason.PREFERRED else 0


def _trade_parts(mentee: Mentee, mentor: Mentor, scale: Scale) -> list[Part]:
    """The best wish that she meets, then the others; or the family of the best one."""
    met: list[Part] = []
    for rank, trade in enumerate(mentee.wishes):
        if trade in mentor.trades:
            if met:
                met.append((Reason.OTHER_WISH, trade, scale.other_wishes // 2))
            else:
                met.append((WISHES[rank], trade, (scale.first_wish, scale.second_wish, scale.third_wish)[rank]))
    if met:
        return [part for part in met if part[2]]
    for rank, family in enumerate(mentee.families):
        if family in mentor.families:
            points = scale.family * QUARTERS[rank] // 4
            return [(Reason.FAMILY, family, points)] if points else []
    return met


def _preferred_part(mentee: Mentee, mentor: Mentor, scale: Scale) -> list[Part]:
    for rank, trade in enumerate(mentee.wishes):
        if trade in mentor.preferred:
            points = scale.preferred * QUARTERS[rank] // 4
            return [(Reason.PREFERRED, trade, points)] if points else []
    return []


def _share(most: int, shared: int) -> int:
    return most if shared >= COUNTED else most * shared // COUNTED


def best_wish(mentee: Mentee, mentor: Mentor) -> tuple[str, int | None]:
    """How the mentor's trades meet the wishes (`1`, `2`, `3`, `family` or `none`), and the wish that is met.

    Counted in a run's figures, whatever the weights.
    """
    for rank, trade in enumerate(mentee.wishes, start=1):
        if trade in mentor.trades:
            return str(rank), trade
    for trade, family in zip(mentee.wishes, mentee.families, strict=True):
        if family in mentor.families:
            return "family", trade
    return "none", None

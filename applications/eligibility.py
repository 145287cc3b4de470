"""Before the form: can this person be in this cohort, and if not, why, and in which other? Rules, and nothing kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto

from django.utils.translation import gettext as _

from applications.minors import MAJORITY
from cohorts.models import Audience, Cohort
from cohorts.moments import day

YOUNGEST = 15
"""No cohort takes anybody younger on its first day (PROGRAMME.md, « The frame to respect », 1)."""


class Reason(Enum):
    """What keeps somebody out of a cohort, in the order in which it is told."""

    UNDER_AGE = auto()
    TOO_YOUNG = auto()
    TOO_OLD = auto()
    AUDIENCE = auto()
    AVAILABILITY = auto()


@dataclass(frozen=True)
class Answers:
    """What a visitor says of herself. Whoever does not know yet whether she will be available counts as available."""

    birth_date: date
    audience: Audience
    is_available: bool


def reasons(cohort: Cohort, answers: Answers) -> list[Reason]:
    """Why she cannot be in this cohort: age, audience, availability. Empty: she can."""
    found = [_age_reason(cohort, answers.birth_date)]
    if answers.audience not in cohort.audiences:
        found.append(Reason.AUDIENCE)
    if not answers.is_available:
        found.append(Reason.AVAILABILITY)
    return [reason for reason in found if reason]


def _age_reason(cohort: Cohort, birth_date: date) -> Reason | None:
    age = cohort.age_at_start(birth_date)
    if age < YOUNGEST:
        return Reason.UNDER_AGE
    if age < cohort.min_age:
        return Reason.TOO_YOUNG
    return Reason.TOO_OLD if age > cohort.max_age else None


def fitting(cohorts: Iterable[Cohort], answers: Answers) -> list[Cohort]:
    """Those she could be in. Her availability was asked for other months: she reads their dates and judges."""
    return [cohort for cohort in cohorts if set(reasons(cohort, answers)) <= {Reason.AVAILABILITY}]


def is_minor(cohort: Cohort, answers: Answers) -> bool:
    """Whether a legal representative's authorisation will be asked for."""
    return cohort.age_at_start(answers.birth_date) < MAJORITY


def birthday(birth_date: date, age: int) -> date:
    """The day from which she is that old; 1 March for who was born on a 29 February."""
    year = birth_date.year + age
    try:
        return birth_date.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def may_leave_address(answers: Answers, today: date) -> bool:
    """Under 15 nobody agrees alone to what is kept of her (Loi Informatique et Libertés, article 45)."""
    return birthday(answers.birth_date, YOUNGEST) <= today


def sentence(reason: Reason, cohort: Cohort, answers: Answers) -> str:
    """Why, to the person, in one kind sentence."""
    first, last = day(cohort.starts_on), day(cohort.ends_on)
    match reason:
        case Reason.UNDER_AGE:
            since = day(birthday(answers.birth_date, YOUNGEST))
            return _(
                "Le mentorat accueille à partir de 15 ans, le jour où la promotion commence : revenez pour une "
                "promotion qui commence à partir du %(since)s, le jour de vos 15 ans, vous y serez bienvenu·e."
            ) % {"since": since}
        case Reason.TOO_YOUNG:
            return _(
                "Cette promotion accueille à partir de %(age)s ans le jour où elle commence, le %(first)s : "
                "c’est encore un peu tôt pour vous."
            ) % {"age": cohort.min_age, "first": first}
        case Reason.TOO_OLD:
            return _(
                "Cette promotion accueille jusqu’à %(age)s ans le jour où elle commence, le %(first)s : vous aurez "
                "dépassé cet âge, et nous en sommes désolé·es."
            ) % {"age": cohort.max_age, "first": first}
        case Reason.AUDIENCE:
            return _(
                "Cette fois, la promotion s’adresse à d’autres situations que la vôtre (%(audiences)s) : "
                "chaque promotion a ses publics."
            ) % {"audiences": _audiences_of(cohort)}
        case Reason.AVAILABILITY:
            return _(
                "Le mentorat vit de rendez-vous réguliers, du %(first)s au %(last)s : si ces mois-là sont déjà pris, "
                "mieux vaut une promotion qui tombe bien pour vous."
            ) % {"first": first, "last": last}


def _audiences_of(cohort: Cohort) -> str:
    return ", ".join(str(label) for label in cohort.audience_labels)


def brief(reason: Reason, cohort: Cohort) -> str:
    """The same in a few words, for what comes second."""
    if reason is Reason.AUDIENCE:
        return _("elle s’adresse à d’autres situations que la vôtre (%s)") % _audiences_of(cohort)
    if reason is Reason.AVAILABILITY:
        return _("elle demande d’être disponible du %(first)s au %(last)s") % {
            "first": day(cohort.starts_on),
            "last": day(cohort.ends_on),
        }
    return _("elle accueille de %(min)s à %(max)s ans") % {"min": cohort.min_age, "max": cohort.max_age}

"""What a file must hold before it can be sent: the task list, the page to check answers and the verb ask here."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from applications.models import Application
from cohorts.models import Audience

ABOUT, BACKGROUND, PROJECT = "a-propos", "parcours", "projet"
STEPS = (ABOUT, BACKGROUND, PROJECT)


@dataclass(frozen=True)
class Missing:
    """Something that keeps the file from being sent: in which step, which field, and the sentence to read."""

    step: str
    field: str
    sentence: str


def missing(application: Application) -> list[Missing]:
    """Everything that is still missing or does not fit, in the order of the form. Empty: the file can be sent."""
    return [*_about(application), *_background(application), *_project(application)]


def _about(application):
    person, cohort = application.candidate, application.cohort
    if not person.first_name:
        yield Missing(ABOUT, "first_name", _("Indiquez votre prénom."))
    if not person.last_name:
        yield Missing(ABOUT, "last_name", _("Indiquez votre nom."))
    if not person.region:
        yield Missing(ABOUT, "region", _("Choisissez la région où vous vivez."))
    if person.birth_date is None:
        yield Missing(ABOUT, "birth_date", _("Indiquez votre date de naissance."))
    elif not cohort.min_age <= cohort.age_at_start(person.birth_date) <= cohort.max_age:
        yield Missing(
            ABOUT,
            "birth_date",
            _("Cette promotion accueille des personnes de %(min)s à %(max)s ans le jour où elle commence.")
            % {"min": cohort.min_age, "max": cohort.max_age},
        )


def _background(application):
    if not application.audience:
        yield Missing(BACKGROUND, "audience", _("Dites-nous quelle est votre situation."))
    elif application.audience not in application.cohort.audiences:
        label = Audience(application.audience).label
        yield Missing(
            BACKGROUND,
            "audience",
            _("Cette promotion ne s’adresse pas à la situation choisie (%(label)s).") % {"label": label},
        )
    if not application.background.strip():
        yield Missing(BACKGROUND, "background", _("Racontez votre parcours en quelques phrases."))
    if not application.languages:
        yield Missing(BACKGROUND, "languages", _("Cochez au moins une langue que vous parlez."))


def _project(application):
    if not application.wishes.all():
        yield Missing(PROJECT, "trade_1", _("Choisissez au moins un métier."))
    if not application.project.strip():
        yield Missing(PROJECT, "project", _("Parlez-nous de votre projet."))
    if not application.hopes.strip():
        yield Missing(PROJECT, "hopes", _("Dites ce que vous attendez d’un·e mentor·e."))

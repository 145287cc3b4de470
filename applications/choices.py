"""What a candidate chooses from in the parts of the form that are her own to declare."""

from django.db import models
from django.utils.translation import gettext_lazy as _

YES_NO = {"oui": _("Oui"), "non": _("Non")}
"""The answers to a question of a cohort that is answered by yes or no, as they are kept."""


class Gender(models.TextChoices):
    """Self-declared and optional; for the parity that the cohort has set, and for nothing else."""

    WOMAN = "WOMAN", _("une femme")
    MAN = "MAN", _("un homme")
    NON_BINARY = "NON_BINARY", _("une personne non binaire")


COUNTING = (Gender.WOMAN, Gender.NON_BINARY)
"""The declared genders that count in the share a cohort asks for."""


class SocialCriterion(models.TextChoices):
    """Declared and optional. What counts, and how much, is a setting of the cohort; never origin."""

    SCHOLARSHIP = "SCHOLARSHIP", _("je suis boursier ou boursière")
    QPV = "QPV", _("j’habite un quartier prioritaire (QPV)")
    RURAL = "RURAL", _("j’habite à la campagne, loin d’une grande ville")
    NO_DIPLOMA = "NO_DIPLOMA", _("je n’ai pas de diplôme")
    FIRST_GENERATION = "FIRST_GENERATION", _("personne avant moi, dans ma famille, n’a fait d’études après le bac")


class Mobility(models.TextChoices):
    """How far the candidate can travel for a meeting."""

    TOWN = "TOWN", _("près de chez moi, à moins d’une heure")
    REGION = "REGION", _("dans toute ma région")
    COUNTRY = "COUNTRY", _("partout en France")

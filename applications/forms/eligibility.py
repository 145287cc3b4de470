"""The three questions asked before the form. Their answers go nowhere."""

from django.utils.translation import gettext_lazy as _

from applications.eligibility import Answers
from applications.fields import BirthDateField
from applications.forms.base import AskingForm, choice
from applications.outline import AUDIENCE_WORDS
from cohorts.models import Audience, Cohort
from cohorts.moments import day

NO = "non"
AVAILABILITY = [("oui", _("Oui")), (NO, _("Non")), ("peut-etre", _("Je ne sais pas encore"))]

WANTED = {
    "birth_date": _("Indiquez votre date de naissance."),
    "audience": _("Dites-nous quelle est votre situation."),
    "availability": _("Dites-nous si vous serez disponible, ou que vous ne le savez pas encore."),
}
"""What is asked again when there is no answer."""


def _choice(name: str, *args):
    return choice(*args, error_messages={"invalid_choice": WANTED[name]})


class EligibilityForm(AskingForm):
    """« Cette promotion est-elle pour vous ? »"""

    birth_date = BirthDateField(label=_("Votre date de naissance"), help_text=_("Par exemple 9\u00a03\u00a02007."))
    audience = _choice(
        "audience",
        _("Votre situation aujourd’hui"),
        [(audience.value, AUDIENCE_WORDS[audience]) for audience in Audience],
        _("Choisissez ce qui vous ressemble le plus. Nous ne vous demanderons jamais pourquoi."),
    )
    availability = _choice("availability", _("Votre disponibilité"), AVAILABILITY)

    def __init__(self, data=None, *, cohort: Cohort):
        self.cohort = cohort
        super().__init__(data)
        self.fields["availability"].help_text = _(
            "La promotion va du %(first)s au %(last)s, avec au moins un échange par mois. Serez-vous disponible\u00a0?"
        ) % {"first": day(cohort.starts_on), "last": day(cohort.ends_on)}

    def clean(self):
        for name, sentence in WANTED.items():
            if name not in self.errors and not self.cleaned_data.get(name):
                self.add_error(name, sentence)
        return self.cleaned_data

    @property
    def answers(self) -> Answers:
        """Of a form that is valid."""
        said = self.cleaned_data
        return Answers(said["birth_date"], Audience(said["audience"]), said["availability"] != NO)

"""The page of somebody who will be a minor: who signs for her."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from applications import outline
from applications.fields import EmailField, NameField
from applications.forms.base import StepForm
from consents.guardians import require_address
from lifecycle.refusals import Refusal

NAME_LIMIT = 160


class GuardianForm(StepForm):
    """« Votre représentant·e légal·e »: somebody whose address is not the candidate's, a second one if she likes."""

    step = outline.GUARDIAN
    note = _(
        "Personne ne peut signer, ou c’est compliqué\u00a0? Vous n’avez rien à justifier\u00a0: écrivez-nous, et une "
        "personne de l’équipe cherche une solution avec vous."
    )

    guardian_name = NameField(
        label=_("Son prénom et son nom"),
        help_text=_("Votre mère, votre père, ou la personne qui a l’autorité parentale."),
        limit=NAME_LIMIT,
    )
    guardian_email = EmailField(
        label=_("Son adresse e-mail"),
        help_text=_(
            "La sienne, pas la vôtre\u00a0: le lien y arrive, et c’est elle ou lui qui signe. N’indiquez pas une "
            "adresse que vous ouvrez vous-même."
        ),
    )
    guardian2_name = NameField(
        label=_("Une deuxième personne (facultatif)"),
        help_text=_("Une seule signature suffit, la première arrivée. Si l’une des deux refuse, son refus compte."),
        limit=NAME_LIMIT,
    )
    guardian2_email = EmailField(
        label=_("L’adresse e-mail de cette deuxième personne (facultatif)"),
        help_text=_("Une adresse différente de la première."),
    )

    def clean_guardian_email(self):
        return self._somebody_elses("guardian_email")

    def clean_guardian2_email(self):
        return self._somebody_elses("guardian2_email", others=[self.cleaned_data.get("guardian_email") or ""])

    def _somebody_elses(self, field, others=()):
        address = self.cleaned_data[field]
        if address:
            try:
                require_address(self.file.application.candidate, address, others=others)
            except Refusal as refusal:
                raise ValidationError(refusal.sentence) from refusal
        return address

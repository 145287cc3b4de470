"""What visitors type about calls."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.addresses import require_deliverable


class AlertForm(forms.Form):
    """An address, and nothing else."""

    use_required_attribute = False

    email = forms.EmailField(
        label=_("Votre adresse e-mail"),
        max_length=254,
        validators=[require_deliverable],
        widget=forms.EmailInput({"autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={
            "required": _("Écrivez votre adresse e-mail."),
            "invalid": _("Cette adresse n’est pas complète. Exemple : prenom.nom@exemple.fr"),
            "max_length": _("Cette adresse est trop longue pour être la bonne. Vérifiez-la."),
        },
    )

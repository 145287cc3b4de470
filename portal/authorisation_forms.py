"""What is typed about a legal representative, by the candidate on her page and by staff on the file's."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.fields import EmailField, NameField, TextField
from applications.forms.base import AskingForm
from applications.forms.guardian import NAME_LIMIT
from consents.models import GuardianAuthorisation

_AS_TYPED = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}


class GuardianAddressForm(AskingForm):
    """The address of a representative as it should have been written."""

    email = EmailField(
        label=gettext_lazy("La bonne adresse e-mail"),
        help_text=gettext_lazy("La sienne, pas celle de la personne candidate\u00a0: c’est elle ou lui qui signe."),
        widget=forms.EmailInput(_AS_TYPED),
    )

    def clean_email(self):
        if not self.cleaned_data["email"]:
            raise ValidationError(_("Écrivez l’adresse e-mail de la personne qui signera."))
        return self.cleaned_data["email"]


class GuardianForm(GuardianAddressForm):
    """Somebody who has parental authority, named once the file was sent."""

    field_order = ["name", "email"]

    name = NameField(
        label=gettext_lazy("Son prénom et son nom"),
        help_text=gettext_lazy("Mère, père, ou personne qui a l’autorité parentale."),
        limit=NAME_LIMIT,
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["email"].label = _("Son adresse e-mail")

    def clean_name(self):
        if not self.cleaned_data["name"]:
            raise ValidationError(_("Écrivez le prénom et le nom de la personne qui signera."))
        return self.cleaned_data["name"]


class OwnGuardianAddressForm(GuardianAddressForm):
    """The same, as the minor herself reads it."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["email"].help_text = _("La sienne, pas la vôtre\u00a0: c’est elle ou lui qui signe.")


class OwnGuardianForm(OwnGuardianAddressForm, GuardianForm):
    """The same, as the minor herself reads it."""


class OutingForm(forms.Form):
    """An outing or an immersion outside the usual frame, in the words that the representative will read."""

    use_required_attribute = False

    title = TextField(
        label=gettext_lazy("Ce qui est à autoriser"),
        help_text=gettext_lazy("En quelques mots, par exemple\u00a0: une journée au festival d’Angers, le 24 janvier."),
        limit=GuardianAuthorisation._meta.get_field("title").max_length,
    )
    details = TextField(
        label=gettext_lazy("Tout ce qu’il faut savoir avant de dire oui"),
        help_text=gettext_lazy(
            "Le lieu, les heures, le trajet, qui accompagne, qui appeler. La ou le représentant·e lit ces mots tels "
            "quels, la personne mineure aussi."
        ),
        limit=2000,
        widget=forms.Textarea({"rows": 8}),
    )

    def clean_title(self):
        return self._written("title", _("Dites ce qui est à autoriser."))

    def clean_details(self):
        return self._written("details", _("Dites où, quand, avec qui\u00a0: personne ne signe sans le savoir."))

    def _written(self, name, sentence):
        if not self.cleaned_data[name].strip():
            raise ValidationError(sentence)
        return self.cleaned_data[name].strip()

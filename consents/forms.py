"""What a coordinator types: the words of a text, or what she reads on a signed authorisation."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consents.models import GuardianAuthorisation, TextVersion

LONGEST_TEXT = 20_000
"""So many signs at most: nobody reads more."""


class TextForm(forms.Form):
    """The words of a version that is not published yet."""

    title = forms.CharField(
        label=_("Titre"),
        max_length=TextVersion._meta.get_field("title").max_length,
        error_messages={"required": _("Donnez un titre au texte.")},
    )
    body = forms.CharField(
        label=_("Texte entier"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 24}),
        help_text=_(
            "Une ligne vide sépare deux paragraphes. Une ligne qui commence par « ## » est un intertitre, "
            "des lignes qui commencent par « - » sont une liste."
        ),
        error_messages={"required": _("Écrivez le texte.")},
    )
    asks_again = forms.BooleanField(
        label=_("Redemander leur accord aux personnes qui avaient accepté une version d’avant"),
        required=False,
        help_text=_("Cochez quand le sens change ; pas pour une faute corrigée."),
    )

    def clean_body(self):
        return "\n".join(self.cleaned_data["body"].splitlines())


class ReceivedAuthorisationForm(forms.Form):
    """Who signed, as what, and on which day. The paper itself is not kept here."""

    guardian_name = forms.CharField(
        label=_("Prénom et nom de la personne qui a signé"),
        max_length=GuardianAuthorisation._meta.get_field("guardian_name").max_length,
        error_messages={"required": _("Recopiez le prénom et le nom lus sur l’autorisation.")},
    )
    relation = forms.CharField(
        label=_("Lien de parenté ou qualité"),
        max_length=GuardianAuthorisation._meta.get_field("relation").max_length,
        help_text=_("Par exemple : mère, père, tutrice, service gardien."),
        error_messages={"required": _("Indiquez le lien de parenté ou la qualité de la personne qui a signé.")},
    )
    signed_on = forms.DateField(
        label=_("Signée le"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Indiquez le jour de la signature."),
            "invalid": _("Écrivez le jour de la signature ainsi : 24/11/2026."),
        },
    )

    def clean_signed_on(self):
        day = self.cleaned_data["signed_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("Une signature ne peut pas être datée d’un jour à venir."))
        return day

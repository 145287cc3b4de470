"""What a legal representative types: her signature, a number to call back, the address that lost its link."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from phonenumber_field.phonenumber import PhoneNumber

from accounts.addresses import LONGEST, require_deliverable
from applications.fields import NameField, PhoneField, TextField
from applications.forms.base import BOX
from consents.models import Guardian

OTHER = "autre"
RELATIONS = (
    ("mère", gettext_lazy("Je suis sa mère")),
    ("père", gettext_lazy("Je suis son père")),
    ("tuteur ou tutrice", gettext_lazy("Je suis son tuteur ou sa tutrice")),
    (OTHER, gettext_lazy("Autre")),
)


class SignatureForm(forms.Form):
    """A name, a quality, a box: nothing is ticked or written beforehand."""

    use_required_attribute = False

    name = NameField(
        label=gettext_lazy("Votre prénom et votre nom"),
        help_text=gettext_lazy("Les vôtres, pas ceux de la personne que vous autorisez\u00a0: c’est votre signature."),
        limit=Guardian._meta.get_field("name").max_length,
        widget=forms.TextInput({"autocomplete": "name", "spellcheck": "false"}),
    )
    relation = forms.ChoiceField(
        label=gettext_lazy("Qui êtes-vous pour cette personne\u00a0?"),
        choices=RELATIONS,
        widget=forms.RadioSelect(BOX),
        error_messages={
            "required": gettext_lazy("Dites qui vous êtes pour cette personne."),
            "invalid_choice": gettext_lazy("Choisissez une des réponses proposées."),
        },
    )
    other = TextField(
        label=gettext_lazy("Si vous avez choisi «\u00a0Autre\u00a0», précisez"),
        help_text=gettext_lazy("Par exemple\u00a0: grand-mère avec délégation, service gardien."),
        limit=Guardian._meta.get_field("relation").max_length,
    )
    agrees = forms.BooleanField(
        label="",
        widget=forms.CheckboxInput(BOX),
        error_messages={
            "required": gettext_lazy("Cochez la case pour autoriser. Sinon, choisissez une autre réponse.")
        },
    )
    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, first_name: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["agrees"].label = (
            _("J’ai l’autorité parentale sur %(name)s, ou je suis son ou sa représentant·e légal·e. J’ai lu le texte ")
            + _("ci-dessus, et j’autorise %(name)s à participer.")
        ) % {"name": first_name}

    def clean_name(self):
        name = self.cleaned_data["name"]
        if sum(any(sign.isalpha() for sign in word) for word in name.split()) < 2:
            raise ValidationError(_("Écrivez votre prénom et votre nom."))
        return name

    def clean(self):
        """`quality` is the relation in words, as it is kept."""
        given = super().clean()
        self.quality = given.get("relation", "")
        if self.quality == OTHER:
            self.quality = given.get("other", "")
            if not self.quality and "other" not in self.errors:
                self.add_error("other", _("Précisez en quelques mots qui vous êtes pour cette personne."))
        return given

    def ask_again(self, sentence: str, number: int) -> None:
        """The text has changed under her eyes: what she typed stays, the box is hers to tick anew."""
        self.data = {**self.data.dict(), "version": number}
        self.data.pop("agrees", None)
        self.add_error(None, sentence)


class CallForm(forms.Form):
    """The number at which she would like to be called."""

    use_required_attribute = False

    phone = PhoneField(
        label=gettext_lazy("Votre numéro de téléphone"),
        help_text=gettext_lazy("Il sert à cet appel, et il est effacé aussitôt après."),
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}),
        error_messages={"required": gettext_lazy("Écrivez le numéro où vous joindre.")},
    )

    @property
    def number(self) -> str:
        """As staff dial it."""
        phone: PhoneNumber = self.cleaned_data["phone"]
        return phone.as_national if phone.country_code == 33 else phone.as_international


class LostLinkForm(forms.Form):
    """The address at which she was written to."""

    use_required_attribute = False

    email = forms.EmailField(
        label=gettext_lazy("Votre adresse e-mail"),
        help_text=gettext_lazy("Celle où vous avez reçu notre premier courriel."),
        max_length=LONGEST,
        validators=[require_deliverable],
        widget=forms.EmailInput({"autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={
            "required": gettext_lazy("Écrivez votre adresse e-mail."),
            "invalid": gettext_lazy("Cette adresse n’est pas complète. Exemple\u00a0: prenom.nom@exemple.fr"),
            "max_length": gettext_lazy("Cette adresse est trop longue pour être la bonne. Vérifiez-la."),
        },
    )

"""How many young people a mentor takes, the charter that she signs; what a coordinator writes down about her."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.addresses import LONGEST, require_deliverable
from accounts.models import User
from applications.fields import TextField
from cohorts.models import Partner, Trade
from consents.models import TextVersion
from mentors.fields import by_family, limit_of
from mentors.models import MAX_CAPACITY, Commitment, MentorProfile


class CharterForm(forms.Form):
    """The charter's signature: her name, under the version that was on the page."""

    use_required_attribute = False

    version = forms.CharField(widget=forms.HiddenInput)
    name = TextField(
        label=_("Votre prénom et votre nom"),
        help_text=_("Les écrire vaut signature. Le jour et la version du texte sont notés avec."),
        limit=MentorProfile._meta.get_field("charter_name").max_length,
        widget=forms.TextInput({"autocomplete": "name"}),
    )

    def __init__(self, data=None, *, version: TextVersion):
        self.version = version
        super().__init__(data, initial={"version": str(version.number)})

    def clean_name(self) -> str:
        if not (name := self.cleaned_data["name"]):
            raise ValidationError(_("Écrivez votre prénom et votre nom pour signer."))
        return name

    def clean(self):
        if self.cleaned_data.get("version") != str(self.version.number):
            self.data = self.data.copy()
            self.data["version"] = str(self.version.number)
            self.add_error("name", _("La charte vient de changer\u00a0: relisez-la ci-dessus avant de signer."))
        return self.cleaned_data


class CapacityForm(forms.Form):
    """How many young people, for one cohort."""

    use_required_attribute = False

    capacity = forms.TypedChoiceField(
        label=_("Combien de personnes souhaitez-vous accompagner\u00a0?"),
        help_text=_("Comptez deux à trois heures par mois et par personne."),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez un nombre."), "invalid_choice": _("Choisissez un nombre.")},
    )

    def __init__(self, *args, least: int = 1, **kwargs):
        super().__init__(*args, **kwargs)
        numbers = range(least, MAX_CAPACITY + 1)
        words = [
            ngettext("%(count)s personne", "%(count)s personnes", n) % {"count": n} if n else _("Pas cette fois")
            for n in numbers
        ]
        self.fields["capacity"].choices = list(zip(numbers, words, strict=True))


class CommitForm(CapacityForm):
    """A mentor's own commitment: how many, and the trades she would rather accompany."""

    preferred_trades = forms.TypedMultipleChoiceField(
        label=_("Les métiers que vous aimeriez accompagner en priorité (facultatif)"),
        help_text=_("Les vôtres, et ceux qui en sont proches. Ne cochez rien si tous vous conviennent autant."),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, mentor: MentorProfile, commitment: Commitment | None = None, least: int = 0, **kwargs):
        preferred = list(commitment.preferred_trades.all()) if commitment else []
        initial = (
            {"capacity": commitment.capacity, "preferred_trades": [t.pk for t in preferred]} if commitment else None
        )
        super().__init__(*args, initial=initial, least=least, **kwargs)
        families = {trade.family for trade in mentor.trades.all()}
        near = Trade.objects.filter(family__in=families, is_offered=True)
        self.offered = {trade.pk: trade for trade in [*preferred, *mentor.trades.all(), *near]}
        self.fields["preferred_trades"].choices = by_family(self.offered.values())

    @property
    def answers(self) -> dict:
        """What `transitions.commit` takes."""
        preferred = [self.offered[pk] for pk in self.cleaned_data["preferred_trades"]]
        return {"capacity": self.cleaned_data["capacity"], "preferred_trades": preferred}


class InvitationForm(forms.Form):
    """Whom a coordinator invites."""

    use_required_attribute = False

    email = forms.EmailField(
        label=_("Adresse e-mail"),
        max_length=LONGEST,
        validators=[require_deliverable],
        help_text=_("L’invitation y part aussitôt."),
        error_messages={
            "required": _("Indiquez son adresse e-mail."),
            "invalid": _("Cette adresse n’est pas complète. Exemple\u00a0: prenom.nom@exemple.fr."),
        },
    )
    first_name = forms.CharField(
        label=_("Prénom"),
        max_length=User._meta.get_field("first_name").max_length,
        error_messages={"required": _("Indiquez son prénom.")},
    )
    last_name = forms.CharField(
        label=_("Nom"),
        max_length=User._meta.get_field("last_name").max_length,
        error_messages={"required": _("Indiquez son nom.")},
    )
    position = forms.CharField(label=_("Fonction (facultatif)"), max_length=limit_of("position"), required=False)
    employer = forms.CharField(
        label=_("Employeur ou structure (facultatif)"), max_length=limit_of("employer"), required=False
    )
    partner = forms.ModelChoiceField(
        Partner.objects.order_by("name"),
        label=_("Partenaire (facultatif)"),
        help_text=_("Quand c’est un partenaire du programme qui nous l’adresse."),
        empty_label=_("Aucun"),
        required=False,
        error_messages={"invalid_choice": _("Choisissez un partenaire de la liste.")},
    )


class CallForm(forms.Form):
    """A call with somebody who wants to become a mentor."""

    use_required_attribute = False

    called_on = forms.DateField(
        label=_("Jour de l’appel"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Indiquez le jour."),
            "invalid": _("Cette date n’existe pas. Exemple\u00a0: 09/03/2027."),
        },
        initial=timezone.localdate,
    )
    notes = TextField(
        label=_("Ce que vous en retenez (facultatif)"),
        help_text=_("Lu par la coordination seule. La personne peut demander à le lire."),
        limit=limit_of("call_notes"),
        widget=forms.Textarea({"rows": 5}),
    )


class HonorabilityForm(forms.Form):
    """The day on which the extract was seen; the document itself is never kept."""

    use_required_attribute = False

    seen_on = forms.DateField(
        label=_("Jour où vous avez vu l’extrait"),
        help_text=_("L’extrait n’est ni copié ni gardé\u00a0: seuls ce jour, votre nom et la fin de validité le sont."),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Indiquez le jour."),
            "invalid": _("Cette date n’existe pas. Exemple\u00a0: 09/03/2027."),
        },
        initial=timezone.localdate,
    )

"""What a mentor says of herself, and how many young people she takes; what a coordinator writes down about her."""

from collections.abc import Iterable

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.addresses import LONGEST, require_deliverable
from accounts.models import User
from accounts.regions import Region
from applications.fields import SlotsField, TextField
from cohorts.models import Language, Partner, Trade
from consents.models import TextVersion
from mentors import transitions
from mentors.models import MAX_CAPACITY, MAX_LINKS, Commitment, MentorProfile, Seniority

_YES_NO = [("True", _("Oui")), ("False", _("Non"))]


def _limit(name: str) -> int:
    return MentorProfile._meta.get_field(name).max_length


def _yes_no(label, hint, choices=_YES_NO):
    return forms.TypedChoiceField(
        label=label,
        help_text=hint,
        choices=choices,
        coerce=lambda value: value == "True",
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez une réponse.")},
    )


class LinksField(forms.CharField):
    """Addresses, one a line; kept as a list."""

    def __init__(self, **options):
        super().__init__(required=False, widget=forms.Textarea({"rows": 3, "inputmode": "url"}), **options)

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value) -> list[str]:
        lines = [line.strip() for line in str(value or "").replace("\x00", "").splitlines() if line.strip()]
        if len(lines) > MAX_LINKS:
            raise ValidationError(_("Gardez %s liens au plus.") % MAX_LINKS)
        return [self._address(line) for line in lines]

    def _address(self, line: str) -> str:
        try:
            found = forms.URLField(max_length=300, assume_scheme="https").clean(line)
        except ValidationError as error:
            words = _("«\u00a0%s\u00a0» n’est pas une adresse de site. Exemple\u00a0: https://exemple.fr/mon-film.")
            raise ValidationError(words % line[:80]) from error
        if not found.startswith(("https://", "http://")):
            raise ValidationError(_("Les liens commencent par https:// ou http://."))
        return found


class ProfileForm(forms.Form):
    """A mentor's profile. Everything is asked but the employer and when she is free."""

    use_required_attribute = False
    answers = (
        *("position", "employer", "seniority", "region", "languages", "accepts_remote", "slots", "presentation"),
        *("links", "wished_capacity", "accompanies_minors"),
    )

    position = TextField(
        label=_("Votre fonction"),
        help_text=_("Par exemple\u00a0: cheffe monteuse, régisseur général, productrice."),
        limit=_limit("position"),
    )
    employer = TextField(
        label=_("Employeur ou structure (facultatif)"),
        help_text=_("Si vous êtes intermittent·e ou indépendant·e, laissez vide."),
        limit=_limit("employer"),
    )
    trades = forms.TypedMultipleChoiceField(
        label=_("Vos métiers"),
        help_text=_("Ceux dont vous pouvez parler pour les avoir exercés."),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Cochez au moins un métier.")},
    )
    seniority = forms.ChoiceField(
        label=_("Depuis combien de temps exercez-vous\u00a0?"),
        choices=Seniority.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez une réponse.")},
    )
    region = forms.ChoiceField(
        label=_("Région où vous vivez ou travaillez"),
        choices=[("", _("Choisissez une région")), *Region.choices],
        error_messages={"required": _("Choisissez une région.")},
    )
    languages = forms.MultipleChoiceField(
        label=_("Langues dans lesquelles vous pouvez échanger"),
        choices=Language.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Cochez au moins une langue.")},
    )
    accepts_remote = _yes_no(
        _("Vos rendez-vous peuvent-ils se faire à distance\u00a0?"),
        _("Par téléphone ou en visio. Si c’est non, nous cherchons dans votre région."),
    )
    slots = SlotsField(
        label=_("Quand êtes-vous d’ordinaire disponible\u00a0? (facultatif)"),
        help_text=_(
            "Pour un rendez-vous d’une heure environ, une fois par mois au moins. Nous cherchons quelqu’un qui a les "
            "mêmes moments."
        ),
    )
    presentation = TextField(
        label=_("Ce que vous pouvez transmettre"),
        help_text=_("Votre parcours, ce que vous aimez dans votre métier. La personne que vous accompagnez le lira."),
        limit=_limit("presentation"),
        widget=forms.Textarea({"rows": 8}),
    )
    links = LinksField(
        label=_("Où voir votre travail (facultatif)"),
        help_text=_("Trois liens au plus, un par ligne\u00a0: un film, un site, une fiche."),
    )
    wished_capacity = forms.TypedChoiceField(
        label=_("Combien de personnes pourriez-vous accompagner en même temps\u00a0?"),
        help_text=_(
            "Une idée suffit\u00a0: nous vous le redemandons à chaque saison. Comptez deux à trois heures par mois et "
            "par personne."
        ),
        choices=[(n, str(n)) for n in range(1, MAX_CAPACITY + 1)],
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez un nombre."), "invalid_choice": _("Choisissez un nombre.")},
    )
    accompanies_minors = _yes_no(
        _("Accepteriez-vous d’accompagner une personne de moins de 18\u00a0ans\u00a0?"),
        _(
            "Si oui, la coordination vous demandera de lui montrer un extrait de casier judiciaire "
            "(bulletin n°\u00a03)."
        ),
    )

    REQUIRED_WORDS = {
        "position": _("Indiquez votre fonction."),
        "presentation": _("Dites en quelques lignes ce que vous pouvez transmettre."),
    }

    def __init__(self, data=None, *, mentor: MentorProfile):
        self.mentor = mentor
        self.offered = _offered_trades(mentor)
        is_new = mentor.state == MentorProfile.State.INVITED
        kept = {name: getattr(mentor, name) for name in self.answers}
        if is_new:  # nothing is ticked in her place
            kept |= {"accepts_remote": None, "accompanies_minors": None}
        super().__init__(data, initial={**kept, "trades": [trade.pk for trade in _trades_of(mentor)]})
        self.fields["trades"].choices = _by_family(self.offered.values())

    def clean(self):
        for name, words in self.REQUIRED_WORDS.items():
            if name in self.cleaned_data and not self.cleaned_data[name]:
                self.add_error(name, words)
        return self.cleaned_data

    def save(self, *, actor, now=None) -> None:
        """Raises Refusal or IllegalTransition, as `transitions.save_profile` does."""
        transitions.save_profile(self.mentor, **self.profile, actor=actor, now=now)

    @property
    def profile(self) -> dict:
        """What `transitions.save_profile` and `transitions.apply` take."""
        values = self.cleaned_data
        return {
            "answers": {name: values[name] for name in self.answers},
            "trades": [self.offered[pk] for pk in values["trades"]],
        }


class ApplicationForm(ProfileForm):
    """The profile of somebody whom nobody invited: her name too, when the portal does not know it."""

    NAMES = ("first_name", "last_name")
    REQUIRED_WORDS = ProfileForm.REQUIRED_WORDS | {
        "first_name": _("Indiquez votre prénom."),
        "last_name": _("Indiquez votre nom."),
    }

    first_name = TextField(
        label=_("Prénom"),
        limit=User._meta.get_field("first_name").max_length,
        widget=forms.TextInput({"autocomplete": "given-name"}),
    )
    last_name = TextField(
        label=_("Nom"),
        limit=User._meta.get_field("last_name").max_length,
        widget=forms.TextInput({"autocomplete": "family-name"}),
    )
    field_order = NAMES

    def __init__(self, data=None, *, person: User):
        super().__init__(data, mentor=MentorProfile(person=person))
        if person.first_name and person.last_name:
            for name in self.NAMES:
                del self.fields[name]

    @property
    def names(self) -> dict:
        """Empty where the portal knows them."""
        return {name: self.cleaned_data.get(name, "") for name in self.NAMES}


def _trades_of(mentor: MentorProfile) -> list[Trade]:
    return list(mentor.trades.all()) if mentor.pk else []


def _by_family(trades: Iterable[Trade]) -> list[tuple[str, list[tuple[int, str]]]]:
    """Choices under their family, in the programme's own order."""
    ordered = sorted(trades, key=lambda trade: (trade.order, trade.name))
    families = dict.fromkeys(trade.family for trade in ordered)
    return [(family, [(t.pk, t.name) for t in ordered if t.family == family]) for family in families]


def _offered_trades(mentor: MentorProfile) -> dict[int, Trade]:
    """Those of the forms, and hers even when they are offered no longer."""
    mine = {trade.pk for trade in _trades_of(mentor)}
    return {t.pk: t for t in Trade.objects.order_by("order", "name") if t.is_offered or t.pk in mine}


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
        self.fields["preferred_trades"].choices = _by_family(self.offered.values())

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
    position = forms.CharField(label=_("Fonction (facultatif)"), max_length=_limit("position"), required=False)
    employer = forms.CharField(
        label=_("Employeur ou structure (facultatif)"), max_length=_limit("employer"), required=False
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
        limit=_limit("call_notes"),
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

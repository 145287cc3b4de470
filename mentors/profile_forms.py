"""What a mentor says of herself."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.regions import Region
from applications.fields import SlotsField, TextField
from cohorts.models import Language
from mentors import transitions
from mentors.fields import LinksField, limit_of, yes_no
from mentors.models import MAX_CAPACITY, MentorProfile
from mentors.practices import PracticesForm


class ProfileForm(PracticesForm):
    """A mentor's profile. Everything is asked but the employer and when she is free."""

    use_required_attribute = False
    answers = (
        *("position", "employer", "region", "languages", "accepts_remote", "slots", "presentation"),
        *("links", "wished_capacity", "accompanies_minors"),
    )

    position = TextField(
        label=_("Votre fonction"),
        help_text=_("Par exemple\u00a0: cheffe monteuse, régisseur général, productrice."),
        limit=limit_of("position"),
    )
    employer = TextField(
        label=_("Employeur ou structure (facultatif)"),
        help_text=_("Si vous êtes intermittent·e ou indépendant·e, laissez vide."),
        limit=limit_of("employer"),
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
    accepts_remote = yes_no(
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
        limit=limit_of("presentation"),
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
    accompanies_minors = yes_no(
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
        is_new = mentor.state == MentorProfile.State.INVITED
        kept = {name: getattr(mentor, name) for name in self.answers}
        if is_new:  # nothing is ticked in her place
            kept |= {"accepts_remote": None, "accompanies_minors": None}
        super().__init__(data, mentor=mentor, initial=kept)
        self.order_fields([*(self.field_order or ()), "position", "employer", *self.row_names])

    def clean(self):
        super().clean()
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
        return {"answers": {name: values[name] for name in self.answers}, "practices": self.practices}


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

"""The steps of a candidate's file. Saving never asks that a step be complete: sending does (`completeness`)."""

from itertools import zip_longest

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.regions import Region
from applications import completeness, transitions
from applications.fields import BirthDateField, PhoneField, TextField
from applications.models import MAX_WISHES, Application
from cohorts.models import Audience, Language, Trade

TEXT_LIMIT = Application._meta.get_field("project").max_length
NAME_LIMIT = User._meta.get_field("first_name").max_length

BOX = {"class": "form-check-input"}

AUDIENCE_WORDS = {
    Audience.STUDENT: _("Étudiant·e\u00a0: je suis une formation après le bac, quelle qu’elle soit"),
    Audience.SELF_TAUGHT: _("Autodidacte\u00a0: j’apprends par moi-même, sans école de cinéma"),
    Audience.PUPIL: _("Lycéen·ne\u00a0: je suis au lycée, en CAP ou en apprentissage avant le bac"),
    Audience.REINSERTION: _(
        "En réinsertion sociale\u00a0: une mission locale, une association ou un foyer m’accompagne"
    ),
}


def long_text(label, hint, *, rows):
    return TextField(label=label, help_text=hint, limit=TEXT_LIMIT, widget=forms.Textarea({"rows": rows}))


class StepForm(forms.Form):
    """One step. `person`, `answers` and `trades` say what it writes, for `transitions.save_answers`."""

    use_required_attribute = False
    person: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()

    def __init__(self, data=None, *, application: Application):
        self.application = application
        super().__init__(data, initial=self.initial_from(application))

    def initial_from(self, application) -> dict:
        kept = {name: getattr(application.candidate, name) for name in self.person}
        return kept | {name: getattr(application, name) for name in self.answers}

    @classmethod
    def anchor(cls, name: str) -> str:
        """The id of the first box of a field: where a link of an error summary leads."""
        return f"id_{name}_0" if cls.base_fields[name].widget.use_fieldset else f"id_{name}"

    @property
    def problems(self) -> list[tuple[str, str]]:
        """(address, sentence) of every error, in the order of the page, each one with its question's name."""
        return [
            (f"#{self.anchor(name)}", f"{field.label}\u00a0: {error}")
            for name, field in self.fields.items()
            for error in self.errors.get(name, ())
        ]

    def trades(self) -> list[Trade] | None:
        return None

    def save(self, *, actor, now=None) -> None:
        """Keep what was typed. Raises IllegalTransition when the file was sent in the meantime."""
        values = self.cleaned_data
        transitions.save_answers(
            self.application,
            person={name: values[name] for name in self.person},
            answers={name: values[name] for name in self.answers},
            trades=self.trades(),
            actor=actor,
            now=now,
        )


class AboutForm(StepForm):
    """« À propos de vous »: what is known of the person, whatever she applies to."""

    person = ("first_name", "last_name", "birth_date", "region", "phone")

    first_name = TextField(
        label=_("Prénom d’usage"),
        help_text=_("Celui que vous portez tous les jours, même s’il n’est pas sur vos papiers."),
        limit=NAME_LIMIT,
        widget=forms.TextInput({"autocomplete": "given-name"}),
    )
    last_name = TextField(label=_("Nom"), limit=NAME_LIMIT, widget=forms.TextInput({"autocomplete": "family-name"}))
    birth_date = BirthDateField(label=_("Date de naissance"), help_text=_("Par exemple 9\u00a03\u00a02007."))
    region = forms.ChoiceField(
        label=_("Région où vous vivez"),
        required=False,
        choices=[("", _("Choisissez une région")), *Region.choices],
    )
    phone = PhoneField(
        label=_("Téléphone (facultatif)"),
        help_text=_("Seulement pour que la coordination puisse vous joindre. Il n’est pas montré au jury."),
        required=False,
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}),
    )

    def clean_birth_date(self):
        birth_date = self.cleaned_data["birth_date"]
        try:
            transitions.require_birth_date_kept(self.application.candidate, birth_date)
        except transitions.BirthDateStands as refusal:
            raise ValidationError(refusal.sentence)
        return birth_date


class BackgroundForm(StepForm):
    """« Votre parcours »."""

    answers = ("audience", "background", "languages")

    audience = forms.ChoiceField(
        label=_("Votre situation aujourd’hui"),
        help_text=_(
            "Choisissez ce qui vous ressemble le plus. Nous ne vous demanderons jamais pourquoi. "
            "Aucune de ces situations n’est la vôtre\u00a0? Écrivez-nous avant de remplir la suite."
        ),
        required=False,
        widget=forms.RadioSelect(BOX),
    )
    background = long_text(
        _("Votre parcours"),
        _(
            "Études, petits boulots, films faits avec un téléphone, association, famille\u00a0: ce qui vous a "
            "mené·e jusqu’ici. Une dizaine de lignes suffisent. Aucun diplôme n’est demandé."
        ),
        rows=9,
    )
    languages = forms.MultipleChoiceField(
        label=_("Langues dans lesquelles vous pouvez échanger"),
        required=False,
        choices=Language.choices,
        widget=forms.CheckboxSelectMultiple(BOX),
    )

    def __init__(self, data=None, *, application):
        super().__init__(data, application=application)
        self.fields["audience"].choices = [
            (a, AUDIENCE_WORDS[a]) for a in Audience if a in application.cohort.audiences
        ]


class ProjectForm(StepForm):
    """« Votre projet »: up to three trades, the first one first, and words."""

    answers = ("project", "hopes", "accepts_remote")

    trade_1 = forms.ChoiceField(
        label=_("Le métier qui vous attire le plus"),
        help_text=_("C’est lui qui compte d’abord pour vous trouver un·e mentor·e."),
        required=False,
    )
    trade_2 = forms.ChoiceField(label=_("Un deuxième métier (facultatif)"), required=False)
    trade_3 = forms.ChoiceField(label=_("Un troisième métier (facultatif)"), required=False)
    project = long_text(
        _("Votre projet"),
        _(
            "Un film à écrire, un poste à trouver, une école à préparer, un métier à découvrir\u00a0: "
            "qu’est-ce que vous aimeriez faire, et où en êtes-vous\u00a0? Une dizaine de lignes suffisent."
        ),
        rows=9,
    )
    hopes = long_text(
        _("Ce que vous attendez d’un·e mentor·e"),
        _("Des conseils, un regard, un carnet d’adresses, du courage\u00a0: dites-le simplement, en quelques lignes."),
        rows=6,
    )
    accepts_remote = forms.TypedChoiceField(
        label=_("Vos rendez-vous peuvent-ils se faire à distance\u00a0?"),
        help_text=_("Par téléphone ou en visio. Si c’est oui, nous pouvons chercher dans toute la France."),
        choices=[("True", _("Oui")), ("False", _("Non, je préfère me déplacer"))],
        coerce=lambda value: value == "True",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect(BOX),
    )

    WISHES = tuple(f"trade_{rank}" for rank in range(1, MAX_WISHES + 1))

    def __init__(self, data=None, *, application):
        wanted = application.ranked_trades
        self.offered = {str(t.pk): t for t in [*Trade.objects.filter(is_offered=True), *wanted]}
        super().__init__(data, application=application)
        families = {}
        for value, trade in self.offered.items():
            families.setdefault(trade.family, []).append((value, trade.name))
        for name in self.WISHES:
            self.fields[name].choices = [("", _("Choisissez un métier")), *families.items()]
        for name, trade in zip_longest(self.WISHES, wanted):
            self.initial[name] = str(trade.pk) if trade else ""

    def clean(self):
        taken = set()
        for name in self.WISHES:
            value = self.cleaned_data.get(name)
            if value and value in taken:
                self.add_error(name, ValidationError(_("Vous avez déjà choisi ce métier plus haut.")))
            taken.add(value)
        return self.cleaned_data

    def clean_accepts_remote(self):
        answer = self.cleaned_data["accepts_remote"]
        return self.application.accepts_remote if answer is None else answer

    def trades(self) -> list[Trade]:
        """In the order wanted; a rank left empty closes up."""
        return [self.offered[value] for name in self.WISHES if (value := self.cleaned_data[name])]


FORMS = {
    completeness.ABOUT: AboutForm,
    completeness.BACKGROUND: BackgroundForm,
    completeness.PROJECT: ProjectForm,
}

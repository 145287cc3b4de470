"""The steps about the person: who, where, in which situation, accompanied by whom."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from phonenumber_field.phonenumber import to_python

from accounts.models import User
from applications import outline, transitions
from applications.fields import BirthDateField, EmailField, NameField, PhoneField, PostcodeField, TextField
from applications.files import as_date
from applications.forms.base import StepForm, choice
from applications.models import Application
from cohorts.models import Audience

NAME_LIMIT = User._meta.get_field("first_name").max_length
STRUCTURE_LIMIT = Application._meta.get_field("structure").max_length


class IdentityForm(StepForm):
    """« Qui vous êtes »."""

    step = outline.IDENTITY

    first_name = NameField(
        label=_("Prénom d’usage"),
        help_text=_("Celui que vous portez tous les jours, même s’il n’est pas sur vos papiers."),
        limit=NAME_LIMIT,
        widget=forms.TextInput({"autocomplete": "given-name"}),
    )
    last_name = NameField(label=_("Nom"), limit=NAME_LIMIT, widget=forms.TextInput({"autocomplete": "family-name"}))
    birth_date = BirthDateField(label=_("Date de naissance"), help_text=_("Par exemple 9\u00a03\u00a02007."))

    def initial_from(self, answers):
        return super().initial_from(answers) | {"birth_date": as_date(answers.get("birth_date"))}

    def clean_birth_date(self):
        birth_date, application = self.cleaned_data["birth_date"], self.file.application
        try:
            transitions.require_birth_date_kept(application.candidate, birth_date, sending=application)
        except transitions.BirthDateStands as refusal:
            raise ValidationError(refusal.sentence)
        return birth_date


class ContactForm(StepForm):
    """« Où vous vivez »: the region follows from the postcode."""

    step = outline.CONTACT

    postcode = PostcodeField(
        label=_("Code postal de l’endroit où vous vivez"),
        help_text=_("Il nous dit votre département et votre région, outre-mer compris\u00a0: pas votre adresse."),
    )
    phone = PhoneField(
        label=_("Téléphone (facultatif)"),
        help_text=_("Seulement pour que la coordination puisse vous joindre. Il n’est pas montré au jury."),
        required=False,
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}),
    )

    def initial_from(self, answers):
        return super().initial_from(answers) | {"phone": to_python(answers.get("phone") or "") or ""}


class SituationForm(StepForm):
    """« Votre situation »: one of those that the cohort is for."""

    step = outline.SITUATION

    audience = choice(
        _("Votre situation aujourd’hui"),
        (),
        _(
            "Choisissez ce qui vous ressemble le plus. Nous ne vous demanderons jamais pourquoi. "
            "Aucune de ces situations n’est la vôtre\u00a0? Écrivez-nous avant de remplir la suite."
        ),
    )

    def __init__(self, data=None, *, file):
        super().__init__(data, file=file)
        self.fields["audience"].choices = [
            (a, outline.AUDIENCE_WORDS[a]) for a in Audience if a in file.cohort.audiences
        ]


class SupportForm(StepForm):
    """« Qui vous accompagne »: what follows from the situation, and somebody who may follow the file's progress."""

    step = outline.SUPPORT

    structure = TextField(label=_("Établissement ou structure (facultatif)"), limit=STRUCTURE_LIMIT)
    referent_name = TextField(
        label=_("Nom d’un·e référent·e (facultatif)"),
        help_text=_(
            "Quelqu’un qui vous suit et que vous voulez tenir au courant\u00a0: prof, conseiller ou conseillère, "
            "éducateur ou éducatrice."
        ),
        limit=NAME_LIMIT,
    )
    referent_email = EmailField(
        label=_("Son adresse e-mail (facultatif)"),
        help_text=_(
            "À l’envoi, cette personne reçoit un lien qui montre seulement où en est votre candidature, jamais vos "
            "réponses."
        ),
    )

    WORDS = {
        Audience.STUDENT: (_("Votre école ou université (facultatif)"), _("Laissez vide si vous préférez.")),
        Audience.PUPIL: (_("Votre lycée ou votre CFA (facultatif)"), _("Son nom et sa ville.")),
        Audience.REINSERTION: (
            _("La structure qui vous accompagne (facultatif)"),
            _("Mission locale, association, foyer, école de la deuxième chance… Laissez vide s’il n’y en a pas."),
        ),
        Audience.SELF_TAUGHT: (
            _("Une structure vous accompagne-t-elle\u00a0? (facultatif)"),
            _("Mission locale, association, lieu culturel… Laissez vide s’il n’y en a pas."),
        ),
    }

    def __init__(self, data=None, *, file):
        super().__init__(data, file=file)
        if words := self.WORDS.get(file.answers.get("audience")):
            self.fields["structure"].label, self.fields["structure"].help_text = words

    def clean_referent_email(self):
        address = self.cleaned_data["referent_email"]
        if address and address == self.file.application.candidate.email:
            raise ValidationError(_("C’est votre propre adresse\u00a0: donnez celle de la personne qui vous suit."))
        return address

"""The cohort's own questions, written on its admin page under its settings."""

import re

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohorts.asked_admin import AskedFormSet, AskedInline, order_field
from cohorts.models import Question
from cohorts.transitions import QUESTIONS

FIELD_OF_CONSTRAINT = {"question_has_choices": "choices", "question_word_limit": "word_limit"}
"""Next to which field a broken rule of the database is told."""

LONGEST_CHOICE = Question._meta.get_field("choices").base_field.max_length
MOST_CHOICES = 20
USUAL_WORDS = Question._meta.get_field("word_limit").default


BLANKS = re.compile(r"[^\S\u00a0\u202f]+")
"""Every blank, line breaks too, but those that keep French signs with their word."""


class OneALine(forms.CharField):
    """A list of short texts, one a line: trimmed, empty lines dropped, each written once."""

    widget = forms.Textarea

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value) -> list[str]:
        lines = (BLANKS.sub(" ", line).strip() for line in super().to_python(value).splitlines())
        return [line for line in lines if line]

    def has_changed(self, initial, data) -> bool:
        return (initial or []) != self.to_python(data)

    def validate(self, value):
        super().validate(value)
        seen = set()
        for line in value:
            if len(line) > LONGEST_CHOICE:
                raise forms.ValidationError(
                    _("« %(line)s… » est trop long : %(most)s caractères au plus.")
                    % {"line": line[:30], "most": LONGEST_CHOICE}
                )
            if line.casefold() in seen:
                raise forms.ValidationError(_("« %s » est écrit deux fois.") % line)
            seen.add(line.casefold())
        if len(value) > MOST_CHOICES:
            raise forms.ValidationError(_("%s choix au plus.") % MOST_CHOICES)

    def run_validators(self, value):
        super().run_validators("\n".join(value))


class OneLine(forms.CharField):
    """A sentence that may be long: the box shows it whole, and line breaks typed in it become spaces."""

    def to_python(self, value):
        return BLANKS.sub(" ", super().to_python(value))


def _sentence(**options):
    return OneLine(widget=forms.Textarea(attrs={"rows": 2}), **options)


class QuestionForm(forms.ModelForm):
    """One question; what breaks a rule is told next to the field to change."""

    text = _sentence(
        label=gettext_lazy("Question"),
        max_length=Question._meta.get_field("text").max_length,
        help_text=gettext_lazy("Comme vous la poseriez de vive voix : « Quel film vous a donné envie de ce métier ? »"),
        error_messages={
            "required": gettext_lazy("Écrivez la question."),
            "max_length": gettext_lazy("%(limit_value)d caractères au plus : cette question en a %(show_value)d."),
        },
    )
    hint = _sentence(
        label=gettext_lazy("Précision"),
        max_length=Question._meta.get_field("hint").max_length,
        required=False,
        help_text=gettext_lazy("Facultatif. Une phrase montrée sous la question : ce que vous attendez, un exemple."),
        error_messages={
            "max_length": gettext_lazy("%(limit_value)d caractères au plus : cette précision en a %(show_value)d.")
        },
    )
    word_limit = forms.IntegerField(
        label=gettext_lazy("Nombre de mots au plus"),
        min_value=1,
        max_value=600,
        required=False,
        initial=USUAL_WORDS,
        help_text=gettext_lazy("De 1 à 600. Cent cinquante mots font une dizaine de lignes."),
        error_messages={
            "invalid": gettext_lazy("Écrivez un nombre entier, de 1 à 600."),
            "min_value": gettext_lazy("Un mot au moins."),
            "max_value": gettext_lazy("600 mots au plus."),
        },
    )
    choices = OneALine(
        label=gettext_lazy("Choix proposés"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("Un par ligne, deux au moins, dans l’ordre où ils seront lus."),
    )
    is_required = forms.BooleanField(
        label=gettext_lazy("Réponse obligatoire"),
        required=False,
        initial=True,
        help_text=gettext_lazy("Sans réponse, la candidature ne peut pas être envoyée."),
    )
    order = order_field(gettext_lazy("Du plus petit au plus grand. Laissez vide pour la poser en dernier."))

    class Meta:
        model = Question
        fields = ["text", "hint", "kind", "word_limit", "choices", "is_required", "order"]

    def clean_word_limit(self):
        """Only a text has one; left empty, it is the usual one."""
        return self.cleaned_data["word_limit"] or USUAL_WORDS

    def clean(self):
        if self.cleaned_data.get("choices") and self.cleaned_data.get("kind") not in (None, Question.Kind.CHOICE):
            self.add_error(
                "choices",
                _("Ces choix ne seraient pas montrés : attendez « %s », ou effacez-les.") % Question.Kind.CHOICE.label,
            )
        return super().clean()

    def full_clean(self):
        super().full_clean()
        self._tell_next_to_fields()

    def _tell_next_to_fields(self):
        field_of = {
            constraint.violation_error_message: FIELD_OF_CONSTRAINT[constraint.name]
            for constraint in Question._meta.constraints
        }
        general = self.errors.pop(NON_FIELD_ERRORS, None)
        for error in general.as_data() if general else ():
            for sentence in error.messages:
                self.add_error(field_of.get(sentence), sentence)


class QuestionFormSet(AskedFormSet):
    """The questions of one cohort."""

    default_error_messages = {"too_many_forms": QUESTIONS.too_many}
    asked, named_by = QUESTIONS, "text"
    deletion_label = gettext_lazy("Supprimer cette question")
    gone = gettext_lazy(
        "«\u00a0%s\u00a0» n’est plus parmi ces questions\u00a0: quelqu’un l’a supprimée. Rouvrez la page avant de "
        "continuer."
    )


class QuestionInline(AskedInline):
    """One block a question."""

    model = Question
    form = QuestionForm
    formset = QuestionFormSet
    template = "admin/cohorts/cohort/questions.html"
    max_num = QUESTIONS.most
    fields = ["text", "hint", "kind", "word_limit", "choices", "is_required", "order"]

"""The step of the cohort's own questions."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from applications import outline
from applications.choices import YES_NO
from applications.fields import TextField
from applications.forms.base import TEXT_LIMIT, StepForm, choice
from cohorts.models import Question


class WordsField(TextField):
    """Text of so many words at most. What is too long comes back whole, with the count."""

    def __init__(self, *, words: int, **options):
        self.words = words
        super().__init__(limit=max(TEXT_LIMIT, 10 * words), widget=forms.Textarea({"rows": 6}), **options)

    def widget_attrs(self, widget):
        return {"data-words": self.words}

    def validate(self, value):
        super().validate(value)
        count = len(value.split())
        if count > self.words:
            raise ValidationError(
                ngettext(
                    "Votre texte fait %(count)s mots et la limite est de %(limit)s\u00a0: retirez-en un.",
                    "Votre texte fait %(count)s mots et la limite est de %(limit)s\u00a0: retirez-en %(excess)s.",
                    count - self.words,
                ),
                params={"count": count, "limit": self.words, "excess": count - self.words},
                code="too_many_words",
            )


class QuestionsForm(StepForm):
    """« Les questions de la promotion », in the words of its staff."""

    step = outline.QUESTIONS

    def __init__(self, data=None, *, file):
        super().__init__(data, file=file)
        for question in file.questions:
            self.fields[f"question_{question.pk}"] = _field(question)

    def initial_from(self, answers):
        return {f"question_{pk}": answer for pk, answer in answers.get("questions", {}).items()}

    def values(self):
        said = dict(self.file.answers.get("questions", {}))
        for question in self.file.questions:
            name = f"question_{question.pk}"
            if name in self.cleaned_data:
                said[str(question.pk)] = self.cleaned_data[name]
        return {"questions": {pk: answer for pk, answer in said.items() if answer}}


def _field(question: Question) -> forms.Field:
    label = question.text if question.is_required else _("%s (facultatif)") % question.text
    if question.kind == Question.Kind.TEXT:
        hint = f"{question.hint} {_('%s mots au plus.') % question.word_limit}".strip()
        return WordsField(label=label, help_text=hint, words=question.word_limit)
    if question.kind == Question.Kind.YES_NO:
        return choice(label, list(YES_NO.items()), question.hint)
    return choice(label, [(text, text) for text in question.choices], question.hint)

"""The step of agreements, each one to a text in its version."""

from django import forms
from django.utils.translation import gettext_lazy as _

from applications import completeness, outline
from applications.forms.base import BOX, StepForm
from applications.sending import TEXT_OF_ANSWER


def _box(label):
    return forms.BooleanField(label=label, required=False, widget=forms.CheckboxInput(BOX))


class AgreementsForm(StepForm):
    """« Vos accords »: what is kept is the number of the version that was shown, so that another one is asked anew."""

    step = outline.AGREEMENTS

    rules = _box(_("J’ai lu les règles du programme, et je les accepte"))
    privacy = _box(_("J’ai lu ce que deviennent mes réponses"))
    image = _box(_("J’accepte d’être photographié·e ou filmé·e pendant les rencontres (facultatif)"))

    def initial_from(self, answers):
        return {name: completeness.agrees(self.file, name) for name in self.step.answers}

    def values(self):
        shown = {name: self.data.get(f"{name}_version") for name in self.step.answers}
        return {
            name: number if self.cleaned_data[name] and shown[name] == str(number) else None
            for name, number in self.numbers.items()
        }

    @property
    def numbers(self) -> dict[str, int]:
        """The version of each text that stands now."""
        found = {name: self.file.texts.get(TEXT_OF_ANSWER[name]) for name in self.step.answers}
        return {name: version.number for name, version in found.items() if version}

    @property
    def boxes(self) -> list[tuple[forms.BoundField, object]]:
        """Each box with the text it is about."""
        return [(self[name], self.file.texts.get(TEXT_OF_ANSWER[name])) for name in self.step.answers]

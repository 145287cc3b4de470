"""What every step is made of: it shows what is kept, and gives back what can be kept of what was typed."""

from datetime import date

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from phonenumber_field.phonenumber import PhoneNumber

from applications import drafting
from applications.fields import TextField
from applications.files import File
from applications.outline import Step

BOX = {"class": "form-check-input"}
TEXT_LIMIT = 4000
"""Characters of a long answer: about six hundred words."""
SHORT_LIMIT = 1500


def long_text(label, hint, *, rows, limit=TEXT_LIMIT):
    return TextField(label=label, help_text=hint, limit=limit, widget=forms.Textarea({"rows": rows}))


def choice(label, choices, hint="", **options):
    """One of a few, as radio buttons; none is a possible answer."""
    return forms.ChoiceField(
        label=label, choices=choices, help_text=hint, required=False, widget=forms.RadioSelect(BOX), **options
    )


def lines(choices) -> list[tuple]:
    """Choices as lines that begin with a capital letter; the rest of each one keeps its own (QPV, France)."""
    return [(value, capfirst(label)) for value, label in choices]


class AskingForm(forms.Form):
    """A page of questions. Errors are told in our words, next to the question and at the head of the page."""

    use_required_attribute = False

    def anchor(self, name: str) -> str:
        """The id of the first box of a field: where a link of an error summary leads."""
        return f"id_{name}_0" if self.fields[name].widget.use_fieldset else f"id_{name}"

    @property
    def problems(self) -> list[tuple[str, str]]:
        """(address, sentence) of every error, in the order of the page, each one with its question's name."""
        return [
            (f"#{self.anchor(name)}", _("%(question)s\u00a0: %(error)s") % {"question": field.label, "error": error})
            for name, field in self.fields.items()
            for error in self.errors.get(name, ())
        ]


class StepForm(AskingForm):
    """One step of a file. Its fields are named like the answers they write, unless the form says otherwise."""

    step: Step

    def __init__(self, data=None, *, file: File):
        self.file = file
        super().__init__(data, initial=self.initial_from(file.answers))

    def initial_from(self, answers: dict) -> dict:
        """What the page shows of what is kept; override where a field is not its answer."""
        return {name: answers.get(name) for name in self.step.answers}

    def values(self) -> dict:
        """What can be kept of what was typed, as answers; a field in error leaves its answer out. Override likewise."""
        return {name: as_json(self.cleaned_data[name]) for name in self.step.answers if name in self.cleaned_data}

    @property
    def seen(self) -> str:
        """The fingerprint of what is kept, for the page to send back."""
        return drafting.fingerprint(self.file.answers, self.step.answers)

    @property
    def left_out(self) -> list[str]:
        """The questions whose answer could not be kept as it was typed."""
        return [str(field.label) for name, field in self.fields.items() if name in self.errors]

    def save(self, *, seen: str | None, now=None):
        """Keep what can be kept. Raises Stale, IllegalTransition (see `drafting.save_step`)."""
        self.is_valid()
        return drafting.save_step(self.file.application, self.step.answers, self.values(), seen=seen, now=now)


def as_json(value):
    """An answer as it is kept."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, PhoneNumber):
        return value.as_e164
    return value

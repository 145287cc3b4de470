"""Places kept for each public: « at least so many lycéen·nes », written as one number a public."""

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohorts.models import Audience

MOST = 9999


class MinimumsWidget(forms.MultiWidget):
    """One labelled box a public."""

    template_name = "cohorts/widgets/minimums.html"
    use_fieldset = True

    def __init__(self):
        boxes = {value: forms.NumberInput({"min": 0, "max": MOST, "inputmode": "numeric"}) for value in Audience.values}
        super().__init__(boxes)

    def decompress(self, value):
        return [(value or {}).get(audience) for audience in Audience.values]

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        for box, label in zip(context["widget"]["subwidgets"], Audience.labels, strict=True):
            box["label"] = label
        return context

    def render(self, name, value, attrs=None, renderer=None):
        return super().render(name, value, attrs, TemplatesSetting())


class MinimumsField(forms.MultiValueField):
    """{public: places at least}; an empty box, or 0, asks for nothing and is left out."""

    widget = MinimumsWidget

    def __init__(self, **options):
        sentence = gettext_lazy("Écrivez un nombre entier, par exemple 20.")
        messages = dict.fromkeys(("invalid", "min_value", "max_value"), sentence)
        boxes = [
            forms.IntegerField(required=False, min_value=0, max_value=MOST, error_messages=messages)
            for _audience in Audience.values
        ]
        super().__init__(boxes, required=False, require_all_fields=False, **options)

    def compress(self, numbers):
        return {audience: number for audience, number in zip(Audience.values, numbers, strict=False) if number}

    def has_changed(self, initial, data):
        try:
            return (initial or {}) != self.clean(data)
        except ValidationError:
            return True


def require_within(minimums: dict[str, int], audiences, places: int) -> None:
    """Raises ValidationError when a public is not of the cohort, or more is kept than there are places."""
    others = [str(Audience(audience).label) for audience in minimums if audience not in audiences]
    if others:
        raise ValidationError(_("Ces publics ne sont pas ceux de la promotion\u00a0: %s.") % ", ".join(others))
    if sum(minimums.values()) > places:
        raise ValidationError(
            _("Ensemble, ces nombres font %(sum)s places, et la promotion en a %(places)s.")
            % {"sum": sum(minimums.values()), "places": places}
        )

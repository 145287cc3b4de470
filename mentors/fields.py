"""What the forms of mentors share: fields of a profile, and trades under their families."""

from collections.abc import Iterable

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cohorts.models import Trade
from mentors.models import MAX_LINKS, MentorProfile

_YES_NO = [("True", _("Oui")), ("False", _("Non"))]


def limit_of(name: str) -> int:
    return MentorProfile._meta.get_field(name).max_length


def yes_no(label, hint, choices=_YES_NO):
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


def by_family(trades: Iterable[Trade]) -> list[tuple[str, list[tuple[int, str]]]]:
    """Choices under their family, in the programme's own order."""
    ordered = sorted(trades, key=lambda trade: (trade.order, trade.name))
    families = dict.fromkeys(trade.family for trade in ordered)
    return [(family, [(t.pk, t.name) for t in ordered if t.family == family]) for family in families]

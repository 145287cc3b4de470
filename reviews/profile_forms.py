"""What a jury member types about herself."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from applications.fields import TextField
from reviews import profiles
from reviews.models import ReaderProfile


def _lines(name: str, label, hint) -> TextField:
    limit = ReaderProfile._meta.get_field(name).max_length
    return TextField(label=label, help_text=hint, limit=limit, widget=forms.Textarea(attrs={"rows": 4}))


class ReaderProfileForm(forms.Form):
    """« Ce que vous connaissez »: everything is optional."""

    use_required_attribute = False

    trades = forms.TypedMultipleChoiceField(
        label=_("Les métiers que vous connaissez"),
        help_text=_("Vous lirez d’abord des dossiers qui visent ces métiers."),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Ce métier n’est plus proposé.")},
    )
    schools = _lines(
        "schools",
        _("Les établissements où vous enseignez, ou que vous connaissez de près"),
        _("Un par ligne : écoles, lycées, universités, associations, missions locales."),
    )
    employers = _lines(
        "employers",
        _("Vos employeurs et les structures pour lesquelles vous travaillez"),
        _("Un par ligne. Les entreprises, les associations, les tournages en cours."),
    )
    addresses = _lines(
        "addresses",
        _("Les adresses e-mail de personnes que vous connaissez et qui pourraient candidater, ou les avoir soutenues"),
        _("Une par ligne. La vôtre compte déjà."),
    )

    def __init__(self, data=None, *, profile: ReaderProfile | None):
        self.offered = profiles.offered_trades(profile)
        known = {name: getattr(profile, name) for name in ("schools", "employers", "addresses")} if profile else {}
        trades = [trade.pk for trade in profile.trades.all()] if profile else []
        super().__init__(data, initial={**known, "trades": trades})
        self.fields["trades"].choices = [
            (family, [(trade.pk, trade.name) for trade in self.offered.values() if trade.family == family])
            for family in dict.fromkeys(trade.family for trade in self.offered.values())
        ]

    def clean_addresses(self):
        text = self.cleaned_data["addresses"]
        if wrong := profiles.unreadable_addresses(text):
            told = _("« %s » n’est pas une adresse e-mail : écrivez-la en entier, avec son @.")
            raise ValidationError(told % wrong[0][:80])
        return text

    @property
    def answers(self) -> dict:
        """What was typed, as `profiles.save_profile` takes it."""
        return {**self.cleaned_data, "trades": [self.offered[pk] for pk in self.cleaned_data["trades"]]}

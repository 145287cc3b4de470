"""What a jury member types."""

from django import forms
from django.utils.translation import gettext_lazy as _

from reviews.models import Review

SCORES = [
    (1, _("1 · ne convient pas à cette promotion")),
    (2, _("2 · des réserves sérieuses")),
    (3, _("3 · convient")),
    (4, _("4 · convient très bien")),
    (5, _("5 · à accueillir absolument")),
]


class ReviewForm(forms.Form):
    """A score from 1 to 5, and the comment that says why."""

    score = forms.TypedChoiceField(
        label=_("Votre note"),
        choices=SCORES,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choisissez une note de 1 à 5."),
            "invalid_choice": _("Choisissez une note de 1 à 5."),
        },
    )
    comment = forms.CharField(
        label=_("Votre commentaire"),
        required=False,
        max_length=Review._meta.get_field("comment").max_length,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "Facultatif, utile à la décision. Écrivez comme si la personne vous lisait : elle peut demander à lire "
            "votre commentaire."
        ),
        error_messages={"max_length": _("Votre commentaire dépasse 4 000 caractères : raccourcissez-le un peu.")},
    )

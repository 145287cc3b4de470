"""What a coordinator types to ask a candidate what a member of the jury would like to know."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.fields import TextField
from portal.forms import REQUEST_LIMIT, MomentField, require_before_start


class ForwardForm(forms.Form):
    """The question in words of her own; a moment too, for an answer that belongs in the file.

    `initial` holds the cohort's first day as `starts_on`.
    """

    use_required_attribute = False

    words = TextField(
        label=gettext_lazy("Ce que vous demandez"),
        limit=REQUEST_LIMIT,
        help_text=gettext_lazy(
            "La personne lira ces mots dans son courriel. Reprenez la question dans les vôtres\u00a0: rien ne doit "
            "dire qui l’a posée, ni ce que le jury pense."
        ),
        widget=forms.Textarea({"rows": 6}),
    )
    until = MomentField(
        label=gettext_lazy("Rouvrir la candidature jusqu’au"),
        required=False,
        help_text=gettext_lazy(
            "Facultatif, heure de Paris. Sans moment, la personne répond par courriel, à la coordination. Avec, elle "
            "peut aussi changer ses réponses\u00a0: le jury lira la nouvelle version."
        ),
    )

    def clean_words(self):
        words = self.cleaned_data["words"].strip()
        if not words:
            raise forms.ValidationError(_("Écrivez ce que vous demandez\u00a0: la personne lira ces mots."))
        return words

    def clean_until(self):
        until = self.cleaned_data["until"]
        if until is not None:
            require_before_start(until, self.initial["starts_on"])
        return until

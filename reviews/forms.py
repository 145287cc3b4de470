"""What a jury member types."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cohorts.models import Criterion
from lifecycle.refusals import Refusal
from reviews.models import Review
from reviews.models.readings import HIGHEST, LOWEST
from reviews.transitions import LONGEST_REASON, tidy_reason

SCORES = [(value, str(value)) for value in range(LOWEST, HIGHEST + 1)]


class ReviewForm(forms.Form):
    """A score from 1 to 5 for each criterion, and the comment that says why.

    It shows what she is writing (`draft`, as an `Assignment` keeps it), or what she gave.
    """

    comment = forms.CharField(
        label=_("Votre commentaire"),
        required=False,
        max_length=Review._meta.get_field("comment").max_length,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=_(
            "Facultatif, utile à la décision. Écrivez comme si la personne vous lisait\u00a0: elle peut demander à "
            "lire votre commentaire."
        ),
        error_messages={"max_length": _("Votre commentaire dépasse 4 000 caractères\u00a0: raccourcissez-le un peu.")},
    )

    def __init__(self, *args, criteria: list[Criterion], given: Review | None = None, draft: dict, **kwargs):
        shown = draft or _as_draft(given)
        known = {f"score_{pk}": value for pk, value in shown.get("scores", {}).items()}
        super().__init__(*args, initial={**known, "comment": shown.get("comment", "")}, **kwargs)
        self.fields["comment"].widget.attrs.pop("maxlength")  # it would cut what is pasted, without a word
        self.criteria = criteria
        sentence = _("Choisissez une note de 1 à 5.")
        for criterion in criteria:
            self.fields[f"score_{criterion.pk}"] = forms.TypedChoiceField(
                label=criterion.name,
                choices=SCORES,
                coerce=int,
                widget=forms.RadioSelect,
                error_messages={"required": sentence, "invalid_choice": sentence},
            )

    def rows(self):
        """Each criterion with its field, in order."""
        return [(criterion, self[f"score_{criterion.pk}"]) for criterion in self.criteria]

    @property
    def opinion(self) -> dict:
        """What `readings.review` takes."""
        scores = {criterion.pk: self.cleaned_data[f"score_{criterion.pk}"] for criterion in self.criteria}
        return {"scores": scores, "comment": self.cleaned_data["comment"]}

    @property
    def begun(self) -> dict:
        """What `readings.save_draft` takes: whatever is there already and can be kept."""
        self.is_valid()
        read = {criterion.pk: self.cleaned_data.get(f"score_{criterion.pk}") for criterion in self.criteria}
        comment = self.data.get("comment", "").replace("\x00", "").replace("\r\n", "\n").strip()
        return {"scores": {pk: value for pk, value in read.items() if value}, "comment": comment[:LONGEST_DRAFT]}


LONGEST_DRAFT = 8000
"""A comment being written may be too long to be given; it is kept all the same, up to here."""


def _as_draft(given: Review | None) -> dict:
    if given is None:
        return {}
    return {"scores": {score.criterion_id: score.value for score in given.scores.all()}, "comment": given.comment}


READY_REASONS = {
    "beaucoup": _("Nous avons lu votre candidature avec plaisir. Beaucoup se valaient, et il a fallu choisir."),
    "metier": _(
        "Le métier que vous visez a reçu, cette saison, bien plus de demandes que nous n’avons de mentor·es pour y "
        "répondre."
    ),
    "precision": _(
        "Votre projet nous a intéressés, mais il reste trop large pour que nous trouvions la bonne personne. La "
        "prochaine fois, dites-nous ce que vous voulez apprendre en premier, et pourquoi."
    ),
    "appuis": _(
        "Vous avez déjà des appuis dans le métier : nous avons donné la priorité aux personnes qui n’en ont aucun."
    ),
    "temps": _("Vos disponibilités ne permettaient pas un accompagnement régulier pendant toute la promotion."),
}
"""Sentences that a coordinator may take as they are, or add to her own words."""


class SharedReasonForm(forms.Form):
    """The reason that goes with a refusal, if any: her own words, then the ready sentences she ticked."""

    shared_reason = forms.CharField(
        label=_("La raison, dans vos mots"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "Facultatif. La personne lira ces mots dans sa réponse, sous « Voici ce que le jury a voulu vous dire ». "
            "Écrivez-les comme à quelqu’un que vous estimez : ce que vous avez aimé, puis ce qui a manqué. Rien sur la "
            "vie privée, rien qui compare à une autre personne."
        ),
        error_messages={
            "max_length": _("%(limit_value)d caractères au plus : votre texte en a %(show_value)d. Raccourcissez-le."),
        },
    )
    ready = forms.MultipleChoiceField(
        label=_("Des phrases toutes prêtes, à ajouter"),
        choices=list(READY_REASONS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Facultatif. Celles que vous cochez suivent vos mots."),
        error_messages={"invalid_choice": _("Cette phrase n’est pas proposée.")},
    )

    def clean(self):
        """`shared_reason` becomes the whole of what the person will read."""
        given = super().clean()
        words = given.get("shared_reason", "")
        sentences = [str(READY_REASONS[key]) for key in given.pop("ready", [])]
        try:
            given["shared_reason"] = tidy_reason(
                "\n\n".join(filter(None, [words, *(sentence for sentence in sentences if sentence not in words)]))
            )
        except Refusal as refusal:
            self.add_error("shared_reason", refusal.sentence)
        return given

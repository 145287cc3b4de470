"""What the jury judges by, written on the cohort's admin page under the documents it asks."""

from django import forms
from django.utils.translation import gettext_lazy

from cohorts.asked_admin import AskedFormSet, AskedInline, number_field, order_field
from cohorts.models import MAX_WEIGHT, Criterion
from cohorts.questions_admin import OneLine
from cohorts.transitions import CRITERIA, SETTLED

TOO_LONG = gettext_lazy("%(limit_value)d caractères au plus\u00a0: ce texte en a %(show_value)d.")


def _end(label, help_text):
    return OneLine(
        label=label,
        max_length=Criterion._meta.get_field("low").max_length,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=help_text,
        error_messages={"max_length": TOO_LONG},
    )


class CriterionForm(forms.ModelForm):
    """One criterion."""

    name = OneLine(
        label=gettext_lazy("Critère"),
        max_length=Criterion._meta.get_field("name").max_length,
        help_text=gettext_lazy("En peu de mots\u00a0: «\u00a0Le projet\u00a0», «\u00a0L’engagement\u00a0»."),
        error_messages={"required": gettext_lazy("Écrivez le nom du critère."), "max_length": TOO_LONG},
    )
    low = _end(
        gettext_lazy("Ce que vaut 1"), gettext_lazy("Une phrase\u00a0: ce qui fait donner la note la plus basse.")
    )
    high = _end(
        gettext_lazy("Ce que vaut 5"), gettext_lazy("Une phrase\u00a0: ce qui fait donner la note la plus haute.")
    )
    weight = number_field(
        1,
        MAX_WEIGHT,
        label=gettext_lazy("Poids"),
        initial=1,
        help_text=gettext_lazy("De 1 à 10. Un critère de poids 3 compte trois fois plus qu’un critère de poids 1."),
    )
    order = order_field(gettext_lazy("Du plus petit au plus grand. Laissez vide pour le mettre en dernier."))

    class Meta:
        model = Criterion
        fields = ["name", "low", "high", "weight", "order"]


class CriterionFormSet(AskedFormSet):
    """The criteria of one cohort. Settled by the first opinion given: words alone change afterwards."""

    default_error_messages = {"too_many_forms": CRITERIA.too_many}
    asked, named_by = CRITERIA, "name"
    deletion_label = gettext_lazy("Supprimer ce critère")
    gone = gettext_lazy("«\u00a0%s\u00a0» n’est plus parmi ces critères\u00a0: rouvrez la page avant de continuer.")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.can_delete = not self.is_protected

    @property
    def is_protected(self) -> bool:
        return bool(self.instance.pk and self.instance.criteria_settled_at)

    def clean(self):
        super().clean()
        if self.is_protected and any(form.has_changed() for form in self.extra_forms):
            raise forms.ValidationError(SETTLED)


class CriterionInline(AskedInline):
    """One block a criterion."""

    model = Criterion
    form = CriterionForm
    formset = CriterionFormSet
    template = "admin/cohorts/cohort/criteria.html"
    max_num = CRITERIA.most
    fields = ["name", "low", "high", "weight", "order"]
    extra = 1

"""A mentor's « no », and what a coordinator sets: a commitment, what scores count, what a calculation is asked for."""

from collections.abc import Sequence
from itertools import pairwise

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from applications.fields import TextField, grouped
from cohorts import moments
from cohorts.models import Cohort
from matching.models import Proposal, Run, Weights
from matching.scoring import CHOSEN, MAX_SCORE
from mentors.forms import CapacityForm


class DeclineForm(forms.Form):
    """Why a mentor declines. Read by the coordination alone."""

    use_required_attribute = False

    reason = forms.ChoiceField(
        label=_("Pour quelle raison\u00a0?"),
        choices=Proposal.Reason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez une raison."), "invalid_choice": _("Choisissez une raison.")},
    )
    words = TextField(
        label=_("En quelques mots (facultatif)"),
        help_text=_("Seule la coordination le lira."),
        limit=Proposal._meta.get_field("decline_words").max_length,
        widget=forms.Textarea({"rows": 4}),
    )


class CallForm(forms.Form):
    """What a mentor would like to talk about before she answers."""

    use_required_attribute = False

    words = TextField(
        label=_("De quoi aimeriez-vous parler, et quand vous joindre (facultatif)"),
        help_text=_("Un numéro et un moment de la journée nous aident. Seule la coordination le lira."),
        limit=Proposal._meta.get_field("call_words").max_length,
        widget=forms.Textarea({"rows": 4}),
    )


class CommitmentForm(CapacityForm):
    """A coordinator writes down how many young people a mentor takes, and in which cohort."""

    field_order = ["cohort", "capacity"]

    cohort = forms.ModelChoiceField(
        label=_("Promotion"),
        queryset=Cohort.objects.none(),
        empty_label=_("Choisissez une promotion"),
        error_messages={"required": _("Choisissez une promotion.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cohort"].queryset = Cohort.objects.current(timezone.now())
        self.fields["capacity"].label = _("Nombre de mentoré·es")
        self.fields["capacity"].help_text = ""
        self.fields["capacity"].widget = forms.Select(choices=self.fields["capacity"].choices)


class RunForm(forms.Form):
    """What a calculation is asked for beside the most pairs: nothing, or the share that its cohort has set."""

    use_required_attribute = False

    parity_percent = forms.IntegerField(
        label=_("Part de femmes et de personnes non binaires parmi les binômes, au moins (%)"),
        help_text=_(
            "Vide\u00a0: rien n’est demandé. Personne ne perd de mentor·e pour cela\u00a0: la part est tenue autant "
            "que le plus grand nombre de binômes le permet, et la page dit ce qu’elle coûte en points."
        ),
        required=False,
        min_value=1,
        max_value=100,
        error_messages={
            "invalid": _("Écrivez un nombre entier, de 1 à 100."),
            **dict.fromkeys(("min_value", "max_value"), _("La part demandée va de 1 à 100\u00a0%%.")),
        },
    )

    keeps_offers = forms.BooleanField(
        label=_("Garder toutes les propositions déjà parties"),
        help_text=_(
            "Sinon, une proposition sans réponse peut être reprise, seulement si cela donne un·e mentor·e à une "
            "personne de plus. Les réparations qui suivent s’y tiennent, jusqu’au prochain calcul."
        ),
        required=False,
    )

    def __init__(self, data=None, *, cohort: Cohort):
        super().__init__(data, initial={"parity_percent": cohort.parity_percent})
        if not cohort.parity_percent:
            del self.fields["parity_percent"]
        out = Proposal.objects.filter(application__cohort=cohort, state=Proposal.State.OFFERED)
        if not out.exists():
            del self.fields["keeps_offers"]


class ComparisonForm(forms.Form):
    """Two calculations of a cohort to set side by side, named in either order."""

    use_required_attribute = False

    def __init__(self, data=None, *, runs: Sequence[Run], initial=None):
        super().__init__(data, initial=initial)
        self.runs = {str(run.pk): run for run in runs}
        choices = [(number, _label_of(run)) for number, run in self.runs.items()]
        told = {
            "required": _("Choisissez un calcul."),
            "invalid_choice": _("Ce calcul n’est pas de cette promotion, ou n’est pas terminé : choisissez-en un."),
        }
        for name, label in (("avant", _("Calcul d’avant")), ("apres", _("Calcul d’après"))):
            self.fields[name] = forms.ChoiceField(label=label, choices=choices, error_messages=told)

    def clean(self):
        data = super().clean()
        if "avant" in data and data["avant"] == data.get("apres"):
            self.add_error("apres", _("C’est deux fois le même calcul : choisissez-en un autre."))
        return data

    @property
    def in_order(self) -> list[Run]:
        """Both, the earlier one first; once it is valid."""
        both = [self.runs[self.cleaned_data[name]] for name in ("avant", "apres")]
        return sorted(both, key=lambda run: (run.requested_at, run.pk))


def _label_of(run: Run) -> str:
    """`Calcul 4, 28 nov. 2026, 14 h 05 · réparation · 96 binômes · publié`."""
    parts = [f"{run}, {moments.stamp(run.requested_at)}"]
    if run.kind == Run.Kind.REPAIR:
        parts.append(run.get_kind_display())
    if run.pairs is not None:
        parts.append(ngettext("%s binôme", "%s binômes", int(run.pairs)) % run.pairs)
    return " · ".join([*parts, *([str(_("publié"))] if run.published_at else [])])


IN_ORDER = ("first_wish", "second_wish", "third_wish", "family")
"""Each counts at least as much as the next."""
ADDED_UP = ("first_wish", "other_wishes", "region", "remote", "languages", "slots", "preferred")
"""What the greatest score is made of, once those are in order."""


class WeightsForm(forms.ModelForm):
    """What the scores of a cohort count."""

    use_required_attribute = False

    class Meta:
        model = Weights
        fields = CHOSEN

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        whole = _("Écrivez un nombre entier, de 0 à 1\u00a0000.")
        for name in CHOSEN[:-1]:
            self.fields[name].error_messages |= dict.fromkeys(("required", "invalid"), whole)
            self.fields[name].validators = [MinValueValidator(0, whole), MaxValueValidator(MAX_SCORE, whole)]
            self.fields[name].widget.attrs |= {"inputmode": "numeric", "min": 0, "max": MAX_SCORE}

    def clean(self):
        data = super().clean()
        for upper, lower in pairwise(IN_ORDER):
            if upper in data and lower in data and data[lower] > data[upper]:
                told = _("Pas plus que «\u00a0%(upper)s\u00a0»\u00a0: %(most)s au plus.")
                self.add_error(lower, told % {"upper": self.fields[upper].label, "most": data[upper]})
        if all(name in data for name in ADDED_UP) and (excess := sum(map(data.get, ADDED_UP)) - MAX_SCORE) > 0:
            changed = [name for name in ADDED_UP if name in self.changed_data]
            told = _(
                "Un binôme pour qui tout compte aurait %(points)s\u00a0points, et 1\u00a0000 est le plus haut "
                "possible\u00a0: baissez de %(excess)s ce poids, ou un autre."
            )
            words = {"points": grouped(MAX_SCORE + excess), "excess": grouped(excess)}
            self.add_error((changed or ADDED_UP)[-1], told % words)
        return data

"""What coordinators write to compose a list, and to change it by hand."""

from collections import Counter

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cohorts.models import Audience, Cohort
from reviews.choosing import PARITY
from reviews.models import Decision, Line, Selection
from reviews.selecting import NoSuchList
from reviews.selection_words import audience_words, conflict_words, impossible_words

MOST = 9999
NUMBER = {
    **dict.fromkeys(("invalid", "min_value", "max_value"), _("Écrivez un nombre entier, par exemple 20.")),
    "required": _("Écrivez un nombre."),
}


def _number(label, *, least: int = 0, required: bool = False, most: int = MOST, **options) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=required,
        min_value=least,
        max_value=most,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={**NUMBER, **options.pop("error_messages", {})},
        **options,
    )


class ComposeForm(forms.Form):
    """The settings of a new list: they begin with the cohort's, or with those of another list."""

    basis = forms.ChoiceField(
        label=_("Calculer sur"),
        choices=[
            (Selection.Basis.ADJUSTED, _("les notes ajustées, qui corrigent la sévérité de chaque membre du jury")),
            (Selection.Basis.MEAN, _("les moyennes simples des avis")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez sur quoi calculer.")},
    )
    places = _number(_("Places à donner"), least=1, required=True)
    waiting = _number(_("Longueur de la liste d’attente"), required=True)
    parity_percent = _number(
        _("Part de femmes et de personnes non binaires, au moins (%)"),
        least=1,
        most=100,
        error_messages=dict.fromkeys(("min_value", "max_value"), _("La part demandée va de 1 à 100\u00a0%%.")),
        help_text=_(
            "Vide\u00a0: rien n’est demandé. Le genre est celui que chacun·e a déclaré, ou non, et ne sert qu’ici."
        ),
    )
    parity_reason = forms.CharField(
        label=_("Pourquoi cette part"),
        required=False,
        max_length=Selection._meta.get_field("parity_reason").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Obligatoire avec une part. Le procès-verbal la reprend mot pour mot."),
        error_messages={"max_length": _("La raison dépasse 1 000 caractères\u00a0: raccourcissez-la un peu.")},
    )

    def __init__(self, *args, cohort: Cohort, free: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.cohort, self.free = cohort, free
        self.fields["places"].help_text = _("%s au plus\u00a0: ni prises, ni promises par une annonce ouverte.") % free
        held = held_by_audience(cohort)
        for audience in self.audiences:
            told = ngettext("%s place déjà prise.", "%s places déjà prises.", held[audience]) % held[audience]
            label = audience_words(audience).capitalize()
            self.fields[f"minimum_{audience}"] = _number(label, help_text=told if held[audience] else "")

    @property
    def audiences(self) -> list[str]:
        return [audience for audience in Audience.values if audience in self.cohort.audiences]

    @property
    def minimums(self) -> list:
        """The fields of the audiences' minimums, for the page."""
        return [self[f"minimum_{audience}"] for audience in self.audiences]

    def clean_places(self):
        places = self.cleaned_data["places"]
        if places > self.free:
            told = ngettext("Il n’y a que %s place libre.", "Il n’y a que %s places libres.", self.free)
            raise forms.ValidationError(told % self.free)
        return places

    def clean(self):
        data = super().clean()
        if data.get("parity_percent") and not data.get("parity_reason", "").strip():
            self.add_error(
                "parity_reason", _("Écrivez pourquoi cette part est demandée\u00a0: le procès-verbal le dira.")
            )
        return data

    @property
    def wanted(self) -> dict:
        """What `selecting.compose` takes."""
        data = self.cleaned_data
        minimums = {audience: data[f"minimum_{audience}"] or 0 for audience in self.audiences}
        return {
            "audience_minimums": {audience: least for audience, least in minimums.items() if least},
            **{name: data[name] for name in ("basis", "places", "waiting", "parity_percent", "parity_reason")},
        }

    def tell(self, refused: NoSuchList) -> None:
        """Say which bounds cannot be kept, each next to its field where it is one bound's alone."""
        percent, conflicts = self.cleaned_data["parity_percent"], refused.impossible.conflicts
        for conflict in conflicts:
            name = conflict.bounds[0]
            field = "parity_percent" if name == PARITY else f"minimum_{name}"
            words = conflict_words(conflict, percent, conflicts)
            self.add_error(field if conflict.kind == "ALONE" else None, words)
        if len(conflicts) > 1:
            self.add_error(None, impossible_words(refused.impossible, percent)[-1])


def held_by_audience(cohort: Cohort) -> Counter:
    """How many places of the cohort each audience holds already (one query)."""
    return Counter(cohort.applications.holding_a_place().order_by().values_list("audience", flat=True))


def initial_of(cohort: Cohort, free: int, like: Selection | None) -> dict:
    """What the form starts with: the settings of that list, or what the cohort's minimums still lack."""
    source = like or cohort
    held = Counter() if like else held_by_audience(cohort)
    minimums = source.audience_minimums.items()
    return {
        "basis": like.basis if like else Selection.Basis.ADJUSTED,
        "places": min(free, like.places) if like else free,
        "waiting": like.waiting if like else max(1, cohort.places // 2),
        "parity_percent": source.parity_percent,
        "parity_reason": source.parity_reason,
        **{f"minimum_{audience}": least - held[audience] for audience, least in minimums if least > held[audience]},
    }


def _why() -> forms.CharField:
    return forms.CharField(
        label=_("Pourquoi"),
        max_length=Line._meta.get_field("moved_reason").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Le procès-verbal reprend cette raison. Écrivez comme si la personne vous lisait."),
        error_messages={
            "required": _("Écrivez pourquoi ce dossier change de place\u00a0: le procès-verbal le dira."),
            "max_length": _("La raison dépasse 500 caractères\u00a0: raccourcissez-la un peu."),
        },
    )


class MoveForm(forms.Form):
    """Where a file goes, and why."""

    outcome = forms.ChoiceField(
        label=_("Décision"),
        choices=Decision.Outcome,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez une décision.")},
    )
    position = _number(
        _("Place parmi les dossiers de cette décision"),
        least=1,
        help_text=_("Facultatif\u00a0: 1 pour la première. Vide\u00a0: là où sa note le mettrait."),
    )
    reason = _why()


class SwapForm(forms.Form):
    """With which other file of the list, and why."""

    other = forms.CharField(
        label=_("Référence de l’autre dossier"),
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        error_messages={
            "required": _("Écrivez la référence de l’autre dossier."),
            "max_length": _("Aucun dossier de cette liste n’a cette référence."),
        },
    )
    reason = _why()

    def __init__(self, *args, line: Line, **kwargs):
        super().__init__(*args, **kwargs)
        self.line = line

    def clean_other(self) -> Line:
        """The line of that file. Raises ValidationError when there is none, or when it is this one."""
        reference = self.cleaned_data["other"].strip().upper()
        found = self.line.selection.lines.filter(application__reference=reference).exclude(pk=self.line.pk).first()
        if found is None:
            raise forms.ValidationError(_("Aucun autre dossier de cette liste n’a cette référence."))
        return found

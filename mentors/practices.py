"""The rows of a form in which a mentor says her trades: each one a trade and since when she has exercised it."""

from dataclasses import dataclass

from django import forms
from django.forms import BoundField
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohorts.models import Trade
from mentors.fields import by_family
from mentors.models import MentorProfile, Seniority
from mentors.transitions import Practices

ROWS = 4
"""How many trades there is room for; and always for one more than she has."""

ORDINALS = [gettext_lazy("deuxième"), gettext_lazy("troisième"), gettext_lazy("quatrième"), gettext_lazy("cinquième")]


def ordinal(number: int) -> str:
    return str(ORDINALS[number - 2]) if number - 2 < len(ORDINALS) else _("%se") % number


def title_of(number: int) -> str:
    return _("Votre métier") if number == 1 else capfirst(_("%s métier") % ordinal(number))


@dataclass(frozen=True)
class Row:
    """One trade on the page. Of the empty ones, each waits folded under the words that invite to add it."""

    number: int
    trade: BoundField
    seniority: BoundField
    is_folded: bool

    @property
    def title(self) -> str:
        return title_of(self.number) if self.number == 1 else _("%s (facultatif)") % title_of(self.number)

    @property
    def invitation(self) -> str:
        return _("Ajouter un %s métier") % ordinal(self.number)

    @property
    def label(self) -> str:
        """Of its first list: where the words that invite stand above, they need not be said twice."""
        return _("Métier") if self.is_folded else self.title


class PracticesForm(forms.Form):
    """Her trades. One is asked; a row left empty closes up."""

    def __init__(self, data=None, *, mentor: MentorProfile, initial: dict | None = None):
        known = {one.trade_id: one.seniority for one in mentor.practices.all()} if mentor.pk else {}
        self.offered = offered_to(known)
        self.numbers = range(1, self._room(data, len(known)) + 1)
        said = {}
        for number, (trade, seniority) in enumerate(known.items(), start=1):
            said |= {f"trade_{number}": trade, f"seniority_{number}": seniority}
        super().__init__(data, initial={**(initial or {}), **said})
        trades = [("", _("Choisissez un métier")), *by_family(self.offered.values())]
        for number in self.numbers:
            self.fields[f"trade_{number}"] = _trade_box(number, trades)
            self.fields[f"seniority_{number}"] = _seniority_box(number)

    def _room(self, data, known: int) -> int:
        """How many rows: none that came with the answer is left out, though she has fewer trades by now."""
        sent = max((n for n in range(1, len(self.offered) + 1) if f"trade_{n}" in (data or {})), default=0)
        return max(ROWS, known + 1, sent)

    @property
    def row_names(self) -> list[str]:
        return [f"{name}_{number}" for number in self.numbers for name in ("trade", "seniority")]

    @property
    def rows(self) -> list[Row]:
        boxes = [(n, self[f"trade_{n}"], self[f"seniority_{n}"]) for n in self.numbers]
        used = [n for n, *pair in boxes if any(box.value() or box.errors for box in pair)]
        return [Row(n, trade, seniority, n > max(used, default=1)) for n, trade, seniority in boxes]

    def clean(self):
        taken = set()
        for number in self.numbers:
            self._clean_row(f"trade_{number}", f"seniority_{number}", taken)
        if not taken and not any(name in self.errors for name in self.row_names):
            self.add_error("trade_1", _("Choisissez au moins un métier."))
        return self.cleaned_data

    def _clean_row(self, trade_name: str, seniority_name: str, taken: set[int]) -> None:
        if trade_name in self.errors or seniority_name in self.errors:
            return
        trade, seniority = self.cleaned_data[trade_name], self.cleaned_data[seniority_name]
        if trade in taken:
            self.add_error(trade_name, _("Vous avez déjà choisi ce métier plus haut."))
        elif trade and not seniority:
            self.add_error(seniority_name, _("Dites depuis combien de temps vous exercez ce métier."))
        elif seniority and not trade:
            words = _("Choisissez le métier, ou remettez aussi «\u00a0Depuis\u00a0» sur «\u00a0Choisissez\u00a0».")
            self.add_error(trade_name, words)
        taken |= {trade} if trade else set()

    @property
    def practices(self) -> Practices:
        """What `transitions.save_profile` and `transitions.apply` take."""
        rows = [(self.cleaned_data[f"trade_{n}"], self.cleaned_data[f"seniority_{n}"]) for n in self.numbers]
        return {self.offered[trade]: seniority for trade, seniority in rows if trade}


def _trade_box(number: int, choices: list) -> forms.Field:
    return forms.TypedChoiceField(
        label=title_of(number),
        help_text=_("Celui que vous exercez, ou avez exercé.") if number == 1 else "",
        choices=choices,
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": _("Choisissez un métier de la liste.")},
    )


def _seniority_box(number: int) -> forms.Field:
    return forms.ChoiceField(
        label=_("%s, depuis") % title_of(number),
        choices=[("", _("Choisissez")), *Seniority.choices],
        required=False,
        error_messages={"invalid_choice": _("Choisissez une durée de la liste.")},
    )


def offered_to(known) -> dict[int, Trade]:
    """The trades of the forms, and hers even when they are offered no longer."""
    return {t.pk: t for t in Trade.objects.order_by("order", "name") if t.is_offered or t.pk in known}

"""The steps about what she did and what she wants."""

from itertools import zip_longest

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from applications import outline
from applications.fields import LinkField
from applications.forms.base import BOX, SHORT_LIMIT, StepForm, lines, long_text
from applications.models import MAX_WISHES
from cohorts.models import Language, Trade


class BackgroundForm(StepForm):
    """« Votre parcours »."""

    step = outline.BACKGROUND

    background = long_text(
        _("Votre parcours"),
        _(
            "Études, petits boulots, films faits avec un téléphone, association, famille\u00a0: ce qui vous a "
            "mené·e jusqu’ici. Une dizaine de lignes suffisent. Aucun diplôme n’est demandé."
        ),
        rows=9,
    )
    languages = forms.MultipleChoiceField(
        label=_("Langues dans lesquelles vous pouvez échanger"),
        required=False,
        choices=lines(Language.choices),
        widget=forms.CheckboxSelectMultiple(BOX),
    )


class TradesForm(StepForm):
    """« Les métiers qui vous attirent »: up to three, the first one first, and why."""

    step = outline.TRADES
    WISHES = tuple(f"trade_{rank}" for rank in range(1, MAX_WISHES + 1))

    trade_1 = forms.ChoiceField(
        label=_("Le métier qui vous attire le plus"),
        help_text=_("C’est lui qui compte d’abord pour vous trouver un·e mentor·e."),
        required=False,
    )
    trade_2 = forms.ChoiceField(label=_("Un deuxième métier (facultatif)"), required=False)
    trade_3 = forms.ChoiceField(label=_("Un troisième métier (facultatif)"), required=False)
    attraction = long_text(
        _("Ce qui vous y attire"),
        _("Une envie, une rencontre, un film\u00a0: quelques lignes suffisent."),
        rows=5,
        limit=SHORT_LIMIT,
    )

    def __init__(self, data=None, *, file):
        super().__init__(data, file=file)
        offered, families = Trade.objects.filter(is_offered=True), {}
        for trade in dict.fromkeys([*offered, *file.trades]):
            families.setdefault(trade.family, []).append((trade.slug, trade.name))
        for name in self.WISHES:
            self.fields[name].choices = [("", _("Choisissez un métier")), *families.items()]

    def initial_from(self, answers):
        wanted = dict(zip_longest(self.WISHES, answers.get("trades", [])[:MAX_WISHES], fillvalue=""))
        return {"attraction": answers.get("attraction"), **wanted}

    def clean(self):
        taken = set()
        for name in self.WISHES:
            value = self.cleaned_data.get(name)
            if value and value in taken:
                self.add_error(name, ValidationError(_("Vous avez déjà choisi ce métier plus haut.")))
            taken.add(value)
        return self.cleaned_data

    def values(self):
        """The trades in the order wanted; a rank left empty closes up, one in error keeps the trade it had."""
        kept = {name: value for name, value in self.cleaned_data.items() if name == "attraction"}
        wanted = [self.cleaned_data.get(name, self.initial[name]) for name in self.WISHES]
        return {**kept, "trades": list(dict.fromkeys(filter(None, wanted)))}


class ProjectForm(StepForm):
    """« Votre projet »."""

    step = outline.PROJECT

    project = long_text(
        _("Votre projet"),
        _(
            "Un film à écrire, un poste à trouver, une école à préparer, un métier à découvrir\u00a0: "
            "qu’est-ce que vous aimeriez faire, et où en êtes-vous\u00a0? Une dizaine de lignes suffisent."
        ),
        rows=9,
    )
    hopes = long_text(
        _("Ce que vous attendez d’un·e mentor·e"),
        _("Des conseils, un regard, un carnet d’adresses, du courage\u00a0: dites-le simplement, en quelques lignes."),
        rows=6,
    )


class LinksForm(StepForm):
    """« Ce que vous voulez montrer »: up to three links."""

    step = outline.LINKS
    LINKS = ("link_1", "link_2", "link_3")

    link_1 = LinkField(
        label=_("Un premier lien (facultatif)"),
        help_text=_("Un film, une bande démo, un portfolio, un son\u00a0: par exemple https://vimeo.com/123456."),
    )
    link_2 = LinkField(label=_("Un deuxième lien (facultatif)"))
    link_3 = LinkField(label=_("Un troisième lien (facultatif)"))

    def initial_from(self, answers):
        return dict(zip_longest(self.LINKS, answers.get("links", [])[:3], fillvalue=""))

    def values(self):
        """In order; a line left empty closes up, one in error keeps the link it had."""
        return {"links": [link for name in self.LINKS if (link := self.cleaned_data.get(name, self.initial[name]))]}

"""The steps about when and where to meet, and what she may tell us if she wants to."""

from django import forms
from django.utils.translation import gettext_lazy as _

from applications import outline
from applications.choices import Gender, Mobility, SocialCriterion
from applications.fields import SlotsField
from applications.forms.base import BOX, SHORT_LIMIT, StepForm, choice, lines, long_text


class AvailabilityForm(StepForm):
    """« Vos disponibilités »."""

    step = outline.AVAILABILITY

    slots = SlotsField(
        label=_("Quand êtes-vous d’ordinaire disponible\u00a0?"),
        help_text=_(
            "Pour un rendez-vous d’une heure environ, une fois par mois au moins. Cochez tout ce qui convient."
        ),
    )
    accepts_remote = forms.TypedChoiceField(
        label=_("Vos rendez-vous peuvent-ils se faire à distance\u00a0?"),
        help_text=_("Par téléphone ou en visio. Si c’est oui, nous pouvons chercher dans toute la France."),
        choices=[("True", _("Oui")), ("False", _("Non, je préfère me déplacer"))],
        coerce=lambda value: value == "True",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect(BOX),
    )
    mobility = choice(
        _("Jusqu’où pouvez-vous vous déplacer\u00a0?"),
        lines(Mobility.choices),
        _("Sans que cela vous coûte trop cher, ni trop de temps."),
    )


class GenderForm(StepForm):
    """« Parité »."""

    step = outline.GENDER

    gender = choice(
        _("Vous êtes… (facultatif)"),
        [*lines(Gender.choices), ("", _("Je préfère ne pas le dire"))],
    )


class CriteriaForm(StepForm):
    """« Égalité des chances »."""

    step = outline.CRITERIA

    social_criteria = forms.MultipleChoiceField(
        label=_("Cochez ce qui vous concerne (facultatif)"),
        choices=lines(SocialCriterion.choices),
        required=False,
        widget=forms.CheckboxSelectMultiple(BOX),
    )


class NeedsForm(StepForm):
    """« Ce dont vous avez besoin »."""

    step = outline.NEEDS

    needs = long_text(
        _("De quoi avez-vous besoin pour participer\u00a0? (facultatif)"),
        _(
            "Un lieu accessible, une personne qui interprète en langue des signes, des pauses, des trajets payés "
            "d’avance… Dites le besoin\u00a0: jamais la raison, ni un diagnostic."
        ),
        rows=5,
        limit=SHORT_LIMIT,
    )


class AvoidForm(StepForm):
    """« Des personnes à éviter »."""

    step = outline.AVOID

    avoid = long_text(
        _(
            "Y a-t-il des personnes, une société, un lieu que nous ne devons pas vous faire rencontrer\u00a0? "
            "(facultatif)"
        ),
        _("Un nom suffit. Vous n’avez pas à dire pourquoi."),
        rows=4,
        limit=SHORT_LIMIT,
    )

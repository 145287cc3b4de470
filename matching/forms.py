"""A mentor's « no », and what a coordinator sets for her."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.fields import TextField
from cohorts.models import Cohort
from matching.models import Proposal
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

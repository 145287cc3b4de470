"""What a young person may say, to coordinators alone, of who would be her mentor."""

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.fields import TextField
from mentorships.models import Mentorship


class ObjectionForm(forms.Form):
    """Why she would rather have somebody else, if she wishes to say it."""

    use_required_attribute = False

    words = TextField(
        label=_("En quelques mots (facultatif)"),
        help_text=_("Seule la coordination le lira. Vous pouvez laisser vide."),
        limit=Mentorship._meta.get_field("objection_words").max_length,
        widget=forms.Textarea({"rows": 4}),
    )

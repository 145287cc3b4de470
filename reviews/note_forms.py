"""What a jury member writes to the coordination about a file, and what the coordination makes of it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from reviews.models import Note

_TEXT = {
    "required": _("Écrivez d’abord quelques mots."),
    "max_length": _("2 000 caractères au plus\u00a0: raccourcissez votre texte."),
}


class NoteForm(forms.Form):
    """A few words for the coordination. Its kind is the form's own: each has its place on the page."""

    use_required_attribute = False

    def __init__(self, kind: str, *args, **options):
        super().__init__(*args, prefix=kind.lower(), **options)
        self.fields["text"] = forms.CharField(
            label=LABELS[kind],
            help_text=HELP[kind],
            max_length=Note._meta.get_field("text").max_length,
            widget=forms.Textarea({"rows": 4}),
            error_messages=_TEXT,
        )
        self.fields["text"].widget.attrs.pop("maxlength")  # it would cut what is pasted, without a word
        self.kind = kind


LABELS = {
    Note.Kind.FLAG: _("Ce que la coordination doit savoir"),
    Note.Kind.QUESTION: _("Ce que vous aimeriez savoir"),
}
HELP = {
    Note.Kind.FLAG: _(
        "Un doute, une inquiétude, un nom resté visible. La coordination seule le lit\u00a0; la personne "
        "n’en sait rien."
    ),
    Note.Kind.QUESTION: _(
        "La coordination lit votre question, et la transmet ou non, dans ses mots. La personne ne saura pas "
        "qui la pose."
    ),
}

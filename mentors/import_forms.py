"""The form that takes a list of mentors."""

from django import forms
from django.utils.translation import gettext_lazy as _

from documents import tables
from documents.limits import MAX_TABLE
from lifecycle.refusals import Refusal
from mentors.importing import columns
from mentors.importing import pasted as reading_pasted


class ImportForm(forms.Form):
    """A list of people to invite: pasted, or a file."""

    use_required_attribute = False

    pasted = forms.CharField(
        label=_("Collez une liste"),
        help_text=_("Une personne par ligne\u00a0: Prénom Nom &lt;adresse&gt;. Ou les lignes copiées d’un tableur."),
        widget=forms.Textarea({"rows": 8, "spellcheck": "false"}),
        required=False,
        max_length=200_000,
        strip=False,
        error_messages={"max_length": _("Cette liste est trop longue\u00a0: partagez-la, ou envoyez un fichier.")},
    )
    file = forms.FileField(
        label=_("Ou choisissez un fichier"),
        help_text=_("Excel (.xlsx) ou CSV, jusqu’à 2\u00a0Mo et 1\u00a0000 lignes. La première feuille est lue."),
        widget=forms.FileInput({"accept": ".xlsx,.csv,.txt,.tsv"}),
        required=False,
        allow_empty_file=True,
        error_messages={"invalid": _("Choisissez le fichier de nouveau.")},
    )

    def __init__(self, *args, is_too_large: bool = False, **kwargs):
        self.is_too_large = is_too_large
        super().__init__(*args, **kwargs)

    def clean(self):
        """Adds `lines`, `unknown` and `source` to what was typed."""
        pasted, file = (self.cleaned_data.get("pasted") or "").strip("\ufeff"), self.cleaned_data.get("file")
        if self.errors:
            return self.cleaned_data
        if not file and self.is_too_large:
            self.add_error("file", tables.too_large())
        elif file and pasted.strip():
            self.add_error("file", _("Une liste collée et un fichier\u00a0: gardez l’un des deux."))
        elif not file and not pasted.strip():
            self.add_error("pasted", _("Collez une liste, ou choisissez un fichier."))
        else:
            self._read(pasted, file)
        return self.cleaned_data

    def _read(self, pasted: str, file) -> None:
        try:
            if file:
                found = columns.lines_of(tables.read(file.read(MAX_TABLE + 1)))
                source = file.name
            else:
                found, source = reading_pasted.read(pasted.replace("\x00", "")), str(_("liste collée"))
        except (tables.TableRefused, Refusal) as refusal:
            self.add_error("file" if file else "pasted", refusal.sentence)
        else:
            self.cleaned_data |= {"lines": found[0], "unknown": found[1], "source": source}

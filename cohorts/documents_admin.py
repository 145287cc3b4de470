"""The documents that a cohort asks, written on its admin page under its questions."""

from django import forms
from django.utils.translation import gettext_lazy

from cohorts.asked_admin import AskedFormSet, AskedInline, number_field, order_field
from cohorts.models import MAX_FILES, DocumentAsked
from cohorts.questions_admin import OneLine
from cohorts.transitions import DOCUMENTS


class DocumentForm(forms.ModelForm):
    """One document asked."""

    label = OneLine(
        label=gettext_lazy("Document"),
        max_length=DocumentAsked._meta.get_field("label").max_length,
        help_text=gettext_lazy(
            "En un mot ou deux\u00a0: «\u00a0CV\u00a0», «\u00a0Lettre\u00a0», «\u00a0Portfolio\u00a0»."
        ),
        error_messages={
            "required": gettext_lazy("Écrivez le nom du document."),
            "max_length": gettext_lazy("%(limit_value)d caractères au plus\u00a0: ce nom en a %(show_value)d."),
        },
    )
    hint = OneLine(
        label=gettext_lazy("Précision"),
        max_length=DocumentAsked._meta.get_field("hint").max_length,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Facultatif. Ce que vous attendez, et ce dont vous n’avez pas besoin."),
        error_messages={
            "max_length": gettext_lazy("%(limit_value)d caractères au plus\u00a0: cette précision en a %(show_value)d.")
        },
    )
    is_required = forms.BooleanField(
        label=gettext_lazy("Document obligatoire"),
        required=False,
        help_text=gettext_lazy(
            "Sans lui, la candidature ne peut pas être envoyée. Tout le monde n’a pas d’ordinateur."
        ),
    )
    max_files = number_field(
        1,
        MAX_FILES,
        label=gettext_lazy("Nombre de fichiers au plus"),
        initial=1,
        help_text=gettext_lazy("De 1 à 5. Une candidature n’a jamais plus de cinq fichiers en tout."),
    )
    order = order_field(gettext_lazy("Du plus petit au plus grand. Laissez vide pour le demander en dernier."))

    class Meta:
        model = DocumentAsked
        fields = ["label", "hint", "is_required", "max_files", "order"]


class DocumentFormSet(AskedFormSet):
    """The documents of one cohort."""

    default_error_messages = {"too_many_forms": DOCUMENTS.too_many}
    asked, named_by = DOCUMENTS, "label"
    deletion_label = gettext_lazy("Supprimer ce document")
    gone = gettext_lazy("«\u00a0%s\u00a0» n’est plus parmi ces documents\u00a0: rouvrez la page avant de continuer.")


class DocumentInline(AskedInline):
    """One block a document."""

    model = DocumentAsked
    form = DocumentForm
    formset = DocumentFormSet
    template = "admin/cohorts/cohort/documents.html"
    max_num = DOCUMENTS.most
    fields = ["label", "hint", "is_required", "max_files", "order"]

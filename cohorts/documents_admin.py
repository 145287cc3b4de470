"""The documents that a cohort asks, written on its admin page under its questions."""

from django import forms
from django.contrib import admin
from django.forms.formsets import DELETION_FIELD_NAME
from django.forms.models import BaseInlineFormSet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohorts.models import MAX_FILES, DocumentAsked, Phase
from cohorts.questions_admin import OneLine
from cohorts.transitions import MOST_DOCUMENTS, DocumentStands, require_files_kept


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
    max_files = forms.IntegerField(
        label=gettext_lazy("Nombre de fichiers au plus"),
        min_value=1,
        max_value=MAX_FILES,
        initial=1,
        help_text=gettext_lazy("De 1 à 5. Une candidature n’a jamais plus de cinq fichiers en tout."),
        error_messages={
            name: gettext_lazy("Écrivez un nombre entier, de 1 à 5.")
            for name in ("required", "invalid", "min_value", "max_value")
        },
    )
    order = forms.IntegerField(
        label=gettext_lazy("Ordre"),
        min_value=0,
        max_value=999,
        required=False,
        help_text=gettext_lazy("Du plus petit au plus grand. Laissez vide pour le demander en dernier."),
        error_messages={
            name: gettext_lazy("Écrivez un nombre entier, par exemple 2.")
            for name in ("invalid", "min_value", "max_value")
        },
    )

    class Meta:
        model = DocumentAsked
        fields = ["label", "hint", "is_required", "max_files", "order"]


class DocumentFormSet(BaseInlineFormSet):
    """The documents of one cohort. What the verb would refuse is told here first, where it was typed."""

    default_error_messages = {
        "too_many_forms": gettext_lazy("Cinq documents au plus\u00a0: une candidature n’a pas plus de cinq fichiers.")
    }

    @property
    def call_has_opened(self) -> bool:
        """Whether people may have given files already."""
        is_known = self.instance.pk and self.instance.opens_at
        return bool(is_known) and self.instance.phase(timezone.now()) is not Phase.UPCOMING

    def add_fields(self, form, index):
        super().add_fields(form, index)
        if DELETION_FIELD_NAME in form.fields:
            form.fields[DELETION_FIELD_NAME].label = _("Supprimer ce document")

    def clean(self):
        super().clean()
        told = [
            _("«\u00a0%s\u00a0» n’est plus parmi ces documents\u00a0: rouvrez la page avant de continuer.")
            % form["label"].value()
            for form in self.initial_forms
            if form.instance.pk is None
        ]
        standing = self.instance.documents_asked.in_bulk() if self.call_has_opened else {}
        for form in self.initial_forms:
            if form.instance.pk in standing:
                told += self._refused(standing[form.instance.pk], form)
        if told:
            raise forms.ValidationError(told)

    def _refused(self, before: DocumentAsked, form) -> list[str]:
        """What is to tell above the documents; about one that stays, it is told next to its field."""
        goes = form in self.deleted_forms
        if not (goes or form.is_valid()):
            return []
        try:
            require_files_kept(self.instance, before, None if goes else form.instance, now=timezone.now())
        except DocumentStands as refusal:
            if goes:
                return [refusal.sentence]
            form.add_error(refusal.field, refusal.sentence)
        return []


class DocumentInline(admin.StackedInline):
    """One block a document, for coordinators."""

    model = DocumentAsked
    form = DocumentForm
    formset = DocumentFormSet
    template = "admin/cohorts/cohort/documents.html"
    extra = 2
    """So many empty blocks, folded: no script is needed to add some."""
    max_num = MOST_DOCUMENTS
    fields = ["label", "hint", "is_required", "max_files", "order"]

    @property
    def media(self):
        """None of the stock script, which adds and removes blocks."""
        return forms.Media()

    def get_formset(self, request, obj=None, **kwargs):
        return super().get_formset(request, obj, validate_max=True, **kwargs)

    def has_view_permission(self, request, obj=None):
        return request.user.is_coordinator

    has_add_permission = has_change_permission = has_delete_permission = has_view_permission

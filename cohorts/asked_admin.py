"""What a cohort's questions and the documents it asks have in common on its admin page."""

from django import forms
from django.contrib import admin
from django.forms.formsets import DELETION_FIELD_NAME
from django.forms.models import BaseInlineFormSet
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cohorts.models import Phase
from cohorts.transitions import Stands


def number_field(low: int, high: int, **options) -> forms.IntegerField:
    """A whole number between two, told so in one sentence whatever was typed instead."""
    sentence = format_lazy(_("Écrivez un nombre entier, de {low} à {high}."), low=low, high=high)
    names = ("required", "invalid", "min_value", "max_value")
    return forms.IntegerField(min_value=low, max_value=high, error_messages=dict.fromkeys(names, sentence), **options)


def order_field(help_text) -> forms.IntegerField:
    """Where one stands in its list; left empty, last."""
    sentence = _("Écrivez un nombre entier, par exemple 2.")
    return forms.IntegerField(
        label=_("Ordre"),
        min_value=0,
        max_value=999,
        required=False,
        help_text=help_text,
        error_messages={"invalid": sentence, "min_value": sentence, "max_value": _("999 au plus.")},
    )


class AskedFormSet(BaseInlineFormSet):
    """One list of a cohort. What the verb would refuse is told here first, where it was typed."""

    asked = None
    """Which list, of those that `cohorts.transitions` keeps."""
    named_by = ""
    """The field by which one is called."""
    deletion_label = gone = ""

    @property
    def is_protected(self) -> bool:
        """Whether something was given already that the verb would keep."""
        return self.call_has_opened

    @property
    def call_has_opened(self) -> bool:
        """Whether people may have answered already."""
        is_known = self.instance.pk and self.instance.opens_at
        return bool(is_known) and self.instance.phase(timezone.now()) is not Phase.UPCOMING

    def add_fields(self, form, index):
        super().add_fields(form, index)
        if DELETION_FIELD_NAME in form.fields:
            form.fields[DELETION_FIELD_NAME].label = self.deletion_label

    def clean(self):
        super().clean()
        told = [self.gone % form[self.named_by].value() for form in self.initial_forms if form.instance.pk is None]
        standing = getattr(self.instance, self.asked.accessor).in_bulk() if self.is_protected else {}
        for form in self.initial_forms:
            if form.instance.pk in standing:
                told += self._refused(standing[form.instance.pk], form)
        if told:
            raise forms.ValidationError(told)

    def _refused(self, before, form) -> list[str]:
        """What is to tell above the list; about one that stays, it is told next to its field."""
        goes = form in self.deleted_forms
        if not (goes or form.is_valid()):
            return []
        try:
            self.asked.require_kept(self.instance, before, None if goes else form.instance, now=timezone.now())
        except Stands as refusal:
            if goes:
                return [refusal.sentence]
            form.add_error(refusal.field, refusal.sentence)
        return []


class AskedInline(admin.StackedInline):
    """One block each, for coordinators."""

    extra = 2
    """So many empty blocks, folded: no script is needed to add some."""

    @property
    def media(self):
        """None of the stock script, which adds and removes blocks."""
        return forms.Media()

    def get_formset(self, request, obj=None, **kwargs):
        return super().get_formset(request, obj, validate_max=True, **kwargs)

    def has_view_permission(self, request, obj=None):
        return request.user.is_coordinator

    has_add_permission = has_change_permission = has_delete_permission = has_view_permission

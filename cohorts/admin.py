"""Staff screens of the programme's settings. Cohorts are registered in portal/, where their counts are known."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.db import models
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.queries import story_of
from accounts.staff_admin import CoordinatorAdmin
from cohorts import transitions
from cohorts.documents_admin import DocumentInline
from cohorts.models import Audience, Cohort, DocumentAsked, Partner, Trade
from cohorts.questions_admin import QuestionInline
from lifecycle.doors import refusals_told

YEARS = (2000, 2100)
"""A year typed by halves (0002) is told: a moment of the year 1 could be kept, and never be read again."""


def _within_years(value) -> None:
    if not YEARS[0] <= getattr(value, "year", value) <= YEARS[1]:
        raise forms.ValidationError(_("Vérifiez l’année : écrivez ses quatre chiffres, par exemple 2027."))


FIELD_OF_CONSTRAINT = {
    "cohort_one_per_season": "year",
    "cohort_opens_before_closing": "closes_at",
    "cohort_starts_before_end": "ends_on",
    "cohort_decides_before_start": "decisions_on",
    "cohort_ages_in_order": "min_age",
    "cohort_has_places": "places",
}
"""Next to which field a broken rule of the database is told."""


def _moment(**options):
    """A moment in one labelled input, with the browser's own picker; Django's two inputs have no labels."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(widget=widget, validators=[_within_years], **options)


def _day(**options):
    return forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        validators=[_within_years],
        **options,
    )


class CohortForm(forms.ModelForm):
    """All the settings of a cohort; what breaks a constraint is told next to the field to change."""

    audiences = forms.MultipleChoiceField(
        label=gettext_lazy("Publics"),
        choices=Audience,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Cochez au moins un public.")},
    )
    opens_at = _moment(label=gettext_lazy("Ouverture de l’appel"), help_text=gettext_lazy("Jour et heure de Paris."))
    closes_at = _moment(
        label=gettext_lazy("Clôture de l’appel"),
        help_text=gettext_lazy("Heure de Paris. À cette minute, plus rien ne s’envoie."),
    )
    decisions_on = _day(
        label=gettext_lazy("Réponses le"),
        help_text=gettext_lazy("Le jour promis aux candidat·es. Publier reste un geste de votre part."),
    )
    starts_on = _day(
        label=gettext_lazy("Début"),
        help_text=gettext_lazy("Ce jour-là fixe aussi les âges, et donc qui est mineur·e."),
    )
    ends_on = _day(label=gettext_lazy("Fin"))

    class Meta:
        model = Cohort
        fields = [
            "season",
            "year",
            "presentation",
            "audiences",
            "min_age",
            "max_age",
            "places",
            "opens_at",
            "closes_at",
            "decisions_on",
            "confirm_days",
            "starts_on",
            "ends_on",
            "offer_days",
        ]
        help_texts = {
            "presentation": gettext_lazy("Quelques phrases pour la page publique de la promotion."),
            "min_age": gettext_lazy("Le jour où la promotion commence ; 15 ans au moins."),
            "max_age": gettext_lazy("Le jour où la promotion commence."),
            "places": gettext_lazy("On ne peut pas publier plus d’acceptations qu’il n’y a de places."),
            "confirm_days": gettext_lazy("Après l’annonce, jusqu’à 23 h 59 le dernier jour."),
            "offer_days": gettext_lazy("Pour répondre à une proposition de binôme."),
        }

    def clean_year(self):
        _within_years(self.cleaned_data["year"])
        return self.cleaned_data["year"]

    def full_clean(self):
        super().full_clean()
        self._tell_next_to_fields()

    def _tell_next_to_fields(self):
        field_of = {c.violation_error_message: FIELD_OF_CONSTRAINT[c.name] for c in Cohort._meta.constraints}
        general = self.errors.pop(NON_FIELD_ERRORS, None)
        for error in general.as_data() if general else ():
            for sentence in error.messages:
                self.add_error(field_of.get(sentence), sentence)


class CohortAdmin(CoordinatorAdmin):
    """Cohorts: sizes, ages, audiences and dates are data, and « Copier » prepares the next year."""

    form = CohortForm
    can_add = True
    change_form_template = "admin/cohorts/cohort/change_form.html"
    list_display = ["name", "phase", "closes", "decisions_on", "starts_on"]
    ordering = ["-starts_on"]
    inlines = [QuestionInline, DocumentInline]
    fieldsets = [
        (None, {"fields": ["season", "year", "presentation"]}),
        (gettext_lazy("Pour qui"), {"fields": ["audiences", ("min_age", "max_age"), "places"]}),
        (
            gettext_lazy("L’appel et les réponses"),
            {"fields": ["opens_at", "closes_at", "decisions_on", "confirm_days"]},
        ),
        (gettext_lazy("L’accompagnement"), {"fields": ["starts_on", "ends_on", "offer_days"]}),
    ]

    @admin.display(description=gettext_lazy("promotion"), ordering="-year")
    def name(self, cohort):
        return cohort.name

    @admin.display(description=gettext_lazy("appel"), ordering="opens_at")
    def phase(self, cohort):
        return cohort.phase(timezone.now()).label

    @admin.display(description=gettext_lazy("clôture"), ordering="closes_at")
    def closes(self, cohort):
        return timezone.localtime(cohort.closes_at).strftime("%d/%m/%Y, %H h %M")

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        context |= {"title": obj.name if obj else _("Nouvelle promotion"), "subtitle": None}
        context["story"] = story_of(obj) if obj else []
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def changeform_view(self, request, *args, **kwargs):
        """What changed between the check of the form and the verb is told, and the page is shown as it stands now."""
        with refusals_told(request):
            return super().changeform_view(request, *args, **kwargs)
        return HttpResponseRedirect(request.path)

    def save_model(self, request, obj, form, change):
        transitions.save(obj, fields=form.changed_data, actor=request.user)

    def save_formset(self, request, form, formset, change):
        formset.save(commit=False)
        keep = transitions.save_documents if formset.model is DocumentAsked else transitions.save_questions
        keep(
            form.instance,
            added=formset.new_objects,
            changed=formset.changed_objects,
            dropped=formset.deleted_objects,
            actor=request.user,
        )

    def get_urls(self):
        copy = self.admin_site.admin_view(require_POST(self.copy_view))
        return [path("<int:cohort_id>/copier/", copy, name="cohorts_cohort_copy"), *super().get_urls()]

    def copy_view(self, request, cohort_id):
        """Prepare the same season of the next year, and open it to check its dates."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        shown = get_object_or_404(Cohort, pk=cohort_id)
        with refusals_told(request):
            shown = transitions.copy(shown, actor=request.user)
            messages.success(
                request, _("%s est prête, un an plus tard jour pour jour. Vérifiez ses dates.") % shown.name
            )
        return HttpResponseRedirect(reverse("admin:cohorts_cohort_change", args=[shown.pk]))


@admin.register(Trade)
class TradeAdmin(CoordinatorAdmin):
    """The trades that forms offer. One in use is taken out of the forms, never deleted."""

    can_add = True
    list_display = ["name", "family", "rome_code", "is_offered"]
    list_filter = ["is_offered", "family"]
    search_fields = ["name__unaccent__icontains", "family__unaccent__icontains", "rome_code"]
    prepopulated_fields = {"slug": ["name"]}
    fields = ["name", "slug", "family", "rome_code", "order", "is_offered"]


@admin.register(Partner)
class PartnerAdmin(CoordinatorAdmin):
    """Who is behind the programme, or hosts part of it."""

    can_add = True
    can_delete = True
    list_display = ["name", "website", "yearly_contribution"]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    search_fields = ["name__unaccent__icontains"]

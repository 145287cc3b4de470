"""Staff screens of the programme's settings. Cohorts are registered in portal/, where their counts are known."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
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
from cohorts.cohort_form import CohortForm
from cohorts.criteria_admin import CriterionInline
from cohorts.documents_admin import DocumentInline
from cohorts.models import Cohort, Criterion, DocumentAsked, Partner, Question, Trade
from cohorts.questions_admin import QuestionInline
from lifecycle.doors import refusals_told

KEEP = {
    Question: transitions.save_questions,
    DocumentAsked: transitions.save_documents,
    Criterion: transitions.save_criteria,
}
"""The verb of each list that a cohort writes for itself."""


class CohortAdmin(CoordinatorAdmin):
    """Cohorts: sizes, ages, audiences and dates are data, and « Copier » prepares the next year."""

    form = CohortForm
    can_add = True
    change_form_template = "admin/cohorts/cohort/change_form.html"
    list_display = ["name", "phase", "closes", "decisions_on", "starts_on"]
    ordering = ["-starts_on"]
    inlines = [QuestionInline, DocumentInline, CriterionInline]
    fieldsets = [
        (None, {"fields": ["season", "year", "presentation"]}),
        (gettext_lazy("Pour qui"), {"fields": ["audiences", ("min_age", "max_age"), "places"]}),
        (
            gettext_lazy("L’appel et les réponses"),
            {"fields": ["opens_at", "closes_at", "decisions_on", "confirm_days"]},
        ),
        (gettext_lazy("Le jury"), {"fields": ["reviews_per_file", "readings_due_on", "is_blind"]}),
        (
            gettext_lazy("La sélection et l’annonce"),
            {
                "fields": [
                    "audience_minimums",
                    "parity_percent",
                    "parity_reason",
                    "needs_two_people",
                    "promotes_same_audience",
                ]
            },
        ),
        (
            gettext_lazy("L’accompagnement"),
            {
                "fields": [
                    "starts_on",
                    "ends_on",
                    ("offer_days", "offer_remind_days"),
                    "objection_days",
                    "max_tries",
                    "offers_again_by_itself",
                ]
            },
        ),
    ]

    def get_inlines(self, request, obj):
        """A new cohort is given its first criteria; they are reworded once it stands."""
        return self.inlines if obj else [inline for inline in self.inlines if inline is not CriterionInline]

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
        KEEP[formset.model](
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

"""Staff screens of the pairs. They are registered with their verbs in `matching`, which alone can touch a pair."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.staff_admin import CoordinatorAdmin, ReadablePageMixin
from applications.models import Application


class ObjectionFilter(admin.SimpleListFilter):
    """Pairs that the young person would rather not have, while she waits for somebody else."""

    title = _("objection")
    parameter_name = "objection"

    def lookups(self, request, model_admin):
        return [("sans-binome", _("oui, et sans binôme depuis"))]

    def queryset(self, request, queryset):
        if self.value() != "sans-binome":
            return queryset
        return queryset.filter(objected_at__isnull=False, application__state=Application.State.CONFIRMED)


class MentorshipAdmin(ReadablePageMixin, CoordinatorAdmin):
    """Pairs, and where they stand."""

    list_display = ["mentee", "mentor", "cohort", "state", "opened_at", "ended_at"]
    list_filter = ["state", ObjectionFilter]
    search_fields = [
        "application__reference",
        "application__candidate__last_name__unaccent__icontains",
        "application__candidate__first_name__unaccent__icontains",
        "commitment__mentor__person__last_name__unaccent__icontains",
        "commitment__mentor__person__first_name__unaccent__icontains",
    ]
    search_help_text = _("Par référence, ou par le nom de l’une des deux personnes, avec ou sans accents.")
    list_select_related = ["application__candidate", "application__cohort", "commitment__mentor__person"]
    change_form_template = "admin/mentorships/mentorship/page.html"

    def get_queryset(self, request):
        return super().get_queryset(request).select_related(*self.list_select_related)

    @admin.display(description=_("mentoré·e"), ordering="application__candidate__last_name")
    def mentee(self, mentorship):
        return mentorship.application.candidate.get_full_name()

    @admin.display(description=_("mentor·e"), ordering="commitment__mentor__person__last_name")
    def mentor(self, mentorship):
        return mentorship.commitment.mentor.person.get_full_name()

    @admin.display(description=_("promotion"), ordering="application__cohort__starts_on")
    def cohort(self, mentorship):
        return mentorship.application.cohort.name

    def page_title(self, request, mentorship):
        return f"{self.mentee(mentorship)} · {self.mentor(mentorship)}"

    def page_context(self, request, mentorship):
        return {
            "candidate": mentorship.application.candidate,
            "profile": mentorship.commitment.mentor,
            "mentor_trades": mentorship.commitment.mentor.trades.all(),
        }

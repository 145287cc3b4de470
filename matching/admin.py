"""Staff screens of the matching: calculations, proposals, and mentors with all their verbs."""

from django.contrib import admin
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.staff_admin import CoordinatorAdmin, ReadablePageMixin, verb
from cohorts.moments import moment
from lifecycle.refusals import Refusal
from matching import briefs, calls, pinning, run_pages, staff_queries, transitions, wording
from matching.mentor_admin import FullMentorAdmin
from matching.models import Proposal, Run
from matching.pair_admin import FullMentorshipAdmin
from matching.run_admin import RunAdmin
from mentors.models import MentorProfile
from mentorships.models import Mentorship

admin.site.register(Run, RunAdmin)
admin.site.register(MentorProfile, FullMentorAdmin)
admin.site.register(Mentorship, FullMentorshipAdmin)


class CohortFilter(admin.SimpleListFilter):
    """By the cohort of the calculation."""

    title = _("promotion")
    parameter_name = "cohort"

    def lookups(self, request, model_admin):
        runs = Run.objects.order_by("cohort__starts_on").select_related("cohort")
        return list(dict.fromkeys((run.cohort_id, run.cohort.name) for run in runs))

    def queryset(self, request, queryset):
        if str(self.value() or "").isdecimal():
            return queryset.filter(run__cohort_id=self.value())
        return queryset


class CallFilter(admin.SimpleListFilter):
    """Those whose mentor would like to be called before she answers."""

    title = _("appel")
    parameter_name = "appel"

    def lookups(self, request, model_admin):
        return [("a-passer", _("à passer"))]

    def queryset(self, request, queryset):
        return queryset.to_call() if self.value() == "a-passer" else queryset


@admin.register(Proposal)
class ProposalAdmin(ReadablePageMixin, CoordinatorAdmin):
    """Pairs proposed, and what the mentors answered."""

    list_display = ["reference", "mentee", "mentor", "state", "score", "expires_at", "reason"]
    list_filter = ["state", CohortFilter, CallFilter, ("decline_reason", admin.ChoicesFieldListFilter)]
    search_fields = [
        "application__reference",
        "application__candidate__last_name__unaccent__icontains",
        "application__candidate__first_name__unaccent__icontains",
        "commitment__mentor__person__last_name__unaccent__icontains",
    ]
    search_help_text = _("Par référence, ou par le nom de l’une des deux personnes, avec ou sans accents.")
    ordering = ["-offered_at", "-score", "id"]
    change_form_template = "admin/matching/proposal/page.html"
    verbs = ["note_call", "pin", "forbid", "allow"]

    def get_queryset(self, request):
        return staff_queries.for_staff(super().get_queryset(request))

    @admin.display(description=_("candidature"), ordering="application__reference")
    def reference(self, proposal):
        return proposal.application.reference

    @admin.display(description=_("mentoré·e"), ordering="application__candidate__last_name")
    def mentee(self, proposal):
        return proposal.application.candidate.get_full_name()

    @admin.display(description=_("mentor·e"), ordering="commitment__mentor__person__last_name")
    def mentor(self, proposal):
        return proposal.commitment.mentor.person.get_full_name()

    @admin.display(description=_("raison du refus"), ordering="decline_reason")
    def reason(self, proposal):
        return proposal.get_decline_reason_display() or "–"

    def page_title(self, request, proposal):
        return f"{proposal.application.candidate.get_full_name()} · {self.mentor(proposal)}"

    def page_context(self, request, proposal):
        return {
            "brief": briefs.of(proposal),
            "profile": proposal.commitment.mentor,
            "parts": wording.parts_of(proposal, wording.trade_names()),
            "rank": wording.rank(proposal.explanation),
            "better": run_pages.better_of(proposal),
            "never": run_pages.never_of(proposal),
        }

    @verb(
        _("Appel passé"),
        path="appel-passe",
        offered=lambda request, proposal: proposal.awaits_call,
    )
    def note_call(self, request, proposal):
        calls.note_call(proposal, actor=request.user)
        return gettext("C’est noté\u00a0: sa réponse est attendue avant le %s.") % moment(proposal.expires_at)

    @verb(
        _("Fixer ce binôme"),
        path="fixer",
        confirm=_(
            "Les calculs à venir gardent ces deux personnes ensemble, tant que la loi et les places le permettent. "
            "La page de la promotion permet d’y revenir."
        ),
        offered=lambda request, proposal: pinning.may_be_pinned(proposal),
    )
    def pin(self, request, proposal):
        pinning.pin_pair(proposal.application, proposal.commitment, actor=request.user)
        return gettext("Ce binôme est fixé\u00a0: le prochain calcul le garde.")

    @verb(
        _("Ne plus proposer ce binôme"),
        path="ecarter",
        confirm=_(
            "Aucun calcul ne proposera plus ces deux personnes l’une à l’autre, dans cette promotion ou une autre. "
            "Une proposition sans réponse est annulée\u00a0; un binôme en cours continue."
        ),
        is_danger=True,
        offered=lambda request, proposal: run_pages.never_of(proposal) is None,
    )
    def forbid(self, request, proposal):
        transitions.forbid_pair(proposal.application, proposal.commitment.mentor, actor=request.user)
        return gettext("Ce binôme ne sera plus proposé.")

    @verb(
        _("Permettre de nouveau ce binôme"),
        path="permettre",
        offered=lambda request, proposal: run_pages.never_of(proposal) is not None,
    )
    def allow(self, request, proposal):
        if (never := run_pages.never_of(proposal)) is None:
            raise Refusal(gettext("Rien n’écarte ce binôme."))
        transitions.allow_pair(never.application, never.mentor, actor=request.user)
        return gettext("Le prochain calcul peut de nouveau proposer ce binôme.")

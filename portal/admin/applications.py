"""Applications as coordinators work with them: the list, the readable page, decisions one by one or many at once."""

from django.contrib import admin, messages
from django.db.models import F
from django.http import HttpResponseRedirect
from django.template.defaultfilters import floatformat
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.staff_admin import CoordinatorAdmin, ReadablePageMixin
from applications.models import Application
from cohorts.models import Audience
from consents.models import GuardianAuthorisation
from portal import application_list as reads
from portal import application_page as page
from portal.admin.application_decisions import DecisionsMixin
from portal.admin.application_filters import FILTERS, CohortFilter
from portal.admin.application_list import FileList, FilesPaginator
from portal.admin.authorisation_verbs import AuthorisationVerbsMixin
from portal.admin.file_documents import FileDocumentsMixin
from portal.admin.file_openings import FileOpeningsMixin
from portal.admin.file_verbs import FileVerbsMixin
from reviews.models import Decision

State, Outcome, Given = Application.State, Decision.Outcome, GuardianAuthorisation.State

STOPPED = {Given.REFUSED: gettext_lazy("autorisation refusée"), Given.WITHDRAWN: gettext_lazy("autorisation retirée")}


@admin.register(Application)
class ApplicationAdmin(
    DecisionsMixin,
    AuthorisationVerbsMixin,
    FileVerbsMixin,
    FileDocumentsMixin,
    FileOpeningsMixin,
    ReadablePageMixin,
    CoordinatorAdmin,
):
    """The list of applications, and one page to read for each. The state is never edited: verbs change it."""

    change_form_template = "admin/applications/application/page.html"
    change_list_template = "admin/applications/application/list.html"
    list_display = [
        "reference",
        "name",
        "cohort",
        "situation",
        "trade",
        "state_tag",
        "decision",
        "score",
        "sent",
    ]
    list_filter = FILTERS
    search_fields = ["reference", "candidate__search_text"]  # see `get_search_results`
    search_help_text = gettext_lazy("Référence, prénom, nom ou adresse e-mail, avec ou sans accents.")
    sortable_by = ["reference", "name", "score", "sent"]
    """The columns that an index keeps in order; the others have a filter."""
    ordering = ["-sent_at", "-id"]
    actions = ["accept", "waitlist", "reject", "unmark"]
    verbs = [
        *DecisionsMixin.decision_verbs,
        *AuthorisationVerbsMixin.authorisation_verbs,
        *AuthorisationVerbsMixin.outing_verbs,
        *FileVerbsMixin.file_verbs,
        *AuthorisationVerbsMixin.by_hand_verbs,
    ]

    def get_queryset(self, request):
        return reads.listed(request.user)

    paginator = FilesPaginator

    def get_changelist(self, request, **kwargs):
        return FileList

    def get_search_results(self, request, queryset, search_term):
        if not search_term.strip():
            return queryset, False
        try:
            return reads.search(queryset, search_term), False
        except reads.TooBroad:
            request.is_search_too_broad = True  # the list says so
            return queryset.none(), False

    def response_action(self, request, queryset):
        """On files with all that their lines show; never on more than a person can have counted."""
        if reads.count(queryset) > reads.MOST and request.POST.get("select_across") == "1":
            messages.error(request, _("Trop de candidatures à la fois : précisez d’abord la liste par ses filtres."))
            return HttpResponseRedirect(request.get_full_path())
        return super().response_action(request, reads.detailed(queryset))

    def get_list_display(self, request):
        """Without the cohort when the list is that of one cohort."""
        return [
            name for name in self.list_display if name != "cohort" or CohortFilter.parameter_name not in request.GET
        ]

    # --- The columns of the list ----------------------------------------------------------------

    @admin.display(description=gettext_lazy("nom"), ordering="candidate__sort_name")
    def name(self, application):
        return application.candidate.get_full_name()

    @admin.display(description=gettext_lazy("public, région"))
    def situation(self, application):
        audience = Audience(application.audience).label if application.audience else "–"
        return format_html('{}<br><span class="quiet">{}</span>', audience, application.candidate.get_region_display())

    @admin.display(description=gettext_lazy("premier métier"))
    def trade(self, application):
        return application.first_trade or "–"

    @admin.display(description=gettext_lazy("état"))
    def state_tag(self, application):
        if application.state == State.DRAFT:
            return _tag("doing", _("en saisie"))
        tags = [_tag(application.state, application.get_state_display())]
        if application.is_being_changed:
            tags.append(_tag("doing", _("en modification")))
        if application.candidate.is_followed_by_hand:
            tags.append(_tag("by-hand", _("suivi manuel")))
        return format_html_join(" ", "{}", ((tag,) for tag in tags))

    @admin.display(description=gettext_lazy("à publier"))
    def decision(self, application):
        marks = []
        if application.pending_outcome:
            marks.append(_tag(application.pending_outcome, Outcome(application.pending_outcome).label))
        if page.is_conditional(application):
            stopped = STOPPED.get(application.authorisation_state)
            marks.append(_tag("bad", stopped) if stopped else _tag("conditional", _("sous réserve")))
        return format_html(" ".join(["{}"] * len(marks)), *marks) if marks else "–"

    @admin.display(description=gettext_lazy("note"), ordering=F("mean_score").desc(nulls_last=True))
    def score(self, application):
        if not application.given:
            return "–"
        return format_html('{} <span class="quiet">({})</span>', floatformat(application.mean, 1), application.given)

    @admin.display(description=gettext_lazy("envoyée le"), ordering="sent_at")
    def sent(self, application):
        return date_format(timezone.localtime(application.sent_at), "d/m/Y") if application.sent_at else "–"

    # --- The page, and its verbs ----------------------------------------------------------------

    def page_title(self, request, application):
        return f"{application.candidate.get_full_name()} · {application.reference}"

    def page_context(self, request, application):
        buttons = self.buttons(request, application)
        paths = {name: getattr(self, name).button.path for name in self.verbs}
        groups = (self.decision_verbs, self.file_verbs, self.outing_verbs, self.by_hand_verbs)
        decisions, file_verbs, outings, by_hand = ({paths[name] for name in names} for names in groups)
        return {
            **page.about(application),
            "is_conditional": page.is_conditional(application),
            "pending_label": Outcome(application.pending_outcome).label if application.pending_outcome else "",
            "shared_reason": page.shared_reason(application),
            "buttons": [],
            "decision_buttons": [b for b in buttons if b["button"].path in decisions],
            "file_buttons": [b for b in buttons if b["button"].path in file_verbs],
            "authorisations": self.authorisations_shown(request, application),
            "outing_buttons": [b for b in buttons if b["button"].path in outings],
            "by_hand_buttons": [b for b in buttons if b["button"].path in by_hand],
        }


def _tag(name: str, label: str):
    return format_html('<span class="tag tag--{}">{}</span>', name.lower(), label)

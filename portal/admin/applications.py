"""Applications as coordinators work with them: the list, the readable page, decisions one by one or many at once."""

from django.contrib import admin
from django.db.models import F
from django.db.models.functions import Lower
from django.template.defaultfilters import floatformat
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.staff_admin import CoordinatorAdmin, ReadablePageMixin, verb
from applications import minors
from applications.models import Application
from cohorts.models import Audience
from consents import guardians as authorisations
from consents.forms import ReceivedAuthorisationForm
from consents.models import GuardianAuthorisation
from matching import transitions as matching
from portal import application_page as page
from portal.admin.application_decisions import DecisionsMixin
from portal.admin.application_filters import (
    AudienceFilter,
    AuthorisationFilter,
    CohortFilter,
    DecisionFilter,
    GenderFilter,
    RegionFilter,
    StateFilter,
    TradeFilter,
    WritingFilter,
)
from portal.admin.file_openings import FileOpeningsMixin
from portal.admin.file_verbs import FileVerbsMixin
from reviews.models import Decision

State, Outcome, Given = Application.State, Decision.Outcome, GuardianAuthorisation.State


def _authorisation_is(*states):
    """Whether a minor's authorisation stands in one of these states; None: it was never asked for."""

    def offered(request, application):
        return application.authorisation_state in states and page.is_known_minor(application)

    return offered


@admin.register(Application)
class ApplicationAdmin(DecisionsMixin, FileVerbsMixin, FileOpeningsMixin, ReadablePageMixin, CoordinatorAdmin):
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
    list_filter = [
        CohortFilter,
        StateFilter,
        DecisionFilter,
        AudienceFilter,
        RegionFilter,
        TradeFilter,
        AuthorisationFilter,
        GenderFilter,
        WritingFilter,
    ]
    search_fields = [
        "reference",
        "candidate__first_name__unaccent__icontains",
        "candidate__last_name__unaccent__icontains",
        "candidate__email",
    ]
    search_help_text = gettext_lazy("Référence, prénom, nom ou adresse e-mail, avec ou sans accents.")
    ordering = ["-sent_at", "-id"]
    actions = ["accept", "waitlist", "reject", "unmark"]
    verbs = [
        *DecisionsMixin.decision_verbs,
        "record_authorisation",
        "refuse_authorisation",
        "withdraw_authorisation",
        *FileVerbsMixin.file_verbs,
    ]

    def get_queryset(self, request):
        return page.listed(request.user)

    def get_list_display(self, request):
        """Without the cohort when the list is that of one cohort."""
        return [
            name for name in self.list_display if name != "cohort" or CohortFilter.parameter_name not in request.GET
        ]

    # --- The columns of the list ----------------------------------------------------------------

    @admin.display(description=gettext_lazy("nom"), ordering=Lower("candidate__last_name__unaccent"))
    def name(self, application):
        return application.candidate.get_full_name()

    @admin.display(description=gettext_lazy("public, région"), ordering="candidate__region")
    def situation(self, application):
        audience = Audience(application.audience).label if application.audience else "–"
        return format_html('{}<br><span class="quiet">{}</span>', audience, application.candidate.get_region_display())

    @admin.display(description=gettext_lazy("premier métier"), ordering="first_trade")
    def trade(self, application):
        return application.first_trade or "–"

    @admin.display(description=gettext_lazy("état"), ordering="state")
    def state_tag(self, application):
        if application.state == State.DRAFT:
            return _tag("doing", _("en saisie"))
        tags = [_tag(application.state, application.get_state_display())]
        if application.is_being_changed:
            tags.append(_tag("doing", _("en modification")))
        return format_html_join(" ", "{}", ((tag,) for tag in tags))

    @admin.display(description=gettext_lazy("à publier"), ordering="pending_outcome")
    def decision(self, application):
        marks = []
        if application.pending_outcome:
            marks.append(_tag(application.pending_outcome, Outcome(application.pending_outcome).label))
        if page.is_conditional(application):
            marks.append(_tag("conditional", _("sous réserve")))
        return format_html(" ".join(["{}"] * len(marks)), *marks) if marks else "–"

    @admin.display(description=gettext_lazy("note"), ordering=F("mean").desc(nulls_last=True))
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
        decisions, file_verbs = ({paths[name] for name in names} for names in (self.decision_verbs, self.file_verbs))
        return {
            **page.about(application),
            "is_conditional": page.is_conditional(application),
            "pending_label": Outcome(application.pending_outcome).label if application.pending_outcome else "",
            "shared_reason": page.shared_reason(application),
            "buttons": [],
            "decision_buttons": [b for b in buttons if b["button"].path in decisions],
            "file_buttons": [b for b in buttons if b["button"].path in file_verbs],
            "authorisation_buttons": [b for b in buttons if "autorisation" in b["button"].path],
        }

    @verb(
        gettext_lazy("Noter l’autorisation reçue"),
        path="autorisation-recue",
        form_class=ReceivedAuthorisationForm,
        confirm=gettext_lazy("Recopiez ce que vous lisez sur l’autorisation signée que vous avez sous les yeux."),
        offered=_authorisation_is(None, Given.REQUESTED),
    )
    def record_authorisation(self, request, application, data):
        authorisations.record_given(self._authorisation(application), **data, actor=request.user)
        return _("L’autorisation est notée comme reçue.")

    @verb(
        gettext_lazy("Noter un refus"),
        path="autorisation-refusee",
        confirm=gettext_lazy("Un refus tient : sans autorisation, cette personne ne pourra pas participer."),
        is_danger=True,
        offered=_authorisation_is(None, Given.REQUESTED),
    )
    def refuse_authorisation(self, request, application):
        matching.refuse_authorisation(self._authorisation(application), actor=request.user)
        return _("Le refus est noté.")

    @verb(
        gettext_lazy("Noter le retrait de l’autorisation"),
        path="autorisation-retiree",
        confirm=gettext_lazy("Les propositions en cours seront annulées, et un binôme en cours mis en pause."),
        is_danger=True,
        offered=_authorisation_is(Given.GIVEN),
    )
    def withdraw_authorisation(self, request, application):
        matching.withdraw_authorisation(self._authorisation(application), actor=request.user)
        return _("Le retrait est noté.")

    def _authorisation(self, application):
        """The one asked for, or a new one: a cohort whose start moved has minors whom nobody asked."""
        return minors.expect(application)


def _tag(name: str, label: str):
    return format_html('<span class="tag tag--{}">{}</span>', name.lower(), label)

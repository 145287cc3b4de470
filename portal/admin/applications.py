"""Applications as coordinators work with them: the list, the readable page, decisions one by one or many at once."""

from collections import defaultdict

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import F
from django.db.models.functions import Lower
from django.template.defaultfilters import floatformat
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.staff_admin import CoordinatorAdmin, ReadablePageMixin, verb
from applications import minors, transitions
from applications.models import Application
from cohorts.models import Audience
from consents import transitions as authorisations
from consents.forms import ReceivedAuthorisationForm
from consents.models import GuardianAuthorisation
from lifecycle import journal
from lifecycle.refusals import Refusal
from matching import transitions as matching
from portal import application_page as page
from portal.admin.application_filters import (
    AudienceFilter,
    AuthorisationFilter,
    CohortFilter,
    DecisionFilter,
    RegionFilter,
    StateFilter,
    TradeFilter,
)
from reviews import transitions as reviews
from reviews.models import Decision

State, Outcome, Given = Application.State, Decision.Outcome, GuardianAuthorisation.State

TOLD_ONE_BY_ONE = 5
"""Up to so many refusals each have their message; beyond, those of one reason share one."""
REFERENCES_TOLD = 30


def _may_become(outcome):
    """Whether a listed file can be marked so: not decided for good, not in an announcement, not marked so yet."""

    def offered(request, application):
        is_open = application.state in Decision.DECIDABLE_STATES and not application.is_in_release
        return is_open and outcome not in (application.state, application.pending_outcome)

    return offered


def _authorisation_is(*states):
    """Whether a minor's authorisation stands in one of these states; None: it was never asked for."""

    def offered(request, application):
        return application.authorisation_state in states and minors.is_minor(application)

    return offered


@admin.register(Application)
class ApplicationAdmin(ReadablePageMixin, CoordinatorAdmin):
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
        "mark_accepted",
        "mark_waitlisted",
        "mark_rejected",
        "take_back",
        "record_authorisation",
        "refuse_authorisation",
        "withdraw_authorisation",
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
        return _tag(application.state, application.get_state_display())

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

    # --- Decisions, many at once ----------------------------------------------------------------

    @admin.action(description=gettext_lazy("Accepter"))
    def accept(self, request, queryset):
        return self._decide(request, queryset, Outcome.ACCEPTED, _("Accepter"))

    @admin.action(description=gettext_lazy("Mettre sur liste d’attente"))
    def waitlist(self, request, queryset):
        return self._decide(request, queryset, Outcome.WAITLISTED, _("Mettre sur liste d’attente"))

    @admin.action(description=gettext_lazy("Ne pas retenir"))
    def reject(self, request, queryset):
        return self._decide(request, queryset, Outcome.REJECTED, _("Ne pas retenir"))

    @admin.action(description=gettext_lazy("Effacer la décision"))
    def unmark(self, request, queryset):
        return self._decide(request, queryset, None, _("Effacer la décision"))

    def _decide(self, request, queryset, outcome, title):
        count = queryset.count()
        if request.POST.get("expected") != str(count):
            return self._asked(request, queryset, count, title)
        self.each_told(request, queryset, lambda file: self._mark(request, file, outcome), title)
        return None

    def _mark(self, request, application, outcome):
        if outcome is None:
            return reviews.unmark(application, actor=request.user)
        return reviews.mark(application, outcome, actor=request.user)

    def _asked(self, request, queryset, count, title):
        """The page that says how many files, and which; when that changed since she confirmed, it asks again."""
        if "confirmed" in request.POST:
            messages.warning(request, _("La liste a changé depuis : voici ce qu’elle contient maintenant."))
        sentence = ngettext(
            "%(count)s candidature choisie. Rien ne part : la décision attend « Publier ».",
            "%(count)s candidatures choisies. Rien ne part : les décisions attendent « Publier ».",
            count,
        )
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "sentence": sentence % {"count": count},
            "button": f"{title} ({count})",
            "rows": queryset,
            "action": request.POST["action"],
            "selected": request.POST.getlist(ACTION_CHECKBOX_NAME),
            "select_across": request.POST.get("select_across", "0"),
            "expected": count,
        }
        return TemplateResponse(request, "admin/applications/application/confirm.html", context)

    def each_told(self, request, queryset, act, done):
        """One sentence for what went well; each refusal, grouped by reason when there are many."""
        count, refused = 0, defaultdict(list)
        for application in queryset:
            try:
                act(application)
            except Refusal as refusal:
                refused[refusal.sentence].append(application.reference)
            else:
                count += 1
        if count:
            told = ngettext("« %(done)s » : %(count)s candidature.", "« %(done)s » : %(count)s candidatures.", count)
            messages.success(request, told % {"done": done, "count": count})
        for why, references in refused.items():
            for group in _grouped(references):
                messages.error(request, f"{group} : {why}")

    # --- The page, and its verbs ----------------------------------------------------------------

    def page_title(self, request, application):
        return f"{application.candidate.get_full_name()} · {application.reference}"

    def page_context(self, request, application):
        buttons = self.buttons(request, application)
        return {
            **page.about(application),
            "is_conditional": page.is_conditional(application),
            "pending_label": Outcome(application.pending_outcome).label if application.pending_outcome else "",
            "buttons": [],
            "decision_buttons": [b for b in buttons if "autorisation" not in b["button"].path],
            "authorisation_buttons": [b for b in buttons if "autorisation" in b["button"].path],
        }

    @verb(gettext_lazy("Accepter"), path="accepter", offered=_may_become(Outcome.ACCEPTED))
    def mark_accepted(self, request, application):
        return self._marked(request, application, Outcome.ACCEPTED)

    @verb(gettext_lazy("Liste d’attente"), path="liste-attente", offered=_may_become(Outcome.WAITLISTED))
    def mark_waitlisted(self, request, application):
        return self._marked(request, application, Outcome.WAITLISTED)

    @verb(gettext_lazy("Ne pas retenir"), path="ne-pas-retenir", offered=_may_become(Outcome.REJECTED))
    def mark_rejected(self, request, application):
        return self._marked(request, application, Outcome.REJECTED)

    def _marked(self, request, application, outcome):
        self._mark(request, application, outcome)
        return _("Décision prise : « %s ». Elle attend « Publier ».") % Outcome(outcome).label

    @verb(gettext_lazy("Effacer la décision"), path="effacer", offered=lambda request, file: file.pending_outcome)
    def take_back(self, request, application):
        self._mark(request, application, None)
        return _("La décision est effacée.")

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
        authorisations.record_refused(self._authorisation(application), actor=request.user)
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

    @verb(
        gettext_lazy("Retirer la candidature"),
        path="retirer",
        confirm=gettext_lazy(
            "À la demande de la personne elle-même : sa candidature s’arrête, sa place va à la liste d’attente, "
            "un binôme en cours prend fin. Elle reçoit un courriel qui le lui confirme."
        ),
        is_danger=True,
        offered=lambda request, file: State.WITHDRAWN in transitions.ALLOWED.get(file.state, ()),
    )
    def withdraw(self, request, application):
        matching.withdraw_application(application, actor=request.user)
        return _("La candidature est retirée.")

    def _authorisation(self, application):
        """The one asked for, or a new one: a cohort whose start moved has minors whom nobody asked."""
        return authorisations.request(application.candidate, journal.ref(application.cohort))


def _tag(name: str, label: str):
    return format_html('<span class="tag tag--{}">{}</span>', name.lower(), label)


def _grouped(references: list[str]) -> list[str]:
    """The references one by one, or all in one line when they are many."""
    if len(references) <= TOLD_ONE_BY_ONE:
        return references
    shown = ", ".join(references[:REFERENCES_TOLD])
    more = len(references) - REFERENCES_TOLD
    return [shown + (_(" et %s autres") % more if more > 0 else "")]

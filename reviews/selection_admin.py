"""The coordinators' selection: where a cohort stands, sharing out the reading, publishing the decisions."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.staff_admin import CoordinatorAdmin
from applications import emails, minors
from applications.transitions import confirmation_term
from cohorts.models import Cohort
from lifecycle.doors import refusals_told
from notifications import pulse
from reviews import queries, readings, releasing
from reviews.models import Decision, Release

Outcome = Decision.Outcome


class ReleaseAdmin(CoordinatorAdmin):
    """In the place of a list of announcements: one page a cohort, which leads to them."""

    can_change = False

    def get_urls(self):
        def guarded(view):
            return self.admin_site.admin_view(view)

        one = "selection/<int:cohort_id>/"
        return [
            path("", guarded(require_safe(self.changelist_view)), name="reviews_release_changelist"),
            path(one, guarded(require_safe(self.selection_view)), name="reviews_selection"),
            path(f"{one}repartir/", guarded(require_POST(self.distribute_view)), name="reviews_selection_distribute"),
            path(
                f"{one}publier/",
                guarded(require_http_methods(["GET", "HEAD", "POST"])(self.publish_view)),
                name="reviews_selection_publish",
            ),
        ]

    def changelist_view(self, request, extra_context=None):
        """Every cohort, the latest first, and where its selection stands."""
        self._require_coordinator(request)
        return self._page(request, "list", title=_("Sélection"), selections=queries.selections())

    def selection_view(self, request, cohort_id):
        """The selection of one cohort: figures, jury, pending decisions, announcements."""
        cohort = self._cohort(request, cohort_id)
        decisions = list(queries.pending_decisions(cohort))
        releases = queries.releases(cohort)
        return self._page(
            request,
            "page",
            title=_("Sélection · %s") % cohort.name,
            cohort=cohort,
            figures=queries.figures(cohort),
            jury=queries.jury_progress(cohort),
            readers_per_file=cohort.reviews_per_file,
            decisions=decisions,
            **self._awaiting(decisions, cohort),
            under_way=[progress for progress in releases if progress.release.done_at is None],
            announced=[progress for progress in releases if progress.release.done_at is not None],
            health=pulse.health(),
        )

    def distribute_view(self, request, cohort_id):
        cohort = self._cohort(request, cohort_id)
        with refusals_told(request):
            count = readings.distribute(cohort, actor=request.user)
            told = ngettext(
                "%(count)s lecture a été confiée au jury.", "%(count)s lectures ont été confiées au jury.", count
            )
            none = _("Chaque dossier a déjà ses lectures : rien de nouveau à répartir.")
            messages.success(request, told % {"count": count} if count else none)
        return redirect("admin:reviews_selection", cohort.pk)

    def publish_view(self, request, cohort_id):
        """GET says exactly what would be sent to how many, with real examples; POST asks for the announcement."""
        cohort = self._cohort(request, cohort_id)
        if request.method == "POST":
            with refusals_told(request):
                releasing.propose(cohort, actor=request.user, expected=self._expected(request))
                messages.success(request, _("L’annonce est lancée. Les décisions se montreront toutes au même moment."))
                return redirect("admin:reviews_selection", cohort.pk)
            return redirect("admin:reviews_selection_publish", cohort.pk)
        decisions = list(queries.pending_decisions(cohort))
        awaiting = self._awaiting(decisions, cohort)
        return self._page(
            request,
            "publish",
            title=_("Publier les décisions · %s") % cohort.name,
            cohort=cohort,
            figures=queries.figures(cohort),
            **awaiting,
            examples=list(self._examples(cohort, decisions, awaiting["awaiting"])),
            with_reason=[decision for decision in decisions if decision.shared_reason],
            under_way=Release.objects.filter(cohort=cohort, state__in=Release.OPEN_STATES).exists(),
        )

    def _awaiting(self, decisions, cohort) -> dict:
        """Whose place rests on an authorisation that has not come, and how many of them are accepted."""
        awaiting = queries.awaiting_authorisation(decisions, cohort)
        accepted = [d for d in decisions if d.outcome == Outcome.ACCEPTED and d.application_id in awaiting]
        return {"awaiting": awaiting, "accepted_awaiting": len(accepted)}

    def _expected(self, request) -> dict[str, int]:
        """What the page she confirms had shown; anything unreadable is refused as a change."""
        shown = ((outcome, request.POST.get(outcome.lower(), "")) for outcome in Outcome.values)
        return {outcome: int(text) if text.isdecimal() and len(text) < 9 else -1 for outcome, text in shown}

    def _examples(self, cohort, decisions, awaiting):
        """For each kind of letter that would leave, the first one as it would read today."""
        term = confirmation_term(cohort, timezone.now())
        seen = set()
        for decision in decisions:
            application = decision.application
            kind = (decision.outcome, application.pk in awaiting, bool(decision.shared_reason))
            if kind in seen:
                continue
            seen.add(kind)
            subject, body = emails.preview_decision(
                application,
                decision.outcome,
                confirm_by=term,
                awaits_authorisation=not minors.is_authorised(application),
                shared_reason=decision.shared_reason,
            )
            yield {"decision": decision, "is_awaiting": kind[1], "subject": subject, "body": body}

    def _cohort(self, request, cohort_id) -> Cohort:
        self._require_coordinator(request)
        return get_object_or_404(Cohort, pk=cohort_id)

    def _require_coordinator(self, request):
        if not request.user.is_coordinator:
            raise PermissionDenied

    def _page(self, request, template, **context):
        return TemplateResponse(
            request,
            f"admin/reviews/selection/{template}.html",
            {**self.admin_site.each_context(request), "opts": self.opts, **context},
        )

"""Coordinators' pages of a calculation: its progress, what it found and why, publishing it."""

from django.core.paginator import Paginator
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.staff_admin import CoordinatorAdmin, ReadablePageMixin, verb
from matching import comparing, emails, publishing, run_pages, staff_queries, wording
from matching.by_hand_pages import ByHandPages
from matching.closing_pages import ClosingPages
from matching.cohort_pages import CohortPages
from matching.comparing_pages import ComparingPages
from matching.models import Run, Unmatched
from matching.needs_pages import NeedsPages
from matching.pinning_pages import PinningPages
from matching.season_pages import SeasonPages
from notifications import pulse

ROWS = 25
REFRESH_SECONDS = 5

WISHES = (
    ("1", gettext_lazy("premier vœu")),
    ("2", gettext_lazy("deuxième vœu")),
    ("3", gettext_lazy("troisième vœu")),
    ("family", gettext_lazy("métier voisin")),
    ("none", gettext_lazy("autre métier")),
)


def is_publishable(run: Run) -> bool:
    return Run.objects.publishable().filter(pk=run.pk).exists()


class RunAdmin(
    NeedsPages,
    PinningPages,
    SeasonPages,
    ByHandPages,
    ClosingPages,
    ComparingPages,
    CohortPages,
    ReadablePageMixin,
    CoordinatorAdmin,
):
    """Calculations, reached by their cohort."""

    change_form_template = "admin/matching/run/page.html"
    verbs = ["publish"]

    # --- One calculation ------------------------------------------------------------------------

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("cohort")

    def page_title(self, request, run):
        return _("%(run)s · %(cohort)s") % {"run": run, "cohort": run.cohort.name}

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The page of a run; while the worker has it, the browser asks again by itself."""
        response = super().change_view(request, object_id, form_url, extra_context)
        shown = getattr(response, "context_data", None) or {}
        if shown.get("is_under_way") or shown.get("publication_under_way"):
            response["Refresh"] = str(REFRESH_SECONDS)
        return response

    def buttons(self, request, run):
        """None at the top: « Publier » stands beside what it would publish."""
        return []

    def page_context(self, request, run):
        is_under_way = run.state in (Run.State.REQUESTED, Run.State.RUNNING)
        published = run_pages.publication_so_far(run)
        needs_worker = is_under_way or (published is not None and not run.published_at)
        trades = wording.trade_names()
        proposals = Paginator(staff_queries.proposals_of(run), ROWS).get_page(request.GET.get("page"))
        # The worker may finish between two reads: what this run did not know yet is not shown beside it.
        unmatched = run_pages.unmatched_of(run) if run.state == Run.State.DONE else Unmatched.objects.none()
        left = Paginator(unmatched, ROWS).get_page(request.GET.get("reste"))
        return {
            "is_under_way": is_under_way,
            "is_worker_alive": not needs_worker or pulse.health().is_worker_alive,
            "publication_under_way": needs_worker and not is_under_way,
            "published": published,
            "is_publishable": is_publishable(run),
            "has_earlier": run.state == Run.State.DONE and comparing.has_earlier(run),
            "new_count": run.figures.get("new", run.figures.get("pairs", 0)),
            "publish_url": self.verb_url("publish", run),
            "wishes": self._wishes(run),
            "floors": run_pages.floors_of(run),
            "supply": run_pages.supply_of(run, trades),
            "proposals": proposals,
            "shown": run_pages.proposals_shown(proposals, trades),
            "left": left,
            "left_shown": run_pages.left_shown(run, left),
        }

    def _wishes(self, run) -> list[dict]:
        counts = run.figures.get("wishes", {})
        return [{"key": key, "label": label, "count": counts[key]} for key, label in WISHES if counts.get(key)]

    def verb_view(self, request, object_id, *, name):
        """GET says what publishing would send; POST publishes."""
        if name == "publish" and request.method in ("GET", "HEAD"):
            run = self.found(request, object_id)
            publication = staff_queries.publication_of(run) if is_publishable(run) else None
            context = {**self._context(request, run), "publication": publication, "back": self.page_url(run)}
            if publication and publication.example:
                term = publishing.offer_term(run.cohort, timezone.now())
                subject, body = emails.preview_offer(publication.example, count=publication.example_count, term=term)
                context |= {"term": term, "subject": subject, "body": body}
            return TemplateResponse(request, "admin/matching/run/publish.html", context)
        return super().verb_view(request, object_id, name=name)

    @verb(
        gettext_lazy("Publier…"),
        path="publier",
        confirm=gettext_lazy("Publier les propositions"),
    )
    def publish(self, request, run):
        publishing.ask(run, actor=request.user)
        return _("Les propositions partent\u00a0: cette page dit où cela en est.")

"""The coordinators' lists: composing one, reading it whole, moving files by hand, comparing two, adopting one."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.queries import story_of
from accounts.staff_admin import CoordinatorAdmin
from cohorts.models import Cohort
from lifecycle.doors import refusals_told
from reviews import adopting, selecting, selection_queries
from reviews.models import Decision, Line, Selection
from reviews.selection_forms import ComposeForm, MoveForm, SwapForm, initial_of
from reviews.selection_words import TIE_RULE

LINES_PER_PAGE = 100
LONGEST_SEARCH = 100


class SelectionAdmin(CoordinatorAdmin):
    """In the place of a list of lists: those of a cohort stand on its selection page, which leads to each."""

    can_change = False

    def get_urls(self):
        both, read, post = require_http_methods(["GET", "HEAD", "POST"]), require_safe, require_POST
        cohort, one, file = (
            "promotion/<int:cohort_id>/",
            "<int:object_id>/",
            "<int:object_id>/dossiers/<str:reference>/",
        )
        pages = (
            ("", read(self.changelist_view), "changelist"),
            (f"{cohort}composer/", both(self.compose_view), "compose"),
            (f"{cohort}comparer/", read(self.compare_view), "compare"),
            (one, read(self.list_view), "list"),
            (f"{one}retenir/", both(self.adopt_view), "adopt"),
            (f"{one}reprendre/", post(self.withdraw_view), "withdraw"),
            (f"{one}supprimer/", post(self.delete_draft_view), "delete_draft"),
            (f"{file}deplacer/", both(self.move_view), "move"),
            (f"{file}remettre/", post(self.return_view), "return"),
        )
        return [
            path(address, self.admin_site.admin_view(view), name=f"reviews_selection_{name}")
            for address, view, name in pages
        ]

    def changelist_view(self, request, extra_context=None):
        self.require_view(request)
        return redirect("admin:reviews_release_changelist")

    def compose_view(self, request, cohort_id):
        """GET shows the settings of a new list, as the cohort's or another list's; POST composes it."""
        self.require_view(request)
        cohort = get_object_or_404(Cohort, pk=cohort_id)
        free = selecting.free_places(cohort)
        like = cohort.selections.filter(number=_number(request.GET.get("depuis"))).first()
        typed = request.POST if request.method == "POST" else None
        form = ComposeForm(typed, cohort=cohort, free=free, initial=initial_of(cohort, free, like))
        if typed is not None and form.is_valid():
            with refusals_told(request):
                try:
                    selection = selecting.compose(cohort, **form.wanted, actor=request.user)
                except selecting.NoSuchList as refused:
                    form.tell(refused)
                else:
                    return redirect("admin:reviews_selection_list", selection.pk)
        files, unread = selecting.eligible(cohort)
        return self._page(
            request,
            "compose",
            title=_("Composer une liste · %s") % cohort.name,
            cohort=cohort,
            form=form,
            like=like,
            free=free,
            files=len(files),
            short=sum(1 for file in files if file.missing),
            unread=unread,
            tie_rule=TIE_RULE % {"seed": cohort.slug},
        )

    def list_view(self, request, object_id):
        """One list: what its bounds do, its lines in order, what changed since."""
        selection = self._selection(request, object_id)
        view, words = request.GET.get("voir", ""), request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH]
        if view not in selection_queries.VIEWS:
            view = ""
        found = selection_queries.lines(selection, view, words)
        page = Paginator(found, LINES_PER_PAGE).get_page(request.GET.get("page"))
        for line in page.object_list:
            line.reasons = selection_queries.reasons(selection, line)
        counts = selection_queries.counts(selection)
        is_draft = selection.state == Selection.State.DRAFT
        breakdown = selection_queries.breakdown(selection)
        return self._page(
            request,
            "draft",
            title=_("Liste %(number)s · %(cohort)s") % {"number": selection.number, "cohort": selection.cohort.name},
            cohort=selection.cohort,
            selection=selection,
            is_draft=is_draft,
            points=selection_queries.total(selection),
            counts=counts,
            views=[(name, label, counts[name]) for name, label in selection_queries.VIEWS.items()],
            view=view,
            words=words,
            page=page,
            breakdown=breakdown,
            excess=max(0, counts["retenus"] - selection.places),
            left=max(0, selection.figures.get("chosen", 0) - counts["retenus"]),
            prices=selection_queries.prices(selection),
            ties=selection_queries.ties(selection),
            tie_rule=TIE_RULE % {"seed": selection.cohort.slug},
            drift=adopting.drift(selection) if is_draft else None,
            others=selection.cohort.selections.exclude(pk=selection.pk),
            story=story_of(selection),
        )

    def move_view(self, request, object_id, reference):
        """GET asks where the file goes, or with which one it changes places, and why; POST moves it."""
        line = self._line(request, object_id, reference)
        typed = request.POST if request.method == "POST" else None
        is_swap = typed is not None and "swap-reason" in typed
        form = MoveForm(None if is_swap else typed, initial={"outcome": line.outcome, "reason": line.moved_reason})
        swap = SwapForm(typed if is_swap else None, line=line, prefix="swap")
        asked = swap if is_swap else form
        if asked.is_valid():
            act = selecting.swap_lines if is_swap else selecting.move_line
            with refusals_told(request):
                act(line, **asked.cleaned_data, actor=request.user)
                messages.success(request, _("%s a changé de place.") % reference)
                return self._to_line(line)
        line.reasons = selection_queries.reasons(line.selection, line)
        return self._page(
            request,
            "move",
            title=_("Déplacer %s") % reference,
            cohort=line.selection.cohort,
            selection=line.selection,
            line=line,
            form=form,
            swap=swap,
            asked=asked,
        )

    def return_view(self, request, object_id, reference):
        line = self._line(request, object_id, reference)
        with refusals_told(request):
            selecting.return_line(line, actor=request.user)
            messages.success(request, _("%s est de nouveau à la place calculée.") % reference)
        return self._to_line(line)

    def adopt_view(self, request, object_id):
        """GET says what adopting the list would write and what it replaces; POST adopts it."""
        selection = self._selection(request, object_id)
        if request.method == "POST":
            with refusals_told(request):
                done = adopting.adopt(selection, expected=_expected(request), actor=request.user)
                count = done.outcomes.total()
                told = ngettext(
                    "La liste est retenue\u00a0: %(count)s décision attend d’être publiée.",
                    "La liste est retenue\u00a0: %(count)s décisions attendent d’être publiées.",
                    max(count, 1),
                )
                messages.success(request, told % {"count": count})
                return redirect("admin:reviews_selection", selection.cohort_id)
            return redirect("admin:reviews_selection_adopt", selection.pk)
        if selection.state != Selection.State.DRAFT:
            return redirect("admin:reviews_selection_list", selection.pk)
        adoption = adopting.adoption(selection)
        return self._page(
            request,
            "adopt",
            title=_("Retenir la liste %s") % selection.number,
            cohort=selection.cohort,
            selection=selection,
            adoption=adoption,
            outcomes=[(outcome, adoption.outcomes[outcome]) for outcome in Decision.Outcome],
            left_alone=adoption.left_alone.total(),
            drift=adopting.drift(selection),
            missed=selection_queries.breakdown(selection).missed,
        )

    def withdraw_view(self, request, object_id):
        selection = self._selection(request, object_id)
        with refusals_told(request):
            adopting.withdraw_adoption(selection, actor=request.user)
            messages.success(request, _("La liste est de nouveau un brouillon\u00a0: ses décisions sont effacées."))
        return redirect("admin:reviews_selection_list", selection.pk)

    def delete_draft_view(self, request, object_id):
        selection = self._selection(request, object_id)
        with refusals_told(request):
            selecting.delete_draft(selection, actor=request.user)
            messages.success(request, _("La liste %s est supprimée.") % selection.number)
            return redirect("admin:reviews_selection", selection.cohort_id)
        return redirect("admin:reviews_selection_list", selection.pk)

    def compare_view(self, request, cohort_id):
        """Two lists of a cohort side by side: what they ask, what they cost, and the files they do not decide alike."""
        self.require_view(request)
        cohort = get_object_or_404(Cohort, pk=cohort_id)
        lists = list(selection_queries.lists(cohort))
        by_number = {one.number: one for one in lists}
        first, second = by_number.get(_number(request.GET.get("a"))), by_number.get(_number(request.GET.get("b")))
        both = (first, second) if first and second and first != second else ()
        return self._page(
            request,
            "compare",
            title=_("Comparer deux listes · %s") % cohort.name,
            cohort=cohort,
            lists=lists,
            first=first or (lists[1] if len(lists) > 1 else None),
            second=second or (lists[0] if lists else None),
            sides=[(one, selection_queries.bounds(one), selection_queries.prices(one)) for one in both],
            comparison=selection_queries.comparison(*both) if both else None,
            is_same=first is not None and first == second,
        )

    def _selection(self, request, pk) -> Selection:
        self.require_view(request)
        return get_object_or_404(Selection.objects.select_related("cohort", "composed_by"), pk=pk)

    def _line(self, request, pk, reference) -> Line:
        selection = self._selection(request, pk)
        lines = selection.lines.select_related("application__candidate", "selection__cohort")
        try:
            return lines.get(application__reference=reference.replace("\x00", ""))
        except Line.DoesNotExist:
            raise Http404

    def _to_line(self, line: Line):
        """Back to the page of the list where the file now stands; to the lists, when that one was thrown away."""
        try:
            line.refresh_from_db(fields=["rank"])
        except Line.DoesNotExist:
            return redirect("admin:reviews_selection", line.selection.cohort_id)
        number = (line.rank - 1) // LINES_PER_PAGE + 1
        response = redirect("admin:reviews_selection_list", line.selection_id)
        response["Location"] += (f"?page={number}" if number > 1 else "") + f"#dossier-{line.application.reference}"
        return response

    def _page(self, request, template, **context):
        shared = {**self.admin_site.each_context(request), "opts": self.opts}
        return TemplateResponse(request, f"admin/reviews/selection/{template}.html", {**shared, **context})


def _expected(request) -> dict[str, int]:
    """What the page that she confirms had shown; anything unreadable is refused as a change."""
    shown = ((name, request.POST.get(name, "")) for name in (*Decision.Outcome.values, "replaced"))
    return {name: int(text) if text.isdecimal() and len(text) < 9 else -1 for name, text in shown}


def _number(text: str | None) -> int:
    """The number of a list as an address holds it; 0, which no list has, when it is none."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 5 else 0

"""Coordinators' pages to invite many mentors at once: give a list, read what each line would do, import it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from documents import serving
from documents.limits import MAX_TABLE
from documents.workbook import CSV, XLSX
from lifecycle.doors import refusals_told
from mentors.import_forms import ImportForm
from mentors.importing import corrections, inviting, planning, template
from mentors.importing.columns import COLUMNS
from mentors.models import MentorImport

ROWS = 100
FIRST_WRONG = 200
"""So many wrong lines are in sight; the others once these are right."""


class ImportPages:
    """For the admin of mentors."""

    def get_urls(self):
        def guarded(view, *methods):
            return self.admin_site.admin_view(require_http_methods(["GET", "HEAD", *methods])(never_cache(view)))

        return [
            path("importer/", guarded(self.import_view, "POST"), name="mentors_mentorprofile_import"),
            path("importer/modele.xlsx", guarded(self.template_view), name="mentors_mentorprofile_import_template"),
            path(
                "importer/modele.csv",
                guarded(self.csv_template_view),
                name="mentors_mentorprofile_import_csv",
            ),
            path(
                "importer/<int:import_id>/",
                guarded(self.import_check_view, "POST"),
                name="mentors_mentorprofile_import_check",
            ),
            path(
                "importer/<int:import_id>/a-corriger.xlsx",
                guarded(self.corrections_view),
                name="mentors_mentorprofile_import_corrections",
            ),
            *super().get_urls(),
        ]

    def import_view(self, request):
        """Give a list; what each line would do is on the next page."""
        self._require_adding(request)
        form = ImportForm()
        if request.method == "POST":
            is_too_large = int(request.META.get("CONTENT_LENGTH") or 0) > MAX_TABLE
            form = ImportForm(request.POST, request.FILES, is_too_large=is_too_large)
            if form.is_valid():
                given = form.cleaned_data
                checked = inviting.check(
                    given["lines"], source=given["source"], unknown_columns=given["unknown"], actor=request.user
                )
                return HttpResponseRedirect(reverse("admin:mentors_mentorprofile_import_check", args=[checked.pk]))
        context = {"title": _("Inviter plusieurs mentor·es"), "form": form, "columns": COLUMNS}
        return self._import_page(request, "import", **context, status=422 if form.errors else 200)

    def import_check_view(self, request, import_id):
        """GET shows what was checked, POST imports it."""
        self._require_adding(request)
        checked = get_object_or_404(MentorImport.objects.visible_to(request.user), pk=import_id)
        if request.method == "POST":
            with refusals_told(request):
                self._import(request, checked)
            return HttpResponseRedirect(request.path)
        return self._import_page(
            request, "import_check", title=_("Ce que ferait chaque ligne"), **_shown(request, checked)
        )

    def template_view(self, request):
        self._require_adding(request)
        return serving.made(template.xlsx(), shown_as="mentores-a-inviter.xlsx", content_type=XLSX)

    def csv_template_view(self, request):
        self._require_adding(request)
        return serving.made(template.csv(), shown_as="mentores-a-inviter.csv", content_type=CSV)

    def corrections_view(self, request, import_id):
        """The wrong lines alone, to correct and give again."""
        self._require_adding(request)
        checked = get_object_or_404(MentorImport.objects.visible_to(request.user), pk=import_id)
        return serving.made(corrections.xlsx(checked), shown_as="mentores-a-corriger.xlsx", content_type=XLSX)

    def _import(self, request, checked: MentorImport) -> None:
        if inviting.import_(checked, actor=request.user):
            told = ngettext("%(count)s invitation est partie.", "%(count)s invitations sont parties.", checked.invited)
            messages.success(request, told % {"count": checked.invited})
            return
        count = sum(line["has_changed"] for line in checked.plan)
        told = ngettext(
            "Rien n’a été fait\u00a0: depuis la vérification, %(count)s ligne a changé. Relisez-la, et confirmez.",
            "Rien n’a été fait\u00a0: depuis la vérification, %(count)s lignes ont changé. Relisez-les, et confirmez.",
            count,
        )
        messages.warning(request, told % {"count": count})

    def _require_adding(self, request) -> None:
        if not self.has_add_permission(request):
            raise PermissionDenied

    def _import_page(self, request, name: str, *, status=200, **context):
        context = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, f"admin/mentors/mentorprofile/{name}.html", context, status=status)


def _shown(request, checked: MentorImport) -> dict:
    """What the page of a checked list says: counts, what has changed, what is wrong, then every other line."""
    lines = checked.plan
    wrong = [line for line in lines if line["action"] == planning.WRONG]
    right = [line for line in lines if line["action"] != planning.WRONG]
    counts = {name: sum(line["action"] == name for line in lines) for name in ("invite", "fill_in", "same", "known")}
    return {
        "checked": checked,
        "counts": counts,
        "acting": counts["invite"] + counts["fill_in"],
        "changed": [line for line in lines if line.get("has_changed")],
        "wrong": wrong[:FIRST_WRONG],
        "wrong_count": len(wrong),
        "right": Paginator(right, ROWS).get_page(request.GET.get("page")),
    }

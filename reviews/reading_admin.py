"""The jury's reading: « Dossiers à lire », and one page a file, from one unread file to the next."""

from datetime import UTC, datetime

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications import attachments
from applications.document_views import served
from cohorts.moments import hour
from cohorts.queries import criteria_of
from documents.first_look import display_name
from lifecycle.doors import refusals_told
from lifecycle.refusals import Refusal
from reviews import perms, queries, reading_page, readings
from reviews.forms import ReviewForm
from reviews.reading_tools import ReadingToolsMixin
from reviews.ties import tie_between

PER_PAGE = 50
SAVES = "X-Enregistrement"
"""The header by which `reading.js` says that it saves: the answer is then a sentence, not a page."""


class AssignmentAdmin(ReadingToolsMixin, admin.ModelAdmin):
    """What a jury member works with: her own files, and nothing that says more about people than she needs.

    Pages are made of `reading_page.Sheet`s, which hold what a reader may know and nothing else; nor, before she has
    given her own opinion, does any page, list, count or order tell what others think.
    """

    def has_module_permission(self, request):
        return perms.is_on_a_jury(request.user)

    def has_view_permission(self, request, obj=None):
        return perms.is_on_a_jury(request.user)

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        guarded = self.admin_site.admin_view
        return [
            path("", guarded(require_safe(self.changelist_view)), name="reviews_assignment_changelist"),
            path(
                "<slug:reference>/",
                guarded(require_http_methods(["GET", "HEAD", "POST"])(self.read_view)),
                name="reviews_assignment_read",
            ),
            path("<slug:reference>/noter/", guarded(require_POST(self.save_view)), name="reviews_assignment_save"),
            *self.tools_urls(guarded),
            path(
                "<slug:reference>/documents/<str:token>/",
                guarded(require_safe(self.document_view)),
                name="reviews_assignment_document",
            ),
        ]

    def changelist_view(self, request, extra_context=None):
        """Her files, the unread ones first: by reference, without a name."""
        self.require_jury(request)
        page = Paginator(queries.to_read(request.user), PER_PAGE).get_page(request.GET.get("p"))
        return self._page(
            request,
            "list",
            title=_("Dossiers à lire"),
            page_obj=page,
            rows=[reading_page.row(application) for application in page],
            following=_reference(queries.next_to_read(request.user)),
            progress=reading_page.progress(request.user),
        )

    def read_view(self, request, reference):
        """One file to read, with the form for her opinion; read-only once the file is decided. 404 if it is not hers.

        A POST gives the opinion. What is missing is told, and what was typed is kept.
        """
        application = self.found(request, reference)
        if request.method != "POST":
            return self.show(request, application)
        form = self._form(request, application, reading_page.mine(request.user, application))
        if not form.is_valid() and perms.can_still_review(application):
            with refusals_told(request):
                readings.save_draft(application, request.user, **form.begun)
            return self.show(request, application, form=form, status=422)
        with refusals_told(request):
            readings.review(application, request.user, **(form.opinion if form.is_valid() else form.begun))
            messages.success(request, _("Votre avis sur %s est donné.") % application.reference)
        return self.go_on(request, application)

    def save_view(self, request, reference):
        """What she is writing, kept and not given: a sentence for the script, the page again for a button."""
        application = self.found(request, reference)
        form = self._form(request, application, reading_page.mine(request.user, application))
        now = timezone.now()
        told = _("Enregistré à\u00a0%s") % hour(now)
        if SAVES not in request.headers:
            with refusals_told(request):
                readings.save_draft(application, request.user, **form.begun, now=now)
                messages.success(request, told + _(". Votre avis n’est pas encore donné."))
            return redirect(self.read_url(reference) + "#avis")
        try:
            readings.save_draft(application, request.user, **form.begun, shown_at=_shown_at(request), now=now)
        except Refusal as refusal:
            return JsonResponse({"told": str(refusal.sentence)}, status=409)
        return JsonResponse({"told": told})

    def document_view(self, request, reference, token):
        """One document of a file that is hers to read, where she may open it; 404 for anything else."""
        application = self.found(request, reference)
        opened = reading_page.openable(application, token)
        if opened is None:
            raise Http404
        label, document = opened
        name = display_name(f"{application.reference} {label}", document.content_type)
        response = served(request, document, shown_as=name)
        if response.status_code == 200:
            attachments.note_opened(document, actor=request.user)
        return response

    # --- For the tools as well ------------------------------------------------------------------

    def show(self, request, application, *, form=None, note_form=None, status=200):
        """The page of a file. A form that was sent and did not hold is shown as it was sent."""
        user = request.user
        mine, sheet = reading_page.mine(user, application), reading_page.sheet(application)
        is_open = perms.can_still_review(application)
        context = {
            "title": sheet.title,
            "sheet": sheet,
            "is_open": is_open,
            "form": (form or self._form(request, application, mine, is_sent=False)) if is_open else None,
            "mine": mine,
            "shown_at": timezone.now().isoformat(),
            "has_new_version": bool(mine.review and sheet.sent_at > mine.review.given_at),
            "opinions": reading_page.opinions(user, application),
            "note_forms": self.note_forms(is_open, note_form),
            "following": _reference(queries.next_to_read(user, application)),
            "progress": reading_page.progress(user),
        }
        return self._page(request, "page", status=status, **context)

    def found(self, request, reference):
        """The file, when it is hers to read now, of nobody she might know; 404 otherwise, 403 for who is on no jury."""
        self.require_jury(request)
        application = queries.to_read(request.user).filter(reference=reference).first()
        if application is None or (not application.is_read and tie_between(application, request.user)):
            raise Http404
        return application

    def read_url(self, reference):
        return reverse("admin:reviews_assignment_read", args=[reference])

    def go_on(self, request, application):
        """To the next unread file; to the list when there is none left."""
        following = queries.next_to_read(request.user, application)
        if following is None:
            return redirect("admin:reviews_assignment_changelist")
        return redirect(self.read_url(following.reference))

    def require_jury(self, request):
        if not self.has_view_permission(request):
            raise PermissionDenied

    def _form(self, request, application, mine, *, is_sent=True):
        return ReviewForm(
            request.POST if is_sent else None,
            criteria=criteria_of(application.cohort),
            given=mine.review,
            draft=mine.draft,
        )

    def _page(self, request, template, *, status=200, **context):
        return TemplateResponse(
            request,
            f"admin/reviews/assignment/{template}.html",
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "list_url": reverse("admin:reviews_assignment_changelist"),
                **context,
            },
            status=status,
        )


def _shown_at(request) -> datetime | None:
    """When the page that saves by itself was shown; None when it does not say."""
    try:
        return datetime.fromisoformat(request.POST.get("page", "")).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _reference(application) -> str:
    return application.reference if application else ""

"""The jury's reading: « Dossiers à lire », and one page a file, from one unread file to the next."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from applications import attachments, reading
from applications.document_views import served
from applications.summary import JURY_STEPS
from cohorts.models import Audience
from cohorts.queries import criteria_of
from documents.first_look import display_name
from lifecycle.doors import refusals_told
from reviews import perms, queries, readings
from reviews.forms import ReviewForm
from reviews.models import Review

PER_PAGE = 50


class AssignmentAdmin(admin.ModelAdmin):
    """What a jury member works with: her own files, and nothing that says more about people than she needs.

    A reader never sees a family name, an address or a birth date; nor, before she has given her own
    score, what others think.
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
            path(
                "<slug:reference>/documents/<str:token>/",
                guarded(require_safe(self.document_view)),
                name="reviews_assignment_document",
            ),
        ]

    def changelist_view(self, request, extra_context=None):
        """Her files, the unread ones first."""
        self._require_jury(request)
        page = Paginator(queries.to_read(request.user), PER_PAGE).get_page(request.GET.get("p"))
        return self._page(
            request,
            "list",
            title=_("Dossiers à lire"),
            page_obj=page,
            following=queries.next_to_read(request.user),
            progress=queries.reading_progress(request.user),
        )

    def read_view(self, request, reference):
        """One file to read, with the form for her score; read-only once the file is decided. 404 if it is not hers."""
        self._require_jury(request)
        application = queries.to_read(request.user).filter(reference=reference).first()
        if application is None:
            raise Http404
        mine = Review.objects.filter(application=application, reviewer=request.user).first()
        is_open = perms.can_still_review(application)
        criteria = criteria_of(application.cohort)
        form = ReviewForm(request.POST or None, criteria=criteria, given=mine)
        if request.method == "POST" and form.is_valid():
            with refusals_told(request):
                readings.review(application, request.user, **form.opinion)
                messages.success(request, _("Votre avis sur %s est enregistré.") % application.reference)
            return self._go_on(request, application)
        return self._page(
            request,
            "page",
            title=_("%(name)s, dossier %(reference)s")
            % {"name": application.candidate.first_name, "reference": application.reference},
            application=application,
            age=application.cohort.age_at_start(application.candidate.birth_date),
            audience=Audience(application.audience).label,
            parts=self._parts(application),
            papers=queries.papers_for_jury(application),
            form=form if is_open else None,
            mine=mine,
            others=self._others(request.user, application),
            following=queries.next_to_read(request.user, application),
            progress=queries.reading_progress(request.user),
        )

    def document_view(self, request, reference, token):
        """The redacted copy of one document of a file that is hers to read; 404 for anything else."""
        self._require_jury(request)
        application = queries.to_read(request.user).filter(reference=reference).first()
        paper = queries.redacted_for_jury(application, token) if application else None
        if paper is None:
            raise Http404
        name = display_name(f"{application.reference} {paper.label}", paper.redacted.content_type)
        response = served(request, paper.redacted, shown_as=name)
        if response.status_code == 200:
            attachments.note_opened(paper.redacted, actor=request.user)
        return response

    def _parts(self, application):
        """What she sent last, and of it what a jury reads: never who she is, nor what she told the coordination."""
        copy = application.copies.first()
        return reading.parts(copy, JURY_STEPS) if copy else []

    def _others(self, user, application):
        """What others think, or None as long as she has not said what she thinks."""
        if not queries.may_see_scores(user, application):
            return None
        return application.reviews.exclude(reviewer=user).select_related("reviewer")

    def _go_on(self, request, application):
        following = queries.next_to_read(request.user, application)
        if "stay" in request.POST:
            return redirect("admin:reviews_assignment_read", application.reference)
        if following is None:
            return redirect("admin:reviews_assignment_changelist")
        return redirect("admin:reviews_assignment_read", following.reference)

    def _require_jury(self, request):
        if not self.has_view_permission(request):
            raise PermissionDenied

    def _page(self, request, template, **context):
        return TemplateResponse(
            request,
            f"admin/reviews/assignment/{template}.html",
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "list_url": reverse("admin:reviews_assignment_changelist"),
                **context,
            },
        )

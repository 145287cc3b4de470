"""The documents of a sent file, as coordinators see them, and the page where they give a redacted copy of one."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications import attachments, papers
from documents.limits import MAX_SIZE
from documents.reasons import NotKept, Reason, Unusable
from lifecycle.refusals import Refusal


class FileDocumentsMixin:
    """« Donner une version caviardée »: the jury reads blind, and sees nothing of a document but that."""

    def get_urls(self):
        own = path(
            "<path:object_id>/documents/<str:token>/caviarder/",
            self.admin_site.admin_view(require_http_methods(["GET", "HEAD", "POST"])(self.redact_view)),
            name="applications_application_redact",
        )
        return [own, *super().get_urls()]

    def redact_view(self, request, object_id, token):
        """The form for the copy; 404 for a document that is not part of what was last sent."""
        application = self.found(request, object_id)
        sent = papers.sent_papers(application.copies.first())
        paper = next((paper for paper in sent if paper.document.token == token), None)
        if paper is None:
            raise Http404
        error = self._redacted(request, paper) if request.method == "POST" else ""
        if request.method == "POST" and not error:
            told = _("La version caviardée de «\u00a0%s\u00a0» est reçue. Le jury la verra dès qu’elle est vérifiée.")
            messages.success(request, told % paper.label)
            return redirect(self.page_url(application))
        context = {
            **self._context(request, application),
            "paper": paper,
            "error": error,
            "page_url": self.page_url(application),
        }
        status = 422 if error else 200
        return TemplateResponse(request, "admin/applications/application/redact.html", context, status=status)

    def _redacted(self, request, paper) -> str:
        """Keep what was sent; or why it could not be kept."""
        upload = request.FILES.get("file")
        if upload is None:
            is_too_large = int(request.META.get("CONTENT_LENGTH") or 0) > MAX_SIZE
            return str(Reason.TOO_LARGE.label) if is_too_large else _("Choisissez d’abord un fichier.")
        try:
            attachments.redact(paper.document, upload, actor=request.user)
        except (Unusable, NotKept, Refusal) as refusal:
            return str(refusal.sentence)
        return ""

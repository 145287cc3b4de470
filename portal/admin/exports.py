"""The page of a coordinator's exports: what she asked for, how far it has come, its download."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from documents.serving import attachment
from lifecycle.doors import refusals_told
from portal.exports import asking
from portal.models import Export

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _require_coordinator(request) -> None:
    if not request.user.is_coordinator:
        raise PermissionDenied


@never_cache
@require_safe
def listed(request):
    """Her own exports of the last day."""
    _require_coordinator(request)
    exports = list(Export.objects.visible_to(request.user))
    context = {
        "title": _("Exports"),
        "exports": exports,
        "is_waiting": any(one.state in (Export.State.REQUESTED, Export.State.RUNNING) for one in exports),
    }
    return TemplateResponse(request, "admin/exports.html", {**admin.site.each_context(request), **context})


@require_POST
def ask(request):
    """Ask for the files that the list shows, under its filters."""
    _require_coordinator(request)
    with refusals_told(request):
        asking.ask(request.user, request.POST.get("filters", "")[:4000])
        messages.success(request, _("L’export se prépare. Il sera ici dans une minute environ."))
    return redirect("admin:exports")


@require_safe
def download(request, pk: int):
    """The spreadsheet, to whoever asked for it; each download goes to the journal."""
    _require_coordinator(request)
    export = get_object_or_404(Export.objects.visible_to(request.user), pk=pk, state=Export.State.DONE)
    try:
        response = attachment(export.stored_name, shown_as=export.file_name, content_type=XLSX)
    except FileNotFoundError:
        raise Http404
    asking.open_(export, actor=request.user, now=timezone.now())
    return response

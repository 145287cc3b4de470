"""The pages of a sent file: the receipt, sending, taking it back, confirming."""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications import drafting, papers, perms, summary, transitions
from applications.form_views import already_sent, check_page, hers, own
from applications.models import Application
from lifecycle.doors import refusals_told
from lifecycle.refusals import IllegalTransition, Refusal


@require_POST
def submit(request, reference):
    """She sends her file, or sends it again; or a coordinator sends the one that she typed."""
    application = own(request, reference)
    try:
        copy = transitions.submit(application, seen=request.POST.get("seen"), actor=request.user)
    except transitions.Incomplete:
        return check_page(request, application, was_refused=True)
    except IllegalTransition:
        return already_sent(request, application)
    except transitions.Changed as refusal:
        messages.warning(request, refusal.sentence)
        return redirect("applications:check", reference=reference)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect("applications:tasks", reference=reference)
    if application.is_anothers:
        messages.success(request, _("La candidature est envoyée. Un courriel le confirme à la personne."))
    else:
        sentence = _("Votre candidature est envoyée. Un courriel vous le confirme.")
        if copy.number > 1:
            sentence = _("Votre nouvelle version est envoyée. Un courriel vous le confirme.")
        messages.success(request, sentence)
    return redirect(application)


@require_safe
def detail(request, reference):
    """The receipt: what was sent, when, under which reference. Staff read it in the admin."""
    application = own(request, reference)
    if application.is_anothers:
        return redirect("admin:applications_application_change", application.pk)
    copy = application.copies.first()
    if copy is None:
        return redirect("applications:tasks", reference=reference)
    now = timezone.now()
    context = {
        "application": application,
        "copy": copy,
        "sections": [(section, [(row, "") for row in section.rows]) for section in summary.of_copy(copy)],
        "papers": papers.sent_papers(copy),
        "has_revision": perms.can_write(request.user, application),
        "can_take_back": perms.can_take_back(request.user, application, now),
        "term": application.term,
    }
    return render(request, "applications/detail.html", context)


@require_POST
def take_back(request, reference):
    """She takes her sent file back to edit it; what she sent counts until she sends again."""
    application = hers(request, reference)
    with refusals_told(request):
        drafting.take_back(application, actor=request.user)
        return redirect("applications:tasks", reference=reference)
    return redirect(application)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def drop_revision(request, reference):
    """She gives up her changes, once she has said so twice: what she had sent stands."""
    application = own(request, reference)
    if request.method != "POST":
        if not perms.can_write(request.user, application) or application.state == Application.State.DRAFT:
            return redirect(application)
        context = {"application": application, "copy": application.copies.first()}
        return render(request, "applications/drop_revision.html", context)
    with refusals_told(request):
        drafting.drop_revision(application, actor=request.user)
        messages.success(request, _("Vos changements sont abandonnés. Ce que vous aviez envoyé compte."))
    return redirect(application)


@require_POST
def confirm(request, reference):
    """The accepted candidate takes her place."""
    application = hers(request, reference)
    with refusals_told(request):
        transitions.confirm(application, actor=request.user)
        messages.success(request, _("Votre place est confirmée. Bienvenue dans la promotion\u00a0!"))
    return redirect(settings.LOGIN_REDIRECT_URL)

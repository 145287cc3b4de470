"""A candidate's own pages: starting, filling, checking, sending, confirming."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications import completeness, perms, summary, tasklist, transitions
from applications.forms import FORMS
from applications.models import Application
from cohorts.models import Cohort, Phase
from lifecycle.doors import refusals_told
from lifecycle.refusals import IllegalTransition


def _own(request, reference: str) -> Application:
    """Her own file, or 404: staff read files in the admin, never on these pages."""
    mine = Application.objects.visible_to(request.user).filter(candidate=request.user)
    files = mine.select_related("cohort", "candidate").prefetch_related("wishes__trade")
    return get_object_or_404(files, reference=reference)


def _already_sent(request, application):
    messages.info(request, _("Cette candidature a déjà été envoyée\u00a0: voici ce que nous avons reçu."))
    return redirect(application)


@require_http_methods(["GET", "HEAD", "POST"])
def start(request, slug):
    """What will be asked, and the button that opens a file; the one there already is taken up again."""
    cohort = get_object_or_404(Cohort.objects.with_slug(slug))
    if request.method == "POST":
        application = None
        with refusals_told(request):
            application = transitions.start(cohort, request.user)
        if application is None:
            return redirect("applications:start", slug=slug)
        return redirect("applications:tasks", reference=application.reference)
    mine = Application.objects.visible_to(request.user).filter(cohort=cohort, candidate=request.user)
    context = {"cohort": cohort, "application": mine.first(), "phase": cohort.phase(timezone.now())}
    return render(request, "applications/start.html", context)


@require_safe
def tasks(request, reference):
    """The task list of a draft."""
    application = _own(request, reference)
    if not perms.can_edit(request.user, application):
        return redirect(application)
    steps = tasklist.tasks(application)
    done = sum(task.progress is tasklist.Progress.DONE for task in steps)
    return render(
        request,
        "applications/tasks.html",
        {**_call(application), "tasks": steps, "done": done, "is_complete": done == len(steps)},
    )


def _call(application) -> dict:
    """What every page of a draft says of its call."""
    is_open = application.cohort.phase(timezone.now()) is Phase.OPEN
    return {"application": application, "cohort": application.cohort, "is_open": is_open}


@require_http_methods(["GET", "HEAD", "POST"])
def step(request, reference, step):
    """One step of the form. What was typed is kept, complete or not, in time or not."""
    if step not in FORMS:
        raise Http404
    application = _own(request, reference)
    if not perms.can_edit(request.user, application):
        return _already_sent(request, application)
    form = FORMS[step](request.POST if request.method == "POST" else None, application=application)
    if request.method == "POST" and form.is_valid():
        return _save(request, form, step)
    context = {**_call(application), "form": form, "title": tasklist.STEP_TITLES[step], "step": step}
    context |= {"number": completeness.STEPS.index(step) + 1, "total": len(FORMS)}
    return render(request, "applications/step.html", context, status=422 if form.is_bound else 200)


def _save(request, form, step):
    application = form.application
    try:
        form.save(actor=request.user)
    except IllegalTransition:  # sent in another tab meanwhile
        return _already_sent(request, application)
    except transitions.BirthDateStands as refusal:  # another file was sent in another tab meanwhile
        messages.error(request, refusal.sentence)
        return redirect("applications:step", reference=application.reference, step=step)
    _tell_what_does_not_fit(request, form, step)
    if not _tell_if_closed(request, application):
        messages.success(request, _("C’est enregistré."))
    if "continue" in request.POST:
        return redirect(tasklist.next_url(application, step))
    return redirect("applications:tasks", reference=application.reference)


def _tell_if_closed(request, application) -> bool:
    try:
        transitions.require_open(application.cohort, timezone.now())
    except transitions.CallClosed as refusal:
        messages.warning(request, refusal.sentence)
        return True
    return False


def _tell_what_does_not_fit(request, form, step) -> None:
    """An age or a situation that the cohort does not take is said at once, not on the last page."""
    for problem in completeness.missing(form.application):
        if problem.step == step and form.cleaned_data.get(problem.field):
            messages.warning(request, problem.sentence)


@require_safe
def check(request, reference):
    """« Vérifier et envoyer »: all the answers, and what is missing."""
    application = _own(request, reference)
    if not perms.can_edit(request.user, application):
        return redirect(application)
    return _check_page(request, application)


def _check_page(request, application, *, was_refused=False):
    missing = completeness.missing(application)
    links = [(_field_url(application, m.step, m.field), m.sentence) for m in missing]
    context = {
        **_call(application),
        "sections": [
            (section, [(row, _field_url(application, section.step, row.field)) for row in section.rows])
            for section in summary.of_draft(application)
        ],
        "missing": links,
        "was_refused": was_refused,
    }
    return render(request, "applications/check.html", context, status=422 if was_refused else 200)


def _field_url(application, step, field) -> str:
    form = FORMS[step]
    return f"{tasklist.step_url(application, step)}#{form.anchor(field)}"


@require_POST
def submit(request, reference):
    """She sends her file."""
    application = _own(request, reference)
    try:
        transitions.submit(application, actor=request.user)
    except transitions.Incomplete:
        return _check_page(request, application, was_refused=True)
    except IllegalTransition:
        return _already_sent(request, application)
    except transitions.CallClosed as refusal:
        messages.error(request, refusal.sentence)
        return redirect("applications:tasks", reference=reference)
    messages.success(request, _("Votre candidature est envoyée. Un courriel vous le confirme."))
    return redirect(application)


@require_safe
def detail(request, reference):
    """The receipt: what was sent, when, under which reference."""
    application = _own(request, reference)
    if perms.can_edit(request.user, application):
        return redirect("applications:tasks", reference=reference)
    copy = application.copies.first()
    sections = [(section, [(row, "") for row in section.rows]) for section in summary.of_copy(copy)]
    context = {"application": application, "copy": copy, "sections": sections}
    return render(request, "applications/detail.html", context)


@require_POST
def confirm(request, reference):
    """The accepted candidate takes her place."""
    application = _own(request, reference)
    with refusals_told(request):
        transitions.confirm(application, actor=request.user)
        messages.success(request, _("Votre place est confirmée. Bienvenue dans la promotion\u00a0!"))
    return redirect(settings.LOGIN_REDIRECT_URL)

"""The pages of a file being written: starting, the task list, the steps, checking one's answers."""

from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from applications import completeness, drafting, outline, perms, summary, tasklist
from applications.files import File
from applications.forms import FORMS
from applications.models import Application, Draft
from cohorts.models import Cohort
from cohorts.moments import hour
from lifecycle.doors import refusals_told
from lifecycle.refusals import IllegalTransition

AUTOSAVE = "X-Enregistrement"
"""Header of a save made while typing: it is answered in JSON, and errors wait until she asks to go on."""

FROM_CHECK = "verifier"
"""In the address of a step opened by « Modifier »: once saved it leads back there, not through all the others."""


def own(request, reference: str) -> Application:
    """Her own file, or one that staff types from paper for a coordinator; 404 for anything else.

    `is_anothers` tells which: what the pages say to her would be wrong for who types in her place.
    """
    files = Application.objects.visible_to(request.user).select_related("cohort", "candidate", "draft")
    application = get_object_or_404(files, reference=reference)
    application.is_anothers = application.candidate_id != request.user.pk
    if application.is_anothers and not application.is_typed_by_staff:
        raise Http404  # staff read files in the admin, never on these pages
    return application


def hers(request, reference: str) -> Application:
    """Her own file; 404 for anything else, and for a coordinator who typed it: some acts are nobody else's."""
    application = own(request, reference)
    if application.is_anothers:
        raise Http404
    return application


def already_sent(request, application):
    if application.state == Application.State.WITHDRAWN:
        told = _("Cette candidature est retirée\u00a0: elle ne peut plus être envoyée. Voici ce que nous avions reçu.")
    else:
        told = _("Cette candidature a déjà été envoyée\u00a0: voici ce que nous avons reçu.")
    messages.info(request, told)
    return redirect(application)


@require_http_methods(["GET", "HEAD", "POST"])
def start(request, slug):
    """What will be asked, and the button that opens a file; the one there already is taken up again."""
    cohort = get_object_or_404(Cohort.objects.with_slug(slug))
    if request.method == "POST":
        with refusals_told(request):
            application = drafting.start(cohort, request.user)
            return redirect("applications:tasks", reference=application.reference)
        return redirect("applications:start", slug=slug)
    mine = Application.objects.visible_to(request.user).filter(cohort=cohort, candidate=request.user)
    context = {"cohort": cohort, "application": mine.first(), "phase": cohort.phase(timezone.now())}
    return render(request, "applications/start.html", context)


@never_cache
@require_safe
def tasks(request, reference):
    """The task list of a draft."""
    application = own(request, reference)
    if not perms.can_write(request.user, application):
        return redirect(application)
    file = File(application, application.draft)
    return render(request, "applications/tasks.html", {**call_of(file), "list": tasklist.tasks(file)})


def call_of(file: File) -> dict:
    """What every page of a draft says of it and of its call."""
    application = file.application
    return {
        "application": application,
        "cohort": file.cohort,
        "draft": file.draft,
        "is_open": application.is_open(timezone.now()),
        "term": application.term,
        "is_revision": application.state != Application.State.DRAFT,
    }


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def step(request, reference, step):
    """One step of the form. What was typed is kept, complete or not, in time or not."""
    application = own(request, reference)
    if not perms.can_write(request.user, application):
        return (
            _told(409, _("Cette candidature a été envoyée."))
            if _is_autosave(request)
            else no_draft(request, application)
        )
    file = File(application, application.draft)
    current = next((known for known in FORMS if known.slug == step), None)
    if current is None or not file.asks(current):
        raise Http404
    if request.method != "POST":
        return _step_page(request, FORMS[current](file=file))
    form = FORMS[current](request.POST, file=file)
    if _is_autosave(request):
        return _autosave(request, form)
    return _save(request, form)


def no_draft(request, application):
    if application.copies.exists():
        return already_sent(request, application)
    return redirect(application)


def _is_autosave(request) -> bool:
    return AUTOSAVE in request.headers


def _told(status: int, sentence: str, **more) -> JsonResponse:
    return JsonResponse({"told": sentence, **more}, status=status)


def _autosave(request, form) -> JsonResponse:
    try:
        form.file.draft = form.save(seen=request.POST.get("seen", ""))
    except drafting.Stale:
        return _told(409, _("Cette étape a été modifiée ailleurs. Enregistrez pour choisir quoi garder."))
    except IllegalTransition:
        return _told(409, _("Cette candidature a été envoyée dans un autre onglet."))
    told = _("Enregistré à %s") % hour(form.file.draft.saved_at)
    if form.left_out:
        told = _("%(saved)s, sauf\u00a0: %(questions)s") % {"saved": told, "questions": ", ".join(form.left_out)}
    return _told(200, told, seen=form.seen, left_out=len(form.left_out))


def _save(request, form):
    file = form.file
    try:
        file.draft = form.save(seen=request.POST.get("seen", ""))
    except IllegalTransition:  # sent in another tab meanwhile
        return already_sent(request, file.application)
    except drafting.Stale as stale:
        return _step_page(request, form, status=409, stale=stale)
    if form.errors:
        return _step_page(request, form, status=422)
    _tell_what_does_not_fit(request, form)
    _tell_saved(request, file)
    if "continue" in request.POST and FROM_CHECK in request.GET:
        return redirect("applications:check", reference=file.application.reference)
    if "continue" in request.POST:
        return redirect(tasklist.next_url(file, form.step))
    return redirect("applications:tasks", reference=file.application.reference)


def _step_page(request, form, *, status=200, stale=None):
    file, current = form.file, form.step
    if stale is not None:  # what the verb read under lock: the draft itself may be gone by now
        standing = {**file.draft.answers, **stale.kept}
        file.draft.answers = {name: value for name, value in standing.items() if value is not None}
        file.draft.saved_at = stale.saved_at
    context = {
        **call_of(file),
        "form": form,
        "step": current,
        "number": file.steps.index(current) + 1,
        "total": len(file.steps),
        "kept_elsewhere": [r for r in summary.of_answers(file, current, stale.kept) if r.answer] if stale else None,
        "stale": stale,
        "is_from_check": FROM_CHECK in request.GET,
    }
    return render(request, "applications/step.html", context, status=status)


def _tell_saved(request, file) -> None:
    try:
        drafting.require_open(file.cohort, timezone.now(), application=file.application)
    except drafting.CallClosed as refusal:
        messages.warning(request, refusal.sentence)
    else:
        messages.success(request, _("C’est enregistré."))


def _tell_what_does_not_fit(request, form) -> None:
    """An age or a situation that the cohort does not take is said at once, not on the last page."""
    for problem in completeness.missing(form.file):
        if problem.step is form.step and form.cleaned_data.get(problem.field):
            messages.warning(request, problem.sentence)


@never_cache
@require_safe
def check(request, reference):
    """« Vérifiez vos réponses »: all the answers, and what is missing."""
    application = own(request, reference)
    if not perms.can_write(request.user, application):
        return redirect(application)
    return check_page(request, application)


def check_page(request, application, *, was_refused=False):
    """The page to check one's answers; after a refused sending, with what is missing in focus."""
    draft = Draft.objects.filter(application=application).first()
    if draft is None:  # sent, or given up, in another tab meanwhile
        return no_draft(request, application)
    file = File(application, draft)
    context = {
        **call_of(file),
        "sections": [
            (section, [(row, _field_url(file, section.step, row.field)) for row in section.rows])
            for section in summary.of_draft(file)
        ],
        "missing": [(_field_url(file, m.step, m.field), m.sentence) for m in completeness.missing(file)],
        "was_refused": was_refused,
        "seen": file.fingerprint,
    }
    return render(request, "applications/check.html", context, status=422 if was_refused else 200)


def _field_url(file: File, step, field: str) -> str:
    return f"{tasklist.step_url(file.application, step)}?{FROM_CHECK}#{_anchor(file, step, field)}"


def _anchor(file: File, step, field: str) -> str:
    if step is outline.DOCUMENTS:
        return f"id_{field}"
    known = FORMS[step].base_fields.get(field)
    if known is None:  # a question of the cohort's own
        return FORMS[step](file=file).anchor(field)
    return f"id_{field}_0" if known.widget.use_fieldset else f"id_{field}"

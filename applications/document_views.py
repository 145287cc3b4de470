"""The step of documents, one POST a file; and the door through which documents are opened."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications import attachments, outline, papers, perms, tasklist
from applications.files import File
from applications.form_views import FROM_CHECK, already_sent, call_of, no_draft, own
from applications.models import Document
from cohorts.models import MAX_FILES, DocumentAsked
from documents.limits import MAX_SIZE
from documents.reasons import NotKept, Reason, Unusable
from documents.serving import attachment
from lifecycle.doors import refusals_told
from lifecycle.refusals import IllegalTransition, Refusal

State = Document.State


@dataclass(frozen=True)
class Slot:
    """One document asked, with the files given for it, and what was wrong with the last one."""

    asked: DocumentAsked
    given: list[Document]
    left: int
    """How many more files it takes."""
    error: str = ""

    @property
    def is_full(self) -> bool:
        return not self.left

    @property
    def anchor(self) -> str:
        """The id of its box for a file, or of its title when there is none."""
        return f"id_document_{self.asked.pk}"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def step(request, reference):
    """The files of a draft; a POST adds one, and the page is shown again with what stands."""
    application = own(request, reference)
    if not perms.can_write(request.user, application):
        return no_draft(request, application)
    file = File(application, application.draft)
    if not file.asks(outline.DOCUMENTS):
        raise Http404
    return _add(request, file) if request.method == "POST" else _page(request, file)


def _add(request, file: File):
    wanted = request.POST.get("asked", "")
    asked = next((one for one in file.documents_asked if str(one.pk) == wanted), None)
    upload = request.FILES.get("file")
    if asked is None:
        return _page(request, file, wrong=file.documents_asked[0], error=_nothing_came(request))
    if upload is None:
        return _page(request, file, wrong=asked, error=_nothing_came(request))
    try:
        document = attachments.attach(file.application, asked, upload, actor=request.user)
    except Unusable as unusable:
        return _page(request, file, wrong=asked, error=unusable.sentence)
    except NotKept as failure:
        return _page(request, file, wrong=asked, error=str(failure.sentence), status=503)
    except IllegalTransition:  # sent in another tab meanwhile
        return already_sent(request, file.application)
    except Refusal as refusal:
        return _page(request, File(file.application, fresh_draft(file)), wrong=asked, error=refusal.sentence)
    told = _("«\u00a0%s\u00a0» est ajouté. Nous le vérifions\u00a0: vous pouvez continuer.")
    messages.success(request, told % document.name)
    return redirect(f"{request.get_full_path()}#document-{asked.pk}")


def fresh_draft(file: File):
    """The draft as it stands now: another tab may have filled it."""
    file.draft.refresh_from_db()
    return file.draft


def _nothing_came(request) -> str:
    """Why there is no file in the request: `portal.uploads` reads none beyond what may be sent."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_SIZE:
        return str(Reason.TOO_LARGE.label)
    return _("Choisissez d’abord un fichier, puis ajoutez-le.")


def _page(request, file: File, *, wrong: DocumentAsked | None = None, error: str = "", status: int = 422):
    slots = [_slot(file, asked, error if asked == wrong else "") for asked in file.documents_asked]
    steps = file.steps
    is_from_check = FROM_CHECK in request.GET
    onward = tasklist.next_url(file, outline.DOCUMENTS)
    context = {
        **call_of(file),
        "step": outline.DOCUMENTS,
        "number": steps.index(outline.DOCUMENTS) + 1,
        "total": len(steps),
        "slots": slots,
        "problems": [(f"#{slot.anchor}", f"{slot.asked.label}\u00a0: {slot.error}") for slot in slots if slot.error],
        "most_files": MAX_FILES,
        "max_size": MAX_SIZE,
        "has_all": len(file.usable_documents) >= MAX_FILES,
        "is_from_check": is_from_check,
        "onward": reverse("applications:check", args=[file.application.reference]) if is_from_check else onward,
    }
    return render(request, "applications/documents.html", context, status=status if error else 200)


def _slot(file: File, asked: DocumentAsked, error: str) -> Slot:
    given = [document for document in file.documents if document.asked_id == asked.pk]
    usable = sum(document.state != State.UNUSABLE for document in given)
    left = min(asked.max_files - usable, MAX_FILES - len(file.usable_documents))
    return Slot(asked, given, max(0, left), error)


@require_POST
def remove_document(request, reference, token):
    """She takes one file out of her draft."""
    application = own(request, reference)
    back = reverse("applications:documents", args=[reference])
    if FROM_CHECK in request.GET:
        back += f"?{FROM_CHECK}"
    document = application.documents.filter(token=token, redacts=None).select_related("asked").first()
    if document is None:  # a second click
        return redirect(back)
    with refusals_told(request):
        attachments.detach(application, document, actor=request.user)
        messages.success(request, _("«\u00a0%s\u00a0» est retiré.") % document.name)
    return redirect(f"{back}#document-{document.asked_id}")


@never_cache
@require_safe
def document(request, token):
    """One document, to whom it is open: its candidate, or a coordinator, and then the journal says so."""
    found = papers.openable_by(request.user, token)
    if found is None:
        raise Http404
    if found.state != State.CLEAN:
        return not_open(request, found)
    response = served(request, found, shown_as=found.name)
    is_hers = found.application.candidate_id == request.user.pk
    if not is_hers and response.status_code == 200:
        attachments.note_opened(found, actor=request.user)
    return response


def served(request, document: Document, *, shown_as: str):
    """The file of a clean document, for who was found to be allowed; a page that says so when it is gone."""
    try:
        return attachment(document.stored_name, shown_as=shown_as, content_type=document.content_type)
    except FileNotFoundError:
        return not_open(request, document)


def not_open(request, document: Document):
    """Nobody opens what is not verified: a page says why, and what to do."""
    context = {"document": document}
    return render(request, "applications/document_closed.html", context, status=404)

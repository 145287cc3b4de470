"""« Ce dossier »: what a reader does with a file beside giving her opinion."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from lifecycle.doors import refusals_told
from reviews import notes, sharing
from reviews.models import Note, Recusal
from reviews.note_forms import NoteForm

TOLD = {
    Note.Kind.FLAG: gettext_lazy("C’est signalé\u00a0: la coordination le lira."),
    Note.Kind.QUESTION: gettext_lazy("Votre question est transmise à la coordination."),
}


class ReadingToolsMixin:
    """« Je connais cette personne », « À signaler à la coordination », « Demander une précision »."""

    def tools_urls(self, guarded):
        return [
            path(
                "<slug:reference>/recuser/", guarded(require_POST(self.recuse_view)), name="reviews_assignment_recuse"
            ),
            path("<slug:reference>/signaler/", guarded(require_POST(self.note_view)), name="reviews_assignment_note"),
        ]

    def recuse_view(self, request, reference):
        """She knows the person: the file closes to her, and the next one opens. A second click goes on as well."""
        self.require_jury(request)
        stood_aside = Recusal.objects.filter(reviewer=request.user, application__reference=reference)
        recusal = stood_aside.select_related("application").first()
        application = recusal.application if recusal else self.found(request, reference)
        with refusals_told(request):
            sharing.recuse(application, request.user, actor=request.user)
            told = _("%s n’est plus à lire pour vous. La coordination le confiera à quelqu’un d’autre.")
            messages.success(request, told % reference)
            return self.go_on(request, application)
        return redirect(self.read_url(reference))

    def note_view(self, request, reference):
        """A word to the coordination about this file."""
        application = self.found(request, reference)
        kind = request.POST.get("kind")
        form = NoteForm(kind if kind in Note.Kind.values else Note.Kind.FLAG, request.POST)
        if not form.is_valid():
            return self.show(request, application, note_form=form, status=422)
        with refusals_told(request):
            notes.write(application, request.user, kind=form.kind, text=form.cleaned_data["text"])
            messages.success(request, TOLD[form.kind])
        return redirect(self.read_url(reference) + "#ce-dossier")

    def note_forms(self, is_open, sent=None):
        """The form of each kind; nothing more is asked of a person whose file is decided."""
        kinds = [Note.Kind.FLAG, Note.Kind.QUESTION] if is_open else [Note.Kind.FLAG]
        return [sent if sent and sent.kind == kind else NoteForm(kind) for kind in kinds]

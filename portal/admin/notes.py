"""What the jury tells the coordination about files: one list, and one page to read for each note."""

from django.contrib import admin
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.staff_admin import CoordinatorAdmin, ReadablePageMixin, verb
from applications.models import Application
from cohorts.moments import moment
from portal.note_forms import ForwardForm
from reviews import notes
from reviews.models import Note

State, Kind = Note.State, Note.Kind


def _is_open(request, note):
    return note.state == State.OPEN


def _can_be_asked(request, note):
    is_open = note.state == State.OPEN and note.kind == Kind.QUESTION
    return is_open and note.application.state == Application.State.SUBMITTED


@admin.register(Note)
class NoteAdmin(ReadablePageMixin, CoordinatorAdmin):
    """The notes of the jury, those that wait first. A note about a coordinator's own file is for somebody else."""

    change_form_template = "admin/reviews/note/page.html"
    list_display = ["about", "kind_tag", "beginning", "by", "written", "state_tag"]
    list_filter = ["state", "kind", "application__cohort"]
    list_select_related = ["application__candidate", "application__cohort", "author"]
    search_fields = ["application__reference"]
    search_help_text = gettext_lazy("Référence du dossier.")
    ordering = ["-written_at", "-id"]
    verbs = ["forward", "close"]

    def get_queryset(self, request):
        return super().get_queryset(request).exclude(application__candidate=request.user)

    # --- The columns of the list ----------------------------------------------------------------

    @admin.display(description=gettext_lazy("dossier"), ordering="application__reference")
    def about(self, note):
        name = note.application.candidate.get_full_name()
        return format_html('{}<br><span class="quiet">{}</span>', note.application.reference, name)

    @admin.display(description=gettext_lazy("nature"), ordering="kind")
    def kind_tag(self, note):
        return note.get_kind_display()

    @admin.display(description=gettext_lazy("message"))
    def beginning(self, note):
        return Truncator(note.text).chars(120)

    @admin.display(description=gettext_lazy("écrit par"))
    def by(self, note):
        return note.author.get_full_name()

    @admin.display(description=gettext_lazy("le"), ordering="written_at")
    def written(self, note):
        return date_format(localtime(note.written_at), "d/m/Y")

    @admin.display(description=gettext_lazy("état"), ordering="state")
    def state_tag(self, note):
        look = "wait" if note.state == State.OPEN else "done"
        return format_html('<span class="tag tag--{}">{}</span>', look, note.get_state_display())

    # --- The page, and its verbs ----------------------------------------------------------------

    def page_title(self, request, note):
        return f"{note.get_kind_display().capitalize()} · {note.application.reference}"

    @verb(
        gettext_lazy("Poser la question à la personne"),
        path="transmettre",
        form_class=ForwardForm,
        confirm=gettext_lazy("Un courriel part avec vos mots. Il ne dit pas qui, du jury, pose la question."),
        offered=_can_be_asked,
    )
    def forward(self, request, note, data):
        notes.forward(note, **data, actor=request.user)
        if data["until"] is None:
            return _("Le courriel part dans la minute. La réponse arrivera à l’adresse de la coordination.")
        return _("La candidature est rouverte jusqu’au %s. Le courriel part dans la minute.") % moment(data["until"])

    @verb(gettext_lazy("Classer"), path="classer", offered=_is_open)
    def close(self, request, note):
        notes.close(note, actor=request.user)
        return _("C’est classé.")

    def verb_initial(self, request, note, name):
        initial = super().verb_initial(request, note, name)
        if name != "forward":
            return initial
        return {**initial, "words": note.text, "starts_on": note.application.cohort.starts_on}

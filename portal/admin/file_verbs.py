"""A file's later life in the admin: its sent copies, reopening it, more time to type it, withdrawing it."""

from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.staff_admin import verb
from applications import drafting, transitions
from applications.models import Application
from cohorts.moments import moment
from lifecycle.refusals import Refusal
from matching import falls
from portal import application_page as page
from portal.forms import ReopenForm, TimeForm, in_five_days

State = Application.State


def _is_being_typed(request, application):
    return application.state == State.DRAFT


class FileVerbsMixin:
    """The verbs and the pages of a file that touch its writing. What she writes and has not sent is shown nowhere."""

    file_verbs = ["reopen", "give_typing_time", "withdraw"]

    @verb(
        gettext_lazy("Rouvrir pour demander une précision"),
        path="rouvrir",
        form_class=ReopenForm,
        confirm=gettext_lazy(
            "Un courriel part avec vos mots, et la personne peut changer ses réponses jusqu’au moment choisi. Ce "
            "qu’elle a envoyé compte tant qu’elle n’envoie pas de nouvelle version."
        ),
        offered=lambda request, file: file.state == State.SUBMITTED and not file.is_in_release,
    )
    def reopen(self, request, application, data):
        if application.is_in_release:
            raise Refusal(_("La décision de ce dossier est en cours d’annonce."))
        drafting.reopen(application, **data, actor=request.user)
        return _("La candidature est rouverte jusqu’au %s. Le courriel part dans la minute.") % moment(application.term)

    @verb(
        gettext_lazy("Prolonger la saisie"),
        path="prolonger",
        form_class=TimeForm,
        confirm=gettext_lazy("Rien n’est écrit à la personne\u00a0: c’est vous qui saisissez."),
        offered=_is_being_typed,
    )
    def give_typing_time(self, request, application, data):
        drafting.give_time(application, **data, actor=request.user)
        return _("La candidature peut être envoyée jusqu’au %s.") % moment(application.term)

    @verb(
        gettext_lazy("Retirer la candidature"),
        path="retirer",
        confirm=gettext_lazy(
            "À la demande de la personne elle-même\u00a0: sa candidature s’arrête, sa place va à la liste d’attente, "
            "un binôme en cours prend fin. Elle reçoit un courriel qui le lui confirme."
        ),
        is_danger=True,
        offered=lambda request, file: State.WITHDRAWN in transitions.ALLOWED.get(file.state, ()),
    )
    def withdraw(self, request, application):
        falls.withdraw_application(application, actor=request.user)
        return _("La candidature est retirée.")

    def verb_initial(self, request, thing, name):
        initial = super().verb_initial(request, thing, name)
        if name not in ("reopen", "give_typing_time"):
            return initial
        now = timezone.now()
        proposed = max(in_five_days(now), thing.cohort.closes_at)
        return {**initial, "until": proposed, "starts_on": thing.cohort.starts_on}

    # --- Sent copies ----------------------------------------------------------------------------

    def get_urls(self):
        own = path(
            "<path:object_id>/copies/<int:number>/",
            self.admin_site.admin_view(require_safe(self.copy_view)),
            name="applications_application_copy",
        )
        return [own, *super().get_urls()]

    def copy_view(self, request, object_id, number):
        """One sent copy as it was, what changed since the one before, and whether its checksum still holds."""
        application = self.found(request, object_id)
        copies = page.copies_of(application)
        found = next((copy for copy in copies if copy.number == number), None)
        if found is None:
            raise Http404
        context = {
            **self._context(request, application),
            "copies": copies,
            "copy": found,
            "counts": found == copies[0],
            "parts": page.parts_of(found, copies),
            "holds": page.holds(found),
            "page_url": self.page_url(application),
        }
        return TemplateResponse(request, "admin/applications/application/copy.html", context)

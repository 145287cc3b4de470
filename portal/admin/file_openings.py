"""The two pages where a coordinator opens a file for somebody: from paper, or with more time than the call gave."""

from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _

from cohorts.moments import moment
from lifecycle.doors import refusals_told
from portal.forms import LateForm, PaperForm, in_five_days


class FileOpeningsMixin:
    """« Saisir une candidature reçue sur papier » and « Accorder un délai », from the list of applications."""

    def get_urls(self):
        guarded = self.admin_site.admin_view
        own = [
            path("saisir/", guarded(self.type_view), name="applications_application_type"),
            path("accorder-un-delai/", guarded(self.late_view), name="applications_application_late"),
        ]
        return own + super().get_urls()

    def type_view(self, request):
        """Open a file that came on paper, and go and type it; one that a colleague has begun is taken up again."""
        self.require_view(request)
        form = PaperForm(request.POST if request.method == "POST" else None, initial=_initial(request))
        if request.method == "POST" and form.is_valid():
            with refusals_told(request):
                application = form.save(actor=request.user)
                if form.begun:
                    messages.info(request, _("Cette candidature était déjà en saisie\u00a0: la voici."))
                return redirect("applications:tasks", application.reference)
        return self._opening(
            request,
            form,
            title=_("Saisir une candidature reçue sur papier"),
            sentence=_(
                "Vous remplissez les mêmes pages que la personne, d’après son papier signé, et vous envoyez pour elle. "
                "Elle en reçoit l’accusé de réception, et peut relire tout ce que vous avez saisi."
            ),
            button=_("Commencer la saisie"),
        )

    def late_view(self, request):
        """Give one person more time. Whether she began, and whether she sent, is all that is told of her file."""
        self.require_view(request)
        initial = {**_initial(request), "until": in_five_days(timezone.now())}
        form = LateForm(request.POST if request.method == "POST" else None, initial=initial)
        if request.method == "POST" and form.is_valid():
            with refusals_told(request):
                application = form.save(actor=request.user)
                told = _("%(reference)s peut être envoyée jusqu’au %(term)s.")
                messages.success(request, told % {"reference": application.reference, "term": moment(application.term)})
                return redirect("admin:applications_application_changelist")
        return self._opening(
            request,
            form,
            title=_("Accorder un délai"),
            sentence=_(
                "Pour une personne qui n’a pas pu envoyer sa candidature à temps. Un courriel lui dit jusqu’à quand "
                "elle peut le faire\u00a0; personne d’autre n’en profite. Ce qu’elle a écrit reste à elle seule."
            ),
            button=_("Accorder ce délai"),
        )

    def _opening(self, request, form, **context):
        context = {**self.admin_site.each_context(request), "opts": self.opts, "form": form, **context}
        return TemplateResponse(request, "admin/applications/application/opening.html", context)


def _initial(request) -> dict:
    """The cohort of the page she comes from, if any."""
    cohort = request.GET.get("cohort", "")
    return {"cohort": int(cohort)} if cohort.isdecimal() and len(cohort) < 10 else {}

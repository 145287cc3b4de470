"""The jury of a cohort, for coordinators: how far everybody is, sharing out, handing on, one reading more."""

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import transitions as accounts
from accounts.models import Grant, User
from accounts.roles import Role
from accounts.staff_admin import VerbButton
from applications.models import Application
from cohorts.models import Cohort
from cohorts.moments import day
from lifecycle import journal
from lifecycle.doors import refusals_told
from reviews import jury_queries, sharing
from reviews.scores import Third

HAND_ON = VerbButton(gettext_lazy("Reconfier ses dossiers non lus"), "reconfier")
WITHDRAW = VerbButton(gettext_lazy("Retirer cet avis"), "retirer", is_danger=True)


class HandOnForm(forms.Form):
    """Whether she leaves the jury with it."""

    leaves = forms.BooleanField(
        label=gettext_lazy("Retirer aussi cette personne du jury de la promotion"),
        required=False,
        help_text=gettext_lazy(
            "Ses avis déjà donnés restent. Sans cela, la prochaine répartition lui confiera à nouveau des dossiers."
        ),
    )


class JuryPages:
    """« Le jury » of a cohort. Mixed into the admin of reader profiles."""

    def jury_urls(self, guarded):
        one, both = "jury/<int:cohort_id>/", require_http_methods(["GET", "HEAD", "POST"])
        return [
            path(one, guarded(require_safe(self.jury_view)), name="reviews_jury"),
            path(f"{one}repartir/", guarded(require_POST(self.distribute_view)), name="reviews_jury_distribute"),
            path(f"{one}lecture-de-plus/", guarded(require_POST(self.third_view)), name="reviews_jury_third"),
            path(f"{one}reconfier/<int:person_id>/", guarded(both(self.hand_on_view)), name="reviews_jury_hand_on"),
            path(
                f"{one}retirer/<slug:reference>/<int:person_id>/",
                guarded(both(self.withdraw_view)),
                name="reviews_jury_withdraw",
            ),
        ]

    def jury_view(self, request, cohort_id):
        """Progress by reader, what is uneven and why, files that lack readers, files for one more reading."""
        cohort = self._cohort(request, cohort_id)
        view = jury_queries.jury_view(cohort, timezone.now())
        return self._page(
            request,
            "page",
            title=_("Jury · %s") % cohort.name,
            cohort=cohort,
            jury=view,
            apart=[one for one in view.thirds if one.why == Third.APART],
            missing=[one for one in view.thirds if one.why == Third.MISSING],
        )

    def distribute_view(self, request, cohort_id):
        cohort = self._cohort(request, cohort_id)
        with refusals_told(request):
            count = sharing.distribute(cohort, actor=request.user)
            told = ngettext(
                "%(count)s lecture a été confiée au jury.", "%(count)s lectures ont été confiées au jury.", count
            )
            none = _("Chaque dossier a déjà ses lectures : rien de nouveau à répartir.")
            messages.success(request, told % {"count": count} if count else none)
        return self._back(cohort)

    def third_view(self, request, cohort_id):
        """One reading more for the files that were ticked."""
        cohort = self._cohort(request, cohort_id)
        chosen = [int(pk) for pk in request.POST.getlist("dossier") if pk.isdecimal() and len(pk) < 18]
        files = Application.objects.filter(cohort=cohort, pk__in=chosen).select_related("cohort").order_by("pk")
        with refusals_told(request):
            count = sharing.ask_third_reading(files, actor=request.user)
            told = ngettext("Une lecture de plus est confiée.", "%(count)s lectures de plus sont confiées.", count)
            messages.success(request, told % {"count": count})
            if count < len(files):
                told = ngettext(
                    "Un dossier n’a trouvé personne pour le lire.",
                    "%(count)s dossiers n’ont trouvé personne pour les lire.",
                    len(files) - count,
                )
                messages.warning(request, told % {"count": len(files) - count})
        return self._back(cohort)

    def hand_on_view(self, request, cohort_id, person_id):
        """GET says what would be handed on; POST does it, and takes her off the jury if that is ticked."""
        cohort = self._cohort(request, cohort_id)
        readers = User.objects.filter(assignments__application__cohort=cohort).distinct()
        person = get_object_or_404(readers, pk=person_id)
        form = HandOnForm(request.POST if request.method == "POST" else None)
        if form.is_bound and form.is_valid():
            with refusals_told(request):
                count = sharing.hand_on(cohort, person, actor=request.user)
                told = ngettext(
                    "Un dossier est passé à quelqu’un d’autre.", "%(count)s dossiers sont passés à d’autres.", count
                )
                messages.success(request, told % {"count": count})
                if form.cleaned_data["leaves"]:
                    self._take_off(cohort, person, actor=request.user)
            return self._back(cohort)
        view = jury_queries.jury_view(cohort, timezone.now())
        row = next((row for row in view.readers if row.person == person), jury_queries.ReaderRow(person, False))
        return self._confirm(request, cohort, person, HAND_ON, self._to_hand_on(cohort, row), form=form)

    def withdraw_view(self, request, cohort_id, reference, person_id):
        """An opinion on somebody the reader may know: GET asks, POST takes it away, and the file to somebody else."""
        cohort = self._cohort(request, cohort_id)
        application = get_object_or_404(
            Application.objects.select_related("cohort"),
            cohort=cohort,
            reference=reference,
            reviews__reviewer=person_id,
        )
        person = User.objects.get(pk=person_id)
        if request.method == "POST":
            with refusals_told(request):
                reason = jury_queries.tie_of(application, person) or "DECLARED"
                sharing.recuse(application, person, reason=reason, actor=request.user)
                messages.success(request, _("L’avis est retiré, et %s passe à quelqu’un d’autre.") % reference)
            return self._back(cohort)
        told = _(
            "L’avis de %(name)s sur le dossier %(reference)s disparaît, et ce dossier se ferme pour elle ou lui. "
            "Un autre membre du jury le lira."
        )
        sentence = told % {"name": person.get_full_name(), "reference": reference}
        return self._confirm(request, cohort, person, WITHDRAW, sentence)

    def _to_hand_on(self, cohort, row) -> str:
        if not row.left:
            return _("Il n’y a rien à reconfier : tout ce qui lui était confié est lu.")
        told = [
            ngettext(
                "Un dossier que cette personne n’a pas lu passera à d’autres, à parts égales.",
                "%(count)s dossiers que cette personne n’a pas lus passeront à d’autres, à parts égales.",
                row.left,
            )
            % {"count": row.left}
        ]
        if row.begun:
            told.append(
                ngettext(
                    "Pour l’un d’eux un avis est commencé : il sera perdu.",
                    "Pour %(count)s d’entre eux un avis est commencé : il sera perdu.",
                    row.begun,
                )
                % {"count": row.begun}
            )
        if cohort.readings_due_on:
            told.append(_("Les avis sont attendus pour le %s.") % day(cohort.readings_due_on))
        return " ".join(told)

    def _take_off(self, cohort, person, *, actor):
        grant = Grant.objects.filter(user=person, role=Role.JURY, scope=journal.ref(cohort)).first()
        if grant:
            accounts.revoke_role(grant, actor=actor)

    def _confirm(self, request, cohort, person, button, sentence, *, form=None):
        context = {
            **self.admin_site.each_context(request),
            "title": person.get_full_name(),
            "subtitle": button.label,
            "button": {"label": button.label, "confirm": sentence, "is_danger": button.is_danger},
            "form": form,
            "back": reverse("admin:reviews_jury", args=[cohort.pk]),
            "cohort": cohort,
        }
        return TemplateResponse(request, "admin/reviews/jury/confirm.html", context)

    def _cohort(self, request, cohort_id) -> Cohort:
        self._require_coordinator(request)
        return get_object_or_404(Cohort, pk=cohort_id)

    def _back(self, cohort):
        return redirect("admin:reviews_jury", cohort.pk)

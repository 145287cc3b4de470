"""Decisions on files in the admin: one by one from a file's page, or many at once from the list."""

from collections import defaultdict

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.staff_admin import verb
from lifecycle.refusals import Refusal
from reviews import transitions as reviews
from reviews.forms import SharedReasonForm
from reviews.models import Decision

Outcome = Decision.Outcome

TOLD_ONE_BY_ONE = 5
"""Up to so many refusals each have their message; beyond, those of one reason share one."""
REFERENCES_TOLD = 30


def _may_become(outcome):
    """Whether a listed file can be marked so: not decided for good, not in an announcement, not marked so yet."""

    def offered(request, application):
        is_open = application.state in Decision.DECIDABLE_STATES and not application.is_in_release
        return is_open and outcome not in (application.state, application.pending_outcome)

    return offered


class DecisionsMixin:
    """The actions and the verbs that mark a decision or take it back. None of them sends anything."""

    decision_verbs = ["mark_accepted", "mark_waitlisted", "mark_rejected", "change_reason", "take_back"]

    # --- Decisions, many at once ----------------------------------------------------------------

    @admin.action(description=gettext_lazy("Accepter"))
    def accept(self, request, queryset):
        return self._decide(request, queryset, Outcome.ACCEPTED, _("Accepter"))

    @admin.action(description=gettext_lazy("Mettre sur liste d’attente"))
    def waitlist(self, request, queryset):
        return self._decide(request, queryset, Outcome.WAITLISTED, _("Mettre sur liste d’attente"))

    @admin.action(description=gettext_lazy("Ne pas retenir"))
    def reject(self, request, queryset):
        form = SharedReasonForm(request.POST if "confirmed" in request.POST else None)
        return self._decide(request, queryset, Outcome.REJECTED, _("Ne pas retenir"), form)

    @admin.action(description=gettext_lazy("Effacer la décision"))
    def unmark(self, request, queryset):
        return self._decide(request, queryset, None, _("Effacer la décision"))

    def _decide(self, request, queryset, outcome, title, form=None):
        count = queryset.count()
        is_as_shown = request.POST.get("expected") == str(count)
        if not is_as_shown or (form is not None and not form.is_valid()):
            return self._asked(request, queryset, count, title, form, has_changed=not is_as_shown)
        # Left empty, each file keeps the reason that it may have: nobody wipes many words by a blank box.
        reason = (form.cleaned_data["shared_reason"] if form else "") or None
        self.each_told(request, queryset, lambda file: self._mark(request, file, outcome, reason), title)
        return None

    def _mark(self, request, application, outcome, shared_reason=None):
        if outcome is None:
            return reviews.unmark(application, actor=request.user)
        return reviews.mark(application, outcome, shared_reason=shared_reason, actor=request.user)

    def _asked(self, request, queryset, count, title, form, *, has_changed):
        """The page that says how many files, and which; when that changed since she confirmed, it asks again."""
        if has_changed and "confirmed" in request.POST:
            messages.warning(request, _("La liste a changé depuis : voici ce qu’elle contient maintenant."))
        sentence = ngettext(
            "%(count)s candidature choisie. Rien ne part : la décision attend « Publier ».",
            "%(count)s candidatures choisies. Rien ne part : les décisions attendent « Publier ».",
            count,
        )
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "sentence": sentence % {"count": count},
            "button": f"{title} ({count})",
            "rows": queryset,
            "form": form,
            "with_reason": sum(bool(row.pending_reason) for row in queryset) if form else 0,
            "action": request.POST["action"],
            "selected": request.POST.getlist(ACTION_CHECKBOX_NAME),
            "select_across": request.POST.get("select_across", "0"),
            "expected": count,
        }
        return TemplateResponse(request, "admin/applications/application/confirm.html", context)

    def each_told(self, request, queryset, act, done):
        """One sentence for what went well; each refusal, grouped by reason when there are many."""
        count, refused = 0, defaultdict(list)
        for application in queryset:
            try:
                act(application)
            except Refusal as refusal:
                refused[refusal.sentence].append(application.reference)
            else:
                count += 1
        if count:
            told = ngettext("« %(done)s » : %(count)s candidature.", "« %(done)s » : %(count)s candidatures.", count)
            messages.success(request, told % {"done": done, "count": count})
        for why, references in refused.items():
            for group in _grouped(references):
                messages.error(request, f"{group} : {why}")

    @verb(gettext_lazy("Accepter"), path="accepter", offered=_may_become(Outcome.ACCEPTED))
    def mark_accepted(self, request, application):
        return self._marked(request, application, Outcome.ACCEPTED)

    @verb(gettext_lazy("Liste d’attente"), path="liste-attente", offered=_may_become(Outcome.WAITLISTED))
    def mark_waitlisted(self, request, application):
        return self._marked(request, application, Outcome.WAITLISTED)

    @verb(
        gettext_lazy("Ne pas retenir"),
        path="ne-pas-retenir",
        form_class=SharedReasonForm,
        confirm=gettext_lazy("Rien ne part tout de suite : la décision et ses mots attendront « Publier »."),
        offered=_may_become(Outcome.REJECTED),
    )
    def mark_rejected(self, request, application, data):
        return self._marked(request, application, Outcome.REJECTED, **data)

    @verb(
        gettext_lazy("Changer la raison partagée"),
        path="raison",
        form_class=SharedReasonForm,
        offered=lambda request, file: file.pending_outcome == Outcome.REJECTED,
    )
    def change_reason(self, request, application, data):
        reviews.change_reason(application, data["shared_reason"], actor=request.user)
        return _("La raison est gardée avec la décision.") if data["shared_reason"] else _("La raison est effacée.")

    def verb_initial(self, request, thing, name):
        initial = super().verb_initial(request, thing, name)
        is_reason = name in ("mark_rejected", "change_reason")
        return {**initial, "shared_reason": thing.pending_reason} if is_reason else initial

    def _marked(self, request, application, outcome, shared_reason=None):
        self._mark(request, application, outcome, shared_reason)
        return _("Décision prise : « %s ». Elle attend « Publier ».") % Outcome(outcome).label

    @verb(gettext_lazy("Effacer la décision"), path="effacer", offered=lambda request, file: file.pending_outcome)
    def take_back(self, request, application):
        self._mark(request, application, None)
        return _("La décision est effacée.")


def _grouped(references: list[str]) -> list[str]:
    """The references one by one, or all in one line when they are many."""
    if len(references) <= TOLD_ONE_BY_ONE:
        return references
    shown = ", ".join(references[:REFERENCES_TOLD])
    more = len(references) - REFERENCES_TOLD
    return [shown + (_(" et %s autres") % more if more > 0 else "")]

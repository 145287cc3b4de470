"""Staff screens of mentors. Registered in `matching.admin`, which adds the verbs that can touch an offer."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.queries import actor_names, letters_of
from accounts.staff_admin import CoordinatorAdmin, ReadablePageMixin, verb
from cohorts.models import Language, Slot
from lifecycle.doors import refusals_told
from mentors import readiness, transitions
from mentors.forms import CallForm, HonorabilityForm, InvitationForm
from mentors.import_pages import ImportPages
from mentors.models import MentorProfile

State = MentorProfile.State


def offered_in(*states):
    """For a verb's button: shown for profiles in one of these states."""
    return lambda request, mentor: mentor.state in states


class MinorsFilter(admin.BooleanFieldListFilter):
    """Django would say « Par accompagne des mineur·es »."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.title = _("accord pour accompagner des mineur·es")


class MentorAdmin(ImportPages, ReadablePageMixin, CoordinatorAdmin):
    """Mentors: who they are, what they can pass on, what was checked, and their verbs."""

    can_add = True
    list_display = ["full_name", "employer", "partner", "practices", "region", "state", "capacity", "honorability"]
    list_filter = [
        "state",
        ("partner", admin.RelatedOnlyFieldListFilter),
        ("region", admin.ChoicesFieldListFilter),
        ("accompanies_minors", MinorsFilter),
    ]
    search_fields = [
        "person__last_name__unaccent__icontains",
        "person__first_name__unaccent__icontains",
        "person__email",
        "employer__unaccent__icontains",
    ]
    search_help_text = gettext_lazy("Par nom, prénom, adresse ou employeur, avec ou sans accents.")
    change_list_template = "admin/mentors/mentorprofile/change_list.html"
    change_form_template = "admin/mentors/mentorprofile/page.html"
    verbs = ["note_call", "approve", "decline", "resume", "record_honorability"]

    def get_queryset(self, request):
        rows = super().get_queryset(request).select_related("person", "partner")
        return rows.prefetch_related("practices__trade", "commitments__cohort", "commitments__preferred_trades")

    # --- The list -------------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("mentor·e"), ordering="person__last_name")
    def full_name(self, mentor):
        return mentor.person.get_full_name()

    @admin.display(description=gettext_lazy("métiers"))
    def practices(self, mentor):
        return ", ".join(practice.trade.name for practice in mentor.practices.all())

    @admin.display(description=gettext_lazy("engagement"))
    def capacity(self, mentor):
        """In the cohorts not over yet."""
        today = timezone.localdate()
        current = [c for c in mentor.commitments.all() if c.cohort.ends_on >= today]
        return " · ".join(f"{c.cohort.name}\u00a0: {c.capacity}" for c in current) or "–"

    @admin.display(description=gettext_lazy("honorabilité"), ordering="honorability_valid_until")
    def honorability(self, mentor):
        until = mentor.honorability_valid_until
        if until is None:
            return _("à voir") if mentor.accompanies_minors else "–"
        day = date_format(until, "d/m/Y")
        return (_("jusqu’au %s") if until >= timezone.localdate() else _("périmée depuis le %s")) % day

    # --- Inviting -------------------------------------------------------------------------------

    def add_view(self, request, form_url="", extra_context=None):
        """Invite somebody: the account is made if there is none, and the letter leaves."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = InvitationForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            with refusals_told(request):
                mentor = transitions.invite(**form.cleaned_data, actor=request.user)
                messages.success(request, _("L’invitation est partie à %s.") % mentor.person.email)
                return HttpResponseRedirect(self.page_url(mentor))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Inviter un·e mentor·e"),
            "form": form,
        }
        return TemplateResponse(request, "admin/mentors/mentorprofile/invite.html", context)

    # --- One mentor -----------------------------------------------------------------------------

    def page_title(self, request, mentor):
        return mentor.person.get_full_name()

    def page_context(self, request, mentor):
        today = timezone.localdate()
        seen_by, called_by = mentor.honorability_seen_by, mentor.called_by
        names = actor_names([one for one in (seen_by, called_by) if one])
        return {
            "letters": letters_of(mentor.person),
            "commitments": sorted(mentor.commitments.all(), key=lambda c: c.cohort.starts_on, reverse=True),
            "language_labels": [Language(code).label for code in mentor.languages],
            "slot_labels": [Slot(code).label for code in mentor.slots],
            "seen_by": names.get(seen_by, ""),
            "called_by": names.get(called_by, ""),
            "left": readiness.what_is_left(mentor, timezone.now()),
            "is_cleared": mentor.is_cleared_for_minors(today),
            "is_valid": bool(mentor.honorability_valid_until and mentor.honorability_valid_until >= today),
        }

    def confirm_sentence(self, request, thing, name):
        """For how long an extract counts is a setting."""
        sentence = super().confirm_sentence(request, thing, name)
        if name != "record_honorability":
            return sentence
        return sentence % date_format(transitions.honorability_end(timezone.localdate()), "j F Y")

    @verb(
        gettext_lazy("Noter l’appel"),
        path="appel",
        confirm=gettext_lazy("Un profil se valide après s’être parlé, de vive voix."),
        form_class=CallForm,
        offered=offered_in(State.APPLIED, State.APPROVED),
    )
    def note_call(self, request, mentor, data):
        transitions.note_call(mentor, **data, actor=request.user)
        return _("L’appel est noté.")

    @verb(
        gettext_lazy("Valider"),
        path="valider",
        confirm=gettext_lazy("Le profil est validé, et un courriel de bienvenue part dans la minute."),
        offered=lambda request, mentor: mentor.state == State.APPLIED and mentor.called_on is not None,
    )
    def approve(self, request, mentor):
        transitions.approve(mentor, actor=request.user)
        return _("Le profil est validé, et le courriel de bienvenue part dans la minute.")

    @verb(
        gettext_lazy("Ne pas retenir"),
        path="ne-pas-retenir",
        confirm=gettext_lazy("Un courriel le dit avec égards, sans donner de raison. On ne revient pas en arrière."),
        is_danger=True,
        offered=offered_in(State.APPLIED),
    )
    def decline(self, request, mentor):
        transitions.decline(mentor, actor=request.user)
        return _("C’est noté, et le courriel part dans la minute.")

    @verb(gettext_lazy("Reprendre"), path="reprendre", offered=offered_in(State.PAUSED))
    def resume(self, request, mentor):
        transitions.resume(mentor, actor=request.user)
        return _("La pause est finie\u00a0: le prochain calcul peut lui proposer des binômes.")

    @verb(
        gettext_lazy("Noter l’honorabilité"),
        path="honorabilite",
        confirm=gettext_lazy(
            "Vous avez vu un extrait de casier judiciaire (bulletin n°\u00a03). Vu aujourd’hui, il compte jusqu’au %s."
        ),
        form_class=HonorabilityForm,
        offered=offered_in(State.APPLIED, State.APPROVED, State.PAUSED),
    )
    def record_honorability(self, request, mentor, data):
        transitions.record_honorability(mentor, seen_on=data["seen_on"], actor=request.user)
        return _("C’est noté\u00a0: valable jusqu’au %s.") % date_format(mentor.honorability_valid_until, "j F Y")

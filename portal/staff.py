"""The admin's own pages: what the first page shows to whom, and the team."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts import transitions
from accounts.addresses import LONGEST, require_deliverable
from accounts.models import Grant, User
from accounts.perms import can_manage_team
from accounts.roles import EVERYWHERE, Role
from accounts.staff_admin import VerbButton
from cohorts.models import Cohort
from documents import scanner
from lifecycle import journal
from lifecycle.doors import refusals_told
from notifications import pulse
from portal import desk as reads
from portal.desk import figures as cohort_figures


def desk(user, now) -> dict:
    """What the admin's first page shows this person."""
    shown = {}
    if user.is_coordinator:
        health = pulse.health(now)
        shown |= {
            "health": health,
            "signs": [*signs_of_life(health), *signs_of_addresses(), *signs_of_documents(now)],
            "lacks_a_scanner": reads.asks_documents(now) and not scanner.is_configured(),
            "cohorts": reads.cohort_desks(now),
            "mentors_waiting": reads.mentors_waiting(),
        }
    if any(role == Role.JURY for role, _scope in user.held_roles):
        shown["reading"] = reads.reading_of(user)
    return shown


def signs_of_life(health) -> list[dict]:
    """Each sign with a plain sentence, and whether somebody should do something about it."""
    letters = reads.list_url("notifications", "letter")
    signs = [
        _alive(_("Envoi des courriels"), health.is_worker_alive, health.worker_at),
        _alive(_("Horloge des rappels"), health.is_clock_alive, health.clock_at),
    ]
    oldest = health.oldest_waiting
    is_late = oldest is not None and health.now - oldest > pulse.SILENCE
    signs.append(
        {
            "name": _("Courriels en attente"),
            "tag": "wait" if is_late else "good",
            "value": str(health.waiting),
            "since": oldest if is_late else None,
            "url": f"{letters}?status=QUEUED" if is_late else "",
        }
    )
    for name, count, query in (
        (_("Envois incertains"), health.uncertain, "status=uncertain"),
        (_("Courriels en échec"), health.failed, "status=FAILED"),
    ):
        tag = "bad" if count else "good"
        signs.append({"name": name, "tag": tag, "value": str(count), "url": f"{letters}?{query}" if count else ""})
    return signs


def signs_of_addresses() -> list[dict]:
    """Addresses where letters do not arrive: somebody has to reach these people in another way."""
    count = reads.refusing_addresses()
    if not count:
        return []
    url = reads.list_url("notifications", "refusingaddress")
    return [{"name": _("Adresses qui refusent"), "tag": "bad", "value": str(count), "url": url}]


def signs_of_documents(now) -> list[dict]:
    """Files that wait to be verified for longer than it takes: the worker is late, or the scanner does not answer."""
    count, oldest = reads.documents_waiting()
    if oldest is None or now - oldest <= pulse.SILENCE:
        return []
    return [{"name": _("Fichiers en vérification"), "tag": "wait", "value": str(count), "since": oldest, "url": ""}]


def _alive(name: str, is_alive: bool, at) -> dict:
    value = _("en marche") if is_alive else _("à l’arrêt")
    return {"name": name, "tag": "good" if is_alive else "bad", "value": value, "since": None if is_alive else at}


@require_safe
def figures(request, cohort_id: int):
    """« Les chiffres » of a cohort, for coordinators."""
    _require_coordinator(request)
    found = cohort_figures.of(get_object_or_404(Cohort, pk=cohort_id))
    context = {"title": _("Les chiffres"), "subtitle": found.cohort.name, "figures": found}
    return TemplateResponse(request, "admin/desk/figures.html", {**admin.site.each_context(request), **context})


class InviteForm(forms.Form):
    """Whom to invite, and as what."""

    email = forms.EmailField(
        label=gettext_lazy("Adresse e-mail"),
        max_length=LONGEST,
        validators=[require_deliverable],
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Rôle"), choices=[(r.value, r.label.capitalize()) for r in (Role.JURY, Role.COORDINATOR)]
    )
    cohort = forms.ModelChoiceField(
        Cohort.objects.none(),
        label=gettext_lazy("Promotion"),
        required=False,
        help_text=gettext_lazy("Pour le jury : la promotion dont cette personne lira les dossiers."),
        empty_label=gettext_lazy("Choisir une promotion"),
    )

    def __init__(self, *args, now, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cohort"].queryset = Cohort.objects.current(now)

    def clean(self):
        data = super().clean()
        if data.get("role") == Role.JURY and not data.get("cohort") and "cohort" not in self.errors:
            self.add_error("cohort", _("Choisissez la promotion dont cette personne lira les dossiers."))
        return data

    @property
    def scope(self) -> str:
        return journal.ref(self.cleaned_data["cohort"]) if self.cleaned_data["role"] == Role.JURY else EVERYWHERE


def _require_coordinator(request) -> None:
    if not can_manage_team(request.user):
        raise PermissionDenied


@require_http_methods(["GET", "HEAD", "POST"])
def team(request):
    """Who works for the programme, and an invitation for one more."""
    _require_coordinator(request)
    form = InviteForm(request.POST or None, now=timezone.now())
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        with refusals_told(request):
            transitions.grant_role(email, form.cleaned_data["role"], form.scope, actor=request.user)
            messages.success(request, _("C’est fait : un courriel invite %s à entrer.") % email)
        return redirect("admin:team")
    context = {"title": _("Équipe"), "form": form, "members": reads.team()}
    return TemplateResponse(request, "admin/team.html", {**admin.site.each_context(request), **context})


@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request, pk: int):
    """Take a role back, after a page that asks."""
    _require_coordinator(request)
    grant = get_object_or_404(Grant.objects.select_related("user"), pk=pk)
    if request.method == "POST":
        with refusals_told(request):
            transitions.revoke_role(grant, actor=request.user)
            messages.success(request, _("Le rôle est retiré, et la personne est prévenue."))
        return redirect("admin:team")
    who = {"name": grant.user.get_full_name(), "role": grant.get_role_display()}
    sentence = _(
        "%(name)s n’aura plus le rôle « %(role)s » : ses pages se ferment aussitôt, et un courriel le lui dit."
    )
    return _ask(request, _("Retirer le rôle"), sentence % who, grant.user)


@require_http_methods(["GET", "HEAD", "POST"])
def reset(request, pk: int):
    """Reset the second factor of a member of staff, after a page that asks."""
    _require_coordinator(request)
    user = get_object_or_404(User.objects.filter(grants__isnull=False).distinct(), pk=pk)
    if request.method == "POST":
        with refusals_told(request):
            transitions.reset_second_factor(user, actor=request.user)
            messages.success(request, _("La seconde vérification est à refaire, et la personne est prévenue."))
        return redirect("admin:team")
    sentence = _(
        "Assurez-vous, de vive voix, que la demande vient bien de %s. Ses codes et ses clés d’accès cesseront de "
        "fonctionner, ses sessions seront fermées, et une nouvelle seconde vérification lui sera demandée."
    )
    return _ask(request, _("Remettre à zéro la seconde vérification"), sentence % user.get_full_name(), user)


def _ask(request, label: str, sentence: str, user):
    context = {
        **admin.site.each_context(request),
        "title": user.get_full_name(),
        "subtitle": label,
        "button": VerbButton(label, "", confirm=sentence, is_danger=True),
        "back": reverse("admin:team"),
        "is_team": True,
    }
    return TemplateResponse(request, "admin/confirm_verb.html", context)

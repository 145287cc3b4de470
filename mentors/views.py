"""A mentor's own pages: who she is, the charter that she signs, the guide that she reads."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from consents.models import TextVersion
from consents.queries import current_texts
from lifecycle.doors import refusals_told
from mentors import readiness, transitions
from mentors.forms import CharterForm
from mentors.models import MentorProfile
from mentors.profile_forms import ProfileForm

State = MentorProfile.State


def _own(request) -> MentorProfile:
    """Her own profile, or 404: staff read profiles in the admin, never on these pages."""
    mine = MentorProfile.objects.visible_to(request.user).filter(person=request.user)
    return get_object_or_404(mine.select_related("person", "charter").prefetch_related("practices"))


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request):
    """Her profile. The first time she saves it, she applies."""
    mentor = _own(request)
    if mentor.state in (State.DECLINED, State.LEFT):
        return render(request, "mentors/closed.html", {"mentor": mentor})
    is_new = mentor.state == State.INVITED
    form = ProfileForm(request.POST if request.method == "POST" else None, mentor=mentor)
    if request.method == "POST" and form.is_valid():
        with refusals_told(request):
            form.save(actor=request.user)
            if is_new:
                messages.success(
                    request, _("Merci\u00a0! La coordination lit votre profil et vous répond par courriel.")
                )
            else:
                messages.success(request, _("Votre profil est à jour."))
            return redirect(settings.LOGIN_REDIRECT_URL)
    context = {"mentor": mentor, "form": form, "is_new": is_new}
    return render(request, "mentors/profile.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def charter(request):
    """The charter, to read and to sign; once signed, what she signed and when."""
    mentor = _own(request)
    if mentor.state not in (State.APPROVED, State.PAUSED):
        raise Http404
    version = current_texts()[TextVersion.Key.CHARTER]
    form = CharterForm(request.POST if request.method == "POST" else None, version=version)
    if request.method == "POST" and form.is_valid():
        with refusals_told(request):
            transitions.sign_charter(mentor, version=version, name=form.cleaned_data["name"], actor=request.user)
            messages.success(request, _("C’est signé, merci."))
            return redirect(_next(mentor))
    is_signed = readiness.has_signed(mentor, readiness.least_charter())
    context = {"mentor": mentor, "version": mentor.charter if is_signed else version, "is_signed": is_signed}
    context |= {"form": form}
    return render(request, "mentors/charter.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def guide(request):
    """The guide, and the button that says that she has read it."""
    mentor = _own(request)
    if mentor.state not in (State.APPROVED, State.PAUSED):
        raise Http404
    if request.method == "POST":
        transitions.read_guide(mentor, actor=request.user)
        messages.success(request, _("Merci de l’avoir lu. Il reste ici, pour y revenir quand vous voulez."))
        return redirect(_next(mentor))
    return render(request, "mentors/guide.html", {"mentor": mentor})


def _next(mentor: MentorProfile) -> str:
    """The next thing that she can do herself, or her own page."""
    left = readiness.what_is_left(mentor, timezone.now())
    return next((f"mentors:{step}" for step in left if step in ("charter", "guide")), settings.LOGIN_REDIRECT_URL)

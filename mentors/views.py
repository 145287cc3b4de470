"""A mentor's own pages: who she is, and how many young people she takes."""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cohorts.models import Cohort
from lifecycle.doors import refusals_told
from mentors import transitions
from mentors.forms import CommitForm, ProfileForm
from mentors.models import Commitment, MentorProfile

State = MentorProfile.State


def _own(request) -> MentorProfile:
    """Her own profile, or 404: staff read profiles in the admin, never on these pages."""
    mine = MentorProfile.objects.visible_to(request.user).filter(person=request.user)
    return get_object_or_404(mine.select_related("person").prefetch_related("trades"))


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request):
    """Her profile. The first time she saves it, she applies."""
    mentor = _own(request)
    if mentor.state in (State.DECLINED, State.LEFT):
        return render(request, "mentors/closed.html", {"mentor": mentor, "home": _home()})
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
            return redirect(_home())
    context = {"mentor": mentor, "form": form, "is_new": is_new, "home": _home()}
    return render(request, "mentors/profile.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def commit(request, slug):
    """How many young people she takes in this cohort, and the trades she would rather accompany."""
    mentor = _own(request)
    cohort = get_object_or_404(Cohort.objects.with_slug(slug))
    commitment = Commitment.objects.filter(mentor=mentor, cohort=cohort).first()
    form = CommitForm(request.POST if request.method == "POST" else None, mentor=mentor, commitment=commitment)
    if request.method == "POST" and form.is_valid():
        with refusals_told(request):
            transitions.commit(mentor, cohort, **form.answers, actor=request.user)
            messages.success(request, _("C’est noté, merci. Nous vous écrirons quand un binôme vous sera proposé."))
            return redirect(_home())
    context = {
        "mentor": mentor,
        "cohort": cohort,
        "commitment": commitment,
        "form": form,
        "home": _home(),
        "is_over": cohort.ends_on < timezone.localdate(),
        "can_commit": mentor.state == State.APPROVED,
    }
    return render(request, "mentors/commit.html", context, status=422 if form.errors else 200)


def _home() -> str:
    return resolve_url(settings.LOGIN_REDIRECT_URL)

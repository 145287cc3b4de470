"""Becoming a mentor without having been invited: from the public page to a profile sent."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lifecycle.doors import refusals_told
from mentors import perms, transitions
from mentors.models import MentorProfile
from mentors.profile_forms import ApplicationForm


@require_http_methods(["GET", "HEAD", "POST"])
def apply(request):
    """One page: who she is, what she does, how many people she could accompany. Sent, it waits for a call."""
    if MentorProfile.objects.filter(person=request.user).exists():
        return redirect("mentors:profile")
    if perms.is_candidate(request.user, timezone.now()):
        return render(request, "portal/mentor_not_yet.html")
    data = request.POST if request.method == "POST" else None
    form = ApplicationForm(data, person=request.user)
    if request.method == "POST" and form.is_valid():
        with refusals_told(request):
            transitions.apply(request.user, **form.names, **form.profile, actor=request.user)
            messages.success(request, _("Merci\u00a0! La coordination lit votre profil, puis vous appelle."))
            return redirect("portal:home")
    return render(request, "portal/mentor_apply.html", {"form": form}, status=422 if form.errors else 200)

"""A mentor's own acts that can touch an offer or a pair: how many young people she takes, a pause, leaving."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cohorts.models import Cohort
from lifecycle.doors import refusals_told
from matching import falls, queries, season_links
from mentors import transitions as mentors
from mentors.forms import CommitForm
from mentors.models import MAX_CAPACITY, Commitment, MentorProfile

State = MentorProfile.State


def _own(request, *states) -> MentorProfile:
    """Her own profile, in one of these states, or 404."""
    mine = MentorProfile.objects.visible_to(request.user).filter(person=request.user)
    mentor = get_object_or_404(mine.select_related("person").prefetch_related("trades"))
    if states and mentor.state not in states:
        raise Http404
    return mentor


# --- How many -----------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def commit(request, slug):
    """How many young people she takes in this cohort, none too, and the trades she would rather accompany."""
    mentor = _own(request)
    cohort = get_object_or_404(Cohort.objects.with_slug(slug))
    commitment = Commitment.objects.filter(mentor=mentor, cohort=cohort).first()
    running = queries.running_pairs(commitment)
    data = request.POST if request.method == "POST" else None
    form = CommitForm(data, mentor=mentor, commitment=commitment, least=running)
    if request.method == "POST" and form.is_valid():
        with refusals_told(request):
            falls.settle_commitment(mentor, cohort, **form.answers, actor=request.user)
            messages.success(request, _thanks(form.answers["capacity"]))
            return redirect(settings.LOGIN_REDIRECT_URL)
    context = {
        "mentor": mentor,
        "cohort": cohort,
        "commitment": commitment,
        "running": running,
        "form": form,
        "is_over": cohort.ends_on < timezone.localdate(),
        "can_commit": mentor.state == State.APPROVED,
    }
    return render(request, "matching/commit.html", context, status=422 if form.errors else 200)


def _thanks(capacity: int) -> str:
    if capacity:
        return _("C’est noté, merci. Nous vous écrirons quand un binôme vous sera proposé.")
    return _("C’est noté\u00a0: pas cette fois. Merci de nous l’avoir dit.")


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def season(request, token):
    """From the season's letter, without signing in: one tap says how many, or not this time. The page shows a first
    name and a cohort, nothing else.
    """
    if (asked := season_links.read(token)) is None:
        return render(request, "matching/season_closed.html", status=404)
    mentor, cohort = asked
    is_over = cohort.ends_on < timezone.localdate()
    commitment = Commitment.objects.filter(mentor=mentor, cohort=cohort).first()
    running = queries.running_pairs(commitment)
    choices = [n for n in range(MAX_CAPACITY + 1) if n >= running]
    said = request.POST.get("capacity", "")
    context = {"mentor": mentor, "cohort": cohort, "commitment": commitment, "numbers": [n for n in choices if n]}
    context |= {"may_say_no": not running, "can_answer": mentor.state == State.APPROVED and not is_over}
    if request.method == "POST" and context["can_answer"]:
        if said not in map(str, choices):
            return render(request, "matching/season.html", {**context, "is_unclear": True}, status=422)
        with refusals_told(request):
            falls.settle_commitment(mentor, cohort, capacity=int(said), actor=mentor.person)
        return redirect("matching:season", token=token)
    return render(request, "matching/season.html", context)


# --- A pause, and leaving -----------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def pause(request):
    """What a pause changes, and the button."""
    mentor = _own(request, State.APPROVED)
    if request.method == "POST":
        with refusals_told(request):
            falls.pause_mentor(mentor, actor=request.user)
            messages.success(request, _("La pause est notée. Revenez quand vous voulez."))
        return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "matching/pause.html", _open_with(mentor))


@require_http_methods(["GET", "HEAD", "POST"])
def resume(request):
    """The end of a pause."""
    mentor = _own(request, State.APPROVED, State.PAUSED)
    if request.method == "POST":
        with refusals_told(request):
            mentors.resume(mentor, actor=request.user)
            messages.success(request, _("Bon retour\u00a0! De nouvelles propositions peuvent vous arriver."))
        return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "matching/resume.html", {"is_paused": mentor.state == State.PAUSED})


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request):
    """What leaving ends, and the button."""
    mentor = _own(request, State.APPROVED, State.PAUSED)
    if request.method == "POST":
        with refusals_told(request):
            falls.leave_mentor(mentor, actor=request.user)
            messages.success(request, _("C’est noté. Merci pour le temps que vous avez donné."))
        return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "matching/leave.html", _open_with(mentor))


def _open_with(mentor: MentorProfile) -> dict:
    """Whom she accompanies and how many offers wait for her: what a pause or leaving would touch."""
    return {
        "pairs": queries.living_pairs_of(mentor),
        "offers": queries.offers_waiting(mentor.person).count(),
    }

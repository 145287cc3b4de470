"""« Votre mentor·e »: who it would be, and the young person's own word on it, for coordinators alone."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lifecycle.doors import refusals_told
from matching import introductions
from mentorships import acquaintance
from mentorships.models import Mentorship
from portal.mentor_forms import ObjectionForm


def _own(request, reference: str) -> Mentorship:
    """The living pair of her own file, from the mentee's side alone, or 404."""
    hers = Mentorship.objects.visible_to(request.user).living().filter(application__candidate=request.user)
    pairs = hers.select_related("application__cohort", "application__candidate", "commitment__mentor__person")
    pair = pairs.filter(application__reference=reference).first()
    if pair is None:
        raise Http404
    return pair


@require_safe
def mentor(request, reference):
    """Name, trade, employer; until contacts are exchanged, the two answers."""
    pair = _own(request, reference)
    context = {"mentor": acquaintance.mentor_of(pair), "reference": reference, "cohort": pair.application.cohort}
    return render(request, "portal/mentor.html", context)


@require_POST
def suits(request, reference):
    """« Cela me convient »: contacts are exchanged at once."""
    pair = _own(request, reference)
    with refusals_told(request):
        introductions.say_yes(pair, actor=request.user)
        messages.success(request, _("C’est dit\u00a0: vous pouvez vous écrire."))
    return redirect("portal:mentor", reference)


@require_http_methods(["GET", "HEAD", "POST"])
def rather_not(request, reference):
    """« Je préfère que ce ne soit pas cette personne », and if she wishes, why."""
    pair = _own(request, reference)
    form = ObjectionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refusals_told(request):
            introductions.object_to(pair, words=form.cleaned_data["words"], actor=request.user)
            messages.success(request, _("C’est entendu\u00a0: nous cherchons quelqu’un d’autre."))
        return redirect("portal:home")
    if pair.contacts_at is not None:
        return redirect("portal:mentor", reference)
    context = {"mentor": acquaintance.mentor_of(pair), "reference": reference, "form": form}
    return render(request, "portal/mentor_rather_not.html", context, status=422 if form.errors else 200)

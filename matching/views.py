"""A mentor's offers: read, accept, decline, talk first."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lifecycle.doors import refusals_told
from matching import briefs, calls, queries, transitions
from matching.forms import CallForm, DeclineForm
from matching.models import Proposal

State = Proposal.State


def _own(request, pk: int) -> Proposal:
    """An offer made to her, or 404: staff read proposals in the admin, never answer in her place."""
    hers = Proposal.objects.visible_to(request.user).filter(commitment__mentor__person=request.user)
    return get_object_or_404(queries.with_brief(hers), pk=pk)


@require_safe
def offers(request):
    """All that waits for her answer."""
    waiting = queries.offers_waiting(request.user, timezone.now())
    shown = [(offer, briefs.of(offer)) for offer in waiting]
    return render(request, "matching/offers.html", {"offers": shown})


@require_safe
def offer(request, pk):
    """One brief and the answers; once answered, what comes next."""
    proposal = _own(request, pk)
    now = timezone.now()
    is_waiting = proposal.state == State.OFFERED and now <= proposal.expires_at
    may_read = is_waiting or proposal.state == State.ACCEPTED
    context = {
        "proposal": proposal,
        "cohort": proposal.application.cohort,
        "is_waiting": is_waiting,
        # Somebody she will not accompany is nobody she may go on reading about.
        "brief": briefs.of(proposal) if may_read else None,
        "met_by": queries.met_by(proposal) if proposal.state == State.ACCEPTED else None,
        "others": queries.offers_waiting(request.user, now).exclude(pk=pk).count(),
    }
    return render(request, "matching/offer.html", context)


@require_POST
def accept(request, pk):
    """She says yes."""
    proposal = _own(request, pk)
    with refusals_told(request):
        transitions.accept(proposal, actor=request.user)
        messages.success(request, _("C’est dit\u00a0: le binôme est ouvert."))
    return redirect("matching:offer", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def decline(request, pk):
    """She says no, and why."""
    proposal = _own(request, pk)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refusals_told(request):
            transitions.decline(proposal, **form.cleaned_data, actor=request.user)
            messages.success(request, _("Votre réponse est notée. Merci de l’avoir donnée."))
        return redirect("matching:offer", pk=pk)
    if proposal.state != State.OFFERED:
        return redirect("matching:offer", pk=pk)
    context = {"proposal": proposal, "first_name": briefs.of(proposal).first_name, "form": form}
    return render(request, "matching/decline.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def ask_call(request, pk):
    """She would rather talk first."""
    proposal = _own(request, pk)
    form = CallForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refusals_told(request):
            calls.ask_call(proposal, words=form.cleaned_data["words"], actor=request.user)
            messages.success(request, _("C’est demandé\u00a0: la coordination vous appelle bientôt."))
        return redirect("matching:offer", pk=pk)
    if proposal.state != State.OFFERED or proposal.call_asked_at is not None:
        return redirect("matching:offer", pk=pk)
    context = {"proposal": proposal, "first_name": briefs.of(proposal).first_name, "form": form}
    return render(request, "matching/call.html", context, status=422 if form.errors else 200)

"""« L’autorisation de votre représentant·e légal·e »: where it stands, and what a minor can do so that it comes."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications import minors
from applications.models import Application
from consents import guardians
from consents.links import VALID_FOR
from consents.models import Guardian, GuardianAuthorisation
from lifecycle.doors import refusals_told
from lifecycle.refusals import Refusal
from portal import authorisations
from portal.authorisation_forms import OwnGuardianAddressForm, OwnGuardianForm

State = Application.State

LIVING = (State.SUBMITTED, State.ACCEPTED, State.WAITLISTED, State.CONFIRMED, State.MATCHED)
"""As she knows it: while her file is in one of these, the authorisation is still of use."""


@require_safe
def authorisation(request, reference):
    """Where it stands with each representative, for the mentoring and for outings."""
    application = _hers(request, reference)
    found = authorisations.of_person(request.user)
    main = found.get(minors.scope(application.cohort))
    parts = [main or GuardianAuthorisation(person=request.user), *authorisations.outings(application, found)]
    standing = authorisations.standing(application, found)
    shown = [_part(application, one) for one in parts]
    context = {
        "application": application,
        "standing": standing,
        "parts": shown,
        "is_awaited": any(part["may_move"] for part in shown),
        "days": VALID_FOR.days,
        "may_name": _may_move(application, main)
        and (main is None or len(main.guardians.all()) < len(guardians.ORDERS)),
    }
    return render(request, "portal/authorisation.html", context)


def _part(application, authorisation) -> dict:
    """One authorisation, as the page shows it: its representatives, and whether something can still be done."""
    return {
        "authorisation": authorisation,
        "guardians": list(authorisation.guardians.all()) if authorisation.pk else [],
        "may_move": authorisation.pk and _may_move(application, authorisation),
    }


def _hers(request, reference) -> Application:
    """Her own sent file, for a cohort in which she will be a minor; 404 for anything else."""
    mine = Application.objects.visible_to(request.user).filter(candidate=request.user).sent()
    application = get_object_or_404(mine.select_related("cohort", "candidate"), reference=reference)
    if not minors.is_minor(application):
        raise Http404
    return application


def _may_move(application, authorisation) -> bool:
    """Whether the page offers to name, correct and write again; whether it is still awaited, the verbs ask again."""
    is_open = authorisation is None or authorisation.state == GuardianAuthorisation.State.REQUESTED
    return is_open and _is_hers(application)


def _is_hers(application) -> bool:
    """Whether it is for her to do: the file is alive, as she knows it, and nobody of the team does it for her."""
    return application.shown_state in LIVING and not application.candidate.is_followed_by_hand


def _require_hers(application) -> None:
    if not _is_hers(application):
        raise Refusal(_("Il n’y a plus rien à faire ici. Une question\u00a0? Écrivez-nous."))


def _guardian(request, reference, pk) -> tuple[Application, Guardian]:
    """A representative whom this file's authorisation, or one for an outing of its cohort, is asked of."""
    application = _hers(request, reference)
    own = Guardian.objects.filter(authorisation__person=request.user).select_related("authorisation__person")
    guardian = get_object_or_404(own, pk=pk)
    scope = minors.scope(application.cohort)
    if guardian.authorisation.scope != scope and not guardian.authorisation.scope.startswith(f"{scope}:"):
        raise Http404
    return application, guardian


@require_POST
def send_link(request, reference, pk):
    """A fresh link for a representative who has not answered, at the address that we have."""
    application, guardian = _guardian(request, reference, pk)
    with refusals_told(request):
        _require_hers(application)
        guardians.ask_again(guardian, actor=request.user)
        told = _("Un nouveau courriel part à l’adresse %s. Il arrive dans la minute.")
        messages.success(request, told % guardian.email)
    return redirect("portal:authorisation", reference)


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request, reference, pk):
    """Another address for a representative who has not answered."""
    application, guardian = _guardian(request, reference, pk)

    def act(email):
        guardians.correct_address(guardian, email, actor=request.user)
        return _("L’adresse est corrigée, et le courriel repart\u00a0: l’ancien lien ne marche plus.")

    with refusals_told(request):
        _require_hers(application)
        guardians.require_awaited(guardian.authorisation, guardian)
        known = {"email": guardian.email}
        return _asked(request, application, OwnGuardianAddressForm, act, initial=known, guardian=guardian)
    return redirect("portal:authorisation", reference)


@require_http_methods(["GET", "HEAD", "POST"])
def name(request, reference):
    """Somebody who may sign: the first one, when the file named nobody, or a second one."""
    application = _hers(request, reference)
    found = authorisations.of_person(request.user)
    main = found.get(minors.scope(application.cohort))

    def act(name, email):
        guardians.add_second(minors.expect(application), name=name, email=email, actor=request.user)
        return _("C’est noté\u00a0: le courriel part dans la minute.")

    with refusals_told(request):
        _require_hers(application)
        if main:
            guardians.require_awaited(main)
        is_first = main is None or not main.guardians.exists()
        return _asked(request, application, OwnGuardianForm, act, is_first=is_first)
    return redirect("portal:authorisation", reference)


def _asked(request, application, form_class, act, *, initial=None, **context):
    """The page of a form; a verb that refuses says why next to what was typed, or on the way back if too late."""
    form = form_class(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, act(**form.cleaned_data))
            return redirect("portal:authorisation", application.reference)
        except guardians.NotAwaited:
            raise  # somebody answered a moment ago: nothing is left to type here
        except Refusal as refusal:
            form.add_error("email", refusal.sentence)
    context |= {"application": application, "form": form}
    return render(request, "portal/authorisation_form.html", context, status=422 if form.errors else 200)

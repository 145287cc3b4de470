"""The pages of a minor's legal representative, who has no account: she reads, signs, refuses, asks to be called.

Each verb has its own address, which a POST alone makes act, and leads back to the page; a GET changes nothing, however
often a scanner of mails opens it. A link that is no longer live shows nothing of anybody.
"""

from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.signing import BadSignature
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from consents import answers, guardians, links
from lifecycle.doors import refusals_told
from lifecycle.refusals import Refusal
from matching import falls
from portal import guardian_receipts
from portal.guardian_forms import CallForm, SignatureForm
from portal.guardian_page import page_of

READ_OR_POST = ["GET", "HEAD", "POST"]


def kept_apart(view):
    """Open to whoever holds the link; kept by no cache, found by no search engine.

    The Referrer-Policy stays the site's own, `same-origin`: with `no-referrer` browsers send `Origin: null`, and no
    form of the page would pass the check against forgery.
    """

    @login_not_required
    @never_cache
    @wraps(view)
    def inner(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return inner


def with_link(view):
    """Hand the link over as read. One that was not made here, or whose representative is asked no more: a kind 404."""

    @wraps(view)
    def inner(request, token):
        try:
            link = links.read(token)
        except BadSignature:
            link = None
        if link is None:
            return render(request, "portal/guardian/unknown.html", status=404)
        return view(request, token, link)

    return inner


def with_page(may: str):
    """Hand over the page behind a live link, where `may` holds; otherwise back to the page, with a sentence on a POST.

    `may` names the property of `GuardianPage` that says so.
    """

    def decorator(view):
        @kept_apart
        @require_http_methods(READ_OR_POST)
        @with_link
        @wraps(view)
        def inner(request, token, link):
            page = page_of(link) if link.is_live else None
            if page and getattr(page, may):
                return view(request, token, link, page)
            if request.method == "POST":
                _tell_why_not(request, link)
            return redirect("portal:guardian", token)

        return inner

    return decorator


def _tell_why_not(request, link) -> None:
    if guardian_receipts.has(request, link):
        messages.info(request, _("Votre réponse était déjà enregistrée\u00a0: elle compte une fois."))
    elif link.is_live:
        messages.error(request, _("Cette réponse n’est plus possible. La page vous dit où en est l’autorisation."))
    else:
        messages.error(request, _("Votre réponse n’est pas enregistrée\u00a0: ce lien ne sert plus."))


# --- Reading ------------------------------------------------------------------------------------


@kept_apart
@require_safe
@with_link
def guardian(request, token, link):
    """What a link opens: the authorisation while it is live, the receipt of an answer just given in this browser."""
    if link.is_live:
        return _page(request, token, link)
    if guardian_receipts.has(request, link):
        receipt = guardian_receipts.of(link)
        return render(request, "portal/guardian/receipt.html", {"token": token, "receipt": receipt})
    return render(request, "portal/guardian/gone.html", {"token": token, "days": links.VALID_FOR.days}, status=410)


def _page(request, token, link, *, form=None, status=200):
    page = page_of(link)
    if form is None and page.may_sign:
        form = SignatureForm(first_name=page.first_name, initial={"version": page.text.number})
    context = {"token": token, "page": page, "form": form, "days": links.VALID_FOR.days}
    return render(request, page.template, context, status=status)


# --- Answering ----------------------------------------------------------------------------------


@with_page("may_sign")
def sign(request, token, link, page):
    """She signs the version that was on the page."""
    if request.method != "POST":
        return redirect("portal:guardian", token)
    form = SignatureForm(request.POST, first_name=page.first_name)
    if not form.is_valid():
        return _page(request, token, link, form=form, status=422)
    try:
        if form.cleaned_data["version"] != str(page.text.number):
            raise answers.TextChanged
        signature = {"name": form.cleaned_data["name"], "relation": form.quality, "version": page.text}
        answers.sign(link.guardian, link_number=link.number, **signature)
    except answers.TextChanged as refusal:
        form.ask_again(refusal.sentence, page_of(link).text.number)
        return _page(request, token, link, form=form, status=409)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        guardian_receipts.keep(request, link)
    return redirect("portal:guardian", token)


@with_page("may_refuse")
def refuse(request, token, link, page):
    """Says what follows, then notes her refusal. No reason is asked."""
    if request.method != "POST":
        return render(request, "portal/guardian/refuse.html", {"token": token, "page": page})
    return _no(request, token, link, falls.refuse_authorisation)


@with_page("may_withdraw")
def withdraw(request, token, link, page):
    """Says what follows, then takes her authorisation back."""
    if request.method != "POST":
        return render(request, "portal/guardian/withdraw.html", {"token": token, "page": page})
    return _no(request, token, link, falls.withdraw_authorisation)


def _no(request, token, link, verb):
    guardian = link.guardian
    with refusals_told(request):
        verb(guardian.authorisation, guardian=guardian, link_number=link.number, actor="guardian")
        guardian_receipts.keep(request, link)
    return redirect("portal:guardian", token)


@with_page("may_ask_for_call")
def call(request, token, link, page):
    """She leaves a number; her link goes on working."""
    form = CallForm(request.POST if request.method == "POST" else None, initial={"phone": link.guardian.phone})
    if form.is_bound and form.is_valid():
        with refusals_told(request):
            answers.ask_for_call(link.guardian, link_number=link.number, phone=form.number)
            messages.success(request, _("C’est noté\u00a0: la coordination vous appelle. Votre lien sert toujours."))
        return redirect("portal:guardian", token)
    context = {"token": token, "page": page, "form": form}
    return render(request, "portal/guardian/call.html", context, status=422 if form.is_bound else 200)


# --- A new link ---------------------------------------------------------------------------------


@kept_apart
@require_http_methods(READ_OR_POST)
@with_link
def send_link(request, token, link):
    """A fresh link leaves for the address that we have, which is not shown."""
    if request.method == "POST":
        with refusals_told(request):
            guardians.send_link(link.guardian, actor="guardian")
            messages.success(request, _("Un nouveau lien part vers l’adresse que nous avons. Ouvrez le dernier reçu."))
    return redirect("portal:guardian", token)

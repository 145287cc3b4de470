"""« Vos accords »: what a person agreed to and when, and the agreements that are hers to give or to take back."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from applications.models import Application
from consents import queries, transitions
from consents.models import Consent, TextVersion
from lifecycle.doors import refusals_told

Key = TextVersion.Key


@dataclass(frozen=True)
class Agreement:
    """One text and where this person stands: `consent` is her agreement in force, `ended` the last one withdrawn."""

    current: TextVersion
    consent: Consent | None
    ended: Consent | None
    is_asked: bool
    """Whether no agreement of hers holds: none stands, or the text has changed and asks again."""

    @property
    def is_optional(self) -> bool:
        return self.current.key not in transitions.NEEDED

    @property
    def may_take_back(self) -> bool:
        return self.is_optional and self.consent is not None

    @property
    def may_give(self) -> bool:
        """What taking part rests on is first agreed to in the application; here, only again."""
        return self.is_asked and (self.is_optional or self.consent is not None)


@require_safe
def agreements(request):
    """Every text she agreed to, and the optional ones that concern her."""
    return render(request, "portal/agreements.html", {"agreements": _agreements(request.user)})


@require_POST
def agree(request, key):
    """Agree to the version that was on the page."""
    return agree_to(request, key, told=_("C’est noté : vous avez donné votre accord."), back="portal:agreements")


def agree_to(request, key, *, told: str, back: str):
    """Agree to the version that was on the page; when a newer one stands by now, she reads it first."""
    current = queries.current_texts().get(key)
    if current is None:
        raise Http404
    if request.POST.get("version") != str(current.number):
        messages.error(request, _("Ce texte vient de changer. Relisez-le avant de donner votre accord."))
        return redirect("portal:agreements")
    with refusals_told(request):
        transitions.agree(request.user, current, actor=request.user)
        messages.success(request, told)
    return redirect(back)


@require_POST
def take_back(request, key):
    """Withdraw one agreement."""
    if key not in Key.values:
        raise Http404
    with refusals_told(request):
        transitions.take_back(request.user, key, actor=request.user)
        messages.success(request, _("C’est noté : votre accord est retiré."))
    return redirect("portal:agreements")


def _agreements(person) -> list[Agreement]:
    """In the order of the texts (5 queries): hers, and those she may give. The next call concerns who has applied."""
    texts, standing, asked = queries.current_texts(), queries.standing(person), queries.keys_to_ask(person)
    ended = queries.withdrawn(person)
    hers = {*standing, Key.IMAGE}
    if Application.objects.filter(candidate=person).exists():
        hers.add(Key.NEXT_CALL)
    return [
        Agreement(texts[key], standing.get(key), ended.get(key), is_asked=key in asked)
        for key in Key.values
        if key in texts and key in hers
    ]

"""Keeping in touch for the next call: asked of whoever was not accepted, on « Mon espace »."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from applications.models import Application
from consents import queries
from consents.models import Consent, TextVersion
from portal.views.agreements import agree_to

KEY = TextVersion.Key.NEXT_CALL


@dataclass(frozen=True)
class KeepInTouch:
    """What stands under the answer of one file: the agreement given, or the text to agree to."""

    application: Application
    consent: Consent | None
    version: TextVersion | None


def keep_in_touch_after(application: Application | None) -> KeepInTouch | None:
    """Under the answer of a file that was not retained, if there is one (at most 3 queries)."""
    if application is None:
        return None
    person = application.candidate
    if queries.needs_asking(person, KEY):
        version = queries.current_texts().get(KEY)
        return KeepInTouch(application, None, version) if version else None
    return KeepInTouch(application, queries.standing(person)[KEY], None)


@require_POST
def keep_in_touch(request):
    """Agree to be told of the next call, and to one's file being kept until then; once is enough.

    When the text changed since the page was shown she reads the new one first.
    """
    told = _("C’est noté : nous vous écrirons à l’ouverture du prochain appel.")
    return agree_to(request, KEY, told=told, back="portal:home")

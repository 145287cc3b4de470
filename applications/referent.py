"""The referent's view of a file: where it stands, and not one answer. A signed link, without an account.

The link holds for the address that the candidate gave, as long as it is the one she gives: naming somebody else, or
nobody, in a new version ends it.
"""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from applications.models import Application
from notifications.models import Letter

_SALT = "applications.referent"


def follow_url(letter: Letter) -> str:
    """Absolute address of the page where the person this letter is for follows the file it is about."""
    token = signing.dumps([letter.about, letter.to.lower()], salt=_SALT)
    return settings.SITE_URL + reverse("applications:follow", args=[token])


def _followed(token: str) -> Application | None:
    """The file of such a link; None when it was not made here, or holds no longer."""
    try:
        about, email = signing.loads(token, salt=_SALT)
        pk = int(about.rpartition(":")[2])
    except (signing.BadSignature, ValueError):
        return None
    files = Application.objects.filter(pk=pk, referent_email=email).exclude(state=Application.State.DRAFT)
    return files.select_related("cohort", "candidate").first()


@login_not_required
@never_cache
@require_safe
def follow(request, token):
    """The state of the file, as its candidate knows it, and the next date."""
    application = _followed(token)
    context = {"application": application, "cohort": application and application.cohort}
    if application:
        context["state"] = application.shown_state
    return render(request, "applications/follow.html", context, status=200 if application else 404)

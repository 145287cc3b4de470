"""The page behind the link « ne plus recevoir de rappels »."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.signing import BadSignature
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from notifications import preferences
from notifications.links import read_stop_reminders

ONE_CLICK = "List-Unsubscribe"


@login_not_required
@csrf_exempt  # mail programs post here on their own (RFC 8058); the signed link is the proof
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reminders(request, token):
    """One button to stop reminders, or to take them back. Opening the page changes nothing: scanners do."""
    try:
        email = read_stop_reminders(token)
    except BadSignature:
        return render(request, "notifications/bad_link.html", status=404)
    if request.method != "POST":
        wants = preferences.wants_reminders(email)
        return render(request, "notifications/reminders.html", {"email": email, "wants": wants})
    if request.POST.get(ONE_CLICK) == "One-Click":
        preferences.stop_reminders(email, now=timezone.now())
        return HttpResponse(status=204)
    if request.POST.get("action") == "resume":
        preferences.take_reminders_back(email)
        messages.success(request, _("C’est noté : vous recevrez de nouveau nos rappels."))
    else:
        preferences.stop_reminders(email, now=timezone.now())
        messages.success(request, _("C’est noté : plus de rappels à cette adresse."))
    return redirect(request.path)

"""« Prévenez-moi »: the pages of somebody who leaves an address to be told of the next call. Open to anybody."""

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.core.signing import BadSignature
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cohorts import alert_links, alerts
from cohorts.forms import AlertForm

READ_OR_POST = ["GET", "HEAD", "POST"]


@login_not_required
@require_http_methods(READ_OR_POST)
def alert(request):
    """The form. What follows is the same for every address, known here or not."""
    form = AlertForm(request.POST if request.method == "POST" else None)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        if ratelimit.consume(request, action="call_alert"):
            alerts.ask(form.cleaned_data["email"], now=timezone.now())
            return redirect("cohorts:alert_asked")
        form.add_error(
            None,
            _(
                "Beaucoup d’adresses viennent d’être laissées depuis votre connexion. "
                "Patientez une heure, puis recommencez : celle que vous avez écrite est toujours là."
            ),
        )
        status = 429
    return render(request, "cohorts/alert.html", {"form": form}, status=status)


@login_not_required
@require_safe
def alert_asked(request):
    """« Regardez vos courriels »."""
    return render(request, "cohorts/alert_asked.html", {"days": alert_links.CONFIRM_WITHIN.days})


@login_not_required
@never_cache
@require_http_methods(READ_OR_POST)
def alert_confirm(request, token):
    """One button to say that the address is hers. Opening the page changes nothing: mail scanners open links."""
    try:
        found = alert_links.read(token, alert_links.CONFIRM)
    except BadSignature:
        found = None
    if found is None:
        return render(request, "cohorts/alert_gone.html", {"days": alert_links.CONFIRM_WITHIN.days}, status=404)
    if request.method == "POST":
        alerts.confirm(found, now=timezone.now())
        return redirect(request.path)
    context = {"alert": found, "forget_path": alert_links.forget_path(found)}
    if found.confirmed_at:
        context["kept_until"] = timezone.localdate(alerts.kept_until(found))
    return render(request, "cohorts/alert_confirm.html", context)


@login_not_required
@never_cache
@require_http_methods(READ_OR_POST)
def alert_forget(request, token):
    """One button to be told no longer; afterwards, and once told, the page says that nothing is kept."""
    try:
        found = alert_links.read(token, alert_links.FORGET)
    except BadSignature:
        return render(request, "cohorts/alert_gone.html", status=404)
    if request.method == "POST":
        if found:
            alerts.forget(found)
        return redirect(request.path)
    return render(request, "cohorts/alert_forget.html", {"alert": found})

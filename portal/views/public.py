"""The pages anyone may read."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

from cohorts import queries
from cohorts.models import Cohort, Partner
from portal.calls import calls_for


@login_not_required
@require_safe
def welcome(request):
    """What the programme is, which call is open until when, and how to come in."""
    calls = calls_for(request.user, timezone.now())
    context = {
        "calls": calls,
        "open_calls": [call for call in calls if call.is_open],
        "upcoming": next((call for call in calls if call.is_upcoming), None),
        "families": queries.trades_by_family(),
        "partners": Partner.objects.all(),
    }
    return render(request, "portal/welcome.html", context)


@login_not_required
@require_safe
def cohort(request, slug):
    """One cohort: for whom, when, what is asked, and the way in."""
    try:
        found = queries.by_slug(slug)
    except Cohort.DoesNotExist as error:
        raise Http404 from error
    [call] = calls_for(request.user, timezone.now(), [found])
    asked = {"documents": queries.documents_asked_of(found), "criteria": queries.criteria_of(found)}
    return render(request, "portal/cohort.html", {"call": call, "cohort": found, **asked})


def page(template):
    """A page of plain words."""
    return login_not_required(require_safe(TemplateView.as_view(template_name=template)))


become_mentor = page("portal/become_mentor.html")
faq = page("portal/faq.html")
contact = page("portal/contact.html")
legal = page("portal/legal.html")
privacy = page("portal/privacy.html")
accessibility = page("portal/accessibility.html")

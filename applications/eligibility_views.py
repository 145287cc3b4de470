"""Three questions before the form, open to anybody. Nothing that is said here is kept, not even in the session."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from applications import eligibility
from applications.forms.eligibility import EligibilityForm
from cohorts.models import Cohort


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def check(request, slug):
    """The questions, and their answer on the same page: posted, so that no birth date stands in an address or a log."""
    cohort, now = get_object_or_404(Cohort.objects.with_slug(slug)), timezone.now()
    form = EligibilityForm(request.POST if request.method == "POST" else None, cohort=cohort)
    context = {"cohort": cohort, "phase": cohort.phase(now), "form": form}
    if form.is_bound and form.is_valid():
        return render(request, "applications/eligibility_result.html", {**context, **_result(form, now)})
    return render(request, "applications/eligibility.html", context, status=422 if form.is_bound else 200)


def _result(form: EligibilityForm, now) -> dict:
    """What the answers mean for this cohort, and what else could fit."""
    cohort, answers = form.cohort, form.answers
    found = eligibility.reasons(cohort, answers)
    others = Cohort.objects.filter(closes_at__gt=now).exclude(pk=cohort.pk).order_by("starts_on")
    return {
        "is_eligible": not found,
        "why": eligibility.sentence(found[0], cohort, answers) if found else "",
        "also": [eligibility.brief(reason, cohort) for reason in found[1:]],
        "is_minor": eligibility.is_minor(cohort, answers),
        "others": [(other, other.phase(now)) for other in eligibility.fitting(others, answers)],
        "may_leave_address": eligibility.may_leave_address(answers, timezone.localdate(now)),
    }

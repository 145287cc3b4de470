"""The texts that people agree to, for anybody to read: the version that stands, and those before it."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from consents import queries


@login_not_required
@require_safe
def text(request, key, number=None):
    """One text: its current version, or the one of that number. What is not published is not there."""
    versions = queries.published(key)
    by_number = {version.number: version for version in versions}
    if not versions or number not in (None, *by_number):
        raise Http404
    current = versions[0]
    shown = current if number is None else by_number[number]
    context = {
        "version": shown,
        "current": current,
        "is_current": shown == current,
        "next": versions[versions.index(shown) - 1],
        "older": versions[1:],
    }
    return render(request, "consents/text.html", context)

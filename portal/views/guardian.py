"""The page of a minor's legal representative, who has no account: she reads, signs, refuses, asks to be called."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@login_not_required
@never_cache
@require_safe
def guardian(request, token):
    """What her link opens."""
    raise Http404

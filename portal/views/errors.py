"""The pages people see when something did not work.

400 and 500 are made without a request: whatever broke (the database, the session, a context
processor) must not break the page that says so.
"""

from django.http import HttpResponseBadRequest, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token


def bad_request(request, exception=None):
    return HttpResponseBadRequest(render_to_string("errors/400.html"))


@requires_csrf_token
def permission_denied(request, exception=None):
    return render(request, "errors/403.html", status=403)


def csrf_failure(request, reason=""):
    return render(request, "errors/csrf.html", status=403)


@requires_csrf_token
def page_not_found(request, exception=None):
    return render(request, "errors/404.html", status=404)


@requires_csrf_token
def too_many_requests(request):
    response = render(request, "errors/429.html", status=429)
    response["Retry-After"] = "60"
    return response


def server_error(request):
    return HttpResponseServerError(render_to_string("errors/500.html"))

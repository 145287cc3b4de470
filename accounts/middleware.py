"""Staff work with a second factor: the admin opens only to a session that has given it."""

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.http import urlencode
from django.utils.translation import gettext as _


class SharedComputerMiddleware:
    """Many of our young people write on a computer of a library or of a mission locale.

    Pages of a person who is signed in are kept by her browser alone, so that « Back » gives her back what she typed;
    signing out asks the browser to forget them all.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        was_signed_in = request.user.is_authenticated
        response = self.get_response(request)
        if was_signed_in and not request.user.is_authenticated:
            response.headers["Clear-Site-Data"] = '"cache"'
        elif was_signed_in and not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_cache=True)
        return response


class StaffSecondFactorMiddleware:
    """Leads staff from the admin to the page where a second factor is set up, or given.

    Having one is not enough: a session opened before, with a code by e-mail alone, has not given it.
    Signing out is always possible.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        user = request.user
        if not self._is_guarded(request) or not user.is_authenticated or not user.is_staff:
            return None
        if not is_mfa_enabled(user):
            messages.info(
                request,
                _("Pour entrer dans l’administration, ajoutez d’abord une seconde vérification à votre compte."),
            )
            return redirect("mfa_index")
        if not has_given_second_factor(request):
            return redirect(f"{reverse('mfa_reauthenticate')}?{urlencode({'next': _destination(request)})}")
        return None

    @staticmethod
    def _is_guarded(request) -> bool:
        return request.path.startswith(reverse("admin:index")) and request.path != reverse("admin:logout")


def has_given_second_factor(request) -> bool:
    """Whether this very session passed a second factor, at sign-in or since."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


def _destination(request) -> str:
    """Where to go on afterwards: what was asked for, or the first page when it was not a plain visit."""
    return request.get_full_path() if request.method == "GET" else reverse("admin:index")

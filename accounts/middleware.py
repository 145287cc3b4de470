"""Staff work with a second factor: without one they are led to set it up before anything in the admin."""

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _


class StaffSecondFactorMiddleware:
    """Sends staff who have no second factor from the admin to the page where they set one up."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        user = request.user
        in_admin = request.path.startswith(reverse("admin:index"))
        if in_admin and user.is_authenticated and user.is_staff and not is_mfa_enabled(user):
            messages.info(
                request,
                _("Pour entrer dans l’administration, ajoutez d’abord une seconde vérification à votre compte."),
            )
            return redirect("mfa_index")
        return None

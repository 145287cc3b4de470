"""The pages where we do more than allauth's own views (`accounts/urls.py` lists both)."""

from allauth.account.internal.flows.login import record_authentication
from allauth.account.views import LoginView
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView

from accounts.adapter import LetterNotSent


class SignInView(LoginView):
    """Asks for an address and sends a code to it."""

    def form_valid(self, form):
        try:
            return form.login(self.request, redirect_url=self.get_success_url())
        except LetterNotSent as refusal:
            form.add_error(None, refusal.sentence)
            return self.render_to_response(self.get_context_data(form=form), status=503)
        except ImmediateHttpResponse as refusal:
            return refusal.response


class _JustProved:
    """Adding a second factor proves it: the rescue codes that follow must not ask for it again at once.

    An app's code serves only once, so asking again would mean waiting for the next one.
    """

    def form_valid(self, form):
        response = super().form_valid(form)
        record_authentication(self.request, self.request.user, method="mfa", reauthenticated=True)
        return response


class ActivateAppView(_JustProved, ActivateTOTPView):
    """Links an authenticator app."""


class AddKeyView(_JustProved, AddWebAuthnView):
    """Adds a passkey."""

"""The sign-in page. Everything else about accounts is allauth's own views (`accounts/urls.py`)."""

from allauth.account.views import LoginView
from allauth.core.exceptions import ImmediateHttpResponse

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

"""The account pages: allauth's views that this portal needs, under French paths.

They are listed one by one instead of including `allauth.urls`, so that no page exists on which a
password could be set, asked for or guessed. The names are allauth's: its code reverses them.
"""

from allauth.account import views as account
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.generic import RedirectView, TemplateView

from accounts.views import ActivateAppView, AddKeyView, SignInView

# One page for those who have an account and those who do not: nobody learns which.
to_sign_in = login_not_required(RedirectView.as_view(pattern_name="account_login", query_string=True))
sign_in_by_key = login_not_required(TemplateView.as_view(template_name="account/login_by_key.html"))

urlpatterns = [
    path("connexion/", SignInView.as_view(), name="account_login"),
    path("connexion/code/", account.confirm_login_code, name="account_confirm_login_code"),
    path("connexion/cle/", sign_in_by_key, name="sign_in_by_key"),
    path("inscription/", to_sign_in, name="account_signup"),
    path("connexion/demande/", to_sign_in, name="account_request_login_code"),
    path("deconnexion/", account.logout, name="account_logout"),
    path("inactif/", account.account_inactive, name="account_inactive"),
    path("adresse/", account.email, name="account_email"),
    path("adresse/code/", account.email_verification_sent, name="account_email_verification_sent"),
    path("securite/totp/activate/", ActivateAppView.as_view(), name="mfa_activate_totp"),
    path("securite/webauthn/add/", AddKeyView.as_view(), name="mfa_add_webauthn"),
    path("securite/", include("allauth.mfa.urls")),
]

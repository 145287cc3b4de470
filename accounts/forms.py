"""The forms of the sign-in pages: one address, one code. Nobody has a password here."""

from allauth.account.forms import (
    AddEmailForm,
    ConfirmEmailVerificationCodeForm,
    ConfirmLoginCodeForm,
    LoginForm,
)
from allauth.account.models import EmailAddress
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext_lazy as _

from accounts.addresses import require_deliverable
from accounts.models import User


def _ask_for_an_address(field, label):
    field.label = label
    field.help_text = _("Par exemple : prenom.nom@exemple.fr")
    field.error_messages["required"] = _("Écrivez votre adresse e-mail.")
    field.error_messages["invalid"] = _("Cette adresse n’est pas complète. Exemple : prenom.nom@exemple.fr")
    field.widget.attrs.pop("placeholder", None)
    # The browser's own sentences are not ours, and do not reach a screen reader as well.
    field.widget.attrs.update(autocomplete="email", autocapitalize="none", spellcheck="false")
    field.validators.append(require_deliverable)


def _ask_for_a_code(field, label, help_text):
    field.label = label
    field.help_text = help_text
    field.error_messages["required"] = _("Écrivez le code.")
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update(inputmode="numeric", autocomplete="one-time-code", autocapitalize="none")


class SignInForm(LoginForm):
    """An address, known or not: the same page, the same letter, the same code for both.

    A newcomer's account is made here and is empty until the code proves that the address is hers, so
    that nothing on a page nor in a letter tells whether an address has an account.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _ask_for_an_address(self.fields["login"], _("Votre adresse e-mail"))

    def login(self, request, redirect_url=None):
        email = self.cleaned_data["login"]
        if self.user is None:
            self.user, _is_new = User.objects.get_or_create(email=email, defaults={"password": make_password(None)})
        # Whoever was invited or imported has no row of allauth's yet; the code will mark it verified.
        EmailAddress.objects.get_or_create(user=self.user, email=email, defaults={"primary": True})
        return super().login(request, redirect_url)


_LETTER_HELP = _("Huit chiffres.")
_APP_HELP = _("Six chiffres, dans votre application d’authentification ; ou un code de secours.")


class SignInCodeForm(ConfirmLoginCodeForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _ask_for_a_code(self.fields["code"], _("Code reçu par courriel"), _LETTER_HELP)


class AddressCodeForm(ConfirmEmailVerificationCodeForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _ask_for_a_code(self.fields["code"], _("Code reçu par courriel"), _LETTER_HELP)


class NewAddressForm(AddEmailForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _ask_for_an_address(self.fields["email"], _("Nouvelle adresse e-mail"))


class SecondFactorForm(AuthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _ask_for_a_code(self.fields["code"], _("Code de l’application"), _APP_HELP)


class SecondFactorAgainForm(ReauthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _ask_for_a_code(self.fields["code"], _("Code de l’application"), _APP_HELP)


class ActivateAppForm(ActivateTOTPForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        help_text = _("Six chiffres, affichés par l’application une fois le carré lu.")
        _ask_for_a_code(self.fields["code"], _("Code de l’application"), help_text)


def _ask_for_a_name(field):
    field.label = _("Nom de la clé")
    field.help_text = _("Pour la reconnaître plus tard : « téléphone », « ordinateur du bureau »…")


class AddKeyForm(AddWebAuthnForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _ask_for_a_name(self.fields["name"])
        self.fields["passwordless"].label = _("Entrer avec cette clé seule, sans code par courriel")
        self.fields["passwordless"].help_text = _("L’appareil demande alors votre empreinte, votre visage ou son code.")
        self.fields["passwordless"].initial = True


class RenameKeyForm(EditWebAuthnForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _ask_for_a_name(self.fields["name"])

"""How allauth signs people in here: letters in our own words and look, and a sentence when none can leave."""

import logging
import smtplib
from email.utils import formataddr, parseaddr

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as current
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from notifications import rendering

log = logging.getLogger(__name__)


class LetterNotSent(ImmediateHttpResponse):
    """A code could not leave: the mail server does not answer. Carries the page that says so.

    allauth's own views and its middleware answer with that page; the sign-in page catches it to
    keep what was typed.
    """

    sentence = _(
        "Notre service de courriel ne répond pas : le code n’est pas parti. Réessayez dans quelques minutes."
        " Si cela dure, écrivez-nous."
    )

    def __init__(self, request):
        super().__init__(render(request, "errors/letter_not_sent.html", {"sentence": self.sentence}, status=503))


class AccountAdapter(DefaultAccountAdapter):
    """Anyone may sign in with an address; who works for the programme is invited by a coordinator."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_code": _("Ce code n’est pas le bon. Recopiez le dernier code reçu, tous ses chiffres."),
        "too_many_login_attempts": _("Trop d’essais en peu de temps. Patientez quelques minutes, puis recommencez."),
        "rate_limited": _("Un code vient déjà de partir. Patientez un peu avant d’en demander un autre."),
        # Told only to who copied the code sent to that address.
        "email_taken": _("Cette adresse a déjà un compte. Déconnectez-vous, puis entrez avec elle."),
        "duplicate_email": _("C’est déjà l’adresse de votre compte."),
        "same_as_current": _("C’est déjà l’adresse de votre compte."),
    }

    def render_mail(self, template_prefix, email, context, headers=None):
        """The letter as text, and the same words in the wrapper that all letters share."""
        words = {**context, "site_url": settings.SITE_URL, "contact_email": settings.CONTACT_EMAIL}
        subject = render_to_string(f"{template_prefix}_subject.txt", words, using="letters").strip()
        body = render_to_string(f"{template_prefix}_message.txt", words, using="letters").strip() + "\n"
        mail = EmailMultiAlternatives(
            subject,
            body,
            formataddr(parseaddr(settings.DEFAULT_FROM_EMAIL)),
            [email],
            headers={"Auto-Submitted": "auto-generated", **(headers or {})},
        )
        mail.attach_alternative(rendering.to_html(subject, body), "text/html")
        return mail

    def send_mail(self, template_prefix, email, context):
        """Hand the letter to SMTP within the request; codes are never stored. Raises LetterNotSent."""
        try:
            super().send_mail(template_prefix, email, context)
        except (smtplib.SMTPException, OSError) as error:
            log.error("%s could not leave: %r", template_prefix, error)
            raise LetterNotSent(current.request) from error

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        """Tell someone that her account changed. The change stands even when the letter cannot leave."""
        try:
            super().send_notification_mail(template_prefix, user, context, email)
        except LetterNotSent:
            log.error("%s was not told to %s", template_prefix, user)

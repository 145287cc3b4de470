"""E-mail addresses that a letter can be sent to."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LONGEST = 254
"""Characters of an address (RFC 5321), once in small letters."""


def require_deliverable(address: str) -> None:
    """A validator of form fields, beside Django's own, which lets a few letters through that mail does not carry.

    « ſ », « ı », « İ » and the kelvin sign pass for their Latin twins when capitals do not count; what stands before
    the @ is plain ASCII, or no server takes it. In small letters « İ » is two characters, and counts as two.
    Raises ValidationError.
    """
    name, _at, _domain = address.rpartition("@")
    if not name.isascii() or len(address.lower()) > LONGEST:
        raise ValidationError(
            _("Cette adresse a un signe qu’un courriel ne sait pas porter. Exemple\u00a0: prenom.nom@exemple.fr."),
            code="undeliverable",
        )

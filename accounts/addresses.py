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


def mailbox(address: str) -> str:
    """Where a letter to this address ends up, as far as can be told: `lina+maman@x.fr` is `lina@x.fr`.

    What follows a `+` is a label (RFC 5233), and Gmail, where many have theirs, reads no dots. Good for telling that
    two addresses are one person's; never an address to write to.
    """
    name, _at, domain = address.lower().rpartition("@")
    name = name.partition("+")[0] or name
    if domain in ("gmail.com", "googlemail.com"):
        name, domain = name.replace(".", ""), "gmail.com"
    return f"{name}@{domain}"

"""Who can sign in to the demo, and the second factors of its staff. Never to be shown anywhere else."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt


@dataclass
class SecondFactor:
    """An authenticator application of the demo's staff, played by the page of letters. Several people may share it."""

    secret: str
    code: str
    next_code: str
    until: datetime
    emails: list[str] = field(default_factory=list)


def second_factors() -> list[SecondFactor]:
    """The current code of everyone who has an authenticator application, and the one that follows (1 query)."""
    rows = Authenticator.objects.filter(type=Authenticator.Type.TOTP).select_related("user").order_by("user__email")
    counter = int(time.time()) // app_settings.TOTP_PERIOD
    found: dict[str, SecondFactor] = {}
    for row in rows:
        secret = decrypt(row.data["secret"])
        if secret not in found:
            found[secret] = _second_factor(secret, counter)
        found[secret].emails.append(row.user.email)
    return list(found.values())


def _second_factor(secret: str, counter: int) -> SecondFactor:
    until = datetime.fromtimestamp((counter + 1) * app_settings.TOTP_PERIOD, tz=UTC)
    code, next_code = (format_hotp_value(hotp_value(secret, moment)) for moment in (counter, counter + 1))
    return SecondFactor(secret, code, next_code, until)


def sign_ins() -> list[tuple[str, str, str]]:
    """(role, address, note) of each."""
    from tests.scenarios import SIGN_INS

    return SIGN_INS

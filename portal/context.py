"""What every page may show."""

from django.conf import settings
from django.shortcuts import resolve_url

from cohorts.moments import NBSP


def programme(request):
    """Whom to write to, whom to call, and the address of « Mon espace », which no app below this one may name."""
    return {
        "contact_email": settings.CONTACT_EMAIL,
        "contact_phone": settings.CONTACT_PHONE.replace(" ", NBSP),
        "contact_phone_link": f"tel:{settings.CONTACT_PHONE.replace(' ', '')}",
        "home_url": resolve_url(settings.LOGIN_REDIRECT_URL),
    }

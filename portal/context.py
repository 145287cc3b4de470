"""What every page may show."""

from django.conf import settings


def programme(request):
    """Whom to write to, on every page."""
    return {"contact_email": settings.CONTACT_EMAIL}

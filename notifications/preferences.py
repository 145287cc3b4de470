"""Who wants reminders. An address is enough: the link in a letter works without an account."""

from django.db import transaction

from notifications.models import Preference


def wants_reminders(email: str) -> bool:
    return not Preference.objects.filter(email__iexact=email).exists()


def stop_reminders(email: str, *, now) -> None:
    """No more reminders to that address, from the next letter on. Asking twice changes nothing."""
    with transaction.atomic():
        Preference.objects.get_or_create(email=email.lower(), defaults={"since": now})


def take_reminders_back(email: str) -> None:
    """Reminders again."""
    Preference.objects.filter(email__iexact=email).delete()

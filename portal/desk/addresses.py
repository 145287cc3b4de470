"""Where the admin shows what the first page speaks of."""

from django.urls import NoReverseMatch, reverse


def list_url(app: str, model: str, **filters) -> str:
    """The address of a list in the admin, filtered; '' while no screen shows that list."""
    try:
        return reverse(f"admin:{app}_{model}_changelist", query=filters or None)
    except NoReverseMatch:
        return ""


def object_url(reference: str) -> str:
    """The admin's page of the object of a reference (`applications.application:12`); '' while it has none."""
    label, _separator, pk = reference.partition(":")
    try:
        return reverse(f"admin:{label.replace('.', '_')}_change", args=[pk])
    except NoReverseMatch:
        return ""

"""Which texts stand, who agreed to them, and whom to ask."""

from django.db.models import Exists, OuterRef

from consents.models import Consent, TextVersion


def current_texts() -> dict[str, TextVersion]:
    """By key, the version of each text that stands today: the last one published. One query."""
    return {version.key: version for version in TextVersion.objects.current()}


def standing(person) -> dict[str, Consent]:
    """By key, the agreement of this person that stands, to the latest version she agreed to. One query."""
    agreements = Consent.objects.standing().filter(person=person).select_related("version")
    return {consent.version.key: consent for consent in agreements.order_by("version__number")}


def needs_asking(person, key: str) -> bool:
    """Whether this person must be asked to agree to that text: see `keys_to_ask`."""
    return key in keys_to_ask(person)


def keys_to_ask(person) -> set[str]:
    """The texts to which no agreement of this person holds. One query.

    None stands, or a version published since then asks again, be it followed by others that do not.
    """
    newer = TextVersion.objects.filter(
        key=OuterRef("version__key"),
        number__gt=OuterRef("version__number"),
        asks_again=True,
        published_at__isnull=False,
    )
    holding = Consent.objects.standing().filter(~Exists(newer), person=person)
    return set(TextVersion.Key.values) - set(holding.values_list("version__key", flat=True))

"""Which texts stand, who agreed to them, and whom to ask."""

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from consents.models import Consent, Guardian, GuardianAuthorisation, TextVersion


def current_texts() -> dict[str, TextVersion]:
    """By key, the version of each text that stands today: the last one published. One query."""
    return {version.key: version for version in TextVersion.objects.current()}


def standing(person) -> dict[str, Consent]:
    """By key, the agreement of this person that stands, to the latest version she agreed to. One query."""
    agreements = Consent.objects.standing().filter(person=person).select_related("version")
    return {consent.version.key: consent for consent in agreements.order_by("version__number")}


def withdrawn(person) -> dict[str, Consent]:
    """By key, the last agreement of this person that no longer stands. One query."""
    agreements = Consent.objects.filter(person=person, withdrawn_at__isnull=False).select_related("version")
    return {consent.version.key: consent for consent in agreements.order_by("withdrawn_at", "id")}


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
    of_all = set(TextVersion.Key.values) - set(TextVersion.SIGNED_APART)
    return of_all - set(holding.values_list("version__key", flat=True))


def published(key: str) -> list[TextVersion]:
    """Every published version of a text, the current one first. One query."""
    return list(TextVersion.objects.filter(key=key, published_at__isnull=False).order_by("-number"))


def counted(versions: QuerySet) -> QuerySet:
    """Versions as staff read them: how many people agreed or signed (`agreed`), how many of those stand (`standing`),
    whether a published version follows (`is_replaced`), whether one is being written (`has_draft`).
    """
    others = TextVersion.objects.filter(key=OuterRef("key"))
    newer = others.filter(number__gt=OuterRef("number"), published_at__isnull=False)
    signed = Guardian.objects.filter(text_version=OuterRef("pk")).order_by().values("text_version")
    given = signed.filter(state=Guardian.State.GIVEN)
    signatures, standing = (Coalesce(Subquery(rows.values(count=Count("pk"))), 0) for rows in (signed, given))
    return versions.annotate(
        agreed=Count("consents__person", distinct=True) + signatures,
        standing=Count("consents", filter=Q(consents__withdrawn_at__isnull=True)) + standing,
        is_replaced=Exists(newer),
        has_draft=Exists(others.filter(published_at__isnull=True)),
    )


def agreed_before(version: TextVersion) -> int:
    """How many people stand by an older version of this text, agreed to or signed."""
    older = TextVersion.objects.filter(key=version.key, number__lt=version.number)
    agreed = Consent.objects.standing().filter(version__in=older).values("person").distinct()
    signed = Guardian.objects.filter(state=Guardian.State.GIVEN, text_version__in=older)
    return agreed.count() + signed.count()


# --- Authorisations -----------------------------------------------------------------------------


def is_given(person_id: int, scope: str) -> bool:
    """Whether the authorisation of this person's representatives stands for that scope. One query."""
    return GuardianAuthorisation.objects.given_for(scope).filter(person_id=person_id).exists()


def _asking_again():
    """Versions of the guardians' text, newer than the one signed, that ask for a signature again."""
    return TextVersion.objects.filter(
        key=TextVersion.Key.GUARDIAN,
        number__gt=OuterRef("text_version__number"),
        asks_again=True,
        published_at__isnull=False,
    )


def to_sign_anew() -> QuerySet[Guardian]:
    """Representatives whose signature stands, on a text of which a newer version asks again."""
    return Guardian.objects.filter(Exists(_asking_again()), state=Guardian.State.GIVEN)


def must_sign_anew(guardian: Guardian) -> bool:
    """Whether the text she signed has a newer version that asks again. One query."""
    return to_sign_anew().filter(pk=guardian.pk).exists()


def awaited() -> QuerySet[Guardian]:
    """Representatives of whom an answer is awaited, and who may be reminded: nobody said no, nobody follows by hand."""
    return Guardian.objects.filter(
        state=Guardian.State.REQUESTED,
        authorisation__state=GuardianAuthorisation.State.REQUESTED,
        authorisation__person__is_followed_by_hand=False,
    ).select_related("authorisation__person")

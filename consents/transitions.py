"""The verbs of an agreement to a text, and of a text's versions.

Those of an authorisation are in `guardians.py` and `answers.py`.
"""

from django.db import transaction
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from consents import queries
from consents.models import Consent, TextVersion
from lifecycle import journal
from lifecycle.moves import lock
from lifecycle.refusals import Refusal

NEEDED = frozenset({TextVersion.Key.RULES, TextVersion.Key.PRIVACY})
"""What taking part rests on: an agreement to these ends with the application, not alone."""

# --- Agreements ---------------------------------------------------------------------------------


@transaction.atomic
def agree(person, version: TextVersion, *, actor, now=None) -> Consent:
    """A person agrees to this version of a text; her agreement to an older one ends there.

    Nothing changes when she agreed to this version, or to a newer one, already: what stands is returned.
    Raises Refusal when the version is not published, or is signed elsewhere: by a legal representative
    (`answers.sign`), or by a mentor (`mentors.transitions`).
    """
    now = now or timezone.now()
    if version.published_at is None:
        raise Refusal(_("Ce texte n’est pas encore publié : personne ne peut l’accepter."))
    if version.key == TextVersion.Key.GUARDIAN:
        raise Refusal(_("Ce texte se signe par un·e représentant·e légal·e, avec son lien personnel."))
    if version.key == TextVersion.Key.CHARTER:
        raise Refusal(_("Cette charte se signe depuis l’espace des mentor·es."))
    _take_turn(person)
    known = queries.standing(person).get(version.key)
    if known and known.version.number >= version.number:
        return known
    if known:
        _close(person, version.key, now)
    consent = Consent.objects.create(person=person, version=version, given_at=now)
    journal.record("consent.given", person, actor=actor, now=now, detail=_named(version))
    return consent


@transaction.atomic
def take_back(person, key: str, *, actor, now=None) -> None:
    """A person withdraws her agreement to a text. What was done before stays lawful, so the row is kept, closed.

    Raises Refusal when none stands, or when taking part rests on this text.
    """
    now = now or timezone.now()
    if key in NEEDED:
        raise Refusal(
            _("Votre participation repose sur ce texte : pour ne plus l’accepter, retirez votre candidature.")
        )
    _take_turn(person)
    known = queries.standing(person).get(key)
    if known is None:
        raise Refusal(_("Vous n’aviez pas donné cet accord, ou vous l’avez déjà retiré."))
    _close(person, key, now)
    journal.record("consent.withdrawn", person, actor=actor, now=now, detail=_named(known.version))


def _take_turn(person) -> None:
    # The person's row is locked, and not read again into `person`, who may hold changes not saved yet.
    User.objects.select_for_update(of=("self",), no_key=True).only("pk").get(pk=person.pk)


def _close(person, key: str, now) -> None:
    agreements = Consent.objects.standing().filter(person=person, version__key=key)
    agreements.update(withdrawn_at=Greatest("given_at", now))


def _named(version: TextVersion) -> str:
    return f"{version.key} version {version.number}"


# --- Texts --------------------------------------------------------------------------------------


@transaction.atomic
def new_version(key: str, *, actor, now=None) -> TextVersion:
    """A coordinator prepares the next version of a text, from the words of the last one; or the draft there already."""
    last = TextVersion.objects.filter(key=key).order_by("-number").first()
    if last and last.published_at is None:
        return last
    number = last.number + 1 if last else 1
    words = {"title": last.title, "body": last.body} if last else {"title": TextVersion.Key(key).label}
    draft, is_new = TextVersion.objects.get_or_create(key=key, number=number, defaults=words)
    if is_new:
        journal.record("textversion.prepared", draft, actor=actor, now=now)
    return draft


@transaction.atomic
def write_text(version: TextVersion, *, title: str, body: str, asks_again: bool, actor, now=None) -> None:
    """A coordinator changes the words of a version that is not published yet, or whether it asks again.

    Raises Refusal when it was published: people agreed to those very words.
    """
    lock(version)
    if version.published_at:
        raise Refusal(_("Cette version est publiée : elle ne change plus. Préparez-en une nouvelle."))
    version.title, version.body, version.asks_again = title, body, asks_again
    version.save(update_fields=["title", "body", "asks_again"])
    journal.record("textversion.changed", version, actor=actor, now=now)


@transaction.atomic
def publish_text(version: TextVersion, *, actor, now=None) -> None:
    """A coordinator publishes a version: it stands from now on, and nobody can change it any more.

    Raises Refusal when it was published already.
    """
    now = now or timezone.now()
    lock(version)
    if version.published_at:
        raise Refusal(_("Cette version est déjà publiée."))
    version.published_at = now
    version.save(update_fields=["published_at"])
    journal.record("textversion.published", version, actor=actor, now=now)

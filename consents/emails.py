"""The letters about an authorisation: to a legal representative, to the young person, to the coordination.

A representative has no account: her letters go to the address that was given, hold her link, and nothing of the file.
"""

from datetime import UTC, datetime
from types import SimpleNamespace

from django.conf import settings
from django.db.models import Q
from django.shortcuts import resolve_url

from consents.first_texts import FIRST_TEXTS
from consents.first_texts import GUARDIAN as GUARDIAN_TEXT
from consents.links import VALID_FOR, guardian_url, key
from consents.models import Guardian, GuardianAuthorisation
from lifecycle import journal
from notifications import outbox
from notifications.kinds import Kind, register
from notifications.links import home_url
from notifications.models import Letter

_SAMPLE = {
    "guardian": SimpleNamespace(name="Samira Benali", relation="mère"),
    "first_name": "Lina",
    "title": "le mentorat de la promotion Automne 2027",
    "details": "",
    "state": "REQUESTED",
    "is_outing": False,
    "days": VALID_FOR.days,
    "home_url": "https://mentorat.example/mon-espace/",
    "desk_url": "https://mentorat.example/admin/",
}
"""What most of them know; the rest is given with the kind, as in `state`, that of the authorisation by then."""

_SIGNED = {
    "state": "GIVEN",
    "text": SimpleNamespace(title=FIRST_TEXTS["autorisation"][0], number=1, body=GUARDIAN_TEXT),
    "signed_on": datetime(2027, 9, 7, 16, 42, tzinfo=UTC),
}


def _to_guardian(name: str, title: str, when: str, *, has_link: bool = True, **sample) -> Kind:
    kind = Kind(
        f"consents.{name}",
        title,
        when,
        "la ou le représentant·e légal·e",
        True,
        {**_SAMPLE, **sample},
        links={"guardian": guardian_url} if has_link else {},
        is_for_account=False,
    )
    return register(kind)


def _to_person(name: str, title: str, when: str, **sample) -> Kind:
    return register(Kind(f"consents.{name}", title, when, "la personne candidate", True, {**_SAMPLE, **sample}))


def _to_staff(name: str, title: str, when: str, **sample) -> Kind:
    known = {**_SAMPLE, **sample}
    return register(Kind(f"consents.{name}", title, when, "la coordination", True, known, is_for_account=False))


REQUEST = _to_guardian(
    "guardian_request", "Autorisation demandée", "À l’envoi de la candidature d’une personne mineure."
)
REMINDER = _to_guardian("guardian_reminder", "Autorisation attendue", "Sans réponse, après 3 puis 7 jours.")
LINK = _to_guardian("guardian_link", "Nouveau lien personnel", "Quand la ou le représentant·e le demande.")
COPY = _to_guardian("guardian_copy", "Copie de l’autorisation", "Dès qu’elle est signée.", **_SIGNED)
REFUSAL = _to_guardian("guardian_refusal", "Refus noté", "Quand l’autorisation est refusée.", has_link=False)
WITHDRAWAL = _to_guardian(
    "guardian_withdrawal", "Retrait noté", "Quand l’autorisation est retirée.", has_link=False, state="GIVEN"
)
PAIRED = _to_guardian("guardian_paired", "Un·e mentor·e pour votre enfant", "Quand un binôme commence.", state="GIVEN")
NEW_TEXT = _to_guardian(
    "guardian_new_text", "Texte à signer de nouveau", "Quand une nouvelle version redemande l’accord.", state="GIVEN"
)
GIVEN = _to_person(
    "authorisation_given", "Autorisation reçue", "Quand un·e représentant·e légal·e a signé.", state="GIVEN"
)
STOPPED = _to_person(
    "authorisation_stopped", "Autorisation refusée ou retirée", "Dès que nous le savons.", state="REFUSED"
)
WAITING = _to_person("authorisation_waiting", "Autorisation encore attendue", "Sans réponse, après 3 puis 7 jours.")
ALERT = _to_staff("staff_alert", "Refus ou retrait, à traiter", "Dès que nous le savons.", state="REFUSED")
TO_CALL = _to_staff("staff_to_call", "Représentant·e à rappeler", "Quand un appel est demandé.")
OVERDUE = _to_staff("staff_overdue", "Autorisation sans réponse", "Après 14 jours sans réponse.")

_REMINDERS = (REMINDER.name, WAITING.name, OVERDUE.name)

# --- To a representative ------------------------------------------------------------------------


def request(guardian: Guardian, *, now) -> None:
    """Her link, for the first time or again."""
    _write(REQUEST, guardian, f"link:{guardian.links_sent}", now=now)


def fresh_link(guardian: Guardian, *, now) -> None:
    _write(LINK, guardian, f"link:{guardian.links_sent}", now=now)


def remind(guardian: Guardian, *, days: int, now) -> None:
    _write(REMINDER, guardian, f"reminder:{days}", now=now)


def has_link_since(guardian: Guardian, moment) -> bool:
    """Whether her link was written to her after that moment."""
    links = Letter.objects.about(journal.ref(guardian)).filter(kind__in=(REQUEST.name, LINK.name))
    return links.filter(created_at__gt=moment).exists()


def copy_of_signature(guardian: Guardian, *, now) -> None:
    _write(COPY, guardian, "copy", now=now, text=guardian.text_version, signed_on=now)


def acknowledge_refusal(guardian: Guardian, *, now) -> None:
    _write(REFUSAL, guardian, "refusal", now=now)


def acknowledge_withdrawal(guardian: Guardian, *, now) -> None:
    _write(WITHDRAWAL, guardian, "withdrawal", now=now)


def announce_pair(guardian: Guardian, *, fact: str, now) -> None:
    """Her child has a mentor: the page behind the link says who. `fact` names the pair."""
    _write(PAIRED, guardian, f"paired:{fact}", now=now)


def ask_new_signature(guardian: Guardian, *, number: int, now) -> None:
    """The text has a new version that asks again."""
    _write(NEW_TEXT, guardian, f"text:{number}", now=now)


def _write(kind: Kind, guardian: Guardian, fact: str, *, now, **context) -> None:
    known = {"guardian": guardian, "days": VALID_FOR.days, **_known(guardian.authorisation), **context}
    outbox.post(kind.name, to=guardian.email, key=key(guardian, fact), context=known, about=guardian, now=now)


# --- To the young person and to the coordination ------------------------------------------------


def tell_given(authorisation: GuardianAuthorisation, *, now) -> None:
    _tell(GIVEN, authorisation, _answered("given", now), now=now)


def tell_stopped(authorisation: GuardianAuthorisation, *, now) -> None:
    _tell(STOPPED, authorisation, _answered("stopped", now), now=now)


def tell_waiting(guardian: Guardian, *, days: int, now) -> None:
    """The young person learns that her representative has not answered yet."""
    _tell(WAITING, guardian.authorisation, _waited(guardian, days), now=now)


def alert_staff(authorisation: GuardianAuthorisation, *, now) -> None:
    _alert(ALERT, authorisation, _answered("alert", now), now=now)


def tell_staff_to_call(guardian: Guardian, *, now) -> None:
    _alert(TO_CALL, guardian.authorisation, _answered(f"call:{guardian.pk}", now), now=now)


def tell_overdue(guardian: Guardian, *, days: int, now) -> None:
    """Staff learn that nobody answered for so long."""
    _alert(OVERDUE, guardian.authorisation, _waited(guardian, days), now=now)


def _answered(what: str, now) -> str:
    """The fact is the answer of that moment: once settled, the same answer may be given anew."""
    return f"{what}:{now:%Y-%m-%dT%H:%M:%S}"


def _waited(guardian: Guardian, days: int) -> str:
    return f"waiting:{guardian.pk}:{guardian.link_number}:{days}"


def _tell(kind: Kind, authorisation, fact: str, *, now) -> None:
    _post(kind, authorisation, authorisation.person.email, fact, now=now)


def _alert(kind: Kind, authorisation, fact: str, *, now) -> None:
    _post(kind, authorisation, settings.CONTACT_EMAIL, fact, now=now)


def _post(kind: Kind, authorisation, to: str, fact: str, *, now) -> None:
    desk_url = settings.SITE_URL + resolve_url("admin:index")
    outbox.post(
        kind.name,
        to=to,
        key=f"authorisation:{authorisation.pk}:{fact}",
        context={**_known(authorisation), "desk_url": desk_url},
        about=authorisation,
        now=now,
    )


def _known(authorisation: GuardianAuthorisation) -> dict:
    return {
        "first_name": authorisation.person.first_name,
        "title": authorisation.title,
        "details": authorisation.details,
        "state": authorisation.state,
        "is_outing": authorisation.is_outing,
        "home_url": home_url(),
    }


# --- What is moot -------------------------------------------------------------------------------


def drop(guardian: Guardian) -> None:
    """Her address or her answer changed: what has not left yet would be wrong."""
    outbox.cancel(Letter.objects.about(journal.ref(guardian)))


def drop_reminders(authorisation: GuardianAuthorisation) -> None:
    """Nobody is waited for any more."""
    abouts = [authorisation, *authorisation.guardians.all()]
    waiting = Q(about__in=[journal.ref(thing) for thing in abouts], kind__in=_REMINDERS)
    outbox.cancel(Letter.objects.filter(waiting))

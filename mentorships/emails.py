"""The letters about a pair, one to each side."""

from datetime import datetime
from types import SimpleNamespace

from django.utils import timezone

from lifecycle import journal
from mentorships.models import Mentorship
from notifications import outbox
from notifications.kinds import Kind, register
from notifications.links import home_url
from notifications.models import Letter

_SAMPLE = {
    "mentee": SimpleNamespace(first_name="Inès"),
    "mentor": SimpleNamespace(first_name="Karim", get_full_name="Karim Benali"),
    "profile": SimpleNamespace(position="chef monteur", employer="Les Films du Canal"),
    "until": timezone.make_aware(datetime(2027, 4, 22, 14, 30)),
    "url": "https://mentorat.example/mon-espace/",
}


def _kind(name: str, title: str, when: str, recipient: str, reader: str = "mentee") -> Kind:
    sample = {**_SAMPLE, "person": _SAMPLE[reader]}
    return register(Kind(f"mentorships.{name}", title, when, recipient, sample=sample))


INTRODUCED_MENTEE = _kind(
    "introduced_mentee", "Voici qui serait votre mentor·e", "Quand un·e mentor·e accepte.", "la personne mentorée"
)
INTRODUCED_MENTOR = _kind(
    "introduced_mentor", "Merci d’avoir accepté", "Quand un·e mentor·e accepte.", "la ou le mentor", "mentor"
)
CONTACTS_MENTEE = _kind(
    "contacts_mentee", "Votre mentorat commence", "Quand les coordonnées sont échangées.", "la personne mentorée"
)
CONTACTS_MENTOR = _kind(
    "contacts_mentor", "Votre binôme commence", "Quand les coordonnées sont échangées.", "la ou le mentor", "mentor"
)
OBJECTED = _kind(
    "objected",
    "Nous cherchons quelqu’un d’autre",
    "Quand une personne préfère ne pas être accompagnée par cette ou ce mentor.",
    "la personne mentorée",
)
NOT_TO_BE = _kind(
    "not_to_be",
    "Ce binôme n’aura pas lieu",
    "Quand un binôme prend fin avant que les coordonnées soient échangées.",
    "la ou le mentor",
    "mentor",
)
PAUSED = _kind("paused", "Binôme en pause", "Quand un binôme est mis en pause.", "les deux membres du binôme")
RESUMED = _kind("resumed", "Binôme repris", "Quand un binôme en pause reprend.", "les deux membres du binôme")
ENDED_EARLY = _kind("ended_early", "Fin du binôme", "Quand un binôme est interrompu.", "les deux membres du binôme")
MENTOR_GONE = _kind(
    "mentor_gone", "Votre mentor·e s’arrête", "Quand un·e mentor·e quitte le programme.", "la personne mentorée"
)
COMPLETED = _kind("completed_mentee", "Fin du mentorat", "Quand la promotion s’achève.", "la personne mentorée")
COMPLETED_MENTOR = _kind(
    "completed_mentor", "Fin du mentorat, et merci", "Quand la promotion s’achève.", "la ou le mentor", "mentor"
)


def introduce(mentorship: Mentorship, *, now) -> None:
    _post(INTRODUCED_MENTEE, mentorship, mentorship.application.candidate, "introduced:mentee", now=now)
    _post(INTRODUCED_MENTOR, mentorship, mentorship.commitment.mentor.person, "introduced:mentor", now=now)


def exchange_contacts(mentorship: Mentorship, *, now) -> None:
    _post(CONTACTS_MENTEE, mentorship, mentorship.application.candidate, "contacts:mentee", now=now)
    _post(CONTACTS_MENTOR, mentorship, mentorship.commitment.mentor.person, "contacts:mentor", now=now)


def acknowledge_objection(mentorship: Mentorship, *, now) -> None:
    _post(OBJECTED, mentorship, mentorship.application.candidate, "objected", now=now)


def tell_not_to_be(mentorship: Mentorship, *, now) -> None:
    _post(NOT_TO_BE, mentorship, mentorship.commitment.mentor.person, "not_to_be", now=now)


def drop_introductions(mentorship: Mentorship) -> None:
    """What has not left of « here is who it would be » is moot once it will not be."""
    kinds = (INTRODUCED_MENTEE.name, INTRODUCED_MENTOR.name)
    outbox.cancel(Letter.objects.about(journal.ref(mentorship)).filter(kind__in=kinds))


def announce_pause(mentorship: Mentorship, *, now) -> None:
    _to_both(PAUSED, mentorship, f"paused:{now:%Y-%m-%dT%H:%M:%S}", now=now)


def announce_resumption(mentorship: Mentorship, *, now) -> None:
    _to_both(RESUMED, mentorship, f"resumed:{now:%Y-%m-%dT%H:%M:%S}", now=now)


def announce_early_end(mentorship: Mentorship, *, now) -> None:
    _to_both(ENDED_EARLY, mentorship, "ended_early", now=now)


def announce_mentor_gone(mentorship: Mentorship, *, now) -> None:
    _post(MENTOR_GONE, mentorship, mentorship.application.candidate, "mentor_gone", now=now)


def announce_completion(mentorship: Mentorship, *, now) -> None:
    _post(COMPLETED, mentorship, mentorship.application.candidate, "completed:mentee", now=now)
    _post(COMPLETED_MENTOR, mentorship, mentorship.commitment.mentor.person, "completed:mentor", now=now)


def _to_both(kind: Kind, mentorship: Mentorship, fact: str, *, now) -> None:
    _post(kind, mentorship, mentorship.application.candidate, f"{fact}:mentee", now=now)
    _post(kind, mentorship, mentorship.commitment.mentor.person, f"{fact}:mentor", now=now)


def _post(kind: Kind, mentorship: Mentorship, person, fact: str, *, now) -> None:
    profile = mentorship.commitment.mentor
    outbox.post(
        kind.name,
        to=person.email,
        key=f"mentorship:{mentorship.pk}:{fact}",
        context={
            "person": person,
            "mentee": mentorship.application.candidate,
            "mentor": profile.person,
            "profile": profile,
            "until": mentorship.objection_until,
            "url": home_url(),
        },
        about=mentorship,
        now=now,
    )

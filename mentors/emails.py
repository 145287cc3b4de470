"""The letters about becoming a mentor."""

from collections.abc import Iterable
from datetime import date, datetime, time
from types import SimpleNamespace

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from lifecycle import journal
from mentors.models import MentorProfile
from notifications import outbox
from notifications.kinds import Kind, register
from notifications.links import home_url
from notifications.models import Letter

_SAMPLE = {
    "person": SimpleNamespace(first_name="Karim"),
    "profile_url": "https://mentorat.example/mentor/profil/",
    "home_url": "https://mentorat.example/mon-espace/",
    "until": date(2027, 5, 24),
}


def _kind(name: str, title: str, when: str, *, essential: bool = True) -> Kind:
    return register(Kind(f"mentors.{name}", title, when, "la ou le mentor", essential, _SAMPLE))


INVITED = _kind("invited", "Invitation à devenir mentor·e", "Quand la coordination invite quelqu’un.")
APPROVED = _kind("approved", "Profil validé", "Quand la coordination valide un profil.")
DECLINED = _kind("declined", "Profil non retenu", "Quand la coordination ne retient pas un profil.")
LEFT = _kind("left", "Merci et au revoir", "Quand un·e mentor·e quitte le programme.")


RECEIVED = _kind("received", "Profil bien reçu", "Quand quelqu’un envoie son profil de mentor·e.")
HONORABILITY = _kind(
    "honorability",
    "Extrait de casier à montrer de nouveau",
    "45 et 15 jours avant la fin de validité, à qui accompagne des mineur·es.",
    essential=False,
)


def acknowledge_application(mentor: MentorProfile, *, now) -> None:
    _post(RECEIVED, mentor, "received", now=now)


def remind_honorability(mentor: MentorProfile, *, days: int, now) -> bool:
    """Once for each end of validity and each of the two moments; moot after the end."""
    until = mentor.honorability_valid_until
    moot = timezone.make_aware(datetime.combine(until, time(23, 59)))
    return _post(HONORABILITY, mentor, f"honorability:{until}:{days}", now=now, not_after=moot, until=until)


def drop_honorability_reminders(mentor: MentorProfile) -> None:
    """The extract was seen again: what has not left yet is moot."""
    outbox.cancel(Letter.objects.about(journal.ref(mentor)).filter(kind=HONORABILITY.name))


def invite(mentor: MentorProfile, *, now) -> None:
    _post(INVITED, mentor, "invited", now=now)


def invite_each(mentors: Iterable[MentorProfile], *, now) -> None:
    """The same letter to many, in one query."""
    letters = [(m.person.email, f"mentor:{m.pk}:invited", _context(m), m) for m in mentors]
    outbox.post_each(INVITED.name, letters, now=now)


def announce_approval(mentor: MentorProfile, *, now) -> None:
    _post(APPROVED, mentor, "approved", now=now)


def announce_refusal(mentor: MentorProfile, *, now) -> None:
    _post(DECLINED, mentor, "declined", now=now)


def say_goodbye(mentor: MentorProfile, *, now) -> None:
    _post(LEFT, mentor, "left", now=now)


def _post(kind: Kind, mentor: MentorProfile, fact: str, *, now, not_after=None, **context) -> bool:
    return outbox.post(
        kind.name,
        to=mentor.person.email,
        key=f"mentor:{mentor.pk}:{fact}",
        context=_context(mentor) | context,
        about=mentor,
        now=now,
        not_after=not_after,
    )


def _context(mentor: MentorProfile) -> dict:
    return {
        "person": mentor.person,
        "profile_url": settings.SITE_URL + reverse("mentors:profile"),
        "home_url": home_url(),
    }

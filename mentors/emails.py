"""The letters about becoming a mentor."""

from types import SimpleNamespace

from django.conf import settings
from django.urls import reverse

from mentors.models import MentorProfile
from notifications import outbox
from notifications.kinds import Kind, register
from notifications.links import home_url

_SAMPLE = {
    "person": SimpleNamespace(first_name="Karim"),
    "profile_url": "https://mentorat.example/mentor/profil/",
    "home_url": "https://mentorat.example/mon-espace/",
}


def _kind(name: str, title: str, when: str) -> Kind:
    return register(Kind(f"mentors.{name}", title, when, "la ou le mentor", sample=_SAMPLE))


INVITED = _kind("invited", "Invitation à devenir mentor·e", "Quand la coordination invite quelqu’un.")
APPROVED = _kind("approved", "Profil validé", "Quand la coordination valide un profil.")
DECLINED = _kind("declined", "Profil non retenu", "Quand la coordination ne retient pas un profil.")
LEFT = _kind("left", "Merci et au revoir", "Quand un·e mentor·e quitte le programme.")


def invite(mentor: MentorProfile, *, now) -> None:
    _post(INVITED, mentor, "invited", now=now)


def announce_approval(mentor: MentorProfile, *, now) -> None:
    _post(APPROVED, mentor, "approved", now=now)


def announce_refusal(mentor: MentorProfile, *, now) -> None:
    _post(DECLINED, mentor, "declined", now=now)


def say_goodbye(mentor: MentorProfile, *, now) -> None:
    _post(LEFT, mentor, "left", now=now)


def _post(kind: Kind, mentor: MentorProfile, fact: str, *, now) -> None:
    outbox.post(
        kind.name,
        to=mentor.person.email,
        key=f"mentor:{mentor.pk}:{fact}",
        context={
            "person": mentor.person,
            "profile_url": settings.SITE_URL + reverse("mentors:profile"),
            "home_url": home_url(),
        },
        about=mentor,
        now=now,
    )

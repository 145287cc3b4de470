"""The letters to the team about its accounts."""

from django.conf import settings
from django.shortcuts import resolve_url

from accounts.models import Grant, User
from accounts.roles import Role
from lifecycle.journal import ref
from lifecycle.wording import name_of
from notifications import outbox
from notifications.kinds import Kind, register

_SAMPLE = {
    "first_name": "Nadia",
    "role": "JURY",
    "role_name": "jury",
    "cohort": "Printemps 2027",
    "email": "nadia@example.org",
    "url": "https://mentorat.example/admin/",
}


def _kind(name: str, title: str, when: str) -> Kind:
    return register(Kind(f"accounts.{name}", title, when, "la personne de l’équipe", True, _SAMPLE))


ROLE_GRANTED = _kind("role_granted", "Bienvenue dans l’équipe", "Quand la coordination donne un rôle.")
ROLE_REVOKED = _kind("role_revoked", "Rôle retiré", "Quand la coordination retire un rôle.")
SECOND_FACTOR_RESET = _kind(
    "second_factor_reset",
    "Seconde vérification à refaire",
    "Quand la coordination remet une seconde vérification à zéro.",
)


def welcome_to_role(grant: Grant, *, now) -> None:
    _post(ROLE_GRANTED, grant.user, f"role_granted:{grant.pk}", now=now, **_role(grant))


def announce_revoked_role(grant: Grant, *, now) -> None:
    _post(ROLE_REVOKED, grant.user, f"role_revoked:{grant.pk}", now=now, **_role(grant))


def announce_reset(user: User, *, fact: str, now) -> None:
    _post(SECOND_FACTOR_RESET, user, fact, now=now)


def _role(grant: Grant) -> dict:
    cohort = name_of(grant.scope) if grant.scope else ""
    return {"role": grant.role, "role_name": Role(grant.role).label, "cohort": cohort}


def _post(kind: Kind, user: User, fact: str, *, now, **context) -> None:
    outbox.post(
        kind.name,
        to=user.email,
        key=f"user:{user.pk}:{fact}",
        context={
            "first_name": user.first_name,
            "email": user.email,
            "url": settings.SITE_URL + resolve_url("admin:index"),
            **context,
        },
        about=ref(user),
        now=now,
    )

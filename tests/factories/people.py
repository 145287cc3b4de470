"""People, and browsers in which they are signed in."""

import itertools

from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client, RequestFactory

from accounts.models import Grant, User
from accounts.regions import Region
from accounts.roles import EVERYWHERE, Role
from cohorts.models import Cohort
from lifecycle import journal
from tests.season.people import Person

TOTP_SECRET = "MENTORATDEMOMENTORATDEMOMENTORAT"
"""The second factor of every member of staff in tests and in the demo, and nowhere else."""

_number = itertools.count(1)


def make_user(first_name: str = "Camille", last_name: str = "Martin", *, age: int = 22, now=None, **fields) -> User:
    """A person who gave her name, birth date and region, and whose address is verified: she can sign in by code."""
    person = Person(first_name, last_name, age, Region.BRETAGNE)
    email = fields.pop("email", None) or f"personne{next(_number)}@example.org"
    known = {"region": person.region, "birth_date": person.birth_date(now), **fields}
    user = User.objects.create_user(email, first_name=first_name, last_name=last_name, **known)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def make_person(person: Person, *, now=None, **fields) -> User:
    """A member of the cast (see `tests.season.people`)."""
    return make_user(
        person.first_name,
        person.last_name,
        age=person.age,
        now=now,
        **{"region": person.region, "email": person.email, **fields},
    )


def make_coordinator(user: User | None = None) -> User:
    """A coordinator with a second factor."""
    return _with_role(user or make_user("Coordination"), Role.COORDINATOR, EVERYWHERE)


def make_reviewer(cohort: Cohort, user: User | None = None) -> User:
    """A member of that cohort's jury, with a second factor. Files are hers only once assigned (`make_reading`)."""
    return _with_role(user or make_user("Jury"), Role.JURY, journal.ref(cohort))


def _with_role(user: User, role: Role, scope: str) -> User:
    Grant.objects.create(user=user, role=role, scope=scope)
    user.__dict__.pop("held_roles", None)
    add_second_factor(user)
    return user


def add_second_factor(user: User) -> None:
    """The authenticator application of a member of staff; nothing when there is one."""
    if not Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
        TOTP.activate(user, TOTP_SECRET)


def sign_in(client: Client, user: User) -> Client:
    """Sign this person in, staff with the second factor given."""
    client.force_login(user)
    if Authenticator.objects.filter(user=user).exists():
        request = RequestFactory().get("/")
        request.session = client.session
        record_authentication(request, user, method="code", email=user.email)
        record_authentication(request, user, method="mfa", type="totp")
        request.session.save()
    return client


def staff_client(user: User) -> Client:
    """A browser in which this member of staff is signed in, and may enter the admin."""
    add_second_factor(user)
    return sign_in(Client(), user)

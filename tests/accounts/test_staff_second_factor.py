"""The admin opens to staff who gave a second factor in this very session, and to nobody else."""

import re
from urllib.parse import unquote, urlencode

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts import transitions
from accounts.roles import Role
from tests.factories import TOTP_SECRET, add_second_factor

pytestmark = pytest.mark.django_db

TEAM = "/admin/equipe/"
SIGN_IN = reverse("account_login")
CODE = re.compile(r"^[A-Z0-9-]{4,12}$", re.MULTILINE)
SET_UP, GIVE_FACTOR, GIVE_FACTOR_AGAIN = map(reverse, ("mfa_index", "mfa_authenticate", "mfa_reauthenticate"))


def code_now() -> str:
    return format_hotp_value(hotp_value(TOTP_SECRET, next(yield_hotp_counters_from_time())))


def signed_in_by_code(email: str, **query) -> tuple[Client, object]:
    """A browser that followed the real sign-in up to the code sent by e-mail, and the answer to it."""
    browser = Client()
    asked = browser.post(SIGN_IN, {"login": email, **query})
    code = CODE.search(mail.outbox[-1].body)[0]
    return browser, browser.post(asked.url, {"code": code, **query})


def test_a_stranger_to_the_admin_is_led_to_sign_in_and_back():
    browser = Client()
    for path in ("/admin/", TEAM, f"/admin/login/?{urlencode({'next': TEAM})}"):
        answer = browser.get(path, follow=True)
        asked = TEAM if "next" in path else path
        assert unquote(answer.redirect_chain[-1][0]) == f"{SIGN_IN}?next={asked}"


def test_who_is_not_staff_is_told_so(candidate, signed_in):
    browser = signed_in(candidate)
    assert browser.get("/admin/login/", follow=True).status_code == 403


def test_staff_with_a_second_factor_enter(coordinator, signed_in):
    browser = signed_in(coordinator)
    assert browser.get(TEAM).status_code == 200
    assert browser.get("/admin/login/").url == "/admin/"


@pytest.mark.parametrize("path", ["/admin/", TEAM, "/admin/login/", "/admin/jsi18n/", "/admin/nowhere/"])
def test_staff_without_a_second_factor_set_one_up(coordinator, signed_in, path):
    Authenticator.objects.all().delete()
    browser = signed_in(coordinator)

    assert browser.get(path).url == SET_UP
    assert browser.post(path).url == SET_UP


def test_signing_out_is_always_possible(coordinator, signed_in):
    Authenticator.objects.all().delete()
    browser = signed_in(coordinator)

    browser.post("/admin/logout/")

    assert "_auth_user_id" not in browser.session


def test_a_session_older_than_the_second_factor_gives_it_first(candidate, coordinator):
    """Inès signed in as a candidate; she is given a role and sets a second factor up on another machine."""
    old, answer = signed_in_by_code(candidate.email)
    assert answer.url == "/mon-espace/"
    transitions.grant_role(candidate, Role.COORDINATOR, actor=coordinator)
    add_second_factor(candidate)

    for path in ("/admin/", TEAM, "/admin/login/"):
        assert old.get(path).url == f"{GIVE_FACTOR_AGAIN}?{urlencode({'next': path})}"
    assert old.post(TEAM, {"email": "x@example.org", "role": "COORDINATOR"}).url.startswith(GIVE_FACTOR_AGAIN)

    wrong = old.post(f"{GIVE_FACTOR_AGAIN}?{urlencode({'next': TEAM})}", {"code": "000000"})
    assert wrong.status_code == 200
    assert old.get(TEAM).status_code == 302
    right = old.post(f"{GIVE_FACTOR_AGAIN}?{urlencode({'next': TEAM})}", {"code": code_now()})
    assert right.url == TEAM
    assert old.get(TEAM).status_code == 200


def test_a_code_alone_does_not_sign_staff_in(coordinator):
    browser, answer = signed_in_by_code(coordinator.email, next=TEAM)
    assert answer.url.startswith(GIVE_FACTOR)
    assert "_auth_user_id" not in browser.session

    entered = browser.post(answer.url, {"code": code_now()})

    assert entered.url == TEAM
    assert browser.get(TEAM).status_code == 200


def test_an_invited_person_enters_from_her_letter(coordinator, cohort):
    transitions.grant_role("nadia@example.org", Role.COORDINATOR, actor=coordinator)

    browser, answer = signed_in_by_code("nadia@example.org", next="/admin/")

    assert answer.url == "/admin/"
    assert browser.get("/admin/").url == SET_UP


def test_the_second_factor_of_another_does_not_count(coordinator, reviewer, signed_in):
    """The record in a session names whose it is: signing in as somebody else in it does not carry it over."""
    browser = signed_in(coordinator)
    session = browser.session
    session["account_authentication_methods_user"] = str(reviewer.pk)
    session.save()

    assert browser.get("/admin/").url.startswith(GIVE_FACTOR_AGAIN)

"""Roles are given and taken back by verbs: with a journal line, a letter, and sessions that end."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command

from accounts import transitions
from accounts.models import Grant, User
from accounts.roles import EVERYWHERE, Role
from lifecycle import journal
from lifecycle.models import JournalEntry
from lifecycle.refusals import Refusal
from notifications.models import Letter
from tests.factories import add_second_factor

pytestmark = pytest.mark.django_db


def story(target) -> list[tuple]:
    lines = JournalEntry.objects.about(journal.ref(target)).order_by("id")
    return list(lines.values_list("actor", "action", "source_state", "target_state", "detail"))


def letters(user) -> list[tuple]:
    return list(Letter.objects.about(journal.ref(user)).order_by("id").values_list("kind", "to"))


def again(user) -> User:
    return User.objects.get(pk=user.pk)


def test_a_role_opens_an_account_to_an_unknown_address(coordinator, cohort):
    scope = journal.ref(cohort)

    grant = transitions.grant_role(" Nadia@Example.org ", Role.JURY, scope, actor=coordinator)

    nadia = grant.user
    assert nadia.email == "nadia@example.org"
    assert nadia.has_usable_password() is False
    addresses = EmailAddress.objects.filter(user=nadia).values_list("email", "primary", "verified")
    assert list(addresses) == [("nadia@example.org", True, False)]
    assert again(nadia).held_roles == {(Role.JURY, scope)}
    assert story(nadia) == [(journal.ref(coordinator), "role.granted", "", "JURY", scope)]
    assert letters(nadia) == [("accounts.role_granted", "nadia@example.org")]
    assert f"promotion {cohort.name}" in Letter.objects.get(kind="accounts.role_granted").body


def test_a_role_goes_to_the_account_that_is_there(coordinator, stranger):
    transitions.grant_role(stranger.email.upper(), Role.COORDINATOR, actor=coordinator)

    assert User.objects.count() == 2
    assert again(stranger).is_coordinator is True


def test_a_role_goes_to_whoever_has_verified_that_address(coordinator, stranger):
    EmailAddress.objects.create(user=stranger, email="sami@studio.example", verified=True, primary=False)

    grant = transitions.grant_role("sami@studio.example", Role.COORDINATOR, actor=coordinator)

    assert grant.user == stranger


def test_the_same_role_is_not_given_twice(coordinator, stranger):
    transitions.grant_role(stranger, Role.COORDINATOR, actor=coordinator)

    with pytest.raises(Refusal) as refusal:
        transitions.grant_role(stranger, Role.COORDINATOR, actor=coordinator)

    assert refusal.value.sentence == "Cette personne a déjà ce rôle."
    assert len(story(stranger)) == 1
    assert len(letters(stranger)) == 1


def test_a_closed_account_gets_no_role(coordinator, stranger):
    User.objects.filter(pk=stranger.pk).update(is_active=False)

    with pytest.raises(Refusal):
        transitions.grant_role(stranger, Role.COORDINATOR, actor=coordinator)

    assert Grant.objects.filter(user=stranger).exists() is False


def test_a_role_taken_back_ends_sessions_and_is_told(coordinator, reviewer, signed_in):
    browser = signed_in(reviewer)
    assert browser.get("/admin/").status_code == 200

    transitions.revoke_role(reviewer.grants.get(), actor=coordinator)

    assert again(reviewer).is_staff is False
    assert browser.get("/admin/").url == "/admin/login/?next=/admin/"
    assert "_auth_user_id" not in browser.session
    assert story(reviewer)[-1][:3] == (journal.ref(coordinator), "role.revoked", "JURY")
    assert letters(reviewer) == [("accounts.role_revoked", reviewer.email)]


def test_a_role_is_taken_back_once(coordinator, reviewer):
    grant = reviewer.grants.get()
    transitions.revoke_role(Grant.objects.get(pk=grant.pk), actor=coordinator)

    with pytest.raises(Refusal) as refusal:
        transitions.revoke_role(grant, actor=coordinator)

    assert refusal.value.sentence == "Ce rôle a déjà été retiré."
    assert len(letters(reviewer)) == 1


def test_a_role_given_again_is_told_again(coordinator, stranger):
    grant = transitions.grant_role(stranger, Role.COORDINATOR, actor=coordinator)
    transitions.revoke_role(grant, actor=coordinator)
    transitions.grant_role(stranger, Role.COORDINATOR, actor=coordinator)

    assert [kind for kind, _to in letters(stranger)] == [
        "accounts.role_granted",
        "accounts.role_revoked",
        "accounts.role_granted",
    ]


def test_the_last_coordinator_stays(coordinator, stranger):
    second = transitions.grant_role(stranger, Role.COORDINATOR, actor=coordinator)
    transitions.revoke_role(second, actor=coordinator)

    with pytest.raises(Refusal):
        transitions.revoke_role(coordinator.grants.get(), actor=coordinator)

    assert again(coordinator).is_coordinator is True


def test_a_closed_account_does_not_count_as_a_coordinator(coordinator, stranger):
    transitions.grant_role(stranger, Role.COORDINATOR, actor=coordinator)
    User.objects.filter(pk=stranger.pk).update(is_active=False)

    with pytest.raises(Refusal):
        transitions.revoke_role(coordinator.grants.get(), actor=coordinator)


def test_a_second_factor_is_reset(coordinator, reviewer, signed_in):
    browser = signed_in(reviewer)

    transitions.reset_second_factor(reviewer, actor=coordinator)

    assert Authenticator.objects.filter(user=reviewer).exists() is False
    assert browser.get("/admin/").url == "/admin/login/?next=/admin/"
    assert story(reviewer) == [(journal.ref(coordinator), "user.second_factor_reset", "", "", "")]
    assert letters(reviewer) == [("accounts.second_factor_reset", reviewer.email)]


def test_each_reset_is_told(coordinator, reviewer):
    transitions.reset_second_factor(reviewer, actor=coordinator)
    with pytest.raises(Refusal):
        transitions.reset_second_factor(reviewer, actor=coordinator)
    add_second_factor(reviewer)
    transitions.reset_second_factor(reviewer, actor=coordinator)

    assert len(letters(reviewer)) == 2


def test_an_address_is_corrected(coordinator, candidate, signed_in):
    browser = signed_in(candidate)
    assert browser.get("/mon-espace/").status_code == 200
    old = candidate.email
    Letter.objects.create(key="waits", kind="applications.receipt", to=old, subject="…", body="…")

    transitions.correct_address(candidate, "Ines@Exemple.org", actor=coordinator)

    assert again(candidate).email == "ines@exemple.org"
    addresses = EmailAddress.objects.filter(user=candidate).values_list("email", "primary", "verified")
    assert list(addresses) == [("ines@exemple.org", True, False)]
    assert list(Letter.objects.values_list("key", "to")) == [("waits", "ines@exemple.org")]
    assert browser.get("/mon-espace/").status_code == 302
    assert story(candidate) == [(journal.ref(coordinator), "user.address_corrected", "", "", "")]


def test_a_letter_that_left_keeps_its_address(coordinator, candidate, now):
    old = candidate.email
    Letter.objects.create(
        key="left",
        kind="applications.receipt",
        to=old,
        subject="…",
        body="…",
        status="SENT",
        claimed_at=now,
        sent_at=now,
    )

    transitions.correct_address(candidate, "ines@exemple.org", actor=coordinator)

    assert Letter.objects.get().to == old


@pytest.mark.parametrize("taken", ["account", "verified"])
def test_an_address_that_is_somebody_else_s_is_refused(coordinator, candidate, stranger, taken):
    if taken == "verified":
        EmailAddress.objects.create(user=stranger, email="autre@exemple.org", verified=True, primary=False)
    address = stranger.email if taken == "account" else "autre@exemple.org"
    before = candidate.email

    with pytest.raises(Refusal) as refusal:
        transitions.correct_address(candidate, address, actor=coordinator)

    assert refusal.value.sentence == "Cette adresse a déjà un compte."
    assert again(candidate).email == before


def test_the_same_address_is_no_correction(coordinator, candidate):
    with pytest.raises(Refusal):
        transitions.correct_address(candidate, candidate.email.upper(), actor=coordinator)


def test_the_console_makes_the_first_coordinator(settings, capsys):
    call_command("create_coordinator", "Claire@Example.org")

    claire = User.objects.get()
    assert claire.held_roles == {(Role.COORDINATOR, EVERYWHERE)}
    assert story(claire) == [("console", "role.granted", "", "COORDINATOR", "")]
    assert f"{settings.SITE_URL}/admin/" in capsys.readouterr().out


def test_the_console_is_friendly_when_she_is_there(coordinator, capsys):
    call_command("create_coordinator", coordinator.email)

    assert "fait déjà partie de la coordination" in capsys.readouterr().out
    assert Grant.objects.count() == 1


def test_the_console_refuses_what_is_no_address():
    with pytest.raises(CommandError):
        call_command("create_coordinator", "claire")

    assert User.objects.count() == 0

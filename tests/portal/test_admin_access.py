"""Each of staff's own screens, as every kind of person: coordinators enter, nobody else."""

import pytest
from django.test import Client
from django.urls import reverse

from lifecycle import journal
from notifications.models import Letter

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter(coordinator):
    return Letter.objects.create(key="one", kind="applications.receipt", to="ines@example.org", subject="…", body="…")


def coordinators_pages(letter, person) -> list[str]:
    return [
        reverse("admin:team"),
        reverse("admin:team_revoke", args=[person.grants.get().pk]),
        reverse("admin:team_reset", args=[person.pk]),
        reverse("admin:accounts_user_changelist"),
        reverse("admin:accounts_user_change", args=[person.pk]),
        reverse("admin:accounts_user_correct_address", args=[person.pk]),
        reverse("admin:notifications_letter_changelist"),
        reverse("admin:notifications_letter_change", args=[letter.pk]),
        reverse("admin:notifications_letter_resend", args=[letter.pk]),
        reverse("admin:notifications_letter_settle", args=[letter.pk]),
        reverse("admin:notifications_letter_kinds"),
        reverse("admin:lifecycle_journalentry_changelist"),
    ]


def answers(browser, pages) -> set[int]:
    return {browser.get(page).status_code for page in pages}


def test_coordinators_enter_every_page(coordinator, letter, signed_in):
    assert answers(signed_in(coordinator), coordinators_pages(letter, coordinator)) == {200}


def test_the_jury_enters_none_of_them(coordinator, reviewer, letter, signed_in):
    browser = signed_in(reviewer)
    assert browser.get("/admin/").status_code == 200
    pages = coordinators_pages(letter, coordinator)
    assert answers(browser, pages) == {403}
    assert {browser.post(page).status_code for page in pages} <= {403, 405}
    assert coordinator.grants.count() == 1


@pytest.mark.parametrize("who", ["candidate", "mentor", "stranger"])
def test_others_are_turned_away(request, coordinator, letter, signed_in, who):
    browser = signed_in(request.getfixturevalue(who))
    for page in ["/admin/", *coordinators_pages(letter, coordinator)]:
        assert browser.get(page, follow=True).status_code == 403


def test_who_is_not_signed_in_signs_in_first(coordinator, letter):
    sign_in = reverse("account_login")
    for page in ["/admin/", *coordinators_pages(letter, coordinator)]:
        answer = Client().get(page, follow=True)
        assert answer.redirect_chain[-1][0].partition("?")[0] == sign_in


def test_what_signs_people_in_has_no_page(coordinator, signed_in):
    browser = signed_in(coordinator)
    for path in ("account/emailaddress/", "mfa/authenticator/", "auth/group/", "password_change/"):
        assert browser.get(f"/admin/{path}").status_code == 404


def test_nothing_is_added_edited_or_deleted_by_hand(coordinator, letter, signed_in):
    browser = signed_in(coordinator)
    for name in ("accounts_user", "notifications_letter"):
        pk = coordinator.pk if name == "accounts_user" else letter.pk
        assert browser.get(reverse(f"admin:{name}_add")).status_code == 403
        assert browser.post(reverse(f"admin:{name}_change", args=[pk]), {}).status_code == 405
        assert browser.post(reverse(f"admin:{name}_delete", args=[pk]), {"post": "yes"}).status_code == 403


def test_the_journal_has_nothing_but_its_list(coordinator, signed_in):
    entry = journal.record("role.granted", coordinator, actor=journal.CONSOLE)
    browser = signed_in(coordinator)
    for path in ("add/", f"{entry.pk}/change/", f"{entry.pk}/delete/"):
        assert browser.get(f"/admin/lifecycle/journalentry/{path}").status_code == 404


def test_a_page_that_is_not_there_is_404(coordinator, signed_in):
    browser = signed_in(coordinator)
    assert browser.get("/admin/notifications/letter/999999/change/").status_code == 404
    assert browser.get("/admin/accounts/user/nobody/change/").status_code == 404
    assert browser.get("/admin/notifications/letter/999999/relancer/").status_code == 404
    assert browser.get("/admin/equipe/999999/retirer/").status_code == 404


def test_forged_choices_of_rows_are_dropped(coordinator, letter, signed_in):
    browser, path = signed_in(coordinator), "/admin/notifications/letter/"
    chosen = {"action": "resend_selected", "_selected_action": letter.pk}
    assert browser.post(path, chosen).status_code == 200
    for forged in ("", "abc", "²", "9" * 5000):
        answer = browser.post(path, {**chosen, "_selected_action": forged})
        assert (answer.status_code, answer.url) == (302, path)


def test_a_filter_that_holds_nul_is_dropped(coordinator, letter, signed_in):
    browser = signed_in(coordinator)
    assert browser.get("/admin/notifications/letter/?kind=accounts.role_granted").status_code == 200
    for path in ("notifications/letter/?kind=%00", "accounts/user/?region__exact=%00", "cohorts/trade/?family=a%00"):
        answer = browser.get(f"/admin/{path}")
        assert (answer.status_code, answer.url) == (302, f"/admin/{path.partition('?')[0]}")


@pytest.mark.parametrize(
    "path",
    [
        "/admin/",
        "/admin/equipe/",
        "/admin/accounts/user/",
        "/admin/notifications/letter/",
        "/admin/notifications/letter/modeles/",
        "/admin/lifecycle/journalentry/",
    ],
)
def test_pages_hold_no_inline_style_or_script(coordinator, letter, signed_in, path):
    html = signed_in(coordinator).get(path).content.decode()
    assert html.count("<h1") == 1
    for forbidden in (" style=", "<style", "<script>", " onclick="):
        assert forbidden not in html

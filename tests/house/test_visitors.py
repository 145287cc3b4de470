"""Every address of the portal × every kind of visitor × reading and posting: nobody gets in where it is not hers."""

from dataclasses import dataclass

import pytest
from django.apps import apps
from django.db import transaction
from django.urls import URLResolver, get_resolver, reverse

from applications import minors
from applications.referent import follow_url
from cohorts import alert_links
from cohorts.models import Partner
from lifecycle import journal
from matching import season_links
from matching.models import NeverPaired
from notifications.links import stop_reminders_url
from notifications.models import Letter
from reviews.models import Decision, Release
from tests.guardians import page_path
from tests.house.conftest import VISITORS
from tests.house.pages import writes

SIGN_IN = {
    *("account_login", "account_confirm_login_code", "sign_in_by_key", "account_signup", "account_request_login_code"),
    *(
        "account_logout",
        "account_inactive",
        "account_email_verification_sent",
        "mfa_authenticate",
        "mfa_login_webauthn",
    ),
    *("admin:login", "admin:logout"),
}
"""The way in and out: open to anybody, and some of its steps lead back to the first."""

PUBLIC = SIGN_IN | {
    *(f"portal:{name}" for name in ("welcome", "cohort", "become_mentor", "faq", "contact", "legal", "privacy")),
    *("portal:accessibility", "portal:healthz", "notifications:reminders", "consents:text", "consents:version"),
    *(f"cohorts:{name}" for name in ("alert", "alert_asked", "alert_confirm", "alert_forget")),
    *("applications:eligibility", "applications:follow", "matching:season"),
    *("portal:lost_link", "portal:link_sent", "portal:guardian", "portal:guardian_sign", "portal:guardian_refuse"),
    *("portal:guardian_withdraw", "portal:guardian_call", "portal:guardian_send_link"),
    *("account_login", "account_confirm_login_code", "sign_in_by_key", "account_signup", "account_request_login_code"),
    *(
        "account_logout",
        "account_inactive",
        "account_email_verification_sent",
        "mfa_authenticate",
        "mfa_login_webauthn",
    ),
    *("mailbox", "admin:login", "admin:logout"),
}
"""Open to anybody; the mailbox only exists in the demo and in the tests."""

SECOND_FACTOR = {
    *("mfa_reauthenticate", "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_download_recovery_codes"),
    *("mfa_generate_recovery_codes", "mfa_reauthenticate_webauthn"),
}
"""Each person's own too, and 403 or 404 while she has no second factor."""

SIGNED_IN = SECOND_FACTOR | {
    *("portal:mentor_apply", "portal:agreements", "portal:agree", "portal:take_back", "portal:keep_in_touch"),
    *("portal:home", "portal:letters", "applications:start", "account_email", "matching:offers"),
    *("mfa_index", "mfa_activate_totp", "mfa_list_webauthn", "mfa_add_webauthn"),
}
"""Each person's own: whoever signs in sees hers."""

OWNER = {
    **{f"applications:{name}": "candidate" for name in ("detail", "tasks", "step", "check", "submit", "confirm")},
    **dict.fromkeys(("applications:take_back", "applications:drop_revision"), "candidate"),
    **dict.fromkeys(("applications:documents", "applications:remove_document"), "candidate"),
    **dict.fromkeys((f"portal:authorisation{act}" for act in ("", "_name", "_link", "_fix")), "minor"),
    **dict.fromkeys(
        ("portal:withdraw", "portal:mentor", "portal:mentor_suits", "portal:mentor_rather_not"), "candidate"
    ),
    "portal:letter": "candidate",
    **dict.fromkeys(("matching:offer", "matching:accept", "matching:decline", "matching:ask_call"), "mentor"),
    **dict.fromkeys(("matching:commit", "matching:pause", "matching:resume", "matching:leave"), "mentor"),
    **dict.fromkeys(("mentors:profile", "mentors:charter", "mentors:guide"), "mentor"),
}
"""One object of one person's: 404 for everybody else."""

pytestmark = pytest.mark.django_db

STAFF = {"reviewer", "coordinator"}
FOR_STAFF = {"admin:index", "admin:app_list", "admin:jsi18n"}
FOR_JURY = {
    *("admin:reviews_assignment_changelist", "admin:reviews_assignment_read", "admin:reviews_assignment_document"),
    *("admin:reviews_assignment_save", "admin:reviews_assignment_recuse", "admin:reviews_assignment_note"),
    "admin:reviews_readerprofile_changelist",
}
"""A jury member's reading: a coordinator reads a file on its own page."""
JOURNALED = {"applications:document", "admin:reviews_assignment_document", "admin:exports_download"}
"""Opening a document as staff is an access, and the journal says so: the one thing that a page read may write."""
NOWHERE = {
    *("admin:view_on_site", "admin:autocomplete"),
    *("mailbox_letter", "mailbox_letter_html", "mailbox_letter_file", "mfa_remove_webauthn", "mfa_edit_webauthn"),
}
"""Parts of the stock admin that lead nowhere here, and letters or keys that nobody has: 404 or refused, to all."""


@dataclass(frozen=True)
class Address:
    name: str
    path: str

    def is_open_to(self, visitor: str) -> bool:
        if self.name in PUBLIC:
            return True
        if self.name in SIGNED_IN:
            return visitor != "anonymous"
        if self.name in OWNER:
            return visitor == OWNER[self.name]
        if self.name in FOR_STAFF:
            return visitor in STAFF
        return visitor == ("reviewer" if self.name in FOR_JURY else "coordinator")


def patterns(resolver=None, namespace="", above=()):
    """(full name, holes to fill) of every pattern."""
    for pattern in (resolver or get_resolver()).url_patterns:
        holes = [*above, *pattern.pattern.regex.groupindex]
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from patterns(pattern, inner, holes)
        elif pattern.name:
            yield f"{namespace}{pattern.name}", holes


def last_part(url: str) -> str:
    return url.split("/")[-2]


def _to_referent(application) -> Letter:
    return Letter(about=journal.ref(application), to=application.referent_email)


def signatory(world):
    """Whom Lina named as her legal representative."""
    return world.minor.guardian_authorisations.earliest("pk").guardians.get()


def outing(world):
    """An authorisation asked of Lina's representative for an outing."""
    asked = minors.outings(world.minor_file).first()
    return asked or minors.ask_for_outing(world.minor_file, title="Un festival", details="…", actor=journal.CONSOLE)


def arguments(name: str, world) -> dict:
    """What fills the holes of an address, from the world of the tests."""
    special = {
        "portal:cohort": {"slug": world.open.slug},
        "portal:agree": {"key": "image"},
        "portal:take_back": {"key": "image"},
        "consents:text": {"key": "regles"},
        "consents:version": {"key": "regles", "number": 1},
        "portal:withdraw": {"reference": world.pair.application.reference},
        "portal:letter": {"pk": world.letter.pk},
        "cohorts:alert_confirm": {"token": last_part(alert_links.confirm_url(Letter(about=journal.ref(world.alert))))},
        "cohorts:alert_forget": {"token": last_part(alert_links.forget_url(Letter(about=journal.ref(world.alert))))},
        "applications:start": {"slug": world.open.slug},
        "applications:eligibility": {"slug": world.open.slug},
        "applications:follow": {"token": last_part(follow_url(_to_referent(world.to_read)))},
        "applications:step": {"reference": world.draft.reference, "step": "projet"},
        "matching:commit": {"slug": world.closed.slug},
        "matching:season": {"token": season_links.token(world.pair.commitment.mentor_id, world.closed.pk)},
        "notifications:reminders": {"token": last_part(stop_reminders_url("ines@example.org"))},
        **{
            f"admin:reviews_assignment_{act}": {"reference": world.to_read.reference}
            for act in ("read", "save", "recuse", "note")
        },
        "applications:document": {"token": world.document.token},
        "applications:remove_document": {"reference": world.draft.reference, "token": world.draft_document.token},
        "admin:reviews_assignment_document": {
            "reference": world.to_read.reference,
            "token": world.redacted.token,
        },
        "admin:applications_application_redact": {"object_id": world.to_read.pk, "token": world.document.token},
        "admin:applications_application_copy": {"object_id": world.to_read.pk, "number": 1},
        "admin:matching_run_allow": {"pair_id": NeverPaired.objects.latest("pk").pk},
        "admin:matching_run_pin": {"application_id": world.offer.application_id},
        "admin:matching_run_unpin": {"application_id": world.offer.application_id},
        "admin:mentors_mentorprofile_import_check": {"import_id": world.mentor_import.pk},
        "admin:mentors_mentorprofile_import_corrections": {"import_id": world.mentor_import.pk},
        "admin:cohorts_cohort_waiting_list_act": {"act": "clore"},
        "admin:cohorts_cohort_waiting_list_rank": {"reference": world.others[0].reference},
        "admin:reviews_selection_move": {"object_id": world.lists[0].pk, "reference": world.listed.reference},
        "admin:reviews_selection_return": {"object_id": world.lists[0].pk, "reference": world.listed.reference},
        "admin:reviews_release_take_out": {
            "release_id": Decision.objects.latest("pk").release_id,
            "decision_id": Decision.objects.latest("pk").pk,
        },
        "admin:reviews_readerprofile_person": {"person_id": world.reviewer.pk},
        "admin:reviews_jury_hand_on": {"person_id": world.reviewer.pk},
        "admin:reviews_jury_withdraw": {"reference": world.listed.reference, "person_id": world.reviewer.pk},
        "admin:view_on_site": {"content_type_id": "1", "object_id": "1"},
        "admin:app_list": {"app_label": "reviews"},
        "admin:team_revoke": {"pk": world.reviewer.grants.get().pk},
        "admin:team_reset": {"pk": world.reviewer.pk},
        "admin:exports_download": {"pk": world.export.pk},
    }
    if name in special:
        return special[name]
    if name.startswith("portal:mentor"):
        return {"reference": world.pair.application.reference}
    if name.startswith("portal:authorisation"):
        mother = {"pk": signatory(world).pk} if name.endswith(("_link", "_fix")) else {}
        return {"reference": world.minor_file.reference, **mother}
    if name.startswith("admin:applications_application_representants"):
        return {"object_id": world.minor_file.pk, "guardian_id": signatory(world).pk}
    if name.startswith("admin:applications_application_sorties"):
        return {"object_id": world.minor_file.pk, "outing_id": outing(world).pk}
    if name.startswith("portal:guardian"):
        return {"token": page_path(signatory(world)).split("/")[2]}
    if name.startswith("applications:"):
        return {"reference": world.draft.reference}
    if name in NOWHERE:
        return {"pk": 1} if name.startswith("mfa") else {"name": "nothing-there"}
    if name.startswith("matching:"):
        return {"pk": world.offer.pk}
    return {}


def addresses(world) -> list[Address]:
    """Every named address, filled in."""
    models = {f"{m._meta.app_label}_{m._meta.model_name}": m for m in apps.get_models()}
    found = []
    for name, holes in patterns():
        filled = arguments(name, world) if holes else {}
        if "release_id" in holes and not filled:
            filled = {"release_id": Release.objects.latest("pk").pk}
        if "cohort_id" in holes:
            filled = {**filled, "cohort_id": world.closed.pk}
        elif "object_id" in holes and not filled:
            label = "_".join(name.removeprefix("admin:").split("_")[:2])
            filled = {"object_id": models[label].objects.order_by("pk").first().pk}
        found.append(Address(name, reverse(name, kwargs=filled)))
    return found


class Undo(Exception):
    """Ends a transaction whose writes are not wanted."""


def ask(client, method: str, path: str):
    """The response, and whether posting wrote anything; whatever was written, or signed out, is undone."""
    response, wrote, cookies, before = None, False, client.cookies.output(), writes()
    try:
        with transaction.atomic():
            response = getattr(client, method)(path)
            if response.streaming:
                list(response.streaming_content)  # to its end: the file is closed
            wrote = writes() != before
            raise Undo
    except Undo:
        client.cookies.clear()
        client.cookies.load(cookies.replace("Set-Cookie: ", ""))
        return response, wrote


def is_refused(response) -> bool:
    """404 or 403, or led to the sign-in."""
    to_sign_in = response.status_code == 302 and response.url.startswith(
        (reverse("account_login"), reverse("admin:login"), reverse("account_request_login_code"))
    )
    # The stock admin leads to its first page where others answer 404.
    nothing_there = response.status_code == 302 and response.url == reverse("admin:index")
    return to_sign_in or nothing_there or response.status_code in (403, 404)


@pytest.mark.parametrize("visitor", VISITORS)
def test_every_address_by_every_visitor(visitor, world, browser_of):
    client, swept, wrong = browser_of(visitor), 0, []
    for address in addresses(world):
        for method in ("get", "post"):
            response, wrote = ask(client, method, address.path)
            swept += 1
            is_method_unknown = response.status_code == 405
            refused = is_refused(response) or is_method_unknown
            entered = not is_refused(response) and (response.status_code in (200, 302, 409, 422) or is_method_unknown)
            if address.name in NOWHERE:
                fine = not wrote and response.status_code < 500
            elif address.is_open_to(visitor):
                fine = entered or address.name in SIGN_IN | SECOND_FACTOR or is_never_there(address)
            else:
                fine = refused and not wrote
            if not fine or (method == "get" and wrote and address.name not in JOURNALED):
                where = response.headers.get("Location", "")
                wrong.append(f"{method} {address.name} {address.path}: {response.status_code} {where}")
    assert "\n".join(wrong) == ""
    assert swept > 250


def is_never_there(address: Address) -> bool:
    """Stock addresses of the admin that this portal closes to everybody: nothing is added or deleted by hand."""
    return address.name.startswith("admin:") and address.name.endswith(("_add", "_delete", "_history"))


def test_a_write_is_seen_even_when_it_is_undone(db):
    before = writes()
    undone = transaction.atomic()
    undone.__enter__()
    Partner.objects.create(name="Un partenaire de passage")
    undone.__exit__(Undo, Undo(), None)
    assert not Partner.objects.filter(name="Un partenaire de passage").exists()
    assert writes() > before


def test_the_table_names_only_addresses_that_exist():
    names = {name for name, _holes in patterns()}
    assert (PUBLIC | SIGNED_IN | set(OWNER) | FOR_STAFF | FOR_JURY | NOWHERE | JOURNALED) - names == set()

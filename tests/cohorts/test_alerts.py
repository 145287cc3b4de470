"""« Prévenez-moi »: an address, confirmed by its owner, told once, forgotten."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cohorts import alert_links, alerts, tasks
from cohorts.models import CallAlert, Cohort
from lifecycle.models import JournalEntry
from notifications import delivery
from notifications.models import Letter
from tests import factories

pytestmark = pytest.mark.django_db

EMAIL = "ines@example.org"
FORM = "/prevenez-moi/"
LINK = re.compile(r"https://mentorat\.example(/prevenez-moi/(confirmer|oublier)/\S+/)")


@pytest.fixture
def visitor():
    """A browser nobody signed in with, that checks forms as for real."""
    return Client()


def links_in(message) -> dict[str, str]:
    """« confirmer » and « oublier » → the paths in a letter that has left."""
    return {name: path for path, name in LINK.findall(message.body)}


def left_and_sent(email: str = EMAIL, now=None) -> dict[str, str]:
    """Somebody left this address, and the letter left: its links."""
    alerts.ask(email, now=now or timezone.now())
    assert delivery.send_due() == 1
    return links_in(mail.outbox[-1])


def make_confirmed(email: str = EMAIL, *, at) -> CallAlert:
    return CallAlert.objects.create(email=email, created_at=at, confirmed_at=at)


def kept() -> list[tuple[str, bool]]:
    """The addresses that are kept, and whether each is confirmed."""
    rows = CallAlert.objects.order_by("email")
    return [(alert.email, alert.confirmed_at is not None) for alert in rows]


def whole_database_without_codes() -> str:
    """Everything the tables of alerts, letters and the journal hold."""
    return str([list(model.objects.values()) for model in (CallAlert, Letter, JournalEntry)])


# --- Leaving an address -------------------------------------------------------------------------


def test_from_the_form_to_the_letter_that_says_the_call_is_open(visitor, now):
    """The whole way, and nothing of the address is left at its end."""
    cohort = factories.make_cohort("upcoming", now=now)
    answer = visitor.post(FORM, {"email": "Ines@Example.org"}, follow=True)
    assert answer.redirect_chain == [(reverse("cohorts:alert_asked"), 302)]
    assert "Regardez vos courriels" in answer.content.decode()
    assert kept() == [(EMAIL, False)]

    assert delivery.send_due() == 1
    assert mail.outbox[-1].to == [EMAIL]
    confirm = links_in(mail.outbox[-1])["confirmer"]
    assert "Oui, prévenez-moi" in visitor.get(confirm).content.decode()
    assert kept() == [(EMAIL, False)], "opening the link must change nothing: mail scanners do"
    assert "C’est noté" in visitor.post(confirm, follow=True).content.decode()
    assert kept() == [(EMAIL, True)]

    Cohort.objects.update(opens_at=timezone.now() + timedelta(seconds=1))
    assert alerts.tell(timezone.now()) == 0
    Cohort.objects.update(opens_at=timezone.now() - timedelta(microseconds=1))
    assert (tasks.tell_alerts(), tasks.tell_alerts()) == (1, 0)
    assert kept() == []
    assert delivery.send_due() == 1
    told = mail.outbox[-1]
    assert told.to == [EMAIL]
    assert f"https://mentorat.example/promotions/{cohort.slug}/" in told.body
    assert "ines@" not in whole_database_without_codes().lower()


@pytest.mark.parametrize("known", ["nothing", "unconfirmed", "confirmed"])
def test_the_page_is_the_same_whatever_is_known(visitor, now, known):
    if known != "nothing":
        CallAlert.objects.create(email=EMAIL, created_at=now, confirmed_at=now if known == "confirmed" else None)
    answer = visitor.post(FORM, {"email": EMAIL})
    assert (answer.status_code, answer.url) == (302, reverse("cohorts:alert_asked"))
    assert kept() == [(EMAIL, known == "confirmed")]
    assert Letter.objects.count() == 1


def test_one_letter_a_day_whoever_asks_and_however_it_is_written(now):
    noon = factories.paris(timezone.localdate(now), 12)
    for address in (EMAIL, "INES@example.org", EMAIL):
        alerts.ask(address, now=noon)
    assert (Letter.objects.count(), CallAlert.objects.count()) == (1, 1)
    alerts.ask("lina@example.org", now=noon)
    assert Letter.objects.count() == 2
    alerts.ask(EMAIL, now=noon + timedelta(days=1))
    assert (Letter.objects.count(), CallAlert.objects.count()) == (3, 2)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Écrivez votre adresse e-mail."),
        ("   ", "Écrivez votre adresse e-mail."),
        ("ines", "Cette adresse n’est pas complète."),
        ("ines@example.org, lina@example.org", "Cette adresse n’est pas complète."),
        ("ines@example.org\nBcc: lina@example.org", "Cette adresse n’est pas complète."),
        ("😀\u202e@x", "Cette adresse n’est pas complète."),
        ("i" * 10_000 + "@example.org", "Cette adresse est trop longue"),
    ],
)
def test_a_bad_address_is_told_next_to_the_box_and_kept(visitor, typed, sentence):
    answer = visitor.post(FORM, {"email": typed})
    page = answer.content.decode()
    assert (answer.status_code, page.count(sentence)) == (422, 2)
    assert answer.context["form"]["email"].value() == typed
    assert "Erreur\u00a0:" in page
    assert (CallAlert.objects.count(), Letter.objects.count()) == (0, 0)


def test_a_nul_byte_is_not_an_error_of_ours(visitor):
    assert visitor.post(FORM, {"email": "ines\x00@example.org"}).status_code == 422


def test_nobody_has_us_write_to_the_whole_world(visitor):
    for number in range(40):
        assert visitor.post(FORM, {"email": f"personne{number}@example.org"}).status_code == 302
    answer = visitor.post(FORM, {"email": EMAIL})
    assert answer.status_code == 429
    assert "Patientez une heure" in answer.content.decode()
    assert answer.context["form"]["email"].value() == EMAIL
    assert (CallAlert.objects.count(), Letter.objects.count()) == (40, 40)
    elsewhere = visitor.post(FORM, {"email": EMAIL}, REMOTE_ADDR="192.0.2.7")
    assert elsewhere.status_code == 302


def test_a_bad_address_costs_no_try(visitor):
    for _ in range(45):
        visitor.post(FORM, {"email": "ines"})
    assert visitor.post(FORM, {"email": EMAIL}).status_code == 302


def test_who_is_signed_in_finds_her_address_written(closed_cohort, candidate, signed_in):
    page = signed_in(candidate).get(reverse("portal:cohort", args=[closed_cohort.slug])).content.decode()
    assert f'value="{candidate.email}"' in page
    assert 'action="/prevenez-moi/"' in page


# --- The links ----------------------------------------------------------------------------------


def test_no_link_names_the_address_and_none_is_stored(now):
    alerts.ask(EMAIL, now=now)
    stored = Letter.objects.get().body
    assert ("[[lien:confirm]]" in stored, "[[lien:forget]]" in stored, "confirmer" in stored) == (True, True, False)
    delivery.send_due()
    assert sorted(links_in(mail.outbox[-1])) == ["confirmer", "oublier"]
    assert not any("ines" in path for path in links_in(mail.outbox[-1]).values())


def test_confirming_twice_keeps_the_first_moment(visitor):
    confirm = left_and_sent()["confirmer"]
    visitor.post(confirm)
    first = CallAlert.objects.get().confirmed_at
    visitor.post(confirm)
    assert CallAlert.objects.get().confirmed_at == first


def test_the_link_to_confirm_works_for_a_week(visitor):
    confirm = left_and_sent()["confirmer"]
    assert visitor.get(confirm).status_code == 200
    with time_machine.travel(timezone.now() + alert_links.CONFIRM_WITHIN + timedelta(minutes=1)):
        gone = visitor.post(confirm)
    assert gone.status_code == 404
    assert "Ce lien n’est plus valable" in gone.content.decode()
    assert kept() == [(EMAIL, False)]


@pytest.mark.parametrize("way", ["confirmer", "oublier"])
def test_a_link_that_was_not_made_here_is_refused(visitor, way):
    links = left_and_sent()
    assert visitor.get(links[way]).status_code == 200
    other = links["oublier" if way == "confirmer" else "confirmer"].split("/")[3]
    for token in (links[way].split("/")[3][:-1], "n-importe-quoi", other):
        refused = visitor.post(f"/prevenez-moi/{way}/{token}/")
        assert refused.status_code == 404
        assert "Ce lien n’est plus valable" in refused.content.decode()
    assert kept() == [(EMAIL, False)]


def test_no_longer_one_click_and_nothing_is_left(visitor, now):
    links = left_and_sent()
    visitor.post(links["confirmer"])
    alerts.ask(EMAIL, now=now + timedelta(days=1))  # a letter that has not left
    assert "Ne plus me prévenir" in visitor.get(links["oublier"]).content.decode()
    assert kept() == [(EMAIL, True)]

    after = visitor.post(links["oublier"], follow=True)

    assert "Votre adresse est effacée" in after.content.decode()
    assert EMAIL not in whole_database_without_codes()
    assert visitor.post(links["oublier"], follow=True).status_code == 200
    assert visitor.post(links["confirmer"]).status_code == 404
    assert delivery.send_due() == 0


def test_the_page_that_confirms_leads_to_the_one_that_forgets(visitor):
    confirm = left_and_sent()["confirmer"]
    for _ in ("before", "after"):
        forget = visitor.get(confirm).context["forget_path"]
        assert "Ne plus être prévenu·e" in visitor.get(forget).content.decode()
        visitor.post(confirm)


def test_pages_about_an_address_are_kept_by_no_browser(visitor):
    for path in left_and_sent().values():
        assert "no-store" in visitor.get(path)["Cache-Control"]


# --- The clock ----------------------------------------------------------------------------------


def test_only_who_waited_when_the_call_opened_is_told(cohort, now):
    make_confirmed("avant@example.org", at=cohort.opens_at - timedelta(seconds=1))
    make_confirmed("apres@example.org", at=cohort.opens_at)
    CallAlert.objects.create(email="jamais@example.org", created_at=cohort.opens_at - timedelta(days=1))

    assert alerts.tell(now) == 1

    assert list(Letter.objects.values_list("to", "kind")) == [("avant@example.org", "cohorts.call_open")]
    assert kept() == [("apres@example.org", True), ("jamais@example.org", False)]
    assert alerts.tell(now) == 0


def test_who_waits_for_the_next_call_is_told_when_it_opens(cohort, now):
    """Someone whom this call did not suit."""
    make_confirmed(at=now - timedelta(days=1))
    assert alerts.tell(now) == 0
    following = factories.make_cohort("upcoming", now=now)

    assert alerts.tell(following.opens_at) == 1

    letter = Letter.objects.get()
    assert f"/promotions/{following.slug}/" in letter.body
    assert letter.not_after == following.closes_at


def test_two_calls_that_are_open_are_told_in_one_letter(cohort, now):
    other = factories.make_cohort("open", now=now)
    make_confirmed(at=now - timedelta(days=100))

    assert alerts.tell(now) == 1

    body = Letter.objects.get().body
    assert [f"/promotions/{c.slug}/" in body for c in (cohort, other)] == [True, True]


def test_no_call_that_is_not_open_is_told(closed_cohort, now):
    factories.make_cohort("upcoming", now=now)
    make_confirmed(at=now - timedelta(days=300))
    assert alerts.tell(now) == 0
    assert kept() == [(EMAIL, True)]


def test_a_sweep_missed_catches_up_until_the_call_closes(cohort, now):
    make_confirmed(at=cohort.opens_at - timedelta(days=1))
    assert alerts.tell(cohort.closes_at) == 0
    assert alerts.tell(cohort.closes_at - timedelta(seconds=1)) == 1


def test_a_letter_and_the_end_of_a_row_are_one_transaction(cohort, now, monkeypatch):
    """What stops in the middle of a batch leaves all of it to the next sweep."""
    monkeypatch.setattr(alerts, "BATCH", 2)
    for number in range(5):
        make_confirmed(f"p{number}@example.org", at=cohort.opens_at - timedelta(days=1))
    count, announce = 0, alerts.emails.announce_calls

    def stop_at_the_fourth(*args, **options):
        nonlocal count
        count += 1
        if count == 4:
            raise KeyboardInterrupt
        announce(*args, **options)

    monkeypatch.setattr(alerts.emails, "announce_calls", stop_at_the_fourth)
    with pytest.raises(KeyboardInterrupt):
        alerts.tell(now)
    assert (Letter.objects.count(), CallAlert.objects.count()) == (2, 3)

    monkeypatch.setattr(alerts.emails, "announce_calls", announce)
    assert alerts.tell(now) == 3
    assert sorted(Letter.objects.values_list("to", flat=True)) == [f"p{n}@example.org" for n in range(5)]


def test_addresses_are_forgotten_in_time(now):
    """Seven days without a confirmation, a year without a call."""
    week, year, minute = alert_links.CONFIRM_WITHIN, alerts.KEPT_FOR, timedelta(minutes=1)
    for email, created_at in (("a@example.org", now - week - minute), ("b@example.org", now - week + minute)):
        CallAlert.objects.create(email=email, created_at=created_at)
    make_confirmed("c@example.org", at=now - year - minute)
    make_confirmed("d@example.org", at=now - year + minute)

    assert alerts.forget_old(now) == 2
    assert kept() == [("b@example.org", False), ("d@example.org", True)]
    assert (alerts.forget_old(now), tasks.forget_alerts()) == (0, 0)


def test_asking_again_gives_a_week_more_to_confirm_and_none_to_what_is_confirmed(now):
    CallAlert.objects.create(email="a@example.org", created_at=now - timedelta(days=6))
    make_confirmed("b@example.org", at=now - timedelta(days=300))
    for email in ("a@example.org", "b@example.org"):
        alerts.ask(email, now=now)
    assert dict(CallAlert.objects.values_list("email", "created_at")) == {
        "a@example.org": now,
        "b@example.org": now - timedelta(days=300),
    }


def test_the_page_says_until_when(visitor):
    confirm = left_and_sent()["confirmer"]
    visitor.post(confirm)
    until = visitor.get(confirm).context["kept_until"]
    assert until == timezone.localdate() + timedelta(days=365)

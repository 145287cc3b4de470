"""The links of legal representatives: forged, expired, used, replaced, another person's, opened by a scanner, lost."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.signing import dumps
from django.db import connection
from django.test import Client
from django.utils import timezone

from consents import guardians
from consents.models import Guardian, GuardianAuthorisation
from notifications import delivery
from notifications.models import Letter
from portal.views import lost_link
from tests import factories
from tests.guardians import asked, page_path, sign
from tests.house.pages import writes
from tests.portal.guardian import answer, buttons, guardian_of, heading, signature
from tests.portal.reading import text_of

pytestmark = pytest.mark.django_db

State = GuardianAuthorisation.State
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
LOST = "/autorisation/"
VERBS = ("signer", "refuser", "retirer", "appel", "nouveau-lien")
TYPED = {"name": "Samira Benali", "relation": "mère", "agrees": "on", "version": "1", "phone": "06 12 34 56 78"}


@pytest.fixture
def sent(closed_cohort, minor):
    """Lina has sent her file; her mother was asked a day ago."""
    application = factories.make_sent(closed_cohort, minor)
    assert guardian_of(application).links_sent == 1
    return application


def rows() -> dict[str, list]:
    """Every row of every table that may tell something, sessions and rate limits apart."""
    tables = [t for t in connection.introspection.table_names() if t not in {"django_session", "portal_cache"}]
    found = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT t::text FROM {connection.ops.quote_name(table)} t ORDER BY 1")
            found[table] = cursor.fetchall()
    return found


def leaks(response, application) -> list[str]:
    """What the page tells of somebody."""
    secrets = [
        *(application.candidate.first_name, application.candidate.last_name, application.reference),
        *(application.candidate.email, application.project[:20], str(application.cohort)),
        *(Guardian.objects.values_list("email", flat=True)),
        *(Guardian.objects.values_list("name", flat=True)),
    ]
    return [secret for secret in secrets if secret in response.content.decode()]


def links_left() -> list[str]:
    """To whom links wait to leave."""
    sent = Letter.objects.filter(kind__in=["consents.guardian_request", "consents.guardian_link"], status="QUEUED")
    return list(sent.order_by("id").values_list("to", flat=True))


def later(days: float = 1):
    return time_machine.travel(timezone.now() + days * DAY, tick=False)


# --- Opened, and nothing else -------------------------------------------------------------------


def test_a_scanner_opens_every_page_twice_and_nothing_changes(sent):
    """GET and HEAD, of the page and of each verb, before and after she has signed."""
    for prepare in (lambda: None, lambda: sign(guardian_of(sent))):
        prepare()
        path, before, count = page_path(guardian_of(sent)), rows(), writes()
        for _again in range(2):
            for verb in ("", *(f"{verb}/" for verb in VERBS)):
                scanner = Client()
                scanner.get(path + verb)
                scanner.head(path + verb)
        assert (writes() - count, rows()) == (0, before)
    assert guardian_of(sent).state == State.GIVEN  # by hand


def test_the_verbs_lead_back_to_the_page_when_they_are_opened(client, sent):
    path = page_path(guardian_of(sent))
    statuses = {verb: client.get(f"{path}{verb}/").status_code for verb in VERBS}
    assert statuses == {"signer": 302, "refuser": 200, "retirer": 302, "appel": 200, "nouveau-lien": 302}


# --- Forged -------------------------------------------------------------------------------------


def forged(guardian: Guardian) -> list[str]:
    token = page_path(guardian).split("/")[2]
    about = f"consents.guardian:{guardian.pk}"
    return [
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        token[1:],
        token[: len(token) // 2],
        "abc",
        "é:à:ç",
        dumps([about, "1"]),
        dumps([about, "1"], salt="applications.referent"),
        dumps([about, "1"], salt="consents.guardian", key="autre-clef"),
        dumps([f"accounts.user:{guardian.pk}x", "1"], salt="consents.guardian"),
    ]


@pytest.mark.parametrize("index", range(9))
def test_a_forged_link_opens_nothing(client, sent, index):
    token = forged(guardian_of(sent))[index]
    before = rows()
    page = client.get(f"/autorisation/{token}/")
    assert (page.status_code, heading(page), leaks(page, sent)) == (404, "Ce lien ne mène à rien", [])
    assert buttons(page) == ["Recevoir un nouveau lien"]
    assert [client.post(f"/autorisation/{token}/{verb}/", TYPED).status_code for verb in VERBS] == [404] * 5
    assert rows() == before


def test_the_link_of_a_representative_who_is_asked_no_more_opens_nothing(client, sent):
    path = page_path(guardian_of(sent))
    Guardian.objects.all().delete()
    assert (client.get(path).status_code, client.post(f"{path}signer/", TYPED).status_code) == (404, 404)


# --- Expired, used, replaced --------------------------------------------------------------------


def kept_dead(client, path: str, application) -> None:
    """A dead link shows nothing of anybody, and answers nothing."""
    page, before = client.get(path), rows()
    assert (page.status_code, heading(page)) == (410, "Ce lien ne sert plus")
    assert (leaks(page, application), buttons(page)) == ([], ["Recevoir un nouveau lien"])
    for verb in ("signer", "refuser", "retirer", "appel"):
        assert client.get(f"{path}{verb}/").url == path
        told = client.post(f"{path}{verb}/", TYPED, follow=True)
        assert (heading(told), leaks(told, application)) == ("Ce lien ne sert plus", [])
        assert "Votre réponse n’est pas enregistrée : ce lien ne sert plus." in text_of(told)
    assert rows() == before


def test_an_expired_link_is_dead(client, sent):
    path = page_path(guardian_of(sent))
    with later(29.9):
        assert client.get(path).status_code == 200
    with later(30.1):
        kept_dead(client, path, sent)


@pytest.mark.parametrize("verb", ["signer", "refuser"])
def test_a_used_link_is_dead_for_everybody_else(sent, verb):
    path = page_path(guardian_of(sent))
    answer(Client(), guardian_of(sent), verb, signature())
    kept_dead(Client(), path, sent)


def test_a_link_used_to_withdraw_is_dead(sent):
    sign(guardian_of(sent))
    path = page_path(guardian_of(sent))
    answer(Client(), guardian_of(sent), "retirer")
    kept_dead(Client(), path, sent)


def test_the_link_to_an_address_that_was_corrected_is_dead(client, sent):
    path = page_path(guardian_of(sent))
    with later():
        guardians.correct_address(guardian_of(sent), "s.benali@example.org", actor=sent.candidate)
        kept_dead(client, path, sent)


def test_another_persons_link_answers_for_her_alone(client, sent, closed_cohort):
    """Changed by hand in the address of a form, it is still her own authorisation that it answers."""
    other = factories.make_sent(closed_cohort, factories.make_user("Noé", "Petit", age=16))
    page = client.get(page_path(guardian_of(other)))
    assert (heading(page), leaks(page, sent)) == ("Noé a besoin de votre accord", [str(sent.cohort)])
    answer(client, guardian_of(other), "signer", signature())
    assert (guardian_of(other).state, guardian_of(sent).state) == (State.GIVEN, State.REQUESTED)


# --- Two tabs -----------------------------------------------------------------------------------


@pytest.mark.parametrize("second", ["signer", "refuser", "retirer"])
def test_of_two_tabs_one_answers_and_the_other_reads_a_sentence(client, sent, second):
    mother, path = guardian_of(sent), page_path(guardian_of(sent))
    answer(client, mother, "signer", signature())
    again = answer(client, mother, second, signature(name="Autre Nom"), path=path)
    assert (heading(again), guardian_of(sent).name) == ("Merci, c’est signé", "Samira Benali")
    assert "Votre réponse était déjà enregistrée : elle compte une fois." in text_of(again)
    assert guardian_of(sent).state == State.GIVEN


@pytest.mark.parametrize(("first", "then"), [("refuser", "signer"), ("signer", "refuser"), ("signer", "signer")])
def test_a_second_link_that_is_live_answers_what_is_still_possible(client, sent, first, then):
    answer(client, guardian_of(sent), first, signature())
    state = guardian_of(sent).state
    told = answer(client, guardian_of(sent), then, signature())
    assert "Cette réponse n’est plus possible." in text_of(told)
    assert guardian_of(sent).state == state


def test_what_was_not_given_is_not_taken_back(client, sent):
    told = answer(client, guardian_of(sent), "retirer")
    assert ("Cette réponse n’est plus possible." in text_of(told), guardian_of(sent).state) == (True, State.REQUESTED)


# --- A new link ---------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["signer", "refuser"])
def test_a_used_link_brings_a_new_one_to_the_address_we_have(sent, verb):
    path = page_path(guardian_of(sent))
    answer(Client(), guardian_of(sent), verb, signature())
    with later():
        told = Client().post(f"{path}nouveau-lien/", follow=True)
        assert ("Un nouveau lien part" in text_of(told), leaks(told, sent)) == (True, [])
        again = Client().post(f"{path}nouveau-lien/", follow=True)
        assert "laissez-lui deux minutes" in text_of(again)
    letter = Letter.objects.filter(kind="consents.guardian_link").get()
    assert letter.to == guardian_of(sent).email
    fresh = re.search(r"https://mentorat\.example(/autorisation/\S+)", delivery.message(letter).body)[1]
    assert Client().get(fresh).status_code == 200


def test_who_holds_the_link_to_a_wrong_address_makes_it_leave_for_the_right_one(sent):
    path = page_path(guardian_of(sent))
    with later():
        guardians.correct_address(guardian_of(sent), "s.benali@example.org", actor=sent.candidate)
    with later(2):
        Client().post(f"{path}nouveau-lien/")
    assert links_left() == ["s.benali@example.org"] * 2


# --- Lost ---------------------------------------------------------------------------------------


@pytest.fixture
def at_once(monkeypatch):
    """Without the time that every answer takes."""
    monkeypatch.setattr(lost_link, "TAKES", 0)


def test_who_lost_everything_types_her_address(client, sent, at_once):
    before = links_left()
    with later():
        done = client.post(LOST, {"email": guardian_of(sent).email.upper()}, follow=True)
    assert heading(done) == "Regardez vos courriels"
    assert links_left() == [*before, guardian_of(sent).email]


def test_an_unknown_address_reads_the_same(client, sent, at_once):
    with later():
        known = client.post(LOST, {"email": guardian_of(sent).email})
        sent_once = links_left()
        unknown = client.post(LOST, {"email": "personne@example.net"})
        too_soon = client.post(LOST, {"email": guardian_of(sent).email})
    assert {(answer.status_code, answer.url) for answer in (known, unknown, too_soon)} == {
        (302, "/autorisation/courriel/")
    }
    assert [answer.content for answer in (known, unknown)] == [b"", b""]
    assert links_left() == sent_once


def test_a_link_leaves_for_each_authorisation_still_of_use(client, sent, closed_cohort, at_once):
    email = guardian_of(sent).email
    over = factories.make_sent(closed_cohort, factories.make_user("Noé", age=16), guardian_email=email)
    type(over).objects.filter(pk=over.pk).update(state="WITHDRAWN")
    asked(sent.candidate, f"cohorts.cohort:{closed_cohort.pk}:festival", title="le festival", emails=[email])
    sign(guardian_of(sent))
    Letter.objects.all().delete()
    with later():
        client.post(LOST, {"email": email})
    kinds = Letter.objects.order_by("kind").values_list("kind", "to")
    assert list(kinds) == [("consents.guardian_link", email), ("consents.guardian_request", email)]


def test_who_was_never_written_to_is_not_found_by_her_address(client, minor, closed_cohort, at_once):
    """A person of the team follows Lina by hand: that she candidates is told by that person, or not at all."""
    minor.is_followed_by_hand = True
    minor.save()
    sent = factories.make_sent(closed_cohort, minor)
    client.post(LOST, {"email": guardian_of(sent).email})
    assert links_left() == []
    guardians.send_link(guardian_of(sent), actor="console")
    with later():
        client.post(LOST, {"email": guardian_of(sent).email})
    assert links_left() == [guardian_of(sent).email] * 2


def test_no_answer_comes_before_its_time(client, sent):
    took = {}
    with later():
        now = timezone.now()
    for email in (guardian_of(sent).email, "personne@example.net"):
        with time_machine.travel(now, tick=True):
            began = lost_link.monotonic()
            client.post(LOST, {"email": email})
            took[email] = lost_link.monotonic() - began
    assert len(links_left()) == 2
    assert [seconds for seconds in took.values() if seconds < lost_link.TAKES] == []


@pytest.mark.parametrize("typed", ["", "samira", "samıra@example.org", "a\x00@example.org", "a" * 255 + "@example.org"])
def test_an_address_that_cannot_be_one_is_told(client, sent, typed):
    page = client.post(LOST, {"email": typed})
    assert (page.status_code, heading(page)) == (422, "Retrouver mon lien")


def test_from_one_connection_so_many_addresses_and_no_more(client, sent, at_once):
    statuses = [client.post(LOST, {"email": f"a{n}@example.net"}).status_code for n in range(21)]
    assert statuses == [302] * 20 + [429]
    page = client.post(LOST, {"email": "a@example.net"})
    assert ("Patientez une heure" in text_of(page), 'value="a@example.net"' in page.content.decode()) == (True, True)

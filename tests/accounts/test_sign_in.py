"""Coming in: one address, one code, the same for everybody."""

import re
import socket
import time

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.urls import NoReverseMatch, reverse

from accounts.models import User

SIGN_IN = "/compte/connexion/"
CODE = "/compte/connexion/code/"


def ask(client, email, **query):
    return client.post(SIGN_IN, {"login": email, **query})


def closed_port() -> int:
    """A port where nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def code_sent() -> str:
    return re.search(r"^\d{4}-\d{4}$", mail.outbox[-1].body, re.MULTILINE)[0]


def readable(response) -> str:
    """A page without what changes from one request to the next."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
    return re.sub(r"[\w.]+@example\.org", "ADRESSE", text)


@pytest.mark.django_db
class TestComingIn:
    def test_a_newcomer_gets_an_account_with_a_code(self, client):
        response = ask(client, "Ines@Example.org")
        assert response.status_code == 302
        assert response.url.startswith(CODE)
        client.post(CODE, {"code": code_sent()})
        newcomer = User.objects.get()
        assert client.session["_auth_user_id"] == str(newcomer.pk)
        assert newcomer.email == "ines@example.org"
        assert not newcomer.has_usable_password()
        assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [
            ("ines@example.org", True, True)
        ]

    def test_someone_known_comes_back(self, client, candidate):
        ask(client, candidate.email)
        client.post(CODE, {"code": code_sent().replace("-", " ")})
        assert client.session["_auth_user_id"] == str(candidate.pk)
        assert User.objects.count() == 1

    def test_someone_invited_without_an_address_row_comes_in(self, client):
        invited = User.objects.create_user("nadia@example.org")
        ask(client, invited.email)
        client.post(CODE, {"code": code_sent()})
        assert client.session["_auth_user_id"] == str(invited.pk)

    def test_she_returns_to_where_she_was_going(self, client):
        target = "/candidature/commencer/printemps-2027/"
        response = ask(client, "ines@example.org", next=target)
        page = client.get(response.url)
        assert f'name="next" value="{target}"' in page.content.decode()
        response = client.post(CODE, {"code": code_sent(), "next": target})
        assert response.url == target

    def test_nobody_is_sent_to_another_site(self, client):
        ask(client, "ines@example.org", next="https://ailleurs.example/")
        response = client.post(CODE, {"code": code_sent(), "next": "https://ailleurs.example/"})
        assert response.url == reverse("portal:home")

    def test_a_closed_account_stays_closed(self, client, candidate):
        User.objects.filter(pk=candidate.pk).update(is_active=False)
        ask(client, candidate.email)
        response = client.post(CODE, {"code": code_sent()})
        assert "_auth_user_id" not in client.session
        assert response.url == reverse("account_inactive")
        assert "Ce compte est fermé" in client.get(response.url).content.decode()


@pytest.mark.django_db
class TestNobodyLearnsWhoHasAnAccount:
    def test_known_and_unknown_addresses_read_alike(self, client, candidate):
        pages, letters = [], []
        for email in (candidate.email, "inconnue@example.org"):
            client.cookies.clear()
            response = client.post(SIGN_IN, {"login": email}, follow=True)
            pages.append((response.redirect_chain, readable(response).replace(email, "ADRESSE")))
            letters.append((len(mail.outbox), re.sub(r"\d{4}-\d{4}", "CODE", mail.outbox[-1].body)))
        assert pages[0] == pages[1]
        assert letters[0] == (1, letters[1][1])
        assert letters[1][0] == 2

    def test_the_other_doors_lead_to_the_same_page(self, client):
        for name in ("account_signup", "account_request_login_code"):
            response = client.get(reverse(name) + "?next=/mon-espace/")
            assert response.url == SIGN_IN + "?next=/mon-espace/"

    def test_no_page_knows_passwords(self, client):
        assert 'type="password"' not in client.get(SIGN_IN).content.decode()
        for name in ("account_reset_password", "account_set_password", "account_change_password"):
            with pytest.raises(NoReverseMatch):
                reverse(name)

    def test_a_password_posted_by_hand_opens_nothing(self, client, candidate):
        candidate.set_password("secret-secret")
        candidate.save()
        client.post(SIGN_IN, {"login": candidate.email, "password": "secret-secret"})
        assert "_auth_user_id" not in client.session


@pytest.mark.django_db
class TestCodes:
    def test_a_wrong_code_says_so_and_the_right_one_still_works(self, client):
        ask(client, "ines@example.org")
        response = client.post(CODE, {"code": "0000-0000"})
        assert "Ce code n’est pas le bon." in response.content.decode()
        client.post(CODE, {"code": code_sent()})
        assert "_auth_user_id" in client.session

    def test_three_wrong_codes_burn_it(self, client):
        ask(client, "ines@example.org")
        code = code_sent()
        for _ in range(3):
            client.post(CODE, {"code": "0000-0000"})
        client.post(CODE, {"code": code})
        assert "_auth_user_id" not in client.session

    def test_a_code_is_for_one_browser(self, client, django_user_model):
        ask(client, "ines@example.org")
        code = code_sent()
        client.cookies.clear()
        ask(client, "lina@example.org")
        client.post(CODE, {"code": code})
        assert "_auth_user_id" not in client.session

    def test_another_code_replaces_the_first(self, client):
        ask(client, "ines@example.org")
        first = code_sent()
        response = client.post(CODE, {"action": "resend"}, follow=True)
        assert "Un code vient de partir vers ines@example.org." in response.content.decode()
        assert code_sent() != first
        client.post(CODE, {"code": first})
        assert "_auth_user_id" not in client.session
        client.post(CODE, {"code": code_sent()})
        assert "_auth_user_id" in client.session

    def test_a_code_lapses_after_a_quarter_of_an_hour(self, client, monkeypatch):
        ask(client, "ines@example.org")
        code, real = code_sent(), time.time
        monkeypatch.setattr(time, "time", lambda: real() + 15 * 60 + 1)
        client.post(CODE, {"code": code})
        assert "_auth_user_id" not in client.session


@pytest.mark.django_db
class TestTooMuch:
    def test_a_fourth_letter_within_a_minute_is_refused(self, client):
        for _ in range(3):
            client.cookies.clear()
            assert ask(client, "ines@example.org").status_code == 302
        client.cookies.clear()
        response = ask(client, "ines@example.org")
        assert "Trop d’essais en peu de temps." in response.content.decode()
        assert 'value="ines@example.org"' in response.content.decode()
        assert len(mail.outbox) == 3

    def test_one_machine_that_insists_gets_a_french_429(self, client):
        for number in range(31):
            client.cookies.clear()
            response = ask(client, f"personne{number}@")
        assert response.status_code == 429
        assert response["Retry-After"] == "60"
        assert "Un peu trop vite" in response.content.decode()


@pytest.mark.django_db
class TestDeadMailServer:
    @pytest.fixture(autouse=True)
    def _nobody_listens(self, settings):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", closed_port(), 1

    def test_the_sign_in_page_says_so_and_keeps_the_address(self, client):
        response = ask(client, "ines@example.org")
        page = response.content.decode()
        assert response.status_code == 503
        assert "Notre service de courriel ne répond pas" in page
        assert 'value="ines@example.org"' in page

    def test_changing_address_says_so_too(self, client, candidate, signed_in):
        browser = signed_in(candidate)
        response = browser.post("/compte/adresse/", {"email": "autre@example.org", "action_add": ""})
        assert response.status_code == 503
        assert "Notre service de courriel ne répond pas" in response.content.decode()


@pytest.mark.django_db
class TestMyAccount:
    def test_an_address_changes_once_its_code_is_copied(self, candidate, signed_in):
        browser, old = signed_in(candidate), candidate.email
        browser.post("/compte/adresse/", {"email": "Nouvelle@example.org", "action_add": ""})
        candidate.refresh_from_db()
        assert candidate.email == old
        browser.post("/compte/adresse/code/", {"code": code_sent()})
        candidate.refresh_from_db()
        assert candidate.email == "nouvelle@example.org"
        assert [letter.to for letter in mail.outbox] == [["nouvelle@example.org"], [old]]
        assert mail.outbox[-1].subject == "Votre adresse a changé"

    def test_only_who_reads_an_address_learns_that_it_has_an_account(self, candidate, stranger, signed_in):
        browser = signed_in(candidate)
        response = browser.post("/compte/adresse/", {"email": stranger.email, "action_add": ""})
        assert response.url == reverse("account_email_verification_sent")
        response = browser.post("/compte/adresse/code/", {"code": code_sent()})
        assert "Cette adresse a déjà un compte" in response.content.decode()
        candidate.refresh_from_db()
        assert candidate.email != stranger.email

    def test_signing_out_takes_a_button(self, candidate, signed_in):
        browser = signed_in(candidate)
        assert "Se déconnecter ?" in browser.get("/compte/deconnexion/").content.decode().replace("\u00a0", " ")
        assert "_auth_user_id" in browser.session
        browser.post("/compte/deconnexion/")
        assert "_auth_user_id" not in browser.session


@pytest.mark.django_db
def test_the_code_leaves_as_text_and_as_the_same_words_in_html(client):
    ask(client, "ines@example.org")
    [letter] = mail.outbox
    assert letter.subject == f"{code_sent()}\u00a0: votre code pour entrer"
    assert letter.extra_headers["Auto-Submitted"] == "auto-generated"
    [(html, kind)] = letter.alternatives
    assert kind == "text/html"
    assert code_sent() in html
    assert "http://" not in html.replace("http://localhost", "")

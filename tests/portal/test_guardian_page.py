"""The page of a legal representative, state by state."""

import pytest

from applications import transitions as applications
from applications.models import Application
from cohorts.moments import moment
from consents import answers
from consents.models import GuardianAuthorisation
from matching import falls
from notifications.models import Letter
from tests import factories
from tests.guardians import asked, guardian_text, page_path, publish_guardian_text, sign
from tests.portal.guardian import CHOICES, TWO, answer, buttons, guardian_of, heading, sent_by, signature, states
from tests.portal.reading import plain, short, text_of

pytestmark = pytest.mark.django_db

State = GuardianAuthorisation.State


@pytest.fixture
def sent(closed_cohort, minor):
    return sent_by(minor, closed_cohort)


# --- Asked --------------------------------------------------------------------------------------


def test_she_reads_what_it_is_before_she_answers(client, sent, settings):
    settings.CONTACT_PHONE = "01 84 16 00 00"
    page = client.get(page_path(guardian_of(sent)))
    said, cohort = text_of(page), sent.cohort

    assert (heading(page), buttons(page)) == ("Lina a besoin de votre accord", CHOICES)
    expected = [
        f"le mentorat de la promotion {cohort}".capitalize()[:20],
        short(cohort.starts_on),
        short(cohort.ends_on),
        "Rien : c’est gratuit",
        "01 84 16 00 00",
        settings.CONTACT_EMAIL,
        f"version 1, publiée le {plain(str(short(guardian_text().published_at.date())))}"[:10],
    ]
    assert [words for words in expected if words not in said] == []
    whole = plain(guardian_text().body.replace("## ", "").replace("- ", ""))
    assert [line for line in whole.splitlines() if " ".join(line.split()) not in said] == []


def test_nothing_of_the_file_is_on_the_page(client, sent):
    """Not her surname, her reference, her answers, the address of either representative."""
    said = client.get(page_path(guardian_of(sent))).content.decode()
    hidden = [
        *(sent.reference, sent.candidate.last_name, sent.candidate.email, sent.project[:30], sent.hopes[:30]),
        *(guardian_of(sent).email, guardian_of(sent, 2).email, "Jo Diallo", guardian_of(sent).name),
    ]
    assert [words for words in hidden if words in said] == []


def test_no_cache_and_no_search_engine_keeps_the_page(client, sent):
    response = client.get(page_path(guardian_of(sent)))
    assert "no-store" in response["Cache-Control"]
    assert (response["X-Robots-Tag"], response["Referrer-Policy"]) == ("noindex, nofollow", "same-origin")


def test_without_a_telephone_the_address_alone_is_given(client, sent, settings):
    settings.CONTACT_PHONE = ""
    assert 'href="tel:' not in client.get(page_path(guardian_of(sent))).content.decode()


# --- Given --------------------------------------------------------------------------------------


@pytest.fixture
def karim(closed_cohort):
    mentor = factories.make_mentor(factories.make_user("Karim", "Benali", age=41))
    factories.clear_for_minors(mentor)
    return factories.make_commitment(closed_cohort, mentor)


@pytest.fixture
def pair(closed_cohort, minor, karim):
    accepted = factories.make_accepted(closed_cohort, minor, **TWO)
    sign(guardian_of(accepted))
    applications.confirm(accepted, actor=minor)
    return factories.make_pair(accepted, karim)


def test_once_signed_the_page_says_when_and_what(client, sent):
    sign(guardian_of(sent))
    mother = guardian_of(sent)
    page = client.get(page_path(mother))

    assert (heading(page), buttons(page)) == (
        "Vous avez autorisé Lina",
        ["Retirer mon autorisation", "J’aimerais qu’on m’appelle"],
    )
    assert plain(moment(mother.answered_at)) in text_of(page)
    assert "Personne pour l’instant." in text_of(page)
    assert 'href="/textes/autorisation/1/"' in page.content.decode()


def test_once_paired_she_reads_who_the_mentor_is(client, pair, settings):
    settings.CONTACT_PHONE = "01 84 16 00 00"
    page = client.get(page_path(guardian_of(pair.application)))
    for words in ("Karim Benali", "Cheffe monteuse", "Les Films du Canal", "01 84 16 00 00"):
        assert words in text_of(page)
    hidden = [pair.commitment.mentor.person.email, pair.application.reference, "Moreau-Diallo"]
    assert [words for words in hidden if words in page.content.decode()] == []


def test_the_other_one_does_not_read_it_before_signing(client, pair):
    assert "Karim" not in text_of(client.get(page_path(guardian_of(pair.application, 2))))


def test_taking_it_back_takes_two_steps_and_pauses_the_pair(client, pair):
    mother = guardian_of(pair.application)
    asked_first = client.get(f"{page_path(mother)}retirer/")
    assert (heading(asked_first), buttons(asked_first)) == (
        "Retirer votre autorisation ?",
        ["Oui, retirer mon autorisation"],
    )
    assert "est mis en pause" in text_of(asked_first)
    pair.refresh_from_db()
    assert pair.state == "ACTIVE"
    done = answer(client, mother, "retirer")

    pair.refresh_from_db()
    assert (heading(done), pair.state) == ("Votre autorisation est retirée", "PAUSED")
    assert heading(client.get(page_path(guardian_of(pair.application)))) == "Vous avez retiré votre autorisation"
    his = client.get(page_path(guardian_of(pair.application, 2)))
    assert (heading(his), "Karim" in text_of(his)) == ("L’autorisation est retirée", False)


def test_what_staff_recorded_stands_for_her_too(client, sent):
    sign(guardian_of(sent))
    falls.withdraw_authorisation(guardian_of(sent).authorisation, actor="console")
    page = client.get(page_path(guardian_of(sent)))
    assert (heading(page), "même si vous aviez signé" in text_of(page)) == ("L’autorisation est retirée", True)


def test_while_the_other_is_asked_again_she_reads_it(client, sent):
    sign(guardian_of(sent))
    father = guardian_of(sent, 2)
    falls.refuse_authorisation(father.authorisation, guardian=father, link_number=1, actor="guardian")
    answers.settle(guardian_of(sent).authorisation, actor="console")
    page = client.get(page_path(guardian_of(sent)))
    assert "L’accord d’un·e autre représentant·e est encore attendu" in text_of(page)


def test_a_newer_text_that_asks_again_is_signed_anew(client, sent):
    sign(guardian_of(sent))
    publish_guardian_text(asks_again=True)
    page = client.get(page_path(guardian_of(sent)))
    assert (heading(page), buttons(page)[0]) == ("Un texte à relire pour Lina", "Signer l’autorisation")
    assert "Une phrase de plus." in text_of(page)
    done = answer(client, guardian_of(sent), "signer", signature())
    assert (heading(done), guardian_of(sent).text_version.number) == ("Merci, c’est signé", 2)
    assert heading(client.get(page_path(guardian_of(sent)))) == "Vous avez autorisé Lina"


# --- An outing ----------------------------------------------------------------------------------


def test_an_outing_says_what_it_is(client, sent):
    outing = asked(
        sent.candidate,
        f"cohorts.cohort:{sent.cohort_id}:festival",
        title="une journée au festival",
        details="Le samedi 3 février.\nDépart en train.",
    )
    page = client.get(page_path(outing.guardians.get()))
    for words in ("une journée au festival", "Le samedi 3 février.", "Départ en train."):
        assert words in text_of(page)
    done = answer(client, outing.guardians.get(), "signer", signature())
    assert ("Départ en train." in text_of(done), states_of(outing)) == (True, (State.GIVEN, State.GIVEN))


def test_a_no_to_an_outing_is_told_as_what_it_is(client, sent):
    """Neither she, nor Lina, nor the coordination reads that the mentoring stops."""
    outing = asked(sent.candidate, f"cohorts.cohort:{sent.cohort_id}:festival", title="une journée au festival")
    mother = outing.guardians.get()
    asking = client.get(f"{page_path(mother)}refuser/")
    sign(mother)
    mother.refresh_from_db()
    leaving = client.get(f"{page_path(mother)}retirer/")
    done = answer(client, mother, "retirer")
    mother.refresh_from_db()
    after = client.get(page_path(mother))
    unchanged = "Cela ne change rien au mentorat lui-même."
    assert [unchanged in text_of(page) for page in (asking, leaving, done)] == [True] * 3
    assert "Lina ne participe pas à ceci : une journée au festival." in text_of(after)
    assert [
        word for page in (asking, leaving, done, after) for word in ("en pause", "Tout s") if word in text_of(page)
    ] == []
    kinds = ["consents.guardian_withdrawal", "consents.authorisation_stopped", "consents.staff_alert"]
    letters = Letter.objects.filter(kind__in=kinds)
    assert (len(letters), [letter.kind for letter in letters if "en pause" in letter.body]) == (3, [])


def states_of(authorisation) -> tuple[str, str]:
    authorisation.refresh_from_db()
    return authorisation.state, authorisation.guardians.get().state


# --- Over ---------------------------------------------------------------------------------------

OVER = "Cette autorisation n’est plus attendue"


@pytest.mark.parametrize("state", ["WITHDRAWN", "LAPSED", "REJECTED"])
def test_once_the_file_is_over_nothing_is_asked_or_shown(client, sent, state):
    mother = guardian_of(sent)
    assert heading(client.get(page_path(mother))) == "Lina a besoin de votre accord"
    Application.objects.update(state=state, masked_state="")
    page = client.get(page_path(mother))
    assert (heading(page), buttons(page), "Lina" in page.content.decode()) == (OVER, [], False)
    for verb in ("signer", "refuser", "appel", "retirer"):
        told = answer(client, mother, verb, {**signature(), "phone": "06 12 34 56 78"})
        assert (heading(told), "n’est plus possible" in text_of(told)) == (OVER, True)
    assert states(sent) == [State.REQUESTED] * 3


def test_a_refusal_not_announced_yet_shows_in_nothing(client, sent):
    mother = guardian_of(sent)
    before = text_of(client.get(page_path(mother)))
    Application.objects.update(state="REJECTED", masked_state="SUBMITTED")
    assert text_of(client.get(page_path(mother))) == before


def test_of_a_scope_that_names_no_cohort_nothing_is_asked(client, minor):
    elsewhere = asked(minor, "cohorts.activity:12")
    assert heading(client.get(page_path(elsewhere.guardians.get()))) == OVER

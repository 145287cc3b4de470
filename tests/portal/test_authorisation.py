"""« L’autorisation de votre représentant·e légal·e »: what a minor reads of it, and what she can do."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils.timezone import localdate

from accounts.transitions import follow_by_hand
from applications import minors
from applications.models import Application
from cohorts.moments import day
from consents import answers
from consents.models import Guardian, GuardianAuthorisation
from consents.queries import current_texts
from lifecycle import journal
from matching import falls
from notifications.models import Letter
from tests import factories
from tests.house.pages import Page
from tests.portal.reading import HOME, links, plain, tags, text_of

pytestmark = pytest.mark.django_db
State = GuardianAuthorisation.State
MOTHER = "famille-{}@example.org"


@pytest.fixture
def file(closed_cohort, minor):
    """Lina's, sent: one representative was written to, two days ago or more."""
    return factories.make_sent(closed_cohort, minor)


@pytest.fixture
def hers(minor, signed_in):
    return signed_in(minor)


def url(name, file, *more):
    return reverse(f"portal:authorisation{name}", args=[file.reference, *more])


def mother() -> Guardian:
    return Guardian.objects.select_related("authorisation__person").get(order=1)


def letters(to: str) -> int:
    return Letter.objects.filter(kind="consents.guardian_request", to=to).exclude(status="CANCELLED").count()


def told(response) -> list[str]:
    return [plain(str(message)) for message in get_messages(response.wsgi_request)]


def sign(guardian=None, **words) -> None:
    guardian = guardian or mother()
    known = {"name": "Samira Diop", "relation": "sa mère", "version": current_texts()["autorisation"], **words}
    answers.sign(guardian, link_number=guardian.link_number, **known)


# --- What the page says -------------------------------------------------------------------------


def test_it_says_who_was_asked_and_when(file, hers):
    page = hers.get(url("", file))
    asked = plain(day(localdate(mother().asked_at)))
    assert f"Demandée le {asked}, à l’adresse {mother().email}." in text_of(page).replace(" .", ".")
    assert tags(page) == ["Pas encore de réponse"]
    assert [url("_fix", file, mother().pk) in links(page), url("_name", file) in links(page)] == [True, True]
    assert url("_link", file, mother().pk) in page.content.decode()


def test_once_signed_it_says_when_and_nothing_of_what_was_typed(file, hers):
    answers.ask_for_call(mother(), link_number=1, phone="06 12 34 56 78")
    sign(relation="sa tante et tutrice")
    page = hers.get(url("", file))
    words = text_of(page)
    assert tags(page) == ["Reçue"]
    assert f"Autorisation reçue le {plain(day(localdate()))}." in words
    assert [typed for typed in ("tante", "06 12", "famille-") if typed in words] == []
    assert [a for a in ("_fix", "_link") if url(a, file, mother().pk) in page.content.decode()] == []
    assert url("_name", file) not in links(page)


def test_noted_by_the_coordination_it_says_the_day_of_the_signature(file, hers):
    factories.authorise(file)
    words = text_of(hers.get(url("", file)))
    assert f"Autorisation reçue, signée le {plain(day(localdate()))}." in words
    assert "Sa signature n’est plus nécessaire." in words


@pytest.mark.parametrize(("stop", "tag"), [("refuse", "Refusée"), ("withdraw", "Retirée")])
def test_a_refusal_or_a_withdrawal_is_to_be_talked_about(stop, tag, file, hers):
    if stop == "withdraw":
        sign()
    act = falls.refuse_authorisation if stop == "refuse" else falls.withdraw_authorisation
    guardian = mother()
    act(guardian.authorisation, guardian=guardian, link_number=guardian.link_number, actor="guardian")
    page = hers.get(url("", file))
    assert (tags(page), "mailto:" in page.content.decode()) == ([tag], True)
    assert [a for a in ("_fix", "_link") if url(a, file, guardian.pk) in page.content.decode()] == []


def test_nobody_else_reads_it(file, closed_cohort, hers, candidate, coordinator, signed_in):
    grown = factories.make_sent(closed_cohort, candidate)
    paths = [url("", file), url("_name", file), url("_fix", file, mother().pk)]
    assert [hers.get(path).status_code for path in paths] == [200, 200, 200]
    for other in (candidate, coordinator):
        assert [signed_in(other).get(path).status_code for path in paths] == [404, 404, 404]
        assert signed_in(other).post(url("_link", file, mother().pk)).status_code == 404
    assert signed_in(candidate).get(url("", grown)).status_code == 404


def test_another_minors_representative_is_not_hers_to_write_to(file, closed_cohort, hers):
    other = factories.make_sent(closed_cohort, factories.make_user("Noé", age=16))
    guardian = Guardian.objects.get(authorisation__person=other.candidate)
    assert hers.get(url("_fix", file, guardian.pk)).status_code == 404
    assert hers.post(url("_link", file, guardian.pk)).status_code == 404


def test_a_draft_has_no_page(cohort, minor, hers):
    assert hers.get(url("", factories.make_complete_draft(cohort, minor))).status_code == 404


def test_the_pages_are_well_made(file, hers):
    for path in (url("", file), url("_name", file), url("_fix", file, mother().pk)):
        page = Page(hers.get(path).content.decode())
        assert (page.headings.count("h1"), page.unlabelled, page.doubled_ids) == (1, [], set())


# --- Writing again ------------------------------------------------------------------------------


def test_the_link_is_sent_again(file, hers):
    with time_machine.travel(mother().asked_at + timedelta(days=2), tick=False):
        answer = hers.post(url("_link", file, mother().pk))
        assert told(answer) == [f"Un nouveau courriel part à l’adresse {mother().email}. Il arrive dans la minute."]
        assert letters(mother().email) == 2
        again = hers.post(url("_link", file, mother().pk))
    assert told(again)[-1] == (
        "Un courriel vient de partir : laissez-lui deux minutes, et regardez dans les indésirables."
    )
    assert letters(mother().email) == 2


def test_five_links_a_day_then_a_sentence(file, hers):
    start = mother().asked_at + timedelta(days=2)
    for minutes in range(0, 15, 3):
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
            last = hers.post(url("_link", file, mother().pk))
    assert letters(mother().email) == 6
    with time_machine.travel(start + timedelta(minutes=30), tick=False):
        last = hers.post(url("_link", file, mother().pk))
    assert told(last)[-1] == ("Plusieurs courriels sont déjà partis aujourd’hui. Réessayez demain, ou écrivez-nous.")
    assert letters(mother().email) == 6


def test_reading_sends_nothing(file, hers):
    assert hers.get(url("_link", file, mother().pk)).status_code == 405
    assert letters(mother().email) == 1


def test_who_has_answered_is_not_written_to_again(file, hers):
    sign()
    with time_machine.travel(mother().asked_at + timedelta(days=2), tick=False):
        refused = [
            hers.post(url("_link", file, mother().pk)),
            hers.post(url("_fix", file, mother().pk), {"email": "autre@example.org"}),
            hers.post(url("_name", file), {"name": "Paul", "email": "paul@example.org"}),
        ]
    assert [answer.status_code for answer in refused] == [302, 302, 302]
    assert hers.get(url("_fix", file, mother().pk)).status_code == 302
    # Her answer took back what had not left yet.
    assert [letters(mother().email), letters("autre@example.org"), letters("paul@example.org")] == [0, 0, 0]


# --- Correcting the address ---------------------------------------------------------------------


def test_a_corrected_address_is_written_to_and_the_old_link_dies(file, hers):
    old = mother().email
    page = hers.get(url("_fix", file, mother().pk))
    assert f'value="{old}"' in page.content.decode()
    answer = hers.post(url("_fix", file, mother().pk), {"email": " Samira@Example.org "})
    assert answer.url == url("", file)
    assert (mother().email, mother().link_number) == ("samira@example.org", 2)
    assert (letters(old), letters("samira@example.org")) == (0, 1)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Écrivez l’adresse e-mail de la personne qui signera."),
        ("samira", "Cette adresse n’est pas complète. Exemple : prenom.nom@exemple.fr."),
        (None, "C’est votre propre adresse : donnez celle de votre représentant·e légal·e, qui signera."),
        (MOTHER, "C’est déjà l’adresse que nous avons. Pour y recevoir un nouveau lien, renvoyez-le."),
    ],
)
def test_an_address_that_cannot_be_is_told_and_kept(typed, sentence, file, minor, hers):
    typed = minor.email if typed is None else typed.format(file.pk)
    answer = hers.post(url("_fix", file, mother().pk), {"email": typed})
    assert (answer.status_code, [plain(e) for e in answer.context["form"].errors["email"]]) == (422, [sentence])
    assert f'value="{typed}"' in answer.content.decode() or typed == ""
    assert mother().email == MOTHER.format(file.pk)


# --- Naming somebody ----------------------------------------------------------------------------


def test_a_second_person_is_asked_and_no_third(file, hers):
    with time_machine.travel(mother().asked_at + timedelta(days=2), tick=False):
        answer = hers.post(url("_name", file), {"name": "Paul Diop", "email": "paul@example.org"})
        assert answer.url == url("", file)
        assert letters("paul@example.org") == 1
        page = hers.get(url("", file))
        assert (tags(page), url("_name", file) in links(page)) == (["Pas encore de réponse"] * 2, False)
        third = hers.post(url("_name", file), {"name": "Anna", "email": "anna@example.org"})
    assert [plain(e) for e in third.context["form"].errors["email"]] == ["Deux représentant·es sont déjà indiqué·es."]
    assert letters("anna@example.org") == 0


def test_the_same_address_twice_is_told(file, hers):
    with time_machine.travel(mother().asked_at + timedelta(days=2), tick=False):
        answer = hers.post(url("_name", file), {"name": "Paul", "email": mother().email})
    assert [plain(e) for e in answer.context["form"].errors["email"]] == [
        "Donnez une adresse différente pour chaque représentant·e."
    ]


def test_who_had_named_nobody_names_somebody_now(closed_cohort, candidate, signed_in):
    """A file sent of age, whose cohort starts earlier now."""
    file = factories.make_accepted(closed_cohort, candidate)
    candidate.birth_date = closed_cohort.starts_on.replace(year=closed_cohort.starts_on.year - 16, day=1)
    candidate.save()
    hers = signed_in(candidate)
    home = hers.get(HOME)
    assert "Dire qui peut signer votre autorisation, puis confirmer votre place" in text_of(home)
    assert url("_name", file) in links(home)
    assert tags(hers.get(url("", file))) == ["Pas encore demandée"]
    assert not GuardianAuthorisation.objects.exists()
    hers.post(url("_name", file), {"name": "Samira", "email": "samira@example.org"})
    assert (mother().name, letters("samira@example.org")) == ("Samira", 1)
    assert "pas encore de réponse" in text_of(hers.get(HOME))


# --- Followed by hand, over, outings ------------------------------------------------------------


def test_for_who_is_followed_by_hand_nothing_leaves_from_here(file, minor, hers):
    follow_by_hand(minor, True, actor=journal.CONSOLE)
    page = hers.get(url("", file))
    assert "La coordination s’en occupe avec vous." in text_of(page)
    assert [a for a in ("_fix", "_link") if url(a, file, mother().pk) in page.content.decode()] == []
    with time_machine.travel(mother().asked_at + timedelta(days=2), tick=False):
        answer = hers.post(url("_link", file, mother().pk))
    assert (told(answer), letters(mother().email)) == (
        ["Il n’y a plus rien à faire ici. Une question ? Écrivez-nous."],
        1,
    )


def test_a_decision_not_announced_changes_nothing_here(file, hers):
    before = text_of(hers.get(url("", file)))
    Application.objects.update(state="REJECTED", masked_state="SUBMITTED")
    assert text_of(hers.get(url("", file))) == before
    Application.objects.update(masked_state="")
    page = hers.get(url("", file))
    assert url("_link", file, mother().pk) not in page.content.decode()


def test_an_outing_is_read_in_its_own_words_and_written_about_again(closed_cohort, minor, hers):
    file = factories.make_confirmed(closed_cohort, minor)
    minors.ask_for_outing(file, title="Une journée au festival", details="Départ à 9 h.", actor=journal.CONSOLE)
    page = hers.get(url("", file))
    words = text_of(page)
    assert [said in words for said in ("Pour une sortie : Une journée au festival", "Départ à 9 h.")] == [True, True]
    assert tags(page) == ["Reçue", "Pas encore de réponse"]
    asked = Guardian.objects.get(authorisation__title="Une journée au festival")
    with time_machine.travel(asked.asked_at + timedelta(days=2), tick=False):
        assert told(hers.post(url("_link", file, asked.pk)))[0].startswith("Un nouveau courriel part")
    assert "Une journée au festival : pas encore de réponse" in text_of(hers.get(HOME))


def test_home_says_where_it_stands_from_the_first_day(file, hers):
    home = hers.get(HOME)
    assert "Une place vous serait donnée sous réserve de l’autorisation" in text_of(home)
    assert f"Autorisation demandée le {plain(day(localdate(mother().asked_at)).partition(' ')[2])}" in text_of(home)
    assert url("", file) in links(home)
    sign()
    assert f"Autorisation reçue le {plain(day(localdate()).partition(' ')[2])}" in text_of(hers.get(HOME))


def test_a_place_is_given_on_condition_wherever_she_looks(closed_cohort, minor, hers):
    factories.make_waitlisted(closed_cohort, minor)
    assert "Une place vous serait donnée sous réserve de l’autorisation" in text_of(hers.get(HOME))

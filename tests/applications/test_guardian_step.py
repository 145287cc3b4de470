"""« Votre représentant·e légal·e »: a step for minors alone, that takes an address other than hers."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse

from applications import drafting, outline, transitions
from applications.files import File
from applications.models import Draft
from consents import guardians
from consents.models import Guardian, GuardianAuthorisation
from notifications.models import Letter
from tests import factories
from tests.applications.reading import NBSP, problems, save, text_of, told, url
from tests.house.pages import Page

pytestmark = pytest.mark.django_db

STEP = outline.GUARDIAN.slug
MOTHER = {"guardian_name": "Samira Diop", "guardian_email": "samira@example.org"}
FATHER = {"guardian2_name": "Paul Diop", "guardian2_email": "paul@example.org"}
HERS = "C’est votre propre adresse : donnez celle de votre représentant·e légal·e, qui signera."


@pytest.fixture
def hers(minor, signed_in):
    return signed_in(minor)


@pytest.fixture
def draft(cohort, minor):
    return factories.make_complete_draft(cohort, minor)


def answers() -> dict:
    return Draft.objects.get().answers


def steps(application) -> list:
    return File(application, Draft.objects.get(application=application)).steps


def plain(words: str) -> str:
    return words.replace(NBSP, " ")


def refused(response) -> list[str]:
    return [plain(sentence).partition(" : ")[2] for _address, sentence in problems(response)]


# --- Who is asked -------------------------------------------------------------------------------


def test_a_minor_is_asked_who_signs(draft, hers):
    assert "Votre représentant·e légal·e" in text_of(hers.get(url("tasks", draft)))
    page = hers.get(url("step", draft, STEP))
    words = plain(text_of(page))
    assert page.status_code == 200
    said = ["La sienne, pas la vôtre", "Elle reçoit un lien dès que vous envoyez", "Personne ne peut signer"]
    assert [part in words for part in said] == [True, True, True]
    assert (Page(page.content.decode()).headings.count("h1"), Page(page.content.decode()).unlabelled) == (1, [])


def test_nobody_of_age_is_asked(cohort, candidate, signed_in):
    draft = factories.make_complete_draft(cohort, candidate)
    browser = signed_in(candidate)
    assert "Votre représentant·e légal·e" not in text_of(browser.get(url("tasks", draft)))
    assert browser.get(url("step", draft, STEP)).status_code == 404


def test_the_step_comes_and_goes_with_the_birth_date_and_keeps_what_was_written(cohort, draft, hers):
    start = cohort.starts_on
    eighteen = start.replace(year=start.year - 18)
    for born, is_asked in ((eighteen, False), (eighteen + timedelta(days=1), True), (None, False)):
        factories.fill(draft, {"birth_date": born and born.isoformat()})
        assert (outline.GUARDIAN in steps(draft)) is is_asked
        assert hers.get(url("step", draft, STEP)).status_code == (200 if is_asked else 404)
    assert answers()["guardian_email"] == f"famille-{draft.pk}@example.org"


# --- What is kept, and what is refused ----------------------------------------------------------


def test_one_or_two_people_are_kept(draft, hers):
    assert save(hers, draft, STEP, MOTHER | FATHER).url == url("tasks", draft)
    assert {name: answers()[name] for name in outline.GUARDIAN.answers} == MOTHER | FATHER


def test_her_own_address_is_refused_and_kept_in_the_box(draft, minor, hers):
    EmailAddress.objects.create(user=minor, email="lina.autre@example.org", verified=True)
    EmailAddress.objects.create(user=minor, email="pas.verifiee@example.org", verified=False)
    for address in (minor.email, minor.email.upper(), "lina.autre@example.org"):
        answer = save(hers, draft, STEP, MOTHER | {"guardian_email": address})
        assert (answer.status_code, refused(answer)) == (422, [HERS])
        assert f'value="{address}"' in answer.content.decode()
    assert answers()["guardian_email"] == f"famille-{draft.pk}@example.org"
    assert save(hers, draft, STEP, MOTHER | {"guardian_email": "pas.verifiee@example.org"}).status_code == 302


def test_her_own_address_is_refused_for_the_second_person_too(draft, minor, hers):
    answer = save(hers, draft, STEP, MOTHER | FATHER | {"guardian2_email": minor.email})
    assert (answer.status_code, refused(answer)) == (422, [HERS])


def test_two_people_have_two_addresses(draft, hers):
    answer = save(hers, draft, STEP, MOTHER | FATHER | {"guardian2_email": "SAMIRA@example.org"})
    assert refused(answer) == ["Donnez une adresse différente pour chaque représentant·e."]


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({}, ["guardian_name", "guardian_email"]),
        ({"guardian_name": "Samira"}, ["guardian_email"]),
        ({"guardian_email": "samira@example.org"}, ["guardian_name"]),
        (MOTHER | {"guardian2_name": "Paul"}, ["guardian2_email"]),
        (MOTHER | {"guardian2_email": "paul@example.org"}, ["guardian2_name"]),
        (MOTHER, []),
        (MOTHER | FATHER, []),
    ],
)
def test_half_given_is_kept_and_told_before_sending(given, missing, draft, hers):
    assert save(hers, draft, STEP, given).status_code == 302
    page = hers.get(url("check", draft))
    shown = [address.rpartition("#id_")[2] for address, _sentence in page.context["missing"]]
    assert shown == missing
    sent = hers.post(url("submit", draft))
    assert (sent.status_code, Guardian.objects.count()) == (
        (422, 0) if missing else (302, 1 + ("guardian2_name" in given))
    )


def test_an_address_that_became_hers_since_is_told_before_sending(draft, minor, hers):
    save(hers, draft, STEP, MOTHER)
    EmailAddress.objects.create(user=minor, email="samira@example.org", verified=True)
    page = hers.get(url("check", draft))
    assert [plain(sentence) for _address, sentence in page.context["missing"]] == [HERS]
    assert hers.post(url("submit", draft)).status_code == 422


# --- What is read of it -------------------------------------------------------------------------


def test_the_check_page_and_the_sent_copy_say_who_signs(draft, coordinator, hers, signed_in):
    save(hers, draft, STEP, MOTHER)
    assert "Samira Diop · samira@example.org" in text_of(hers.get(url("check", draft)))
    hers.post(url("submit", draft))
    assert "Samira Diop · samira@example.org" in text_of(hers.get(url("detail", draft)))
    page = signed_in(coordinator).get(reverse("admin:applications_application_change", args=[draft.pk]))
    part = next(part for part in page.context["parts"] if part.step is outline.GUARDIAN)
    assert (part.title, part.is_private) == ("Représentant·e légal·e", True)
    assert [passage.answer for passage in part.passages] == ["Samira Diop · samira@example.org", ""]


def test_sending_writes_to_whoever_signs_and_tells_her(draft, minor, hers):
    save(hers, draft, STEP, MOTHER | FATHER)
    hers.post(url("submit", draft))
    asked = Letter.objects.filter(kind="consents.guardian_request").order_by("id").values_list("to", flat=True)
    assert list(asked) == ["samira@example.org", "paul@example.org"]
    receipt = Letter.objects.get(kind="applications.receipt", to=minor.email)
    assert "nous avons écrit à Samira Diop et à Paul Diop" in plain(receipt.body)


def test_a_grown_ups_receipt_speaks_of_nobody(cohort, candidate):
    factories.make_sent(cohort, candidate)
    assert "18 ans" not in Letter.objects.get(kind="applications.receipt").body


def test_followed_by_hand_nobody_is_written_to_and_the_receipt_says_so_by_silence(draft, minor, hers):
    minor.is_followed_by_hand = True
    minor.save()
    hers.post(url("submit", draft))
    assert not Letter.objects.filter(kind="consents.guardian_request").exists()
    assert "nous avons écrit à" not in Letter.objects.get(kind="applications.receipt").body


def test_a_coordinator_types_it_from_paper(cohort, minor, coordinator, signed_in):
    application = drafting.start_on_behalf(cohort, minor, actor=coordinator)
    factories.fill(application, factories.complete_answers(application))
    staff = signed_in(coordinator)
    assert staff.get(url("step", application, STEP)).status_code == 200
    own = save(staff, application, STEP, MOTHER | {"guardian_email": minor.email})
    assert refused(own) == [HERS]
    save(staff, application, STEP, MOTHER)
    assert told(staff.post(url("submit", application)))[-1].startswith("La candidature est envoyée.")
    assert Guardian.objects.get().email == "samira@example.org"


# --- Changed since ------------------------------------------------------------------------------


def test_a_revision_shows_the_address_as_corrected_since(cohort, draft, minor, hers, now):
    transitions.submit(draft, actor=minor, now=now - timedelta(days=1))
    guardian = Guardian.objects.select_related("authorisation__person").get()
    guardians.correct_address(guardian, "corrigee@example.org", actor=minor, now=now)
    drafting.take_back(draft, actor=minor, now=now)
    assert 'value="corrigee@example.org"' in hers.get(url("step", draft, STEP)).content.decode()
    number = Guardian.objects.get().link_number
    transitions.submit(draft, actor=minor, now=now + timedelta(minutes=5))
    guardian = Guardian.objects.get()
    assert (guardian.email, guardian.link_number) == ("corrigee@example.org", number)


def test_a_revision_shows_the_second_person_named_since(draft, minor, hers, now):
    transitions.submit(draft, actor=minor, now=now - timedelta(days=1))
    authorisation = GuardianAuthorisation.objects.get()
    guardians.add_second(authorisation, name="Paul", email="paul@example.org", actor=minor, now=now)
    drafting.take_back(draft, actor=minor, now=now)
    assert {name: answers()[name] for name in FATHER} == {
        "guardian2_name": "Paul",
        "guardian2_email": "paul@example.org",
    }
    transitions.submit(draft, actor=minor, now=now + timedelta(minutes=5))
    assert Guardian.objects.count() == 2


def test_a_revision_of_somebody_of_age_names_nobody(cohort, candidate, now):
    sent = factories.make_sent(cohort, candidate)
    drafting.take_back(sent, actor=candidate, now=now)
    assert [name for name in answers() if name.startswith("guardian")] == []


# --- Before beginning ---------------------------------------------------------------------------


def test_a_minor_learns_before_beginning_what_she_will_need(cohort, hers):
    start = plain(text_of(hers.get(reverse("applications:start", args=[cohort.slug]))))
    assert (
        "le nom d’un·e représentant·e légal·e (mère, père, tuteur ou tutrice) et une adresse e-mail à elle ou à lui"
        in start
    )
    faq = plain(text_of(hers.get(reverse("portal:faq"))))
    assert "Personne ne peut signer ? Écrivez-nous, sans rien avoir à justifier." in faq


def test_a_cohort_of_grown_ups_does_not_speak_of_it(candidate, signed_in):
    grown = factories.make_cohort("open", min_age=18)
    page = text_of(signed_in(candidate).get(reverse("applications:start", args=[grown.slug])))
    assert "représentant·e" not in page

"""A candidate's pages, as she lives them: start, fill, leave, come back, check, send."""

import gzip
import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from applications import transitions
from applications.models import Application
from lifecycle import journal
from lifecycle.models import JournalEntry
from notifications.models import Letter
from tests import factories
from tests.applications.reading import ABOUT, BACKGROUND, NBSP, problems, project, text_of, title, told, url
from tests.house.pages import Page

pytestmark = pytest.mark.django_db
State = Application.State

# --- The whole way ------------------------------------------------------------------------------


def test_from_the_first_page_to_the_receipt(cohort, candidate, hers):
    candidate.first_name = candidate.last_name = candidate.region = ""
    candidate.birth_date = None
    candidate.save()
    start = reverse("applications:start", args=[cohort.slug])
    assert "Commencer ma candidature" in text_of(hers.get(start))
    opened = hers.post(start)
    application = Application.objects.get(cohort=cohort, candidate=candidate)
    assert opened.url == url("tasks", application)
    assert progress(hers, application) == ["à faire", "à faire", "à faire", "quand tout est rempli"]

    montage, son = factories.make_trades(3)[1:]
    steps = [("a-propos", ABOUT), ("parcours", BACKGROUND), ("projet", project(son, montage))]
    followed = [hers.post(url("step", application, step), {**data, "continue": ""}) for step, data in steps]
    assert [response.url for response in followed] == [
        url("step", application, "parcours"),
        url("step", application, "projet"),
        url("check", application),
    ]
    assert progress(hers, application) == ["fait", "fait", "fait", "à faire"]

    sent = hers.post(url("submit", application), follow=True)
    assert sent.redirect_chain == [(application.get_absolute_url(), 302)]
    assert told(sent) == ["Votre candidature est envoyée. Un courriel vous le confirme."]
    assert application.copies.get().content == {
        "first_name": "Inès",
        "last_name": "Belkacem",
        "birth_date": "2005-03-09",
        "region": "LRE",
        "phone": "+262692123456",
        "audience": "STUDENT",
        "background": "Un bac pro, puis la rue.\nEt un film.",
        "languages": ["fr", "ar"],
        "trades": [son.slug, montage.slug],
        "project": "Monter 🎬",
        "hopes": "Un regard",
        "accepts_remote": False,
    }
    assert Letter.objects.get(kind="applications.receipt").to == candidate.email
    receipt = text_of(hers.get(application.get_absolute_url())).replace(NBSP, " ")
    shown = [application.reference, "9 mars 2005", "La Réunion", "français, arabe", "Monter 🎬"]
    assert [words for words in shown if words not in receipt] == []


def progress(client, application) -> list[str]:
    page = client.get(url("tasks", application)).content.decode()
    return re.findall(r'<span class="tag [^>]*>(.*?)</span>', page)


def test_she_comes_back_to_what_she_wrote(cohort, candidate, hers):
    draft = factories.make_draft(cohort, candidate)
    saved = hers.post(url("step", draft, "parcours"), {"background": "À moitié", "list": ""}, follow=True)
    assert (saved.redirect_chain, told(saved)) == ([(url("tasks", draft), 302)], ["C’est enregistré."])
    assert progress(hers, draft) == ["fait", "en cours", "à faire", "quand tout est rempli"]
    assert "À moitié" in hers.get(url("step", draft, "parcours")).content.decode()
    again = hers.post(reverse("applications:start", args=[cohort.slug]))
    assert again.url == url("tasks", draft)


# --- Checking and sending -------------------------------------------------------------------------


def test_what_is_missing_is_listed_with_its_field(cohort, candidate, hers):
    draft = factories.make_draft(cohort, candidate)
    expected = [
        (url("step", draft, "parcours") + "#id_audience_0", "Dites-nous quelle est votre situation."),
        (url("step", draft, "parcours") + "#id_background", "Racontez votre parcours en quelques phrases."),
        (url("step", draft, "parcours") + "#id_languages_0", "Cochez au moins une langue que vous parlez."),
        (url("step", draft, "projet") + "#id_trade_1", "Choisissez au moins un métier."),
        (url("step", draft, "projet") + "#id_project", "Parlez-nous de votre projet."),
        (url("step", draft, "projet") + "#id_hopes", "Dites ce que vous attendez d’un·e mentor·e."),
    ]
    assert problems(hers.get(url("check", draft))) == expected
    refused = hers.post(url("submit", draft))
    assert (refused.status_code, problems(refused)) == (422, expected)
    assert title(refused).startswith(f"Erreur{NBSP}: ")
    fields = {
        step: set(Page(hers.get(url("step", draft, step)).content.decode()).ids) for step in ("parcours", "projet")
    }
    assert [a for a, _ in expected if a.split("#")[1] not in fields[a.split("/")[4]]] == []


def test_sending_twice_is_one_line_and_one_letter(cohort, candidate, hers):
    draft = factories.make_complete_draft(cohort, candidate)
    first, second = (hers.post(url("submit", draft)) for _click in range(2))
    assert [first.url, second.url] == [draft.get_absolute_url()] * 2
    assert told(second)[-1] == f"Cette candidature a déjà été envoyée{NBSP}: voici ce que nous avons reçu."
    lines = JournalEntry.objects.about(journal.ref(draft)).filter(action="application.submitted")
    assert (lines.count(), Letter.objects.count()) == (1, 1)


def test_a_sent_file_is_not_filled_any_more(cohort, candidate, hers):
    sent = factories.make_sent(cohort, candidate)
    late = hers.post(url("step", sent, "projet"), {"project": "Autre", "list": ""})
    assert (late.url, told(late)) == (
        sent.get_absolute_url(),
        [f"Cette candidature a déjà été envoyée{NBSP}: voici ce que nous avons reçu."],
    )
    pages = [hers.get(url(name, sent)).url for name in ("tasks", "check")]
    assert pages == [sent.get_absolute_url()] * 2
    assert Application.objects.get().project == factories.ANSWERS["project"]


# --- Before and after the call --------------------------------------------------------------------


def test_before_the_opening_the_page_says_when(candidate, hers):
    cohort = factories.make_cohort("upcoming")
    page = hers.get(reverse("applications:start", args=[cohort.slug]))
    assert "L’appel n’est pas encore ouvert." in text_of(page)
    assert "Commencer ma candidature" not in text_of(page)
    refused = hers.post(reverse("applications:start", args=[cohort.slug]))
    assert told(refused) == [sentence_at(cohort, cohort.opens_at - timedelta(seconds=1))]
    assert Application.objects.count() == 0


def test_after_the_closing_nothing_starts(closed_cohort, candidate, hers):
    page = hers.get(reverse("applications:start", args=[closed_cohort.slug]))
    assert "L’appel est clos depuis le" in text_of(page)
    refused = hers.post(reverse("applications:start", args=[closed_cohort.slug]))
    assert (refused.url, Application.objects.count()) == (reverse("applications:start", args=[closed_cohort.slug]), 0)


def test_a_late_post_stays_in_the_draft(cohort, candidate, hers):
    draft = factories.make_complete_draft(cohort, candidate)
    with time_machine.travel(cohort.closes_at + timedelta(seconds=1), tick=False):
        late = hers.post(url("step", draft, "parcours"), {**BACKGROUND, "continue": ""})
        refused = hers.post(url("submit", draft))
    closed = sentence_at(cohort, cohort.closes_at)
    assert (late.url, told(late)) == (url("step", draft, "projet"), [closed])
    assert (refused.url, told(refused)[-1]) == (url("tasks", draft), closed)
    kept = Application.objects.get()
    assert (kept.background, kept.state) == ("Un bac pro, puis la rue.\nEt un film.", State.DRAFT)
    assert Letter.objects.count() == 0


def sentence_at(cohort, moment) -> str:
    """What the call says to who comes at that moment."""
    with pytest.raises(transitions.CallClosed) as refusal:
        transitions.require_open(cohort, moment)
    return refusal.value.sentence


def test_after_the_closing_a_draft_can_be_read_and_not_sent(closed_cohort, candidate, hers):
    draft = factories.make_draft(closed_cohort, candidate)
    pages = [hers.get(url("tasks", draft)), hers.get(url("step", draft, "projet")), hers.get(url("check", draft))]
    assert ["L’appel est clos depuis le" in text_of(page) for page in pages] == [True] * 3
    assert ["Envoyer ma candidature" in text_of(page) for page in pages] == [False] * 3


# --- Who may --------------------------------------------------------------------------------------

PAGES = [("detail",), ("tasks",), ("step", "projet"), ("check",)]
POSTS = [("step", "projet"), ("submit",), ("confirm",)]


def test_a_file_is_nobody_elses(cohort, closed_cohort, candidate, hers, stranger, coordinator, mentor, signed_in):
    draft, sent = factories.make_complete_draft(cohort, candidate), factories.make_accepted(closed_cohort, candidate)
    assert [hers.get(url("tasks", draft)).status_code, hers.get(url("detail", sent)).status_code] == [200, 200]
    seen = set()
    for person in (stranger, mentor, coordinator):
        theirs = signed_in(person)
        for file in (draft, sent):
            seen |= {theirs.get(url(name, file, *more)).status_code for name, *more in PAGES}
            seen |= {theirs.post(url(name, file, *more)).status_code for name, *more in POSTS}
    assert seen == {404}
    assert sorted(Application.objects.values_list("state", flat=True)) == [State.ACCEPTED, State.DRAFT]


def test_what_does_not_exist_is_404(cohort, candidate, hers):
    draft = factories.make_draft(cohort, candidate)
    addresses = [
        url("step", draft, "autre"),
        "/candidature/P99-ZZZZ/",
        "/candidature/commencer/printemps-1999/",
        "/candidature/commencer/printemps-99999999999999999999/",
        "/candidature/commencer/printemps-" + "9" * 5000 + "/",
        "/candidature/commencer/rien/",
    ]
    assert [hers.get(address).status_code for address in addresses] == [404] * 6


def test_a_click_that_is_not_a_post_does_nothing(cohort, candidate, hers):
    draft = factories.make_complete_draft(cohort, candidate)
    assert [hers.get(url(name, draft)).status_code for name in ("submit", "confirm")] == [405, 405]
    assert Application.objects.get().state == State.DRAFT


def test_signing_in_comes_first(cohort, client):
    start = reverse("applications:start", args=[cohort.slug])
    assert client.get(start).url == f"{reverse('account_login')}?next={start}"


# --- Confirming -----------------------------------------------------------------------------------


def test_confirming_twice_is_told(closed_cohort, candidate, hers):
    accepted = factories.make_accepted(closed_cohort, candidate)
    first, second = (hers.post(url("confirm", accepted)) for _click in range(2))
    assert [first.url, second.url] == [reverse("portal:home")] * 2
    assert told(second)[-1] == "Cette action a déjà été faite, ou n’est plus possible."
    assert Letter.objects.filter(kind="applications.confirmed").count() == 1


# --- Weight ---------------------------------------------------------------------------------------


def test_each_page_takes_few_queries(cohort, candidate, hers, django_assert_max_num_queries):
    draft = factories.make_complete_draft(cohort, candidate)
    for name, *more in [("tasks",), ("step", "a-propos"), ("step", "parcours"), ("step", "projet"), ("check",)]:
        with django_assert_max_num_queries(8):
            assert hers.get(url(name, draft, *more)).status_code == 200
    transitions.submit(draft, actor=candidate)
    with django_assert_max_num_queries(8):
        assert hers.get(url("detail", draft)).status_code == 200


def test_the_heaviest_step_is_light(cohort, candidate, hers):
    draft = factories.make_complete_draft(cohort, candidate)
    page = hers.get(url("step", draft, "projet")).content
    assert len(gzip.compress(page)) < 8_000


def test_pages_are_well_made(cohort, candidate, hers):
    draft = factories.make_complete_draft(cohort, candidate)
    addresses = [reverse("applications:start", args=[cohort.slug])]
    addresses += [url("step", draft, step) for step in ("a-propos", "parcours", "projet")]
    addresses += [url("tasks", draft), url("check", draft)]
    for address in addresses:
        page = Page(hers.get(address).content.decode())
        assert (page.headings.count("h1"), page.unlabelled, page.doubled_ids) == (1, [], set()), address

"""A candidate's pages, as she lives them: start, fill, leave, come back, check, send."""

import re
from collections import Counter
from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from applications import drafting, transitions
from applications.models import Application
from lifecycle import journal
from lifecycle.models import JournalEntry
from notifications.models import Letter
from tests import factories
from tests.applications.reading import (
    BACKGROUND,
    NBSP,
    PROJECT,
    SAVED,
    STEPS,
    problems,
    save,
    seen,
    text_of,
    title,
    told,
    url,
)
from tests.house.pages import Page

pytestmark = pytest.mark.django_db
State = Application.State

# --- The whole way ------------------------------------------------------------------------------


TASKS = 14
"""Steps of a cohort without questions of its own."""


def test_from_the_first_page_to_the_receipt(cohort, candidate, hers):
    factories.make_trades(3)
    factories.make_texts()
    candidate.first_name = candidate.last_name = candidate.region = ""
    candidate.birth_date = None
    candidate.save()
    start = reverse("applications:start", args=[cohort.slug])
    assert "Commencer ma candidature" in text_of(hers.get(start))
    opened = hers.post(start)
    application = Application.objects.get(cohort=cohort, candidate=candidate)
    assert opened.url == url("tasks", application)
    assert Counter(progress(hers, application)) == {"à faire": 8, "facultatif": 6, "quand tout est rempli": 1}
    walked = []
    for step, data in STEPS.items():
        page = hers.get(url("step", application, step))
        walked.append(hers.post(url("step", application, step), {**data, "seen": seen(page), "continue": ""}).url)
    assert walked == [*(url("step", application, step) for step in list(STEPS)[1:]), url("check", application)]
    assert Counter(progress(hers, application)) == {"fait": TASKS, "à faire": 1}

    checked = answers_shown(hers.get(url("check", application)))
    sent = hers.post(url("submit", application), follow=True)
    assert sent.redirect_chain == [(application.get_absolute_url(), 302)]
    assert told(sent) == ["Votre candidature est envoyée. Un courriel vous le confirme."]
    assert application.copies.get().content == {**SAVED, "questions": {}, "asked": []}
    assert Letter.objects.get(kind="applications.receipt").to == candidate.email
    receipt = hers.get(application.get_absolute_url())
    assert (answers_shown(receipt), len(checked)) == (checked, 25)
    shown = [application.reference, "9 mars 2005", "97400 (La Réunion)", "français, arabe", "Monter 🎬", "M. X."]
    assert [words for words in shown if words not in text_of(receipt).replace(NBSP, " ")] == []


@pytest.mark.parametrize("name", ["check", "detail"])
def test_a_question_left_free_and_unanswered_is_not_told_as_missing(cohort, candidate, hers, name):
    factories.make_question(cohort, "Avez-vous déjà vu un tournage ?", kind="YES_NO", is_required=False)
    application = factories.make_complete_draft(cohort, candidate, questions={})
    if name == "detail":
        transitions.submit(application, actor=candidate)
    shown = text_of(hers.get(url(name, application)))
    assert ("Avez-vous déjà vu un tournage ? facultatif, laissé vide" in shown, "pas encore rempli" in shown) == (
        True,
        False,
    )


def answers_shown(response) -> list[tuple[str, str]]:
    """(question, answer) of each line of the summary."""
    return re.findall(r"<dt>([^<]*)</dt>\s*<dd dir=\"auto\">(.*?)</dd>", response.content.decode(), re.S)


def progress(client, application) -> list[str]:
    page = client.get(url("tasks", application)).content.decode()
    return re.findall(r'<span class="tag [^>]*>(.*?)</span>', page)


def test_what_is_sent_becomes_what_staff_work_with(cohort, candidate, hers):
    factories.make_trades(3)
    factories.make_texts()
    draft = factories.make_draft(cohort, candidate)
    for step, data in STEPS.items():
        save(hers, draft, step, data)
    hers.post(url("submit", draft))
    sent = Application.objects.select_related("candidate").get()
    facts = ("audience", "background", "languages", "project", "hopes", "accepts_remote", "slots", "mobility")
    facts += ("structure", "referent_name", "referent_email", "gender", "social_criteria")
    assert {name: getattr(sent, name) for name in facts} == {name: SAVED[name] for name in facts}
    assert [trade.slug for trade in sent.ranked_trades] == SAVED["trades"]
    person = sent.candidate
    assert (person.first_name, person.last_name, person.region) == ("Inès", "Belkacem", "LRE")
    assert (person.birth_date, str(person.phone)) == (date(2005, 3, 9), "+262692123456")
    agreed = {consent.version.key for consent in person.consents.standing()}
    assert agreed == {"regles", "vie-privee"}
    assert hers.get(url("tasks", draft)).url == sent.get_absolute_url()


def test_she_comes_back_to_what_she_wrote(cohort, candidate, hers):
    draft = factories.make_draft(cohort, candidate)
    saved = save(hers, draft, "parcours", {"background": "À moitié"}, follow=True)
    assert (saved.redirect_chain, told(saved)) == ([(url("tasks", draft), 302)], ["C’est enregistré."])
    states = Counter(progress(hers, draft))
    assert states == {"fait": 1, "en cours": 1, "à faire": 6, "facultatif": 6, "quand tout est rempli": 1}
    assert "À moitié" in hers.get(url("step", draft, "parcours")).content.decode()
    again = hers.post(reverse("applications:start", args=[cohort.slug]))
    assert again.url == url("tasks", draft)


# --- Checking and sending -------------------------------------------------------------------------


def test_what_is_missing_is_listed_with_its_field(cohort, candidate, hers):
    factories.make_texts()
    question = factories.make_question(cohort, "Quel film ?")
    draft = factories.make_draft(cohort, candidate)
    expected = [
        (f"{url('step', draft, step)}?verifier#{anchor}", sentence)
        for step, anchor, sentence in [
            ("coordonnees", "id_postcode", "Indiquez le code postal de l’endroit où vous vivez."),
            ("situation", "id_audience_0", "Dites-nous quelle est votre situation."),
            ("parcours", "id_background", "Racontez votre parcours en quelques phrases."),
            ("parcours", "id_languages_0", "Cochez au moins une langue que vous parlez."),
            ("metiers", "id_trade_1", "Choisissez au moins un métier."),
            ("metiers", "id_attraction", "Dites ce qui vous attire dans ce métier."),
            ("projet", "id_project", "Parlez-nous de votre projet."),
            ("projet", "id_hopes", "Dites ce que vous attendez d’un·e mentor·e."),
            ("questions", f"id_question_{question.pk}", f"Répondez à la question «{NBSP}Quel film ?{NBSP}»."),
            ("disponibilites", "id_slots_0", "Cochez au moins un moment où vous êtes d’ordinaire disponible."),
            ("disponibilites", "id_accepts_remote_0", "Dites si vos rendez-vous peuvent se faire à distance."),
            ("disponibilites", "id_mobility_0", "Dites jusqu’où vous pouvez vous déplacer."),
            ("accords", "id_rules", "Lisez les règles du programme, et acceptez-les."),
            ("accords", "id_privacy", "Lisez ce que deviennent vos réponses, et cochez la case."),
        ]
    ]
    assert problems(hers.get(url("check", draft))) == expected
    refused = hers.post(url("submit", draft))
    assert (refused.status_code, problems(refused)) == (422, expected)
    assert title(refused).startswith(f"Erreur{NBSP}: ")
    ids = {
        address: set(Page(hers.get(address).content.decode()).ids) for address in {a.split("#")[0] for a, _ in expected}
    }
    assert [a for a, _ in expected if a.split("#")[1] not in ids[a.split("#")[0]]] == []


def test_a_step_opened_by_a_link_of_the_check_page_leads_back_to_it(cohort, candidate, hers):
    """Its form has an address of its own, errors included: else it would keep the fragment of the link followed."""
    draft = factories.make_complete_draft(cohort, candidate)
    address = url("step", draft, "projet")
    action = f'action="{address}?verifier"'
    assert f'href="{address}?verifier#id_hopes"' in hers.get(url("check", draft)).content.decode()
    page = hers.get(f"{address}?verifier")
    refused = hers.post(f"{address}?verifier", {"project": "x" * 4001, "seen": seen(page), "continue": ""})
    assert [action in response.content.decode() for response in (page, refused)] == [True, True]
    saved = [
        hers.post(opened, {**PROJECT, "seen": seen(hers.get(opened)), "continue": ""})
        for opened in (f"{address}?verifier", address)
    ]
    assert [response.url for response in saved] == [url("check", draft), url("step", draft, "liens")]


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


def test_yesterdays_form_posted_to_a_withdrawn_file_changes_nothing(cohort, candidate, hers):
    sent = factories.make_sent(cohort, candidate)
    hers.post(url("take_back", sent))
    page = hers.get(url("step", sent, "projet"))
    transitions.withdraw(sent, actor=candidate)
    late = hers.post(url("step", sent, "projet"), {**PROJECT, "seen": seen(page), "continue": ""})
    again = hers.post(url("submit", sent))
    assert [late.url, again.url] == [sent.get_absolute_url()] * 2
    assert (Application.objects.get().state, sent.copies.count()) == (State.WITHDRAWN, 1)


# --- Taking back, and sending again ---------------------------------------------------------------


def test_what_was_sent_counts_until_she_sends_again(cohort, candidate, hers):
    sent = factories.make_sent(cohort, candidate)
    taken = hers.post(url("take_back", sent))
    assert taken.url == url("tasks", sent)
    assert save(hers, sent, "projet", PROJECT).status_code == 302
    kept = Application.objects.get()
    assert (kept.state, kept.project) == (State.SUBMITTED, factories.ANSWERS["project"])
    receipt = text_of(hers.get(sent.get_absolute_url()))
    assert (factories.ANSWERS["project"] in receipt, "Monter 🎬" in receipt) == (True, False)

    hers.post(url("submit", sent))
    assert (Application.objects.get().project, sent.copies.count()) == ("Monter 🎬", 2)
    subjects = Letter.objects.filter(kind="applications.receipt").order_by("id").values_list("subject", flat=True)
    assert list(subjects) == [
        f"Votre candidature est bien arrivée ({sent.reference})",
        f"Votre nouvelle version est bien arrivée ({sent.reference})",
    ]


def test_changes_are_given_up(cohort, candidate, hers):
    sent = factories.make_sent(cohort, candidate)
    hers.post(url("take_back", sent))
    save(hers, sent, "projet", PROJECT)
    asked = hers.get(url("drop_revision", sent))
    assert (asked.status_code, "Oui, les abandonner" in text_of(asked)) == (200, True)
    assert hers.get(url("tasks", sent)).status_code == 200
    given_up = hers.post(url("drop_revision", sent))
    assert (given_up.url, told(given_up)[-1]) == (
        sent.get_absolute_url(),
        "Vos changements sont abandonnés. Ce que vous aviez envoyé compte.",
    )
    assert (hers.get(url("tasks", sent)).url, sent.copies.count()) == (sent.get_absolute_url(), 1)


def test_after_the_closing_nothing_is_taken_back(cohort, candidate, hers):
    sent = factories.make_sent(cohort, candidate)
    button = "Modifier ma candidature"
    assert button in text_of(hers.get(sent.get_absolute_url()))
    with time_machine.travel(cohort.closes_at, tick=False):
        assert button not in text_of(hers.get(sent.get_absolute_url()))
        late = hers.post(url("take_back", sent))
    assert (late.url, told(late)) == (sent.get_absolute_url(), [sentence_at(cohort, cohort.closes_at)])


def test_changes_not_sent_in_time_are_not_read(cohort, candidate, hers):
    sent = factories.make_sent(cohort, candidate)
    hers.post(url("take_back", sent))
    save(hers, sent, "projet", PROJECT)
    with time_machine.travel(cohort.closes_at, tick=False):
        page = text_of(hers.get(url("tasks", sent)))
        refused = hers.post(url("submit", sent))
    assert "C’est la version que vous aviez envoyée qui compte" in page
    assert (refused.url, told(refused)[-1]) == (url("tasks", sent), sentence_at(cohort, cohort.closes_at))
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
        page = hers.get(url("step", draft, "parcours"))
        late = hers.post(url("step", draft, "parcours"), {**BACKGROUND, "seen": seen(page), "continue": ""})
        refused = hers.post(url("submit", draft))
    closed = sentence_at(cohort, cohort.closes_at)
    assert (late.url, told(late)) == (url("step", draft, "metiers"), [closed])
    assert (refused.url, told(refused)[-1]) == (url("tasks", draft), closed)
    kept = Application.objects.get()
    assert (kept.draft.answers["background"], kept.state) == ("Un bac pro, puis la rue.\nEt un film.", State.DRAFT)
    assert Letter.objects.count() == 0


def sentence_at(cohort, moment) -> str:
    """What the call says to who comes at that moment."""
    with pytest.raises(drafting.CallClosed) as refusal:
        drafting.require_open(cohort, moment)
    return refusal.value.sentence


def test_after_the_closing_a_draft_can_be_read_and_not_sent(closed_cohort, candidate, hers):
    draft = factories.make_draft(closed_cohort, candidate)
    pages = [hers.get(url("tasks", draft)), hers.get(url("step", draft, "projet")), hers.get(url("check", draft))]
    assert ["L’appel est clos depuis le" in text_of(page) for page in pages] == [True] * 3
    assert ["Envoyer ma candidature" in text_of(page) for page in pages] == [False] * 3


# --- Who may --------------------------------------------------------------------------------------

PAGES = [("detail",), ("tasks",), ("step", "projet"), ("check",)]
POSTS = [("step", "projet"), ("submit",), ("take_back",), ("drop_revision",), ("confirm",)]


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
    assert [hers.get(url(name, draft)).status_code for name in ("submit", "take_back", "confirm")] == [405] * 3
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


# --- How they are made ----------------------------------------------------------------------------


def test_pages_are_well_made(cohort, candidate, hers):
    factories.make_question(cohort)
    draft = factories.make_complete_draft(cohort, candidate)
    addresses = [reverse("applications:start", args=[cohort.slug])]
    addresses += [url("step", draft, step) for step in (*STEPS, "questions")]
    addresses += [url("tasks", draft), url("check", draft)]
    for address in addresses:
        page = Page(hers.get(address).content.decode())
        assert (page.headings.count("h1"), page.unlabelled, page.doubled_ids) == (1, [], set()), address

"""Publishing, as a coordinator finds it: the whole before anything, a second person, the progress, the way back."""

import re
from datetime import timedelta
from unittest import mock

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from applications import emails
from applications.models import Application
from cohorts.models import Cohort
from consents.models import GuardianAuthorisation
from lifecycle.models import JournalEntry
from matching import falls
from notifications import addresses, delivery
from notifications.models import Letter
from reviews import releasing, transitions
from reviews.models import Decision, Release
from tests import factories

pytestmark = pytest.mark.django_db

SELECTION, PUBLISH = "admin:reviews_selection", "admin:reviews_selection_publish"


def text(answer) -> str:
    """What a person reads in the page's content, on one line."""
    content = answer.content.decode().partition('<div id="content-main"')[2]
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>|&nbsp;|\u00a0", " ", content)).replace("&#x27;", "’")
    return re.sub(r" ([,.)])", r"\1", words)


def told(answer) -> list[str]:
    return [str(message).replace("\u00a0", " ") for message in answer.context["messages"]]


def everything():
    """All that a page could have written by mistake."""
    models = (Application, Decision, Release, Letter, JournalEntry, GuardianAuthorisation)
    return [list(model.objects.order_by("pk").values()) for model in models]


@pytest.fixture
def marked(closed_cohort, coordinator, candidate, minor):
    """Inès and Lina to accept, one to put on the waiting list, two to refuse, one file without a decision."""
    ines, lina = (factories.make_sent(closed_cohort, person) for person in (candidate, minor))
    wait, *others = (factories.make_sent(closed_cohort) for _file in range(3))
    undecided = factories.make_sent(closed_cohort)
    for file in (ines, lina):
        transitions.mark(file, "ACCEPTED", actor=coordinator)
    transitions.mark(wait, "WAITLISTED", actor=coordinator)
    for file in others:
        transitions.mark(file, "REJECTED", shared_reason="Un projet à préciser.", actor=coordinator)
    return [ines, lina, wait, *others, undecided]


@pytest.fixture
def moussa():
    """Who coordinates with Claire."""
    return factories.make_coordinator(factories.make_user("Moussa", "Keïta"))


@pytest.fixture
def by_two(closed_cohort):
    """The cohort wants two people."""
    Cohort.objects.filter(pk=closed_cohort.pk).update(needs_two_people=True)
    closed_cohort.refresh_from_db()
    return closed_cohort


@pytest.fixture
def claire(coordinator, signed_in):
    return signed_in(coordinator)


def publish_page(cohort) -> str:
    return reverse(PUBLISH, args=[cohort.pk])


def page_of(release) -> str:
    return reverse("admin:reviews_release_page", args=[release.pk])


def act(browser, release, name, **posted):
    return browser.post(reverse(f"admin:reviews_release_{name}", args=[release.pk]), posted, follow=True)


def propose(browser, cohort):
    seen = browser.get(publish_page(cohort)).context["whole"].fingerprint
    return browser.post(publish_page(cohort), {"seen": seen}, follow=True)


# --- The whole, before anything -------------------------------------------------------------------


def test_the_page_says_what_leaves_to_whom_and_writes_nothing(closed_cohort, marked, claire):
    before = everything()
    page = claire.get(publish_page(closed_cohort))
    assert everything() == before
    words = text(page)
    for said in (
        "5 courriels, tous au même moment",
        "2 acceptations, dont 1 « sous réserve » de l’autorisation",
        "1 mise sur liste d’attente",
        "2 refus, dont 2 avec une raison partagée",
        "1 mineur·e « sous réserve »",
        "1 candidature sans décision",
        "Elle ne recevra rien cette fois.",
        "Annoncer ces 5 décisions",
        "Bonjour Inès",
        "Bonjour Lina",
    ):
        assert said in words, said
    examples = [(e.decision.outcome, e.is_awaiting, e.count) for e in page.context["whole"].examples]
    assert examples == [("ACCEPTED", False, 1), ("ACCEPTED", True, 1), ("WAITLISTED", False, 1), ("REJECTED", False, 2)]
    assert [(s.text, len(s.decisions)) for s in page.context["whole"].shared] == [("Un projet à préciser.", 2)]


def test_what_asks_for_care_is_named(closed_cohort, marked, claire, now):
    ines, lina, wait, *_others = marked
    addresses.note_refusal(ines.candidate.email, "550 5.1.1 unknown", now=now)
    User.objects.filter(pk=wait.candidate_id).update(is_followed_by_hand=True)
    whole = claire.get(publish_page(closed_cohort)).context["whole"]
    assert [(d.application, a.said) for d, a in whole.refusing] == [(ines, "550 5.1.1 unknown")]
    assert [d.application for d in whole.by_hand] == [wait]
    assert [d.application for d in whole.on_condition] == [lina]
    words = text(claire.get(publish_page(closed_cohort)))
    assert "1 adresse refuse le courrier" in words
    assert "550 5.1.1 unknown" in words
    assert "1 personne en suivi manuel" in words


def test_nothing_to_care_about_is_said(closed_cohort, coordinator, claire):
    transitions.mark(factories.make_sent(closed_cohort), "ACCEPTED", actor=coordinator)
    assert "Rien de particulier" in text(claire.get(publish_page(closed_cohort)))


def test_the_waiting_list_is_shown_in_the_order_that_is_written(closed_cohort, coordinator, claire):
    factories.make_waitlisted(closed_cohort)
    reader = factories.make_reviewer(closed_cohort)
    low, high = (factories.make_sent(closed_cohort) for _file in range(2))
    factories.make_reading(low, reader, score=2)
    factories.make_reading(high, reader, score=5)
    for file in (low, high):
        transitions.mark(file, "WAITLISTED", actor=coordinator)
    shown = [(d.application, d.rank) for d in claire.get(publish_page(closed_cohort)).context["whole"].waiting]
    assert shown == [(high, 2), (low, 3)]
    propose(claire, closed_cohort)
    releasing.work(Release.objects.latest("pk"))
    assert [Application.objects.get(pk=file.pk).waitlist_rank for file in (high, low)] == [2, 3]


def test_the_examples_are_the_letters_that_leave(closed_cohort, marked, claire):
    examples = claire.get(publish_page(closed_cohort)).context["whole"].examples
    propose(claire, closed_cohort)
    releasing.work(Release.objects.get())
    for example in examples:
        reference = f"applications.application:{example.decision.application_id}"
        letter = Letter.objects.about(reference).filter(key__contains=":decision:").get()
        assert (letter.subject, letter.body) == (example.subject, example.body)


def test_a_letter_that_cannot_be_written_is_said_before_anything(closed_cohort, marked, claire):
    with mock.patch.object(emails, "preview_decision", side_effect=KeyError("shared_reason")):
        words = text(claire.get(publish_page(closed_cohort)))
    assert "Ce courriel ne peut pas être écrit" in words
    assert "Annoncer ces" not in words
    assert "Annoncer ces" in text(claire.get(publish_page(closed_cohort)))


def test_as_many_queries_for_three_and_for_nine(closed_cohort, coordinator, claire):
    counts = []
    for _turn in range(3):
        for outcome in ("ACCEPTED", "WAITLISTED", "REJECTED"):
            transitions.mark(factories.make_sent(closed_cohort), outcome, actor=coordinator)
        with CaptureQueriesContext(connection) as captured:
            claire.get(publish_page(closed_cohort))
        counts.append(len(captured))
    assert counts[0] == counts[2]


def test_over_the_places_the_page_says_so_and_offers_no_button(closed_cohort, marked, claire):
    Cohort.objects.filter(pk=closed_cohort.pk).update(places=1)
    words = text(claire.get(publish_page(closed_cohort)))
    assert "1 acceptation de trop" in words
    assert "Annoncer ces" not in words


def test_nothing_to_publish_is_said(closed_cohort, claire):
    assert "Il n’y a aucune décision à publier." in text(claire.get(publish_page(closed_cohort)))


# --- One person is enough -------------------------------------------------------------------------


def test_one_post_starts_it_and_its_page_follows(closed_cohort, marked, claire, now):
    answer = propose(claire, closed_cohort)
    release = Release.objects.get()
    assert answer.redirect_chain[-1][0] == page_of(release)
    assert told(answer) == ["L’annonce est lancée. Les décisions se montreront toutes au même moment."]
    assert "0 sur 5 réponses préparées" in text(answer)

    again = claire.post(publish_page(closed_cohort), {"seen": ""}, follow=True)
    assert again.redirect_chain[-1][0] == page_of(release)
    assert told(again) == ["Une annonce est déjà ouverte pour cette promotion : la voici."]

    releasing.apply(release.decisions.earliest("application_id"), now=now)
    assert "1 sur 5 réponses préparées" in text(claire.get(page_of(release)))
    selection = claire.get(reverse(SELECTION, args=[closed_cohort.pk]))
    assert "1 sur 5 réponses préparées" in text(selection)

    releasing.work(release)
    delivery.send_due()
    words = text(claire.get(page_of(release)))
    assert "décisions annoncées" in words
    assert "5 envoyés" in words
    assert "Suivre la liste d’attente" in words
    assert "5 décisions annoncées le" in text(claire.get(reverse(SELECTION, args=[closed_cohort.pk])))


@pytest.mark.parametrize("seen", ["", "0" * 64, "é" * 5000])
def test_what_was_not_shown_is_asked_again(closed_cohort, marked, claire, seen):
    answer = claire.post(publish_page(closed_cohort), {"seen": seen}, follow=True)
    assert answer.redirect_chain[-1][0] == publish_page(closed_cohort)
    assert told(answer) == ["Les décisions ont changé pendant que vous lisiez cette page. Relisez, puis publiez."]
    assert not Release.objects.exists()


def test_it_is_stopped_taken_up_and_given_up_from_its_page(closed_cohort, marked, claire):
    propose(claire, closed_cohort)
    release = Release.objects.get()
    assert told(act(claire, release, "stop")) == ["L’annonce est arrêtée. Personne n’en a rien vu."]
    assert told(act(claire, release, "stop")) == ["Cette annonce est arrêtée. Vous pouvez la reprendre, ou y renoncer."]
    assert told(act(claire, release, "resume")) == ["L’annonce reprend là où elle en était."]
    assert told(act(claire, release, "abandon")) == ["Cette annonce est déjà lancée. Vous pouvez encore l’arrêter."]
    act(claire, release, "stop")
    answer = act(claire, release, "abandon")
    assert told(answer) == [
        "Vous avez renoncé à cette annonce. Rien n’est parti, et ses décisions sont de nouveau libres."
    ]
    assert "On a renoncé à cette annonce" in text(answer)
    assert told(act(claire, release, "resume")) == [
        "Quelqu’un vient de renoncer à cette annonce : ses décisions sont de nouveau libres."
    ]
    assert Decision.objects.pending().count() == 5


def test_what_could_not_be_prepared_is_shown_with_two_ways_out(closed_cohort, marked, claire):
    propose(claire, closed_cohort)
    release = Release.objects.get()
    first, second, *_others = release.decisions.order_by("application_id")
    Decision.objects.filter(pk__in=[first.pk, second.pk]).update(trouble="KeyError : 'x'")
    releasing.work(release)
    words = text(claire.get(page_of(release)))
    assert "3 sur 5 réponses préparées" in words
    assert "Des décisions mises de côté" in words
    assert "KeyError : " in words

    url = reverse("admin:reviews_release_take_out", args=[release.pk, first.pk])
    answer = claire.post(url, follow=True)
    assert told(answer) == ["La décision est sortie de l’annonce : elle attend de nouveau d’être publiée."]
    assert told(claire.post(url, follow=True)) == ["Cette décision n’est plus mise de côté."]
    assert told(act(claire, release, "retry")) == ["Ces décisions vont être essayées de nouveau."]
    releasing.work(release)
    release.refresh_from_db()
    assert (release.state, release.decisions.count(), Decision.objects.pending().count()) == ("DONE", 4, 1)


def test_a_done_announcement_names_what_was_closed_without_a_letter(closed_cohort, marked, claire):
    propose(claire, closed_cohort)
    release, gone = Release.objects.get(), marked[0]
    falls.withdraw_application(gone, actor=gone.candidate)
    releasing.work(release)
    page = claire.get(page_of(release))
    assert [decision.application for decision in page.context["closed"]] == [gone]
    assert page.context["standing"].told == {"ACCEPTED": 1, "WAITLISTED": 1, "REJECTED": 2}
    assert page.context["standing"].letters == {"QUEUED": 4}


# --- Two people -----------------------------------------------------------------------------------


def test_who_proposed_waits_and_who_did_not_confirms(by_two, marked, claire, coordinator, moussa, signed_in):
    answer = propose(claire, by_two)
    assert told(answer) == ["L’annonce est proposée. Rien n’est parti : une autre personne doit la confirmer."]
    release = Release.objects.get()
    words = text(answer)
    assert "Moussa Keïta a reçu un courriel" in words
    assert "Confirmer l’annonce de" not in words
    refused = act(claire, release, "confirm", seen=answer.context["whole"].fingerprint)
    assert told(refused) == ["Vous avez proposé cette annonce : une autre personne de la coordination la confirme."]

    browser = signed_in(moussa)
    page = browser.get(page_of(release))
    assert "Confirmer l’annonce de ces 5 décisions" in text(page)
    assert "Bonjour Inès" in text(page)
    assert told(act(browser, release, "confirm", seen="")) == [
        "Quelque chose a changé pendant que vous lisiez cette page. Relisez, puis confirmez."
    ]
    answer = act(browser, release, "confirm", seen=page.context["whole"].fingerprint)
    assert told(answer) == ["C’est confirmé, l’annonce est lancée. Les décisions se montreront toutes au même moment."]
    release.refresh_from_db()
    assert (release.state, release.proposed_by, release.confirmed_by) == ("RUNNING", coordinator, moussa)


def test_alone_she_is_told_what_to_do(by_two, marked, claire):
    words = text(claire.get(publish_page(by_two)))
    assert "vous êtes seul·e à la coordination" in words
    assert "personne d’autre ne peut confirmer" in text(propose(claire, by_two))


def test_a_file_of_a_proposed_announcement_says_who_holds_it(by_two, marked, claire, coordinator):
    propose(claire, by_two)
    answer = claire.post(reverse("admin:applications_application_mark_waitlisted", args=[marked[0].pk]), follow=True)
    assert told(answer) == [
        f"La décision de ce dossier fait partie de l’annonce proposée par {coordinator.get_full_name()}, qui attend "
        "d’être confirmée. Pour la changer, renoncez d’abord à cette annonce, depuis la sélection de la promotion."
    ]


# --- Who enters -----------------------------------------------------------------------------------


def test_only_coordinators_publish(closed_cohort, marked, claire, reviewer, candidate, stranger, signed_in):
    propose(claire, closed_cohort)
    release = Release.objects.get()
    decision = release.decisions.first()
    verbs = [
        reverse(f"admin:reviews_release_{name}", args=[release.pk])
        for name in ("confirm", "abandon", "stop", "resume", "retry")
    ]
    verbs.append(reverse("admin:reviews_release_take_out", args=[release.pk, decision.pk]))
    before = everything()
    assert claire.get(page_of(release)).status_code == 200
    for person, refused in ((reviewer, 403), (candidate, 302), (stranger, 302)):
        browser = signed_in(person)
        assert browser.get(page_of(release)).status_code == refused
        assert {browser.post(url).status_code for url in (*verbs, publish_page(closed_cohort))} == {refused}
    assert {claire.get(url).status_code for url in verbs} == {405}
    assert everything() == before
    assert claire.get(page_of(Release(pk=99999))).status_code == 404
    assert act(claire, release, "stop").status_code == 200


def test_a_decision_of_yesterday_is_prepared_anew(closed_cohort, marked, now):
    """A term to confirm is counted from the announcement, not from the day on which the letter was prepared."""
    release = releasing.propose(closed_cohort, actor=marked[0].candidate, now=now)
    releasing.apply(release.decisions.get(application=marked[0]), now=now - timedelta(days=2))
    releasing.work(release, now=now)
    file = Application.objects.get(pk=marked[0].pk)
    assert file.confirm_by.date() == (now + timedelta(days=closed_cohort.confirm_days)).date()


def test_only_those_who_still_wait_come_before_the_new_list(closed_cohort, coordinator, signed_in):
    """Ranks count those who were called too."""
    called, _waits = (factories.make_waitlisted(closed_cohort) for _file in range(2))
    Application.objects.filter(pk=called.pk).update(state="WITHDRAWN")
    transitions.mark(factories.make_sent(closed_cohort), "WAITLISTED", actor=coordinator)
    shown = text(signed_in(coordinator).get(reverse(PUBLISH, args=[closed_cohort.pk])))
    assert "dans cet ordre, après la personne qui attend déjà" in shown

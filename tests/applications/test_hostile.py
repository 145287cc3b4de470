"""What a clumsy or a hostile person does to a file: each time a sentence, or nothing at all."""

from datetime import timedelta

import pytest
from django.db import connection

from applications import completeness, drafting, files, transitions
from applications.models import Draft
from cohorts.models import Question
from consents import transitions as consents
from consents.models import Consent, TextVersion
from consents.queries import current_texts, standing
from lifecycle.models import JournalEntry
from notifications.models import Letter
from tests import factories
from tests.applications.reading import NBSP, PROJECT, save, seen, told, url

pytestmark = pytest.mark.django_db

IMAGE = TextVersion.Key.IMAGE


# --- The agreement to be photographed ------------------------------------------------------------


def sent(cohort, candidate, **answers):
    application = factories.make_complete_draft(cohort, candidate, **answers)
    transitions.submit(application, actor=candidate)
    return application


def send_again(application, candidate):
    drafting.take_back(application, actor=candidate)
    factories.fill(application, {"project": "Un autre"})
    transitions.submit(application, actor=candidate)


def test_an_agreement_taken_back_is_not_given_again_by_sending_again(cohort, candidate):
    application = sent(cohort, candidate, image=1)
    assert IMAGE in standing(candidate)
    consents.take_back(candidate, IMAGE, actor=candidate)
    send_again(application, candidate)
    assert IMAGE not in standing(candidate)
    assert [copy.content["image"] for copy in application.copies.all()] == [None, 1]


def test_an_agreement_given_since_is_not_taken_back_by_sending_again(cohort, candidate):
    application = sent(cohort, candidate, image=None)
    assert IMAGE not in standing(candidate)
    consents.agree(candidate, current_texts()[IMAGE], actor=candidate)
    send_again(application, candidate)
    assert IMAGE in standing(candidate)
    assert Consent.objects.filter(person=candidate, version__key=IMAGE).count() == 1


def test_unticking_in_a_new_version_takes_it_back(cohort, candidate):
    application = sent(cohort, candidate, image=1)
    drafting.take_back(application, actor=candidate)
    factories.fill(application, {"image": None})
    transitions.submit(application, actor=candidate)
    assert IMAGE not in standing(candidate)


# --- Twice ----------------------------------------------------------------------------------------


def letters() -> int:
    return Letter.objects.filter(kind="applications.more_asked").count()


def test_two_clicks_on_reopen_write_one_letter(closed_cohort, candidate, coordinator, now):
    application = factories.make_sent(closed_cohort, candidate, now=now)
    until = factories.paris(now.date(), 18) + timedelta(days=3)
    for second in range(3):
        later = now + timedelta(seconds=second)
        drafting.reopen(application, until=until, request="Le lien ne marche plus.", actor=coordinator, now=later)
    assert letters() == 1
    drafting.reopen(application, until=until, request="Et le film ?", actor=coordinator, now=later)
    assert letters() == 2
    transitions.submit(application, actor=candidate, now=later)
    drafting.reopen(application, until=until, request="Le lien ne marche plus.", actor=coordinator, now=later)
    assert letters() == 3
    opened = JournalEntry.objects.filter(action="application.revision_opened")
    assert opened.count() == 2


# --- Between two reads ----------------------------------------------------------------------------


def _gone_once_refused(application):
    """Another tab gives the draft up between the refusal of a verb and the page that tells it."""

    def also(execute, sql, *rest):
        result = execute(sql, *rest)
        if sql.startswith("ROLLBACK TO"):
            Draft.objects.filter(application=application).delete()
        return result

    return connection.execute_wrapper(also)


def test_a_stale_save_of_a_file_sent_meanwhile_is_a_page(cohort, candidate, hers):
    application = factories.make_complete_draft(cohort, candidate)
    old = seen(hers.get(url("step", application, "projet")))
    assert save(hers, application, "projet", PROJECT).status_code == 302
    with _gone_once_refused(application):
        response = hers.post(url("step", application, "projet"), {"project": "À moi", "hopes": "", "seen": old})
    assert not Draft.objects.exists()
    assert response.status_code == 409
    assert "À moi" in response.content.decode()
    assert PROJECT["project"] in response.content.decode()


def test_sending_a_file_given_up_meanwhile_leads_to_the_receipt(cohort, candidate, hers):
    application = sent(cohort, candidate)
    drafting.take_back(application, actor=candidate)
    factories.fill(application, {"project": ""})
    assert hers.post(url("submit", application)).status_code == 422
    with _gone_once_refused(application):
        response = hers.post(url("submit", application))
    assert not Draft.objects.exists()
    assert (response.status_code, response.url) == (302, application.get_absolute_url())


# --- Words that say nothing -----------------------------------------------------------------------


@pytest.mark.parametrize("name", ["\u200b", "\u00ad\u2060", "\u0301", "\ue000"])
def test_a_name_that_cannot_be_seen_is_missing(name, cohort, candidate, hers):
    application = factories.make_complete_draft(cohort, candidate, first_name=name)
    fields = [m.field for m in completeness.missing(files.File(application, application.draft))]
    assert fields == ["first_name"]


@pytest.mark.parametrize("name", ["O", "D’", "-", "李", "م", "🎬", "x" * 60])
def test_a_short_or_rare_name_is_a_name(name, cohort, candidate):
    application = factories.make_complete_draft(cohort, candidate, first_name=name)
    assert completeness.missing(files.File(application, application.draft)) == []


# --- Questions that change under her hands --------------------------------------------------------


@pytest.mark.parametrize("kind", [Question.Kind.CHOICE, Question.Kind.YES_NO])
def test_an_answer_that_no_longer_fits_its_question_is_asked_again(kind, cohort, candidate):
    question = factories.make_question(cohort, is_required=False)
    application = factories.make_complete_draft(cohort, candidate, questions={str(question.pk): "Un film"})
    assert completeness.missing(files.File(application, application.draft)) == []
    question.kind, question.choices = kind, ["Le matin", "Le soir"] if kind == Question.Kind.CHOICE else []
    question.save()
    told = [(m.field, m.sentence) for m in completeness.missing(files.File(application, application.draft))]
    assert told == [(f"question_{question.pk}", f"Choisissez de nouveau{NBSP}: ce choix n’est plus proposé.")]


# --- A file withdrawn, then sent again ------------------------------------------------------------


def test_sending_a_withdrawn_file_says_that_it_is_withdrawn(cohort, candidate, hers):
    application = sent(cohort, candidate)
    assert told(hers.post(url("submit", application))) == [
        f"Cette candidature a déjà été envoyée{NBSP}: voici ce que nous avons reçu."
    ]
    transitions.withdraw(application, actor=candidate)
    response = hers.post(url("submit", application))
    assert response.url == application.get_absolute_url()
    assert told(response)[-1] == (
        f"Cette candidature est retirée{NBSP}: elle ne peut plus être envoyée. Voici ce que nous avions reçu."
    )
    application.refresh_from_db()
    assert (application.state, application.copies.count()) == ("WITHDRAWN", 1)

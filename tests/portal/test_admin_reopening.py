"""A coordinator reads what was sent, version by version, and reopens it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from applications import drafting, minors, transitions
from applications.models import Application, Draft, SentCopy
from cohorts.moments import moment
from consents.models import GuardianAuthorisation
from lifecycle import journal
from lifecycle.models import JournalEntry
from lifecycle.refusals import Refusal
from matching import falls
from matching import transitions as matching
from notifications.models import Letter
from portal.forms import in_five_days
from reviews import releasing
from reviews import transitions as reviews
from tests import brimful, factories
from tests.applications.reading import told
from tests.brimful import words_of

pytestmark = pytest.mark.django_db

LIST = "admin:applications_application_changelist"
ASKED = "Le lien vers votre film ne marche plus."


@pytest.fixture
def claire(coordinator, signed_in):
    """Claire's browser."""
    return signed_in(coordinator)


@pytest.fixture
def file(closed_cohort):
    """Zélie's file, filled to the brim, once the call is over."""
    return brimful.make(closed_cohort)


def page_of(file, verb="change"):
    return reverse(f"admin:applications_application_{verb}", args=[file.pk])


def copy_of(file, number):
    return reverse("admin:applications_application_copy", args=[file.pk, number])


def in_paris(value) -> str:
    return timezone.localtime(value).strftime("%Y-%m-%dT%H:%M")


def send_again(file, **answers):
    factories.fill(file, answers)
    transitions.submit(file, actor=file.candidate)


# --- Reading what was sent ----------------------------------------------------------------------


def test_a_coordinator_reads_all_and_what_is_hers_alone_says_so(file, claire):
    page = claire.get(page_of(file))
    everything = brimful.ACCOMPANIMENT | brimful.LINKS | brimful.FOR_COORDINATORS
    assert brimful.told(page, everything) == list(everything)
    private = [part.title for part in page.context["parts"] if part.is_private]
    assert private == ["Parité", "Égalité des chances", "Ce dont elle ou il a besoin", "Personnes à éviter"]
    assert words_of(page).count("coordination seule</span>") == 4


def test_links_lead_to_the_web_and_nowhere_else(file, claire):
    copy = file.copies.get()
    copy.content["links"] = ["https://vimeo.com/1", "javascript:alert(1)", 'https://a.example/"><script>x</script>']
    SentCopy.objects.filter(pk=copy.pk).update(content=copy.content)
    content = claire.get(page_of(file)).content.decode()
    assert 'href="https://vimeo.com/1" rel="noopener noreferrer nofollow"' in content
    assert "javascript:alert(1)" in content
    assert 'href="javascript' not in content
    assert "<script>x" not in content


def test_of_several_copies_the_last_counts_and_each_can_be_read(file, coordinator, claire):
    drafting.reopen(file, until=timezone.now() + timedelta(days=1), request=ASKED, actor=coordinator)
    send_again(file, project="Enregistrer les forêts.")
    page = claire.get(page_of(file))
    projects = {"first": brimful.ANSWERS["project"], "second": "Enregistrer les forêts."}
    assert brimful.told(page, projects) == ["second"]
    first, second = claire.get(copy_of(file, 1)), claire.get(copy_of(file, 2))
    assert (brimful.told(first, projects), brimful.told(second, projects)) == (["first"], ["second"])
    assert [first.context["counts"], second.context["counts"]] == [False, True]
    changed = [p.question for part in second.context["parts"] for p in part.passages if p.is_changed]
    assert changed == ["Son projet"]
    assert words_of(second).count("changé</span>") == 1
    assert "changé</span>" not in words_of(first)
    assert claire.get(copy_of(file, 3)).status_code == 404


def test_a_checksum_that_no_longer_holds_is_told(file, claire):
    assert "L’empreinte tient" in words_of(claire.get(page_of(file)))
    copy = file.copies.get()
    SentCopy.objects.filter(pk=copy.pk).update(content=copy.content | {"project": "Autre chose."})
    for path in (page_of(file), copy_of(file, 1)):
        content = words_of(claire.get(path))
        assert "L’empreinte ne tient plus" in content
        assert copy.checksum in content


def test_copies_are_the_coordinations_alone(file, claire, reviewer, signed_in):
    assert claire.get(copy_of(file, 1)).status_code == 200
    assert signed_in(reviewer).get(copy_of(file, 1)).status_code == 403
    assert signed_in(file.candidate).get(copy_of(file, 1)).status_code == 302
    assert claire.post(copy_of(file, 1)).status_code == 405


def test_the_page_asks_the_same_queries_for_one_copy_and_for_three(file, coordinator, claire):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            claire.get(page_of(file))
        return len(asked)

    one = queries()
    drafting.reopen(file, until=timezone.now() + timedelta(days=1), request=ASKED, actor=coordinator)
    send_again(file, hopes="Un regard.")
    two = queries()
    drafting.reopen(file, until=timezone.now() + timedelta(days=1), request=ASKED, actor=coordinator)
    send_again(file, hopes="Deux regards.")
    assert queries() == two <= one + 1


# --- What is being written ----------------------------------------------------------------------


def test_that_she_is_changing_it_is_told_and_not_what(cohort, claire):
    file = brimful.make(cohort)
    assert "en modification" not in words_of(claire.get(page_of(file)))
    drafting.take_back(file, actor=file.candidate)
    factories.fill(file, {"project": "Tout autre chose.", "needs": "Un secret de plus."})
    since = JournalEntry.objects.get(action="application.revision_opened").at
    for path in (page_of(file), reverse(LIST), copy_of(file, 1)):
        page = claire.get(path)
        assert brimful.told(page, {"project": "Tout autre chose.", "needs": "Un secret de plus."}) == []
    content = words_of(claire.get(page_of(file)))
    assert f"Une modification est en cours depuis le {moment(since)}".replace("\u00a0", " ") in content
    assert "en modification" in words_of(claire.get(reverse(LIST)))


def test_the_filters_of_gender_and_of_what_is_being_written(cohort, claire):
    file, other = brimful.make(cohort), factories.make_sent(cohort)
    drafting.take_back(file, actor=file.candidate)

    def found(**filters):
        return list(claire.get(reverse(LIST), filters).context["cl"].result_list)

    assert found(gender="NON_BINARY") == [file]
    assert found(gender="none") == [other]
    assert found(gender="WOMAN") == []
    assert found(writing="changed") == [file]
    assert found(writing="typed") == []
    assert found(gender="x") == found(writing="x") == []


# --- Reopening ----------------------------------------------------------------------------------


def test_a_file_is_reopened_with_words_and_a_moment(file, coordinator, claire, signed_in):
    form = claire.get(page_of(file, "reopen")).context["form"]
    assert timezone.localtime(form["until"].initial).strftime("%H:%M") == "18:00"
    assert form["until"].initial == in_five_days(timezone.now())
    until = timezone.now() + timedelta(days=3)
    answer = claire.post(page_of(file, "reopen"), {"request": ASKED, "until": in_paris(until)}, follow=True)
    file.refresh_from_db()
    assert file.open_until == until.replace(second=0, microsecond=0)
    assert told(answer) == [
        f"La candidature est rouverte jusqu’au {moment(file.open_until)}. Le courriel part dans la minute."
    ]
    letter = Letter.objects.get(kind="applications.more_asked")
    assert (letter.to, ASKED in letter.body, moment(file.open_until) in letter.body) == (
        file.candidate.email,
        True,
        True,
    )
    actors = JournalEntry.objects.filter(action__in=("application.more_time_given", "application.revision_opened"))
    assert list(actors.values_list("actor", flat=True)) == [journal.ref(coordinator)] * 2
    hers = signed_in(file.candidate)
    assert hers.get(reverse("applications:tasks", args=[file.reference])).status_code == 200


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"request": " \n "}, "request", "Écrivez ce que vous demandez : la personne lira ces mots."),
        (
            {"request": "é" * 1001},
            "request",
            "Votre texte fait 1 001 caractères et la limite est de 1 000 : raccourcissez-le de 1. Rien n’a été effacé.",
        ),
        ({"until": ""}, "until", "Choisissez le jour et l’heure."),
        ({"until": "demain"}, "until", "Écrivez le jour et l’heure ainsi : 24/11/2026 18:00."),
        ({"until": "2020-01-01T18:00"}, "until", "Ce moment est déjà passé : choisissez-en un à venir."),
    ],
)
def test_what_does_not_fit_is_told_and_what_was_typed_kept(file, claire, typed, field, sentence):
    data = {"request": ASKED, "until": in_paris(timezone.now() + timedelta(days=1)), **typed}
    page = claire.post(page_of(file, "reopen"), data)
    assert {name: [e.replace("\u00a0", " ") for e in es] for name, es in page.context["form"].errors.items()} == {
        field: [sentence]
    }
    assert page.context["form"]["request"].value() == data["request"]
    assert not Draft.objects.exists()
    assert not Letter.objects.filter(kind="applications.more_asked").exists()


def test_nothing_is_reopened_once_the_cohort_has_started(file, claire):
    page = claire.post(page_of(file, "reopen"), {"request": ASKED, "until": f"{file.cohort.starts_on}T08:00"})
    assert "La promotion commence le" in str(page.context["form"].errors["until"])


def test_a_decided_file_is_not_reopened(file, claire):
    assert "Rouvrir pour demander" in words_of(claire.get(page_of(file)))
    factories.decide(file, outcome="WAITLISTED")
    assert "Rouvrir pour demander" not in words_of(claire.get(page_of(file)))
    data = {"request": ASKED, "until": in_paris(timezone.now() + timedelta(days=1))}
    answer = claire.post(page_of(file, "reopen"), data, follow=True)
    assert told(answer) == ["Cette action a déjà été faite, ou n’est plus possible."]
    assert not Draft.objects.exists()


def test_nothing_is_asked_while_the_answer_is_on_its_way(file, coordinator, claire):
    reviews.mark(file, "REJECTED", actor=coordinator)
    releasing.propose(file.cohort, actor=coordinator)
    assert "Rouvrir pour demander" not in words_of(claire.get(page_of(file)))
    data = {"request": ASKED, "until": in_paris(timezone.now() + timedelta(days=1))}
    answer = claire.post(page_of(file, "reopen"), data, follow=True)
    assert told(answer) == ["La décision de ce dossier est en cours d’annonce."]
    assert not Draft.objects.exists()


def test_nobody_reopens_her_own_file(closed_cohort, coordinator, claire):
    mine = factories.make_sent(closed_cohort, coordinator, birth_date="1999-03-09")
    data = {"request": ASKED, "until": in_paris(timezone.now() + timedelta(days=1))}
    answer = claire.post(page_of(mine, "reopen"), data, follow=True)
    assert told(answer) == ["C’est votre propre candidature\u00a0: demandez à une autre personne de la coordination."]


def test_a_file_is_withdrawn_at_its_candidates_request(file, coordinator, claire):
    assert claire.get(page_of(file, "withdraw")).status_code == 200
    answer = claire.post(page_of(file, "withdraw"), follow=True)
    assert told(answer) == ["La candidature est retirée."]
    line = JournalEntry.objects.get(action="application.withdrawn")
    assert (line.actor, Application.objects.get().state) == (journal.ref(coordinator), "WITHDRAWN")


# --- A birth date mistyped ----------------------------------------------------------------------


def test_a_birth_date_corrected_after_the_deadline_asks_for_the_guardian(file, coordinator, claire, signed_in):
    """She was 19 on paper and is 16: from the next sending on, nothing goes on without her representative."""
    assert minors.is_authorised(file)
    data = {"request": "Votre date de naissance ?", "until": in_paris(timezone.now() + timedelta(days=1))}
    claire.post(page_of(file, "reopen"), data)
    born = file.cohort.starts_on.replace(year=file.cohort.starts_on.year - 17, month=3, day=9)
    hers = signed_in(file.candidate)
    step = reverse("applications:step", args=[file.reference, "identite"])
    typed = {"first_name": "Zélie", "last_name": brimful.LAST_NAME}
    typed |= {"birth_date_day": "9", "birth_date_month": "3", "birth_date_year": str(born.year)}
    seen = hers.get(step).context["form"].seen
    assert hers.post(step, {**typed, "seen": seen, "list": ""}).status_code == 302
    assert not GuardianAuthorisation.objects.exists()  # what she sent counts until she sends again
    step = reverse("applications:step", args=[file.reference, "representant"])
    named = {"guardian_name": "Samira Moreau", "guardian_email": "samira@example.org"}
    hers.post(step, {**named, "seen": hers.get(step).context["form"].seen, "list": ""})
    factories.fill(file, {"guardian_name": "Samira Kervadec", "guardian_email": "samira@example.org"})
    hers.post(reverse("applications:submit", args=[file.reference]))
    file = Application.objects.get(pk=file.pk)
    asked = GuardianAuthorisation.objects.get()
    assert (asked.person, asked.scope, asked.state) == (file.candidate, journal.ref(file.cohort), "REQUESTED")
    assert not minors.is_authorised(file)

    factories.decide(file, outcome="ACCEPTED")
    assert "représentant·e légal·e" in Letter.objects.get(kind="applications.accepted").body
    with pytest.raises(Refusal):
        transitions.confirm(file, actor=file.candidate)
    with pytest.raises(Refusal):
        minors.require_authorised(file)
    factories.authorise(file)
    transitions.confirm(file, actor=file.candidate)
    mentor = factories.make_mentor()
    offered = factories.make_run((file, factories.make_commitment(file.cohort, mentor)))
    with pytest.raises(Refusal):
        matching.accept(offered.proposals.get(), actor=mentor.person)


def test_a_no_is_not_gone_round_by_growing_older(closed_cohort, minor, coordinator):
    """Her mother has refused: a birth date written afterwards does not make her of age; a small correction passes."""
    file = factories.make_sent(closed_cohort, minor)
    falls.refuse_authorisation(minors.expect(file), actor=coordinator)
    drafting.reopen(file, until=timezone.now() + timedelta(days=1), request=ASKED, actor=coordinator)
    grown = closed_cohort.starts_on.replace(year=closed_cohort.starts_on.year - 20, day=1)
    with pytest.raises(transitions.BirthDateStands) as refusal:
        send_again(file, birth_date=str(grown))
    assert "a répondu pour vous" in refusal.value.sentence
    send_again(file, birth_date=str(grown.replace(year=grown.year + 4)))
    assert minors.is_minor(Application.objects.select_related("candidate", "cohort").get(pk=file.pk))


def test_a_birth_date_corrected_the_other_way_asks_for_nobody(closed_cohort, minor, coordinator):
    file = factories.make_sent(closed_cohort, minor)
    drafting.reopen(file, until=timezone.now() + timedelta(days=1), request=ASKED, actor=coordinator)
    assert not minors.is_authorised(file)
    send_again(file, birth_date=str(closed_cohort.starts_on.replace(year=closed_cohort.starts_on.year - 20, day=1)))
    file = Application.objects.get(pk=file.pk)
    factories.decide(file, outcome="ACCEPTED")
    transitions.confirm(file, actor=file.candidate)
    assert file.state == "CONFIRMED"
